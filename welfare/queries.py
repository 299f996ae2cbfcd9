"""Reads over care visits: which count in a period, and whose they are. Conditions are over CareVisit."""

import re
from datetime import date

from django.db.models import Exists, OuterRef, Q

from unionoffice.records.attachments import having

from .choices import CHILDREN, REPEATED, SENSITIVE, WITH_CHILDREN, Recipient
from .models import CAMPAIGN_YEAR, CareVisit

SIGNATURE = "signature"


def visited(start: date, end: date) -> Q:
    """Visits that count in the period, both days included; a campaign's visits count in the year of the campaign."""
    return Q(season_on__range=(start, end))


def paid(start: date, end: date) -> Q:
    """Visits whose money and goods count in the period: by the day paid, else the day of the visit (domain §7)."""
    return Q(counted_on__range=(start, end))


def person_of(member: int | None, union: int | None, name: str) -> str:
    """What the column `person` will hold for a visit; empty as long as nobody is named."""
    if name:
        return f"u{union}:{name}"
    return f"m{member}" if member else ""


def season_year(campaign: str, visited_on: date) -> int:
    """The year in which the column `season_on` will lie."""
    named = re.match(CAMPAIGN_YEAR, campaign or "")
    return int(named[1]) if named else visited_on.year


def tells_of_illness_or_children() -> Q:
    """Visits whose occasion or recipient alone tells what only those who handle the case may know of a person."""
    return Q(occasion__in=SENSITIVE) | Q(recipient__in=CHILDREN) | Q(is_under_fourteen=True)


def may_be_pictured() -> Q:
    """Visits whose photos may stand in a document: none that may show a child or a family in its home."""
    return ~Q(occasion__in=WITH_CHILDREN) & ~Q(recipient=Recipient.FAMILY) & ~tells_of_illness_or_children()


def without_signature() -> Q:
    """Visits that nobody's signature proves yet (V14)."""
    return ~having(CareVisit, SIGNATURE)


def visited_before() -> Exists:
    """Visits that follow another one to the same person for the same occasion in the same year (V14).

    Festivals without a name of their own come several times a year and are told apart by their campaign."""
    earlier = CareVisit.objects.filter(
        person=OuterRef("person"),
        occasion=OuterRef("occasion"),
        season_on__year=OuterRef("season_on__year"),
        pk__lt=OuterRef("pk"),
    )
    same = ~Q(occasion__in=REPEATED) | Q(campaign=OuterRef("campaign"))
    return Exists(earlier.filter(same))
