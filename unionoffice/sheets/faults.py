"""The one way in which reading a file from outside fails: whatever goes wrong is a refusal of one line."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath
from traceback import extract_tb

from python_calamine import PasswordError

from .cells import SheetRefused
from .limits import DAMAGED, PASSWORD

log = logging.getLogger(__name__)


@contextmanager
def refusing() -> Iterator[None]:
    """Turns every fault of what runs inside into a SheetRefused, as `with` or as a decorator.

    Only for code that reads or writes a foreign file: numbers, references and links in a mangled one may be anything,
    and so may be what the parsers say to that.
    """
    try:
        yield
    except SheetRefused:
        raise
    except PasswordError as error:
        raise SheetRefused("password", PASSWORD) from error
    except Exception as error:
        log.info("a file is damaged: %s", _place(error))
        raise SheetRefused("damaged", DAMAGED) from error
    except BaseException as error:
        # The workbook parser is Rust; where it gives up it raises this outside of Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise SheetRefused("damaged", DAMAGED) from error


def _place(error: Exception) -> str:
    """What failed where; not what it said, which may quote the file."""
    last = extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {PurePath(last.filename).name}:{last.lineno}"
