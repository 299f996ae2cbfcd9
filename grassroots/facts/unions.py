"""How many unions there are, come and go; what they are registered as; whether their data are confirmed."""

from collections.abc import Callable
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from members.facts import ACTIVE
from unionoffice.facts import Measure, Scope, Total, condition, rate, register
from unionoffice.organisation.choices import BASE_KINDS, UnionKind
from unionoffice.organisation.models import Union

from .. import queries
from ..deadlines import CONFIRM_MONTHS, limits, period_label
from .making import STANDING, happened, in_period


def _confirmed(scope: Scope) -> Q:
    period = period_label(scope.as_of, limits(scope.as_of)[CONFIRM_MONTHS])
    return Q(pk__in=queries.confirmed(period, scope.as_of))


def _terms_ending(
    first: Callable[[Scope], date | None], last: Callable[[Scope], date]
) -> Callable[[Scope], Q]:
    """Unions whose committee of the as-of day runs out between two days."""

    def where(scope: Scope) -> Q:
        terms: QuerySet = queries.terms_on(scope.as_of).filter(ends_on__lte=last(scope))
        start = first(scope)
        return Q(pk__in=(terms if start is None else terms.filter(ends_on__gte=start)).values("union"))

    return where


UNIONS = Measure(
    key="grassroots.unions.all.count",
    label="工会总数",
    definition="截止日在册的单独基层工会、联合基层工会和工会联合会；没有建会日期的，从最早的涵盖日期或登记之日起计入",
    unit="家",
    kind="stock",
    model=Union,
    slug="unions",
    where=lambda scope: Q(pk__in=Union.objects.counted_on(scope.as_of).values("pk")),
    slot="organisation",
    uncut=frozenset({"merged_into"}),
    cut_by=(
        *STANDING,
        condition("confirmed", "已确认当期数据", _confirmed),
        condition(
            "due_next_year",
            "现届次年届满",
            _terms_ending(lambda s: date(s.year + 1, 1, 1), lambda s: date(s.year + 1, 12, 31)),
        ),
        condition(
            "overdue",
            "任期已届满未换届",
            _terms_ending(lambda s: None, lambda s: s.as_of - timedelta(days=1)),
        ),
    ),
)
BASE = UNIONS.figure({"kind": BASE_KINDS}, key="grassroots.unions.count", label="基层工会数")
LEGAL_PERSONS = UNIONS.figure(
    {"kind": BASE_KINDS, "legal_person": "yes"},
    key="grassroots.legal_person.count",
    label="具有法人资格的工会数",
)
CONFIRMED = UNIONS.figure(
    {"confirmed": "yes"},
    key="grassroots.confirmed.count",
    label="已确认数据的工会数",
    definition="截止日在册的基层工会和工会联合会中，截止日前已确认截止日所在确认期数据的",
    slot="end",
)


def _ending(*, merged: bool) -> Callable[[Scope], Q]:
    """Unions that ended in the period, into another or for good."""
    return lambda scope: in_period("dissolved_on")(scope) & Q(merged_into__isnull=not merged)


register(
    UNIONS,
    BASE,
    *(
        UNIONS.figure({"kind": kind}, key=f"grassroots.unions.{kind.value}.count", label=f"{kind.label}数")
        for kind in (UnionKind.SINGLE, UnionKind.JOINT, UnionKind.FEDERATION)
    ),
    happened(
        "grassroots.unions.founded.count",
        "新建工会数",
        "建会日期在期内的单独、联合基层工会和工会联合会，期内又撤销的也计",
        in_period("founded_on"),
        "founded_on",
    ),
    happened(
        "grassroots.unions.dissolved.count",
        "撤销工会数",
        "撤销日期在期内的单独、联合基层工会和工会联合会，并入其他工会的不计",
        _ending(merged=False),
        "dissolved_on",
    ),
    happened(
        "grassroots.unions.merged.count",
        "并入其他工会数",
        "期内并入其他工会而终止的单独、联合基层工会和工会联合会",
        _ending(merged=True),
        "dissolved_on",
    ),
    UNIONS.again(
        "grassroots.declared.total",
        label="上报会员数",
        definition="截止日在册的基层工会和工会联合会登记的上报会员数之和，与会员总数的差额即实名采集缺口",
        unit="名",
        measure=Total("declared_members"),
    ),
    ACTIVE.figure(
        {"union.kind": UnionKind.JOINT}, key="grassroots.members.joint.count", label="联合基层工会会员"
    ),
    LEGAL_PERSONS,
    rate(
        "grassroots.legal_person.rate",
        "工会法人登记率",
        "截止日具有法人资格的基层工会占基层工会的比例",
        LEGAL_PERSONS,
        BASE,
    ),
    UNIONS.figure(
        {"has_audit_committee": "yes"},
        key="grassroots.bodies.audit.count",
        label="建立经审组织的工会数",
        definition="截止日在册的基层工会和工会联合会中，登记为建立经费审查委员会的（按现在的登记）",
    ),
    UNIONS.figure(
        {"has_women_committee": "yes"},
        key="grassroots.bodies.women.count",
        label="建立女职工组织的工会数",
        definition="截止日在册的基层工会和工会联合会中，登记为建立女职工委员会的（按现在的登记）",
    ),
    CONFIRMED,
    rate(
        "grassroots.confirmed.rate",
        "数据确认率",
        "截止日已确认当期数据的工会占在册工会的比例",
        CONFIRMED,
        UNIONS,
    ),
)
