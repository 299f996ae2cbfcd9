"""A form seen again, where its bindings belong in the new one, and which fact a blank asks for by its labels."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from unionoffice.facts import registry
from unionoffice.sheets.guard import bounded

from . import words
from .grid import Cell, Grid, Place, Sheet, plain
from .models import Bound, ReturnBinding, ReturnForm, Source

# Of what a form is known by, how much must be there again, and how much of the new form must be old.
SAME, OLD = 0.8, 0.5
LAST_YEAR = re.compile(r"上年|去年|上期")
YEAR = re.compile(r"(20\d\d)\s*年?(?:度|末|底|数)?")
ASIDE = re.compile(r"[(（][^()（）]*[)）]|其中[：:]?|^[一二三四五六七八九十\d]+[、.．]")
# Labels that say how it is counted, not what, and headings under which no figure is asked for.
GENERIC = re.compile(
    r"合计|总计|小计|累计|本年|上年|去年|同期|本期|上期|全年|当年|年末|期末|数量|数值|人数|数据|填报|完成|情况|实绩"
)
NO_FIGURE = re.compile(r"备注|说明|计量|负责|责任|代码|序号|签字|来源")
# Headings of a column that asks for no count of what its row names, but for what follows from it or was planned.
FOREIGN = re.compile(r"增减|增长|同比|环比|增幅|比例|占比|百分|%|％|排名|目标|计划|任务")
REMARKS = re.compile(r"备\s*注|说\s*明")
SHORTEST = 3
ENDINGS = ("人数", "数量", "总数", "个数", "家数", "次数", "金额", "数")


def known_form(labels: list[str], forms: Iterable[ReturnForm]) -> ReturnForm | None:
    """The form whose labels come back in these, the latest of those that fit best."""
    best, found = 0.0, None
    new = Counter(labels)
    for form in forms:
        old = Counter(form.labels)
        common = (old & new).total()
        if not common or common < SAME * old.total() or common < OLD * new.total():
            continue
        likeness = common / (old | new).total()
        if likeness > best:
            best, found = likeness, form
    return found


def signature(grid: Grid, place: Place) -> tuple[object, ...]:
    """What surrounds a place: the labels beside and above it, and for a blank the label before it."""
    cell, sheet = grid.cell(place), grid.sheets[place.sheet]
    if cell is None:
        return ()
    beside = tuple(c.label for c in sheet.left(cell))
    over = tuple(c.label for c in sheet.above(cell))
    own = (place.blank, plain(grid.asked(place))) if place.blank else ()
    return place.sheet, beside, over, own


@dataclass(frozen=True)
class Takeover:
    """Bindings of an earlier form with their places in the new one, and those that have none."""

    moved: tuple[tuple[ReturnBinding, Place], ...]
    lost: tuple[ReturnBinding, ...]


@bounded()
def take_over(old: Grid, new: Grid, bindings: Iterable[ReturnBinding]) -> Takeover:
    """Where the bindings of a form belong in a new one of the same labels, even if rows or columns moved."""
    places = _Places(old, new)
    moved, lost = [], []
    for binding in bindings:
        place = places.of(binding.place)
        if place is not None and binding.source == Source.LIST:
            shift = place.column - binding.column
            columns = {
                int(column): Place(binding.sheet, binding.row, int(column)) for column in binding.columns
            }
            fits = all(
                places.of(at) == Place(place.sheet, place.row, column + shift)
                for column, at in columns.items()
            )
            place = place if fits else None
        if place is None:
            lost.append(binding)
        else:
            moved.append((binding, place))
    return Takeover(tuple(moved), tuple(lost))


class _Places:
    """The place in a new form that answers to one in the old."""

    def __init__(self, old: Grid, new: Grid) -> None:
        self.old_signs, self.new_signs = _signatures(old), _signatures(new)
        self.there = _alike(self.new_signs)
        here = _alike(self.old_signs)
        self.counts = {sign: len(places) for sign, places in here.items()}
        self.numbers = {place: number for places in here.values() for number, place in enumerate(places)}

    def of(self, place: Place) -> Place | None:
        sign = self.old_signs.get(place, ())
        there = self.there.get(sign, [])
        if place in self.new_signs and self.new_signs[place] == sign:
            return place
        if len(there) == 1:
            return there[0]
        if there and self.counts.get(sign) == len(there):
            return there[self.numbers[place]]
        return None


def _signatures(grid: Grid) -> dict[Place, tuple[object, ...]]:
    """What surrounds each place that may be bound, in the order of the form."""
    found: dict[Place, tuple[object, ...]] = {}
    for place, cell in grid.cells():
        if not cell.is_formula:
            for number in range(len(cell.blanks) + 1):
                at = replace(place, blank=number)
                found[at] = signature(grid, at)
    return found


def _alike(signs: Mapping[Place, tuple[object, ...]]) -> dict[tuple[object, ...], list[Place]]:
    """Places by what surrounds them."""
    found: dict[tuple[object, ...], list[Place]] = {}
    for place, sign in signs.items():
        found.setdefault(sign, []).append(place)
    return found


@dataclass(frozen=True)
class Suggestion:
    """A fact or word whose name stands beside a blank."""

    place: Place
    source: str
    key: str
    label: str
    of_year_before: bool = False
    in_wan: bool = False


@bounded()
def suggestions(grid: Grid, bound: Iterable[ReturnBinding]) -> dict[Place, Suggestion]:
    """What blanks without a binding ask for, where their labels bear the name of a fact or word."""
    taken, names = Bound(bound), _fact_names()
    years = [_Years(sheet) for sheet in grid.sheets]
    found = {}
    for place in blanks(grid):
        if taken.at(place) is None:
            suggestion = _suggest(grid, place, names, years[place.sheet])
            if suggestion is not None:
                found[place] = suggestion
    return found


def blanks(grid: Grid) -> list[Place]:
    """Everything in a form that waits for an answer: blank cells with a label, and blanks within texts."""
    found = []
    for place, cell in grid.cells():
        sheet = grid.sheets[place.sheet]
        if cell.blanks and cell.label:
            found += [
                replace(place, blank=number)
                for number, (start, end) in enumerate(cell.blanks, 1)
                if not cell.text[start:end].strip(" \t\u3000\xa0_＿年月日")
                and not _is_answered_beside(sheet, cell, end)
            ]
        elif (
            cell.is_open
            and (sheet.left(cell) or sheet.above(cell))
            and not REMARKS.fullmatch(sheet.heading(cell))
        ):
            found.append(place)
    return found


def _is_answered_beside(sheet: Sheet, cell: Cell, end: int) -> bool:
    """Whether a blank at the end of a label leaves its answer to the blank cell to the right."""
    right = sheet.at(cell.row, cell.column + cell.columns)
    return right is not None and right.is_open and not cell.text[end:].strip()


def _adjoins(sheet: Sheet, cell: Cell) -> bool:
    """Whether the nearest label stands right beside the cell, not beside another that it names."""
    return sheet.at(cell.row, cell.column - 1) in sheet.left(cell)[:1]


def _suggest(grid: Grid, place: Place, names: Mapping[str, str], years: "_Years") -> Suggestion | None:
    if place.blank:
        return _word(place, grid.asked(place))
    cell, sheet = grid.cell(place), grid.sheets[place.sheet]
    if sheet.is_line(cell):
        return None
    beside, over = sheet.beside(cell), [c.text for c in sheet.above(cell)]
    if over and NO_FIGURE.search(over[0]):
        return None
    key = next((names[name] for name in _candidates(beside, over) if name in names), None)
    if key is None:
        return _word(place, beside[0]) if beside and _adjoins(sheet, cell) else None
    ago = years.ago(cell)
    if ago > 1:
        return None
    fact, near = registry[key], (*(c.text for c in sheet.left(cell)[:3]), *over[:2])
    return Suggestion(
        place,
        Source.FACT,
        key,
        fact.label,
        of_year_before=ago == 1 or any(LAST_YEAR.search(text) for text in near),
        in_wan=fact.is_money and (sheet.is_in_wan or any("万元" in text for text in near)),
    )


class _Years:
    """The rows of headings of a sheet that name years."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.rows: dict[int, dict[tuple[int, int], int]] = {}
        for corner, cell in sheet.cells.items():
            if found := YEAR.fullmatch(cell.text.strip()):
                for row in range(cell.row, cell.row + cell.rows):
                    self.rows.setdefault(row, {})[corner] = int(found[1])

    def ago(self, cell: Cell) -> int:
        """How many years before the latest of such a row the column of a cell is about; 0 where none says."""
        for row in sorted((row for row in self.rows if row < cell.row), reverse=True):
            over, years = self.sheet.at(row, cell.column), self.rows[row]
            if over is not None and (over.row, over.column) in years:
                return max(years.values()) - years[over.row, over.column]
        return 0


def _word(place: Place, asked: str) -> Suggestion | None:
    word = words.WORD_OF.get(plain(ASIDE.sub("", asked)))
    return Suggestion(place, Source.WORD, word, words.LABELS[word]) if word else None


def _candidates(beside: list[str], over: list[str]) -> list[str]:
    """What a blank may be called, the likeliest first: both labels together, the one beside it, the one above.

    A label that only says how it is counted leaves the name to the next."""
    left, top = _names(beside), _names(over)
    both = [a + b for a in left[:1] for b in top[:1]] + [b + a for a in top[:1] for b in left[:1]]
    above = [top[1] + top[0]] if len(top) > 1 else []
    named = [next((n for n in side if not GENERIC.fullmatch(n)), "") for side in (left[:2], top[:2])]
    if over and FOREIGN.search(over[0]):
        named = named[1:]  # the column asks for something else of what the row names
    return [name for name in (*both, *above, *named) if len(name) >= SHORTEST]


def _names(texts: list[str]) -> list[str]:
    return [name for text in texts if (name := _name(text))]


@lru_cache(4096)
def _name(text: str) -> str:
    return plain(ASIDE.sub("", text.strip()))


def _fact_names() -> dict[str, str]:
    """Keys by the names forms use: the label, and the label without or with a word for how many."""
    exact = {plain(fact.label): fact.key for fact in registry}
    loose: dict[str, str] = {}
    for name, key in exact.items():
        stem = next(
            (name.removesuffix(e) for e in ENDINGS if name.endswith(e) and len(name) > len(e) + 1), name
        )
        for other in (stem, *(stem + ending for ending in ENDINGS)):
            loose.setdefault(other, key)
    return loose | exact
