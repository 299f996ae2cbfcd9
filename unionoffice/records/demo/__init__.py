"""The demo town: deterministic, plausible, complete enough for every page to look alive.

Areas add their records in a module `demo` with functions marked `@loader`; they run in the order of the installed apps.
"""

from . import organisation  # noqa: F401  the first loader
from .papers import Papers
from .town import DemoTown, loader, loaders

__all__ = ["DemoTown", "Papers", "loader", "loaders"]
