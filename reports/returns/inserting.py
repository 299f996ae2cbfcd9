"""Rows added to a worksheet: everything below moves down, and whatever names a cell goes on naming the same one.

What reaches up to the row that is repeated takes the new rows in: sums over a list, its borders, its drop-downs.
"""

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree
from openpyxl.formula.tokenizer import Token, Tokenizer
from openpyxl.formula.translate import Translator

from reports.uploaded import Package
from reports.word.xml import Element

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
DRAWING_ROW = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}row"
BOOK = "xl/workbook.xml"
CHAIN = "xl/calcChain.xml"
# What is bound to cells in parts of its own, in ways that are not followed here.
FASTENED = {
    "comments",
    "vmlDrawing",
    "table",
    "threadedComment",
    "pivotTable",
    "queryTable",
    "oleObject",
    "control",
}
CELL = r"(\$?)([A-Za-z]{1,3})(\$?)([0-9]+)"
REFERENCE = re.compile(rf"{CELL}(?::{CELL})?")
WHOLE_ROWS = re.compile(r"(\$?)([0-9]+):(\$?)([0-9]+)")
SHEET = re.compile(r"(?:('(?:[^']|'')*'|[^'!]+)!)?(.*)", re.DOTALL)


@dataclass(frozen=True)
class Insertion:
    """`count` copies below the row of that number (from 1) of a sheet."""

    sheet: str
    row: int
    count: int

    def moved(self, row: int) -> int:
        """Where a row stands afterwards."""
        return row + self.count if row > self.row else row

    def area(self, reference: str, *, takes_in: bool) -> str:
        """A cell, range or rows as they are named afterwards. takes_in: also a range of that one row grows."""
        if found := WHOLE_ROWS.fullmatch(reference):
            first, last = int(found[2]), int(found[4])
            return f"{found[1]}{self.moved(first)}:{found[3]}{self._end(first, last, takes_in)}"
        found = REFERENCE.fullmatch(reference)
        if found is None:
            return reference
        first = int(found[4])
        last = int(found[8]) if found[8] else first
        start = f"{found[1]}{found[2]}{found[3]}{self.moved(first)}"
        end = self._end(first, last, takes_in)
        if not found[8]:
            grown = f"{start}:{found[1]}{found[2]}{found[3]}{end}"
            return start if end == self.moved(first) else grown
        return f"{start}:{found[5]}{found[6]}{found[7]}{end}"

    def _end(self, first: int, last: int, takes_in: bool) -> int:
        reaches = last == self.row and first <= last and (takes_in or first < last)
        return last + self.count if reaches else self.moved(last)

    def areas(self, text: str) -> str:
        """A list of cells and ranges, divided by blanks."""
        return " ".join(self.area(part, takes_in=True) for part in text.split())

    def formula(self, text: str, home: str) -> str:
        """A formula, without its sign, that stands on the sheet `home`."""
        tokens = Tokenizer(f"={text}")
        for token in tokens.items:
            if token.type == Token.OPERAND and token.subtype == Token.RANGE:
                sheet, reference = SHEET.fullmatch(token.value).groups()
                if _unquoted(sheet or home) == self.sheet:
                    moved = self.area(reference, takes_in=False)
                    token.value = f"{sheet}!{moved}" if sheet else moved
        return tokens.render()[1:]


def _unquoted(name: str) -> str:
    return name[1:-1].replace("''", "'") if name.startswith("'") else name


def may_insert(package: Package, part: str) -> bool:
    """Whether rows can be added to a worksheet without leaving something of it behind."""
    kinds = {kind for _, kind, _ in package.relations(part)}
    has_charts = any(name.startswith(("xl/charts/", "xl/pivot")) for name in package.names)
    arrays = (f.get("t") for f in package.tree(part).iter(f"{S}f"))
    return not (kinds & FASTENED or has_charts or {"array", "dataTable"} & set(arrays))


def insert(package: Package, part: str, insertion: Insertion, sheets: dict[str, str]) -> None:
    """Add the rows; `sheets` are all worksheet parts of the workbook by name."""
    for name, other in sheets.items():
        _share_out(package.tree(other))
        for formula in package.change(other).iter(f"{S}f", f"{S}formula", f"{S}formula1", f"{S}formula2"):
            if formula.text:
                formula.text = insertion.formula(formula.text, name)
    root = package.change(part)
    _repeat_row(root, insertion)
    _merge(root, insertion)
    _references(root, insertion)
    for _, kind, drawing in package.relations(part):
        if kind == "drawing":
            for row in package.change(drawing).iter(DRAWING_ROW):
                row.text = str(insertion.moved(int(row.text) + 1) - 1)
    for name in package.change(BOOK).iter(f"{S}definedName"):
        if name.text:
            name.text = insertion.formula(name.text, "")
    package.drop(CHAIN)


def _share_out(root: Element) -> None:
    """Formulas written once for many cells, written into each of them."""
    masters: dict[str, Translator] = {}
    for cell in root.iter(f"{S}c"):
        formula = cell.find(f"{S}f")
        if formula is None or formula.get("t") != "shared":
            continue
        number, place = formula.get("si", ""), cell.get("r", "A1")
        if formula.text:
            masters[number] = Translator(f"={formula.text}", place)
        elif number in masters:
            formula.text = masters[number].translate_formula(place)[1:]
        for name in ("t", "si", "ref"):
            formula.attrib.pop(name, None)


def _repeat_row(root: Element, insertion: Insertion) -> None:
    """Moves the rows below down and puts copies in between, with formats and formulas but without contents."""
    original = None
    for row in root.iterfind(f"{S}sheetData/{S}row"):
        number = int(row.get("r", 0))
        if number == insertion.row:
            original = row
        elif number > insertion.row:
            _number(row, insertion.moved(number))
    if original is None:
        return
    for down in range(insertion.count, 0, -1):
        made = copy.deepcopy(original)
        for cell in made.iterfind(f"{S}c"):
            _empty(cell, cell.get("r", "A1"), down)
        _number(made, insertion.row + down)
        original.addnext(made)


def _empty(cell: Element, place: str, down: int) -> None:
    formula = cell.find(f"{S}f")
    for child in [child for child in cell if child is not formula]:
        cell.remove(child)
    cell.attrib.pop("t", None)
    if formula is not None and formula.text:
        column = place.rstrip("0123456789")
        target = f"{column}{int(place.removeprefix(column)) + down}"
        formula.text = Translator(f"={formula.text}", place).translate_formula(target)[1:]


def _number(row: Element, number: int) -> None:
    row.set("r", str(number))
    for cell in row.iterfind(f"{S}c"):
        if name := cell.get("r", "").rstrip("0123456789"):
            cell.set("r", f"{name}{number}")


def _merge(root: Element, insertion: Insertion) -> None:
    """Merged cells: those across the repeated row alone are merged in each new row too."""
    for merged in list(root.iterfind(f"{S}mergeCells/{S}mergeCell")):
        box = REFERENCE.fullmatch(merged.get("ref", ""))
        if box is None or not box[8]:
            continue
        if int(box[4]) == int(box[8]) == insertion.row:
            for row in range(insertion.row + 1, insertion.row + insertion.count + 1):
                merged.addnext(etree.Element(f"{S}mergeCell", {"ref": f"{box[2]}{row}:{box[6]}{row}"}))
        else:
            merged.set("ref", insertion.area(merged.get("ref"), takes_in=False))


def _references(root: Element, insertion: Insertion) -> None:
    """Formats, rules, links, filters and page breaks that name cells."""
    for element, name in _naming(root):
        if element.get(name):
            element.set(name, insertion.areas(element.get(name)))
    for brk in root.iterfind(f"{S}rowBreaks/{S}brk"):
        brk.set("id", str(insertion.moved(int(brk.get("id", 0)))))
    for element in root.iter("{*}sqref", "{*}f"):
        if element.text and not element.tag.startswith(S):
            is_area = element.tag.endswith("}sqref")
            element.text = (
                insertion.areas(element.text) if is_area else insertion.formula(element.text, insertion.sheet)
            )


def _naming(root: Element) -> Iterator[tuple[Element, str]]:
    yield from ((element, "sqref") for element in root.iter() if element.get("sqref"))
    for tag in ("dimension", "autoFilter", "hyperlinks/{0}hyperlink"):
        path = f"{S}{tag.format(S)}"
        yield from ((element, "ref") for element in root.iterfind(path))
