"""Columns cleaned at once, and what is told of a correction."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from unionoffice import values
from unionoffice.values import Cleaner, Refused

FIFTH_OF_MARCH = date(2024, 3, 5)


@pytest.mark.parametrize(
    ("clean", "raw", "told"),
    [
        (values.clean_day, "2024-3-5", "日期写法已统一"),
        (values.clean_day, "2024年3月5日", "日期写法已统一"),
        (values.clean_day, "20240305", "日期写法已统一"),
        (values.clean_day, 20240305, "日期写法已统一"),
        (values.clean_day, "2024-03-05 00:00:00", "日期写法已统一"),
        (values.clean_day, "2024-03-05 14:30", "去掉了时间"),
        (values.clean_day, "2024-03-05", "文字已转为日期"),
        (values.clean_day, "45356", "日期序号已转为日期"),
        (values.clean_day, 45356.0, "日期序号已转为日期"),
        (values.clean_day, 2024.3, "只有年月，按1日记"),
        (values.clean_day, FIFTH_OF_MARCH, ""),
        (values.clean_day, datetime(2024, 3, 5), ""),
        (values.clean_day, datetime(2024, 3, 5, 8), "去掉了时间"),
        (values.clean_id_number, "11010519491231002X", ""),
        (values.clean_id_number, "11010519491231002x", "小写x已改为X"),
        (values.clean_id_number, "１１０１０５１９４９１２３１００２Ｘ", "全角已转半角"),
        (values.clean_id_number, "11010519491231002X ", "去除空格"),
        (values.clean_id_number, "　11010519491231002ｘ", "去除空格，全角已转半角，小写x已改为X"),
        (values.clean_credit_code, "91350100m000100y43", "字母大小写已统一"),
        (values.clean_mobile, 13812345678.0, "数字已转为文本"),
        (values.clean_mobile, "13812345678.0", "写法已统一"),
        (values.clean_mobile, "１３８１２３４５６７８", "全角已转半角"),
        (values.clean_mobile, "138 1234 5678", "去除空格"),
        (values.clean_mobile, "+8613812345678", "写法已统一"),
        (values.clean_name, "张三", ""),
        (values.clean_name, "张　三", "去除空格"),
        (values.clean_name, "买买提•吐尔逊", "记为“买买提·吐尔逊”"),
        (values.clean_text, "东湖村\t", "去除空格"),
        (values.clean_text, "东湖村 一组", ""),
        (values.clean_text, 5.0, "数字已转为文本"),
        (values.clean_text, FIFTH_OF_MARCH, "记为“2024-03-05”"),
        (values.clean_title, "东湖(集团)", "记为“东湖（集团）”"),
        (values.clean_money, "1,200元", "数字写法已统一"),
        (values.clean_money, "1200.5", ""),
        (values.clean_money, 1200.5, ""),
        (values.clean_integer, "12", ""),
        (values.clean_integer, "12人", "数字写法已统一"),
        (values.clean_integer, 12.0, ""),
        (values.clean_flag, True, ""),
        (values.clean_text, "", ""),
    ],
)
def test_correction_tells_what_was_changed(clean: Cleaner, raw: Any, told: str) -> None:
    assert values.correction(raw, clean(raw)) == told


def test_correction_in_a_sheet_of_text_takes_iso_days_as_canonical() -> None:
    assert values.correction("2024-03-05", FIFTH_OF_MARCH, plain=True) == ""
    assert values.correction("2024-3-5", FIFTH_OF_MARCH, plain=True) == "日期写法已统一"


def test_memo_judges_each_cell_once_and_keeps_refusals() -> None:
    asked: list[Any] = []

    def clean(raw: Any) -> Any:
        asked.append(raw)
        return values.clean_mobile(raw)

    memo = values.memo(clean)
    column = ["13812345678", "x", "138 1234 5678", "x", "13812345678", "138 1234 5678", ""]

    cleaned = [memo[cell] for cell in column]

    refused = Refused("mobile-pattern", "手机号码“x”应为11位数字，一格只填一个号码")
    number = "13812345678"
    assert cleaned == [number, refused, number, refused, number, number, None]
    assert asked == ["13812345678", "x", "138 1234 5678", ""]
    assert memo.refused
    assert memo.corrections == {"138 1234 5678": "去除空格"}
    assert cleaned[1].__traceback__ is None


def test_memo_tells_apart_cells_that_are_equal_to_a_dictionary() -> None:
    memo = values.memo(values.clean_text)

    assert [memo[cell] for cell in (1, True, 1.0, 0, False, Decimal(1))] == [
        "1",
        "TRUE",
        "1",
        "0",
        "FALSE",
        "1",
    ]


def test_memo_compares_with_the_canonical_cell() -> None:
    memo = values.memo(values.clean_choice([("1", "男"), ("2", "女")]), {"1": "男", "2": "女"}.get)

    assert [memo[cell] for cell in ("男", " 女", 1.0)] == ["1", "2", "1"]
    assert memo.corrections == {" 女": "去除空格", 1.0: "记为“男”"}
