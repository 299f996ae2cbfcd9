"""A union is founded, renamed, merged, dissolved."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from members.choices import ENDED_STATES, EventKind
from members.models import Member, MembershipEvent
from unionoffice.organisation.choices import UnionKind
from unionoffice.organisation.models import Coverage, Union, Unit, User
from unionoffice.records.history import act
from unionoffice.records.models import ActKind
from unionoffice.records.steps import StepRefused

from ..models import CommitteeTerm, UnionName
from ..queries import lasting


def found_union(
    unit: Unit, *, name: str, on: date, by: User | None, approval_no: str = "", parent: Union | None = None
) -> Union:
    """A single union for one unit. Raises StepRefused when the unit is closed or has one already."""
    refuse_future(on)
    if unit.closed_on is not None and unit.closed_on <= on:
        raise StepRefused(f"该单位已于{unit.closed_on}注销。")
    own = Coverage.objects.filter(
        lasting("started_on", "ended_on", on), unit=unit, union__kind=UnionKind.SINGLE
    )
    if found := own.select_related("union").first():
        raise StepRefused(f"该单位已有单独基层工会“{found.union}”。")
    if Union.objects.filter(name=name).exists():
        raise StepRefused(f"已有名为“{name}”的工会。", "name")
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
    return union


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
    refuse_future(on)
    union, into = _standing(union, on), _standing(into, on)
    if into.pk == union.pk:
        raise StepRefused("工会不能并入自己。", "into")
    if into.kind not in (UnionKind.SINGLE, UnionKind.JOINT, UnionKind.FEDERATION):
        raise StepRefused(f"{into.get_kind_display()}不能接收并入的工会。", "into")
    taken = _taken_over(union, into, on)
    with act(ActKind.STEP, user=by, summary=f"合并：{union} 并入 {into}", reason=reason):
        moved = _move_members(union, into, on, f"{union}并入{into}")
        _close(union, on, into)
        Coverage.objects.bulk_create(Coverage(union=into, unit=unit, started_on=on) for unit in taken)
        union.dissolved_on, union.merged_into = on, into
        union.save(update_fields=["dissolved_on", "merged_into"])
    return moved


@transaction.atomic
def dissolve(union: Union, *, on: date, by: User | None, reason: str, receiver: Union | None = None) -> int:
    """End a union. Its members move to the receiver; without members none is needed. Gives how many moved."""
    refuse_future(on)
    union = _standing(union, on)
    if union.kind == UnionKind.TOWNSHIP:
        raise StepRefused("镇总工会不能撤销。")
    if receiver is not None:
        receiver = _standing(receiver, on)
    with act(ActKind.STEP, user=by, summary=f"撤销：{union}", reason=reason):
        moved = _move_members(union, receiver, on, f"{union}撤销")
        _close(union, on, union.parent)
        union.dissolved_on = on
        union.save(update_fields=["dissolved_on"])
    return moved


def refuse_future(on: date) -> None:
    if on > timezone.localdate():
        raise StepRefused(f"日期{on}晚于今天，请到那天再办理。", "on")


def _standing(union: Union, on: date) -> Union:
    """The union as it is now, locked; it must be there on that day."""
    found = Union.objects.held().get(pk=union.pk)
    if found.dissolved_on is not None:
        raise StepRefused(f"{found}已于{found.dissolved_on}撤销。")
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


def _move_members(union: Union, to: Union | None, on: date, reason: str) -> int:
    """One transfer for everybody whose membership lies in the union, whatever its state."""
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
    if to is None:
        raise StepRefused(f"该工会还有{len(standing)}名会员，请选择接收会员的工会。", "receiver")
    if to.pk == union.pk:
        raise StepRefused("接收会员的应是另一个工会。", "receiver")
    same_day = sum(event.on == on for event in standing)
    if same_day:
        raise StepRefused(f"有{same_day}名会员在{on}已有会籍变动，一天只能办理一项，请改用后一天。", "on")
    MembershipEvent.objects.bulk_create(
        MembershipEvent(
            member_id=event.member_id,
            on=on,
            kind=EventKind.TRANSFER,
            union=to,
            state=event.state,
            reason=reason[:200],
        )
        for event in standing
    )
    return len(standing)


def _close(union: Union, on: date, heir: Union | None) -> None:
    """End what lasts in the union on that day; lower unions go to the heir."""
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
    union.children.filter(dissolved_on__isnull=True).update(parent=heir)
