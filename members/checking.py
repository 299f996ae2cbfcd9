"""Comparing a department's list of employers with the office's unions and units (数据核查)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import IO, Any

from django.db.models import Q

from unionoffice.fields import cleaner_for
from unionoffice.organisation.models import Coverage, Union, Unit
from unionoffice.records.importing.unread import unread_sheets
from unionoffice.sheets.cells import SheetRefused
from unionoffice.sheets.headers import Header, is_blank_row, is_foot_row, pick_sheet
from unionoffice.sheets.reading import open_book
from unionoffice.values import Refused, clean_credit_code, clean_text, half_width

from .choices import CheckResult, State
from .models import Member, RosterCheckLine

HEADINGS = {
    "单位名称": "name",
    "企业名称": "name",
    "用人单位名称": "name",
    "用人单位": "name",
    "纳税人名称": "name",
    "缴费单位": "name",
    "统一社会信用代码": "code",
    "社会信用代码": "code",
    "信用代码": "code",
    "纳税人识别号": "code",
    "职工人数": "count",
    "从业人数": "count",
    "参保人数": "count",
    "缴费人数": "count",
    "申报人数": "count",
    "人数": "count",
    "职工总数": "count",
    "员工人数": "count",
    "从业人员": "count",
    "从业人员数": "count",
    "在职人数": "count",
    "在册职工人数": "count",
    "用工人数": "count",
    "参保职工人数": "count",
    "社保人数": "count",
    "社保参保人数": "count",
    "所属工会": "union",
    "工会名称": "union",
}
MOST_PROBLEMS = 5
READ_NAME, READ_COUNT = (
    cleaner_for(RosterCheckLine._meta.get_field(name)) for name in ("unit_name", "head_count")
)
# Headings that speak of people: left out in silence, a row would be said to agree though nobody compared its number.
COUNTING = re.compile("人数|员工数|职工数|用工数")


@dataclass(frozen=True)
class ListedUnit:
    """One employer of the list: its row in the sheet and what the row says.

    has_other_number: what stands in the code's place is none, as with sole traders of the tax office or a mistyped one.
    """

    row: int
    name: str
    code: str
    count: int | None
    union: str
    has_other_number: bool = False


@dataclass(frozen=True)
class DepartmentList:
    """The employers of an uploaded list, the headings of columns and the names of sheets that were not read."""

    units: list[ListedUnit]
    unread: list[str]
    sheets: list[str]

    @property
    def told(self) -> str:
        """What the clerk should know of how the list was compared; empty for nothing."""
        more = f"等{len(self.unread)}列" if len(self.unread) > MOST_PROBLEMS else ""
        unread = (
            f"名单里没有用到的列：{'、'.join(self.unread[:MOST_PROBLEMS])}{more}。" if self.unread else ""
        )
        sheets = f"没有读的工作表：{'、'.join(self.sheets[:MOST_PROBLEMS])}。" if self.sheets else ""
        return unread + sheets + told_of_numbers(self.units)


def read_list(source: IO[bytes], filename: str) -> DepartmentList:
    """The employers of an uploaded workbook. Raises SheetRefused with one Chinese line when it cannot be used."""
    with open_book(source, filename) as book:
        picked = pick_sheet(book, HEADINGS)
        if picked is None or "name" not in picked[1].columns.values():
            raise SheetRefused("no-header", "没有找到“单位名称”一列，请核对表头")
        sheet, header = picked
        _refuse_unknown_count(header)
        places = {key: column for column, key in header.columns.items()}
        found, problems = [], []
        for first, rows in sheet.chunks(first=header.first_data_row):
            for number, row in enumerate(rows, first):
                if is_blank_row(row) or is_foot_row(row):
                    continue
                cells = {key: row[place] if place < len(row) else "" for key, place in places.items()}
                try:
                    found.append(_listed(number, cells))
                except Refused as refusal:
                    problems.append(f"第{number}行：{refusal.message}")
        others = [one.sheet for one in unread_sheets(book, {sheet.name})]
    if problems:
        more = f"等{len(problems)}处" if len(problems) > MOST_PROBLEMS else ""
        raise SheetRefused("cells", "；".join(problems[:MOST_PROBLEMS]) + more)
    if not found:
        raise SheetRefused("empty", "名单里没有单位")
    unread = [text for _, text in header.unknown] + [text for _, text, _ in header.duplicates]
    return DepartmentList(found, unread, others)


def _refuse_unknown_count(header: Header) -> None:
    """Where no column of numbers is known, one that may be it is asked about instead of passed over."""
    if "count" in header.columns.values():
        return
    for _, text in header.unknown:
        if COUNTING.search(text):
            said = f"“{text}”一列像是人数，但没有认得：要比对的，请把表头改成“人数”；不比对的，请删去这一列"
            raise SheetRefused("count-unknown", said)


def _listed(number: int, cells: dict[str, Any]) -> ListedUnit:
    name = READ_NAME(cells["name"])
    if name is None:
        raise Refused("required", "单位名称不能为空")
    try:
        code, is_other = clean_credit_code(cells.get("code")) or "", False
    except Refused as refusal:
        if refusal.code == "credit-code-digits-lost":
            raise
        code, is_other = "", True
    try:
        count = READ_COUNT(cells.get("count"))
    except Refused as refusal:
        raise Refused(refusal.code, f"“{name}”的人数：{refusal.message}") from None
    union = clean_text(cells.get("union")) or ""
    return ListedUnit(number, name, code, count, union, is_other)


def told_of_numbers(listed: Iterable[ListedUnit]) -> str:
    """One line about rows that were compared by their name alone; empty for none."""
    rows = [str(entry.row) for entry in listed if entry.has_other_number]
    if not rows:
        return ""
    shown = "、".join(rows[:MOST_PROBLEMS]) + ("等" if len(rows) > MOST_PROBLEMS else "")
    return f"名单第{shown}行共{len(rows)}家的代码不是有效的统一社会信用代码，只按单位名称比对。"


class Records:
    """What the office has registered on a day: units, who covers them, and the unions their people are in."""

    def __init__(self, on: date) -> None:
        units = list(Unit.objects.all())
        self.by_code = {unit.credit_code: unit for unit in units if unit.credit_code}
        self.by_name = {_folded(unit.name): unit for unit in units}
        self.units = {unit.pk: unit for unit in units}
        unions = list(Union.objects.on_day(on))
        self.unions = {_folded(union.name): union.pk for union in unions}
        self.covered = _pairs(
            Coverage.objects.filter(
                Q(ended_on__isnull=True) | Q(ended_on__gt=on), started_on__lte=on, union__in=unions
            ).values_list("unit", "union")
        )
        self.related = _pairs((union.employer_id, union.pk) for union in unions if union.employer_id)
        members = Member.objects.filter(state=State.ACTIVE, unit__isnull=False, union__in=unions)
        for unit, found in _pairs(members.values_list("unit", "union").distinct()).items():
            self.related.setdefault(unit, []).extend(found)

    def unit(self, listed: ListedUnit) -> Unit | None:
        """The unit by its code, else by its name; a name never overrules a different code."""
        unit = self.by_code.get(listed.code) or self.by_name.get(_folded(listed.name))
        if unit and listed.code and unit.credit_code and unit.credit_code != listed.code:
            return None
        return unit


def compare(listed: Iterable[ListedUnit], on: date, is_whole: bool) -> Iterator[RosterCheckLine]:
    """A line for each employer of the list, not yet saved; with `is_whole` also for each covered unit it lacks."""
    records = Records(on)
    seen = set()
    for entry in listed:
        unit = records.unit(entry)
        named = records.unions.get(_folded(entry.union)) if entry.union else None
        line = RosterCheckLine(
            row=entry.row,
            unit_name=entry.name,
            credit_code=entry.code,
            head_count=entry.count,
            unit=unit,
            recorded_count=unit.staff_total if unit else None,
        )
        line.result, line.union_id = _result(records, unit, entry, named, on)
        if unit:
            seen.add(unit.pk)
        yield line
    if is_whole:
        yield from _lacking(records, seen)


def _result(
    records: Records, unit: Unit | None, entry: ListedUnit, named: int | None, on: date
) -> tuple[CheckResult, int | None]:
    """What is wrong, the gravest first, and the union concerned."""
    if unit is None:
        return CheckResult.UNKNOWN_UNIT, named
    covering = records.covered.get(unit.pk, [])
    union = named or next(iter(covering or records.related.get(unit.pk, [])), None)
    if unit.closed_on and unit.closed_on <= on:
        return CheckResult.CLOSED_UNIT, union
    if union is None:
        return CheckResult.NO_UNION, None
    if union not in covering:
        return CheckResult.NOT_COVERED, union
    if entry.count is not None and entry.count != unit.staff_total:
        return CheckResult.HEAD_COUNT, union
    return CheckResult.AGREES, union


def _lacking(records: Records, seen: set[int]) -> Iterator[RosterCheckLine]:
    for pk, covering in sorted(records.covered.items()):
        if pk not in seen:
            unit = records.units[pk]
            yield RosterCheckLine(
                unit_name=unit.name,
                credit_code=unit.credit_code or "",
                unit=unit,
                union_id=covering[0],
                recorded_count=unit.staff_total,
                result=CheckResult.NOT_LISTED,
            )


def _pairs(rows: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for unit, union in rows:
        found.setdefault(unit, []).append(union)
    return found


def _folded(name: str) -> str:
    return "".join(half_width(name).split()).casefold()
