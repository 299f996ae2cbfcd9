"""A chair confirms that the union's data are true."""

from dataclasses import asdict, dataclass
from datetime import date

from django.utils import timezone

from unionoffice.organisation.models import Union, User
from unionoffice.records.history import act
from unionoffice.records.models import ActKind
from unionoffice.records.steps import StepRefused

from .. import columns
from ..deadlines import CONFIRM_MONTHS, limits, period_label
from ..models import UnionConfirmation


@dataclass(frozen=True)
class Shown:
    """The numbers a chair is shown before confirming."""

    members: int
    declared_members: int | None
    units: int
    staff: int
    chair: str
    term_ends_on: date | None


def numbers_of(union: Union) -> Shown:
    """What stands in the records of a union today."""
    row = (
        Union.objects.filter(pk=union.pk)
        .values_list(
            columns.members_now(),
            "declared_members",
            columns.units_now(),
            columns.staff_now(),
            columns.chair_now(),
            columns.term_end_now(),
        )
        .get()
    )
    return Shown(*row[:4], row[4] or "", row[5])


def present_period() -> str:
    """The period for which data are to be confirmed now."""
    today = timezone.localdate()
    return period_label(today, limits(today)[CONFIRM_MONTHS])


def confirm(union: Union, *, shown: Shown, by: User | None, note: str = "") -> UnionConfirmation:
    """Keep that the data were found true, with the numbers shown. Raises StepRefused when done already."""
    if union.has_ended:
        raise StepRefused(f"该工会已于{union.dissolved_on}撤销。")
    period = present_period()
    if UnionConfirmation.objects.filter(union=union, period=period).exists():
        raise StepRefused(f"{period}的数据已经确认过。")
    with act(ActKind.STEP, user=by, summary=f"确认数据：{union} {period}"):
        return UnionConfirmation.objects.create(
            union=union,
            period=period,
            confirmed_on=timezone.localdate(),
            confirmed_by=by,
            note=note,
            **asdict(shown),
        )
