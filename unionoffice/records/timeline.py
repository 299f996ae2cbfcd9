"""History as people read it: acts with the fields they changed, before and after, in the words of the forms."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, DateField, Field, ForeignKey, Model, Q
from django.urls import reverse

from unionoffice.fields import DerivedField, EncryptedField
from unionoffice.organisation import access
from unionoffice.organisation.models import OfficeSetting, Record, User
from unionoffice.organisation.office import SETTINGS

from .cells import formatter
from .history import tracked_models
from .models import Act, ActKind, Change
from .parts import Owner, Parts, changes_of, is_part
from .types import RecordType, registry

OF_MANY = {ActKind.IMPORT, ActKind.BULK, ActKind.LOAD, ActKind.DIRECT}


@dataclass(frozen=True)
class FieldChange:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """One act as it touched one record."""

    act: Act
    kind_label: str
    changes: list[FieldChange]
    act_url: str
    take_back_url: str = ""

    @property
    def at(self) -> datetime:
        return self.act.at

    @property
    def who(self) -> str:
        return access.describe(self.act.user) if self.act.user else "系统"

    @property
    def summary(self) -> str:
        return self.act.reason


@dataclass(frozen=True)
class TouchedRow:
    """One row as an act touched it."""

    title: str
    url: str
    kind_label: str
    tone: str
    changes: list[FieldChange]


class Reader:
    """Reads raw changes into words; names of related rows are looked up once per table."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.masks_phones = access.personal_data_masked(user)
        self.models = {model._meta.db_table: model for model in tracked_models()}
        self._names: dict[tuple[str, int], str] = {}

    def prepare(self, changes: Iterable[Change]) -> None:
        """Fetch the names of all related rows that these changes mention, one query per table."""
        changes = list(changes)
        self.parts = Parts(changes, self.user)
        wanted: dict[type[Model], set[int]] = {}
        for change in changes:
            model = None if is_part(change) else self.models.get(change.table)
            for field in model._meta.concrete_fields if model else ():
                if isinstance(field, ForeignKey):
                    for side in (change.before, change.after):
                        if side and side.get(field.column):
                            wanted.setdefault(field.related_model, set()).add(side[field.column])
        for model, pks in wanted.items():
            for row in model._default_manager.filter(pk__in=pks).select_related():
                self._names[model._meta.db_table, row.pk] = str(row)

    def owner(self, change: Change) -> Owner | None:
        """Model and number of the record a change belongs to; None where nothing tells any more."""
        if is_part(change):
            return self.parts.owner(change)
        model = self.models.get(change.table)
        return (model, change.row) if model else None

    def every_field(self, changes: Iterable[Change]) -> list[FieldChange]:
        """What several changes of one record come to; files and linked records stand together under one label."""
        found: list[FieldChange] = []
        parts: dict[tuple[str, bool], list[str]] = {}
        for change in changes:
            if is_part(change):
                label, name = self.parts.told(change)
                parts.setdefault((label, change.kind == Change.Kind.DELETE), []).append(name)
            else:
                found += self.fields(change)
        for (label, gone), names in parts.items():
            listed = "、".join(sorted(names))
            found.append(FieldChange(label, listed, "已去掉") if gone else FieldChange(label, "", listed))
        return found

    def fields(self, change: Change) -> list[FieldChange]:
        """What changed, field by field; computed columns and unchanged ones are left out."""
        model = self.models.get(change.table)
        if model is None:
            return []
        kind = registry.of(model)
        hidden = kind.untold(self.user) if kind else ()
        found = []
        for field in model._meta.concrete_fields:
            computed = isinstance(field, DerivedField) or field.generated
            if field.primary_key or computed or field.name in hidden:
                continue
            before, after = (
                self.text(field, (side or {}).get(field.column)) for side in (change.before, change.after)
            )
            if before != after or field.column in (change.after or {}):
                found.append(FieldChange(str(field.verbose_name), before, after))
        return found

    def text(self, field: Field, raw: Any) -> str:
        """A stored value, as history keeps it (JSON), in words."""
        if raw in (None, ""):
            return ""
        if isinstance(field, ForeignKey):
            return self._names.get((field.related_model._meta.db_table, raw), f"（已删除的记录 {raw}）")
        if isinstance(field, EncryptedField):
            return formatter(field, self.masks_phones)(
                field.from_db_value(bytes.fromhex(raw[2:]), None, None)
            )
        if isinstance(field, DateField | BooleanField) or field.choices:
            return formatter(field, self.masks_phones)(field.to_python(raw))
        return formatter(field, self.masks_phones)(raw)


def timeline(record: Model, user: User, limit: int | None = None) -> list[Entry]:
    """The acts that touched a record, its files or its links to others, newest first; at most so many. Of a row that
    came from another union only what happened since."""
    borders, readable = _past(record, user)
    found = Change.objects.filter(changes_of(record), readable)
    if limit:
        acts = found.order_by("-act").values_list("act", flat=True).distinct()[:limit]
        found = found.filter(act__in=list(acts))
    changes = list(found.select_related("act__user").order_by("-id"))
    for change in changes:
        if column := borders.get(change.pk):
            change.before, change.after = ({column: side[column]} for side in (change.before, change.after))
    reader = Reader(user)
    reader.prepare(changes)
    kind = registry.of(type(record))
    undone = set(
        Act.objects.filter(takes_back__in={c.act_id for c in changes}).values_list("takes_back", flat=True)
    )
    by_act: dict[int, list[Change]] = {}
    for change in changes:
        by_act.setdefault(change.act_id, []).append(change)
    return [_entry(found, reader, kind, undone) for found in by_act.values()]


def _past(record: Model, user: User) -> tuple[dict[int, str], Q]:
    """The changes of a record that the user may read, as a condition; and which of them took it into or out of the
    user's sight, by number, with the column of its union: all else they changed was the other union's."""
    column = access.union_column(type(record)) if isinstance(record, Record) else ""
    if not column or access.sees_whole_town(user):
        return {}, Q()
    own = Change.objects.filter(table=record._meta.db_table, row=record.pk, kind=Change.Kind.UPDATE)
    moves = own.filter(before__has_key=column).order_by("-pk").values_list("pk", f"before__{column}")
    stretches = access.past_seen(user, record, list(moves))
    if stretches is None:
        return {}, Q()
    readable = Q(pk__in=[])
    for first, last in stretches:
        readable |= Q(pk__range=(first, last)) if last else Q(pk__gte=first)
    return {pk: column for stretch in stretches for pk in stretch if pk}, readable


def _entry(changes: list[Change], reader: Reader, kind: RecordType | None, undone: set[int]) -> Entry:
    """What one act did to the record. An act over many records is taken back from its own page, which shows them all."""
    act = changes[0].act
    offers = kind is not None and may_take_back(act, reader.user, kind) and act.pk not in undone
    return Entry(
        act,
        _label(act),
        reader.every_field(changes),
        reverse("records:act", kwargs={"pk": act.pk})
        if access.may_read_act(reader.user, act.user_id)
        else "",
        reverse("records:take_back", kwargs={"pk": act.pk}) if offers and act.kind not in OF_MANY else "",
    )


def _label(act: Act) -> str:
    """What was done, of a step by its own name: it stands first in the summary."""
    step, colon, _ = act.summary.partition("：")
    return step if act.kind == ActKind.STEP and colon else act.get_kind_display()


def may_take_back(act: Act, user: User, kind: RecordType) -> bool:
    """Staff take back anything of the office; others what they did themselves, where their role allows it."""
    if not access.may(user, access.TAKE_BACK, kind):
        return False
    return access.sees_whole_town(user) or act.user_id == user.pk


def touched_rows(changes: list[Change], user: User) -> list[TouchedRow]:
    """Rows as an act touched them; rows of the user's sight link to their record."""
    reader = Reader(user)
    reader.prepare(changes)
    owners = {change.pk: reader.owner(change) for change in changes}
    names, seen = _titles(owners.values(), user)
    tones = {"I": "good", "U": "info", "D": "bad"}
    made = []
    for change in changes:
        owner = owners[change.pk]
        if owner is None:
            continue
        model, pk = owner
        kind = registry.of(model)
        visible = owner in seen
        opens = visible and kind is not None and access.may(user, access.VIEW, kind)
        label = f"的{reader.parts.told(change)[0]}" if is_part(change) else ""
        made.append(
            TouchedRow(
                f"{model._meta.verbose_name} {names.get(owner, pk)}{label}",
                kind.url("record", pk) if kind and opens else "",
                change.get_kind_display(),
                tones[change.kind],
                reader.every_field([change]) if visible or change.kind == "D" else [],
            )
        )
    return made


def _titles(owners: Iterable[Owner | None], user: User) -> tuple[dict[Owner, str], set[Owner]]:
    """Names of the records the user may see, and which those are."""
    wanted: dict[type[Model], set[int]] = {}
    for owner in owners:
        if owner is not None:
            wanted.setdefault(owner[0], set()).add(owner[1])
    names: dict[Owner, str] = {}
    for model, pks in wanted.items():
        kind = registry.of(model)
        if kind is not None:
            rows = kind.rows(user).filter(pk__in=pks).select_related()
            names |= {(model, row.pk): str(row) for row in rows}
    seen = set(names)
    return names | _names_of_settings(wanted) | _names_of_accounts(wanted), seen


def _names_of_settings(wanted: dict[type[Model], set[int]]) -> dict[Owner, str]:
    labels = {key: spec.label for key, spec in SETTINGS.items()}
    rows = OfficeSetting.objects.filter(pk__in=wanted.get(OfficeSetting, ()))
    return {(OfficeSetting, row.pk): f"“{labels.get(row.key, row.key)}”自{row.valid_from}起" for row in rows}


def _names_of_accounts(wanted: dict[type[Model], set[int]]) -> dict[Owner, str]:
    return {(User, row.pk): row.name for row in User.objects.filter(pk__in=wanted.get(User, ()))}
