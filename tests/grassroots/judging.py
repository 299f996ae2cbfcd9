"""Judging rows as a form or an import would, for the tests of rules."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from unionoffice.organisation.models import User
from unionoffice.records.rules import Batch, judge
from unionoffice.records.types import registry

Found = list[tuple[int, str, str]]


def verdicts(
    slug: str,
    *rows: dict[str, Any],
    pks: Sequence[int | None] = (),
    user: User | None = None,
    today: date | None = None,
) -> Found:
    """(row, verdict, code) of everything the type's rules say about these rows, in order."""
    kind = registry[slug]
    names = dict.fromkeys(name for row in rows for name in row)
    assert set(names) <= set(kind.fields), set(names) - set(kind.fields)
    columns = {name: [row.get(name) for row in rows] for name in kind.fields}
    batch = Batch(columns, list(pks) or [None] * len(rows), user, *([today] if today else []))
    return [(p.index, p.verdict, p.code) for p in judge(kind.rules, batch)]


def codes(slug: str, *rows: dict[str, Any], **options: Any) -> set[str]:
    return {code for _, _, code in verdicts(slug, *rows, **options)}
