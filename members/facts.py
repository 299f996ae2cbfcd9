"""The figures of the member roster. Rows are membership events: one per member for a stock, one per change for a flow."""

from collections.abc import Callable
from datetime import date

from django.db.models import Q

from unionoffice.facts import Measure, Names, Scope, Total, condition, rate, register, text
from unionoffice.organisation.models import Union

from . import queries
from .choices import CheckResult, Flag, NewForm, Sex
from .models import CollectionTask, MembershipEvent, RosterCheck, RosterCheckLine

# Of the person, as the roster says today.
PERSON = (
    "union.kind",
    "union.industry",
    "member.sex",
    "member.is_migrant",
    "member.new_form_group",
    "member.education",
    "member.political_status",
)

ACTIVE = Measure(
    key="members.active.count",
    label="会员总数",
    definition="截止日状态为“正常”的会员，按当日所在工会统计，每人计一次",
    unit="名",
    kind="stock",
    model=MembershipEvent,
    slug="membership-events",
    where=lambda scope: queries.active_on(scope.as_of, scope.unions),
    slot="organisation",
    uncut=frozenset({"state", "kind", "from_state", "from_union"}),
    cut_by=(
        *PERSON,
        condition("ecard", "电子会员证已绑定", lambda scope: queries.flagged(Flag.CARD, scope.as_of)),
        condition("realname", "实名信息完整", lambda scope: queries.flagged(Flag.COMPLETE, scope.as_of)),
    ),
)
COMPLETE = ACTIVE.figure(
    {"realname": "yes"},
    key="members.realname.complete.count",
    label="实名信息完整的会员",
    definition="截止日会员中性别、出生日期、是否农民工、手机号码当日已登记齐全，并有工作单位"
    "（灵活就业、新就业形态人员可无单位）的；入会登记时齐全的从入会起",
)
BOUND = ACTIVE.figure(
    {"ecard": "yes"},
    key="members.ecard.count",
    label="电子会员证绑定会员",
    definition="截止日会员中当日已绑定电子会员证的；没有绑定日期的，从登记绑定之日起计入，入会登记时已绑定的从入会起",
)

register(
    ACTIVE,
    ACTIVE.figure({"member.sex": Sex.FEMALE}, key="members.women.count", label="女会员"),
    ACTIVE.figure({"member.is_migrant": "yes"}, key="members.migrant.count", label="农民工会员"),
    ACTIVE.figure(
        {"member.new_form_group": NewForm.values},
        key="members.new_form.count",
        label="新就业形态劳动者会员",
        definition="截止日会员中登记了新就业形态类别的",
    ),
    BOUND,
    COMPLETE,
    rate(
        "members.realname.rate", "会员实名信息完整率", "实名信息完整的会员占会员总数的比例", COMPLETE, ACTIVE
    ),
    rate("members.ecard.rate", "电子会员证绑定率", "已绑定电子会员证的会员占会员总数的比例", BOUND, ACTIVE),
)


def _flow(
    key: str, label: str, definition: str, condition: Callable[[date, date, queries.Unions], Q]
) -> Measure:
    return Measure(
        key=key,
        label=label,
        definition=definition,
        unit="名",
        kind="flow",
        model=MembershipEvent,
        slug="membership-events",
        where=lambda scope: condition(scope.start, scope.end, scope.unions),
        day="on",
        cut_by=PERSON,
    )


register(
    _flow(
        "members.joined.count",
        "新发展会员",
        "期内入会和重新入会的，按变动日期统计，不含转会、镇外转入和恢复会籍",
        queries.joined,
    ),
    _flow(
        "members.joined.first.count",
        "首次入会会员",
        "新发展会员中此前没有入会记录的，按变动日期统计",
        queries.first_joined,
    ),
    _flow(
        "members.joined.again.count",
        "重新入会会员",
        "新发展会员中退会、转出等会籍终止后再次入会的，按变动日期统计",
        queries.rejoined,
    ),
    _flow("members.resumed.count", "恢复会籍会员", "期内由保留会籍、停止缴费恢复为正常的", queries.resumed),
    _flow(
        "members.moved_in.count",
        "转入会员",
        "期内由镇外转入的，统计部分工会时还包括由其他工会转来的",
        queries.moved_in,
    ),
    _flow(
        "members.left.count",
        "会员减员",
        "期内由正常变为其他状态的：退会、转出本镇、保留会籍、退休、停止缴费、开除、去世",
        queries.left,
    ),
    _flow(
        "members.retained.count", "保留会籍会员", "会员减员中转为保留会籍或退休保留会籍的", queries.retained
    ),
    _flow(
        "members.moved_out.count", "转往其他工会会员", "统计部分工会时，期内转到其他工会的", queries.moved_out
    ),
    _flow(
        "members.transferred.count",
        "转接会员关系",
        "期内在本镇工会之间转会的，转入转出只计一次",
        queries.transferred,
    ),
)


TARGET = Measure(
    key="members.collection.target",
    label="会员信息采集任务数",
    definition="当年采集任务数，有全镇任务的取全镇任务，否则为各工会任务之和",
    unit="名",
    kind="flow",
    model=CollectionTask,
    slug="collection-tasks",
    where=lambda scope: queries.tasks_of(scope.year, scope.unions),
    measure=Total("target"),
)
COLLECTED = Measure(
    key="members.collection.done",
    label="会员信息采集完成数",
    definition="截止日有采集任务的工会中实名信息完整的会员",
    unit="名",
    kind="stock",
    model=MembershipEvent,
    slug="membership-events",
    where=lambda scope: queries.collected(scope.as_of, scope.year, scope.unions),
    uncut=ACTIVE.uncut,
    cut_by=PERSON,
)
register(
    TARGET,
    COLLECTED,
    rate(
        "members.collection.rate",
        "会员信息采集完成率",
        "会员信息采集完成数占任务数的比例",
        COLLECTED,
        TARGET,
        may_pass=True,
    ),
)


def _checked(scope: Scope) -> Q:
    return Q(checked_on__range=(scope.start, scope.end))


def _lines(scope: Scope) -> Q:
    return Q(roster_check__checked_on__range=(scope.start, scope.end))


register(
    Measure(
        key="members.rostercheck.partners",
        label="联合核查部门",
        definition="期内提供名单参与数据核查的部门，每个部门列一次",
        unit="个",
        kind="list",
        model=RosterCheck,
        slug="roster-checks",
        where=_checked,
        day="checked_on",
        measure=Names("partner", ("checked_on",)),
    ),
    Measure(
        key="members.rostercheck.rounds",
        label="数据核查",
        definition="期内开展的数据核查，一份部门名单计一次",
        unit="次",
        kind="flow",
        model=RosterCheck,
        slug="roster-checks",
        where=_checked,
        day="checked_on",
        cut_by=(text("partner", "联合部门"),),
    ),
    Measure(
        key="members.rostercheck.unions",
        label="核查的基层工会",
        definition="期内数据核查涉及的基层工会，同一工会计一次",
        unit="家",
        kind="flow",
        model=Union,
        slug="unions",
        where=lambda scope: Q(
            pk__in=RosterCheckLine.objects.filter(_lines(scope), union__isnull=False).values("union")
        ),
    ),
    Measure(
        key="members.rostercheck.found",
        label="核查发现的差异",
        definition="期内数据核查中与系统登记不一致的单位",
        unit="条",
        kind="flow",
        model=RosterCheckLine,
        slug="roster-check-lines",
        where=lambda scope: _lines(scope) & ~Q(result=CheckResult.AGREES),
        day="roster_check__checked_on",
    ),
    Measure(
        key="members.rostercheck.corrected",
        label="更正的信息",
        definition="数据核查发现的差异中，期内已更正的",
        unit="条",
        kind="flow",
        model=RosterCheckLine,
        slug="roster-check-lines",
        where=lambda scope: Q(corrected_on__range=(scope.start, scope.end)),
        day="corrected_on",
    ),
)
