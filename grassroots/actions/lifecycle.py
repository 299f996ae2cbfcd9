"""A union is founded, renamed, merged, dissolved."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from members.choices import ENDED_STATES, EventKind, State
from members.models import Member, MembershipEvent
from members.queries import in_force
from unionoffice.organisation.choices import UnionKind
from unionoffice.organisation.models import Coverage, Union, Unit, User, in_being
from unionoffice.organisation.today import Today
from unionoffice.records.history import act
from unionoffice.records.models import ActKind
from unionoffice.records.steps import StepRefused, is_ahead, refuse_far_ahead

from ..models import CommitteeTerm, UnionName
from ..queries import lasting


def found_union(
    unit: Unit,
    *,
    name: str,
    on: date,
    by: User | None,
    approval_no: str = "",
    parent: Union | None = None,
    takes_coverage: bool = False,
    takes_members: bool = False,
) -> Union:
    """A single union for one unit, which may take over the unit's coverage by others and its members there.

    Raises StepRefused when the unit is closed or has one already.
    """
    _require_free(unit, name, on)
    with act(ActKind.STEP, user=by, summary=f"建会：{name}"):
        union = Union.objects.create(
            name=name,
            kind=UnionKind.SINGLE,
            parent=parent or Union.objects.filter(kind=UnionKind.TOWNSHIP).first(),
            founded_on=on,
            approval_no=approval_no,
            employer=unit,
            industry=unit.industry,
            address=unit.address,
        )
        Coverage.objects.create(union=union, unit=unit, started_on=on)
        links = links_to_others(unit, on).exclude(union=union)
        if takes_members:
            _move(members_there(unit, links, on), union, on, f"{unit}建会")
        if takes_coverage:
            Coverage.objects.filter(pk__in=[link.pk for link in links]).update(ended_on=on)
    return union


def _require_free(unit: Unit, name: str, on: date) -> None:
    """StepRefused where the unit is closed or has a union of its own, or the name is taken."""
    refuse_far_ahead(on)
    if unit.closed_on is not None and unit.closed_on <= on:
        raise StepRefused(f"该单位已于{unit.closed_on}注销。")
    lasts = Q(ended_on__isnull=True) | Q(ended_on__gt=on)
    own = Coverage.objects.filter(lasts, unit=unit, union__kind=UnionKind.SINGLE)
    if found := own.select_related("union").first():
        raise StepRefused(f"该单位已有单独基层工会“{found.union}”。")
    if Union.objects.filter(name=name).exists():
        raise StepRefused(f"已有名为“{name}”的工会。", "name")


def links_to_others(unit: Unit, on: date) -> QuerySet[Coverage]:
    """By which unions of several units a unit is covered on a day."""
    links = Coverage.objects.filter(lasting("started_on", "ended_on", on), unit=unit)
    return links.exclude(union__kind=UnionKind.SINGLE).select_related("union")


def members_there(unit: Unit, links: Iterable[Coverage], on: date) -> list[MembershipEvent]:
    """The events by which people of a unit stand on a day in the unions of these links."""
    unions = [link.union_id for link in links]
    standing = MembershipEvent.objects.filter(in_force(on), member__unit=unit, union__in=unions)
    return list(standing.exclude(state__in=ENDED_STATES))


@transaction.atomic
def rename(
    union: Union, *, name: str, on: date, by: User | None, short_name: str = "", document_no: str = ""
) -> UnionName:
    """Give a union a new name from that day on and keep the old one."""
    refuse_future(on)
    union = _standing(union, on)
    if name == union.name:
        raise StepRefused("新名称与现名称相同。", "name")
    if Union.objects.filter(name=name).exists():
        raise StepRefused(f"已有名为“{name}”的工会。", "name")
    latest = union.former_names.order_by("-used_until").first()
    if latest is not None and on <= latest.used_until:
        raise StepRefused(f"该工会已于{latest.used_until}更过名，日期应在其后。", "on")
    with act(ActKind.STEP, user=by, summary=f"更名：{union} → {name}"):
        former = UnionName.objects.create(
            union=union, name=union.name, used_until=on, document_no=document_no
        )
        union.name, union.short_name = name, short_name
        union.save(update_fields=["name", "name_pinyin", "name_initials", "short_name"])
    return former


@transaction.atomic
def merge(union: Union, *, into: Union, on: date, by: User | None, reason: str = "") -> int:
    """Let a union end in another, which takes over members, units and lower unions. Gives how many members moved."""
    refuse_far_ahead(on)
    union, into = _standing(union, on, ends=True), _standing(into, on)
    if into.pk == union.pk:
        raise StepRefused("工会不能并入自己。", "into")
    if into.kind not in (UnionKind.SINGLE, UnionKind.JOINT, UnionKind.FEDERATION):
        raise StepRefused(f"{into.get_kind_display()}不能接收并入的工会。", "into")
    taken = _taken_over(union, into, on)
    with act(ActKind.STEP, user=by, summary=f"合并：{union} 并入 {into}", reason=reason):
        moved = _move_members(union, into, on, f"{union}并入{into}")
        _close(union, on)
        Coverage.objects.bulk_create(Coverage(union=into, unit=unit, started_on=on) for unit in taken)
        union.dissolved_on, union.merged_into = on, into
        union.save(update_fields=["dissolved_on", "merged_into"])
        if not is_ahead(on):
            hand_over_children(union)
    return moved


@transaction.atomic
def dissolve(
    union: Union,
    *,
    on: date,
    by: User | None,
    reason: str,
    receiver: Union | None = None,
    leaves_town: bool = False,
) -> int:
    """End a union. Its members move to the receiver or out of town; without members neither is needed.

    Gives how many moved.
    """
    refuse_far_ahead(on)
    union = _standing(union, on, ends=True)
    if union.kind == UnionKind.TOWNSHIP:
        raise StepRefused("镇总工会不能撤销。")
    if receiver is not None:
        if leaves_town:
            raise StepRefused("会员转到接收工会和转出本镇只能选一项。", "leaves_town")
        receiver = _standing(receiver, on)
    with act(ActKind.STEP, user=by, summary=f"撤销：{union}", reason=reason):
        why = f"{union}撤销，{reason}" if leaves_town else f"{union}撤销"
        moved = _move_members(union, receiver, on, why, leaves_town=leaves_town)
        _close(union, on)
        union.dissolved_on = on
        union.save(update_fields=["dissolved_on"])
        if not is_ahead(on):
            hand_over_children(union)
    return moved


def refuse_future(on: date) -> None:
    if on > timezone.localdate():
        raise StepRefused(f"日期{on}晚于今天，请到那天再办理。", "on")


def _standing(union: Union, on: date, *, ends: bool = False) -> Union:
    """The union as it is now, locked; it must be there on that day, and is to end once only."""
    found = Union.objects.held().get(pk=union.pk)
    if found.dissolved_on is not None and (ends or found.dissolved_on <= on):
        raise StepRefused(f"{found}已{'于' if found.has_ended else '登记'}{found.dissolved_on}撤销。")
    if found.founded_on is not None and on < found.founded_on:
        raise StepRefused(f"{found}于{found.founded_on}建会，日期应在其后。", "on")
    return found


def _taken_over(union: Union, into: Union, on: date) -> list[Unit]:
    """Units that the other union does not cover yet; a single union can take none."""
    links = Coverage.objects.filter(lasting("started_on", "ended_on", on))
    covered = set(links.filter(union=into).values_list("unit", flat=True))
    units = [
        link.unit for link in links.filter(union=union).select_related("unit") if link.unit_id not in covered
    ]
    if into.kind == UnionKind.SINGLE and len(covered) + len(units) > 1:
        raise StepRefused(f"{into}是单独基层工会，只能有1个单位，请先把它改为联合基层工会。", "into")
    return units


def _move_members(union: Union, to: Union | None, on: date, reason: str, *, leaves_town: bool = False) -> int:
    """One transfer, or departure from town, for everybody whose membership lies in the union, whatever its state."""
    # Whoever is just taking a step of their own is waited for and moved as they then stand.
    list(Member.objects.held().filter(union=union).order_by("pk").values("pk"))
    later = MembershipEvent.objects.filter(union=union, on__gt=on).count()
    if later:
        raise StepRefused(f"该工会在{on}以后还有{later}项会籍变动，请改用更晚的日期。", "on")
    standing = list(
        MembershipEvent.objects.filter(union=union, until__isnull=True).exclude(state__in=ENDED_STATES)
    )
    if not standing:
        return 0
    if to is None and not leaves_town:
        raise StepRefused(
            f"该工会还有{len(standing)}名会员，请选择接收会员的工会，或勾选“会员转出本镇”。", "receiver"
        )
    if to is not None and to.pk == union.pk:
        raise StepRefused("接收会员的应是另一个工会。", "receiver")
    return _move(standing, to, on, reason)


def _move(standing: list[MembershipEvent], to: Union | None, on: date, reason: str) -> int:
    """Let these members go on in another union as they stand, or leave town where none is given. Gives how many."""
    later = MembershipEvent.objects.filter(
        member__in=[event.member_id for event in standing], on__gt=on
    ).count()
    if later:
        raise StepRefused(
            f"这些会员在{on}以后还有{later}项会籍变动，请改用更晚的日期，或先删除那些变动。", "on"
        )
    same_day = sum(event.on == on for event in standing)
    if same_day:
        raise StepRefused(f"有{same_day}名会员在{on}已有会籍变动，一天只能办理一项，请改用后一天。", "on")
    MembershipEvent.objects.bulk_create(
        MembershipEvent(
            member_id=event.member_id,
            on=on,
            kind=EventKind.TRANSFER if to else EventKind.MOVE_OUT,
            union=to or event.union,
            state=event.state if to else State.MOVED_OUT,
            reason=reason[:200],
        )
        for event in standing
    )
    return len(standing)


def _close(union: Union, on: date) -> None:
    """End what lasts in the union on that day."""
    for rows, what in ((union.coverages, "涵盖关系"), (union.posts, "任职")):
        late = rows.filter(started_on__gt=on).count()
        if late:
            raise StepRefused(f"该工会在{on}以后还有{late}条新的{what}，请改用更晚的日期。", "on")
        rows.filter(ended_on__isnull=True).update(ended_on=on)
        rows.filter(ended_on__gt=on).update(ended_on=on)
    CommitteeTerm.objects.filter(union=union, elected_on__isnull=True, ended_on__isnull=True).update(
        ended_on=on
    )
    CommitteeTerm.objects.filter(union=union, elected_on__lte=on, ends_on__gt=on).update(ended_on=on)


def hand_over_children(union: Union) -> None:
    """The lower unions of one that has ended go to the union it merged into, else to its upper union."""
    union.children.filter(in_being(Today())).update(parent=union.merged_into or union.parent)
