"""Stored rows as a batch: what a form, a bulk edit and the check of known doubts hand to the rules."""

from collections.abc import Sequence
from typing import Any

from unionoffice.organisation.models import Record, User

from .importing.identifying import related_keys
from .rules import Batch
from .types import RecordType


def batch_of(kind: RecordType, records: Sequence[Record], user: User | None) -> Batch:
    """These records with every field of their form, as they stand in memory; links to several others as stored."""
    pks = [record.pk for record in records]
    values: dict[str, list[Any]] = {}
    for name in kind.fields:
        field = kind.field(name)
        if field.many_to_many:
            linked = related_keys(field, pks)
            values[name] = [linked.get(pk, []) for pk in pks]
        else:
            values[name] = [getattr(record, field.attname) for record in records]
    return Batch(values, pks, user)
