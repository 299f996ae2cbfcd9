"""A .docx form: its tables as grids, and values into their cells. Everything else keeps its bytes."""

import copy
from collections.abc import Iterator
from functools import cached_property

from reports.uploaded import Package
from reports.word import spans
from reports.word.tracing import NextNumber, trace
from reports.word.xml import NAMESPACE, Element, w
from reports.word.xml import text as word_text
from unionoffice.sheets.cells import SheetRefused
from unionoffice.sheets.limits import DAMAGED

from .grid import Cell, Entry, Place, Room, Sheet

W = f"{{{NAMESPACE}}}"
VAL = f"{W}val"
BODY = "word/document.xml"
WRAPPERS = {f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}moveTo", f"{W}customXml"}
USUAL_WIDTH = 1000


class WordForm:
    """A .docx form. Raises SheetRefused for one without a table."""

    media_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    suffix = ".docx"

    def __init__(self, package: Package) -> None:
        self.package = package
        self._body = package.change(BODY)
        self._tables = [t for t in self._body.iter(f"{W}tbl") if not _is_inside(t, f"{W}tbl")]
        if not self._tables:
            raise SheetRefused("no-sheet", "Word 文档里没有表格，一表通只填表格里的格子")
        self._number = NextNumber(self._body)

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        room = Room()
        return tuple(
            self._sheet(f"表格{number}", table, room) for number, table in enumerate(self._tables, 1)
        )

    def put(self, place: Place, entry: Entry) -> None:
        """Write one cell, keeping its format; a figure stands in a content control with its fact's key."""
        paragraphs = self._paragraphs(place)
        if place.blank:
            start, end = self.sheets[place.sheet].cells[place.row, place.column].blanks[place.blank - 1]
            for paragraph in paragraphs:
                length = len(spans.text(paragraph))
                if start <= length:
                    self._say(spans.cut_out(paragraph, start, min(end, length)), entry)
                    return
                start, end = start - length - 1, end - length - 1
            return
        first, *others = paragraphs
        run = _shape(first)
        for paragraph in paragraphs:
            for child in list(paragraph):
                if child.tag != f"{W}pPr":
                    paragraph.remove(child)
        first.append(run)
        self._say(run, entry)
        for paragraph in others:
            paragraph.getparent().remove(paragraph)

    def grows(self, sheet: int) -> bool:
        return True

    def grow(self, sheet: int, row: int, count: int) -> None:
        """Copies of a row below it, without its texts."""
        original = list(_across(self._tables[sheet], f"{W}tr"))[row]
        for _ in range(count):
            made = copy.deepcopy(original)
            for cell in _across(made, f"{W}tc"):
                for paragraph in _across(cell, f"{W}p"):
                    if length := len(spans.text(paragraph)):
                        spans.cut_out(paragraph, 0, length)
            original.addnext(made)

    def saved(self) -> bytes:
        return self.package.saved()

    def _say(self, run: Element, entry: Entry) -> None:
        run.append(word_text(entry.text))
        if entry.key:
            trace(run, self._number(), entry.key, entry.label)

    def _paragraphs(self, place: Place) -> list[Element]:
        row = list(_across(self._tables[place.sheet], f"{W}tr"))[place.row]
        found = next(cell for column, _, cell in _columns(row) if column == place.column)
        return list(_across(found, f"{W}p"))

    def _sheet(self, name: str, table: Element, room: Room) -> Sheet:
        cells: dict[tuple[int, int], Cell] = {}
        open_merges: dict[int, Cell] = {}
        rows = list(_across(table, f"{W}tr"))
        for at, row in enumerate(rows):
            for column, span, element in _columns(row):
                merge = element.find(f"{W}tcPr/{W}vMerge")
                above = open_merges.get(column)
                if merge is not None and merge.get(VAL, "continue") == "continue" and above is not None:
                    grown = Cell(
                        above.row, column, above.text, above.rows + 1, above.columns, align=above.align
                    )
                    cells[above.row, column] = open_merges[column] = grown
                    continue
                paragraphs = list(_across(element, f"{W}p"))
                text = "\n".join(spans.text(paragraph) for paragraph in paragraphs)
                made = Cell(at, column, text, 1, span, align=_align(paragraphs))
                cells[at, column] = made
                open_merges.pop(column, None)
                if merge is not None:
                    open_merges[column] = made
        width = max((cell.column + cell.columns for cell in cells.values()), default=0)
        room.take(name, len(rows), width)
        widths = [int(grid.get(f"{W}w", USUAL_WIDTH)) for grid in table.iterfind(f"{W}tblGrid/{W}gridCol")]
        widths = (widths + [USUAL_WIDTH] * width)[:width]
        return Sheet(name, cells, len(rows), width, tuple(widths), _note(table))


def _across(parent: Element, tag: str) -> Iterator[Element]:
    """Children of that kind, also those inside content controls and marks of changes."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in WRAPPERS:
            yield from _across(child, tag)


def _columns(row: Element) -> Iterator[tuple[int, int, Element]]:
    """(column, how many columns it spans, cell) of a row."""
    column = _count(row.find(f"{W}trPr/{W}gridBefore"), 0)
    for cell in _across(row, f"{W}tc"):
        columns = _count(cell.find(f"{W}tcPr/{W}gridSpan"), 1)
        yield column, columns, cell
        column += columns


def _count(element: Element | None, least: int) -> int:
    """How many columns a row leaves out or a cell spans; SheetRefused for fewer than there can be."""
    count = least if element is None else int(element.get(VAL, least))
    if count < least:
        raise SheetRefused("damaged", DAMAGED)
    return count


def _is_inside(element: Element, tag: str) -> bool:
    return next(element.iterancestors(tag), None) is not None


def _align(paragraphs: list[Element]) -> str:
    found = paragraphs[0].find(f"{W}pPr/{W}jc") if paragraphs else None
    return "" if found is None else found.get(VAL, "")


def _note(table: Element) -> str:
    """The text that stands above a table, from the table before it on."""
    said: list[str] = []
    for element in table.itersiblings(preceding=True):
        if element.tag == f"{W}tbl" or len(said) == 3:
            break
        if element.tag == f"{W}p" and (text := spans.text(element).strip()):
            said.insert(0, text)
    return "\n".join(said)


def _shape(paragraph: Element) -> Element:
    """An empty run formatted as the paragraph's first, else as its end."""
    run = w("r")
    form = paragraph.find(f"{W}r/{W}rPr")
    if form is None:
        form = paragraph.find(f"{W}pPr/{W}rPr")
    if form is not None:
        made = copy.deepcopy(form)
        # Marks of inserted and deleted paragraph ends have no place in a run.
        for mark in [m for m in made if m.tag in (f"{W}ins", f"{W}del", f"{W}moveFrom", f"{W}moveTo")]:
            made.remove(mark)
        run.append(made)
    return run
