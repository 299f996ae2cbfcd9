"""Two people at one record: what the second one typed is weighed against what the first one saved."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, models

from unionoffice.organisation import access
from unionoffice.organisation.models import User

from .cells import formatter
from .forms import RecordForm
from .models import Change
from .parts import changes_of


@dataclass(frozen=True)
class Difference:
    """A field that somebody else changed meanwhile: what the form says and what stands there now.

    is_mine says whether the form's user changed it too; otherwise what stands there stays.
    """

    name: str
    label: str
    mine: str
    theirs: str
    who: str
    is_mine: bool


class Conflict(Exception):
    """Somebody else saved the record since the form was opened."""

    def __init__(self, differences: list[Difference], newest: int) -> None:
        super().__init__("the record was changed meanwhile")
        self.differences, self.newest = differences, newest


def newest_change(record: models.Model) -> int:
    """Number of the newest change of a record or of its links to others, 0 for none."""
    found = Change.objects.filter(changes_of(record)).order_by("-id").values_list("id", flat=True)
    return found.first() or 0


def refuse_conflict(form: RecordForm) -> None:
    """Raise Conflict where the form would write over something its user has not seen."""
    seen = form.cleaned_data.get("seen")
    if seen is None:
        return
    later = Change.objects.filter(changes_of(form.instance), id__gt=seen).select_related("act__user")
    changes = list(later.order_by("id"))
    if found := differences(form, changes):
        raise Conflict(found, changes[-1].pk)


def resumed(form: RecordForm, conflict: Conflict, stored: models.Model) -> RecordForm:
    """The form again: what its user changed as typed, everything else as it stands now."""
    kept = {found.name for found in conflict.differences if not found.is_mine}
    initial = {name: form[name].value() for name in form.changed_data if name not in kept}
    return type(form)(instance=stored, initial=initial | {"seen": conflict.newest})


def differences(form: RecordForm, later: list[Change]) -> list[Difference]:
    """Fields changed by others that now say something else than the form does."""
    kind, record = form.kind, form.instance
    stored = kind.model._default_manager.get(pk=record.pk)
    opened = _as_opened(stored, [change for change in later if change.table == record._meta.db_table])
    found = []
    for name in form.own_fields():
        if name not in kind.fields:
            continue
        field = kind.field(name)
        touching = [change for change in later if _touches(change, field)]
        if not touching:
            continue
        if field.many_to_many:
            mine, theirs = (
                {row.pk for row in rows} for rows in (form.cleaned_data[name], getattr(stored, name).all())
            )
            before = _linked_before(field, theirs, touching)
        else:
            mine, theirs, before = (getattr(row, field.attname) for row in (record, stored, opened))
        if mine != theirs and theirs != before:
            texts = [_text(field, row, form.user) for row in (form.cleaned_data[name], getattr(stored, name))]
            found.append(
                Difference(name, str(field.verbose_name), *texts, _who(touching[-1]), mine != before)
            )
    return found


def beside(form: RecordForm, stored: models.Model) -> list[Difference]:
    """Where the form says something else than a stored record that came of an earlier sending of it."""
    form.full_clean()
    found = []
    for name in form.own_fields():
        if name not in form.kind.fields:
            continue
        field = form.kind.field(name)
        theirs = getattr(stored, name)
        if name not in form.cleaned_data:  # it could not even be read: shown as it was typed
            mine, same = str(form[name].value() or ""), False
        elif field.many_to_many:
            theirs, chosen = theirs.all(), form.cleaned_data[name]
            mine, same = _text(field, chosen, form.user), {*chosen} == {*theirs}
        else:
            mine = _text(field, form.cleaned_data[name], form.user)
            same = getattr(form.instance, field.attname) == getattr(stored, field.attname)
        if not same:
            text = _text(field, theirs, form.user)
            found.append(Difference(name, str(field.verbose_name), mine, text, who="", is_mine=True))
    return found


def _touches(change: Change, field: models.Field) -> bool:
    if field.many_to_many:
        return change.table == field.m2m_db_table()
    return change.table == field.model._meta.db_table and field.column in (change.after or {})


def _as_opened(stored: models.Model, later: list[Change]) -> models.Model:
    """The row as it stood before these changes."""
    before: dict[str, Any] = {}
    for change in reversed(later):
        before |= change.before or {}
    table = connection.ops.quote_name(stored._meta.db_table)
    sql = f"select p.* from {table} t, jsonb_populate_record(t, %s) p where t.id = %s"
    return type(stored)._default_manager.raw(sql, [_json(before), stored.pk])[0]


def _json(values: dict[str, Any]) -> Any:
    return models.JSONField().get_db_prep_value(values, connection)


def _linked_before(field: models.ManyToManyField, now: set[int], changes: Iterable[Change]) -> set[int]:
    """The related rows before these changes of the table of links."""
    through = field.remote_field.through._default_manager
    column = field.m2m_reverse_name()
    made = {change.row for change in changes if change.kind == Change.Kind.INSERT}
    new = set(through.filter(pk__in=made).values_list(column, flat=True))
    gone = {
        change.before[column]
        for change in changes
        if change.kind == Change.Kind.DELETE and change.row not in made
    }
    return (now - new) | gone


def _text(field: models.Field, value: Any, user: User) -> str:
    if field.many_to_many:
        seen = access.narrow(user, field.related_model)
        return "、".join(str(row) for row in seen.filter(pk__in=value.order_by().values("pk")))
    return (
        str(value)
        if isinstance(value, models.Model)
        else formatter(field, access.personal_data_masked(user))(value)
    )


def _who(change: Change) -> str:
    return access.describe(change.act.user) if change.act.user else "系统"
