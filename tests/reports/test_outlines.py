"""The office's own sentences: whole, in register, and about facts somebody offers."""

import re
from itertools import chain

import pytest

from reports.assemble import HEADING_NUMBERS
from reports.checks import check_outlines
from reports.contradictions import BALANCES
from reports.grammar import Token, parse, tokens
from reports.outline import Chapter, Document, Part, Section, Sentence, Variant, none, say
from reports.outlines import DOCUMENTS
from reports.word.reference import CHINESE, LEVELS
from unionoffice import facts
from welfare.choices import Occasion

SENTENCES = {s.key: s for document in DOCUMENTS.values() for s in document.sentences}
VARIANTS = [(key, variant) for key, sentence in SENTENCES.items() for variant in sentence.variants]
each_variant = pytest.mark.parametrize("variant", [v for _, v in VARIANTS], ids=[key for key, _ in VARIANTS])


def literals(text: str) -> str:
    """Everything in a wording that is not a figure."""
    return re.sub(r"\{[^}]*\}|[\[\]|]", "", text)


def facts_in(variant: Variant) -> list[Token]:
    return [token for token in tokens(parse(variant.text)) if token.is_fact]


def test_every_sentence_can_be_written() -> None:
    assert check_outlines() == []


def test_a_sentence_key_names_one_sentence() -> None:
    everywhere = chain.from_iterable(document.sentences for document in DOCUMENTS.values())

    assert all(SENTENCES[sentence.key] == sentence for sentence in everywhere)


@each_variant
def test_sentences_end_as_sentences_and_hold_no_typed_number(variant: Variant) -> None:
    wording = literals(variant.text)

    assert wording.endswith("。")
    assert not re.search(r"[0-9A-Za-z,.;:?!()\"']", wording)


@each_variant
def test_no_counter_is_typed_behind_a_figure(variant: Variant) -> None:
    counters = r"\}(名|人次|人|家|个|起|场|元|份|次|条|%)"

    assert not re.search(counters, variant.text)


@each_variant
def test_an_as_of_day_stands_with_figures_of_that_day(variant: Variant) -> None:
    slots = {"org_day": "organisation", "year_end_day": "year_end", "mediation_day": "mediation"}
    words = {token.name for token in tokens(parse(variant.text)) if not token.is_fact}
    found = [facts.registry[token.name] for token in facts_in(variant)]
    stocks = {fact.slot for fact in found if fact.kind == "stock"}

    for word in words & slots.keys():
        assert stocks == {slots[word]}


@each_variant
def test_lists_are_written_as_lists_and_numbers_as_numbers(variant: Variant) -> None:
    for token in facts_in(variant):
        options = {name for name, _ in token.options}
        if facts.registry[token.name].kind == "list":
            assert options & {"names", "titles"}
            assert not options & {"nearly", "over", "above", "change"}
        else:
            assert not options & {"names", "titles", "noun"}


def test_numbering_on_the_page_is_that_of_the_file() -> None:
    in_file = {
        numbering: tuple((re.sub(r"%\d", "{}", pattern), form == CHINESE) for pattern, form in levels)
        for numbering, levels in LEVELS.items()
    }

    assert in_file == HEADING_NUMBERS


def test_a_mistaken_outline_is_told_at_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def outline(*sentences: Sentence) -> Document:
        return Document(("题",), (Part("", (), (Chapter("章", (Section("节", (sentences,)),)),)),))

    wrong = outline(
        say("x.fact", "有{x.y.count}。"), say("x.word", "在{somewhere}。"), say("x.open", "有[一。")
    )
    monkeypatch.setattr("reports.checks.DOCUMENTS", {("town", "summary"): wrong})

    assert [(message.id, message.msg) for message in check_outlines()] == [
        ("reports.E002", "x.fact: no area offers the fact x.y.count"),
        ("reports.E003", "x.word: there is no word somewhere"),
        ("reports.E001", "x.open: 第2个字：“[”没有对应的“]”"),
    ]


@each_variant
def test_a_part_of_the_whole_follows_the_whole(variant: Variant) -> None:
    assert not re.match(r"\[?其中", variant.text)
    assert literals(variant.text).count("其中") <= 1


def test_every_occasion_of_a_visit_is_told_with_its_persons_and_its_money() -> None:
    told = {key for variant in SENTENCES["welfare.occasions"].variants for key in variant.fact_keys()}
    told |= {key for variant in SENTENCES["welfare.personal"].variants for key in variant.fact_keys()}

    expected = {
        f"welfare.visits.{occasion.value}.{measure}"
        for occasion in Occasion
        if occasion != Occasion.OTHER
        for measure in ("persons", "season_amount")
    }
    assert told == expected


def test_a_town_with_an_overdue_union_does_not_boast_of_punctual_elections() -> None:
    boasting = [v for v in SENTENCES["grassroots.reelection"].variants if "应换尽换" in v.text]

    assert boasting
    assert all(none("grassroots.reelection.overdue.count") in variant.when for variant in boasting)


@each_variant
def test_who_joins_is_never_told_together_with_who_returns(variant: Variant) -> None:
    assert not {"members.joined.count"} & {token.name for token in facts_in(variant)}


@each_variant
def test_what_came_and_went_is_told_with_the_day_of_the_totals(variant: Variant) -> None:
    moving = {key for balance in BALANCES for key in (*balance.plus, *balance.minus)}
    words = {token.name for token in tokens(parse(variant.text)) if not token.is_fact}

    if moving & set(variant.fact_keys()):
        assert "org_throughout" in words


@each_variant
def test_no_sentence_counts_by_season_and_by_the_days_of_the_period(variant: Variant) -> None:
    kinds: dict[type, set[str]] = {}
    for token in facts_in(variant):
        fact = facts.registry[token.name]
        kinds.setdefault(fact.model, set()).add(fact.kind)

    assert not [model for model, found in kinds.items() if found >= {"season", "flow"}]
