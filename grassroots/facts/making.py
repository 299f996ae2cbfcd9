"""How the figures of this area are made: unions in being on a day, and what happened to unions in a period."""

from typing import Any

from django.db.models import OuterRef, Q, Subquery

from unionoffice.facts import Measure, Names, Scope, computed, condition
from unionoffice.facts.dimensions import Dimension
from unionoffice.organisation.choices import COUNTED_KINDS
from unionoffice.organisation.models import CALLED, Union
from unionoffice.organisation.today import Today

from .. import queries
from ..choices import StarLevel
from ..columns import members_now

BY_SIZE = (members_now().desc(), "name_pinyin")
COUNTED = Q(kind__in=COUNTED_KINDS)


def _rating(scope: Scope) -> Subquery:
    rated = queries.ratings_on(scope.as_of).filter(union=OuterRef("pk"))
    return Subquery(rated.values("level")[:1])


def _rated(scope: Scope, levels: list[Any]) -> Q:
    named = [level for level in levels if level is not None]
    ratings = queries.ratings_on(scope.as_of)
    found = Q(pk__in=ratings.filter(level__in=named).values("union"))
    return found if len(named) == len(levels) else found | ~Q(pk__in=ratings.values("union"))


# What a union is besides its own fields, on the day asked for.
STANDING: tuple[str | Dimension, ...] = (
    "employer.category",
    condition("firm", "企业工会", lambda scope: queries.firms_unions()),
    condition("legal_person", "具有法人资格", lambda scope: queries.legal_persons(scope.as_of)),
    computed("star", "星级", _rating, StarLevel.choices, _rated),
)


def happened(key: str, label: str, definition: str, where: Any, day: str = "", **more: Any) -> Measure:
    """Unions to which something happened in the period."""
    return Measure(
        key=key,
        label=label,
        definition=definition,
        unit="家",
        kind="flow",
        model=Union,
        slug="unions",
        where=lambda scope: COUNTED & where(scope),
        day=day,
        uncut=frozenset({"merged_into"}),
        cut_by=STANDING,
        **more,
    )


def named(measure: Measure, key: str, label: str, *, on_day: bool = False) -> Measure:
    """The names of the unions that a measure counts, those with most members first."""
    return measure.again(
        key,
        label=label,
        definition=f"{measure.definition}，按会员数从多到少排列",
        kind="list",
        measure=Names(CALLED, BY_SIZE),
        on_day=on_day,
    )


def in_period(field: str) -> Any:
    """What has happened in the period; of a day ahead nothing yet."""
    return lambda scope: Q(**{f"{field}__range": (scope.start, scope.end), f"{field}__lte": Today()})
