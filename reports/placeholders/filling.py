"""A Word file with placeholders, filled: figures traceable as in our own documents, gaps marked and listed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from itertools import groupby

from reports import wording
from reports.drafting import Order, demand_possible, scope_of, words_of
from reports.figures import Values
from reports.grammar import Token
from reports.returns import words as form_words
from reports.summary import Figure, Run, Text
from reports.uploaded import Package
from reports.word import spans
from reports.word.tracing import NextNumber, highlight, trace
from reports.word.xml import text as word_text
from unionoffice import facts
from unionoffice.organisation.models import User
from unionoffice.sheets.faults import refusing
from unionoffice.sheets.formatting import clean
from unionoffice.sheets.guard import bounded

from .models import WordTemplate
from .reading import (
    NUMBER,
    WHEN,
    ZERO,
    Meaning,
    Spot,
    Unknown,
    meanings,
    open_word,
    paragraphs,
    parts_of,
    spots,
)


@dataclass(frozen=True)
class Gap:
    """A placeholder that could not be filled, and why; the file is marked there."""

    where: str
    name: str
    why: str


@dataclass(frozen=True)
class Mark:
    """What stands in a text where nothing could be filled in."""

    text: str


@dataclass(frozen=True)
class Line:
    """A paragraph with placeholders as it reads now."""

    where: str
    runs: tuple[Run | Mark, ...]


@dataclass(frozen=True)
class Filled:
    """A template for an order: what stands at each of its spots, and what is missing."""

    package: Package
    answers: tuple[tuple[Spot, Run | Mark], ...]
    gaps: tuple[Gap, ...]
    unknown: tuple[Unknown, ...]

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """Each figure once."""
        once: dict[tuple[str, str], Figure] = {}
        for _, answer in self.answers:
            if isinstance(answer, Figure):
                once.setdefault((answer.key, answer.label), answer)
        return tuple(once.values())

    def lines(self) -> Iterator[Line]:
        """The paragraphs that hold placeholders, as they read; ask before `write`."""
        shown = (pair for pair in self.answers if not pair[0].is_copy)
        by_part = {part: paragraphs(self.package, part) for part, _ in parts_of(self.package)}
        for (part, number), group in groupby(shown, lambda pair: (pair[0].part, pair[0].paragraph)):
            found = list(group)
            text = spans.text(by_part[part][number])
            runs: list[Run | Mark] = []
            at = 0
            for spot, answer in found:
                runs += [Text(text[at : spot.start]), answer]
                at = spot.end
            yield Line(found[0][0].where, (*runs, Text(text[at:])))

    @bounded()
    @refusing()
    def write(self) -> bytes:
        """The file; call it once."""
        number = NextNumber(*(self.package.tree(part) for part, _ in parts_of(self.package)))
        by_part = {part: paragraphs(self.package, part) for part, _ in parts_of(self.package)}
        cuttings: dict[tuple[str, int], spans.Cutting] = {}
        # From the end, so that what stands before keeps its place.
        for spot, answer in reversed(self.answers):
            self.package.change(spot.part)
            place = spot.part, spot.paragraph
            if place not in cuttings:
                cuttings[place] = spans.Cutting(by_part[spot.part][spot.paragraph])
            run = cuttings[place].cut_out(spot.start, spot.end)
            run.append(word_text(answer.text))
            if isinstance(answer, Figure):
                trace(run, number(), answer.key, answer.label)
            elif isinstance(answer, Mark):
                highlight(run)
        return self.package.saved()


def fill(template: WordTemplate, order: Order, user: User) -> Filled:
    """The template filled for an order. CannotDraft for a period nothing can be said about."""
    demand_possible(order)
    package = open_word(template.file.read())
    found = meanings(spots(package), template.aliases)
    scope = scope_of(order)
    tokens = [meaning.token for _, meaning in found if isinstance(meaning, Meaning) and meaning.token.is_fact]
    values = Values(
        now=facts.compute({token.name for token in tokens}, scope),
        before=facts.compute(
            {token.name for token in tokens if token.option("change") is not None}, scope.before()
        ),
        against=order.against,
    )
    spoken = words_of(order, scope) | form_words.values(order, scope, user)
    answers: list[tuple[Spot, Run | Mark]] = []
    gaps: list[Gap] = []
    for number, (spot, meaning) in enumerate(found, 1):
        answer = _answer(spot, meaning, number, values, spoken)
        if isinstance(answer, Gap):
            gaps += [] if spot.is_copy else [answer]
            # What means nothing stays for its author to mend.
            is_known = isinstance(meaning, Meaning)
            answers.append((spot, Mark(f"〔{answer.name}：{answer.why}〕" if is_known else spot.raw)))
        else:
            answers.append((spot, answer))
    unknown = tuple(meaning for spot, meaning in found if isinstance(meaning, Unknown) and not spot.is_copy)
    return Filled(package, tuple(answers), tuple(gaps), unknown)


def _answer(
    spot: Spot, meaning: Meaning | Unknown, number: int, values: Values, spoken: dict[str, str]
) -> Run | Mark | Gap:
    if isinstance(meaning, Unknown):
        return Gap(spot.where, spot.name or spot.raw, meaning.why)
    token = meaning.token
    if not token.is_fact:
        text = spoken.get(token.name, "")
        return Text(clean(text)) if text else Gap(spot.where, spot.name, "没有设置")
    return _figure(spot, meaning, token, number, values)


def _figure(spot: Spot, meaning: Meaning, token: Token, number: int, values: Values) -> Figure | Gap:
    """The figure as the placeholder wants it; a gap where it has nothing to say."""
    found = values.now[token.name]
    is_zero = ZERO in meaning.filters and found.value == 0 and token.option("change") is None
    if not is_zero and not values.speaks(token):
        label, _, why = values.reason(token).partition("：")
        return Gap(spot.where, label, why)
    figure = values.figure(token, number)
    text = figure.text
    if NUMBER in meaning.filters:
        text = wording.plain(Decimal(found.value))
    elif WHEN in meaning.filters:
        text = figure.span
    return replace(figure, text=clean(text))
