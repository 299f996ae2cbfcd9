"""The arithmetic of figures: rates that are none, names that come twice, the year before, a year still running."""

from datetime import date
from decimal import Decimal

import pytest
from django.db.models import Q

from unionoffice.facts import ROWS, Fact, Facts, Names, Rate, Scope, year_scope
from unionoffice.organisation.models import Union, Unit

SCOPE = Scope(date(2024, 1, 1), date(2024, 12, 31), date(2024, 12, 31))


def fact(key: str, where: Q, measure: object = ROWS) -> Fact:
    return Fact(
        key=key,
        label=key,
        definition="口径",
        unit="家",
        kind="stock",
        model=Unit,
        slug="units",
        where=lambda scope: where,
        measure=measure,
    )


@pytest.mark.parametrize(
    ("large", "value", "warning"),
    [
        (2, Decimal("66.7"), ""),
        (4, None, "“part”大于“whole”，比率超过100%，请核对"),
        (0, Decimal("0.0"), ""),
    ],
)
@pytest.mark.django_db
def test_rate_above_a_hundred_is_a_warning_and_no_number(
    large: int, value: Decimal | None, warning: str
) -> None:
    figures = Facts()
    figures.register(
        fact("part", Q(staff_total__gte=100)),
        fact("whole", Q(staff_women__gte=1)),
        fact("rate", Q(), Rate("part", "whole", "部分÷全部")),
    )
    Unit.objects.bulk_create(Unit(name=f"大厂{n}", staff_total=100) for n in range(large))
    Unit.objects.bulk_create(Unit(name=f"有女工的厂{n}", staff_women=1) for n in range(3))

    found = figures.compute(["rate"], SCOPE)["rate"]

    assert (found.value, found.warning, found.numerator, found.denominator) == (value, warning, large, 3)


@pytest.mark.django_db
def test_name_that_comes_twice_is_said_once_and_counted_twice() -> None:
    figures = Facts()
    figures.register(fact("names", Q(), Names("address", ("pk",))))
    for number, address in enumerate(("镇东路", "", "镇西路", "镇东路")):
        Unit.objects.create(name=f"厂{number}", address=address)

    found = figures.compute(["names"], SCOPE)["names"]

    assert (found.value, found.records) == (("镇东路", "镇西路"), 4)


def test_day_that_the_year_before_did_not_have_is_the_last_of_its_month() -> None:
    leap = Scope(date(2024, 1, 1), date(2024, 2, 29), date(2024, 2, 29), as_ofs=(("end", date(2024, 2, 29)),))

    before = leap.before()

    assert (before.start, before.end, before.as_of) == (
        date(2023, 1, 1),
        date(2023, 2, 28),
        date(2023, 2, 28),
    )
    assert before.as_ofs == (("end", date(2023, 2, 28)),)


@pytest.mark.django_db
def test_running_year_is_asked_for_no_day_to_come(town: Union) -> None:
    scope = year_scope(2026, today=date(2026, 6, 15))

    assert {day for _, day in scope.as_ofs} == {date(2026, 6, 15)}
    assert dict(year_scope(2025, today=date(2026, 6, 15)).as_ofs) == {
        "end": date(2025, 12, 31),
        "mediation": date(2025, 12, 31),
        "organisation": date(2025, 12, 31),
        "year_end": date(2025, 12, 31),
    }
