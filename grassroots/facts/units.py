"""How many units there are, how many the unions cover, and the staff they have."""

from typing import Any

from django.db.models import Q

from unionoffice.facts import Dimension, Measure, Scope, Total, rate, register
from unionoffice.organisation.choices import UnionKind
from unionoffice.organisation.models import Unit

from .. import queries


def _covered(scope: Scope) -> Q:
    """Units covered on the as-of day by unions of the scope."""
    return Q(pk__in=queries.links_on(scope.as_of, scope.unions).values("unit"))


def _covered_by(scope: Scope, kinds: list[Any]) -> Q:
    links = queries.links_on(scope.as_of, scope.unions)
    return Q(pk__in=links.filter(union__kind__in=[kind for kind in kinds if kind]).values("unit"))


def _units(scope: Scope) -> Q:
    """Open units; for some unions only those that they cover on the day."""
    if scope.unions is not None:
        return _covered(scope)
    return Q(pk__in=queries.units_on(scope.as_of).values("pk"))


# A unit may be covered by unions of several kinds and counts under each.
BY_UNION = Dimension(
    key="covered_by",
    label="涵盖它的工会类型",
    sort="choice",
    grouped=None,
    where=_covered_by,
    options=lambda: UnionKind.choices,
)
COVERED = Measure(
    key="grassroots.units.covered",
    label="涵盖单位数",
    definition="截止日由在册工会涵盖的存续单位，一个单位由几个工会涵盖也只计一次；工会联合会只计直接涵盖的单位",
    unit="个",
    kind="stock",
    model=Unit,
    slug="units",
    where=_covered,
    slot="organisation",
    cut_by=(BY_UNION,),
)
UNITS = COVERED.again(
    "grassroots.units.count",
    label="单位数",
    definition="截止日存续的登记单位，不论是否建会；没有成立日期的，从最早的涵盖日期或登记之日起计入；"
    "统计部分工会时只含其涵盖的单位",
    where=_units,
)

register(
    COVERED,
    COVERED.figure(
        {"covered_by": UnionKind.JOINT}, key="grassroots.units.joint.count", label="联合基层工会涵盖单位数"
    ),
    UNITS,
    rate("grassroots.units.coverage_rate", "建会率", "截止日涵盖单位占登记单位的比例", COVERED, UNITS),
    COVERED.again(
        "grassroots.staff.total",
        label="涵盖单位职工人数",
        definition="截止日涵盖单位登记的职工人数之和，每个单位计一次，未登记职工人数的单位不计",
        unit="名",
        measure=Total("staff_total"),
    ),
    COVERED.again(
        "grassroots.staff.women.total",
        label="涵盖单位女职工人数",
        definition="截止日涵盖单位登记的女职工人数之和，每个单位计一次",
        unit="名",
        measure=Total("staff_women"),
    ),
)
