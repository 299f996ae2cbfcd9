"""Writing one record from a form: once however often it is sent, never over somebody else's change, never out of sight."""

from collections.abc import Callable

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from unionoffice.organisation import access
from unionoffice.organisation.models import Record, User

from .conflicts import refuse_conflict
from .forms import RecordForm
from .history import act
from .models import ActKind
from .sending import Sending
from .types import RecordType


@transaction.atomic
def save(form: RecordForm, also: Callable[[Record], None] | None = None) -> Record:
    """Save a valid form as one act, and within it what `also` writes. Raises Conflict with nothing written,
    PermissionDenied when the saved row would lie outside what the user may change, StepRefused for a settled one."""
    kind, user, is_new = form.kind, form.user, form.instance.pk is None
    if not is_new:
        kind.refuse_settled(kind.model.objects.held().get(pk=form.instance.pk))
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
        sending = Sending.of(form, user)
        if not is_new:
            sending.forget()
        sending.note(kind.url("record", record.pk))
    return record


def still_in_sight(kind: RecordType, user: User, record: Record) -> None:
    if not access.kept(user, kind.rows(user)).filter(pk=record.pk).exists():
        raise PermissionDenied("the saved row lies outside the user's unions")


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
