"""Identity numbers, credit codes, masks, retirement."""

from datetime import date, timedelta

import pytest

from unionoffice import identity
from unionoffice.identity import FEMALE, MALE


def number_of(body: str) -> str:
    return body + identity.id_check_character(body)


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014", "810000199408230021"])
def test_id_number_with_right_check_character_holds(number: str) -> None:
    assert identity.is_id_number(number)


@pytest.mark.parametrize("place", range(18))
def test_id_number_with_any_digit_changed_does_not_hold(place: int) -> None:
    number = "11010519491231002X"
    for other in set("0123456789X") - {number[place]}:
        assert not identity.is_id_number(number[:place] + other + number[place + 1 :])


@pytest.mark.parametrize(
    "number",
    [
        "",
        "11010519491231002",
        "11010519491231002x",
        "１１０１０５１９４９１２３１００２Ｘ",
        "11010519491231002X ",
        number_of("16010519491231002"),
        number_of("00010519491231002"),
        number_of("11010519490231002"),
        number_of("11010518001231002"),
        "٣10105194912310021",
    ],
    ids=["empty", "17", "lower", "full-width", "blank", "region16", "region00", "feb31", "1800", "arabic"],
)
def test_id_number_of_another_shape_does_not_hold(number: str) -> None:
    assert not identity.is_id_number(number)


def test_id_number_born_tomorrow_does_not_hold() -> None:
    today = date.today()

    assert identity.is_id_number(number_of(f"330481{today:%Y%m%d}001"))
    assert not identity.is_id_number(number_of(f"330481{today + timedelta(1):%Y%m%d}001"))


def test_id_number_tells_birth_and_sex() -> None:
    assert identity.birth_of("11010519491231002X") == date(1949, 12, 31)
    assert identity.sex_of("11010519491231002X") == FEMALE
    assert identity.sex_of("440524188001010014") == MALE


def test_region_prefixes_are_those_of_the_provinces() -> None:
    listed = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83"
    assert set(listed.split()) == identity.REGION_PREFIXES


def test_credit_code_check_character() -> None:
    assert identity.credit_check_character("91350100M000100Y4") == "3"
    assert identity.is_credit_code("91350100M000100Y43")
    assert not identity.is_credit_code("91350100M000100Y44")
    assert not identity.is_credit_code("9135O100M000100Y43")
    assert not identity.is_credit_code("91350100M000100Y4")


@pytest.mark.parametrize(
    ("code", "union", "employer"),
    [
        ("81330481MC12345678", True, False),
        ("89330481MC12345678", True, False),
        ("13330481MC12345678", True, True),
        ("91330481MC12345678", False, True),
        ("N2330481MC12345678", False, True),
    ],
)
def test_credit_code_prefix_tells_union_from_employer(code: str, union: bool, employer: bool) -> None:
    assert identity.credit_code_fits(code, "union") is union
    assert identity.credit_code_fits(code, "employer") is employer


def test_masks_keep_only_what_may_be_seen() -> None:
    assert identity.mask_id("33048119900101123X") == "330***********123X"
    assert identity.mask_id("E12345678") == "E****5678"
    assert identity.mask_id("1234567") == "*******"
    assert identity.mask_mobile("13812345678") == "138****5678"
    assert identity.mask_mobile("5678") == "****"
    assert identity.mask_bank("6222021234567890123") == "***************0123"
    assert identity.mask_bank("123") == "***"


@pytest.mark.parametrize(
    ("cell", "masked"),
    [
        ("330***********1234", True),
        ("138＊＊＊＊5678", True),
        ("13812345678", False),
        ("", False),
        (None, False),
        (5, False),
    ],
)
def test_is_masked(cell: object, masked: bool) -> None:
    assert identity.is_masked(cell) is masked


@pytest.mark.parametrize(
    ("birth", "sex", "cadre", "day"),
    [
        (date(1964, 12, 31), MALE, False, date(2024, 12, 31)),
        (date(1965, 1, 1), MALE, False, date(2025, 2, 1)),
        (date(1965, 4, 30), MALE, False, date(2025, 5, 30)),
        (date(1965, 5, 31), MALE, False, date(2025, 7, 31)),
        (date(1970, 8, 15), MALE, False, date(2032, 1, 15)),
        (date(1976, 8, 31), MALE, False, date(2039, 7, 31)),
        (date(1976, 9, 1), MALE, False, date(2039, 9, 1)),
        (date(2000, 2, 29), MALE, False, date(2063, 2, 28)),
        (date(1969, 12, 1), FEMALE, True, date(2024, 12, 1)),
        (date(1970, 1, 10), FEMALE, True, date(2025, 2, 10)),
        (date(1981, 9, 5), FEMALE, True, date(2039, 9, 5)),
        (date(1974, 12, 31), FEMALE, False, date(2024, 12, 31)),
        (date(1975, 1, 1), FEMALE, False, date(2025, 2, 1)),
        (date(1975, 3, 1), FEMALE, False, date(2025, 5, 1)),
        (date(1984, 10, 31), FEMALE, False, date(2039, 9, 30)),
        (date(1984, 11, 1), FEMALE, False, date(2039, 11, 1)),
        (date(1990, 6, 1), FEMALE, False, date(2045, 6, 1)),
    ],
)
def test_statutory_retirement_rises_by_months(birth: date, sex: str, cadre: bool, day: date) -> None:
    """Cases from the tables annexed to the Decision of 2024-09-13."""
    assert identity.statutory_retirement_on(birth, sex, cadre) == day


def test_age_counts_full_years() -> None:
    assert identity.age_on(date(2010, 3, 5), date(2026, 3, 4)) == 15
    assert identity.age_on(date(2010, 3, 5), date(2026, 3, 5)) == 16
    assert identity.age_on(date(2008, 2, 29), date(2026, 2, 28)) == 17
