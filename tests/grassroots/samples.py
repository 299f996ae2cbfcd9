"""Unions, units and what belongs to them, made by hand."""

from datetime import date
from itertools import count
from typing import Any

from grassroots.choices import Post, RatingKind
from grassroots.models import CommitteeTerm, OfficerPost, StarRating
from unionoffice import facts
from unionoffice.facts import Scope
from unionoffice.identity import credit_check_character
from unionoffice.organisation.choices import UnionKind, UnitCategory
from unionoffice.organisation.models import Coverage, Union, Unit

_serials = count(1)
START = date(2018, 1, 1)


def day(text: str | date | None) -> date | None:
    return date.fromisoformat(text) if isinstance(text, str) else text


def credit_code(prefix: str = "91") -> str:
    """A code that holds, a new one each time."""
    body = f"{prefix}330226MA{next(_serials):07}"
    return body + credit_check_character(body)


def unit(name: str = "", **fields: Any) -> Unit:
    values = {
        "name": name or f"第{next(_serials)}机械厂",
        "category": UnitCategory.PRIVATE,
        "staff_total": 40,
        "opened_on": date(2000, 1, 1),
    }
    return Unit.objects.create(**(values | fields))


def cover(
    union: Union, covered: Unit, started_on: str | date = START, ended_on: str | None = None
) -> Coverage:
    return Coverage.objects.create(
        union=union, unit=covered, started_on=day(started_on), ended_on=day(ended_on)
    )


def single(
    parent: Union, covered: Unit | None = None, founded_on: str | date = START, **fields: Any
) -> Union:
    """A single union that covers its one unit."""
    own = covered or unit()
    values = {"name": f"{own.name}工会", "kind": UnionKind.SINGLE, "parent": parent, "employer": own}
    made = Union.objects.create(**(values | {"founded_on": day(founded_on)} | fields))
    cover(made, own, made.founded_on or START)
    return made


def joint(parent: Union, covered: int, **fields: Any) -> Union:
    """A joint union of so many units."""
    values = {
        "name": f"第{next(_serials)}联合工会",
        "kind": UnionKind.JOINT,
        "parent": parent,
        "founded_on": START,
    }
    made = Union.objects.create(**(values | fields))
    for _ in range(covered):
        cover(made, unit())
    return made


def term(
    union: Union, elected_on: str | None, number: int = 1, years: int = 5, **fields: Any
) -> CommitteeTerm:
    days = {name: day(value) if name.endswith(("_on", "_until")) else value for name, value in fields.items()}
    made = CommitteeTerm.objects.create(
        union=union, number=number, years=years, elected_on=day(elected_on), **days
    )
    made.refresh_from_db()
    return made


def post(
    union: Union, name: str = "王主席", kind: Post = Post.CHAIR, started_on: str = "2018-01-01", **fields: Any
) -> OfficerPost:
    days = {key: day(value) if key.endswith("_on") else value for key, value in fields.items()}
    return OfficerPost.objects.create(union=union, name=name, post=kind, started_on=day(started_on), **days)


def rating(
    union: Union,
    level: int,
    awarded_on: str,
    years: int = 2,
    kind: RatingKind = RatingKind.NEW,
    **fields: Any,
) -> StarRating:
    """A rating for so many years from its day on; other kinds than a new one have no period of their own."""
    start = day(awarded_on)
    period = {}
    if kind in (RatingKind.NEW, RatingKind.RE_REVIEW):
        period = {"period_from": start, "period_to": start.replace(year=start.year + years)}
    days = {name: day(value) if name.endswith("_on") else value for name, value in fields.items()}
    return StarRating.objects.create(union=union, level=level, kind=kind, awarded_on=start, **(period | days))


def year(number: int, unions: frozenset[int] | None = None) -> Scope:
    last = date(number, 12, 31)
    return Scope(date(number, 1, 1), last, last, unions)


def on(text: str, unions: frozenset[int] | None = None) -> Scope:
    """The year so far, as of a day."""
    last = date.fromisoformat(text)
    return Scope(date(last.year, 1, 1), last, last, unions)


def figure(key: str, scope: Scope) -> Any:
    """A fact's value; what it counts is always what its list would show."""
    found = facts.compute([key], scope)[key]
    if found.fact.measure == facts.ROWS:
        assert found.fact.rows(found.scope).count() == found.value
    return found.value
