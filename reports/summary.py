"""A document as plain values, between the facts and the page or the Word file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

Numbering = Literal["official", "local"]
NUMBERINGS: dict[Numbering, str] = {"official": "一、（一）1.（1）", "local": "一、1.一是"}


@dataclass(frozen=True)
class Text:
    text: str


@dataclass(frozen=True)
class Figure:
    """A figure as it stands in the text, with everything needed to trace it.

    text     as worded: 近600人次
    exact    without rounding: 589人次; of a long list the first names and their number
    span     the period or the day it holds for, in words
    records  how many rows are behind it; url is the list of those rows
    source   the token it stands for: {activities.walking.person_times|nearly}
    note     why it was typed over the records' own figure, and what that was; empty for figures of the records
    """

    number: int
    key: str
    text: str
    label: str
    definition: str
    exact: str
    span: str
    as_of: date
    records: int
    url: str
    source: str = ""
    note: str = ""


Run = Text | Figure


@dataclass(frozen=True)
class Said:
    """What one sentence of the outline came to."""

    key: str
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Paragraph:
    """level 0 is body text, 1 to 4 are headings; `number` is the heading's number as it reads (一、).

    said  the sentences the runs come from
    key   the chapter or section it heads; of body text the section or opening it belongs to
    """

    runs: tuple[Run, ...]
    level: int = 0
    number: str = ""
    said: tuple[Said, ...] = ()
    key: str = ""

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True)
class Omission:
    """A sentence or clause left out: where, how it would read, and what each figure lacks.

    key    the sentence; facts are the keys of those that lack something
    """

    place: str
    text: str
    reasons: tuple[str, ...]
    whole_sentence: bool
    key: str = ""
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """An attachment: columns as heading and width in parts of the text width, rows as they print."""

    title: str
    columns: tuple[tuple[str, int], ...]
    rows: tuple[tuple[str, ...], ...]


ChartKind = Literal["line", "column", "bar"]


@dataclass(frozen=True)
class Series:
    """One line or one colour of columns; values as plain numbers in text, one for each category."""

    label: str
    unit: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Chart:
    """A chart that Word draws. bar lies on its side, the first category on top."""

    title: str
    kind: ChartKind
    categories: tuple[str, ...]
    series: tuple[Series, ...]


@dataclass(frozen=True)
class Photo:
    """A photo as an attachment shows it: what stands under it, and the content by its digest."""

    caption: str
    sha256: str


@dataclass(frozen=True)
class Issue:
    """What makes a document a numbered one (发文): red head and 版记, as the office gave them.

    approver    签发人, named on a document to the upper union only
    printed_by  印发机关 and the day, where they are not the signer and the day of signing
    """

    number: str
    approver: str = ""
    copies_to: str = ""
    printed_by: str = ""
    printed_on: date | None = None


@dataclass(frozen=True)
class Summary:
    """phrases make the title; a title too long for one line breaks between them.

    tables, charts and photos follow the figures as attachments."""

    phrases: tuple[str, ...]
    addressee: str
    paragraphs: tuple[Paragraph, ...]
    omissions: tuple[Omission, ...]
    signer: str
    signed_on: date
    numbering: Numbering
    tables: tuple[Table, ...] = ()
    charts: tuple[Chart, ...] = ()
    photos: tuple[Photo, ...] = ()
    issue: Issue | None = None

    @property
    def title(self) -> str:
        return "".join(self.phrases)

    @property
    def is_empty(self) -> bool:
        return not self.paragraphs

    def figures(self) -> Iterator[Figure]:
        """Every figure in the order of the text; the same fact may come twice."""
        for paragraph in self.paragraphs:
            for run in paragraph.runs:
                if isinstance(run, Figure):
                    yield run

    def ledger(self) -> tuple[Figure, ...]:
        """Each figure once, as the attachment lists them."""
        once: dict[tuple[str, str], Figure] = {}
        for figure in self.figures():
            once.setdefault((figure.key, figure.label), figure)
        return tuple(once.values())
