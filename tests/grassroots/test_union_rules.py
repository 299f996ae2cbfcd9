"""V03, V04, V05 and the tree: what is refused or doubted of unions, units and their coverage."""

from datetime import date
from typing import Any

import pytest

from tests.members.samples import new_member
from unionoffice.organisation.choices import UnionKind
from unionoffice.organisation.models import Coverage, Union, User

from .judging import codes, verdicts
from .samples import cover, credit_code, joint, single, term, unit

pytestmark = pytest.mark.django_db


def a_union(town: Union, **fields: Any) -> dict[str, Any]:
    return {"name": "新厂工会", "kind": UnionKind.JOINT, "parent": town.pk} | fields


def test_right_rows_pass(town: Union) -> None:
    own = unit()

    assert (
        verdicts(
            "unions",
            a_union(town, credit_code=credit_code("81")),
            a_union(town, kind=UnionKind.SINGLE, employer=own.pk, founded_on=date(2024, 1, 1)),
        )
        == []
    )


def test_union_code_starts_with_eight(town: Union) -> None:
    assert verdicts("unions", a_union(town, credit_code=credit_code("91"))) == [
        (0, "refused", "union-code-prefix")
    ]
    assert verdicts("unions", a_union(town, credit_code=credit_code("13"))) == [
        (0, "refused", "union-code-prefix")
    ]


def test_employers_code_is_no_unions() -> None:
    assert codes("units", {"name": "甲厂", "credit_code": credit_code("81")}) == {"unit-code-of-union"}
    assert codes("units", {"name": "甲厂", "credit_code": credit_code("91")}) == set()


def test_parts_of_the_staff_are_no_more_than_the_whole() -> None:
    row = {"name": "甲厂", "staff_total": 10}

    assert codes("units", row | {"staff_women": 10, "staff_migrant": 10, "staff_dispatched": 10}) == set()
    for part in ("staff_women", "staff_migrant", "staff_dispatched"):
        assert verdicts("units", row | {part: 11}) == [(0, "refused", "staff-part")]


def test_union_stands_below_another_one_in_being(town: Union) -> None:
    upper = joint(town, 0)
    lower = joint(upper, 0)
    ended = joint(town, 0, dissolved_on=date(2024, 1, 1))

    assert codes("unions", a_union(town, parent=None)) == {"union-without-parent"}
    assert codes("unions", a_union(town, parent=upper.pk), pks=[upper.pk]) == {"union-above-itself"}
    assert codes("unions", a_union(town, parent=lower.pk), pks=[upper.pk]) == {"union-above-itself"}
    assert codes("unions", a_union(town, parent=ended.pk)) == {"parent-ended"}
    assert codes("unions", {"name": "镇", "kind": UnionKind.TOWNSHIP}) == set()


def test_two_unions_put_below_each_other_in_one_file_are_refused(town: Union) -> None:
    first, second = joint(town, 0), joint(town, 0)
    rows = (a_union(town, parent=second.pk), a_union(town, parent=first.pk))

    assert codes("unions", *rows, pks=[first.pk, second.pk]) == {"union-above-itself"}


def test_union_of_many_units_cannot_become_single(town: Union) -> None:
    union = joint(town, 2)

    assert verdicts("unions", a_union(town, kind=UnionKind.SINGLE), pks=[union.pk]) == [
        (0, "refused", "single-with-units")
    ]


def test_single_union_covers_the_unit_it_is_named_after(town: Union) -> None:
    union, other = single(town), unit()
    row = a_union(town, kind=UnionKind.SINGLE, employer=other.pk, founded_on=union.founded_on)

    assert codes("unions", row, pks=[union.pk]) == {"single-other-unit"}


def test_unit_has_one_single_union(town: Union) -> None:
    taken, free = single(town).employer, unit()
    row = a_union(town, kind=UnionKind.SINGLE, founded_on=date(2024, 1, 1))

    assert codes("unions", row | {"employer": taken.pk}) == {"unit-has-union"}
    assert verdicts("unions", row | {"employer": free.pk}, row | {"employer": free.pk}) == [
        (1, "refused", "unit-has-union")
    ]
    assert codes("unions", row | {"kind": UnionKind.JOINT, "employer": taken.pk}) == set()


def test_unit_of_an_ended_union_may_found_another(town: Union) -> None:
    ended = single(town, dissolved_on=date(2023, 1, 1))
    row = a_union(town, kind=UnionKind.SINGLE, founded_on=date(2024, 1, 1), employer=ended.employer_id)

    assert codes("unions", row) == set()


def test_missing_day_of_founding_is_told(town: Union) -> None:
    row = a_union(town, kind=UnionKind.SINGLE, employer=unit().pk)

    assert verdicts("unions", row) == [(0, "warned", "founding-unknown")]


def test_twenty_five_members_need_a_committee(town: Union) -> None:
    union = joint(town, 2)
    row = a_union(town, name=union.name)
    for number in range(24):
        new_member(union, name=f"李{'甲乙丙丁戊己庚辛壬癸'[number % 10]}", phone="")

    assert codes("unions", row, pks=[union.pk]) == set()
    assert codes("unions", row | {"declared_members": 25}, pks=[union.pk]) == {"committee-missing"}
    new_member(union, name="赵末")
    assert verdicts("unions", row, pks=[union.pk]) == [(0, "warned", "committee-missing")]
    term(union, "2022-01-01")
    assert codes("unions", row, pks=[union.pk]) == set()
    assert codes("unions", row | {"kind": UnionKind.ORGANISER}, pks=[union.pk]) == {"committee-needed"}


def test_union_with_members_is_not_ended_by_typing_a_day(town: Union) -> None:
    union, other = joint(town, 2), joint(town, 2)
    new_member(union)
    row = a_union(town, name=union.name, dissolved_on=date(2024, 1, 1))

    assert codes("unions", row, pks=[union.pk]) == {"union-with-members"}
    assert codes("unions", row, pks=[other.pk]) == set()
    assert codes("unions", a_union(town, merged_into=other.pk), pks=[union.pk]) == {"merged-without-day"}
    assert "merged-into-itself" in codes("unions", row | {"merged_into": other.pk}, pks=[other.pk])


def test_founding_is_noted_at_most_a_year_ahead(town: Union) -> None:
    row = a_union(town, founded_on=date(2024, 2, 2))

    assert codes("unions", row, today=date(2024, 2, 1)) == set()
    assert codes("unions", row, today=date(2023, 1, 1)) == {"date-in-future"}


def link(union: Union, covered: Any, start: str = "2024-01-01", end: str | None = None) -> dict[str, Any]:
    return {
        "union": union.pk,
        "unit": covered.pk,
        "started_on": date.fromisoformat(start),
        "ended_on": date.fromisoformat(end) if end else None,
    }


def test_single_union_takes_no_second_unit(town: Union) -> None:
    union = single(town)

    assert verdicts("coverages", link(union, unit())) == [(0, "refused", "single-union-full")]
    assert verdicts("coverages", link(joint(town, 1), unit())) == []


def test_unit_is_in_one_single_union_at_a_time(town: Union) -> None:
    own = unit()
    former = single(town, own, "2015-01-01")
    Coverage.objects.filter(union=former).update(ended_on=date(2020, 1, 1))
    second = Union.objects.create(name="再建工会", kind=UnionKind.SINGLE, parent=town)

    assert codes("coverages", link(second, own, "2019-12-31")) == {"unit-has-union"}
    assert codes("coverages", link(second, own, "2020-01-01")) == set()


def test_two_single_unions_in_one_file_want_the_same_unit(town: Union) -> None:
    own = unit()
    unions = [Union.objects.create(name=f"{n}工会", kind=UnionKind.SINGLE, parent=town) for n in "甲乙"]

    found = verdicts("coverages", *(link(union, own) for union in unions))

    assert found == [(0, "refused", "unit-has-union"), (1, "refused", "unit-has-union")]


def test_ended_single_union_stands_in_nobodys_way(town: Union) -> None:
    own = unit()
    single(town, own, "2015-01-01", dissolved_on=date(2020, 1, 1))
    second = Union.objects.create(name="再建工会", kind=UnionKind.SINGLE, parent=town)

    assert codes("coverages", link(second, own)) == set()


def test_link_is_not_registered_twice_at_a_time(town: Union) -> None:
    union, own = joint(town, 0), unit()
    stored = cover(union, own, "2022-01-01", "2023-01-01")

    assert codes("coverages", link(union, own, "2022-06-01")) == {"coverage-twice"}
    assert codes("coverages", link(union, own, "2023-01-01")) == set()
    assert codes("coverages", link(union, own, "2022-02-01"), pks=[stored.pk]) == set()


def test_link_lies_within_the_lives_of_union_and_unit(town: Union) -> None:
    union = joint(town, 0, founded_on=date(2024, 1, 1), dissolved_on=date(2024, 6, 1))
    closed = unit(closed_on=date(2024, 3, 1))
    standing = joint(town, 0)

    assert codes("coverages", link(union, unit(), "2023-12-31", "2024-05-01")) == {"coverage-before-founding"}
    assert codes("coverages", link(union, unit())) == {"coverage-after-end"}
    assert codes("coverages", link(union, unit(), end="2024-06-01")) == set()
    assert codes("coverages", link(standing, closed)) == {"coverage-after-end"}


def test_group_covers_no_unit(town: Union) -> None:
    group = Union.objects.create(name="一车间小组", kind=UnionKind.GROUP, parent=single(town))

    assert codes("coverages", link(group, unit())) == {"group-covers"}


def test_coverage_outside_the_chairs_union_is_still_seen_by_the_rules(town: Union, chair: User) -> None:
    """Rules look at the whole town whoever saves."""
    own = single(town).employer
    mine = Union.objects.create(name="本会", kind=UnionKind.SINGLE, parent=town)

    assert codes("coverages", link(mine, own), user=chair) == {"unit-has-union"}
