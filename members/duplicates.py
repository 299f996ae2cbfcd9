"""Who may already be registered, told while a member is typed."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.core import signing
from django.db.models.functions import Right
from django.urls import reverse

from unionoffice.organisation import access
from unionoffice.organisation.models import User
from unionoffice.records.types import Duplicate, registry
from unionoffice.values import Refused, clean_day, clean_id_number, clean_mobile, clean_name

from .choices import EventKind, State
from .models import Member
from .steps import MEMBER_STEPS

REQUEST = "request"  # the action of asking for a member of another union; also the salt of its address
ALIKE = 5


def _typed(cleaner: Callable[[str], Any], text: str) -> Any:
    try:
        return cleaner(text)
    except Refused:
        return None


def likely_duplicates(typed: dict[str, Any], user: User, pk: int | None) -> list[Duplicate]:
    """Members who may be the person being typed: same number anywhere in the town; of those in sight also the same
    phone, the same name and birthday, the same name in the same union."""
    found: dict[int, Duplicate] = {}
    number = _typed(lambda text: clean_id_number(text, None), typed.get("id_number", ""))
    if number:
        for other in Member.objects.filter(id_hash=number).exclude(pk=pk):
            found[other.pk] = _registered(other, user)
    for other, reason in _alike(typed, user):
        if other.pk != pk:
            found.setdefault(other.pk, Duplicate(other, f"{reason}，{other.union}"))
    return list(found.values())


def _registered(other: Member, user: User) -> Duplicate:
    """Somebody with the same number: within sight shown, elsewhere only said to be there, with the way to ask for."""
    if registry.of(Member).rows(user).filter(pk=other.pk).exists():
        return Duplicate(
            other, f"证件号码相同，{other.union}，{other.get_state_display()}", *_offer(other, user)
        )
    token = signing.dumps(other.pk, salt=REQUEST)
    url = f"{reverse('members:request_transfer')}?who={token}"
    reason = "该证件号码的人员已在其他工会登记"
    return (
        Duplicate(None, reason, url, "申请转会") if other.state != State.DECEASED else Duplicate(None, reason)
    )


def _offer(other: Member, user: User) -> tuple[str, ...]:
    for step in MEMBER_STEPS:
        back = step.key in (EventKind.TRANSFER, EventKind.REJOIN, EventKind.RESUME)
        if back and step.shown(other) and access.may(user, step.needs, registry.of(Member)):
            return registry.of(Member).url("step", other.pk, step=step.key), f"办理{step.label}"
    return ()


def _alike(typed: dict[str, Any], user: User) -> Iterator[tuple[Member, str]]:
    rows = registry.of(Member).rows(user).select_related("union")
    name = _typed(clean_name, typed.get("name", ""))
    phone = _typed(clean_mobile, typed.get("phone", ""))
    born = _typed(clean_day, typed.get("born_on", ""))
    if name and isinstance(born, date):
        yield from ((other, "姓名和出生日期相同") for other in rows.filter(name=name, born_on=born)[:ALIKE])
    if phone:
        same = rows.alias(tail=Right("phone", 4)).filter(tail=phone[-4:], phone=phone)
        yield from ((other, "手机号码相同") for other in same[:ALIKE])
    if name and typed.get("union", "").isdecimal():
        yield from (
            (other, "同一工会的同名会员") for other in rows.filter(name=name, union=typed["union"])[:ALIKE]
        )
