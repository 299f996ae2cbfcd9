"""The search box costs a bounded work, whatever is sent to it."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.members.samples import new_member
from unionoffice.organisation.models import Union, User
from unionoffice.records.searching import MOST_WORDS, search
from unionoffice.records.types import registry

pytestmark = pytest.mark.django_db


def test_thousands_of_words_make_no_larger_condition_than_one() -> None:
    for kind in registry:
        assert len(search(kind, "王 " * 2000).children) <= 1


@pytest.mark.parametrize("page", ["/go/", "/members/choices/", "/members/"])
def test_more_words_than_anybody_types_find_nobody(
    page: str, staff: User, union: Union, login: Callable[[User], Client]
) -> None:
    new_member(union, name="王芳")
    client = login(staff)

    typed = client.get(page, {"q": " ".join(["王"] * MOST_WORDS)}).content.decode()
    flooded = client.get(page, {"q": " ".join(["王"] * 2000)}).content.decode()

    said = ("王芳", "\\u738b\\u82b3")
    assert any(name in typed for name in said)
    assert not any(name in flooded for name in said)
