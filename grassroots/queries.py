"""What stood on a day: unions, covered units, terms, stars, posts. Each reads the records by their own days.

`day` is a date or `Today()`, which is asked for when the query runs. `unions` are the ids looked at, None the whole town.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    Expression,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat

from members.choices import State
from members.models import MembershipEvent
from unionoffice.organisation.choices import ENTERPRISE_CATEGORIES, UnionKind
from unionoffice.organisation.models import Coverage, Union, Unit
from unionoffice.organisation.today import Today

from .choices import HEADS, PERIODIC_RATINGS, RatingKind, Stage
from .models import CommitteeTerm, OfficerPost, ReelectionStep, StarRating, UnionConfirmation

Unions = frozenset[int] | None
Day = date | Today


def lasting(start: str, end: str, day: Day) -> Q:
    """In force on that day; the last day itself is no longer counted."""
    return Q(**{f"{start}__lte": day}) & (Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gt": day}))


def units_on(day: Day) -> QuerySet[Unit]:
    """Units that are open on that day."""
    return Unit.objects.on_day(day)


def links_on(day: Day, unions: Unions = None) -> QuerySet[Coverage]:
    """Links by which unions in being cover open units on that day."""
    return (
        Coverage.objects.all()
        .within(unions)
        .filter(
            lasting("started_on", "ended_on", day),
            union__in=Union.objects.on_day(day),
            unit__in=units_on(day),
        )
    )


def members_on(day: Day) -> QuerySet[MembershipEvent]:
    """The events by which persons are members on that day, one per person."""
    return MembershipEvent.objects.filter(lasting("on", "until", day), state=State.ACTIVE)


def member_counts(day: date, unions: Any) -> dict[int, int]:
    """Members of these unions on that day; unions without any are left out."""
    rows = members_on(day).filter(union__in=unions).values_list("union").annotate(Count("pk"))
    return dict(rows.order_by())


MEMBERS_THEN = """
select k.union_id, k.day, count(*)
from unnest(%s::bigint[], %s::date[]) as k(union_id, day)
join members_membershipevent e on e.union_id = k.union_id and e.state = %s
  and e."on" <= k.day and (e.until is null or e.until > k.day)
group by k.union_id, k.day
"""


def members_then(pairs: Iterable[tuple[int, date]]) -> dict[tuple[int, date], int]:
    """Members of unions, each on a day of its own; pairs without any are left out."""
    wanted = list(set(pairs))
    with connection.cursor() as cursor:
        unions, days = [union for union, _ in wanted], [day for _, day in wanted]
        cursor.execute(MEMBERS_THEN, [unions, days, State.ACTIVE])
        return {(union, day): count for union, day, count in cursor.fetchall()}


def terms_on(day: Day) -> QuerySet[CommitteeTerm]:
    """The newest elected term of every union in being; it may have run out."""
    newest = CommitteeTerm.objects.filter(elected_on__lte=day).order_by("union", "-elected_on", "-number")
    return CommitteeTerm.objects.filter(
        pk__in=newest.distinct("union").values("pk"), union__in=Union.objects.on_day(day)
    )


def terms_prepared() -> QuerySet[CommitteeTerm]:
    """Terms whose election is being prepared."""
    return CommitteeTerm.objects.filter(elected_on__isnull=True, ended_on__isnull=True)


def reelections_running() -> QuerySet[CommitteeTerm]:
    """Terms whose re-election has begun by its steps and still waits for one."""
    begun = ReelectionStep.objects.values("term")
    finished = ReelectionStep.objects.filter(kind=Stage.CERTIFICATE_UPDATED).values("term")
    waiting = CommitteeTerm.objects.filter(pk__in=begun, number__gt=1, ended_on__isnull=True)
    return waiting.exclude(pk__in=finished).exclude(approved_on__isnull=False, union__legal_person_no="")


def ratings_on(day: Day) -> QuerySet[StarRating]:
    """The rating in force of every union in being: the newest by its day, unless that took the stars away."""
    newest = StarRating.objects.filter(awarded_on__lte=day).order_by("union", "-awarded_on", "-pk")
    return StarRating.objects.filter(
        pk__in=newest.distinct("union").values("pk"), union__in=Union.objects.on_day(day)
    ).exclude(kind=RatingKind.REVOKE)


def review_due() -> Expression:
    """The last day of a rating's period; of a lowered rating, that of the rating it lowered."""
    periodic = StarRating.objects.filter(
        union=OuterRef("union"), kind__in=PERIODIC_RATINGS, awarded_on__lte=OuterRef("awarded_on")
    )
    latest = periodic.order_by("-awarded_on", "-pk").values("period_to")[:1]
    return Coalesce("period_to", Subquery(latest), output_field=DateField())


def ratings_to_review(day: Day) -> QuerySet[StarRating]:
    """Ratings in force whose period is over; they count until they are revoked."""
    return ratings_on(day).alias(due=review_due()).filter(due__lt=day)


def first_fives(start: date, end: date) -> QuerySet[StarRating]:
    """Ratings of a period by which a union reached five stars that had never had them before."""
    fives = StarRating.objects.filter(level=5).exclude(kind=RatingKind.REVOKE)
    return fives.filter(awarded_on__range=(start, end)).exclude(
        union__in=fives.filter(awarded_on__lt=start).values("union")
    )


def reelected(start: date, end: date) -> QuerySet[CommitteeTerm]:
    """Second and later terms whose result was approved in the period."""
    return CommitteeTerm.objects.filter(number__gt=1, approved_on__range=(start, end))


def firms_unions() -> Q:
    """Unions of a single enterprise, by the category of their unit."""
    covered = Coverage.objects.filter(unit__category__in=ENTERPRISE_CATEGORIES).values("union")
    return Q(kind=UnionKind.SINGLE) & (Q(employer__category__in=ENTERPRISE_CATEGORIES) | Q(pk__in=covered))


def posts_on(day: Day, unions: Unions = None) -> QuerySet[OfficerPost]:
    """Posts held on that day in unions in being."""
    return (
        OfficerPost.objects.all()
        .within(unions)
        .filter(lasting("started_on", "ended_on", day), union__in=Union.objects.on_day(day))
    )


# Who holds a post: the member of the roster, else name and telephone.
PERSON = Case(
    When(member__isnull=False, then=Concat(Value("m"), Cast(F("member_id"), TextField()))),
    default=Concat(Value("n"), "name", Value("/"), "phone", output_field=CharField()),
    output_field=CharField(),
)


def headless(day: Day) -> QuerySet[Union]:
    """Counted unions in being without a chair on that day."""
    led = posts_on(day).filter(post__in=HEADS).values("union")
    return Union.objects.counted_on(day).exclude(pk__in=led)


def legal_persons(day: Day) -> Q:
    """Unions whose registration as a legal person is in force on that day."""
    return (
        ~Q(legal_person_no="")
        & (Q(legal_person_on__isnull=True) | Q(legal_person_on__lte=day))
        & (Q(legal_person_until__isnull=True) | Q(legal_person_until__gte=day))
    )


def confirmed(period: str, day: Day) -> QuerySet:
    """Ids of unions that confirmed their data for a period up to that day."""
    return UnionConfirmation.objects.filter(period=period, confirmed_on__lte=day).values("union")
