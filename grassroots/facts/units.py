"""How many units there are, how many the unions cover, and the staff they have."""

from typing import Any

from django.db.models import Q

from unionoffice.facts import Fact, Rate, Scope, Total, register
from unionoffice.organisation.choices import UnionKind
from unionoffice.organisation.models import Unit

from .. import queries
from .making import Where, figure

COVERED = "grassroots.units.covered"
UNITS = "grassroots.units.count"


def _covered(*kinds: UnionKind) -> Where:
    """Units covered on the as-of day by unions of the scope, of these kinds only if any are given."""

    def where(scope: Scope) -> Q:
        links = queries.links_on(scope.as_of, scope.unions)
        return Q(pk__in=(links.filter(union__kind__in=kinds) if kinds else links).values("unit"))

    return where


def _units(scope: Scope) -> Q:
    """Open units; for some unions only those that they cover on the day."""
    if scope.unions is not None:
        return _covered()(scope)
    return Q(pk__in=queries.units_on(scope.as_of).values("pk"))


def _unit_figure(key: str, label: str, definition: str, where: Where, **more: Any) -> Fact:
    options = {"unit": "个", "kind": "stock", "slot": "organisation"} | more
    return figure(key, label, definition, model=Unit, where=where, **options)


register(
    _unit_figure(
        COVERED,
        "涵盖单位数",
        "截止日由在册工会涵盖的存续单位，一个单位由几个工会涵盖也只计一次；工会联合会只计直接涵盖的单位",
        _covered(),
    ),
    _unit_figure(
        "grassroots.units.joint.count",
        "联合基层工会涵盖单位数",
        "截止日由联合基层工会涵盖的存续单位，每个单位计一次",
        _covered(UnionKind.JOINT),
    ),
    _unit_figure(
        UNITS,
        "单位数",
        "截止日存续的登记单位，不论是否建会；没有成立日期的，从最早的涵盖日期或登记之日起计入；"
        "统计部分工会时只含其涵盖的单位",
        _units,
    ),
    _unit_figure(
        "grassroots.units.coverage_rate",
        "建会率",
        "截止日涵盖单位占登记单位的比例",
        _covered(),
        unit="%",
        kind="rate",
        measure=Rate(COVERED, UNITS, "涵盖单位数÷单位数"),
    ),
    _unit_figure(
        "grassroots.staff.total",
        "涵盖单位职工人数",
        "截止日涵盖单位登记的职工人数之和，每个单位计一次，未登记职工人数的单位不计",
        _covered(),
        unit="名",
        measure=Total("staff_total"),
    ),
    _unit_figure(
        "grassroots.staff.women.total",
        "涵盖单位女职工人数",
        "截止日涵盖单位登记的女职工人数之和，每个单位计一次",
        _covered(),
        unit="名",
        measure=Total("staff_women"),
    ),
)
