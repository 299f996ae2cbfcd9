"""The office's day as part of a query."""

from typing import Any

from django.db.models import DateField, Expression
from django.utils import timezone


class Today(Expression):
    """The office's day when the query runs, not when the module was read."""

    output_field = DateField()

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return "%s::date", [timezone.localdate()]
