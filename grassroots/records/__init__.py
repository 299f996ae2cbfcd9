"""The declarations of this area, found by the registry."""

from . import confirmations, posts, ratings, terms, unions, units  # noqa: F401
