"""系统运行: the administrator sees what works, how the nights went, and who failed to log in."""

from collections.abc import Callable
from types import SimpleNamespace

from django.test import Client

from unionoffice.organisation.models import User
from unionoffice.running.models import NightlyBackup


def test_the_administrator_sees_backups_and_what_went_wrong(
    cast: SimpleNamespace, login: Callable[[User], Client]
):
    NightlyBackup.objects.create(file_name="unionoffice-20260301-023000.zip", size=2_000_000)
    NightlyBackup.objects.create(problem="没有这个文件夹：/backups")

    page = login(cast.administrator).get("/system/").content.decode()

    assert "unionoffice-20260301-023000.zip" in page
    assert "没有这个文件夹：/backups" in page
    assert page.count("未完成") == 1


def test_failed_logins_are_listed(cast: SimpleNamespace, login: Callable[[User], Client]):
    Client().post("/login/", {"username": "somebody", "password": "wrong"}, REMOTE_ADDR="10.1.2.3")

    page = login(cast.administrator).get("/system/").content.decode()

    assert "somebody" in page
    assert "10.1.2.3" in page


def test_nobody_else_sees_the_running_of_the_system(cast: SimpleNamespace, login: Callable[[User], Client]):
    others = (cast.staff, cast.leader, cast.chair, cast.mediator, cast.auditor)

    assert [login(user).get("/system/").status_code for user in others] == [403] * 5
