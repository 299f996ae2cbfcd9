"""Identity numbers of people: none in an address, a chip or a saved view, and closely masked where a role sees masks."""

import io
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import pytest
from django.test import Client
from openpyxl import load_workbook

from tests.members.samples import id_number, new_member
from unionoffice.identity import MALE
from unionoffice.organisation import access
from unionoffice.organisation.models import Union, User
from unionoffice.records.models import SavedView
from unionoffice.records.types import registry

pytestmark = pytest.mark.django_db
Login = Callable[[User], Client]
NUMBER = id_number(date(1986, 7, 16), MALE, 7)


def test_number_searched_for_stands_in_no_address_chip_or_box_of_any_list(
    cast: SimpleNamespace, union: Union, login: Login
) -> None:
    who = new_member(union, name="王芳", id_number=NUMBER)
    client = login(cast.staff)

    for kind in registry:
        page = client.get(f"{kind.url('list')}?q=王 {NUMBER}&sort=-pk", follow=True)
        [(address, status)] = page.redirect_chain
        assert (status, NUMBER in address) == (302, False), kind.slug
        assert NUMBER not in page.content.decode(), kind.slug
        assert page.context["chips"][0].label == f"搜索：王 {NUMBER[:3]}{'*' * 11}{NUMBER[-4:]}"
        if kind.slug == "members":
            assert [row.pk for row in page.context["rows"]] == [who.pk]


def test_sealed_number_that_cannot_be_read_finds_nobody(staff: User, union: Union, login: Login) -> None:
    new_member(union, id_number=NUMBER)

    page = login(staff).get(f"/members/?q=~{'A' * 60}")

    assert (page.status_code, list(page.context["rows"])) == (200, [])


def test_saved_view_forgets_whom_it_searched_for(staff: User, union: Union, login: Login) -> None:
    client = login(staff)
    sealed = client.get(f"/members/?q={NUMBER}&state=active")["Location"].partition("?")[2]

    for query in (f"q={NUMBER}+王&state=active", sealed):
        client.post("/members/views/", {"title": query[:9], "query": query})

    assert [view.query for view in SavedView.objects.order_by("pk")] == [
        "q=%E7%8E%8B&state=active",
        "state=active",
    ]


def test_roles_that_see_masks_see_nothing_the_date_of_birth_would_complete(
    cast: SimpleNamespace, union: Union, login: Login
) -> None:
    """On list, record, history and in the export: date of birth and a usual mask together leave three digits."""
    kind = registry["members"]
    who = new_member(union, name="王芳", id_number=NUMBER)
    seen = {}
    for role, user in vars(cast).items():
        if not access.may(user, access.VIEW, kind) or not kind.rows(user).filter(pk=who.pk).exists():
            continue
        client = login(user)
        shown = "".join(client.get(kind.url(page, who.pk)).content.decode() for page in ("record", "history"))
        shown += client.get(kind.url("list")).content.decode()
        book = load_workbook(io.BytesIO(client.post(kind.url("export"), {"columns": "every"}).content))
        shown += str([cell.value for row in book.worksheets[0] for cell in row])
        assert NUMBER[:3] + "*" in shown and NUMBER not in shown, role
        seen[role] = f"*{NUMBER[-4:]}" in shown

    assert seen == {role: not access.personal_data_masked(getattr(cast, role)) for role in seen}
    assert {"staff", "leader", "chair"} <= seen.keys()
