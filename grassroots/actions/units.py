"""A union begins and ceases to cover a unit; a unit closes."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Subquery

from unionoffice.organisation.choices import UnionKind, UnitState
from unionoffice.organisation.models import Coverage, Union, Unit, User
from unionoffice.organisation.today import Today
from unionoffice.records.history import act
from unionoffice.records.models import ActKind
from unionoffice.records.rules import Batch, judge
from unionoffice.records.steps import StepRefused, is_ahead, refuse_far_ahead

from ..queries import lasting
from ..rules import coverage as coverage_rules


def cover(
    union: Union,
    *,
    name: str,
    credit_code: str | None,
    on: date,
    by: User | None,
    staff_total: int | None = None,
) -> Coverage:
    """Let a union cover a unit from that day on; a unit not known yet is registered, one known by its code is taken."""
    refuse_far_ahead(on)
    with act(ActKind.STEP, user=by, summary=f"登记涵盖单位：{union} {name}"):
        unit = _unit_named(name, credit_code, staff_total)
        values = {"union": [union.pk], "unit": [unit.pk], "started_on": [on], "ended_on": [None]}
        for problem in judge(
            (coverage_rules.one_single_union, coverage_rules.within_lives), Batch(values, [None], by)
        ):
            raise StepRefused(problem.message)
        return Coverage.objects.create(union=union, unit=unit, started_on=on)


def _unit_named(name: str, credit_code: str | None, staff_total: int | None) -> Unit:
    known = Unit.objects.filter(credit_code=credit_code).first() if credit_code else None
    if known is not None:
        if known.name != name:
            raise StepRefused(
                "这个代码的单位已登记为另一名称，请核对；单位确已更名的，请联系镇总工会。", "name"
            )
        return known
    if Unit.objects.filter(name=name).exists():
        raise StepRefused(
            "已登记过同名单位，请填写它的统一社会信用代码；没有代码的，请联系镇总工会。", "credit_code"
        )
    return Unit.objects.create(name=name, credit_code=credit_code, staff_total=staff_total)


@transaction.atomic
def end_coverage(link: Coverage, *, on: date, by: User | None, reason: str = "") -> None:
    """The union no longer covers the unit from that day on."""
    refuse_far_ahead(on)
    link = Coverage.objects.held().get(pk=link.pk)
    if link.ended_on is not None:
        raise StepRefused(f"已于{link.ended_on}终止涵盖。")
    if on < link.started_on:
        raise StepRefused(f"{link.started_on}才开始涵盖，终止日期不能更早。", "on")
    with act(ActKind.STEP, user=by, summary=f"终止涵盖：{link}", reason=reason):
        link.ended_on = on
        link.save(update_fields=["ended_on"])


@transaction.atomic
def close_unit(unit: Unit, *, on: date, by: User | None, reason: str = "") -> int:
    """The unit no longer exists from that day on; gives how many unions ceased to cover it."""
    refuse_far_ahead(on)
    unit = Unit.objects.held().get(pk=unit.pk)
    if unit.closed_on is not None:
        raise StepRefused(f"该单位已于{unit.closed_on}注销。")
    if unit.coverages.filter(started_on__gt=on).exists():
        raise StepRefused(f"{on}以后还有新的涵盖关系，请改用更晚的日期。", "on")
    with act(ActKind.STEP, user=by, summary=f"单位注销：{unit}", reason=reason):
        lasting_links = Q(ended_on__isnull=True) | Q(ended_on__gt=on)
        ended = unit.coverages.filter(lasting_links).update(ended_on=on)
        unit.closed_on, unit.state = on, unit.state if is_ahead(on) else UnitState.CLOSED
        unit.save(update_fields=["closed_on", "state"])
    return ended


def cover_employers(pks: Sequence[int], user: User | None = None) -> None:
    """Single unions just written cover the unit for which they were founded, from their founding on."""
    lasting_link = Coverage.objects.filter(lasting("started_on", "ended_on", Today()), union=OuterRef("pk"))
    bare = Union.objects.filter(
        ~Exists(lasting_link),
        pk__in=pks,
        kind=UnionKind.SINGLE,
        employer__closed_on__isnull=True,
        employer__isnull=False,
        founded_on__isnull=False,
        dissolved_on__isnull=True,
    )
    Coverage.objects.bulk_create(
        Coverage(union_id=union, unit_id=unit, started_on=founded_on)
        for union, unit, founded_on in bare.values_list("pk", "employer", "founded_on")
    )


def employers_from_coverage(pks: Sequence[int], user: User | None = None) -> None:
    """Single unions without a named unit are those of the unit that they cover."""
    written = Coverage.objects.filter(pk__in=pks, ended_on__isnull=True, union=OuterRef("pk"))
    Union.objects.filter(
        Exists(written), kind=UnionKind.SINGLE, employer__isnull=True, dissolved_on__isnull=True
    ).update(employer=Subquery(written.values("unit")[:1]))
