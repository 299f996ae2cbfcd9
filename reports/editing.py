"""The office's own wording laid over an outline: texts, order, headings, what is left out, sentences of its own."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from .outline import Chapter, Document, Part, Section, Sentence, Variant

Level = Literal["chapter", "section", "sentence"]
OWN = "own."  # keys of the office's own sentences


@dataclass(frozen=True)
class Edit:
    """What the office changed of one chapter, section or sentence; an empty text keeps the standard one.

    section          the section a sentence of the office's own stands in
    position         its place among its neighbours; None keeps the standard order
    starts_paragraph whether a sentence begins a paragraph; None as in the standard
    variant          which of the standard's variants the text replaces; the others and its conditions stay
    """

    level: Level
    key: str
    section: str = ""
    position: int | None = None
    starts_paragraph: bool | None = None
    text: str = ""
    is_included: bool = True
    variant: int = 0

    @property
    def is_own(self) -> bool:
        return self.key.startswith(OWN)


class Edits:
    """Edits by level and key."""

    def __init__(self, edits: Iterable[Edit] = ()) -> None:
        self.all = tuple(edits)
        self._by_key = {(edit.level, edit.key): edit for edit in self.all}

    def of(self, level: Level, key: str) -> Edit:
        """The edit of one node; one that changes nothing where the office changed nothing."""
        return self._by_key.get((level, key)) or Edit(level, key)

    def own(self, section: str) -> Iterator[Edit]:
        yield from (edit for edit in self.all if edit.is_own and edit.section == section)

    def ordered(self, level: Level, nodes: Iterable) -> list:
        """Nodes with a key in the office's order; those it did not move keep their place."""
        placed = [(self._place(level, node.key, number), node) for number, node in enumerate(nodes)]
        return [node for _, node in sorted(placed, key=lambda pair: pair[0])]

    def _place(self, level: Level, key: str, number: int) -> tuple[int, int]:
        position = self.of(level, key).position
        return (number if position is None else position, number)


def arrange(document: Document, edits: Edits, *, everything: bool = False) -> Document:
    """The outline as the office wants it; `everything` keeps what it left out (for the page where it is put back)."""
    arranger = _Arranger(edits, everything)
    return Document(document.title, tuple(arranger.part(part) for part in document.parts))


@dataclass(frozen=True)
class _Arranger:
    edits: Edits
    everything: bool

    def part(self, part: Part) -> Part:
        chapters = self._kept("chapter", part.chapters)
        opening = tuple(sentence for sentence, _ in self.sentences(part.key, (part.opening,)))
        return replace(part, opening=opening, chapters=tuple(map(self.chapter, chapters)))

    def chapter(self, chapter: Chapter) -> Chapter:
        heading = self.edits.of("chapter", chapter.key).text or chapter.heading
        sections = self._kept("section", chapter.sections)
        return Chapter(heading, tuple(map(self.section, sections)), chapter.key)

    def section(self, section: Section) -> Section:
        own = self.edits.of("section", section.key).text
        paragraphs: list[list[Sentence]] = []
        for sentence, starts in self.sentences(section.key, section.paragraphs):
            if starts or not paragraphs:
                paragraphs.append([])
            paragraphs[-1].append(sentence)
        return Section(own or section.heading, tuple(map(tuple, paragraphs)), section.key, bool(own))

    def sentences(
        self, section: str, paragraphs: Iterable[tuple[Sentence, ...]]
    ) -> Iterator[tuple[Sentence, bool]]:
        """Sentences of a section in order, each with whether it starts a paragraph."""
        starting = {paragraph[0].key for paragraph in paragraphs if paragraph}
        standard = [sentence for paragraph in paragraphs for sentence in paragraph]
        own = [Sentence(edit.key, (Variant(edit.text),), is_own=True) for edit in self.edits.own(section)]
        starts = False  # handed on by a sentence that is left out
        for sentence in self.edits.ordered("sentence", [*standard, *own]):
            edit = self.edits.of("sentence", sentence.key)
            chosen = edit.starts_paragraph
            starts = starts or (sentence.key in starting if chosen is None else chosen)
            if self.everything or edit.is_included:
                yield sentence if sentence.is_own or not edit.text else _reworded(sentence, edit), starts
                starts = False

    def _kept(self, level: Level, nodes: Iterable) -> list:
        ordered = self.edits.ordered(level, nodes)
        return [node for node in ordered if self.everything or self.edits.of(level, node.key).is_included]


def _reworded(sentence: Sentence, edit: Edit) -> Sentence:
    """The sentence with one variant in the office's words, under the conditions it had."""
    variants = list(sentence.variants)
    place = min(edit.variant, len(variants) - 1)
    variants[place] = replace(variants[place], text=edit.text)
    return replace(sentence, variants=tuple(variants), is_own=True)
