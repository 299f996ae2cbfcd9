"""An .xlsx form: its visible worksheets as grids, and values into its cells. Everything else keeps its bytes."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.datetime import from_excel

from reports.uploaded import Package
from reports.word.xml import PRESERVE_SPACE, Element
from unionoffice.sheets.cells import SheetRefused, column_index
from unionoffice.sheets.formatting import serial

from .grid import Cell, Entry, Place, Room, Sheet
from .inserting import Insertion, insert, may_insert

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
S = f"{{{MAIN}}}"
LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
BOOK = "xl/workbook.xml"
USUAL_WIDTH = 8.43
# What may stand before calcPr in a workbook part (ECMA-376, CT_Workbook).
BEFORE_CALCULATION = (
    "fileVersion",
    "fileSharing",
    "workbookPr",
    "workbookProtection",
    "bookViews",
    "sheets",
    "functionGroups",
    "externalReferences",
    "definedNames",
)


@dataclass(frozen=True)
class Look:
    """What the grid needs of a cell's format."""

    has_border: bool = False
    is_percent: bool = False
    is_date: bool = False
    align: str = ""
    is_locked: bool = True


class WorkbookForm:
    """An .xlsx form. Raises SheetRefused for one too large to be a form or in a dialect nobody here writes."""

    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    suffix = ".xlsx"

    def __init__(self, package: Package) -> None:
        self.package = package
        if package.tree(BOOK).tag != f"{S}workbook":
            raise SheetRefused("unsupported", "这是“严格”格式的工作簿，请另存为普通的 .xlsx 后再上传")
        self._parts = list(self._worksheets())
        if not self._parts:
            raise SheetRefused("no-sheet", "文件里没有可填的工作表")
        self._rows: dict[int, dict[int, Element]] = {}

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        room = Room()
        return tuple(self._sheet(name, self.package.tree(part), room) for name, part in self._parts)

    def put(self, place: Place, entry: Entry) -> None:
        """Write one cell, keeping its format; a blank within a text keeps the text around it."""
        root = self.package.change(self._parts[place.sheet][1])
        cell = self._cell(root, place)
        if place.blank:
            inline = self._as_inline(cell)
            start, end = self.sheets[place.sheet].cells[place.row, place.column].blanks[place.blank - 1]
            _replace(inline, start, end, entry.text)
            return
        _clear(cell)
        number = self._number(cell, entry)
        if number:
            etree.SubElement(cell, f"{S}v").text = number
        else:
            cell.set("t", "inlineStr")
            inline = etree.SubElement(cell, f"{S}is")
            _say(etree.SubElement(inline, f"{S}t"), entry.text)

    def _number(self, cell: Element, entry: Entry) -> str:
        """The entry as the cell's format wants it: a share of one, a day counted from 1900; empty for a text."""
        look = self._look(cell)
        if entry.number is not None:
            return f"{entry.number / 100 if look.is_percent else entry.number:f}"
        return serial(entry.day) if entry.day and look.is_date else ""

    def grows(self, sheet: int) -> bool:
        return may_insert(self.package, self._parts[sheet][1])

    def grow(self, sheet: int, row: int, count: int) -> None:
        """Copies of a row below it, without its contents; formulas go on naming the same cells."""
        name, part = self._parts[sheet]
        worksheets = dict(self._worksheets(hidden=True))
        insert(self.package, part, Insertion(name, row + 1, count), worksheets)
        self._rows.pop(sheet, None)

    def saved(self) -> bytes:
        """The file; its formulas are computed when it is opened, not shown as they were in the blank form."""
        for _, part in self._worksheets(hidden=True):
            for formula in self.package.tree(part).iter(f"{S}f"):
                cell = formula.getparent()
                value = cell.find(f"{S}v")
                if value is not None:
                    cell.remove(value)
                    cell.attrib.pop("t", None)
                    self.package.change(part)
        self._compute_on_opening(self.package.change(BOOK))
        return self.package.saved()

    @staticmethod
    def _compute_on_opening(book: Element) -> None:
        calculation = book.find(f"{S}calcPr")
        if calculation is None:
            before = [child for child in book if etree.QName(child).localname in BEFORE_CALCULATION]
            calculation = etree.Element(f"{S}calcPr")
            before[-1].addnext(calculation)
        calculation.set("fullCalcOnLoad", "1")

    def _worksheets(self, hidden: bool = False) -> Iterator[tuple[str, str]]:
        """Name and part of each visible worksheet, or of every one."""
        parts = {key: part for key, kind, part in self.package.relations(BOOK) if kind == "worksheet"}
        for sheet in self.package.tree(BOOK).iter(f"{S}sheet"):
            is_shown = hidden or sheet.get("state", "visible") == "visible"
            if is_shown and sheet.get(LINK) in parts:
                yield sheet.get("name", ""), parts[sheet.get(LINK)]

    @cached_property
    def _strings(self) -> list[Element]:
        part = next((p for _, kind, p in self.package.relations(BOOK) if kind == "sharedStrings"), "")
        return list(self.package.tree(part).iter(f"{S}si")) if part else []

    @cached_property
    def _looks(self) -> list[Look]:
        part = next((p for _, kind, p in self.package.relations(BOOK) if kind == "styles"), "")
        if not part:
            return []
        root = self.package.tree(part)
        codes = {int(f.get("numFmtId", 0)): f.get("formatCode", "") for f in root.iter(f"{S}numFmt")}
        bordered = [
            any(side.get("style", "none") != "none" for side in border)
            for border in root.iterfind(f"{S}borders/{S}border")
        ]
        looks = []
        for style in root.iterfind(f"{S}cellXfs/{S}xf"):
            number, border = int(style.get("numFmtId", 0)), int(style.get("borderId", 0))
            code = codes.get(number, BUILTIN_FORMATS.get(number, ""))
            alignment = style.find(f"{S}alignment")
            align = "" if alignment is None else alignment.get("horizontal", "")
            has_border = border < len(bordered) and bordered[border]
            protection = style.find(f"{S}protection")
            is_locked = protection is None or protection.get("locked", "1") not in ("0", "false")
            looks.append(Look(has_border, "%" in code, is_date_format(code), align, is_locked))
        return looks

    def _look(self, cell: Element) -> Look:
        number = int(cell.get("s", 0))
        return self._looks[number] if number < len(self._looks) else Look()

    def _sheet(self, name: str, root: Element, room: Room) -> Sheet:
        found: dict[tuple[int, int], Cell] = {}
        guard = root.find(f"{S}sheetProtection")
        is_guarded = guard is not None and guard.get("sheet") in ("1", "true")
        unlocked: set[tuple[int, int]] = set()
        for row, column, cell in _cells(root):
            look, text, is_formula = self._look(cell), self._text(cell), cell.find(f"{S}f") is not None
            if text or is_formula or look.has_border:
                is_locked = is_guarded and look.is_locked
                found[row, column] = Cell(
                    row, column, text, 1, 1, is_formula, look.is_percent, look.align, is_locked
                )
            elif not look.is_locked:
                unlocked.add((row, column))
        merged = [range_boundaries(m.get("ref", "A1")) for m in root.iterfind(f"{S}mergeCells/{S}mergeCell")]
        bottom = max([row for row, _ in found] + [box[3] - 1 for box in merged], default=-1) + 1
        right = max([column for _, column in found] + [box[2] - 1 for box in merged], default=-1) + 1
        room.take(f"工作表“{name}”", bottom, right)
        cells = {
            (r, c): found.get((r, c)) or Cell(r, c, is_locked=is_guarded and (r, c) not in unlocked)
            for r in range(bottom)
            for c in range(right)
        }
        for left, top, last, low in merged:
            _merge(cells, top - 1, left - 1, low - 1, last - 1)
        widths, hidden = _columns(root, right)
        gone = (int(r.get("r", 0)) - 1 for r in root.iter(f"{S}row") if r.get("hidden") in ("1", "true"))
        return Sheet(name, cells, bottom, right, widths, "", frozenset(gone), hidden)

    def _text(self, cell: Element) -> str:
        """What the cell shows, as far as a form needs it."""
        kind, value = cell.get("t", "n"), cell.findtext(f"{S}v") or ""
        match kind:
            case "s":
                number = int(value or -1)
                return _words(self._strings[number]) if 0 <= number < len(self._strings) else ""
            case "inlineStr":
                inline = cell.find(f"{S}is")
                return "" if inline is None else _words(inline)
            case "b":
                return "是" if value == "1" else "否"
            case "n" if value and self._look(cell).is_date:
                day = from_excel(float(value))
                return f"{day:%Y-%m-%d}" if isinstance(day, date | datetime) else value
            case _:
                return value

    def _cell(self, root: Element, place: Place) -> Element:
        """The cell of a place, made where the row or the cell is not in the file."""
        if place.sheet not in self._rows:
            self._rows[place.sheet] = dict(_numbered(root))
        rows = self._rows[place.sheet]
        if place.row not in rows:
            later = min((number for number in rows if number > place.row), default=None)
            element = etree.Element(f"{S}row", {"r": str(place.row + 1)})
            if later is None:
                root.find(f"{S}sheetData").append(element)
            else:
                rows[later].addprevious(element)
            rows[place.row] = element
        last = None
        for column, cell in _across(rows[place.row]):
            if column == place.column:
                return cell
            if column > place.column:
                break
            last = cell
        made = etree.Element(f"{S}c", {"r": place.name})
        if last is None:
            rows[place.row].insert(0, made)
        else:
            last.addnext(made)
        return made

    def _as_inline(self, cell: Element) -> Element:
        """The cell's text as a text of its own, with its formats."""
        inline = cell.find(f"{S}is")
        if inline is not None:
            return inline
        number = int(cell.findtext(f"{S}v") or 0)
        made = etree.Element(f"{S}is")
        made.extend(copy.deepcopy(child) for child in self._strings[number])
        _clear(cell)
        cell.set("t", "inlineStr")
        cell.append(made)
        return made


def _numbered(root: Element) -> Iterator[tuple[int, Element]]:
    """Rows with their numbers from 0; a row without one follows the row before."""
    number = -1
    for row in root.iterfind(f"{S}sheetData/{S}row"):
        number = int(row.get("r", number + 2)) - 1
        yield number, row


def _across(row: Element) -> Iterator[tuple[int, Element]]:
    column = -1
    for cell in row.iterfind(f"{S}c"):
        name = cell.get("r", "").rstrip("0123456789")
        column = column_index(name) if name else column + 1
        yield column, cell


def _cells(root: Element) -> Iterator[tuple[int, int, Element]]:
    for number, row in _numbered(root):
        for column, cell in _across(row):
            yield number, column, cell


def _merge(cells: dict[tuple[int, int], Cell], top: int, left: int, low: int, last: int) -> None:
    """One cell in place of those of a merged range."""
    corner = cells[top, left]
    for row in range(top, low + 1):
        for column in range(left, last + 1):
            del cells[row, column]
    rows, columns = low - top + 1, last - left + 1
    cells[top, left] = Cell(
        top,
        left,
        corner.text,
        rows,
        columns,
        corner.is_formula,
        corner.is_percent,
        corner.align,
        corner.is_locked,
    )


def _columns(root: Element, count: int) -> tuple[tuple[int, ...], frozenset[int]]:
    """Widths of the columns in tenths of a character, and which are hidden."""
    usual = root.find(f"{S}sheetFormatPr")
    width = float(usual.get("defaultColWidth", USUAL_WIDTH)) if usual is not None else USUAL_WIDTH
    widths, hidden = [width] * count, set()
    for column in root.iterfind(f"{S}cols/{S}col"):
        for number in range(int(column.get("min", 1)) - 1, min(int(column.get("max", 1)), count)):
            widths[number] = float(column.get("width", width))
            if column.get("hidden") in ("1", "true"):
                hidden.add(number)
    return tuple(max(round(width * 10), 10) for width in widths), frozenset(hidden)


def _texts(element: Element) -> list[Element]:
    """The text elements of a string, without the readings over its characters."""
    return [t for t in element.iter(f"{S}t") if etree.QName(t.getparent()).localname != "rPh"]


def _words(element: Element) -> str:
    return "".join(text.text or "" for text in _texts(element))


def _say(element: Element, content: str) -> None:
    element.text = content
    element.set(PRESERVE_SPACE, "preserve")


def _replace(inline: Element, start: int, end: int, content: str) -> None:
    """Put content in place of a part of a text, in the format in which that part begins."""
    at, is_said = 0, False
    for element in _texts(inline):
        words = element.text or ""
        first, last = max(start - at, 0), min(end - at, len(words))
        is_here = start == end and not is_said and 0 <= start - at <= len(words)
        if is_here or first < last:
            _say(element, words[:first] + ("" if is_said else content) + words[last:])
            is_said = True
        at += len(words)


def _clear(cell: Element) -> None:
    for child in list(cell):
        cell.remove(child)
    cell.attrib.pop("t", None)
