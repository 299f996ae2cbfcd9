"""The declarations of this area, found by the registry; their order is that of the menu."""

from . import unions, units, posts, terms, ratings, confirmations  # noqa: F401  # isort: skip
