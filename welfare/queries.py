"""Reads over care visits: which count in a period, and whose they are. Conditions are over CareVisit."""

from datetime import date

from django.db.models import Q, QuerySet

from .models import CareVisit


def visited(start: date, end: date) -> Q:
    """Visits made in the period, both days included."""
    return Q(visited_on__range=(start, end))


def paid(start: date, end: date) -> Q:
    """Visits whose money and goods count in the period: by the day paid, else the day of the visit (domain §7)."""
    return Q(counted_on__range=(start, end))


def one_per_person(rows: QuerySet[CareVisit]) -> QuerySet:
    """Ids of one visit, the earliest, for each person visited. A person is the member, else the name within the union."""
    by_member = rows.filter(member__isnull=False).order_by("member", "visited_on", "pk").distinct("member")
    by_name = (
        rows.filter(member__isnull=True)
        .order_by("union", "name", "visited_on", "pk")
        .distinct("union", "name")
    )
    return CareVisit.objects.filter(Q(pk__in=by_member.values("pk")) | Q(pk__in=by_name.values("pk"))).values(
        "pk"
    )


def same_person(member: int | None, union: int, name: str) -> Q:
    """Visits to this member, or to this name within the union."""
    return Q(member=member) if member else Q(member__isnull=True, union=union, name=name)
