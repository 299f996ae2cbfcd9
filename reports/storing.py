"""A draft as JSON and back: what a final document keeps of its text and settings, and what was handed out as a file."""

from dataclasses import asdict
from datetime import date
from typing import Any

from unionoffice.facts import Scope

from .drafting import Draft
from .summary import Chart, Figure, Issue, Paragraph, Photo, Run, Said, Series, Summary, Table, Text


def stored(draft: Draft, summary: Summary) -> dict[str, Any]:
    """Text with attachments, words and scope of a draft; `restored` and `scope_in` read them back."""
    return {
        "summary": summary_as_json(summary),
        "words": dict(draft.setting.words),
        "scope": _scope_as_json(draft.scope),
    }


def summary_as_json(summary: Summary) -> dict[str, Any]:
    return {
        "phrases": summary.phrases,
        "addressee": summary.addressee,
        "signer": summary.signer,
        "signed_on": summary.signed_on.isoformat(),
        "numbering": summary.numbering,
        "tables": [asdict(table) for table in summary.tables],
        "charts": [asdict(chart) for chart in summary.charts],
        "photos": [asdict(photo) for photo in summary.photos],
        "issue": _issue_as_json(summary.issue),
        "paragraphs": [
            {
                "level": paragraph.level,
                "number": paragraph.number,
                "key": paragraph.key,
                "runs": _runs_as_json(paragraph.runs),
                "said": [{"key": said.key, "runs": _runs_as_json(said.runs)} for said in paragraph.said],
            }
            for paragraph in summary.paragraphs
        ],
    }


def restored(kept: dict[str, Any]) -> Summary:
    """The Summary that `summary_as_json` wrote; omissions are no part of a document."""
    return Summary(
        phrases=tuple(kept["phrases"]),
        addressee=kept["addressee"],
        paragraphs=tuple(
            Paragraph(
                _runs(paragraph["runs"]),
                paragraph["level"],
                paragraph["number"],
                tuple(Said(said["key"], _runs(said["runs"])) for said in paragraph["said"]),
                paragraph["key"],
            )
            for paragraph in kept["paragraphs"]
        ),
        omissions=(),
        signer=kept["signer"],
        signed_on=date.fromisoformat(kept["signed_on"]),
        numbering=kept["numbering"],
        tables=tuple(
            Table(table["title"], tuple(map(tuple, table["columns"])), tuple(map(tuple, table["rows"])))
            for table in kept["tables"]
        ),
        charts=tuple(map(_chart, kept.get("charts", ()))),
        photos=tuple(Photo(**photo) for photo in kept.get("photos", ())),
        issue=_issue(kept.get("issue")),
    )


def scope_in(frozen: dict[str, Any]) -> Scope:
    """The scope the figures were asked for."""
    kept = frozen["scope"]
    return Scope(
        start=date.fromisoformat(kept["start"]),
        end=date.fromisoformat(kept["end"]),
        as_of=date.fromisoformat(kept["as_of"]),
        unions=None if kept["unions"] is None else frozenset(kept["unions"]),
        as_ofs=tuple((slot, date.fromisoformat(day)) for slot, day in kept["as_ofs"]),
    )


def _scope_as_json(scope: Scope) -> dict[str, Any]:
    return {
        "start": scope.start.isoformat(),
        "end": scope.end.isoformat(),
        "as_of": scope.as_of.isoformat(),
        "unions": None if scope.unions is None else sorted(scope.unions),
        "as_ofs": [[slot, day.isoformat()] for slot, day in scope.as_ofs],
    }


def _chart(kept: dict[str, Any]) -> Chart:
    series = (Series(**one | {"values": tuple(one["values"])}) for one in kept["series"])
    return Chart(**kept | {"categories": tuple(kept["categories"]), "series": tuple(series)})


def _issue_as_json(issue: Issue | None) -> dict[str, Any] | None:
    if issue is None:
        return None
    return asdict(issue) | {"printed_on": issue.printed_on.isoformat() if issue.printed_on else None}


def _issue(kept: dict[str, Any] | None) -> Issue | None:
    if kept is None:
        return None
    day = kept["printed_on"]
    return Issue(**kept | {"printed_on": date.fromisoformat(day) if day else None})


def _runs_as_json(runs: tuple[Run, ...]) -> list[dict[str, Any]]:
    return [
        asdict(run) | {"as_of": run.as_of.isoformat()} if isinstance(run, Figure) else {"text": run.text}
        for run in runs
    ]


def _runs(kept: list[dict[str, Any]]) -> tuple[Run, ...]:
    return tuple(
        Figure(**run | {"as_of": date.fromisoformat(run["as_of"])}) if "key" in run else Text(run["text"])
        for run in kept
    )
