"""The figures of activities. Sessions, person-times and persons are three counts; a cancelled activity was not held."""

from collections.abc import Callable

from django.db.models import F, Q

from members.models import Member
from unionoffice.facts import ROWS, Fact, Names, Rate, Scope, Text, Total, register
from unionoffice.organisation.models import CALLED, Record, Union

from . import queries
from .choices import Kind
from .models import Activity


def _fact(
    key: str,
    label: str,
    definition: str,
    unit: str,
    also: Q,
    measure: object = ROWS,
    where: Callable[[Scope], Q] | None = None,
    model: type[Record] = Activity,
    slug: str = "activities",
) -> Fact:
    kinds = {Names: "list", Text: "text", Rate: "rate"}
    return Fact(
        key=f"activities.{key}",
        label=label,
        definition=definition,
        unit=unit,
        kind=kinds.get(type(measure), "flow"),
        model=model,
        slug=slug,
        where=where or (lambda scope: queries.held(scope.start, scope.end) & also),
        measure=measure,
        is_money=isinstance(measure, Total) and measure.field == "cost",
    )


def _kind(kind: Kind) -> tuple[Fact, ...]:
    """Sessions and person-times of one kind of activity."""
    also, words = Q(kind=kind), kind.label
    return (
        _fact(
            f"{kind.value}.count", words, f"期内已举办的{words}活动的场次之和", "场", also, Total("sessions")
        ),
        _fact(
            f"{kind.value}.person_times",
            f"{words}参加人次",
            f"期内已举办的{words}活动各场到场人数之和，同一人两次计两次",
            "人次",
            also & Q(came__isnull=False),
            Total("came"),
        ),
    )


def _participants(scope: Scope) -> Q:
    held = Activity.objects.all().within(scope.unions).filter(queries.held(scope.start, scope.end))
    rows = Activity.participants.through.objects.filter(activity__in=held.values("pk"))
    return Q(pk__in=rows.values("member"))


def _co_organisers(scope: Scope) -> Q:
    held = Activity.objects.all().within(scope.unions).filter(queries.held(scope.start, scope.end))
    rows = Activity.co_organisers.through.objects.filter(activity__in=held.values("pk"))
    return Q(pk__in=rows.values("union"))


BY_ATTENDANCE = (F("came").desc(nulls_last=True), "starts_on")

register(
    _fact(
        "held.count",
        "举办活动场次",
        "期内已举办活动的场次之和，几家工会联合举办的只计一次",
        "场",
        Q(),
        Total("sessions"),
    ),
    _fact("titles.count", "举办活动项数", "期内已举办的活动，一个系列计一项", "项", Q()),
    _fact(
        "attendance.person_times",
        "参加活动人次",
        "期内已举办活动各场到场人数之和，同一人两次计两次",
        "人次",
        Q(came__isnull=False),
        Total("came"),
    ),
    _fact(
        "persons.count",
        "参加活动会员",
        "期内已举办活动签到名单上的会员，同一人只计一次",
        "名",
        Q(),
        where=_participants,
        model=Member,
        slug="members",
    ),
    _fact(
        "months.count",
        "有活动的月份",
        "期内有已举办活动的月份，每月列当月最早的一项",
        "个",
        Q(),
        where=lambda scope: Q(pk__in=queries.first_of_each_month(scope.start, scope.end, scope.unions)),
    ),
    _fact(
        "kinds.titles",
        "活动名称",
        "期内已举办活动的名称，按参加人次从多到少",
        "个",
        Q(),
        Names("title", BY_ATTENDANCE),
    ),
    _fact("cost", "活动经费", "期内已举办活动的经费支出之和", "元", Q(cost__gt=0), Total("cost")),
    _fact(
        "cancelled.count",
        "取消活动",
        "原定期内举行后来取消的活动",
        "项",
        Q(),
        where=lambda scope: queries.cancelled(scope.start, scope.end),
    ),
    _fact(
        "co_organisers",
        "联合主办工会",
        "期内已举办活动的联合主办工会",
        "家",
        Q(),
        Names(CALLED, ("name_pinyin",)),
        where=_co_organisers,
        model=Union,
        slug="unions",
    ),
    *(fact for kind in Kind for fact in _kind(kind)),
    _fact(
        "walking.titles",
        "健步走活动名称",
        "期内已举办的健步走活动的名称",
        "个",
        Q(kind=Kind.WALKING),
        Names("title", BY_ATTENDANCE),
    ),
    _fact(
        "lecture.titles",
        "讲座名称",
        "期内已举办的讲座的名称",
        "个",
        Q(kind=Kind.LECTURE),
        Names("title", BY_ATTENDANCE),
    ),
)
