"""What belongs to a record beside its own row, its files and its links to other records, as history tells it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import ManyToManyField, Model, Q, QuerySet

from unionoffice.organisation import access
from unionoffice.organisation.models import Record, User

from .attachments import labels_of
from .cells import ONLY_FOR_HANDLERS
from .models import Act, Attachment, Change
from .types import RecordType, registry

FILES = Attachment._meta.db_table
Values = Mapping[str, Any]
Owner = tuple[type[Model], int]


@cache
def _links() -> dict[str, ManyToManyField]:
    """The field behind each table of links between records."""
    models = [model for model in apps.get_models() if issubclass(model, Record)]
    fields = [field for model in models for field in model._meta.local_many_to_many]
    return {field.m2m_db_table(): field for field in fields}


@cache
def _models() -> dict[str, type[Model]]:
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


def link_title(table: str) -> str:
    """What rows that link records are called, by the field behind them; empty for other tables."""
    field = _links().get(table)
    return f"{field.model._meta.verbose_name}的{field.verbose_name}" if field else ""


def is_part(change: Change) -> bool:
    return change.table == FILES or change.table in _links()


def changes_of(record: Model) -> Q:
    """The condition for changes of the record's own row and of its parts, removed ones too.

    A union, because PostgreSQL would read every change of every file and link to answer these questions joined by OR.
    """
    files = {"table": record._meta.db_table, "row": record.pk}
    found = [
        Change.objects.filter(**files),
        *_changes_of_rows(FILES, Attachment.objects.filter(**files), files),
    ]
    for table, field in _links().items():
        if field.model is type(record):
            mine = {field.m2m_column_name(): record.pk}
            found += _changes_of_rows(table, field.remote_field.through.objects.filter(**mine), mine)
    own, *others = [rows.values("pk") for rows in found]
    return Q(pk__in=own.union(*others, all=True))


def _changes_of_rows(table: str, present: QuerySet, columns: Values) -> tuple[QuerySet, QuerySet]:
    """Changes of the parts that are there, and of those that were removed."""
    changes = Change.objects.filter(table=table)
    removed = changes.filter(kind=Change.Kind.DELETE, before__contains=dict(columns))
    return changes.filter(row__in=present.values("pk")), changes.filter(row__in=removed.values("row"))


class Parts:
    """Reads changes of parts; what they are about is fetched once for all of them."""

    def __init__(self, changes: Iterable[Change], user: User) -> None:
        self.user = user
        self.values: dict[tuple[str, int], Values] = {}
        self.names: dict[tuple[type[Model], int], str] = {}
        by_table: dict[str, list[Change]] = defaultdict(list)
        for change in changes:
            if is_part(change):
                by_table[change.table].append(change)
        for table, found in by_table.items():
            self._fetch(table, found)
            if table in _links():
                self._name(_links()[table], [self.values.get((table, change.row), {}) for change in found])

    def _fetch(self, table: str, changes: list[Change]) -> None:
        """The rows as they were when deleted, else as they stand."""
        pks = {change.row for change in changes}
        for row in _models()[table]._base_manager.filter(pk__in=pks).values():
            self.values[table, row["id"]] = row
        removed = Change.objects.filter(table=table, row__in=pks, kind=Change.Kind.DELETE)
        for pk, before in removed.values_list("row", "before"):
            self.values.setdefault((table, pk), before)

    def _name(self, field: ManyToManyField, rows: list[Values]) -> None:
        """Names of the linked records the user may see."""
        model, column = field.related_model, field.m2m_reverse_name()
        pks = {row[column] for row in rows if column in row}
        for linked in access.narrow(self.user, model).filter(pk__in=pks):
            self.names[model, linked.pk] = str(linked)

    def owner(self, change: Change) -> Owner | None:
        """The record a part belongs to; None where nothing tells any more."""
        values = self.values.get((change.table, change.row))
        if values is None:
            return None
        if change.table == FILES:
            model = _models().get(values["table"])
            return (model, values["row"]) if model else None
        field = _links()[change.table]
        return field.model, values[field.m2m_column_name()]

    def told(self, change: Change) -> tuple[str, str]:
        """(what the part is called, which one it is)."""
        values = self.values.get((change.table, change.row), {})
        if change.table == FILES:
            owner = self.owner(change)
            kind = registry.of(owner[0]) if owner else None
            named = (
                values.get("name", "")
                if kind is None or kind.veiled(self.user) is None
                else ONLY_FOR_HANDLERS
            )
            return "材料", f"{labels_of(kind).get(values.get('kind'), '')} {named}".strip()
        field = _links()[change.table]
        declared = registry.of(field.model)
        if declared and field.name in declared.untold(self.user):
            return str(field.verbose_name), ONLY_FOR_HANDLERS
        name = self.names.get((field.related_model, values.get(field.m2m_reverse_name())))
        return str(field.verbose_name), name or "其他工会的一项"


def kinds_touched(act: Act, user: User) -> set[RecordType]:
    """The types whose records an act changed, by their own rows or by their parts."""
    return {kind for model in _models_touched(act, user) if (kind := registry.of(model)) is not None}


def touches_documents(act: Act, user: User) -> bool:
    """Whether an act changed records without pages of a type: documents, forms, settings."""
    models = _models_touched(act, user)
    return any(issubclass(model, Record) and registry.of(model) is None for model in models)


def _models_touched(act: Act, user: User) -> set[type[Model]]:
    tables = set(act.changes.order_by().values_list("table", flat=True).distinct())
    models = {_models()[table] for table in tables if table in _models()}
    models |= {_links()[table].model for table in tables if table in _links()}
    if FILES in tables:
        files = list(act.changes.filter(table=FILES))
        parts = Parts(files, user)
        models |= {owner[0] for change in files if (owner := parts.owner(change))}
    return models
