"""What waits for a user: re-elections, ratings, certificates, confirmations, vacant chairs.

Staff is told how many and led to the list; a chair is told about the own unions and led to the record.
"""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from unionoffice.organisation import access
from unionoffice.organisation.choices import Role
from unionoffice.organisation.models import Union, User
from unionoffice.records.desk import (
    Reminder,
    Shortcut,
    Tone,
    register_reminders,
    register_shortcuts,
    register_tiles,
)

from . import queries
from .actions.confirmation import present_period
from .choices import Stage
from .deadlines import WARNING_DAYS, limits, next_step
from .models import CommitteeTerm
from .quality import certificate_expired, long_without_chair
from .records.filters import expiring_certificates, unconfirmed

NAMED = 3

register_tiles(
    "grassroots.unions.count",
    "grassroots.units.covered",
    "grassroots.stars.five.count",
    "grassroots.reelection.overdue.count",
)


def _list(slug: str, query: str) -> str:
    return f"{reverse('records:list', kwargs={'slug': slug})}?{query}"


def _named(names: list[str]) -> str:
    """The first few names, and how many there are in all."""
    shown = "、".join(names[:NAMED])
    return shown if len(names) <= NAMED else f"{shown}等{len(names)}家"


def _about(rows: QuerySet, title: str, url: str, tone: Tone, name: str = "name") -> Iterator[Reminder]:
    """One reminder for all these rows: {count} in the title, their names below. Nothing for none."""
    names = list(rows.values_list(name, flat=True))
    if names:
        yield Reminder(title.format(count=len(names)), _named(names), url, tone)


@register_reminders
def reelections(user: User) -> Iterator[Reminder]:
    """Terms that ran out or run out soon, each in the nearest band only."""
    if not _works(user):
        return
    today = timezone.localdate()
    terms = queries.terms_on(today).within(access.unions_of(user)).order_by("ends_on", "pk")
    overdue = terms.filter(ends_on__lt=today)
    yield from _about(
        overdue, "{count}家工会任期已超期", _list("terms", "term=overdue"), "bad", "union__name"
    )
    after = today
    for days, tone in zip(WARNING_DAYS, ("bad", "warn", "info"), strict=True):
        until = today + timedelta(days=days)
        soon = terms.filter(ends_on__range=(after, until))
        title = f"{{count}}家工会{days}天内任期届满"
        yield from _about(soon, title, _list("terms", f"term={days}"), tone, "union__name")
        after = until + timedelta(days=1)


@register_reminders
def running_reelections(user: User) -> Iterator[Reminder]:
    """Steps of a running re-election that should have been taken by now."""
    if not _works(user):
        return
    today, lengths = timezone.localdate(), limits(timezone.localdate())
    before = CommitteeTerm.objects.filter(union=OuterRef("union"), number__lt=OuterRef("number"))
    running = (
        queries.reelections_running()
        .within(access.unions_of(user))
        .annotate(previous_end=Subquery(before.order_by("-number").values("ends_on")[:1]))
    )
    for term in running.select_related("union").prefetch_related("steps").order_by("label"):
        taken = {step.kind: step.on for step in term.steps.all()}
        deadline = next_step(
            taken, term.previous_end, lengths, is_legal_person=bool(term.union.legal_person_no)
        )
        if deadline is not None and deadline.stage > Stage.REQUEST_FILED and deadline.overdue(today):
            text = f"“{deadline.stage.label}”应在{deadline.on}前完成"
            url = reverse("records:record", kwargs={"slug": "terms", "pk": term.pk})
            yield Reminder(f"{term}换届逾期", text, url, "warn")


@register_reminders
def unions_to_look_at(user: User) -> Iterator[Reminder]:
    """Ratings to review, certificates running out, chairs missing."""
    if not _works(user):
        return
    today, unions = timezone.localdate(), access.unions_of(user)
    review = queries.ratings_to_review(today).within(unions).order_by("union__name_pinyin")
    yield from _about(review, "{count}家工会星级待复评", _list("stars", "now=review"), "warn", "union__name")
    expired = certificate_expired(unions)
    yield from _about(expired, "{count}家工会法人证书已过期", _list("unions", "legal=expired"), "bad")
    expiring = Union.objects.all().within(unions).on_day(today).filter(expiring_certificates(today))
    soon = expiring.order_by("legal_person_until", "pk")
    yield from _about(soon, "{count}家工会法人证书即将到期", _list("unions", "legal=expiring"), "warn")
    vacant = long_without_chair(unions)
    yield from _about(vacant, "{count}家工会主席长期空缺", _list("unions", "chair=none"), "warn")


@register_reminders
def confirmations(user: User) -> Iterator[Reminder]:
    """Unions that have not confirmed their data in the present period; a chair is led to the step itself."""
    if not _works(user):
        return
    waiting = (
        Union.objects.all().within(access.unions_of(user)).filter(unconfirmed()).order_by("name_pinyin", "pk")
    )
    period = present_period()
    if access.sees_whole_town(user):
        yield from _about(
            waiting, f"{{count}}家工会未确认{period}数据", _list("unions", "confirmed=no"), "info"
        )
        return
    for union in waiting:
        url = reverse("records:step", kwargs={"slug": "unions", "pk": union.pk, "step": "confirm"})
        yield Reminder(
            f"请确认{union}{period}的数据", "核对会员数、单位数和主席，一致的点一下即可", url, "warn"
        )


@register_shortcuts
def own_union(user: User) -> Iterator[Shortcut]:
    """The chair's way to the own union."""
    if user.role == Role.CHAIR:
        url = reverse("records:record", kwargs={"slug": "unions", "pk": user.union_id})
        yield Shortcut("我的工会", url, "sitemap")


def _works(user: User) -> bool:
    """Reminders are for those who can do something about them."""
    return user.role in {Role.STAFF, Role.CHAIR}
