"""Finding the header row of a sheet that clerks have decorated, and what its columns mean."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .cells import Cell, Row, is_blank, is_blank_row
from .reading import HEAD_ROWS, Book, Sheet

# Columns every office keeps for itself, and the two that a workbook of refused rows adds.
ROW_NUMBER_HEADER, REASON_HEADER = "原行号", "原因"
IGNORED = frozenset({"序号", "编号", "行号", "no", "no.", "序", "#", ROW_NUMBER_HEADER, REASON_HEADER})
BLANKS = re.compile(r"[\s\u200b\ufeff]+")
MARKS = re.compile(r"[*＊★:：]+")
HINTS = re.compile(r"[(\[{【〔《<（](?P<hint>.*?)[)\]}】〕》>）]")
# A hint that changes what a number means is part of the name: 金额(万元) is not 金额.
SCALES = ("万", "千元", "百元", "亿")
TOTALS = re.compile(
    r"(本页|本表|全表|以上)?(合计|小计|总计|共计|累计|总数)(人数|户数|金额|数)?(\(.*\)|[:：].*|\d.*)?"
)
FOOTNOTES = re.compile(
    r"(填表|填报|制表|审核|审批|经办|复核|负责|联系|统计|报送|单位负责|主管|分管|工会主席|签字|盖章|日期|单位|金额单位|"
    r"注|备注|说明|填表说明|备注说明)(人|员|单位|部门|日期|时间|电话|领导|\(.*?\)|\d+)*[:：].*"
    r"|[-—=*/\s]*(以下空白|本页无正文|完)[-—=*/\s]*"
)
SEQUENCE = re.compile(r"\d{1,6}(\.0)?")


def header_key(text: Cell) -> str:
    """A header in the form in which it is compared: no blanks, stars or colons, half-width, lower case."""
    if not isinstance(text, str):
        return ""
    return MARKS.sub("", folded(text)).lower()


def without_hint(key: str) -> str:
    """The header key without what stands in brackets: 出生日期(年-月-日) is 出生日期."""
    return HINTS.sub(lambda match: match[0] if any(scale in match["hint"] for scale in SCALES) else "", key)


@dataclass(frozen=True)
class Header:
    """Where the headers are and what they mean; columns are counted from 0, rows as the sheet numbers them.

    `columns` maps a column to the key it feeds; the first of two columns with one meaning wins, the others are
    in `duplicates` as (column, text, key). `unknown` are (column, text) nobody asked for, `missing` the keys
    without a column.
    """

    top: int
    row: int
    columns: dict[int, str]
    texts: dict[int, str]
    unknown: list[tuple[int, str]] = field(default_factory=list)
    duplicates: list[tuple[int, str, str]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def first_data_row(self) -> int:
        """The sheet's number of the row below the headers."""
        return self.row + 1

    @property
    def titles(self) -> list[str]:
        """The text over each column, empty where none stands."""
        return [self.texts.get(place, "") for place in range(max(self.texts, default=0) + 1)]

    @property
    def found(self) -> int:
        """How many keys have a column."""
        return len(self.columns)


class Names:
    """Known headers and aliases in their compared form, prepared once for many sheets."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self.keys = list(dict.fromkeys(known.values()))
        self.exact = {header_key(text): key for text, key in known.items()}
        self.bare: dict[str, str] = {}
        for text, key in self.exact.items():
            self.bare.setdefault(without_hint(text), key)

    def find(self, text: str, group: str = "") -> str | None:
        """The key a header stands for; `group` is the merged heading above it, tried as a part of the name."""
        own = header_key(text)
        names = [header_key(group) + own, own] if group else [own]
        for name in names:
            if name in self.exact:
                return self.exact[name]
        for name in names:
            bare = without_hint(name)
            if bare and bare in self.bare:
                return self.bare[bare]
        return None


def find_header(rows: Sequence[Row], known: Mapping[str, str] | Names, first: int = 1) -> Header | None:
    """The header among the first rows of a sheet that names most of the known columns; None when none does.

    `known` maps every header and alias to its key; `first` is the sheet's number of `rows[0]`. A row under merged
    group headings is completed from the row above it. One match is enough only when it is half of the row.
    """
    names = known if isinstance(known, Names) else Names(known)
    best: Header | None = None
    for index, row in enumerate(rows[:HEAD_ROWS]):
        candidates = [_header(names, first + index, row)]
        if index:
            candidates.append(_header(names, first + index, row, rows[index - 1]))
        for candidate in candidates:
            if _plausible(candidate) and (best is None or _better(candidate, best)):
                best = candidate
    return best


def header_as_told(known: Mapping[str, str], number: int, row: Row, columns: Mapping[int, str]) -> Header:
    """The header in a row that somebody pointed at, with columns that mean what was said."""
    header = Header(number, number, dict(columns), {})
    for index in range(len(row)):
        if text := _text(row, index):
            header.texts[index] = text
            if index not in columns and header_key(text) not in IGNORED:
                header.unknown.append((index, text))
    header.missing.extend(key for key in dict.fromkeys(known.values()) if key not in columns.values())
    return header


def _plausible(header: Header) -> bool:
    known = [text for text in header.texts.values() if header_key(text) not in IGNORED]
    return header.found >= 2 or 0 < len(known) <= 2 * header.found


def _better(candidate: Header, best: Header) -> bool:
    """Whether the later candidate names more, or is the lower half of headers merged over two rows."""
    is_lower_half = candidate.row == best.row + 1 and candidate.columns == best.columns
    return candidate.found > best.found or is_lower_half


def _header(names: Names, number: int, row: Row, above: Row | None = None) -> Header:
    groups = _filled_right(above) if above is not None else []
    columns: dict[int, str] = {}
    header = Header(number - (above is not None), number, columns, {})
    for index in range(max(len(row), len(groups))):
        text, group = _text(row, index), groups[index] if index < len(groups) else ""
        if not text:
            text, group = _text(above or [], index), ""
        if not text:
            continue
        header.texts[index] = text
        key = names.find(text, group)
        if key is None:
            if header_key(text) not in IGNORED:
                header.unknown.append((index, text))
        elif key in columns.values():
            header.duplicates.append((index, text, key))
        else:
            columns[index] = key
    header.missing.extend(key for key in names.keys if key not in columns.values())
    return header


def _text(row: Row, index: int) -> str:
    value = row[index] if index < len(row) else ""
    return " ".join(value.split()) if isinstance(value, str) else ""


def _filled_right(row: Row) -> list[str]:
    """The texts of a row of merged headings; a merged cell holds its text in its first column only."""
    texts, last = [], ""
    for index in range(len(row)):
        last = _text(row, index) or last
        texts.append(last)
    return texts


def is_foot_row(row: Row) -> bool:
    """Whether the row is a total, a signature line or a note under the table rather than a record."""
    first, *others = [folded(value) for value in row if not is_blank(value)] or [""]
    if TOTALS.fullmatch(first) or FOOTNOTES.fullmatch(first):
        return True
    return bool(others and SEQUENCE.fullmatch(first) and TOTALS.fullmatch(others[0]))


def folded(value: Cell) -> str:
    """What a cell shows, half-width and without blanks."""
    return BLANKS.sub("", unicodedata.normalize("NFKC", str(value)))


def is_counting_row(row: Row) -> bool:
    """Whether the row merely numbers the columns (1 2 3 … or 甲 乙 1 2 …), as forms print it below the header."""
    texts = [str(int(v)) if isinstance(v, float) and v.is_integer() else str(v).strip() for v in row]
    texts = [text for text in texts if text]
    while texts and texts[0] in "甲乙丙丁戊":
        texts.pop(0)
    return len(texts) >= 3 and texts == [str(number) for number in range(1, len(texts) + 1)]


def is_record_row(row: Row) -> bool:
    """Whether a row below the header holds a record: not blank, no total, no note, no numbering of columns."""
    return not (is_blank_row(row) or is_foot_row(row) or is_counting_row(row))


def sheet_named(book: Book, name: str) -> Sheet | None:
    """The sheet called `name`, blanks and width of the letters aside."""
    return next((sheet for sheet in book.sheets if header_key(sheet.name) == header_key(name)), None)


def pick_sheet(book: Book, known: Mapping[str, str], name: str | None = None) -> tuple[Sheet, Header] | None:
    """The sheet that holds such records, with its header: the one called `name`, else the one naming most columns.

    Hidden sheets are looked at last. None when no sheet has a header with the known columns.
    """
    names = Names(known)
    wanted = sheet_named(book, name) if name else None
    if wanted is not None and (header := find_header(wanted.head(), names)):
        return wanted, header
    best: tuple[Sheet, Header] | None = None
    for sheet in sorted(book.sheets, key=lambda sheet: sheet.is_hidden):
        header = find_header(sheet.head(), names)
        if header is None or (best and best[0].is_hidden < sheet.is_hidden):
            continue
        if best is None or header.found > best[1].found:
            best = sheet, header
    return best
