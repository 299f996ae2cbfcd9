"""What the review page shows of a judged run, kept encrypted beside it."""

import json
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

from ..blobs import forget, store
from ..cells import plain
from ..models import ImportRun
from ..types import RecordType
from .findings import Judgement
from .workbook import Found


@dataclass
class Details:
    """What the review page shows of a judged run. rows: number -> outcome, cells, before; findings per row.

    read, unread  what of the file became rows and what did not, as `unread.py` tells programs
    unjudged      rows repaired since the file was judged, of a file too large to be judged at once
    """

    rows: dict[str, dict[str, Any]]
    findings: list[list[Any]]
    kinds: list[dict[str, Any]]
    headings: list[list[str]]
    missing: list[str]
    repairs: dict[str, dict[str, str]]
    read: dict[str, Any] = field(default_factory=dict)
    unread: list[dict[str, Any]] = field(default_factory=list)
    unjudged: list[str] = field(default_factory=list)

    def of_row(self, number: str) -> list[list[Any]]:
        return [found for found in self.findings if str(found[0]) == number]


def made_details(
    found: Found,
    judgement: Judgement,
    repairs: dict[str, dict[str, str]],
    read: dict[str, Any],
    unread: list[dict[str, Any]],
) -> Details:
    resource = found.resource
    titles = {column.key: column.heading for column in resource.columns}
    pairs = [
        [found.header.texts.get(place, ""), titles[key]]
        for place, key in sorted(found.header.columns.items())
    ]
    required = [
        c.heading
        for c in resource.columns
        if c.key in found.header.missing and _is_required(found.kind, c.key)
    ]
    return Details(
        rows={
            str(number): {
                "outcome": row.outcome,
                "cells": {key: _text(cell) for key, cell in row.cells.items()},
                "before": row.before,
            }
            for number, row in judgement.kept.items()
        },
        findings=[[f.row, f.key, f.verdict, f.code, f.message] for f in judgement.findings],
        kinds=[kind | {"title": titles.get(kind["key"], "")} for kind in judgement.kinds()],
        headings=pairs,
        missing=required,
        repairs=repairs,
        read=read,
        unread=unread,
    )


def _is_required(kind: RecordType, key: str) -> bool:
    if key not in kind.fields:
        return False
    field = kind.field(key)
    return not (field.blank or field.has_default() or field.many_to_many)


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return f"{cell:.0f}"
    return plain(cell) if isinstance(cell, date | bool) else "" if cell is None else str(cell)


def details_of(run: ImportRun) -> Details:
    """The kept details; what an earlier version of the program kept besides is left out."""
    known = {one.name for one in fields(Details)}
    return Details(**{n: v for n, v in json.loads(run.details.read()).items() if n in known})


def keep(run: ImportRun, details: Details) -> None:
    """Store the details in place of the former ones."""
    before = run.details_id
    run.details = store(
        json.dumps(details.__dict__, ensure_ascii=False, default=str).encode(), "application/json"
    )
    run.save(update_fields=["details"])
    if before is not None:
        forget([before])
