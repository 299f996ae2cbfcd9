"""The figures of activities. Sessions, person-times and persons are three counts; a cancelled activity was not held."""

from collections.abc import Callable

from django.db.models import F, Q

from members.models import Member
from unionoffice.facts import ROWS, Fact, Measure, Names, Scope, Total, What, register, text
from unionoffice.organisation.models import CALLED, Union

from . import queries
from .choices import Kind
from .models import Activity

BY_ATTENDANCE = (F("came").desc(nulls_last=True), "starts_on")


def _measure(
    key: str,
    label: str,
    definition: str,
    unit: str,
    also: Q | None = None,
    what: What = ROWS,
    where: Callable[[Scope], Q] | None = None,
) -> Measure:
    """A count of activities held in the period, unless it counts others."""
    return Measure(
        key=f"activities.{key}",
        label=label,
        definition=definition,
        unit=unit,
        kind="list" if isinstance(what, Names) else "flow",
        model=Activity,
        slug="activities",
        where=where or (lambda scope: queries.held(scope.start, scope.end) & (also or Q())),
        measure=what,
        is_money=what == Total("cost"),
        day="starts_on",
        cut_by=("union.kind", text("campaign", "活动批次")),
    )


def _participants(scope: Scope) -> Q:
    held = Activity.objects.all().within(scope.unions).filter(queries.held(scope.start, scope.end))
    rows = Activity.participants.through.objects.filter(activity__in=held.values("pk"))
    return Q(pk__in=rows.values("member"))


def _co_organisers(scope: Scope) -> Q:
    held = Activity.objects.all().within(scope.unions).filter(queries.held(scope.start, scope.end))
    rows = Activity.co_organisers.through.objects.filter(activity__in=held.values("pk"))
    return Q(pk__in=rows.values("union"))


HELD = _measure(
    "held.count",
    "举办活动场次",
    "期内已举办活动的场次之和，几家工会联合举办的只计一次",
    "场",
    what=Total("sessions"),
)
ATTENDANCE = _measure(
    "attendance.person_times",
    "参加活动人次",
    "期内已举办活动各场到场人数之和，同一人两次计两次",
    "人次",
    Q(came__isnull=False),
    Total("came"),
)
TITLES = _measure(
    "kinds.titles",
    "活动名称",
    "期内已举办活动的名称，按参加人次从多到少",
    "个",
    what=Names("title", BY_ATTENDANCE),
)


def _of_kind(kind: Kind) -> tuple[Fact, Fact]:
    """Sessions and person-times of one kind of activity."""
    cut = {"kind": kind.value}
    return (
        HELD.figure(cut, key=f"activities.{kind.value}.count", label=kind.label),
        ATTENDANCE.figure(cut, key=f"activities.{kind.value}.person_times", label=f"{kind.label}参加人次"),
    )


register(
    HELD,
    _measure("titles.count", "举办活动项数", "期内已举办的活动，一个系列计一项", "项"),
    ATTENDANCE,
    Measure(
        key="activities.persons.count",
        label="参加活动会员",
        definition="期内已举办活动签到名单上的会员，同一人只计一次",
        unit="名",
        kind="flow",
        model=Member,
        slug="members",
        where=_participants,
        cut_by=("union.kind",),
    ),
    _measure(
        "months.count",
        "有活动的月份",
        "期内有已举办活动的月份，每月列当月最早的一项",
        "个",
        where=lambda scope: Q(pk__in=queries.first_of_each_month(scope.start, scope.end, scope.unions)),
    ),
    TITLES,
    _measure("cost", "活动经费", "期内已举办活动的经费支出之和", "元", Q(cost__gt=0), Total("cost")),
    _measure(
        "cancelled.count",
        "取消活动",
        "原定期内举行后来取消的活动",
        "项",
        where=lambda scope: queries.cancelled(scope.start, scope.end),
    ),
    Fact(
        key="activities.co_organisers",
        label="联合主办工会",
        definition="期内已举办活动的联合主办工会",
        unit="家",
        kind="list",
        model=Union,
        slug="unions",
        where=_co_organisers,
        measure=Names(CALLED, ("name_pinyin",)),
    ),
    *(figure for kind in Kind for figure in _of_kind(kind)),
    *(
        TITLES.figure({"kind": kind.value}, key=f"activities.{kind.value}.titles", label=f"{kind.label}名称")
        for kind in (Kind.WALKING, Kind.LECTURE)
    ),
)
