"""What stands around every page, which is kept once it is made: everybody still sees their own."""

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from django.test import Client

from unionoffice.organisation.models import User

Login = Callable[[User], Client]


def links(client: Client, path: str) -> dict[str, bool]:
    """Addresses in the menu of a page, and whether the page stands under each."""
    nav = client.get(path).content.decode().partition('id="nav"')[2].partition("</nav>")[0]
    found = re.findall(r'<a href="([^"]+)"( aria-current="page")?', nav)
    return {url: bool(here) for url, here in found}


def test_menu_offers_what_this_role_may_open(cast: SimpleNamespace, login: Login) -> None:
    offered = {
        role: set(links(login(getattr(cast, role)), "/"))
        for role in ("staff", "administrator", "chair", "staff", "leader")
    }

    assert {"/members/", "/reports/", "/settings/"} <= offered["staff"]
    assert "/settings/" not in offered["chair"] | offered["leader"]
    assert "/accounts/" in offered["administrator"]
    assert "/members/" not in offered["administrator"]


def test_menu_says_where_the_page_stands(staff: User, login: Login) -> None:
    client = login(staff)
    for path, expected in (("/members/", "/members/"), ("/members/new/", "/members/"), ("/", "/")):
        assert [url for url, is_here in links(client, path).items() if is_here] == [expected]


def test_top_bar_names_who_is_logged_in(chair: User, other_chair: User, login: Login) -> None:
    User.objects.filter(pk=chair.pk).update(name="甘泉水")
    User.objects.filter(pk=other_chair.pk).update(name="段小楼")

    first, second, again = (login(user).get("/").content.decode() for user in (chair, other_chair, chair))

    assert "段小楼" in second
    assert "甘泉水" not in second
    assert "甘泉水" in first
    assert "甘泉水" in again


def test_pages_work_while_the_cache_is_down(staff: User, login: Login, settings: Any) -> None:
    down = {"BACKEND": "unionoffice.running.page_cache.PageCache", "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = settings.CACHES | {"pages": down}
    client = login(staff)

    client.post("/members/views/", {"title": "我的", "query": "state=active"})
    client.post("/settings/office.name/", {"value": "青溪镇总工会", "valid_from": "2024-1-1", "note": ""})

    page = client.get("/members/")
    assert [view["title"] for view in page.context["views"]] == ["我的"]
    assert page.context["office"] == "青溪镇总工会"
