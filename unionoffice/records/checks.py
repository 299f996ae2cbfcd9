"""System checks over the declarations: a mistake in one is told at start, not on a page."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, ForeignKey, ManyToManyField

from unionoffice.fields import EncryptedField, HashField
from unionoffice.organisation.models import OfficeSetting, Record

from .cells import kind_of
from .conditions import fields_read
from .forms import OWN_FIELDS
from .types import Filter, RecordType, registry

UNDECLARED: set[type[Record]] = {OfficeSetting}


@register()
def check_declarations(**kwargs: Any) -> list[CheckMessage]:
    """Unknown fields, a search over a number, a missing heading, a Record nobody declared."""
    found = [message for kind in registry for message in _check(kind)]
    declared = {kind.model for kind in registry}
    for model in apps.get_models():
        if (
            issubclass(model, Record)
            and model not in declared | UNDECLARED
            and not getattr(model, "is_part", False)
        ):
            found.append(
                Error(f"{model.__name__} is a Record without a declaration", obj=model, id="records.E001")
            )
    return found


Fault = tuple[str, int]  # one line and its number


def _check(kind: RecordType) -> Iterator[CheckMessage]:
    for text, number in (
        *_faults_of_form(kind),
        *_faults_of_list(kind),
        *_faults_of_ties(kind),
        *_faults_of_hiding(kind),
    ):
        yield Error(f"{kind.slug}: {text}", obj=kind.model, id=f"records.E{number:03}")


def _faults_of_form(kind: RecordType) -> Iterator[Fault]:
    for name in kind.fields:
        try:
            field = kind.field(name)
        except FieldDoesNotExist:
            yield f"form names the unknown field {name}", 2
            continue
        if str(field.verbose_name).isascii():
            yield f"field {name} has no Chinese verbose_name", 3
    for name in set(kind.fields) & set(OWN_FIELDS):
        yield f"field {name} bears the name of a field every form has", 11
    for name in (*kind.quick_fields, *kind.suggests):
        if name not in kind.fields:
            yield f"the phone form or the suggestions name {name}, which the form does not have", 10


def _faults_of_list(kind: RecordType) -> Iterator[Fault]:
    for path in (*kind.columns, *kind.summary):
        if path not in kind.annotations and kind.resolve(path) is None:
            yield f"columns name the unknown field {path}", 4
    for path in kind.annotations:
        if kind.resolve(path) is not None:
            yield f"the computed column {path} bears the name of a field or relation", 9
    for part in kind.filters:
        if not isinstance(part, Filter) and kind.resolve(part) is None:
            yield f"filters name the unknown field {part}", 5
    for day in kind.calendar:
        if kind_of(kind.resolve(day.path)) != "date":
            yield f"the calendar names {day.path}, which is no day", 15
    for name, tones in kind.tones.items():
        known = dict(kind.field(name).flatchoices)
        for value in tones:
            if value not in known:
                yield f"tones name {value}, which {name} cannot be", 16
    for path in kind.search:
        found = kind.resolve(path)
        if found is None or not _searchable(found):
            yield f"search names {path}, which is no text", 6


def _faults_of_hiding(kind: RecordType) -> Iterator[Fault]:
    """What is to be hidden, and what would show or find it all the same."""
    keys = {part.key for part in kind.filters if isinstance(part, Filter)}
    for path in (*kind.sensitive, *kind.identifying):
        if not (path in kind.annotations or path in kind.fields or (path in keys and path in kind.sensitive)):
            yield f"the unknown field {path} is to be hidden", 12
    for key, expression in kind.annotations.items():
        read = {path.partition(".")[0] for path in fields_read(expression)}
        if (read & kind.sensitive and key not in kind.sensitive) or (
            read & kind.identifying and key not in kind.identifying
        ):
            yield f"the computed column {key} shows a field that is to be hidden", 17
    asked = (*kind.search, *kind.ordering, *(day.path for day in kind.calendar))
    for path in asked:
        if path.lstrip("-").partition(".")[0].partition("__")[0] in kind.sensitive:
            yield f"everybody searches, sorts or finds by {path}, which is to be hidden", 18


def _faults_of_ties(kind: RecordType) -> Iterator[Fault]:
    for key in kind.import_key:
        for name in key:
            if kind.resolve(name) is None:
                yield f"import_key names the unknown field {name}", 7
    if kind.pictured and kind.resolve(kind.pictured.day) is None:
        yield f"pictured names the unknown field {kind.pictured.day}", 13
    if kind.pictured and kind.pictured.evidence not in {part.kind for part in kind.evidence}:
        yield f"pictured names the unknown evidence {kind.pictured.evidence}", 14
    for related in kind.related:
        if registry.get(related.slug) is None:
            yield f"related names the unknown type {related.slug}", 8


def _searchable(field: Field) -> bool:
    if isinstance(field, ForeignKey | ManyToManyField):
        return False
    return (
        isinstance(field, EncryptedField | HashField)
        or "Char" in field.get_internal_type()
        or "Text" in field.get_internal_type()
    )
