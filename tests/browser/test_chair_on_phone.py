"""A chair logs visits and activities on a phone: few touches, photos, and nothing lost when the line drops."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, Route, expect

from activities.models import Activity
from members.models import Member
from tests.members.samples import new_member
from unionoffice.organisation.models import Union, User
from unionoffice.records.models import Act, Attachment
from welfare.models import CareVisit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenPage = Callable[..., Page]
VISIT, ACTIVITY = "/care-visits/quick/", "/activities/quick/"


@pytest.fixture
def member(union: Union) -> Member:
    new_member(union, name="赵明")
    return new_member(union, name="赵敏")


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A photo as a phone takes it: large, and turned by its EXIF data."""
    image = Image.new("RGB", (2400, 1800), "#b9d7ea")
    ImageDraw.Draw(image).ellipse((800, 500, 1600, 1300), fill="#c8102e")
    exif = Image.Exif()
    exif[0x0112] = 6
    path = tmp_path / "IMG_0001.jpg"
    image.save(path, exif=exif)
    return path


def choose_member(page: Page, typed: str, name: str) -> None:
    page.get_by_role("combobox", name="会员", exact=True).click()
    page.keyboard.type(typed)
    page.locator(".ts-dropdown .option", has_text=name).click()


def fill_visit(page: Page) -> None:
    choose_member(page, "zhaomin", "赵敏")
    page.get_by_label("慰问事由").select_option(label="高温")
    page.get_by_label("慰问金").fill("500")


def add_photo(page: Page, photo: Path, of: str = "photos_photo") -> None:
    page.locator(f"input[name={of}]").set_input_files(photo)
    expect(page.locator(f"input[name={of}] ~ .photos li")).to_have_count(1)


def save(page: Page) -> None:
    page.get_by_role("button", name="保存").click()


def files_of(record: CareVisit | Activity) -> list[tuple[str, tuple[int, int]]]:
    """Kind and size in pixels of the photos of a record."""
    rows = Attachment.objects.filter(table=record._meta.db_table, row=record.pk).order_by("pk")
    return [(row.kind, Image.open(io.BytesIO(row.blob.read())).size) for row in rows]


def test_visit_with_photo_and_signature_sheet(
    open_page: OpenPage, chair: User, member: Member, photo: Path
) -> None:
    page = open_page("/", chair, phone=True)

    page.get_by_role("navigation", name="常用").get_by_text("记慰问").click()
    fill_visit(page)
    page.get_by_role("button", name="加一样物品").click()
    page.get_by_label("物品", exact=True).fill("牛奶")
    page.get_by_label("数量", exact=True).fill("2")
    page.get_by_label("单位", exact=True).fill("箱")
    page.get_by_label("单价（元）", exact=True).fill("55")
    expect(page.get_by_role("group", name="慰问品").get_by_role("status")).to_contain_text("110.00")
    add_photo(page, photo)
    add_photo(page, photo, "photos_signature")
    save(page)

    expect(page.locator("h1")).to_contain_text("高温慰问赵敏")
    expect(page.locator("#attachments")).not_to_contain_text("还缺")
    made = CareVisit.objects.get()
    assert (made.member, made.union, made.amount, made.visitors) == (
        member,
        chair.union,
        610,
        f"工会主席{chair.name}",
    )
    assert files_of(made) == [("photo", (1200, 1600)), ("signature", (1200, 1600))]
    assert Act.objects.filter(user=chair).count() == 1


def test_activity_with_photo(open_page: OpenPage, chair: User, union: Union, photo: Path) -> None:
    page = open_page(ACTIVITY, chair, phone=True)

    page.get_by_label("活动名称").fill("职工健步走")
    page.get_by_label("活动类型").select_option(label="健步走")
    page.get_by_label("参加人次").fill("46")
    page.get_by_label("主题").fill("健康生活")
    add_photo(page, photo)
    save(page)

    expect(page.locator("h1")).to_contain_text("职工健步走")
    made = Activity.objects.get()
    assert (made.union, made.came, made.state, made.sessions) == (union, 46, "held", 1)
    assert files_of(made) == [("photo", (1200, 1600))]


def test_what_is_missing_is_said_beside_the_field_and_photos_stay(
    open_page: OpenPage, chair: User, member: Member, photo: Path, troubles: list[str]
) -> None:
    page = open_page(VISIT, chair, phone=True)
    add_photo(page, photo)

    save(page)
    expect(page.locator(".error-summary")).to_contain_text("慰问事由")
    expect(page.locator("input[name=photos_photo] ~ .photos li")).to_have_count(1)
    fill_visit(page)
    save(page)

    expect(page.locator("h1")).to_contain_text("高温慰问赵敏")
    assert [kind for kind, _ in files_of(CareVisit.objects.get())] == ["photo"]
    troubles[:] = [line for line in troubles if "422" not in line]


def test_two_touches_make_one_visit(open_page: OpenPage, chair: User, member: Member) -> None:
    page = open_page(VISIT, chair, phone=True)
    fill_visit(page)

    page.get_by_role("button", name="保存").dblclick()

    expect(page.locator("h1")).to_contain_text("高温慰问赵敏")
    assert CareVisit.objects.count() == 1


def lose_answer(route: Route) -> None:
    """What is sent arrives, the answer does not."""
    if route.request.method != "POST":
        return route.continue_()
    route.fetch(max_redirects=0)
    return route.abort()


def test_answer_lost_is_told_when_the_form_is_opened_again(
    open_page: OpenPage, chair: User, member: Member, photo: Path, troubles: list[str]
) -> None:
    """The browser shows an error although the visit was saved: the next page says so and offers no draft of it."""
    page = open_page(VISIT, chair, phone=True)
    fill_visit(page)
    add_photo(page, photo)
    page.route(f"**{VISIT}", lose_answer)
    with page.expect_event("requestfailed"):
        save(page)
    page.unroute(f"**{VISIT}")

    page.goto(VISIT)

    expect(page.locator("#messages")).to_contain_text("已保存慰问")
    expect(page.get_by_label("慰问金")).to_have_value("")
    assert CareVisit.objects.count() == 1
    assert len(files_of(CareVisit.objects.get())) == 1
    troubles[:] = [line for line in troubles if "ERR_" not in line]


def test_draft_with_photo_survives_a_closed_page(
    open_page: OpenPage, chair: User, member: Member, photo: Path
) -> None:
    first = open_page(VISIT, chair, phone=True)
    fill_visit(first)
    add_photo(first, photo)
    first.wait_for_timeout(600)
    page = first.context.new_page()
    first.close()

    page.goto(VISIT)

    expect(page.locator("#messages")).to_contain_text("已恢复")
    expect(page.locator(".ts-control .item", has_text="赵敏")).to_be_visible()
    expect(page.get_by_label("慰问金")).to_have_value("500")
    expect(page.locator("input[name=photos_photo] ~ .photos li")).to_have_count(1)
    save(page)
    expect(page.locator("h1")).to_contain_text("高温慰问赵敏")
    assert [kind for kind, _ in files_of(CareVisit.objects.get())] == ["photo"]
    page.goto(VISIT)
    expect(page.get_by_label("慰问金")).to_have_value("")


def test_visit_waits_on_the_phone_until_the_line_is_back(
    open_page: OpenPage, chair: User, member: Member, photo: Path, troubles: list[str]
) -> None:
    page = open_page(VISIT, chair, phone=True)
    fill_visit(page)
    add_photo(page, photo)
    page.context.set_offline(True)

    save(page)
    expect(page.locator("#messages")).to_contain_text("1 条记录已存在这台设备上")
    expect(page.get_by_label("慰问金")).to_have_value("")
    assert CareVisit.objects.count() == 0
    page.context.set_offline(False)

    expect(page.locator("#messages")).to_contain_text("已补发")
    made = CareVisit.objects.get()
    assert (made.member, files_of(made)) == (member, [("photo", (1200, 1600))])
    troubles[:] = [line for line in troubles if "ERR_INTERNET_DISCONNECTED" not in line]


def test_without_a_line_what_is_missing_is_asked_for_and_a_second_tap_keeps_no_ghost(
    open_page: OpenPage, chair: User, member: Member, troubles: list[str]
) -> None:
    page = open_page(VISIT, chair, phone=True)
    fill_visit(page)
    page.get_by_label("慰问事由").select_option(index=0)
    page.context.set_offline(True)

    save(page)
    expect(page.locator("#messages")).to_contain_text("还没有存下。请先填写：慰问事由")
    expect(page.get_by_label("慰问金")).to_have_value("500")

    page.get_by_label("慰问事由").select_option(label="高温")
    save(page)
    expect(page.locator("#messages")).to_contain_text("1 条记录已存在这台设备上")
    expect(page.locator("#messages")).to_contain_text("赵敏")
    save(page)
    expect(page.locator("#messages .error, #messages .bad").last).to_contain_text("请先填写")
    page.context.set_offline(False)

    expect(page.locator("#messages")).to_contain_text("已补发")
    assert CareVisit.objects.count() == 1
    troubles[:] = [line for line in troubles if "ERR_" not in line]


def test_form_that_came_back_with_errors_is_empty_after_it_was_kept(
    open_page: OpenPage, chair: User, member: Member, troubles: list[str]
) -> None:
    page = open_page(VISIT, chair, phone=True)
    page.get_by_label("慰问金").fill("500")
    save(page)
    expect(page.locator(".error-summary")).to_be_visible()
    fill_visit(page)
    page.context.set_offline(True)

    save(page)

    expect(page.locator("#messages")).to_contain_text("已存在这台设备上")
    expect(page.locator(".error-summary")).to_have_count(0)
    expect(page.get_by_label("慰问金")).to_have_value("")
    expect(page.locator(".ts-control .item")).to_have_count(0)
    troubles[:] = [line for line in troubles if "ERR_" not in line and "422" not in line]


def test_answer_lost_while_catching_up_makes_no_second_visit(
    open_page: OpenPage, chair: User, member: Member, troubles: list[str]
) -> None:
    page = open_page(VISIT, chair, phone=True)
    fill_visit(page)
    page.context.set_offline(True)
    save(page)
    expect(page.locator("#messages")).to_contain_text("已存在这台设备上")

    page.route(f"**{VISIT}", lose_answer)
    with page.expect_event("requestfailed"):
        page.context.set_offline(False)
    expect(page.get_by_role("button", name="现在补发")).to_be_visible()
    assert CareVisit.objects.count() == 1
    page.unroute(f"**{VISIT}")
    page.get_by_role("button", name="现在补发").click()

    expect(page.locator("#messages")).to_contain_text("已补发")
    assert CareVisit.objects.count() == 1
    troubles[:] = [line for line in troubles if "ERR_" not in line]


def test_expired_login_loses_nothing(open_page: OpenPage, chair: User, member: Member, photo: Path) -> None:
    page = open_page(VISIT, chair, phone=True)
    fill_visit(page)
    add_photo(page, photo)
    page.context.clear_cookies(name="sessionid")

    save(page)
    page.get_by_role("link", name="重新登录").click()
    page.get_by_label("登录名").fill(chair.username)
    page.locator("input[name=password]").fill("Right-horse-1")
    page.get_by_role("button", name="登录").click()

    page.wait_for_url(f"**{VISIT}")
    expect(page.get_by_label("慰问金")).to_have_value("500")
    save(page)
    expect(page.locator("h1")).to_contain_text("高温慰问赵敏")
    assert [kind for kind, _ in files_of(CareVisit.objects.get())] == ["photo"]


def test_doubt_found_later_is_asked_about_on_the_phone(
    open_page: OpenPage, chair: User, member: Member, troubles: list[str]
) -> None:
    """Sent when the line is back, doubted by the rules: the form opens again with what was typed."""
    page = open_page(VISIT, chair, phone=True)
    fill_visit(page)
    save(page)
    expect(page.locator("h1")).to_contain_text("高温慰问赵敏")
    page.goto(VISIT)
    fill_visit(page)
    page.context.set_offline(True)
    save(page)
    expect(page.locator("#messages")).to_contain_text("已存在这台设备上")
    page.context.set_offline(False)

    expect(page.locator("#messages")).to_contain_text("同一对象同一事由本年已慰问过")
    page.get_by_role("button", name="打开修改").click()
    expect(page.get_by_label("慰问金")).to_have_value("500")
    save(page)
    page.get_by_label("原因", exact=True).fill("第二批")
    save(page)

    expect(page.locator("h1")).to_contain_text("高温慰问赵敏")
    assert CareVisit.objects.count() == 2
    assert Act.objects.latest("pk").reason == "第二批"
    troubles[:] = [line for line in troubles if "ERR_" not in line and "422" not in line]
