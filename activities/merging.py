"""One activity entered twice, by two of the unions that held it, becomes one: organiser and co-organisers, all files."""

from typing import Any

from django.db import models

from unionoffice.fields import with_derived
from unionoffice.organisation.models import User
from unionoffice.records.models import Attachment
from unionoffice.records.steps import StepRefused

from .choices import State
from .models import Activity

MERGE = "merge"
# Of these both entries may tell their own; who merges says what holds for the whole.
ASKED = {"came": "参加人次", "cost": "经费支出"}
NOT_TAKEN = {"id", "union", "title", "starts_on", "state", "note", *ASKED}


def merge(keep: Activity, chosen: dict[str, Any], user: User) -> str:
    """The other entry goes into this one, whose own statements stay; what it does not say is taken from the other.

    StepRefused for the same entry, for another day, where one is not held as the other, or a number is left open."""
    other = Activity.objects.held().filter(pk=chosen["other"].pk).first()
    if other is None or other.pk == keep.pk:
        raise StepRefused("请选择另一条活动记录。", "other")
    if (other.starts_on, other.state) != (keep.starts_on, keep.state):
        raise StepRefused("两条记录的开始日期或状态不同，不是同一项活动；登记有误的先改正。", "other")
    numbers = {name: _agreed(keep, other, name, chosen) for name in ASKED}
    _join(keep, other)
    if keep.participants.count() > (numbers["came"] or 0):
        raise StepRefused(f"签到会员共{keep.participants.count()}名，多于参加人次。", "came")
    taken = [field.name for field in _columns() if _is_blank(keep, field) and not _is_blank(other, field)]
    for name in taken:
        setattr(keep, name, getattr(other, name))
    keep.came, keep.cost = numbers["came"], numbers["cost"]
    keep.note = "\n".join(dict.fromkeys(note for note in (keep.note, other.note) if note))
    keep.save(update_fields=with_derived(Activity, [*taken, *ASKED, "note"]))
    Attachment.objects.filter(table=Activity._meta.db_table, row=other.pk).update(row=keep.pk)
    other.delete()
    return f"{other.union}登记的“{other}”已并入。"


def may_be_merged(activity: Activity) -> bool:
    return activity.state != State.CANCELLED


def _agreed(keep: Activity, other: Activity, name: str, chosen: dict[str, Any]) -> Any:
    """The number that holds for the whole: the one typed, else the only one there is."""
    if chosen[name] is not None:
        return chosen[name]
    told = {value for value in (getattr(keep, name), getattr(other, name)) if value is not None}
    if len(told) > 1:
        raise StepRefused(
            f"两条的{ASKED[name]}不同（{getattr(keep, name)}、{getattr(other, name)}），请填整个活动的。",
            name,
        )
    return next(iter(told), None)


def _join(keep: Activity, other: Activity) -> None:
    """Unions, members and units of both; the other's organiser has held it together with this one's."""
    for name in ("co_organisers", "participants", "partners"):
        getattr(keep, name).add(*getattr(other, name).all())
    keep.co_organisers.add(other.union)
    keep.co_organisers.remove(keep.union)


def _columns() -> list[models.Field]:
    return [
        field
        for field in Activity._meta.concrete_fields
        if field.editable and not field.generated and field.name not in NOT_TAKEN
    ]


def _is_blank(activity: Activity, field: models.Field) -> bool:
    return getattr(activity, field.attname) in (None, "")
