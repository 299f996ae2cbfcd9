"""The year at a glance: its figures beside those of the same days of the year before, and month by month."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from unionoffice import facts
from unionoffice.facts import Fact, FactValue, Scope
from unionoffice.organisation import access
from unionoffice.organisation.models import User
from unionoffice.records import desk

from . import wording
from .reading import may_open
from .scopes import by_month

# Facts shown month by month, of whichever areas offer them.
MONTHLY = (
    "members.active.count",
    "members.joined.count",
    "members.left.count",
    "activities.held.count",
    "activities.attendance.person_times",
    "welfare.visits.count",
    "welfare.visits.season_amount",
)
# The drawing of a panel, in its own units: a column of 30 for each month, bars of up to 80 under their numbers.
STEP, BAR, TALLEST, TOP = 30, 20, 80, 14


@dataclass(frozen=True)
class Tile:
    """A figure of the year so far, and how it stands to the year before."""

    found: FactValue
    shown: str
    change: str


@dataclass(frozen=True)
class Bar:
    """A month's bar: its place and height, what stands above and below it, what it says aloud, its list."""

    x: int
    y: int
    height: int
    value: str
    month: str
    said: str
    url: str

    @property
    def middle(self) -> int:
        return self.x + BAR // 2


@dataclass(frozen=True)
class Panel:
    """A fact month by month."""

    fact: Fact
    bars: tuple[Bar, ...]

    @property
    def width(self) -> int:
        return STEP * 12


def scope_of(user: User, year: int, today: date) -> Scope:
    """The year's days up to today, of the unions the user sees; every stock on the last of them."""
    end = min(date(year, 12, 31), today)
    return Scope(date(year, 1, 1), end, end, access.unions_of(user))


def tiles(user: User, scope: Scope) -> list[Tile]:
    """The facts areas put on desks, those whose lists the user may open."""
    keys = [key for key in desk.TILES if may_open(key, user)]
    now, before = facts.compute(keys, scope), facts.compute(keys, scope.before())
    return [Tile(now[key], shown(now[key]), _change(now[key], before[key])) for key in keys]


def panels(user: User, scope: Scope) -> list[Panel]:
    """The facts month by month; one without anything in the year is left out."""
    keys = [key for key in MONTHLY if facts.registry.get(key) and may_open(key, user)]
    months = by_month(scope, keys)
    made = (_panel(facts.registry[key], [(name, found[key]) for name, found in months]) for key in keys)
    return [panel for panel in made if any(bar.height for bar in panel.bars)]


def _panel(fact: Fact, months: Iterable[tuple[str, FactValue]]) -> Panel:
    numbers = [(name, found, Decimal(found.value or 0)) for name, found in months]
    largest = max((number for _, _, number in numbers), default=Decimal(0))
    bars = []
    for place, (name, found, number) in enumerate(numbers):
        height = max(1, int(number * TALLEST / largest)) if number > 0 else 0
        x, y = place * STEP + (STEP - BAR) // 2, TOP + TALLEST - height
        said = f"{name}{fact.label}{wording.amount(number, fact.unit)}"
        bars.append(Bar(x, y, height, _short(number), name, said, found.url))
    return Panel(fact, tuple(bars))


def _short(number: Decimal) -> str:
    """What fits above a bar: 8123 or 1.7万."""
    if number < wording.TEN_THOUSAND:
        return f"{number:.0f}" if number else ""
    return f"{number / wording.TEN_THOUSAND:.1f}万"


def shown(found: FactValue) -> str:
    """A number with signs between thousands; a dash where there is none."""
    if found.value is None:
        return "—"
    return f"{found.value:,}" if isinstance(found.value, int) else f"{Decimal(wording.plain(found.value)):,}"


def _change(now: FactValue, before: FactValue) -> str:
    """The comparison with the year before; none where that year has nothing, which may mean that nobody wrote it down."""
    if not (now.value and before.value):
        return ""
    return wording.change(now.value, before.value, now.fact.unit, "上年同期")
