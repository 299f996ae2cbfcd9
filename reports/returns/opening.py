"""An uploaded form, whichever of the two formats it has."""

from typing import Protocol

from reports.uploaded import Package
from unionoffice.sheets.faults import refusing
from unionoffice.sheets.guard import bounded

from .grid import Entry, Grid, Place, Sheet
from .wordfile import WordForm
from .workbook import WorkbookForm


class FormFile(Protocol):
    """What the two formats have in common: grids out, values in, the file back."""

    media_type: str
    suffix: str

    @property
    def sheets(self) -> tuple[Sheet, ...]: ...

    def put(self, place: Place, entry: Entry) -> None: ...

    def grows(self, sheet: int) -> bool: ...

    def grow(self, sheet: int, row: int, count: int) -> None: ...

    def saved(self) -> bytes: ...


@refusing()
@bounded()
def open_form(content: bytes) -> FormFile:
    """The form in an uploaded file, its grid read. Raises SheetRefused, with one Chinese line, for what is none."""
    package = Package(content)
    form = WorkbookForm(package) if package.kind == "xlsx" else WordForm(package)
    _ = form.sheets
    return form


def grid_of(content: bytes) -> Grid:
    """The grid of a form's file."""
    return Grid(open_form(content).sheets)
