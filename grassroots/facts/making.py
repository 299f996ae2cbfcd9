"""How the figures of this area are made: stocks, flows and lists of unions."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q

from members.models import MembershipEvent
from unionoffice.facts import Fact, Kind, Names, Scope
from unionoffice.organisation.choices import COUNTED_KINDS
from unionoffice.organisation.models import CALLED, Record, Union, Unit
from unionoffice.organisation.today import Today

from ..columns import members_now
from ..models import OfficerPost

UNIONS = "grassroots.unions.count"
BY_SIZE = (members_now().desc(), "name_pinyin")
SLUGS: dict[type[Record], str] = {
    Union: "unions",
    Unit: "units",
    OfficerPost: "posts",
    MembershipEvent: "membership-events",
}
COUNTED = Q(kind__in=COUNTED_KINDS)

Where = Callable[[Scope], Q]


def figure(
    key: str,
    label: str,
    definition: str,
    unit: str,
    kind: Kind,
    model: type[Record],
    where: Where,
    **more: Any,
) -> Fact:
    return Fact(
        key=key,
        label=label,
        definition=definition,
        unit=unit,
        kind=kind,
        model=model,
        slug=SLUGS[model],
        where=where,
        **more,
    )


def standing(scope: Scope) -> Q:
    return Q(pk__in=Union.objects.counted_on(scope.as_of).values("pk"))


def stock(
    key: str, label: str, definition: str, also: Where = lambda scope: Q(), unit: str = "家", **more: Any
) -> Fact:
    """Unions in being on the as-of day of which more is asked."""
    options = {"slot": "organisation"} | more
    return figure(
        key, label, definition, unit, "stock", Union, lambda scope: standing(scope) & also(scope), **options
    )


def in_period(field: str) -> Where:
    """What has happened in the period; of a day ahead nothing yet."""
    return lambda scope: Q(**{f"{field}__range": (scope.start, scope.end), f"{field}__lte": Today()})


def flow(key: str, label: str, definition: str, where: Where) -> Fact:
    return figure(key, label, definition, "家", "flow", Union, lambda scope: COUNTED & where(scope))


def listed(key: str, label: str, definition: str, where: Where, *, on_day: bool = False) -> Fact:
    told = f"{definition}，按会员数从多到少排列"
    return figure(
        key,
        label,
        told,
        "家",
        "list",
        Union,
        lambda scope: COUNTED & where(scope),
        measure=Names(CALLED, BY_SIZE),
        on_day=on_day,
    )
