"""What does not stand right in the activities (V24, V26)."""

from datetime import date, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import ExtractMonth
from django.utils import timezone

from unionoffice.organisation.models import Union
from unionoffice.records import quality
from unionoffice.records.quality import Check

from . import queries
from .choices import State
from .models import Activity

Unions = frozenset[int] | None


def _activities(unions: Unions) -> QuerySet[Activity]:
    return Activity.objects.all().within(unions).order_by("-starts_on", "-pk")


def unproved(unions: Unions) -> QuerySet[Activity]:
    return _activities(unions).filter(queries.without_evidence())


def overdue(unions: Unions) -> QuerySet[Activity]:
    return _activities(unions).filter(queries.overdue(timezone.localdate()))


def without_attendance(unions: Unions) -> QuerySet[Activity]:
    return _activities(unions).filter(Q(came__isnull=True) | Q(came=0), state=State.HELD)


def entered_twice(unions: Unions) -> QuerySet[Activity]:
    """Activities that another entry may tell of already."""
    found = _activities(unions).exclude(state=State.CANCELLED).filter(queries.entered_twice(unions))
    return found.select_related("union")


def without_theme(unions: Unions) -> QuerySet[Activity]:
    return _activities(unions).filter(theme="").exclude(state=State.CANCELLED)


def last_full_month() -> date:
    """The last day of the month before this one; the months of its year up to it should all have had an activity."""
    return timezone.localdate().replace(day=1) - timedelta(days=1)


def idle(unions: Unions) -> QuerySet[Union]:
    """Unions with a month without any activity, since they were founded; asked of the whole town: the town itself."""
    last = last_full_month()
    held = Activity.objects.filter(queries.held(date(last.year, 1, 1), last))
    if unions is None:
        found = Union.objects.filter(parent__isnull=True)
    else:
        held = held.filter(Q(union=OuterRef("pk")) | Q(co_organisers=OuterRef("pk")))
        found = Union.objects.all().within(unions).on_day(last).counted()
    months = held.order_by().values(month=ExtractMonth("starts_on")).distinct()
    expected = Case(
        When(founded_on__year=last.year, then=last.month + 1 - ExtractMonth("founded_on")),
        default=Value(last.month),
    )
    found = found.annotate(busy=ArraySubquery(months), expected=expected)
    return found.filter(busy__len__lt=F("expected")).order_by("name_pinyin", "pk")


def idle_months(union: Union) -> str:
    last = last_full_month()
    months = range(last.month + 1 - union.expected, last.month + 1)
    named = "、".join(f"{month}月" for month in months if month not in union.busy)
    return f"{last.year}年{named}没有活动"


quality.register(
    Check(
        "activity-unproved",
        "活动缺签到表和照片",
        unproved,
        lambda activity: f"{activity.starts_on}参加{activity.came}人次，没有签到表也没有照片",
        "参加人次要有签到表或照片为证，在活动页面的“材料”里上传。",
    ),
    Check(
        "activity-overdue",
        "计划的活动已过日期",
        overdue,
        lambda activity: f"原定{activity.starts_on}，仍是“计划中”，不计入已举办",
        "在活动页面登记举办情况，或办理取消。",
    ),
    Check(
        "activity-without-attendance",
        "没有参加人次",
        without_attendance,
        lambda activity: f"{activity.starts_on}已举办，没有参加人次",
        "参加人次不填，总结里的人次就会少。",
    ),
    Check(
        "activity-twice",
        "同一活动可能登记了两次",
        entered_twice,
        lambda activity: f"{activity.starts_on}，{activity.union}登记，同一天还有一条像是同一项活动",
        "几家工会合办的只登记一条，另一家填在联合主办工会里；确是同一项的，由镇总工会在活动页面“合并为一项”。",
    ),
    Check(
        "activity-without-theme",
        "没有活动主题",
        without_theme,
        lambda activity: f"{activity.starts_on}的活动没有主题",
        "每次活动都应有主题。",
    ),
    Check(
        "union-idle-months",
        "有的月份没有活动",
        idle,
        idle_months,
        "应当月月有活动；办了没有登记的请补记。",
    ),
)
