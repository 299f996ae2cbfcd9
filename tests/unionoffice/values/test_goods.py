"""Lines of goods."""

from decimal import Decimal

import pytest

from unionoffice import values
from unionoffice.values import Refused

from . import refusal

GOODS = "大米|2|袋|45.00；食用油|1|桶|60.00"


def test_goods_read_write_and_sum() -> None:
    lines = values.clean_lines(GOODS)

    assert lines == values.Lines(
        [
            values.Line("大米", Decimal(2), "袋", Decimal("45.00")),
            values.Line("食用油", Decimal(1), "桶", Decimal("60.00")),
        ]
    )
    assert lines.total == Decimal("150.00")
    assert str(lines) == GOODS
    assert values.clean_lines(values.goods.stored(lines)) == lines
    assert values.clean_lines(" 大米｜２｜袋｜45 ;\n食用油|1.0|桶|60元;") == lines
    assert str(values.clean_lines("肉|2.50|斤|19.9").total) == "49.75"
    assert values.Lines().total == Decimal("0.00")
    assert lines.words == "大米 2袋×45.00元；食用油 1桶×60.00元"


@pytest.mark.parametrize(
    ("raw", "code", "message"),
    [
        ("大米两袋", "goods-unreadable", "第1种物品“大米两袋”应写成：名称|数量|单位|单价"),
        ("大米|2|袋|45；|1|桶|60", "goods-item", "第2种物品没有名称"),
        ("大米|0|袋|45", "goods-quantity", "第1种物品“大米”的数量应大于0"),
        ("大米||袋|45", "goods-quantity", "第1种物品“大米”的数量应大于0"),
        ("大米|2|袋|", "goods-price", "第1种物品“大米”没有单价"),
        ("大米|两|袋|45", "decimal-unreadable", "第1种物品“大米”：数字“两”不是数字，请只填数字"),
        ("大米|2|袋|-1", "money-negative", "第1种物品“大米”：金额“-1”不能是负数"),
    ],
)
def test_goods_refused(raw: str, code: str, message: str) -> None:
    assert refusal(values.clean_lines, raw) == Refused(code, message)
