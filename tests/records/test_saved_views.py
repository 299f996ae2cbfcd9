"""Saved views: kept with their conditions, shared among those who see the same rows, deleted by their owner."""

from collections.abc import Callable
from types import SimpleNamespace

from django.test import Client

from unionoffice.organisation.models import Union, User
from unionoffice.records.models import SavedView

Login = Callable[[User], Client]
LIST, SAVE = "/members/", "/members/views/"


def titles(client: Client) -> list[str]:
    return [view["title"] for view in client.get(LIST).context["views"]]


def test_view_brings_back_conditions_sorting_and_columns(staff: User, login: Login) -> None:
    query = "state=retained&sort=-joined_on&col=name&col=joined_on"

    login(staff).post(SAVE, {"title": "保留会籍", "query": query})

    (view,) = login(staff).get(f"{LIST}?{query}").context["views"]
    assert (view["url"], view["active"]) == (f"{LIST}?{query}", True)


def test_shared_view_stays_within_the_boundary_of_sight(
    cast: SimpleNamespace, union: Union, make_user: Callable[..., User], login: Login
) -> None:
    second = make_user("chair", union, "second")
    watchers = (cast.chair, second, cast.other_chair, cast.staff, cast.leader)
    for owner in (cast.chair, cast.staff):
        login(owner).post(SAVE, {"title": f"{owner.username}看", "query": "q=王秘密", "shared": "1"})

    seen = {user.username: titles(login(user)) for user in watchers}

    assert seen == {
        "chair": ["chair看"],
        "second": ["chair看"],
        "other_chair": [],
        "staff": ["staff看"],
        "leader": ["staff看"],
    }


def test_view_of_ones_own_is_not_shown_to_others_nor_deleted_by_them(
    cast: SimpleNamespace, login: Login
) -> None:
    login(cast.staff).post(SAVE, {"title": "我的", "query": "state=active"})
    view = SavedView.objects.get()

    answer = login(cast.leader).post(f"{SAVE}{view.pk}/delete/")

    assert (titles(login(cast.leader)), answer.status_code, SavedView.objects.count()) == ([], 404, 1)


def test_deleted_view_is_gone_from_the_next_page(staff: User, login: Login) -> None:
    client = login(staff)
    client.post(SAVE, {"title": "我的", "query": "state=active"})
    before = titles(client)

    client.post(f"{SAVE}{SavedView.objects.get().pk}/delete/")

    assert (before, titles(client)) == (["我的"], [])
