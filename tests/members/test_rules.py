"""V01 and V02: what is refused, what is doubtful, what is filled in. The same rules judge a form and an import."""

from datetime import date
from typing import Any

import pytest

from members.choices import EventKind
from members.models import Member
from members.rules import EVENT_RULES, MEMBER_RULES, complete_from_number, complete_state, not_registered_yet
from unionoffice.identity import FEMALE, MALE
from unionoffice.organisation.models import Union
from unionoffice.records.rules import Batch, judge

from .samples import event, id_number, new_member

BORN = date(1985, 6, 15)
TODAY = date(2024, 6, 1)
RIGHT = {
    "name": "张小明",
    "id_kind": "id_card",
    "id_number": id_number(BORN, MALE, 1),
    "sex": MALE,
    "born_on": BORN,
    "phone": "13800000000",
    "union": None,
    "state": "active",
    "joined_on": date(2020, 1, 1),
    "household": "",
    "is_migrant": None,
    "employment_form": "",
}


def problems(*rows: dict[str, Any], pks: list[int | None] | None = None) -> list[tuple[int, str, str]]:
    """(row, verdict, code) of everything the rules say about these rows; each is right but for what is given."""
    full = [RIGHT | row for row in rows]
    batch = Batch(
        {name: [row[name] for row in full] for name in RIGHT}, pks or [None] * len(rows), today=TODAY
    )
    return [(p.index, p.verdict, p.code) for p in judge(MEMBER_RULES, batch)]


@pytest.mark.django_db
def test_right_member_passes() -> None:
    assert problems({}) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("row", "verdict", "code"),
    [
        ({"sex": FEMALE}, "refused", "sex-contradicts"),
        ({"born_on": date(1985, 6, 16)}, "refused", "birth-contradicts"),
        ({"id_number": "E12345678"}, "refused", "id-length"),
        ({"id_kind": "passport", "id_number": "12"}, "refused", "document-pattern"),
        ({"id_kind": "passport", "id_number": "E12345678", "sex": ""}, "refused", "required"),
        ({"id_kind": "passport", "id_number": "E12345678", "born_on": None}, "refused", "required"),
        ({"joined_on": date(2024, 6, 2)}, "refused", "date-in-future"),
        ({"joined_on": date(2001, 6, 14)}, "refused", "under-age"),
        ({"phone": ""}, "warned", "phone-missing"),
        ({"household": "local_rural"}, "warned", "migrant-empty"),
    ],
)
def test_one_fault_is_found_as_what_it_is(row: dict[str, Any], verdict: str, code: str) -> None:
    assert problems(row) == [(0, verdict, code)]


@pytest.mark.django_db
def test_sixteenth_birthday_is_old_enough() -> None:
    assert problems({"joined_on": date(2001, 6, 15)}) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sex", "form", "born", "is_over"),
    [
        (MALE, "", date(1964, 5, 31), True),
        (MALE, "", date(1964, 6, 2), False),
        (FEMALE, "", date(1974, 6, 1), True),
        (FEMALE, "civil_servant", date(1974, 6, 1), False),
        (FEMALE, "civil_servant", date(1969, 6, 1), True),
    ],
)
def test_statutory_retirement_age(sex: str, form: str, born: date, is_over: bool) -> None:
    row = {"sex": sex, "employment_form": form, "born_on": born, "id_number": id_number(born, sex, 1)}

    assert problems(row) == ([(0, "warned", "over-age")] if is_over else [])


@pytest.mark.django_db
def test_retired_member_is_not_over_age() -> None:
    born = date(1950, 1, 1)

    assert problems({"born_on": born, "id_number": id_number(born, MALE, 1), "state": "retired"}) == []


@pytest.mark.django_db
def test_phone_of_three_is_doubtful_for_each_of_them_and_of_two_is_not(union: Union) -> None:
    stored = new_member(union, name="王五", phone="13800000000")
    rows = ({"name": "甲甲"}, {"name": "乙乙", "id_number": id_number(BORN, MALE, 2)})

    assert problems(rows[0]) == []
    assert problems(*rows) == [(0, "warned", "phone-shared"), (1, "warned", "phone-shared")]
    own = {"name": stored.name, "id_number": stored.id_number}
    assert problems(rows[0], own, pks=[None, stored.pk]) == []


@pytest.mark.django_db
def test_same_name_and_birthday_under_another_number_is_doubtful(union: Union) -> None:
    stored = new_member(union)

    assert problems({}) == [(0, "warned", "same-person")]
    assert problems({}, pks=[stored.pk]) == []
    assert problems({"id_number": stored.id_number}) == []
    assert problems({"name": "张大明"}, {"name": "张大明", "id_number": id_number(BORN, MALE, 2)}) == [
        (0, "warned", "same-person"),
        (1, "warned", "same-person"),
    ]


@pytest.mark.django_db
def test_number_is_registered_once_in_the_whole_town(union: Union) -> None:
    stored = new_member(union, id_number=RIGHT["id_number"])
    batch = Batch({"id_number": [RIGHT["id_number"], id_number(BORN, MALE, 2)]}, [None, None])

    assert [(p.index, p.code) for p in not_registered_yet(batch)] == [(0, "id-registered")]
    assert list(not_registered_yet(Batch({"id_number": [RIGHT["id_number"]]}, [stored.pk]))) == []


@pytest.mark.django_db
def test_day_of_joining_stays_before_the_second_event(union: Union) -> None:
    member = new_member(union, "2020-01-01", id_number=RIGHT["id_number"])
    event(member, EventKind.RETAIN, "2022-01-01")

    assert problems({"joined_on": date(2021, 12, 31)}, pks=[member.pk]) == []
    assert problems({"joined_on": date(2022, 1, 1)}, pks=[member.pk]) == [(0, "refused", "joined-late")]


def test_sex_birthday_and_kind_of_document_are_filled_from_the_number() -> None:
    columns = {
        "id_kind": ["", "", "passport", "id_card"],
        "id_number": [RIGHT["id_number"], "H12345678", "E12345678", None],
        "sex": ["", "", "", ""],
        "born_on": [None, None, None, None],
    }

    complete_from_number(columns)

    assert columns == {
        "id_kind": ["id_card", "hk_macao_permit", "passport", "id_card"],
        "id_number": [RIGHT["id_number"], "H12345678", "E12345678", None],
        "sex": [MALE, "", "", ""],
        "born_on": [BORN, None, None, None],
    }


def test_what_was_typed_is_not_overwritten_from_the_number() -> None:
    columns = {"id_kind": ["id_card"], "id_number": [RIGHT["id_number"]], "sex": [FEMALE], "born_on": [TODAY]}

    complete_from_number(columns)

    assert (columns["sex"], columns["born_on"]) == ([FEMALE], [TODAY])


def test_state_follows_from_the_kind_of_event() -> None:
    columns = {"kind": ["leave", "register", "retain"], "state": ["", "", "active"]}

    complete_state(columns)

    assert columns["state"] == ["left", "", "active"]


@pytest.mark.django_db
def test_event_with_a_contradicting_state_or_on_a_taken_day_is_refused(union: Union) -> None:
    member = new_member(union, "2020-01-01")
    columns = {
        "member": [member.pk] * 4,
        "kind": ["leave", "leave", "register", "leave"],
        "state": ["active", "left", "", "left"],
        "on": [date(2021, 1, 1), date(2020, 1, 1), date(2022, 1, 1), date(2023, 1, 1)],
    }

    found = judge(EVENT_RULES, Batch(columns, [None] * 4))

    assert [(p.index, p.code) for p in found] == [
        (0, "state-contradicts"),
        (1, "event-same-day"),
        (2, "required"),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "is_complete"),
    [
        ({}, True),
        ({"phone": ""}, False),
        ({"is_migrant": None}, False),
        ({"sex": ""}, False),
        ({"born_on": None}, False),
        ({"new_form_group": ""}, False),
        ({"new_form_group": "", "employment_form": "flexible"}, True),
    ],
)
def test_real_name_data_is_complete(union: Union, fields: dict[str, Any], is_complete: bool) -> None:
    member = new_member(union, **({"id_number": RIGHT["id_number"]} | fields))

    assert Member.objects.get(pk=member.pk).is_complete is is_complete
