"""What the import engine does with rosters, one file per module; rosters are given as comma-separated lines."""

import io
from collections.abc import Mapping
from typing import Any

from unionoffice.organisation.models import User
from unionoffice.records.importing.findings import Judgement
from unionoffice.records.importing.workbook import find, judge, write
from unionoffice.records.models import Act
from unionoffice.records.types import registry
from unionoffice.sheets.reading import open_book


def judged(slug: str, text: str, user: User | None, **options: Any) -> Judgement:
    """What importing these lines would do."""
    kind = registry[slug]
    with open_book(io.BytesIO(text.encode()), "名册.csv") as book:
        return judge(book, find(book, user, kind), user, **options)[kind]


def brought_in(slug: str, text: str, user: User | None, **options: Any) -> tuple[Judgement, Act]:
    """Import these lines; gives what was judged and the act."""
    kind = registry[slug]
    with open_book(io.BytesIO(text.encode()), "名册.csv") as book:
        done, found = write(book, find(book, user, kind), user, summary="名册", **options)
    return found[kind], done


def counts(judgement: Judgement) -> tuple[int, int, int, int]:
    """New, changed, unchanged, refused."""
    tally = judgement.tally
    return tally.new, tally.changed, tally.unchanged, tally.refused


def codes(judgement: Judgement) -> Mapping[int, set[str]]:
    """Codes of the refusals by row number."""
    found: dict[int, set[str]] = {}
    for finding in judgement.findings:
        if finding.verdict == "refused":
            found.setdefault(finding.row, set()).add(finding.code)
    return found
