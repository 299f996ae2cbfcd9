"""Every fact over a small demo town: it equals the rows of its list, keeps to its unions and to its year."""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Model
from django.test import Client

from activities.models import Activity
from reports import figures
from unionoffice import facts
from unionoffice.facts import Distinct, Fact, FactValue, Measure, Names, People, Rate, Scope, Text, Total
from unionoffice.facts.computing import _measure_rate as measure_rate
from unionoffice.organisation.choices import Role, UnionKind
from unionoffice.organisation.models import Union, User
from unionoffice.records.types import registry

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
FACTS = list(facts.registry)
every_fact = pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.key)
YEAR = Scope(date(2026, 1, 1), date(2026, 12, 31), date(2026, 10, 31))
LONG_AGO = Scope(date(1990, 1, 1), date(1990, 12, 31), date(1990, 12, 31))


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker) -> Iterator[User]:
    """The demo town with 500 members, in a transaction of the whole module; gives its staff."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("demo_town", today=TODAY, members=500, verbosity=0)
        yield User.objects.get(role=Role.STAFF)
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def values(town: User) -> dict[str, FactValue]:
    return facts.compute([fact.key for fact in FACTS], YEAR)


@pytest.fixture(scope="module")
def office(town: User) -> Client:
    client = Client()
    client.force_login(town)
    return client


def measured(fact: Fact, scope: Scope) -> object:
    """The fact by the plain way: its rows fetched one by one."""
    rows = list(fact.rows(scope))
    if isinstance(fact.measure, People):
        return people_of(fact.measure, rows, set(fact.counted(scope).values_list("pk", flat=True)))
    if isinstance(fact.measure, Total):
        total = sum((getattr(row, fact.measure.field) or 0) for row in rows)
        return Decimal(total).quantize(Decimal("0.01")) if fact.is_money else total
    return len(rows)


def people_of(of: People, rows: list[Model], counted: set[int]) -> int:
    """One for each person, of a group what it says it has, without those an earlier row that is counted too had."""
    groups = set(type(rows[0]).objects.filter(of.groups).values_list("pk", flat=True)) if rows else set()
    total = 0
    for row in rows:
        size, again = (getattr(row, name) or 0 for name in (of.size, of.repeated))
        is_again = getattr(row, f"{of.earlier}_id") in counted & groups
        total += size - (again if is_again else 0) if row.pk in groups else 1
    return total


def test_every_fact_is_about_a_declared_record_type() -> None:
    assert {fact.key for fact in FACTS if registry.get(fact.slug) is None} == set()
    assert {fact.key for fact in FACTS if registry[fact.slug].model is not fact.model} == set()


def test_keys_name_area_thing_and_measure() -> None:
    assert {fact.key for fact in FACTS if len(fact.key.split(".")) < 2} == set()
    assert {fact.key for fact in FACTS if not fact.definition or not fact.unit or not fact.label} == set()


def test_a_label_names_one_fact() -> None:
    """Word templates and sentences find facts by their labels."""
    labels = [fact.label for fact in FACTS]

    assert {label for label in labels if labels.count(label) > 1} == set()


@every_fact
def test_value_equals_its_rows(fact: Fact, values: dict[str, FactValue]) -> None:
    if isinstance(fact.measure, Rate | Names | Text):
        rows = fact.rows(YEAR).count()
        assert values[fact.key].records == rows
        return

    assert values[fact.key].value == measured(fact, YEAR)


@every_fact
def test_list_behind_it_has_that_very_number_of_rows(
    fact: Fact, values: dict[str, FactValue], office: Client
) -> None:
    found = values[fact.key]
    if isinstance(fact.measure, Text) and not found.records:
        return

    page = office.get(found.url)

    assert page.status_code == 200
    assert page.context["page"].total == found.records
    assert page.context["fact"].label == fact.label


@every_fact
def test_list_behind_it_says_how_the_figure_comes_from_its_rows(
    fact: Fact, values: dict[str, FactValue], office: Client
) -> None:
    found = values[fact.key]

    banner = office.get(found.url).context["fact"]

    assert len(banner.value) < 20
    if isinstance(fact.measure, Total):
        assert banner.basis.startswith(f"{found.records:,}条记录，")
        assert banner.basis.endswith(f"”相加得{banner.value}{fact.unit}")
    elif isinstance(fact.measure, Rate):
        assert f"{found.numerator}" in banner.basis.replace(",", "").replace(".00", "")
        assert f"{found.denominator}" in banner.basis.replace(",", "").replace(".00", "")
    elif not isinstance(fact.measure, Text) and banner.value != str(found.records):
        assert banner.basis


def test_a_list_of_what_holds_on_a_day_names_the_day(town: User, office: Client) -> None:
    due = "grassroots.reelection.due_next_year"
    found = facts.compute([f"{due}.names", f"{due}.count", "grassroots.reelection.done.names"], YEAR)

    told = {key: office.get(value.url).context["fact"].period for key, value in found.items()}

    assert told[f"{due}.names"] == told[f"{due}.count"] == "截至2026-10-31"
    assert told["grassroots.reelection.done.names"] == "2026-01-01 至 2026-12-31"
    assert [figures.span(found[f"{due}.{kind}"]) for kind in ("names", "count")] == ["截至2026年10月31日"] * 2


@every_fact
def test_rate_is_its_numerator_over_its_denominator(fact: Fact, values: dict[str, FactValue]) -> None:
    found = values[fact.key]
    if not isinstance(fact.measure, Rate):
        return

    above, below = values[fact.measure.numerator].value, values[fact.measure.denominator].value

    assert (found.numerator, found.denominator) == (above or 0, below or 0)
    if found.value is None:
        assert found.warning
    else:
        assert found.value == (Decimal(above) * 100 / Decimal(below)).quantize(Decimal("0.1"))
        assert 0 <= found.value <= 100


@pytest.mark.parametrize(
    ("part", "whole", "value", "hint"),
    [
        (0, 7, Decimal("0.0"), ""),
        (7, 7, Decimal("100.0"), ""),
        (8, 7, None, "比率超过100%"),
        (0, 0, None, "为零，无法计算"),
        (3, 0, None, "为零，无法计算"),
    ],
)
@pytest.mark.parametrize(
    "fact", [fact for fact in FACTS if isinstance(fact.measure, Rate)], ids=lambda fact: fact.key
)
def test_a_rate_at_its_edges(fact: Fact, part: int, whole: int, value: Decimal | None, hint: str) -> None:
    """A full rate is a number, one above it is none; and there is none of an empty base."""
    if part > whole > 0 and fact.measure.may_pass:
        value, hint = Decimal("114.3"), ""  # the completion of a target may pass it
    sides = zip((fact.measure.numerator, fact.measure.denominator), (part, whole), strict=True)
    known = {key: FactValue(facts.registry[key], YEAR, number, number) for key, number in sides}

    found = measure_rate(fact, YEAR, known)

    assert (found.value, found.numerator, found.denominator) == (value, part, whole)
    assert hint in found.warning
    assert bool(found.warning) == (value is None)


@every_fact
def test_a_person_in_two_rows_is_counted_once(fact: Fact, values: dict[str, FactValue]) -> None:
    """Counted anew in Python: the database's own distinct count is what is on trial."""
    match fact.measure:
        case Distinct():
            counted = fact.counted(YEAR.for_slot(fact.slot)).annotate(who=fact.measure.expression)
            single, groups = counted.values_list("who", flat=True), 0
        case People(by, of_groups):
            counted = fact.counted(YEAR.for_slot(fact.slot))
            single = counted.exclude(of_groups).values_list(by, flat=True)
            people = values[fact.key].people
            assert people is not None
            groups = people.in_groups - people.again
        case _:
            return

    assert values[fact.key].value == len({who for who in single if who is not None}) + groups


@every_fact
def test_what_has_no_short_name_stands_in_a_list_under_its_name(fact: Fact, town: User) -> None:
    if not isinstance(fact.measure, Names):
        return
    Union.objects.update(short_name="")

    cells = fact.rows(YEAR).values_list(fact.measure.field, flat=True)

    assert all(cells)
    assert bool(facts.compute([fact.key], YEAR)[fact.key].value) == bool(cells)


@every_fact
def test_one_union_never_counts_rows_of_another(fact: Fact, town: User) -> None:
    lonely = Union.objects.create(name=f"无人工会{fact.key}"[:110], kind=UnionKind.GROUP)
    scope = YEAR.at(unions=frozenset({lonely.pk}))

    found = facts.compute([fact.key], scope)[fact.key]

    assert not found.value
    assert found.records == 0


@every_fact
def test_year_before_everything_is_empty(fact: Fact, town: User) -> None:
    if fact.kind in ("stock", "rate") and fact.slug in ("units", "unions"):
        pytest.skip("units and unions without a date of founding are there from the start")
    found = facts.compute([fact.key], LONG_AGO)[fact.key]

    assert not found.value


@every_fact
def test_rows_of_the_town_are_those_of_its_unions_together(fact: Fact, town: User) -> None:
    every = frozenset(Union.objects.values_list("pk", flat=True))
    if fact.slug in ("units", "roster-check-lines"):
        pytest.skip("what concerns no union belongs to the town alone")

    whole, together = (facts.compute([fact.key], scope)[fact.key] for scope in (YEAR, YEAR.at(unions=every)))

    assert together.value == whole.value


def test_command_names_the_day_that_is_none(db: None) -> None:
    with pytest.raises(CommandError, match="2026-02-30 is no day"):
        call_command("facts", "2026", "--as-of", "2026-02-30")


MEASURES = facts.registry.measures()


def ways_to_cut() -> list[tuple[str, str]]:
    counted = [measure for measure in MEASURES if not isinstance(measure.measure, Names)]
    return [(measure.key, name) for measure in counted for name in measure.dimensions]


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.key)
def test_no_two_ways_to_cut_are_called_alike(measure: Measure) -> None:
    labels = [dimension.label for dimension in measure.dimensions.values()]

    assert sorted(labels) == sorted(set(labels))


@pytest.mark.parametrize(("key", "dimension"), ways_to_cut())
def test_every_cell_of_every_cut_equals_the_rows_of_its_list(
    key: str, dimension: str, town: User, values: dict[str, FactValue]
) -> None:
    cells = facts.registry.breakdown(facts.registry[key], [dimension], YEAR)

    again = facts.compute([cell.found.fact.key for cell in cells], YEAR)
    for cell in cells:
        asked = again[cell.found.fact.key]
        assert (asked.value, asked.records) == (cell.found.value, cell.found.records), cell.found.fact.label
        assert facts.key_of(asked.fact.label, facts.registry) == asked.fact.key
    is_parted = facts.registry[key].dimensions[dimension].grouped is not None
    if is_parted and facts.registry[key].adds_up:
        assert sum(cell.found.value for cell in cells) == values[key].value


@pytest.mark.parametrize("key", [measure.key for measure in MEASURES])
def test_list_behind_a_cut_has_its_rows_and_bears_its_words(key: str, town: User, office: Client) -> None:
    measure = facts.registry[key]
    if isinstance(measure.measure, Names) or not measure.dimensions:
        return
    for cell in facts.registry.breakdown(measure, [next(iter(measure.dimensions))], YEAR)[:2]:
        page = office.get(cell.found.url)

        assert page.context["page"].total == cell.found.records
        assert page.context["fact"].label == cell.found.fact.label


def test_command_prints_a_measure_cut(town: User, capsys: pytest.CaptureFixture) -> None:
    call_command(
        "facts",
        "2026",
        measure="activities.titles.count",
        by="kind,quarter",
        where=["kind=walking+film"],
        as_json=True,
    )

    printed = json.loads(capsys.readouterr().out)
    rows = {(cell["cut"]["kind"], cell["cut"]["quarter"]): cell["records"] for cell in printed}
    assert {kind for kind, _ in rows} <= {"walking", "film"}
    assert (
        sum(rows.values())
        == Activity.objects.filter(state="held", starts_on__year=2026, kind__in=("walking", "film")).count()
    )


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        ({"by": "kind"}, "name it with --measure"),
        ({"measure": "activities.nothing"}, "no figure that is offered"),
        ({"measure": "activities.titles.count", "by": "colour"}, "cannot be cut by colour; it can by"),
        ({"measure": "activities.titles.count", "where": ["kind=chess"]}, "kind has no value chess"),
        ({"measure": "members.realname.rate", "by": "month"}, "no measure that can be cut"),
    ],
)
def test_command_says_what_cannot_be_cut(db: None, options: dict[str, object], hint: str) -> None:
    with pytest.raises(CommandError, match=hint):
        call_command("facts", "2026", **options)
