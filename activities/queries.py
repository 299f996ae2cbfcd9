"""Reads over activities: which were held in a period. Conditions are over Activity."""

from datetime import date

from django.db.models import Q, QuerySet

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


def without_evidence() -> Q:
    """Activities with an attendance that neither a sign-in sheet nor a photo proves (V24)."""
    return Q(state=State.HELD, came__gt=0) & ~having(Activity, PHOTO, SIGN_IN)
