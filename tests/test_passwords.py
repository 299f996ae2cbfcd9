"""Accounts and their passwords: closed for good, handed out for a week, and nothing a stranger would try first."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from types import SimpleNamespace

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from unionoffice.organisation.models import OfficeSetting, Union, User
from unionoffice.organisation.passwords import hand_out_password

pytestmark = pytest.mark.django_db
Login = Callable[[User], Client]


def save_account(client: Client, user: User, **changed: str) -> None:
    form = {"username": user.username, "name": user.name, "role": user.role, "is_active": "on"} | changed
    answer = client.post(f"/accounts/{user.pk}/", {name: value for name, value in form.items() if value})
    assert answer.status_code == 302


def test_account_opened_again_is_logged_in_nowhere(cast: SimpleNamespace, login: Login) -> None:
    taken, office = login(cast.staff), login(cast.administrator)
    assert taken.get("/members/").status_code == 200

    save_account(office, cast.staff, is_active="")
    save_account(office, cast.staff)

    assert taken.get("/members/").headers["Location"].startswith("/login/")
    answer = Client().post("/login/", {"username": "staff", "password": "Right-horse-1"})
    assert answer.headers["Location"] == "/"


def test_other_changes_of_an_account_end_no_session(cast: SimpleNamespace, login: Login) -> None:
    at_work, office = login(cast.staff), login(cast.administrator)

    save_account(office, cast.staff, name="王芳")

    assert at_work.get("/members/").status_code == 200


def log_in(username: str, password: str) -> str:
    """Where the login leads; what it says against it on the page that stays."""
    answer = Client().post("/login/", {"username": username, "password": password})
    return answer.headers.get("Location") or " ".join(answer.context["form"].non_field_errors())


def test_one_time_password_opens_for_a_week(cast: SimpleNamespace, login: Login) -> None:
    office = login(cast.administrator)
    page = office.post(f"/accounts/{cast.staff.pk}/reset/").content.decode()
    password = re.findall(r'class="mono">([^<]+)', page)[1]
    until = User.objects.get(pk=cast.staff.pk).one_time_until
    assert f"{timezone.localtime(until):%Y-%m-%d %H:%M}" in page
    assert until - timezone.now() > timedelta(days=6, hours=23)

    opened = log_in("staff", password)
    User.objects.filter(pk=cast.staff.pk).update(
        password_changed_at=timezone.now() - timedelta(days=7, hours=1)
    )

    assert opened == "/"
    assert log_in("staff", password) == "一次性密码已过7天有效期，请系统管理员重置密码。"
    assert log_in("staff", "wrong").startswith("登录名或密码不对")


def test_own_password_has_no_such_end(staff: User) -> None:
    User.objects.update(password_changed_at=timezone.now() - timedelta(days=30))

    assert log_in("staff", "Right-horse-1") == "/"


def test_administrator_gets_another_one_time_password_from_the_command(db: None) -> None:
    out = StringIO()
    call_command("create_administrator", stdout=out)
    User.objects.update(password_changed_at=timezone.now() - timedelta(days=8))
    call_command("create_administrator", stdout=out)

    first, second = re.findall(r"一次性密码 (\S+)", out.getvalue())

    assert [log_in("admin", password) for password in (first, second)][1] == "/"


def test_neither_the_password_before_nor_the_one_handed_out_becomes_ones_own(staff: User) -> None:
    handed = hand_out_password(staff)

    for password in (handed, "Right-horse-1"):
        with pytest.raises(ValidationError, match="使用过的密码"):
            validate_password(password, staff)


def test_passwords_handed_out_again_and_again_do_not_push_the_own_ones_out(staff: User, settings) -> None:
    for _ in range(settings.PASSWORD_HISTORY + 1):
        hand_out_password(staff)

    with pytest.raises(ValidationError, match="使用过的密码"):
        validate_password("Right-horse-1", staff)


@pytest.fixture
def fang(union: Union) -> User:
    OfficeSetting.objects.create(key="office.name", value="青溪镇总工会", valid_from=date(2020, 1, 1))
    OfficeSetting.objects.create(key="county.short_name", value="宁海县", valid_from=date(2020, 1, 1))
    return User(username="fang.w", name="王小芳", role="chair", union=union, phone="13857412233")


@pytest.mark.parametrize(
    "password",
    [
        *(
            "Password2026!",
            "P@ssw0rd!!",
            "Admin@8899",
            "Huawei#12345",
            "Woaini1314!",
            "Aa123456!",
            "Qwer!234asdf",
        ),
        *(
            "1qaz@WSX3edc",
            "Abc@123456",
            "Gonghui@2026",
            "Zgh#2026",
            "ZGH#20261111",
            "Chun@2026",
            "Qiutian.2025",
        ),
        *("Wangxiaofang1!", "xiaofang#A88", "WXF@886644", "Fang.w#2468", "A#13857412233", "王小芳#Aa4567"),
        *(
            "Qingxi#8642",
            "QXZZGH@7531",
            "青溪2468Aa#",
            "Ninghai.77a",
            "Hongda@9753",
            "宏达机械Aa1!",
            "G0nghui.x9",
        ),
    ],
)
def test_password_a_stranger_would_try_is_refused(password: str, fang: User) -> None:
    with pytest.raises(ValidationError, match=r"太容易猜到|太常见|相似"):
        validate_password(password, fang)


@pytest.mark.parametrize(
    "password",
    ["Right-horse-1", "Kettle-blue-2026", "茶壶Lan7-yun", "tR7#mw0kQ", "Dashu.he8.xiaoqiao", "hK9vT4mwQe2R"],
)
def test_password_of_ones_own_making_is_accepted(password: str, fang: User) -> None:
    validate_password(password, fang)
