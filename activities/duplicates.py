"""One activity that another union, too, may have entered: told while it is typed, and found afterwards."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from unionoffice.organisation import access
from unionoffice.organisation.models import Union, User
from unionoffice.records.types import Duplicate, registry
from unionoffice.values import Refused, clean_day

from . import queries
from .merging import MERGE
from .models import Activity

SHOWN = 5


def likely_duplicates(typed: dict[str, Any], user: User, pk: int | None) -> list[Duplicate]:
    """Activities of that day that may be the one being typed: those in sight; of others a chair learns title, day and
    organiser where the own union is named in them."""
    same = _same_as(typed)
    if same is None:
        return []
    seen = access.rows(user, Activity).filter(same).exclude(pk=pk).select_related("union")
    found = [Duplicate(other, _told(other), *_offer(pk, user)) for other in seen.distinct()[:SHOWN]]
    return found + [Duplicate(None, f"{other}，{_told(other)}") for other in _naming(user, same)]


def _same_as(typed: dict[str, Any]) -> Q | None:
    """The condition of entries that may be the typed one; None as long as it has no day."""
    try:
        day = clean_day(typed.get("starts_on", ""))
    except Refused:
        return None
    if day is None:
        return None
    own, partner = (typed.get(name, "") for name in ("union", "co_organisers"))
    return queries.of_one_event(
        day,
        typed.get("title", ""),
        typed.get("kind", ""),
        typed.get("venue", ""),
        Q(co_organisers=own if own.isdecimal() else 0) | Q(union=partner if partner.isdecimal() else 0),
    )


def _naming(user: User, same: Q) -> Iterator[Activity]:
    """Entries out of sight that name the user's own union among those who held it with them."""
    if access.sees_whole_town(user) or user.union is None:
        return
    own: Union = user.union
    named = Q(external_organisers__contains=own.name)
    if own.short_name:
        named |= Q(external_organisers__contains=own.short_name)
    seen = access.rows(user, Activity).values("pk")
    others = Activity.objects.filter(same & named).exclude(pk__in=seen).select_related("union")
    yield from others.distinct()[:SHOWN]


def _told(other: Activity) -> str:
    return f"{other.starts_on}，主办：{other.union}"


def _offer(pk: int | None, user: User) -> tuple[str, ...]:
    """The way to make one of both: only from an entry that is there already, and only for those who may merge."""
    kind = registry.of(Activity)
    if pk is None or not access.may(user, MERGE, kind):
        return ()
    return kind.url("step", pk, step=MERGE), "合并为一项"
