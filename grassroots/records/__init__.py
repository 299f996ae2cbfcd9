"""The declarations of this area, found by the registry."""

from .. import quality  # noqa: F401
from . import confirmations, posts, ratings, terms, unions, units  # noqa: F401
