"""Measures cut by dimensions: keys, groups, periods, and that every cell has its rows."""

from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Q, Value
from django.db.models.functions import Coalesce

from tests.welfare.samples import visit
from unionoffice.facts import (
    BadKey,
    Distinct,
    Facts,
    Measure,
    People,
    Rate,
    Scope,
    Total,
    computed,
    condition,
    text,
)
from unionoffice.facts.keys import cut_of, join, split
from unionoffice.organisation.models import Union
from welfare.choices import Occasion, Recipient
from welfare.models import CareVisit

YEAR = Scope(date(2026, 1, 1), date(2026, 12, 31), date(2026, 12, 31))


def measure(key: str, **more: object) -> Measure:
    options = {
        "label": "慰问次数",
        "definition": "期内走访慰问的次数",
        "unit": "次",
        "kind": "flow",
        "day": "visited_on",
        "cut_by": (
            "union.kind",
            text("campaign", "批次"),
            condition("large", "大额", lambda scope: Q(cash_amount__gte=1000)),
            computed(
                "half", "上下半", lambda scope: Coalesce("household_size", Value(0)), [(0, "零"), (3, "三")]
            ),
        ),
    } | more
    return Measure(
        key=key,
        model=CareVisit,
        slug="care-visits",
        where=lambda scope: Q(visited_on__range=(scope.start, scope.end)),
        **options,
    )


@pytest.fixture
def figures() -> Facts:
    found = Facts()
    found.register(
        measure("visits"),
        measure("persons", measure=Distinct("person"), label="慰问人数", unit="名"),
        measure("amount", measure=Total("amount"), is_money=True, label="慰问金额", unit="元"),
    )
    return found


@pytest.fixture
def visits(union: Union, other_union: Union) -> None:
    """王师傅 twice for the festival and once on May Day, 李师傅 once; 3,500 yuan."""
    visit(union, "2026-01-20", campaign="2026年春节", recipient=Recipient.HARDSHIP)
    visit(union, "2026-02-10", campaign="2026年春节", cash_amount=Decimal(1500), household_size=3)
    visit(union, "2026-05-01", occasion=Occasion.MAY_DAY, recipient=Recipient.HARDSHIP)
    visit(other_union, "2026-05-02", name="李师傅", occasion=Occasion.MAY_DAY, cash_amount=Decimal(1000))


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("a.b", "a.b"),
        ("a.b[y=2,x=1]", "a.b[x=1,y=2]"),
        ("a.b[x=2+1+2]", "a.b[x=1+2]"),
        ("a.b[x=2026年春节]", "a.b[x=2026年春节]"),
        ("a.b[x=a%2Bb%5D]", "a.b[x=a%2Bb%5D]"),
        ("a.b[x=%E4%B8%AD]", "a.b[x=中]"),
    ],
)
def test_one_figure_has_one_key(written: str, canonical: str) -> None:
    assert join(*split(written)) == canonical


@pytest.mark.parametrize(
    "written", ["a[", "a]", "a[]", "a[x]", "a[x=]", "a[=1]", "a[x=1,x=2]", "a[x=1]b", "[x=1]"]
)
def test_text_that_is_no_key_is_told(written: str) -> None:
    with pytest.raises(BadKey):
        split(written)


def test_sign_of_the_grammar_in_a_value_is_kept() -> None:
    assert split(join("a", cut_of({"x": "a,b]+c=|}"}))) == ("a", (("x", ("a,b]+c=|}",)),))


@pytest.mark.django_db
def test_words_of_a_figure_follow_from_measure_and_cut(figures: Facts) -> None:
    fact = figures["persons[recipient=hardship,occasion=may_day]"]

    assert fact.key == "persons[occasion=may_day,recipient=hardship]"
    assert fact.label == "慰问人数（慰问事由：五一；对象类别：困难职工）"
    assert fact.definition == "期内走访慰问的次数；只计慰问事由为五一、对象类别为困难职工的"


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("persons[colour=red]", "persons cannot be cut by colour; it can by"),
        ("persons[occasion=weekend]", "occasion has no value weekend"),
        ("persons[month=2026-13]", "2026-13 is no period"),
        ("nobody[occasion=may_day]", "nobody is no figure that is offered"),
    ],
)
@pytest.mark.django_db
def test_cut_that_nobody_offers_is_told_with_a_hint(figures: Facts, key: str, hint: str) -> None:
    assert figures.get(key) is None
    with pytest.raises(KeyError, match=hint):
        figures[key]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("visits", 4),
        ("persons", 2),
        ("persons[occasion=spring_festival]", 1),
        ("persons[occasion=may_day]", 2),
        ("persons[recipient=hardship]", 1),
        ("visits[occasion=may_day,recipient=hardship]", 1),
        ("visits[occasion=may_day+spring_festival]", 4),
        ("visits[campaign=2026年春节]", 2),
        ("visits[campaign=none]", 2),
        ("visits[union.kind=joint]", 1),
        ("visits[month=2026-05]", 2),
        ("visits[quarter=2026-q1]", 2),
        ("visits[year=2026]", 4),
        ("visits[large=yes]", 2),
        ("visits[large=no]", 2),
        ("visits[half=3]", 1),
        ("amount[month=2026-02+2026-05]", Decimal("3000.00")),
    ],
)
@pytest.mark.django_db
def test_cut_counts_the_rows_of_its_list(figures: Facts, visits: None, key: str, value: object) -> None:
    found = figures.compute([key], YEAR)[key]

    assert found.value == value
    assert found.records == found.fact.rows(YEAR).count()


@pytest.mark.parametrize(
    ("key", "by", "cells"),
    [
        ("visits", ["occasion"], {("may_day",): 2, ("spring_festival",): 2}),
        ("persons", ["recipient"], {("hardship",): 1, ("member",): 2}),
        (
            "visits",
            ["month", "large"],
            {
                ("2026-01", "no"): 1,
                ("2026-02", "yes"): 1,
                ("2026-05", "no"): 1,
                ("2026-05", "yes"): 1,
            },
        ),
        ("persons[occasion=may_day]", ["quarter"], {("2026-q2",): 2}),
        ("amount", ["campaign"], {("none",): Decimal("1500.00"), ("2026年春节",): Decimal("2000.00")}),
    ],
)
@pytest.mark.django_db
def test_every_cell_of_a_breakdown_equals_its_figure(
    figures: Facts,
    visits: None,
    key: str,
    by: list[str],
    cells: dict[tuple[str, ...], object],
    django_assert_max_num_queries: object,
) -> None:
    with django_assert_max_num_queries(1):
        found = figures.breakdown(figures[key], by, YEAR)

    assert {tuple(cell.cut[name] for name in by): cell.found.value for cell in found} == cells
    for cell in found:
        again = figures.compute([cell.found.fact.key], YEAR)[cell.found.fact.key]
        assert (again.value, again.records) == (cell.found.value, cell.found.records)


@pytest.mark.django_db
def test_people_of_groups_are_counted_alike_in_a_cut_and_in_a_breakdown(union: Union) -> None:
    """Of each cell only those are deducted whom an earlier row of the same cell had."""
    people = People(
        by="person",
        groups=Q(recipient=Recipient.TEAM),
        size="reached",
        repeated="reached_before",
        earlier="earlier",
    )
    found = Facts()
    found.register(measure("people", measure=people, cut_by=(text("campaign", "批次"),), unit="名"))
    group = {"recipient": Recipient.TEAM, "name": "环卫一班"}
    first = visit(union, "2026-01-20", reached=30, **group)
    again = {"earlier": first, "reached_before": 10, **group}
    visit(union, "2026-02-10", reached=12, **again)
    visit(union, "2026-02-11", reached=15, occasion=Occasion.HEAT, **again)
    visit(union, "2026-02-12")

    cells = found.breakdown(found["people"], ["occasion", "campaign"], YEAR)

    assert {cell.cut["occasion"]: cell.found.value for cell in cells} == {"spring_festival": 33, "heat": 15}
    assert found.compute(["people"], YEAR)["people"].value == 38
    for cell in cells:
        alone = found.compute([cell.found.fact.key], YEAR)[cell.found.fact.key]
        assert (alone.value, alone.records) == (cell.found.value, cell.found.records)
        assert alone.fact.rows(YEAR).count() == alone.records


@pytest.mark.django_db
def test_breakdown_by_union_names_the_unions(figures: Facts, visits: None, union: Union) -> None:
    found = figures.breakdown(figures["visits"], ["union"], YEAR)

    assert {cell.found.fact.label: cell.found.value for cell in found} == {
        "慰问次数（所属工会：宏达机械）": 3,
        "慰问次数（所属工会：金河村）": 1,
    }


@pytest.mark.django_db
def test_months_of_a_year_are_asked_in_one_statement(
    figures: Facts, visits: None, django_assert_num_queries: object
) -> None:
    months = [Scope(date(2026, m, 1), date(2026, m, 28), date(2026, m, 28)) for m in (1, 2, 5)]

    with django_assert_num_queries(1):
        found = figures.compute_each(["visits", "amount"], months)

    assert [values["visits"].value for values in found] == [1, 1, 2]


@pytest.mark.django_db
def test_formula_cannot_be_cut(figures: Facts) -> None:
    figures.register(measure("rate", kind="rate", measure=Rate("persons", "visits", "人数÷次数")))

    with pytest.raises(BadKey, match="no measure that can be cut"):
        figures.breakdown(figures["rate"], ["occasion"], YEAR)
