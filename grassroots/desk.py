"""What waits for a user: re-elections, ratings, certificates, confirmations, vacant chairs.

Whoever may open the list is told how many; a chair is told about the own unions and led to the step.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone

from unionoffice.organisation import access
from unionoffice.organisation.choices import Role
from unionoffice.organisation.models import Union, User
from unionoffice.records.desk import (
    Reminder,
    Shortcut,
    of_list,
    register_reminders,
    register_shortcuts,
    register_tiles,
)
from unionoffice.records.types import registry

from . import queries
from .actions.confirmation import present_period
from .choices import Stage
from .deadlines import WARNING_DAYS, limits, next_step
from .models import CommitteeTerm
from .records.filters import unconfirmed

register_tiles(
    "grassroots.unions.count",
    "grassroots.units.covered",
    "grassroots.stars.five.count",
    "grassroots.reelection.overdue.count",
)


@register_reminders
def reelections(user: User) -> Iterator[Reminder]:
    """Terms that ran out or run out soon, each in the nearest band only."""
    terms = registry["terms"]
    about: Any = {"names": "union__name"}
    yield from of_list(user, terms, "term=overdue&sort=ends_on", "{count}家工会任期已超期", "bad", **about)
    today, after = timezone.localdate(), 0
    for days, tone in zip(WARNING_DAYS, ("bad", "warn", "info"), strict=True):
        first, last = today + timedelta(days=after), today + timedelta(days=days)
        query = f"term=current&ends_on_from={first}&ends_on_to={last}&sort=ends_on"
        band = f"{after}—{days}天" if after else f"{days}天内"
        yield from of_list(user, terms, query, f"{{count}}家工会{band}任期届满", tone, **about)
        after = days + 1


@register_reminders
def running_reelections(user: User) -> Iterator[Reminder]:
    """Steps of a running re-election that should have been taken by now."""
    if not access.may(user, access.VIEW, registry["terms"]):
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
    unions = registry["unions"]
    yield from of_list(
        user, registry["stars"], "now=review", "{count}家工会星级待复评", "warn", names="union__name"
    )
    for query, title, tone in (
        ("legal=expired&sort=legal_person_until", "{count}家工会法人证书已过期", "bad"),
        ("legal=expiring&sort=legal_person_until", "{count}家工会法人证书即将到期", "warn"),
        ("chair=long&sort=name", "{count}家工会主席长期空缺", "warn"),
    ):
        yield from of_list(user, unions, query, title, tone, names="name")


@register_reminders
def confirmations(user: User) -> Iterator[Reminder]:
    """Unions that have not confirmed their data in the present period; a chair is led to the step itself."""
    period = present_period()
    if access.sees_whole_town(user):
        title = f"{{count}}家工会未确认{period}数据"
        yield from of_list(user, registry["unions"], "confirmed=no&sort=name", title, "info", names="name")
        return
    if user.role != Role.CHAIR:
        return
    own = Union.objects.all().within(access.unions_of(user))
    waiting = own.filter(unconfirmed()).order_by("name_pinyin", "pk")
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
