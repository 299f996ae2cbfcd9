"""What the loaders of the demo town share: one source of chance, the days, the people, and what was made so far."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from django.utils import timezone

from unionoffice.organisation.models import Union, Unit, User

from .people import People

T = TypeVar("T")
SEED = 20240501
TOWN, COUNTY, MEMBERS = "青溪镇", "宁川县", 8_000


@dataclass
class DemoTown:
    """today: the day on which the town is loaded; its records reach back two years from 1 January of last year.

    Each loader leaves a few records that do not stand right, so that every check of the data has something to show.
    ended: a union dissolved last year, which is not among `unions`
    """

    today: date = field(default_factory=timezone.localdate)
    members: int = MEMBERS
    random: Random = field(default_factory=lambda: Random(SEED))
    root: Union = None  # type: ignore[assignment]
    ended: Union = None  # type: ignore[assignment]
    unions: list[Union] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    units_of: dict[int, list[Unit]] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.people = People(self.random)

    @property
    def first_day(self) -> date:
        return date(self.today.year - 1, 1, 1)

    @property
    def years(self) -> tuple[int, int]:
        return self.today.year - 1, self.today.year

    def day(self, start: date, end: date) -> date:
        """Some day of the period that is not in the future."""
        end = min(end, self.today)
        return start + timedelta(days=self.random.randrange(max(1, (end - start).days + 1)))

    def pick(self, things: Sequence[T]) -> T:
        return self.random.choice(things)

    def chance(self, share: float) -> bool:
        return self.random.random() < share


Loader = Callable[[DemoTown], None]
loaders: list[Loader] = []


def loader(load: Loader) -> Loader:
    """Marks a function that adds its records to the town."""
    loaders.append(load)
    return load
