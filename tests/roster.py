"""A messy roster as offices keep it: a title row, headings of their own, and one of each common fault."""

import io
from datetime import date
from typing import Any

from openpyxl import Workbook

from tests.members.samples import id_number
from unionoffice.identity import MALE
from unionoffice.organisation.models import Union

HEADINGS = (
    "序号",
    "会员姓名",
    "身份证号",
    "性别",
    "手机",
    "所属工会",
    "入会时间",
    "会员状态",
    "是否农民工",
    "新就业形态",
)
BORN = date(1985, 6, 15)
# row number in the sheet (title in row 1, headings in row 2) -> what is wrong with it
NAMELESS, LOST_DIGITS, WRONG_SEX, UNKNOWN_UNION, DUPLICATE = 3, 4, 5, 6, 8
GOOD = 7
ROWS = 30


def number(n: int, sex: str = MALE) -> str:
    return id_number(BORN, sex, n)


def row(n: int, union: Union, **changes: Any) -> list[Any]:
    cells = {
        "序号": n,
        "会员姓名": f"张小{'一二三四五六七八九十甲乙丙丁'[n % 14]}",
        "身份证号": number(n),
        "性别": "男",
        "手机": f"138000{n:05}",
        "所属工会": union.name,
        "入会时间": "2020.3.5",
        "会员状态": "正常",
        "是否农民工": "否",
        "新就业形态": "快递员",
    }
    return list((cells | changes).values())


def messy_roster(union: Union) -> bytes:
    """ROWS rows of which five cannot be kept."""
    book = Workbook()
    sheet = book.active
    sheet.title = "花名册"
    sheet.append(["宏达机械会员花名册（2026年）"])
    sheet.merge_cells("A1:J1")
    sheet.append(HEADINGS)
    faults: dict[int, dict[str, Any]] = {
        NAMELESS: {"会员姓名": "　"},
        LOST_DIGITS: {"身份证号": 3.30226198506151e17},
        WRONG_SEX: {"性别": "女"},
        UNKNOWN_UNION: {"所属工会": "不存在的工会"},
        DUPLICATE: {"身份证号": number(GOOD)},
    }
    for line in range(3, 3 + ROWS):
        sheet.append(row(line, union, **faults.get(line, {})))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
