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


@pytest.mark.parametrize("query", ["page=999", "page=999&q=王", "page=999&state=active"])
@pytest.mark.parametrize("counted", [2, 10_000])
def test_behind_the_last_page_comes_the_last(
    query: str, counted: int, union: Union, staff: User, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "COUNTED", counted)
    monkeypatch.setattr(listing, "PAGE_ROWS", 2)
    for name in ("王一", "王二", "王三"):
        new_member(union, name=name)

    page = login(staff).get(f"/members/?{query}").context

    assert [row.texts[0] for row in page["rows"]] == ["王一"]  # yi comes behind er and san
    assert (page["page"].number, page["page"].first, page["page"].next_url) == (2, 3, "")


def test_what_means_nothing_in_an_address_is_told_and_left_out(
    union: Union, other_union: Union, chair: User, login: Login
) -> None:
    new_member(union)
    query = f"state=active&state=sleeping&union=xyz&union={other_union.pk}&sort=shoe_size&joined_on_from=soon"

    page = login(chair).get(f"/members/?{query}").context

    assert set(page["problems"]) == {
        f"所属工会的条件“xyz、{other_union.pk}”无法识别，已忽略。",
        "会员状态的条件“sleeping”无法识别，已忽略。",
        "入会日期的条件“soon”无法识别，已忽略。",
        "排序的条件“shoe_size”无法识别，已忽略。",
    }
    assert len(page["rows"]) == 1


@pytest.mark.parametrize(
    "query", ["union=²", "page=²", "age_from=NaN", "age_to=Infinity", "joined_on_from=²"]
)
def test_odd_numbers_in_an_address_are_no_fault_of_the_list(
    query: str, union: Union, staff: User, login: Login
) -> None:
    new_member(union)

    assert len(login(staff).get(f"/members/?{query}").context["rows"]) == 1


def test_columns_menu_sorts_the_list_as_it_stands(union: Union, staff: User, login: Login) -> None:
    menu = login(staff).get("/members/columns/?state=active&sort=-joined_on&page=3")

    urls = {column.path: (column.sort_url, column.sorted) for column in menu.context["sortable"]}
    assert urls["name"] == ("?state=active&sort=name", "")
    assert urls["joined_on"] == ("?state=active&sort=joined_on", "desc")
    assert "id_number" not in urls
