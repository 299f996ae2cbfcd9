"""A bound form for a period, a union and a user: what goes into its cells, and what could not be filled and why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.core.exceptions import PermissionDenied

from reports import wording
from reports.drafting import Order, demand_possible, scope_of
from reports.reading import may_open
from unionoffice import facts
from unionoffice.facts import FactValue, Scope
from unionoffice.organisation.models import User
from unionoffice.records import listed_values
from unionoffice.records.types import registry as record_types
from unionoffice.sheets.faults import refusing
from unionoffice.sheets.formatting import clean
from unionoffice.sheets.guard import bounded

from . import words
from .grid import Entry, Grid, Place
from .matching import blanks
from .models import Bound, ReturnBinding, ReturnForm, Source
from .opening import FormFile, open_form

TEN_THOUSAND = 10_000
MOST_ROWS = 2000
NUMBER = "#"  # in a list: the row's own number
YES, NO = "是", "否"


@dataclass(frozen=True)
class Shown:
    """An entry and, for a figure, what it means and the address of the rows behind it where the user may open them."""

    entry: Entry
    about: str = ""
    url: str = ""


@dataclass(frozen=True)
class Lack:
    """A place that stays as it is, what the form asks for there, and why; `others` stay for the same reason.

    is_list: the lines of a list begin here."""

    place: Place
    asked: str
    why: str
    sheet: str = ""
    is_list: bool = False
    others: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Rows:
    """The rows of a list: cells by column of the form. More than the form has rows for are `extra`; fits: the form
    takes rows in."""

    binding: ReturnBinding
    cells: tuple[dict[int, Entry], ...]
    fits: bool

    @property
    def extra(self) -> int:
        return max(len(self.cells) - self.binding.height, 0)


@dataclass(frozen=True)
class Filled:
    """Everything a filled form says. `file` is what it was opened from, still blank."""

    form: ReturnForm
    grid: Grid
    cells: dict[Place, Shown]
    lists: tuple[Rows, ...]
    lacks: tuple[Lack, ...]
    _file: FormFile

    @refusing()
    @bounded()
    def write(self) -> bytes:
        """The file with only the bound cells written; call it once."""
        work: list[tuple[Place, Rows | Shown]] = [*self.cells.items()]
        work += [(rows.binding.place, rows) for rows in self.lists]
        # From the bottom up: a list that needs more rows moves what stands below it.
        for place, found in sorted(work, key=lambda pair: pair[0], reverse=True):
            if isinstance(found, Rows):
                self._write_rows(found)
            else:
                self._file.put(place, self._fitting(place, found.entry))
        return self._file.saved()

    def _fitting(self, place: Place, entry: Entry) -> Entry:
        if not place.blank:
            return entry
        return replace(entry, text=self.grid.cell(place).in_blank(place.blank, entry.text))

    @property
    def media_type(self) -> str:
        return self._file.media_type

    @property
    def suffix(self) -> str:
        return self._file.suffix

    def _write_rows(self, rows: Rows) -> None:
        binding, room = rows.binding, rows.binding.height
        if rows.extra and rows.fits:
            self._file.grow(binding.sheet, binding.row + room - 1, rows.extra)
            room += rows.extra
        for offset, cells in enumerate(rows.cells[:room]):
            for column, entry in cells.items():
                self._file.put(Place(binding.sheet, binding.row + offset, column), entry)


def fill(form: ReturnForm, order: Order, user: User) -> Filled:
    """The form filled for an order. CannotDraft for a period nothing can be said about."""
    demand_possible(order)
    file = open_form(form.file.read())
    return _Filling(form, file, order, user).filled()


class _Filling:
    def __init__(self, form: ReturnForm, file: FormFile, order: Order, user: User) -> None:
        self.form, self.file, self.order, self.user = form, file, order, user
        self.grid = Grid(file.sheets)
        self.bindings = list(form.bindings.all())
        self.scope = scope_of(order)
        self.lacks: list[Lack] = []

    def filled(self) -> Filled:
        now, before = self._values(self.scope, False), self._values(self.scope.before(), True)
        spoken = words.values(self.order, self.scope, self.user)
        cells: dict[Place, Shown] = {}
        lists: list[Rows] = []
        for binding in self.bindings:
            if self.grid.cell(binding.place) is None:
                self._lack(binding.place, "表里已没有这一格，请重新取数")
            elif self.grid.cell(binding.place).is_locked:
                self._lack(binding.place, "这一格在表里锁定了，没有填")
            elif binding.source == Source.LIST:
                lists.extend(self._rows(binding))
            elif binding.source == Source.FACT:
                found = (before if binding.of_year_before else now).get(binding.key)
                if shown := self._figure(binding, found):
                    cells[binding.place] = shown
            else:
                text = binding.text if binding.source == Source.TEXT else spoken.get(binding.key, "")
                if text:
                    cells[binding.place] = Shown(Entry(clean(text)))
                else:
                    self._lack(binding.place, f"“{words.LABELS.get(binding.key, binding.key)}”还没有设置")
        self.lacks += unbound(self.grid, self.bindings)
        self.lacks.sort(key=lambda lack: lack.place)
        return Filled(self.form, self.grid, cells, tuple(lists), tuple(self.lacks), self.file)

    def _values(self, scope: Scope, of_year_before: bool) -> dict[str, FactValue]:
        wanted = {
            binding.key
            for binding in self.bindings
            if binding.source == Source.FACT and binding.of_year_before == of_year_before
        }
        return facts.compute((key for key in wanted if facts.registry.get(key)), scope)

    def _lack(self, place: Place, why: str) -> None:
        self.lacks.append(Lack(place, self.grid.asked(place), why, _sheet_name(self.grid, place)))

    def _figure(self, binding: ReturnBinding, found: FactValue | None) -> Shown | None:
        """The entry of a figure; None, with a lack, where the records say nothing."""
        if found is None:
            self._lack(binding.place, f"没有“{binding.key}”这个数据了，请重新取数")
            return None
        fact = found.fact
        if found.value is None or found.value in ("", ()):
            self._lack(binding.place, f"{fact.label}：{found.warning or '没有数据'}")
            return None
        if not found.value and not binding.fills_zero:
            self._lack(binding.place, f"{fact.label}：没有记录；确实没有的，在取数里勾选“没有记录就填0”")
            return None
        if found.warning:
            self._lack(binding.place, f"{fact.label}：填的数不全，{found.warning}")
        url = found.url if may_open(fact.key, self.user) else ""
        return Shown(self._entry(binding, found), f"{fact.label}：{fact.definition}", url)

    def _entry(self, binding: ReturnBinding, found: FactValue) -> Entry:
        value, fact = found.value, found.fact
        if isinstance(value, tuple | str):
            return Entry(
                clean("、".join(value) if isinstance(value, tuple) else value), None, fact.key, fact.label
            )
        number = Decimal(value) / (TEN_THOUSAND if binding.in_wan else 1)
        text = wording.plain(number)
        if fact.unit == "%" and not self._says_percent(binding.place):
            text += "%"
        return Entry(text, number, fact.key, fact.label)

    def _says_percent(self, place: Place) -> bool:
        """Whether the form itself says that the figure is one of a hundred."""
        cell, sheet = self.grid.cell(place), self.grid.sheets[place.sheet]
        near = (cell, *sheet.across(place.row), *sheet.above(cell))
        return any("%" in c.text or "％" in c.text for c in near)

    def _rows(self, binding: ReturnBinding) -> Iterator[Rows]:
        fact = facts.registry.get(binding.key)
        kind = record_types.get(fact.slug) if fact else None
        if fact is None or kind is None:
            self._lack(binding.place, f"没有“{binding.key}”这个名单了，请重新取数")
            return
        offered = listed_values.offered_columns(kind, self.user)
        columns = {int(column): path for column, path in binding.columns.items()}
        for column, path in columns.items():
            if path != NUMBER and path not in offered:
                self._lack(binding.place.at(binding.row, column), "您不能查看这一列，没有填")
        paths = [path for path in dict.fromkeys(columns.values()) if path in offered]
        scope = self.scope.for_slot(fact.slot)
        try:
            found = list(listed_values.values(kind, paths, fact.rows(scope), self.user, MOST_ROWS + 1))
        except PermissionDenied:
            self._lack(binding.place, f"您不能导出{kind.title}，名单没有填")
            return
        if not found:
            self._lack(binding.place, f"{fact.label}：没有记录")
            return
        cells = tuple(_listed(columns, paths, found[:MOST_ROWS]))
        rows = Rows(binding, cells, self.file.grows(binding.sheet))
        if len(found) > MOST_ROWS:
            self._lack(binding.place, f"名单超过{MOST_ROWS}行，只填前{MOST_ROWS}行")
        if rows.extra and not rows.fits:
            why = f"名单有{len(rows.cells)}行，表里留了{binding.height}行，多出的{rows.extra}行没有填"
            why += "（表里有图表、批注等，不能加行）"
            self._lack(binding.place, why)
        yield rows


def _listed(
    columns: dict[int, str], paths: list[str], rows: Iterable[tuple[listed_values.Value, ...]]
) -> Iterator[dict[int, Entry]]:
    """Entries by column of the form for each row of a list; blanks are left alone."""
    for number, row in enumerate(rows, 1):
        values = dict(zip(paths, row, strict=True)) | {NUMBER: Decimal(number)}
        entries = ((column, values.get(path, "")) for column, path in columns.items())
        yield {column: _value(value) for column, value in entries if value != ""}


def _value(value: listed_values.Value) -> Entry:
    match value:
        case bool():
            return Entry(YES if value else NO)
        case Decimal():
            return Entry(wording.plain(value), value)
        case date():
            return Entry(value.isoformat(), day=value)
        case _:
            return Entry(clean(value))


def unbound(grid: Grid, bindings: Iterable[ReturnBinding]) -> list[Lack]:
    """Blanks beside a label that nothing is bound to; blanks side by side or below each other are one."""
    taken = Bound(bindings)
    free = [place for place in blanks(grid) if taken.at(place) is None]
    found: dict[tuple[int, str, int], list[Place]] = {}
    for place in free:
        cell, sheet = grid.cell(place), grid.sheets[place.sheet]
        # A row is told by its label; the lines of a list are told together, by their headings.
        if sheet.is_line(cell) and not place.blank:
            group = (place.sheet, "lines", sheet.above(cell)[0].row)
        else:
            group = (place.sheet, f"row {place.row}", place.blank)
        found.setdefault(group, []).append(place)
    return [_left_blank(grid, places, group[1] == "lines") for group, places in found.items()]


def _left_blank(grid: Grid, places: list[Place], is_list: bool) -> Lack:
    first, sheet = places[0], grid.sheets[places[0].sheet]
    cell, count = grid.cell(first), len(places)
    asked = grid.asked(first)
    if is_list:
        headings = dict.fromkeys(sheet.heading(grid.cell(place)) for place in places)
        asked = "、".join(headings)
    elif count > 1 and not first.blank and sheet.beside(cell):
        asked = sheet.beside(cell)[0]
    why = f"{f'等{count}格' if count > 1 else ''}还没有取数，空着"
    return Lack(first, asked, why, _sheet_name(grid, first), is_list, tuple(places[1:]))


def _sheet_name(grid: Grid, place: Place) -> str:
    return grid.sheets[place.sheet].name if len(grid.sheets) > 1 else ""
