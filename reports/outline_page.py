"""The outline of a draft as its page lists it: every chapter, section and sentence, how it reads now or why not."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from unionoffice.organisation.models import User

from .assemble import Writer
from .drafting import Draft
from .editing import Edit, Level
from .outline import Chapter, Part, Section, Sentence
from .reading import RunOnPage, run_on_page

State = Literal["said", "silent", "out"]


@dataclass(frozen=True)
class Line:
    """A sentence: as it reads now (runs), or as it would read (preview) and why it does not."""

    key: str
    state: State
    runs: tuple[RunOnPage, ...]
    preview: str
    reasons: tuple[str, ...]
    edit: Edit
    starts_paragraph: bool
    level: Level = "sentence"


@dataclass(frozen=True)
class Heading:
    """A chapter, section or opening with what stands below it."""

    level: Level
    key: str
    text: str
    edit: Edit
    lines: tuple[Line, ...] = ()
    sections: tuple["Heading", ...] = ()
    is_opening: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing of it prints."""
        said = [line for line in self.lines if line.state == "said"]
        return not said and all(section.is_empty for section in self.sections)

    @property
    def lone_section(self) -> str:
        """The key of the only section that prints, whose standard heading does not; empty where there are several."""
        printed = [s for s in self.sections if s.edit.is_included and not s.is_empty]
        return printed[0].key if len(printed) == 1 and not printed[0].edit.text else ""


@dataclass
class OutlinePage:
    """Builds the lines; reads each sentence with the values of the whole draft."""

    draft: Draft
    user: User
    writer: Writer = field(init=False)

    def __post_init__(self) -> None:
        self.writer = Writer(self.draft.values, self.draft.setting)

    def parts(self) -> list[tuple[str, list[Heading]]]:
        """Heading of each part with its opening and chapters."""
        found = []
        for part in self.draft.everything.parts:
            headings = [self._opening(part), *(self._chapter(chapter) for chapter in part.chapters)]
            found.append((self.writer.plain(part.heading), headings))
        return found

    def _opening(self, part: Part) -> Heading:
        lines = tuple(self.line(sentence, False) for sentence in part.opening)
        return Heading("section", part.key, "开头", Edit("section", part.key), lines, is_opening=True)

    def _chapter(self, chapter: Chapter) -> Heading:
        edit = self.draft.order.edits.of("chapter", chapter.key)
        sections = tuple(map(self._section, chapter.sections))
        return Heading("chapter", chapter.key, self.writer.plain(chapter.heading), edit, sections=sections)

    def _section(self, section: Section) -> Heading:
        edit = self.draft.order.edits.of("section", section.key)
        return Heading(
            "section", section.key, self.writer.plain(section.heading), edit, tuple(self._lines(section))
        )

    def _lines(self, section: Section) -> Iterator[Line]:
        for paragraph in section.paragraphs:
            for number, sentence in enumerate(paragraph):
                yield self.line(sentence, number == 0)

    def line(self, sentence: Sentence, starts_paragraph: bool) -> Line:
        """How a sentence reads now."""
        edit = self.draft.order.edits.of("sentence", sentence.key)
        self.writer.omissions.clear()
        kept = self.writer.choose("", sentence)
        reasons = tuple(reason for omission in self.writer.omissions for reason in omission.reasons)
        runs = tuple(run_on_page(run, self.user) for run in self.writer.runs(kept)) if kept else ()
        state: State = "out" if not edit.is_included else "said" if kept else "silent"
        preview = self.writer.preview(sentence.variants[0].parts)
        if not kept and not reasons:
            reasons = ("不符合这句话的条件",)
        return Line(sentence.key, state, runs, preview, reasons, edit, starts_paragraph)
