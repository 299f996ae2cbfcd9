"""A document as pages show it: runs with the address of the rows behind each figure, where the reader may open them."""

from dataclasses import dataclass
from typing import Any

from unionoffice import facts
from unionoffice.organisation import access
from unionoffice.organisation.models import User
from unionoffice.records.types import registry

from .summary import Figure, Paragraph, Run, Summary


@dataclass(frozen=True)
class RunOnPage:
    """A run as the page shows it; without an address it is plain text."""

    text: str
    url: str = ""
    about: str = ""
    key: str = ""
    is_typed: bool = False


@dataclass(frozen=True)
class ParagraphOnPage:
    level: int
    number: str
    runs: tuple[RunOnPage, ...]


def link(figure: Figure, user: User) -> str:
    """Address of the rows behind a figure; empty where the user may not open that list."""
    return figure.url if may_open(figure.key, user) else ""


def may_open(key: str, user: User) -> bool:
    """Whether the user may open the list a fact counts."""
    fact = facts.registry.get(key)
    kind = registry.get(fact.slug) if fact else None
    return kind is not None and access.may(user, access.VIEW, kind)


def run_on_page(run: Run, user: User) -> RunOnPage:
    if not isinstance(run, Figure):
        return RunOnPage(run.text)
    about = f"{run.label}：{run.definition}（{run.span}）{f'；{run.note}' if run.note else ''}"
    return RunOnPage(run.text, link(run, user), about, run.key, bool(run.note))


def on_page(summary: Summary, user: User) -> dict[str, Any]:
    """The summary as the templates read it: figures the user may open are links."""

    def paragraph(shown: Paragraph) -> ParagraphOnPage:
        runs = tuple(run_on_page(run, user) for run in shown.runs)
        return ParagraphOnPage(shown.level, shown.number, runs)

    return {
        "summary": summary,
        "paragraphs": [paragraph(shown) for shown in summary.paragraphs],
        "figures": [(figure, link(figure, user)) for figure in summary.ledger()],
        "signed_on": summary.signed_on,
        "left_out": [omission for omission in summary.omissions if omission.whole_sentence],
        "shortened": [omission for omission in summary.omissions if not omission.whole_sentence],
    }
