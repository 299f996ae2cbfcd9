"""The shape of a document as data: Document -> Part -> Chapter -> Section -> Sentence.

The wording itself stands in `reports/outlines/`. A sentence disappears when it has nothing to say; a section
without a figure, a chapter without sections and a part without chapters disappear with it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal

from unionoffice.facts import Value

from . import grammar
from .wording import is_empty

Test = Literal["one", "many", "none", "at_least", "below"]


@dataclass(frozen=True)
class When:
    """A condition on one fact: exactly one, several, known to be none, at least or below a bound."""

    test: Test
    key: str
    bound: Decimal = Decimal(0)

    def holds(self, value: Value) -> bool:
        if value is None:
            return False
        size = len(value) if isinstance(value, tuple | str) else value
        match self.test:
            case "one":
                return size == 1
            case "many":
                return size > 1
            case "none":
                return size == 0
            case "at_least":
                return size >= self.bound
            case "below":
                return not is_empty(value) and size < self.bound


def one(key: str) -> When:
    return When("one", key)


def many(key: str) -> When:
    return When("many", key)


def none(key: str) -> When:
    return When("none", key)


def at_least(key: str, bound: int) -> When:
    return When("at_least", key, Decimal(bound))


def below(key: str, bound: int) -> When:
    return When("below", key, Decimal(bound))


@dataclass(frozen=True)
class Variant:
    """One wording of a sentence, taken when its conditions hold and its figures have something to say."""

    text: str
    when: tuple[When, ...] = ()

    @property
    def parts(self) -> tuple[grammar.Part, ...]:
        return grammar.parse(self.text)

    def fact_keys(self) -> Iterator[str]:
        """Facts named in the wording or its conditions."""
        yield from (token.name for token in grammar.tokens(self.parts) if token.is_fact)
        yield from (when.key for when in self.when)

    def compared_keys(self) -> Iterator[str]:
        """Facts whose figure of the year before is needed too."""
        yield from (
            token.name
            for token in grammar.tokens(self.parts)
            if token.is_fact and token.option("change") is not None
        )


@dataclass(frozen=True)
class Sentence:
    """A sentence in its variants, tried in order. The office's own words print even without a figure, and so does
    one that stands alone."""

    key: str
    variants: tuple[Variant, ...]
    is_own: bool = False
    stands_alone: bool = False


def say(key: str, *wordings: str | Variant) -> Sentence:
    """A sentence of one or more wordings, most telling first."""
    return Sentence(key, tuple(Variant(part) if isinstance(part, str) else part for part in wordings))


def if_(text: str, *when: When) -> Variant:
    return Variant(text, when)


@dataclass(frozen=True)
class Section:
    """A heading and its paragraphs, each a run of sentences. It is known by its first sentence.

    is_own  whether the heading is in the office's words; such a one prints also where the section is alone"""

    heading: str
    paragraphs: tuple[tuple[Sentence, ...], ...]
    first: str = ""
    is_own: bool = False

    @property
    def key(self) -> str:
        return self.first or self.paragraphs[0][0].key


@dataclass(frozen=True)
class Chapter:
    """A heading and its sections. It is known by its first sentence."""

    heading: str
    sections: tuple[Section, ...]
    first: str = ""

    @property
    def key(self) -> str:
        return self.first or self.sections[0].key


@dataclass(frozen=True)
class Part:
    """Summary or plan. Its heading prints only where a document holds both."""

    heading: str
    opening: tuple[Sentence, ...]
    chapters: tuple[Chapter, ...]
    key: str = "opening"


@dataclass(frozen=True)
class Document:
    """The title comes in phrases: a long one breaks between them."""

    title: tuple[str, ...]
    parts: tuple[Part, ...]

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        return tuple(
            sentence
            for part in self.parts
            for sentence in (
                *part.opening,
                *(
                    sentence
                    for chapter in part.chapters
                    for section in chapter.sections
                    for paragraph in section.paragraphs
                    for sentence in paragraph
                ),
            )
        )

    def fact_keys(self) -> frozenset[str]:
        """Every fact the document may speak of."""
        return frozenset(key for s in self.sentences for variant in s.variants for key in variant.fact_keys())

    def compared_keys(self) -> frozenset[str]:
        return frozenset(
            key for s in self.sentences for variant in s.variants for key in variant.compared_keys()
        )
