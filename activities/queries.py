"""Reads over activities: which were held in a period. Conditions are over Activity."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from unionoffice.records.attachments import having

from .choices import State
from .models import Activity

PHOTO, SIGN_IN = "photo", "sign_in"


def held(start: date, end: date) -> Q:
    """Activities held that began in the period, both days included; cancelled and planned ones are not held."""
    return Q(state=State.HELD, starts_on__range=(start, end))


def cancelled(start: date, end: date) -> Q:
    """Activities meant for the period that were cancelled."""
    return Q(state=State.CANCELLED, starts_on__range=(start, end))


def first_of_each_month(start: date, end: date, unions: frozenset[int] | None) -> QuerySet:
    """Ids of the first activity of each month that had one."""
    rows = Activity.objects.all().within(unions).filter(held(start, end))
    month = ("starts_on__year", "starts_on__month")
    first = rows.order_by(*month, "starts_on", "pk").distinct(*month)
    return Activity.objects.filter(pk__in=first.values("pk")).values("pk")


def overdue(today: date) -> Q:
    """Activities whose day has passed and that are still only planned."""
    return Q(state=State.PLANNED, starts_on__lt=today)


def of_one_event(day: Any, title: Any, kind: Any, venue: Any, partners: Q) -> Q:
    """Entries that may tell of the activity of that day: of the same title, or of the same kind at the same place or by a
    union that is named as a partner. Values, or references to another row."""
    alike = Q(title=title) | (Q(kind=kind) & ((Q(venue=venue) & ~Q(venue="")) | partners))
    return Q(starts_on=day) & ~Q(state=State.CANCELLED) & alike


def entered_twice(unions: frozenset[int] | None) -> Exists:
    """Activities that an earlier entry, seen by these unions too, may tell of already."""
    links = Activity.co_organisers.through.objects
    named = links.filter(activity=OuterRef("pk"), union=OuterRef(OuterRef("union")))
    naming = links.filter(activity=OuterRef(OuterRef("pk")), union=OuterRef("union"))
    same = of_one_event(
        OuterRef("starts_on"),
        OuterRef("title"),
        OuterRef("kind"),
        OuterRef("venue"),
        Q(Exists(named)) | Q(Exists(naming)),
    )
    return Exists(Activity.objects.all().within(unions).filter(same, pk__lt=OuterRef("pk")))


def without_evidence() -> Q:
    """Activities with an attendance that neither a sign-in sheet nor a photo proves (V24)."""
    return Q(state=State.HELD, came__gt=0) & ~having(Activity, PHOTO, SIGN_IN)
