"""How long lists are counted."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client

from tests.members.samples import new_member
from unionoffice.organisation.models import Union, User
from unionoffice.records import listing

Login = Callable[[User], Client]


@pytest.mark.parametrize("path", ["/members/", "/members/?state=active"])
@pytest.mark.parametrize("is_reckoned", [False, True])
def test_long_list_is_counted_when_asked(
    path: str,
    is_reckoned: bool,
    union: Union,
    staff: User,
    login: Login,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(listing, "COUNTED", 2)
    monkeypatch.setattr(listing, "PAGE_ROWS", 3)
    for name in ("王一", "王二", "王三", "王四", "王五"):
        new_member(union, name=name)
    if is_reckoned:
        with connection.cursor() as cursor:
            cursor.execute("analyze members_member")
    client = login(staff)

    page = client.get(path)

    assert (page.context["page"].total_text, len(page.context["rows"])) == ("超过 2 条", 3)
    assert page.context["page"].next_url
    assert "共 5 条" in client.get(page.context["total_url"]).content.decode()
