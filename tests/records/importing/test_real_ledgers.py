"""Ledgers in the shapes that unions keep: none ends in a dead line, none is silently taken for something else."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from openpyxl import Workbook

from activities.models import Activity
from unionoffice.organisation.models import Union, User
from unionoffice.records.models import ImportRun

pytestmark = pytest.mark.django_db
# Name of the sheet, lines above the headings, headings.
Shape = tuple[str, tuple[str, ...], str]
SHAPES: dict[str, Shape] = {
    "一般慰问": (
        "Sheet1",
        ("2019年各类慰问补助一览表",),
        "序号 姓名 慰问类别 慰问原因 慰问时间 慰问金额（元）",
    ),
    "休养": (
        "Sheet1",
        ("", "职工健康休养报名表", "填报单位：    填报人："),
        "序号 休养开始时间 休养结束时间 修养类型 修养地点 单位 姓名 性别 职务（职称） 身份证号 手机号",
    ),
    "福利": ("Sheet1", (), "姓名 身份证号 单位 福利项目 慰问金（慰问品） 发生日期 经办人 内容 备注"),
    "体检": ("Sheet1", (), "单位 姓名 体检时间 性别 年龄 患病史 体检情况 复检原因"),
    "一帮一": (
        "慰问",
        ("2019年春节“一帮一”送温暖慰问方案", "单位：公安局"),
        "序号 帮扶人姓名 职务 被帮扶姓名 标题 单位 单位职务 被帮扶人情况 被帮扶人住址 慰问金额 联系电话",
    ),
    "助医": (
        "Sheet1",
        (),
        "时间（xxxx年xx月xx日） 单位 姓名 身份证号 性别 补助类型 补助金额 补助机构 申请事由",
    ),
    "培训": (
        "Sheet1",
        (),
        "培训名称 培训年度 单位 标题 培训方式 培训天数 培训人数 培训费 渠道 主办部门 班主任",
    ),
    "个人表彰": ("Sheet1", (), "时间 单位 民警姓名 身份证号 职务 性别 奖项名称 文号 奖项级别 表彰单位 备注"),
    "名册": ("Sheet1", (), "警号 姓名 性别 身份证号 出生日期 注册时间 所在工会支部 工会内职务 备注 排序"),
    "活动记录": ("Sheet1", (), "标题 党支部 时间 推送主页 内容 活动项目"),
    "活动情况": ("Sheet1", (), "单位 活动开始时间 活动结束时间 活动地点 参加人员 简要情况 活动内容"),
    "助学": (
        "sheet1",
        ("附件5", "金秋助学补助清单（第一批）", " 单位：公安局      年  月   日"),
        "时间 单位 资助类别 顺号 职工姓名 医保号 子女姓名 性别 就读学校 专业 学年制 就读年级 资助金额（元） 备注",
    ),
    "别的": ("Sheet1", (), "甲项 乙项 丙项"),
}
every_shape = pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)


def ledger(shape: Shape, *rows: tuple[Any, ...]) -> bytes:
    name, above, headings = shape
    book, out = Workbook(), io.BytesIO()
    sheet = book.active
    sheet.title = name
    for line in above:
        sheet.append([line])
    titles = headings.split()
    sheet.append(titles)
    for row in rows or [tuple(f"{title}{n}" for title in titles) for n in range(3)]:
        sheet.append(row)
    book.create_sheet("Sheet2")
    book.save(out)
    return out.getvalue()


@pytest.fixture
def office(staff: User, login: Callable[[User], Client]) -> Client:
    return login(staff)


def upload(office: Client, slug: str, content: bytes, name: str = "台账.xlsx") -> Any:
    return office.post(f"/{slug}/import/", {"file": SimpleUploadedFile(name, content)}, follow=True)


@every_shape
@pytest.mark.parametrize("slug", ["members", "care-visits", "activities", "units", "unions"])
def test_every_ledger_leads_to_a_review_or_to_its_columns(
    shape: Shape, slug: str, office: Client, union: Union
) -> None:
    page = upload(office, slug, ledger(shape))

    assert page.status_code == 200
    [(address, _)] = page.redirect_chain
    assert address.startswith("/imports/")
    if address.endswith("/columns/"):
        read = [part["column"].heading for part in page.context["columns"]]
        assert set(read) >= {title for title in shape[2].split() if title not in ("序号",)}


@every_shape
def test_command_never_takes_a_ledger_for_what_most_of_its_columns_are_not(
    shape: Shape, union: Union, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(ledger(shape))

    try:
        call_command("import_records", str(path), check=True, as_json=True)
    except CommandError as refusal:
        assert "请" in str(refusal)
        return
    told = json.loads(capsys.readouterr().out)
    assert shape[0] not in ("慰问",) or list(told["types"]) == ["慰问"]
    unread = [one["text"] for one in told["unread"] if one["why"] in ("unknown", "double")]
    read = [column["heading"] for column in told["read"][0]["columns"]]
    assert sorted([*read, *unread]) == sorted(t for t in shape[2].split() if t != "序号")
    assert len(read) >= len([one for one in told["unread"] if one["why"] == "unknown"])


def test_sheet_that_speaks_of_another_type_is_asked_about(office: Client, union: Union) -> None:
    shape = ("2017年慰问困补", (), "姓名 性别 身份证号 职务 单位 联系电话 备注")

    page = upload(office, "members", ledger(shape))

    said = page.content.decode()
    assert page.redirect_chain[0][0].endswith("/columns/")
    assert "名称像“慰问”，您选的是导入“会员”" in said and 'href="/care-visits/import/"' in said
    assert {part["column"].heading: part["key"] for part in page.context["columns"]}["姓名"] == "name"
    run = ImportRun.objects.get()
    assert run.state == ImportRun.State.UPLOADED


def test_command_takes_no_side_where_name_and_columns_disagree(union: Union, tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(ledger(("2017年慰问困补", (), "姓名 性别 身份证号 职务 单位 联系电话 备注")))

    with pytest.raises(CommandError, match="名称像“慰问”，列名却更像“会员”"):
        call_command("import_records", str(path))


def test_columns_matched_by_hand_are_judged_and_written(office: Client, union: Union) -> None:
    shape = ("Sheet1", ("龙舟队记事",), "干了什么 哪天 谁办的 哪一类 多少人")
    page = upload(office, "activities", ledger(shape, ("划龙舟", "2024.6.10", union.name, "趣味运动会", 40)))
    address = page.redirect_chain[0][0]
    assert "没有认出表头" in page.content.decode()
    assert page.context["offer"].row == 2
    fields = ("title", "starts_on", "union", "kind", "came")
    told = {"sheet": "Sheet1", "row": "2"} | {f"column_{place}": key for place, key in enumerate(fields)}

    twice = office.post(address, told | {"column_1": "title"})
    nothing = office.post(address, {"sheet": "Sheet1", "row": "2"})
    review = office.post(address, told, follow=True)

    assert (twice.status_code, nothing.status_code) == (422, 422)
    assert "“活动名称”选了不止一列" in twice.content.decode()
    counts = {count["label"]: count["count"] for count in review.context["counts"]}
    assert (counts["新增"], counts["拒收"]) == (1, 0), review.context["problems"]
    office.post(review.context["confirm_url"], {"reason": "已核对"})
    made = Activity.objects.get()
    assert (made.title, made.came, str(made.starts_on)) == ("划龙舟", 40, "2024-06-10")


def test_refused_rows_of_columns_matched_by_hand_are_known_when_they_come_back(
    office: Client, union: Union
) -> None:
    shape = ("Sheet1", (), "干了什么 哪天 谁办的 哪一类 多少人")
    page = upload(office, "activities", ledger(shape, ("划龙舟", "2024.6.10", union.name, "没有的类", 40)))
    fields = ("title", "starts_on", "union", "kind", "came")
    told = {"sheet": "Sheet1", "row": "1"} | {f"column_{place}": key for place, key in enumerate(fields)}
    review = office.post(page.redirect_chain[0][0], told, follow=True)

    again = upload(office, "activities", office.get(review.context["rejects_url"]).content, "拒收.xlsx")

    assert [pair["field"] for pair in again.context["mapping"]] == [
        "活动名称",
        "开始日期",
        "主办工会",
        "活动类型",
        "参加人次",
    ]


@pytest.mark.parametrize(
    "sent",
    [
        {"row": "0"},
        {"row": "99999"},
        {"row": "x"},
        {"sheet": "没有的表"},
        {"column_99999": "note"},
        {"column_999999999999": "note", "column_0": ""},
        {"column_²": "note", "column_0": ""},
        {"column_0": "没有的列"},
    ],
)
def test_whatever_is_sent_as_columns_is_answered_in_a_line(
    office: Client, union: Union, sent: dict[str, str]
) -> None:
    page = upload(office, "activities", ledger(SHAPES["别的"]))
    address = page.redirect_chain[0][0]

    answer = office.post(address, {"sheet": "Sheet1", "row": "1", "column_0": "title"} | sent)
    again = office.get(address, {"row": sent.get("row", "1"), "sheet": sent.get("sheet", "")})

    assert (answer.status_code, again.status_code) == (422, 200)
    assert answer.context["error"]
    assert ImportRun.objects.get().state == ImportRun.State.UPLOADED


def test_columns_can_be_matched_anew_from_the_review(office: Client, union: Union) -> None:
    """The organiser stands under a heading that was taken for something else, the note under one not known."""
    shape = ("活动", (), "活动名称 活动类型 日期 主办工会 场面如何")
    page = upload(office, "activities", ledger(shape, ("健步走", "健步走", "2024.6.10", union.name, "热闹")))
    address = page.context["columns_url"]

    columns = office.get(address).context["columns"]
    told = {"sheet": "活动", "row": "1"} | {part["name"]: part["key"] for part in columns}
    review = office.post(address, told | {"column_4": "note"}, follow=True)

    assert {pair["heading"]: pair["field"] for pair in review.context["mapping"]}["场面如何"] == "备注"
    assert review.context["unread"] == []
