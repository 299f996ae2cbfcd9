"""Facts and an outline -> Summary. No Word, no HTML, no database: values come in, paragraphs go out.

A fact without data leaves no sentence, so neither `0名` nor a blank can print; what was left out is
listed with its reason. A key nobody computed is a mistake of the outline and raises KeyError.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from . import outline, wording
from .figures import Values
from .grammar import Clause, Empty, Kept, Literal, Part, Series, Token, keep, parse, tokens
from .outline import Document, Section, Sentence
from .summary import Figure, Numbering, Omission, Paragraph, Run, Said, Summary, Text

# Heading numbers by level, the same as in the numbering definitions of the Word file; True: Chinese numerals.
HEADING_NUMBERS: dict[Numbering, tuple[tuple[str, bool], ...]] = {
    "official": (("{}、", True), ("（{}）", True), ("{}.", False), ("（{}）", False)),
    "local": (("{}、", True), ("{}.", False), ("{}是", True), ("（{}）", False)),
}


@dataclass(frozen=True)
class Setting:
    """What a document needs besides facts: words for its tokens {year}, {office} …, and what the settings call them."""

    words: Mapping[str, str]
    signed_on: date
    labels: Mapping[str, str] = field(default_factory=dict)
    addressee: str = ""
    numbering: Numbering = "official"


def assemble(document: Document, values: Values, setting: Setting) -> Summary:
    """The document with every sentence that has something to say; without paragraphs when no fact has."""
    writer = Writer(values, setting)
    return Summary(
        phrases=tuple(map(writer.plain, document.title)),
        addressee=setting.addressee,
        paragraphs=tuple(_paragraphs(document, writer, _Numbers(setting.numbering))),
        omissions=tuple(writer.omissions),
        signer=setting.words["office"],
        signed_on=setting.signed_on,
        numbering=setting.numbering,
    )


def _paragraphs(document: Document, writer: "Writer", numbers: "_Numbers") -> Iterator[Paragraph]:
    """Parts and sections have headings only where there are several (a 1. wants a 2.) or the office wrote its own.
    The first opening stands above its part's heading."""
    deeper = len(document.parts) > 1
    for place, part in enumerate(document.parts):
        opening = writer.paragraph("开头", part.opening, part.key)
        chapters = list(writer.chapters(part))
        if not chapters:
            continue
        lead = [opening] if opening else []
        heading = [numbers.heading(1, writer.plain(part.heading))] if deeper else []
        yield from lead + heading if place == 0 else heading + lead
        for chapter, sections in chapters:
            yield numbers.heading(1 + deeper, writer.plain(chapter.heading), chapter.key)
            for section, body in sections:
                if len(sections) > 1 or section.is_own:
                    yield numbers.heading(2 + deeper, writer.plain(section.heading), section.key)
                yield from body


class _Numbers:
    """Counts headings."""

    def __init__(self, numbering: Numbering) -> None:
        self.forms = HEADING_NUMBERS[numbering]
        self.counts = [0] * len(self.forms)

    def heading(self, level: int, text: str, key: str = "") -> Paragraph:
        """The next heading of a level; those below start again."""
        self.counts[level - 1] += 1
        self.counts[level:] = [0] * (len(self.counts) - level)
        form, in_chinese = self.forms[level - 1]
        count = self.counts[level - 1]
        number = form.format(wording.numeral(count) if in_chinese else count)
        return Paragraph((Text(text),), level, number, key=key)


class Writer:
    """Turns sentences into runs and paragraphs and remembers what it had to leave out."""

    def __init__(self, values: Values, setting: Setting) -> None:
        self.values = values
        self.words = setting.words
        self.labels = setting.labels
        self.omissions: list[Omission] = []
        self.figures = 0

    def chapters(
        self, part: outline.Part
    ) -> Iterator[tuple[outline.Chapter, list[tuple[Section, list[Paragraph]]]]]:
        """Every chapter that has something to say, with the sections that print."""
        for chapter in part.chapters:
            heading = self.plain(chapter.heading)
            sections = [(section, self.section(heading, section)) for section in chapter.sections]
            if printed := [(section, body) for section, body in sections if body]:
                yield chapter, printed

    def section(self, chapter: str, section: Section) -> list[Paragraph]:
        """The paragraphs that state a figure, stand alone or are the office's own; frames alone do not print."""
        place = f"{chapter} › {self.plain(section.heading)}"
        own = {s.key for sentences in section.paragraphs for s in sentences if s.is_own or s.stands_alone}
        written = (self.paragraph(place, sentences, section.key) for sentences in section.paragraphs)
        return [
            body
            for body in written
            if body
            and (any(isinstance(run, Figure) for run in body.runs) or any(s.key in own for s in body.said))
        ]

    def paragraph(self, place: str, sentences: tuple[Sentence, ...], section: str) -> Paragraph | None:
        said = []
        for sentence in sentences:
            if kept := self.choose(place, sentence):
                said.append(Said(sentence.key, _merged(self.runs(kept))))
        runs = _merged(run for part in said for run in part.runs)
        return Paragraph(runs, said=tuple(said), key=section) if runs else None

    def choose(self, place: str, sentence: Sentence) -> Kept | None:
        """What stays of the first variant that fits; what it lacks is noted."""
        number = self.fitting(sentence)
        if number is None:
            self.note(place, sentence, sentence.variants[0].parts, self.silent(sentence), whole=True)
            return None
        parts = sentence.variants[number].parts
        kept = keep(parts, self.speaks)
        self.note(place, sentence, parts, kept.vanished, whole=False)
        return kept

    def fitting(self, sentence: Sentence) -> int | None:
        """Which variant is written; None when none has something to say."""
        for number, variant in enumerate(sentence.variants):
            if not all(when.holds(self.values.now[when.key].value) for when in variant.when):
                continue
            try:
                keep(variant.parts, self.speaks)
            except Empty:
                continue
            return number
        return None

    def silent(self, sentence: Sentence) -> list[Token]:
        """Everything for want of which a sentence is not written."""
        named = [token for variant in sentence.variants for token in tokens(variant.parts)]
        for variant in sentence.variants:
            failed = (when for when in variant.when if not when.holds(self.values.now[when.key].value))
            named += [Token(when.key) for when in failed]
        return [token for token in named if not self.speaks(token)]

    def note(
        self, place: str, sentence: Sentence, parts: tuple[Part, ...], silent: Iterable[Token], *, whole: bool
    ) -> None:
        """Remember an omission; a sentence silent by its conditions alone is none."""
        lacking = dict.fromkeys(silent)
        reasons = tuple(dict.fromkeys(self.reason(token) for token in lacking))
        if reasons:
            facts = tuple(dict.fromkeys(token.name for token in lacking if token.is_fact))
            self.omissions.append(
                Omission(place, self.preview(parts), reasons, whole, key=sentence.key, facts=facts)
            )

    def reason(self, token: Token) -> str:
        return (
            self.values.reason(token)
            if token.is_fact
            else f"{self.labels.get(token.name, token.name)}：没有设置"
        )

    def speaks(self, token: Token) -> bool:
        return self.values.speaks(token) if token.is_fact else bool(self.words[token.name])

    def preview(self, parts: Iterable[Part]) -> str:
        """How a sentence would read, labels standing for figures."""
        text = ""
        for part in parts:
            match part:
                case Literal(words):
                    text += words
                case Token():
                    text += f"〔{self.values.label(part)}〕" if part.is_fact else self.words[part.name]
                case Clause(inner):
                    text += self.preview(inner)
                case Series(separator, items):
                    text += separator.join(self.preview(item) for item in items)
        return text

    def plain(self, text: str) -> str:
        """A title or heading with its words filled in; figures have no place there."""
        return self.preview(parse(text))

    def runs(self, kept: Kept) -> Iterator[Run]:
        for part in kept.parts:
            if isinstance(part, Token) and part.is_fact:
                self.figures += 1
                yield self.values.figure(part, self.figures)
            else:
                yield Text(part.text if isinstance(part, Literal) else self.words[part.name])


def _merged(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Neighbouring texts as one run."""
    merged: list[Run] = []
    for run in runs:
        if isinstance(run, Text) and merged and isinstance(merged[-1], Text):
            merged[-1] = Text(merged[-1].text + run.text)
        else:
            merged.append(run)
    return tuple(merged)
