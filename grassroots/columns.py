"""Computed columns of the lists: what stands today, as expressions over one row."""

from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    Expression,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Concat, Repeat
from django.db.models.lookups import LessThanOrEqual

from members.choices import State
from members.models import Member
from unionoffice.organisation.models import Coverage
from unionoffice.organisation.today import Today

from .choices import HEADS, Post, Stage
from .models import CommitteeTerm, ReelectionStep
from .queries import links_on, posts_on, ratings_on, terms_on


def _counted(rows: QuerySet, path: str, measure: Any) -> Coalesce:
    """A number over rows that belong to the union of the outer query."""
    found = rows.filter(**{path: OuterRef("pk")}).order_by().values(path).annotate(n=measure).values("n")
    return Coalesce(Subquery(found, output_field=IntegerField()), 0)


def counted_from(field: str, side: str) -> Case:
    """The day from which a unit or union counts, and which day that is (see `organisation.models.begun`)."""
    links = Coverage.objects.filter(**{side: OuterRef("pk")}).order_by("started_on").values("started_on")[:1]
    covered = Subquery(links, output_field=DateField())

    def told(day: Any, which: str) -> Concat:
        spelled = Func(day, Value("YYYY-MM-DD"), function="to_char", output_field=CharField())
        return Concat(spelled, Value(f"（{which}）"), output_field=CharField())

    return Case(
        When(Q(**{f"{field}__isnull": False}), then=told(F(field), "登记的日期")),
        When(entered_on__isnull=True, then=Value("没有日期，一直计入")),
        When(LessThanOrEqual(covered, F("entered_on")), then=told(covered, "最早涵盖日期，未填日期")),
        default=told(F("entered_on"), "登记之日，未填日期"),
        output_field=CharField(),
    )


def unions_of_unit() -> Subquery:
    """The unions that cover a unit, each once."""
    found = links_on(Today()).filter(unit=OuterRef("pk")).order_by().values("unit")
    names = StringAgg("union__name", Value("、"), distinct=True, output_field=CharField())
    return Subquery(found.annotate(names=names).values("names"), output_field=CharField())


def members_of_unit() -> Expression:
    return _counted(Member.objects.filter(state=State.ACTIVE), "unit", Count("pk"))


def members_now() -> Expression:
    return _counted(Member.objects.filter(state=State.ACTIVE), "union", Count("pk"))


def member_gap() -> Expression:
    """Declared less real-name members; nothing where none were declared."""
    return Func(
        "declared_members",
        members_now(),
        template="(%(expressions)s)",
        arg_joiner=" - ",
        output_field=IntegerField(),
    )


def units_now() -> Expression:
    return _counted(links_on(Today()), "union", Count("unit", distinct=True))


def staff_now() -> Expression:
    return _counted(links_on(Today()), "union", Sum("unit__staff_total"))


def stars_now() -> Expression:
    """As many stars as the union has, so that they sort by their number."""
    level = ratings_on(Today()).filter(union=OuterRef("pk")).values("level")[:1]
    return Repeat(Value("★"), Subquery(level), output_field=CharField())


def chair_now() -> Subquery:
    held = posts_on(Today()).filter(post__in=HEADS, union=OuterRef("pk"))
    first = Case(When(post=Post.CHAIR, then=0), default=1)
    return Subquery(held.order_by(first, "-started_on", "pk").values("name")[:1], output_field=CharField())


def term_end_now() -> Subquery:
    held = CommitteeTerm.objects.filter(union=OuterRef("pk"), elected_on__lte=Today())
    return Subquery(held.order_by("-elected_on", "-number").values("ends_on")[:1], output_field=DateField())


class Days(Func):
    """Whole days from the second day to the first."""

    template, arg_joiner, output_field = "(%(expressions)s)", " - ", IntegerField()


def days_left(day: Any) -> Days:
    """Days from today to that day; negative when it has passed."""
    return Days(day, Today())


def term_days_left() -> Expression:
    """Days until the committee in office runs out; nothing for terms that are over or not begun."""
    running = Q(pk__in=terms_on(Today()).values("pk"))
    return Case(When(running, then=days_left("ends_on")), output_field=IntegerField())


# How far an election has come, in the words of a list.
STAGE_WORDS = {
    0: "未启动",
    Stage.REQUEST_FILED: "请示已上报",
    Stage.REQUEST_APPROVED: "请示已批复",
    Stage.CANDIDATES_FILED: "候选人已上报",
    Stage.PUBLICISED: "候选人已公示",
    Stage.MEETING_HELD: "已选举",
    Stage.RESULT_FILED: "结果已上报",
    Stage.RESULT_APPROVED: "已批复",
    Stage.CERTIFICATE_UPDATED: "已换证",
}


def _step_taken(stage: int) -> Exists:
    return Exists(ReelectionStep.objects.filter(term=OuterRef("pk"), kind=stage))


def stage_label() -> Expression:
    """How far a term's election has come, by its steps and its own days, the furthest first."""
    own_days = {
        Stage.RESULT_APPROVED: Q(approved_on__isnull=False),
        Stage.MEETING_HELD: Q(elected_on__isnull=False),
    }
    whens = [
        When(_step_taken(reached) | own_days.get(reached, Q()), then=Value(STAGE_WORDS[reached]))
        for reached in reversed(Stage)
    ]
    return Case(*whens, default=Value(STAGE_WORDS[0]), output_field=CharField())
