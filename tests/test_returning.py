"""After an expired login, a stale form, a wrong address: always a page of ours with a way on."""

from types import SimpleNamespace

import pytest
from django.test import Client

from unionoffice.organisation.models import Union, User

pytestmark = pytest.mark.django_db
PAGE = {"headers": {"referer": "http://testserver/acts/3/?page=2"}}


def test_button_pressed_after_the_login_expired_leads_back_to_its_page() -> None:
    response = Client().post("/acts/3/take-back/", **PAGE)

    assert response["Location"] == "/login/?next=/acts/3/%3Fpage%3D2"


def test_button_of_a_strange_page_leads_to_the_desk() -> None:
    response = Client().post("/acts/3/take-back/", headers={"referer": "http://elsewhere.example/acts/3/"})

    assert response["Location"] == "/login/?next=/"


def test_page_read_after_the_login_expired_is_come_back_to() -> None:
    assert Client().get("/members/?page=2")["Location"] == "/login/?next=/members/%3Fpage%3D2"


def test_part_of_a_page_never_shows_the_login_inside_it() -> None:
    response = Client().get(
        "/members/columns/", headers={"hx-request": "true", "hx-current-url": "http://testserver/members/"}
    )

    assert response["HX-Redirect"] == "/login/?next=/members/"


def test_form_from_before_another_login_is_refused_on_a_page_of_ours(staff: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(staff)

    response = client.post("/units/new/", {"name": "宏达机械有限公司"})

    assert response.status_code == 403
    assert "页面已经过期，这次没有保存" in response.content.decode()


def test_address_of_a_button_opened_by_hand_has_a_way_back(staff: User, union: Union, login) -> None:
    response = login(staff).get(f"/unions/{union.pk}/delete/")

    assert (response.status_code, response["Allow"]) == (405, "POST, OPTIONS")
    assert "不能直接打开这个地址" in response.content.decode()


def test_locked_account_is_told_how_long_and_who_helps(staff: User, settings) -> None:
    client = Client()
    wrong = {"username": "staff", "password": "wrong"}

    warned = client.post("/login/", wrong).content.decode()
    locked = [client.post("/login/", wrong) for _ in range(settings.AXES_FAILURE_LIMIT)][-1].content.decode()

    assert f"连续输错{settings.AXES_FAILURE_LIMIT}次会暂停登录" in warned
    assert "15分钟后再试" in locked
    assert "系统管理员重置密码" in locked


def test_fault_of_ours_tells_its_number(staff: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(user: User) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr("unionoffice.records.views.history.acts_seen", fails)
    client = Client(raise_request_exception=False)
    client.force_login(staff)

    answer = client.get("/history/")

    assert answer.status_code == 500
    assert f"并告知编号 {answer['X-Request-Id']}。" in answer.content.decode()


def test_desk_of_a_role_without_any_ledger_says_so(cast: SimpleNamespace, login) -> None:
    told = {
        role: "的台账还没有开通" in login(user).get("/").content.decode()
        for role, user in vars(cast).items()
        if role != "other_chair"
    }

    assert [role for role, is_told in told.items() if is_told] == ["mediator"]
