"""Rows to worksheet XML, as bytes: from Python values and from PostgreSQL's COPY text format."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from html import unescape
from xml.sax.saxutils import escape

from . import package
from .cells import ErrorCell, column_letters

# XML 1.0 has no place for these, not even escaped.
CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r")
NUMBER = re.compile(r"-?\d{1,15}(\.\d+)?([eE][-+]?\d{1,3})?")
BACKSLASH = re.compile(rb"\\(.)", re.DOTALL)
ESCAPES = {b"n": b"&#10;", b"r": b"&#13;", b"t": b"&#9;", b"b": b"", b"f": b"", b"v": b""}
# Blanks at the edge of a text are dropped by spreadsheet programs unless the text says otherwise.
PRESERVE = ' xml:space="preserve"'
PADS = (b"\t ", b" \t", b"\n ", b" \n")
ESCAPED_PADS = (b"&#1", b"&#9;")
EDGES = re.compile(r"\A(?:\s|&#1)|(?:\s|&#13;)\Z")
PADDED = re.compile(rb"<t>((?: |&#\d+;)[^<]*|[^<]*(?: |&#\d+;))</t>")
MOST_REMEMBERED = 5_000
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
NONCHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
LONGEST_TEXT = 32_767
CUT_MARK = "……（超出单元格上限，已截断）"
# Excel counts days from here for every day from 1 March 1900 on; earlier days it cannot show.
EPOCH = date(1899, 12, 30)
EPOCH_ORDINAL = EPOCH.toordinal()
FIRST_DAY = date(1900, 3, 1)
LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
LOOKS_ESCAPED_BYTES = re.compile(LOOKS_ESCAPED.pattern.encode())
YES, NO = "是", "否"

Converter = Callable[[list[str]], list[str]]
Conversion = Converter | Mapping[str, str]
# What keeps many cells joined by tabs from being written as they are; blanks at their edges among it.
UNPLAIN = re.compile(
    "_x|[&<>\x00-\x08\x0a-\x1f\ud800-\udfff\ufffe\uffff]|(?:\\A|\t)[^\\S\t]|[^\\S\t](?:\t|\\Z)"
)


def clean(text: str) -> str:
    """The text without characters XML forbids, within Excel's 32,767 characters; a cut text says so.

    What a spreadsheet program would take for an escape such as `_x000D_` is escaped itself.
    """
    text = FORBIDDEN.sub("", text)
    if "_x" in text:
        text = LOOKS_ESCAPED.sub("_x005F_", text)
    if len(text.encode("utf-16-le")) // 2 > LONGEST_TEXT:
        text = text[: (LONGEST_TEXT - len(CUT_MARK)) // 2] + CUT_MARK
    return text


def serial(day: date) -> str:
    """Excel's number for a day or a moment as its clock shows it; "" for what Excel cannot show."""
    if isinstance(day, datetime):
        days, seconds = serial(day.date()), day.hour * 3600 + day.minute * 60 + day.second
        return days and f"{int(days) + seconds / 86400:.11f}"
    return str((day - EPOCH).days) if day >= FIRST_DAY else ""


def _style(style: int) -> str:
    return f' s="{style}"' if style else ""


def _day_style(value: object, style: int) -> int:
    """The column's style, except for a day in a column without a format for days, which would show a number."""
    if not isinstance(value, date) or style in (package.DATE, package.MOMENT, package.HEADER):
        return style
    return package.MOMENT if isinstance(value, datetime) else package.DATE


def _inline(text: str) -> str:
    """The rest of a text cell behind its reference and style, for a text already escaped."""
    space = PRESERVE if EDGES.search(text) else ""
    return f' t="inlineStr"><is><t{space}>{text}</t></is></c>'


def _number(text: str) -> str:
    """The rest of a number cell, as text when Excel would round it or cannot hold it."""
    return f"><v>{text}</v></c>" if NUMBER.fullmatch(text) else _inline(_escaped(text))


def _escaped(text: str) -> str:
    return escape(clean(text), {"\r": "&#13;"})


def _rest(value: object) -> str:
    """The rest of the cell of a Python value; "" for a cell that need not be written."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _inline(YES if value else NO)
    if isinstance(value, date):
        number = serial(value)
        return _number(number) if number else _inline(value.isoformat())
    if isinstance(value, int | float | Decimal):
        return _number(str(value))
    if isinstance(value, ErrorCell):
        return f' t="e"><v>{_escaped(value.code)}</v></c>'
    text = _escaped(str(value))
    return _inline(text) if text else ""


class RowFormatter:
    """Rows of Python values to XML; a value's own type decides, the column only gives the style."""

    def __init__(self, styles: Sequence[int]) -> None:
        self.columns = [(column_letters(index), style) for index, style in enumerate(styles)]

    def row(self, number: int, values: Sequence[object]) -> bytes:
        """One row element; `number` is the row's place in the sheet."""
        if len(values) > len(self.columns):
            raise ValueError(f"a row of {len(values)} values in a sheet of {len(self.columns)} columns")
        cells = "".join(
            f'<c r="{letters}{number}"{_style(_day_style(value, style))}{rest}'
            for (letters, style), value in zip(self.columns, values, strict=False)
            if (rest := _rest(value))
        )
        return f'<row r="{number}">{cells}</row>'.encode()


class _Cells(dict[bytes, bytes]):
    """The rest of the cell for each value as PostgreSQL spells it; as many are remembered as repeat in practice."""

    def __init__(self, make: Callable[[str], str]) -> None:
        super().__init__({b"": b""})
        self.make = make

    def __missing__(self, text: bytes) -> bytes:
        if len(self) > MOST_REMEMBERED:
            self.clear()
            self[b""] = b""
        made = self[text] = self.make(text.decode()).encode()
        return made


def _day(spelled: str) -> str:
    """The rest of the cell of an ISO date or timestamp."""
    try:
        # PostgreSQL shortens the zone to +08, which is ISO and Python reads.
        day = datetime.fromisoformat(spelled) if len(spelled) > 10 else date.fromisoformat(spelled)
    except ValueError:  # infinity, BC
        return _inline(spelled)
    number = serial(day)
    return f"><v>{number}</v></c>" if number else _inline(spelled)


class _Labels(dict[bytes, bytes]):
    """The text to show for each text as PostgreSQL spells it; one without a label stays as it is."""

    def __init__(self, labels: Mapping[str, str]) -> None:
        super().__init__(
            {_escaped(text).encode(): _escaped(label).encode() for text, label in labels.items()}
        )

    def __missing__(self, text: bytes) -> bytes:
        return text


def _may_be_padded(block: bytes) -> bool:
    """Whether a cell of an escaped block begins or ends with a blank; most blocks have none, which is seen at once."""
    if b" " in block and (block.startswith(b" ") or any(pad in block for pad in PADS)):
        return True
    return b"&#" in block and any(pad in block for pad in ESCAPED_PADS)


def _place_days(rows: list[list[bytes]], index: int) -> None:
    """Puts the rest of the cells of a column of ISO dates in place."""
    read, first = date.fromisoformat, FIRST_DAY.toordinal() - EPOCH_ORDINAL
    texts = b"\t".join([row[index] for row in rows]).decode().split("\t")
    try:
        numbers = [read(text).toordinal() - EPOCH_ORDINAL if text else first for text in texts]
    except ValueError:  # infinity, BC
        numbers = [0]
    if min(numbers, default=first) >= first:
        pairs = zip(texts, numbers, strict=True)
        cells = [f"><v>{number}</v></c>" if text else "" for text, number in pairs]
    else:
        cells = [_day(text) if text else "" for text in texts]
    for row, cell in zip(rows, "\t".join(cells).encode().split(b"\t"), strict=True):
        row[index] = cell


def _convert(rows: list[list[bytes]], index: int, convert: Converter) -> bool:
    """Puts the converted values of a column in place; returns whether one has blanks at its edges."""
    texts = b"\t".join([row[index] for row in rows]).decode().split("\t")
    if any("&" in text or "_x005F_" in text for text in texts):
        texts = [unescape(text).replace("_x005F_", "_") for text in texts]
    values = convert(texts)
    joined = "\t".join(values)
    if UNPLAIN.search(joined) is None and joined.count("\t") < len(rows):
        for row, value in zip(rows, joined.encode().split(b"\t"), strict=True):
            row[index] = value if len(value) <= LONGEST_TEXT else _escaped(value.decode()).encode()
        return False
    for row, value in zip(rows, values, strict=True):
        row[index] = _escaped(value).encode()
    return any(EDGES.search(value) for value in values)


class CopyFormatter:
    """Blocks of PostgreSQL's COPY text format to row elements.

    Cells are written from one template per pattern of blanks, so that a row costs a split, a fill and one
    replacement of its number, whatever it holds. `convert` gives, by column, what the database cannot do: for
    decrypting and masking a function over all values of a block (text, "" for NULL), for choices their labels.
    """

    def __init__(
        self, kinds: Sequence[str], styles: Sequence[int], convert: Mapping[int, Conversion] | None = None
    ) -> None:
        self.kinds, self.styles = kinds, styles
        self.convert: dict[int, Converter] = {}
        self.templates: dict[tuple[bool, ...], bytes] = {}
        self.lookups: list[tuple[int, dict[bytes, bytes]]] = []
        self.days: list[int] = []
        for index, kind in enumerate(kinds):
            if kind == "date":
                self.days.append(index)
            elif kind == "moment":
                self.lookups.append((index, _Cells(_day)))
            elif kind in ("integer", "number", "money"):
                self.lookups.append((index, _Cells(_number)))
            elif kind == "bool":
                self.lookups.append((index, {b"": b"", b"t": YES.encode(), b"f": NO.encode()}))
        for index, conversion in (convert or {}).items():
            if isinstance(conversion, Mapping):
                self.lookups.append((index, _Labels(conversion)))
            else:
                self.convert[index] = conversion

    def block(self, block: bytes, number: int) -> tuple[bytes, int]:
        """The row elements of whole lines and their count; `number` is the first row's place in the sheet."""
        plain = self._plain(block)
        lines = plain.split(b"\n")[:-1]
        rows = [line.split(b"\t") for line in lines]
        padded = _may_be_padded(plain)
        for index, convert in self.convert.items():
            padded = _convert(rows, index, convert) or padded
        for index in self.days:
            _place_days(rows, index)
        for index, lookup in self.lookups:
            for row in rows:
                row[index] = lookup[row[index]]
        if max(map(len, lines), default=0) > LONGEST_TEXT:
            self._shorten(rows)
        templates, written = self.templates, []
        for row_number, row in enumerate(rows, number):
            pattern = tuple(map(bool, row))
            template = templates.get(pattern) or self._template(pattern)
            written.append((template % tuple(filter(None, row))).replace(b"\x01", b"%d" % row_number))
        xml = b"".join(written)
        if padded:
            xml = PADDED.sub(rb'<t xml:space="preserve">\1</t>', xml)
        return xml, len(rows)

    def _plain(self, block: bytes) -> bytes:
        """The block escaped for XML, without what XML forbids, NULLs empty and backslashes resolved."""
        block = block.translate(None, CONTROLS)
        for noncharacter in NONCHARACTERS:
            block = block.replace(noncharacter, b"")
        block = block.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")
        # A backslash of the text itself is doubled, so these are NULLs and nothing else.
        block = (b"\n" + block).replace(b"\t\\N", b"\t").replace(b"\n\\N", b"\n")[1:]
        if b"_x" in block:
            block = LOOKS_ESCAPED_BYTES.sub(b"_x005F_", block)
        if b"\\" in block:
            block = BACKSLASH.sub(lambda match: ESCAPES.get(match[1], match[1]), block)
        return block

    def _shorten(self, rows: list[list[bytes]]) -> None:
        for row in rows:
            for index, value in enumerate(row):
                if len(value) > LONGEST_TEXT:
                    row[index] = _escaped(unescape(value.decode())).encode()

    def _template(self, pattern: tuple[bool, ...]) -> bytes:
        """The row with a place for every cell that is not blank; byte 1 stands for its number."""
        if len(pattern) != len(self.kinds):
            raise ValueError(f"a line of {len(pattern)} values in a sheet of {len(self.kinds)} columns")
        looked_up = {i for i, kind in enumerate(self.kinds) if kind not in ("text", "code", "bool")}
        cells = "".join(
            f'<c r="{column_letters(index)}\x01"{_style(self.styles[index])}'
            + ("%b" if index in looked_up else ' t="inlineStr"><is><t>%b</t></is></c>')
            for index, is_filled in enumerate(pattern)
            if is_filled
        )
        template = f'<row r="\x01">{cells}</row>'.encode()
        self.templates[pattern] = template
        return template
