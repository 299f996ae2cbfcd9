"""Yes or no, choices from a list."""

from typing import Any

import pytest

from unionoffice import values
from unionoffice.values import Refused

from . import refusal


@pytest.mark.parametrize(
    "raw", ["是", "有", "√", "✓", "对", "Y", "y", "Yes", "TRUE", "1", "１", 1, 1.0, True, " 是 "]
)
def test_flag_yes(raw: Any) -> None:
    assert values.clean_flag(raw) is True


@pytest.mark.parametrize("raw", ["否", "无", "×", "N", "no", "FALSE", "0", 0, 0.0, False, "不是", "没有"])
def test_flag_no(raw: Any) -> None:
    assert values.clean_flag(raw) is False


def test_flag_unknown_and_refused() -> None:
    assert values.clean_flag("未知") is None
    assert refusal(values.clean_flag, "也许") == Refused("flag-unknown", "“也许”看不懂，请填是或否")
    assert refusal(values.clean_flag, 2) == Refused("flag-unknown", "“2”看不懂，请填是或否")


POLITICS = values.clean_choice(
    [("", "---------"), ("01", "中共党员"), ("03", "共青团员"), ("13", "群众"), ("20", "高中/中专")],
    {"党员": "01", "团员": "03"},
)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("中共党员", "01"),
        (" 中共 党员　", "01"),
        ("党员", "01"),
        ("01", "01"),
        ("０１", "01"),
        (1, "01"),
        (1.0, "01"),
        (13.0, "13"),
        ("高中中专", "20"),
        ("高中、中专", "20"),
    ],
)
def test_choice(raw: Any, code: str) -> None:
    assert POLITICS(raw) == code


def test_choice_refused_names_the_nearest_or_lists_all() -> None:
    assert refusal(POLITICS, "共青团") == Refused(
        "choice-unknown", "“共青团”不在可选范围内，是否为“共青团员”？"
    )
    assert refusal(POLITICS, "xyz") == Refused(
        "choice-unknown", "“xyz”不在可选范围内，可填：中共党员、共青团员、群众、高中/中专"
    )


@pytest.mark.parametrize(
    ("raw", "code"),
    [("汉族", 1), ("汉", 1), ("土", 36), ("土族", 36), ("土家", 15), ("土家族", 15), ("1", 1)],
)
def test_peoples_with_and_without_their_suffix(raw: str, code: int) -> None:
    assert values.clean_choice([(1, "汉族"), (15, "土家族"), (36, "土族")])(raw) == code
