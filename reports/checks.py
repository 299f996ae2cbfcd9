"""System checks over the outlines: a sentence nobody can write is told at start, not on a page."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register

from unionoffice import facts

from .drafting import OFFICE_WORDS, WORDS
from .grammar import GrammarError, Token, parse, tokens
from .outline import Document, Sentence
from .outlines import DOCUMENTS


@register()
def check_outlines(**kwargs: Any) -> list[CheckMessage]:
    """Sentences that cannot be read, and facts or words nobody offers."""
    found = {str(message): message for document in DOCUMENTS.values() for message in _check(document)}
    return list(found.values())


def _check(document: Document) -> Iterator[CheckMessage]:
    for sentence in document.sentences:
        for variant in sentence.variants:
            try:
                named = list(tokens(parse(variant.text)))
            except GrammarError as error:
                yield Error(f"{sentence.key}: {error}", id="reports.E001")
                continue
            yield from _check_tokens(sentence, [*named, *(Token(when.key) for when in variant.when)])


def _check_tokens(sentence: Sentence, named: list[Token]) -> Iterator[CheckMessage]:
    for token in named:
        fact = facts.registry.get(token.name)
        if token.is_fact and fact is None:
            yield Error(f"{sentence.key}: no area offers the fact {token.name}", id="reports.E002")
        elif not token.is_fact and token.name not in WORDS | OFFICE_WORDS:
            yield Error(f"{sentence.key}: there is no word {token.name}", id="reports.E003")
        elif fact is not None and fact.kind == "list" and token.option("change") is not None:
            yield Error(f"{sentence.key}: the list {token.name} cannot be compared", id="reports.E004")
