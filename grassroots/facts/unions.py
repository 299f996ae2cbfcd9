"""How many unions there are, come and go; what they are registered as; whether their data are confirmed."""

from django.db.models import Q

from members.models import MembershipEvent
from members.queries import active_on
from unionoffice.facts import Rate, Scope, Total, register
from unionoffice.organisation.choices import BASE_KINDS, UnionKind
from unionoffice.organisation.models import Union

from .. import queries
from ..deadlines import CONFIRM_MONTHS, limits, period_label
from .making import UNIONS, Where, figure, flow, in_period, standing, stock

ALL = "grassroots.unions.all.count"
LEGAL_PERSONS = "grassroots.legal_person.count"
CONFIRMED = "grassroots.confirmed.count"


def _of_kinds(*kinds: UnionKind) -> Where:
    return lambda scope: Q(kind__in=kinds)


def _ending(merged: bool) -> Where:
    """Unions that ended in the period, into another or for good."""
    return lambda scope: in_period("dissolved_on")(scope) & Q(merged_into__isnull=not merged)


def _confirmed(scope: Scope) -> Q:
    period = period_label(scope.as_of, limits(scope.as_of)[CONFIRM_MONTHS])
    return Q(pk__in=queries.confirmed(period, scope.as_of))


register(
    stock(
        UNIONS,
        "基层工会数",
        "截止日在册的单独基层工会和联合基层工会，工会联合会、工会小组、组织员不计；"
        "没有建会日期的，从最早的涵盖日期或登记之日起计入",
        _of_kinds(*BASE_KINDS),
    ),
    stock(
        "grassroots.unions.single.count",
        "单独基层工会数",
        "截止日在册的单独基层工会",
        _of_kinds(UnionKind.SINGLE),
    ),
    stock(
        "grassroots.unions.joint.count",
        "联合基层工会数",
        "截止日在册的联合基层工会",
        _of_kinds(UnionKind.JOINT),
    ),
    stock(
        "grassroots.unions.federation.count",
        "工会联合会数",
        "截止日在册的工会联合会",
        _of_kinds(UnionKind.FEDERATION),
    ),
    stock(ALL, "工会总数", "截止日在册的单独基层工会、联合基层工会和工会联合会"),
    flow(
        "grassroots.unions.founded.count",
        "新建工会数",
        "建会日期在期内的单独、联合基层工会和工会联合会，期内又撤销的也计",
        in_period("founded_on"),
    ),
    flow(
        "grassroots.unions.dissolved.count",
        "撤销工会数",
        "撤销日期在期内的单独、联合基层工会和工会联合会，并入其他工会的不计",
        _ending(merged=False),
    ),
    flow(
        "grassroots.unions.merged.count",
        "并入其他工会数",
        "期内并入其他工会而终止的单独、联合基层工会和工会联合会",
        _ending(merged=True),
    ),
    stock(
        "grassroots.declared.total",
        "上报会员数",
        "截止日在册的基层工会和工会联合会登记的上报会员数之和，与会员总数的差额即实名采集缺口",
        unit="名",
        measure=Total("declared_members"),
    ),
    figure(
        "grassroots.members.joint.count",
        "联合基层工会会员",
        "截止日会员中所在工会是联合基层工会的，每人计一次",
        "名",
        "stock",
        MembershipEvent,
        lambda scope: active_on(scope.as_of, scope.unions) & Q(union__kind=UnionKind.JOINT),
        slot="organisation",
    ),
    stock(
        LEGAL_PERSONS,
        "具有法人资格的工会数",
        "截止日在册的单独、联合基层工会中法人登记有效的",
        lambda scope: Q(kind__in=BASE_KINDS) & queries.legal_persons(scope.as_of),
    ),
    figure(
        "grassroots.legal_person.rate",
        "工会法人登记率",
        "截止日具有法人资格的基层工会占基层工会的比例",
        "%",
        "rate",
        Union,
        lambda scope: standing(scope) & Q(kind__in=BASE_KINDS) & queries.legal_persons(scope.as_of),
        measure=Rate(LEGAL_PERSONS, UNIONS, "具有法人资格的工会数÷基层工会数"),
        slot="organisation",
    ),
    stock(
        "grassroots.bodies.audit.count",
        "建立经审组织的工会数",
        "截止日在册的基层工会和工会联合会中，登记为建立经费审查委员会的（按现在的登记）",
        lambda scope: Q(has_audit_committee=True),
    ),
    stock(
        "grassroots.bodies.women.count",
        "建立女职工组织的工会数",
        "截止日在册的基层工会和工会联合会中，登记为建立女职工委员会的（按现在的登记）",
        lambda scope: Q(has_women_committee=True),
    ),
    stock(
        CONFIRMED,
        "已确认数据的工会数",
        "截止日在册的基层工会和工会联合会中，截止日前已确认截止日所在确认期数据的",
        _confirmed,
        slot="end",
    ),
    figure(
        "grassroots.confirmed.rate",
        "数据确认率",
        "截止日已确认当期数据的工会占在册工会的比例",
        "%",
        "rate",
        Union,
        lambda scope: standing(scope) & _confirmed(scope),
        measure=Rate(CONFIRMED, ALL, "已确认数据的工会数÷工会总数"),
    ),
)
