"""Names that several rows bear: a row that says which record it is goes on referring to what it refers to now."""

from collections.abc import Mapping, Sequence

from django.db import models

from ..cells import naming_path
from .identifying import among


def as_stood(field: models.Field, names: Mapping[int, Sequence[str]]) -> dict[int, dict[str, list[int]]]:
    """By primary key and name: the related rows of that name to which the row refers. `names` are those asked for."""
    path = f"{field.name}__{naming_path(field.related_model)}"
    rows = field.model._base_manager.filter(pk__in=among(list(names)), **{f"{field.name}__isnull": False})
    found: dict[int, dict[str, list[int]]] = {}
    for pk, related, name in rows.order_by().values_list("pk", field.name, path):
        if str(name) in names[pk]:
            found.setdefault(pk, {}).setdefault(str(name), []).append(related)
    return found
