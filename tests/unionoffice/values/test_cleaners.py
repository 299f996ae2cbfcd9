"""What every cleaner has in common, and the faults that rosters really have."""

from datetime import date
from typing import Any

import pytest

from unionoffice import identity, values
from unionoffice.values import Cleaner, Refused

from . import refusal

NUMBER, PHONE, BORN = "33048119900307007X", "13812345678", date(1990, 3, 7)
BLANKS = ["", " ", "　", "\u00a0", "\t\n", "\ufeff", "\u200b", None]
ALL_CLEANERS = [
    values.clean_text,
    values.clean_paragraphs,
    values.clean_title,
    values.clean_name,
    values.clean_day,
    values.clean_month,
    values.clean_mobile,
    values.clean_phone,
    values.clean_credit_code,
    values.credit_code_cleaner("union"),
    values.clean_id_number,
    values.id_number_cleaner(None),
    values.clean_bank_account,
    values.clean_money,
    values.clean_integer,
    values.clean_decimal,
    values.decimal_cleaner(5, 2),
    values.clean_flag,
    values.clean_choice([("1", "男")]),
    values.clean_lines,
]


@pytest.mark.parametrize("raw", BLANKS)
@pytest.mark.parametrize("clean", ALL_CLEANERS)
def test_empty_cell_is_none(clean: Cleaner, raw: Any) -> None:
    assert clean(raw) is None


@pytest.mark.parametrize(
    "clean", [values.clean_name, values.clean_mobile, values.clean_day, values.clean_flag]
)
def test_failed_formula_is_refused_everywhere(clean: Cleaner) -> None:
    assert isinstance(refusal(clean, "#N/A"), Refused)


def padded(value: str) -> list[str]:
    return [value + pad for pad in (" ", "  ", "　", "\u00a0", "\t")] + ["　" + value]


STATES = values.clean_choice([("active", "正常"), ("left", "已退会")])
ROSTER_FAULTS_MENDED = [
    *[(values.clean_name, cell, "张三") for cell in padded("张三")],
    *[(values.clean_id_number, cell, NUMBER) for cell in padded(NUMBER)],
    *[(values.clean_title, cell, "东湖村联合工会委员会") for cell in padded("东湖村联合工会委员会")],
    *[(values.clean_mobile, cell, PHONE) for cell in padded(PHONE)],
    *[(STATES, cell, "active") for cell in padded("正常")],
    (values.clean_id_number, NUMBER.lower(), NUMBER),
    (values.clean_id_number, "３３０４８１１９９００３０７００７X", NUMBER),
    (values.clean_mobile, "１３８１２３４５６７８", PHONE),
    (values.clean_mobile, 13812345678.0, PHONE),
    (values.clean_mobile, "13812345678.0", PHONE),
    (values.clean_day, "1990-03-07", BORN),
    (values.clean_day, "1990/3/7", BORN),
    (values.clean_day, "1990.3.7", BORN),
    (values.clean_day, "1990年3月7日", BORN),
    (values.clean_day, "19900307", BORN),
    (values.clean_day, "1990-03-07 00:00:00", BORN),
    (values.clean_day, 32939.0, BORN),
    (values.clean_day, "32939", BORN),
]


@pytest.mark.parametrize(("clean", "raw", "value"), ROSTER_FAULTS_MENDED)
def test_roster_faults_that_are_mended(clean: Cleaner, raw: Any, value: Any) -> None:
    memo = values.memo(clean, {"active": "正常"}.get if clean is STATES else None)

    assert memo[raw] == value
    assert list(memo.corrections) == [raw]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (NUMBER[:17] + "1", "id-checksum"),
        ("3.3E+17", "id-digits-lost"),
        ("3.30481E+17", "id-digits-lost"),
        (float(NUMBER[:15] + "000"), "id-digits-lost"),
    ],
)
def test_roster_faults_that_are_refused(raw: Any, code: str) -> None:
    assert refusal(values.clean_id_number, raw).code == code
    assert refusal(values.id_number_cleaner(None), raw).code == code


def test_number_of_the_faults_is_a_right_one() -> None:
    assert identity.is_id_number(NUMBER)
