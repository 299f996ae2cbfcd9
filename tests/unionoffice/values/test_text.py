"""Text, titles, names."""

import pickle
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from unionoffice import values
from unionoffice.values import Refused

from . import refusal


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("东湖村", "东湖村"),
        (" 东湖村 ", "东湖村"),
        ("　东湖村\u00a0", "东湖村"),
        ("\u200b东\ufeff湖村", "东湖村"),
        ("东湖\x00村\x07", "东湖村"),
        ("东湖村\n一组", "东湖村 一组"),
        ("东湖村，（旧）", "东湖村，（旧）"),
        ("a  b", "a  b"),
        ("\ud800东湖", "东湖"),
        (12, "12"),
        (12.0, "12"),
        (13812345678.0, "13812345678"),
        (1.5, "1.5"),
        (Decimal("1200.50"), "1200.50"),
        (True, "TRUE"),
        (date(2024, 3, 5), "2024-03-05"),
        (datetime(2024, 3, 5), "2024-03-05"),
        (datetime(2024, 3, 5, 14, 30), "2024-03-05 14:30"),
        (time(8, 30), "08:30:00"),
    ],
)
def test_text(raw: Any, text: str) -> None:
    assert values.clean_text(raw) == text


@pytest.mark.parametrize("raw", ["#N/A", " #REF! ", "#DIV/0!", "#NAME?", "#VALUE!"])
def test_failed_formula_is_refused(raw: str) -> None:
    assert refusal(values.clean_text, raw).code == "formula-error"


def test_paragraphs_keep_their_lines() -> None:
    assert values.clean_paragraphs("\n 一、走访 \r\n\r\n二、慰问　\n") == "一、走访\n\n二、慰问"
    assert values.clean_paragraphs(5.0) == "5"


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        ("东湖机械 有限公司", "东湖机械有限公司"),
        ("东湖机械(集团)有限公司", "东湖机械（集团）有限公司"),
        ("ＡＢＣ电子有限公司", "ABC电子有限公司"),
        ("ABC (China) Ltd", "ABC (China) Ltd"),
        ("总工办〔2017〕14号", "总工办〔2017〕14号"),
        ("东湖村　联合工会", "东湖村联合工会"),
    ],
)
def test_title(raw: str, title: str) -> None:
    assert values.clean_title(raw) == title


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("张三", "张三"),
        ("张　三", "张三"),
        (" 张 小 明\t", "张小明"),
        ("买买提·吐尔逊", "买买提·吐尔逊"),
        ("买买提 • 吐尔逊", "买买提·吐尔逊"),
        ("买买提.吐尔逊", "买买提·吐尔逊"),
        ("买买提．吐尔逊", "买买提·吐尔逊"),
        ("买买提・吐尔逊", "买买提·吐尔逊"),
        ("John  Smith", "John Smith"),
        ("Ｊｏｈｎ　Ｓｍｉｔｈ", "John Smith"),
        ("D'Arcy", "D'Arcy"),
        ("𬍛䶮", "𬍛䶮"),
        ("葛\U000e0100三", "葛\U000e0100三"),
        ("阿" * 25, "阿" * 25),
    ],
)
def test_name(raw: str, name: str) -> None:
    assert values.clean_name(raw) == name


@pytest.mark.parametrize(
    ("raw", "code", "message"),
    [
        ("张", "name-length", "姓名应为2至25个字，现有1个字"),
        ("张" * 26, "name-length", "姓名应为2至25个字，现有26个字"),
        ("张三1", "name-digits", "姓名“张三1”中有数字，请核对"),
        (12345, "name-digits", "姓名“12345”中有数字，请核对"),
        ("张?", "name-characters-lost", "姓名“张?”中有字显示为问号，请补上原字"),
        ("张三@", "name-characters", "姓名“张三@”中有不能用的字符“@”，请核对"),
        ("张三、李四", "name-characters", "姓名“张三、李四”中有不能用的字符“、”，请核对"),
    ],
)
def test_name_refused(raw: Any, code: str, message: str) -> None:
    assert refusal(values.clean_name, raw) == Refused(code, message)


def test_refused_survives_pickling() -> None:
    refused = Refused("id-old", "旧号码")

    assert pickle.loads(pickle.dumps(refused)) == refused
    assert repr(refused) == "Refused('id-old', '旧号码')"
    assert refused != ValueError("旧号码")
    assert len({refused, Refused("id-old", "旧号码")}) == 1
