"""Accounts and settings: who may, what is handed out, and that values are dated."""

import re
from datetime import date
from types import SimpleNamespace

import pytest
from django.test import Client

from grassroots.choices import Post
from grassroots.models import OfficerPost
from unionoffice.organisation.models import Union, User
from unionoffice.organisation.office import SETTINGS, setting
from unionoffice.records.models import Act

ACCOUNT_PAGES = ("/accounts/", "/accounts/new/", "/accounts/chairs/", "/system/")


def test_only_the_administrator_opens_accounts(cast: SimpleNamespace, login) -> None:
    answers = {
        role: {login(user).get(page).status_code for page in ACCOUNT_PAGES}
        for role, user in vars(cast).items()
    }

    assert answers == {role: {200} if role == "administrator" else {403} for role in vars(cast)}


def test_settings_are_for_staff_and_administrator(cast: SimpleNamespace, login) -> None:
    allowed = {role for role, user in vars(cast).items() if login(user).get("/settings/").status_code == 200}

    assert allowed == {"staff", "administrator"}


def test_new_account_gets_a_password_that_must_be_changed(cast: SimpleNamespace, union: Union, login) -> None:
    form = {"username": "wang", "name": "王芳", "role": "chair", "union": union.pk, "is_active": "on"}

    page = login(cast.administrator).post("/accounts/new/", form).content.decode()

    password = re.findall(r'class="mono">([^<]+)', page)[1]
    made = User.objects.get(username="wang")
    assert (made.union, made.must_change_password, made.check_password(password)) == (union, True, True)
    owner = Client()
    assert owner.post("/login/", {"username": "wang", "password": password}).status_code == 302
    assert owner.get("/", follow=True).redirect_chain == [("/me/password/", 302)]


def test_chair_account_without_union_is_refused(cast: SimpleNamespace, login) -> None:
    response = login(cast.administrator).post(
        "/accounts/new/", {"username": "x", "name": "王芳", "role": "chair"}
    )

    assert response.status_code == 422
    assert "必须选择所属工会" in response.content.decode()


def test_chair_accounts_are_made_for_unions_without_one(
    staff: User, make_user, union, other_union, login
) -> None:
    make_user("chair", union)
    administrator = make_user("administrator")

    page = (
        login(administrator).post("/accounts/chairs/", {"union": [union.pk, other_union.pk]}).content.decode()
    )

    assert list(User.objects.filter(role="chair").values_list("union__name", "username").order_by("pk")) == [
        (union.name, "chair"),
        (other_union.name, "jhc"),
    ]
    assert page.count('class="slip"') == 1


def test_chair_in_office_owns_the_account_of_the_union(
    make_user, union: Union, other_union: Union, login
) -> None:
    OfficerPost.objects.create(union=union, name="屠涛荣", post=Post.CHAIR, started_on="2024-03-01")
    office = login(make_user("administrator"))

    listed = office.get("/accounts/chairs/").content.decode()
    slips = office.post("/accounts/chairs/", {"union": [union.pk, other_union.pk]}).content.decode()

    assert "还有 2 个工会没有主席账号" in listed
    assert dict(User.objects.filter(role="chair").values_list("union", "name")) == {
        union.pk: "屠涛荣",
        other_union.pk: "金河村主席",
    }
    assert re.findall(r"<h2>(.*?)</h2>.*?<dd>(.*?)</dd>", slips) == [
        ("屠涛荣", union.name),
        ("金河村主席", other_union.name),
    ]


@pytest.mark.parametrize(
    ("typed", "told"),
    [("zhang san", "不能有空格"), ("ＷＡＮＧ", "已有登录名“wang”"), ("Wang", "已有登录名“wang”")],
)
def test_login_name_that_nobody_could_log_in_with_is_refused(typed: str, told: str, make_user, login) -> None:
    make_user("staff", username="wang")
    office = login(make_user("administrator"))

    page = office.post("/accounts/new/", {"username": typed, "name": "王芳", "role": "leader"})

    assert page.status_code == 422
    assert told in page.content.decode()


def test_who_must_change_the_password_is_told_why(staff: User, login, settings) -> None:
    client, address = login(staff), "/me/password/"
    told = [client.get(address).context["must_change"]]

    User.objects.update(password_changed_at="2024-01-01T00:00Z")
    told.append(client.get("/members/", follow=True).context["must_change"])
    User.objects.update(must_change_password=True)
    told.append(client.get("/members/", follow=True).context["must_change"])

    assert told[0] == ""
    assert told[1] == f"密码已用满{settings.PASSWORD_DAYS}天，请换一个新的再继续。"
    assert told[2].startswith("现在用的是一次性密码")


def test_own_new_password_is_noted_as_ones_own_doing(staff: User, login) -> None:
    form = {
        "old_password": "Right-horse-1",
        "new_password1": "Other-horse-2",
        "new_password2": "Other-horse-2",
    }

    answer = login(staff).post("/me/password/", form)

    done = Act.objects.latest("pk")
    assert answer.status_code == 302
    assert (done.kind, done.user, done.summary) == ("change", staff, "账号 staff 改了自己的密码")
    assert not any("password" in (change.after or {}) for change in done.changes.all())


def test_field_left_empty_is_told_in_the_same_words_on_every_form(cast: SimpleNamespace, login) -> None:
    office = login(cast.administrator)
    doubled = login(cast.staff).post("/unions/new/", {"name": cast.chair.union.name, "kind": "single"})

    errors = {
        "account": office.post("/accounts/new/", {}).context["form"].errors,
        "password": office.post("/me/password/", {}).context["form"].errors,
        "setting": office.post("/settings/app.name/", {}).context["form"].errors,
    }

    assert doubled.context["form"].errors["name"] == ["已有基层工会用了这个工会名称，请核对"]
    assert (errors["account"]["name"], errors["account"]["role"]) == (["请填写"], ["请选择"])
    assert errors["password"]["old_password"] == errors["setting"]["valid_from"] == ["请填写"]


def test_past_tables_of_a_setting_can_be_read(staff: User, login) -> None:
    client, address = login(staff), "/settings/welfare.ceilings/"
    row = {"cell_0_0": "生病住院", "cell_0_1": "1000", "cell_0_3": "镇总工会〔2024〕3号"}

    client.post(address, row | {"valid_from": "2024-1-1"})

    assert "生病住院 1000 镇总工会〔2024〕3号" in client.get(address).content.decode()


def test_cell_that_no_table_has_is_passed_over(staff: User, login) -> None:
    row = {"cell_x_0": "1", "cell_": "1", "cell_0_0": "生病住院", "cell_0_1": "1000"}

    answer = login(staff).post("/settings/welfare.ceilings/", row | {"valid_from": "2024-1-1"})

    assert answer.status_code == 302
    assert [row["事由"] for row in setting("welfare.ceilings")] == ["生病住院"]


def test_last_passwords_are_refused(staff: User, login) -> None:
    client = login(staff)

    response = client.post(
        "/me/password/",
        {"old_password": "Right-horse-1", "new_password1": "Right-horse-1", "new_password2": "Right-horse-1"},
    )

    assert "使用过的密码" in response.content.decode()


def test_sixth_wrong_password_is_locked_out_with_429(staff: User) -> None:
    client = Client()

    answers = [
        client.post("/login/", {"username": "staff", "password": "wrong"}).status_code for _ in range(6)
    ]

    assert answers[:4] == [200] * 4
    assert answers[5] == 429


@pytest.mark.django_db
def test_setting_holds_from_its_day_on(staff: User, login) -> None:
    client = login(staff)
    client.post("/settings/office.name/", {"value": "青溪镇总工会", "valid_from": "2024-1-1", "note": ""})
    client.post(
        "/settings/office.name/", {"value": "青溪街道总工会", "valid_from": "2026-1-1", "note": "撤镇设街道"}
    )

    names = [setting("office.name", date(year, 6, 1)) for year in (2023, 2025, 2026)]

    assert names == ["镇总工会", "青溪镇总工会", "青溪街道总工会"]
    assert Act.objects.filter(kind="setting", reason="撤镇设街道").count() == 1


def test_new_name_of_the_office_stands_on_the_next_page(staff: User, login) -> None:
    client = login(staff)
    for name in ("青溪镇总工会", "青溪街道总工会"):
        client.post("/settings/office.name/", {"value": name, "valid_from": "2024-1-1", "note": ""})
        assert f"<span>{name}</span>" in client.get("/").content.decode()


def test_odd_day_of_year_is_refused_in_one_line(staff: User, login) -> None:
    response = login(staff).post("/settings/asof.organisation/", {"value": "13-40", "valid_from": "2026-1-1"})

    assert response.status_code == 422
    assert "请写成 月-日，如 10-31。" in response.content.decode()


def test_request_larger_than_any_file_is_refused_with_413(staff: User, login, settings) -> None:
    settings.UPLOAD_MAX_BYTES = 1000

    response = login(staff).post("/units/import/", {"note": "x" * 2_000_000})

    assert response.status_code == 413


def test_reset_password_opens_a_locked_account(cast: SimpleNamespace, login) -> None:
    owner, wrong = Client(), {"username": "staff", "password": "wrong"}
    for _ in range(6):
        owner.post("/login/", wrong)

    page = login(cast.administrator).post(f"/accounts/{cast.staff.pk}/reset/").content.decode()

    password = re.findall(r'class="mono">([^<]+)', page)[1]
    assert owner.post("/login/", {"username": "staff", "password": password}).status_code == 302


def test_administrator_stays_administrator(cast: SimpleNamespace, login) -> None:
    own = cast.administrator
    form = {"username": own.username, "name": own.name, "role": "staff", "is_active": "on"}

    response = login(own).post(f"/accounts/{own.pk}/", form)

    assert (response.status_code, User.objects.get(pk=own.pk).role) == (422, "administrator")


@pytest.mark.django_db
@pytest.mark.parametrize("key", [spec.key for spec in SETTINGS.values() if spec.kind == "integer"])
def test_number_of_days_beyond_any_calendar_is_refused(key: str, staff: User, login) -> None:
    response = login(staff).post(f"/settings/{key}/", {"value": "999999", "valid_from": "2026-1-1"})

    assert response.status_code == 422
    assert not Act.objects.filter(kind="setting").exists()
