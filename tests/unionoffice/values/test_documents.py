"""Numbers of identity documents."""

from typing import Any

import pytest

from unionoffice import identity, values
from unionoffice.values import Refused

from . import refusal


@pytest.mark.parametrize(
    "raw",
    [
        "11010519491231002X",
        "11010519491231002x",
        "１１０１０５１９４９１２３１００２Ｘ",
        " 11010519491231002X",
        "110105 19491231 002X",
        "\u00a011010519491231002X\t",
        "　11010519491231002X",
        "'11010519491231002X",
        "110105-19491231-002X",
        "\u200b11010519491231002X",
    ],
)
def test_id_number(raw: str) -> None:
    assert values.clean_id_number(raw) == "11010519491231002X"
    assert values.clean_id_number(raw, None) == "11010519491231002X"


LOST_CELL = "证件号码被存成了数字，后几位已丢失，请按文本重新录入"
LOST_TEXT = "证件号码成了科学计数，后几位已丢失，请重新录入"


@pytest.mark.parametrize("kind", [identity.ID_CARD, None])
@pytest.mark.parametrize(
    ("raw", "code", "message"),
    [
        ("3.30481E+17", "id-digits-lost", LOST_TEXT),
        ("3.3E+17", "id-digits-lost", LOST_TEXT),
        ("3.30481e17", "id-digits-lost", LOST_TEXT),
        ("３．３０４８１Ｅ＋１７", "id-digits-lost", LOST_TEXT),
        (330481199001011000.0, "id-digits-lost", LOST_CELL),
        (440524188001010014, "id-digits-lost", LOST_CELL),
        ("110105194912310021", "id-checksum", "身份证号码的校验位不对，多半有一位输错，请对照证件核对"),
        ("110105491231002", "id-old", "这是15位旧身份证号码，请填现用的18位号码"),
        (110105491231002.0, "id-old", "这是15位旧身份证号码，请填现用的18位号码"),
        ("11010519491231002", "id-length", "身份证号码应为18位，现有17位"),
        ("11010519491231O02X", "id-characters", "身份证号码前17位应为数字，末位为数字或X"),
        ("16010519491231002X", "id-region", "身份证号码开头的地区代码16不存在，请核对"),
        ("11010519490230002X", "id-birth", "身份证号码中的出生日期不存在或晚于今天，请核对第7至14位"),
        ("11010529991231002X", "id-birth", "身份证号码中的出生日期不存在或晚于今天，请核对第7至14位"),
        ("110***********002X", "masked", "号码中有星号，不是完整号码，请填完整号码；不改此项可留空"),
    ],
)
def test_id_number_refused(raw: Any, kind: str | None, code: str, message: str) -> None:
    assert refusal(values.id_number_cleaner(kind), raw) == Refused(code, message)


@pytest.mark.parametrize(
    ("kind", "raw", "number"),
    [
        (identity.PASSPORT, "e12345678", "E12345678"),
        (identity.PASSPORT, "Ｅ１２３４５６７８", "E12345678"),
        (identity.PASSPORT, "1234567.0", "1234567"),
        (identity.HK_MACAO_PERMIT, "H12345678", "H12345678"),
        (identity.HK_MACAO_PERMIT, "m1234567801", "M1234567801"),
        (identity.TAIWAN_PERMIT, 12345678.0, "12345678"),
        (identity.TAIWAN_PERMIT, "1234567890A", "1234567890A"),
        (identity.RESIDENCE_PERMIT, "810000199408230021", "810000199408230021"),
        (identity.FOREIGNER_PERMIT, "ABC123456789012", "ABC123456789012"),
        (identity.FOREIGNER_PERMIT, "911124198108030024", "911124198108030024"),
        (None, "E12345678", "E12345678"),
        (None, "H1234567801", "H1234567801"),
        (None, "12345678", "12345678"),
        (None, "911124198108030024", "911124198108030024"),
    ],
)
def test_other_documents(kind: str | None, raw: Any, number: str) -> None:
    assert values.clean_id_number(raw, kind) == number


@pytest.mark.parametrize(
    ("kind", "raw", "code", "message"),
    [
        (identity.PASSPORT, "ABCDE", "document-pattern", "护照号码不对，应为：5至17位字母和数字"),
        (
            identity.HK_MACAO_PERMIT,
            "K12345678",
            "document-pattern",
            "港澳居民来往内地通行证号码不对，应为：H或M开头，后接8位或10位数字",
        ),
        (
            identity.RESIDENCE_PERMIT,
            "11010519491231002X",
            "id-region",
            "港澳台居民居住证号码应以810000、820000或830000开头",
        ),
        (identity.ID_CARD, "E12345678", "id-length", "身份证号码应为18位，现有9位"),
        (identity.PASSPORT, "1.2E+15", "id-digits-lost", LOST_TEXT),
    ],
)
def test_other_documents_refused(kind: str, raw: str, code: str, message: str) -> None:
    assert refusal(values.id_number_cleaner(kind), raw) == Refused(code, message)


def test_every_kind_of_document_has_label_rule_and_check() -> None:
    assert identity.DOCUMENT_LABELS.keys() == identity.DOCUMENT_RULES.keys()
    assert identity.DOCUMENT_LABELS.keys() == identity.DOCUMENT_PATTERNS.keys() | {
        identity.ID_CARD,
        identity.RESIDENCE_PERMIT,
    }
