"""Writing one record from a form: once however often it is sent, never over somebody else's change, never out of sight."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction

from unionoffice.organisation import access
from unionoffice.organisation.models import Record, User

from .cells import formatter
from .forms import RecordForm
from .history import act
from .models import ActKind, Change, Submission
from .types import RecordType


@dataclass(frozen=True)
class Difference:
    """A field that somebody else changed meanwhile: what the form says and what stands there now."""

    label: str
    mine: str
    theirs: str
    who: str


class Conflict(Exception):
    """Somebody else saved the record since the form was opened."""

    def __init__(self, differences: list[Difference], newest: int) -> None:
        super().__init__("the record was changed meanwhile")
        self.differences, self.newest = differences, newest


def newest_change(record: models.Model) -> int:
    """Number of the newest change of a record, 0 for none."""
    found = (
        Change.objects.filter(table=record._meta.db_table, row=record.pk)
        .order_by("-id")
        .values_list("id", flat=True)
    )
    return found.first() or 0


def already_sent(key: uuid.UUID | None) -> str | None:
    """Where the first sending of this form led; None when it was not sent before."""
    return Submission.objects.filter(pk=key).values_list("url", flat=True).first() if key else None


@transaction.atomic
def save(form: RecordForm, also: Callable[[Record], None] | None = None) -> Record:
    """Save a valid form as one act, and within it what `also` writes. Raises Conflict with nothing written,
    PermissionDenied when the saved row would lie outside what the user may change."""
    kind, user, is_new = form.kind, form.user, form.instance.pk is None
    if not is_new:
        kind.model.objects.select_for_update(of=("self",)).get(pk=form.instance.pk)
        refuse_conflict(form)
    label = ActKind.CREATE if is_new else ActKind.CHANGE
    reason = form.cleaned_data.get("act_reason", "")
    with act(label, user=user, summary=f"{kind.title} {form.instance}"[:200], reason=reason):
        record = form.save()
        if kind.after_save is not None:
            kind.after_save(record, is_new, user)
        if kind.after_write is not None:
            kind.after_write([record.pk], user)
        if also is not None:
            also(record)
        still_in_sight(kind, user, record)
        if key := form.cleaned_data.get("submission"):
            Submission.objects.create(key=key, user=user, url=kind.url("record", record.pk))
    return record


def still_in_sight(kind: RecordType, user: User, record: Record) -> None:
    if not access.kept(user, kind.rows(user)).filter(pk=record.pk).exists():
        raise PermissionDenied("the saved row lies outside the user's unions")


def refuse_conflict(form: RecordForm) -> None:
    seen = form.cleaned_data.get("seen")
    record = form.instance
    if seen is None:
        return
    later = list(
        Change.objects.filter(table=record._meta.db_table, row=record.pk, id__gt=seen)
        .select_related("act__user")
        .order_by("id")
    )
    if later:
        raise Conflict(differences(form, later), later[-1].pk)


def differences(form: RecordForm, later: list[Change]) -> list[Difference]:
    """Fields changed by others, as they stand now, beside what this form says."""
    stored = form.kind.model.objects.get(pk=form.instance.pk)
    by_column: dict[str, Any] = {column: change for change in later for column in (change.after or {})}
    found = []
    for name in form.own_fields():
        if name not in form.kind.fields:
            continue
        field = form.kind.field(name)
        change = by_column.get(field.column)
        if change is None:
            continue
        who = access.describe(change.act.user) if change.act.user else "系统"
        mine, theirs = shown(field, form.instance, form.user), shown(field, stored, form.user)
        if mine != theirs:
            found.append(Difference(str(field.verbose_name), mine, theirs, who))
    return found


def shown(field: models.Field, record: models.Model, user: User) -> str:
    """A field of a record as text."""
    value = getattr(record, field.name)
    return str(value) if isinstance(value, models.Model) else formatter(field, user)(value)


def refused_by_database(error: IntegrityError) -> str:
    """One Chinese line for a constraint that only the database could judge."""
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", "") or ""
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if (
                constraint.name == name
                and constraint.violation_error_message != constraint.default_violation_error_message
            ):
                return str(constraint.violation_error_message)
    return "与已有记录重复或冲突，没有保存。"
