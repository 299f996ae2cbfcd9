"""Unions and units whose end was noted ahead end on their day."""

from datetime import date

from unionoffice.organisation.choices import UnitState
from unionoffice.organisation.models import Union, Unit
from unionoffice.records.due import takes_effect
from unionoffice.records.history import act
from unionoffice.records.models import ActKind

from .actions.lifecycle import hand_over_children


@takes_effect
def unions_end(last: date, today: date) -> None:
    """Lower unions of those that ended after `last` and up to `today` go to the heir; units closed then say so."""
    ended = Union.objects.filter(dissolved_on__gt=last, dissolved_on__lte=today).order_by(
        "dissolved_on", "pk"
    )
    closed = Unit.objects.filter(closed_on__gt=last, closed_on__lte=today).exclude(state=UnitState.CLOSED)
    unions = list(ended.select_related("merged_into", "parent"))
    if not unions and not closed.exists():
        return
    with act(ActKind.STEP, summary="到期的撤销、注销生效"):
        for union in unions:
            hand_over_children(union)
        closed.update(state=UnitState.CLOSED)
