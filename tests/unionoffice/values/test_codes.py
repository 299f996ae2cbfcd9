"""Telephones, credit codes, bank accounts."""

from typing import Any

import pytest

from unionoffice import identity, values
from unionoffice.values import Refused

from . import refusal


@pytest.mark.parametrize(
    "raw",
    [
        "13812345678",
        " 138 1234 5678 ",
        "138-1234-5678",
        "+86 138 1234 5678",
        "+8613812345678",
        "8613812345678",
        "008613812345678",
        "(+86)13812345678",
        "１３８１２３４５６７８",
        "'13812345678",
        "13812345678.0",
        13812345678,
        13812345678.0,
    ],
)
def test_mobile(raw: Any) -> None:
    assert values.clean_mobile(raw) == "13812345678"


@pytest.mark.parametrize(
    ("raw", "code", "message"),
    [
        ("1381234567", "mobile-pattern", "手机号码“1381234567”应为11位数字，现有10位"),
        ("12812345678", "mobile-pattern", "手机号码“12812345678”应以13至19开头"),
        (
            "13812345678/13912345678",
            "mobile-pattern",
            "手机号码“13812345678/13912345…”应为11位数字，一格只填一个号码",
        ),
        ("1.38E+10", "mobile-digits-lost", "手机号码“1.38E+10”成了科学计数，后几位已丢失，请重新录入"),
        ("0574-65712345", "mobile-landline", "“0574-65712345”像是固定电话，手机号码应为以1开头的11位数字"),
        ("65712345", "mobile-landline", "“65712345”像是固定电话，手机号码应为以1开头的11位数字"),
        ("138****5678", "masked", "号码中有星号，不是完整号码，请填完整号码；不改此项可留空"),
        ("١٣٨١٢٣٤٥٦٧٨", "mobile-pattern", "手机号码“١٣٨١٢٣٤٥٦٧٨”应以13至19开头"),
    ],
)
def test_mobile_refused(raw: str, code: str, message: str) -> None:
    assert refusal(values.clean_mobile, raw) == Refused(code, message)


@pytest.mark.parametrize(
    ("raw", "phone"),
    [
        ("0574-65712345", "0574-65712345"),
        ("057465712345", "0574-65712345"),
        ("(0574)65712345", "0574-65712345"),
        ("（0574）65712345", "0574-65712345"),
        ("0574—65712345", "0574-65712345"),
        ("0574 6571 2345", "0574-65712345"),
        ("86-0574-65712345", "0574-65712345"),
        ("021-22345678", "021-22345678"),
        ("0574-65712345-801", "0574-65712345-801"),
        ("0574-65712345转801", "0574-65712345-801"),
        ("65712345", "65712345"),
        (65712345.0, "65712345"),
        ("4008123123", "400-812-3123"),
        ("12351", "12351"),
        ("110", "110"),
        ("138-1234-5678", "13812345678"),
        (13812345678.0, "13812345678"),
    ],
)
def test_phone(raw: Any, phone: str) -> None:
    assert values.clean_phone(raw) == phone


@pytest.mark.parametrize("raw", ["021-12345678", "400-8123-123", "0574-6571", "无", "65712345、65712346"])
def test_phone_refused(raw: str) -> None:
    assert refusal(values.clean_phone, raw) == Refused(
        "phone-pattern", f"电话“{raw}”看不懂，请写成0574-65712345或手机号码"
    )


def test_phone_without_the_zero_of_the_area_is_refused() -> None:
    assert refusal(values.clean_phone, 57465712345.0) == Refused(
        "phone-zero-lost", "电话“57465712345.0”的区号少了开头的0，请补上，如0574-65712345"
    )


@pytest.mark.parametrize(
    "raw",
    [
        "91350100M000100Y43",
        "91350100m000100y43",
        "９１３５０１００Ｍ０００１００Ｙ４３",
        " 9135 0100 M000100Y43 ",
        "91350100-M000100Y-43",
    ],
)
def test_credit_code(raw: str) -> None:
    assert values.clean_credit_code(raw) == "91350100M000100Y43"


@pytest.mark.parametrize(
    ("raw", "code", "message"),
    [
        ("91350100M000100Y44", "credit-code-checksum", "统一社会信用代码的校验位不对，请对照证书核对"),
        ("91350100M000100Y4", "credit-code-length", "统一社会信用代码应为18位，现有17位"),
        (
            "330481000012345",
            "credit-code-length",
            "统一社会信用代码应为18位，现有15位，像是旧的营业执照号或组织机构代码",
        ),
        (
            "9135O100M000100Y43",
            "credit-code-characters",
            "统一社会信用代码中不应有“O”（不用字母I、O、S、V、Z，多半是1、0、5、U、2），请核对",
        ),
        (
            9.1350100000010e17,
            "credit-code-digits-lost",
            "信用代码被存成了数字，后几位已丢失，请按文本重新录入",
        ),
        ("9.1350E+17", "credit-code-digits-lost", "信用代码被存成了数字，后几位已丢失，请按文本重新录入"),
        ("9135**********0Y43", "masked", "号码中有星号，不是完整号码，请填完整号码；不改此项可留空"),
    ],
)
def test_credit_code_refused(raw: Any, code: str, message: str) -> None:
    assert refusal(values.clean_credit_code, raw) == Refused(code, message)


def test_credit_code_of_the_wrong_holder_is_refused() -> None:
    union_code = "81330481MC1234567" + identity.credit_check_character("81330481MC1234567")

    assert values.credit_code_cleaner("union")(union_code) == union_code
    assert values.credit_code_cleaner("employer")("91350100M000100Y43") == "91350100M000100Y43"
    assert refusal(values.credit_code_cleaner("union"), "91350100M000100Y43") == Refused(
        "credit-code-holder", "这像是用人单位的代码，工会自己的代码以81或89开头"
    )
    assert refusal(values.credit_code_cleaner("employer"), union_code) == Refused(
        "credit-code-holder", "这是工会的代码（以81或89开头），请填用人单位自己的代码"
    )


@pytest.mark.parametrize(
    "raw",
    ["6222021234567890", "6222 0212 3456 7890", "6222-0212-3456-7890", "６２２２０２１２３４５６７８９０"],
)
def test_bank_account(raw: str) -> None:
    assert values.clean_bank_account(raw) == "6222021234567890"


def test_short_bank_account_may_be_a_number_cell() -> None:
    assert values.clean_bank_account(123456789012345.0) == "123456789012345"


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (6222021234567890.0, "bank-digits-lost"),
        ("6.22202E+15", "bank-digits-lost"),
        ("622202123456789O", "bank-characters"),
        ("1234567", "bank-length"),
        ("1" * 31, "bank-length"),
        ("************7890", "masked"),
    ],
)
def test_bank_account_refused(raw: Any, code: str) -> None:
    assert refusal(values.clean_bank_account, raw).code == code
