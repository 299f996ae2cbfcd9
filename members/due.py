"""Membership events dated ahead reach the members' rows on their day."""

from datetime import date

from django.db import connection

from unionoffice.records.due import takes_effect
from unionoffice.records.history import act
from unionoffice.records.models import ActKind

from .models import MembershipEvent

# Written as they are, so that the triggers of the table tell anew where their members stand.
EVENTS = """update members_membershipevent set "on" = "on" where "on" > %s and "on" <= %s"""
UNITS = """
update members_member m set unit_id = e.unit_id from members_membershipevent e
where e.member_id = m.id and e."on" > %s and e."on" <= %s and e.unit_id is not null
"""


@takes_effect
def members_stand(last: date, today: date) -> None:
    """Members whose event is dated after `last` and up to `today` stand as it says."""
    if not MembershipEvent.objects.filter(on__gt=last, on__lte=today).exists():
        return
    with act(ActKind.STEP, summary="到期的会籍变动生效"), connection.cursor() as cursor:
        cursor.execute(EVENTS, [last, today])
        cursor.execute(UNITS, [last, today])
