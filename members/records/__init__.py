"""Declarations of the member area's record types; the order of the imports is that of the menu."""

from .. import quality  # noqa: F401
from . import roster, transfers, verification  # noqa: F401
