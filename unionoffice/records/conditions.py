"""What conditions and expressions over the rows of a type read."""

from typing import Any

from django.db.models import F, Q
from django.db.models.expressions import BaseExpression


def fields_read(part: Any) -> set[str]:
    """Dotted paths of the fields that a Q or an expression reads, look-ups at their ends; not those of subqueries."""
    match part:
        case F():
            return {part.name.replace("__", ".")}
        case Q():
            return _all_read(part.children)
        case (str() as path, value):
            return {path.replace("__", ".")} | fields_read(value)
        case BaseExpression():
            return _all_read(part.get_source_expressions())
        case _:
            return set()


def _all_read(parts: list[Any]) -> set[str]:
    return {path for part in parts for path in fields_read(part)}
