"""The cast: one town, two unions below it, and one person of every role. Others are made where a test needs them."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.core.cache import cache, caches
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from unionoffice.organisation import throttling
from unionoffice.organisation.choices import Role, UnionKind
from unionoffice.organisation.models import Union, User
from unionoffice.records import due
from unionoffice.running import roles

REAL_NOW = timezone.now


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> Iterator[None]:
    """The database of the tests is made, brought up to date and dropped by its owner."""
    with roles.as_owner():
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_modify_db_settings: None, django_db_setup: None) -> Iterator[None]:
    """The tests themselves run as the office's own role; `roles.as_owner` is there for what only the owner may."""
    owner = connection.settings_dict
    connection.close()
    connection.settings_dict = connections.settings[DEFAULT_DB_ALIAS]
    yield
    connection.close()
    connection.settings_dict = owner


@pytest.fixture(scope="class")
def owner(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """This test runs as the owner of the tables. Of a wider scope than `db`, so that it comes before."""
    with django_db_blocker.unblock(), roles.as_owner():
        yield


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """The cache outlives a test's rows."""
    cache.clear()
    caches["pages"].clear()
    throttling.shared.cache_clear()
    throttling.own.cache_clear()


@pytest.fixture
def town(db: None) -> Union:
    return Union.objects.create(name="青溪镇总工会", short_name="青溪镇", kind=UnionKind.TOWNSHIP)


@pytest.fixture
def union(town: Union) -> Union:
    """The union of `chair`."""
    return Union.objects.create(
        name="宏达机械有限公司工会委员会",
        short_name="宏达机械",
        kind=UnionKind.SINGLE,
        parent=town,
        founded_on=date(2015, 5, 1),
    )


@pytest.fixture
def other_union(town: Union) -> Union:
    """A union that `chair` must never see."""
    return Union.objects.create(
        name="金河村联合工会委员会",
        short_name="金河村",
        kind=UnionKind.JOINT,
        parent=town,
        founded_on=date(2012, 3, 1),
    )


@pytest.fixture
def make_user(db: None) -> Callable[..., User]:
    def make(role: str, union: Union | None = None, username: str = "") -> User:
        return User.objects.create_user(
            username or role,
            "Right-horse-1",
            name=Role(role).label,
            role=role,
            union=union,
            must_change_password=False,
        )

    return make


@pytest.fixture
def staff(make_user: Callable[..., User]) -> User:
    return make_user(Role.STAFF)


@pytest.fixture
def chair(make_user: Callable[..., User], union: Union) -> User:
    return make_user(Role.CHAIR, union)


@pytest.fixture
def other_chair(make_user: Callable[..., User], other_union: Union) -> User:
    return make_user(Role.CHAIR, other_union, "other_chair")


@pytest.fixture
def cast(make_user: Callable[..., User], union: Union, other_union: Union) -> SimpleNamespace:
    """One user of every role, by role name; `other_chair` sits on the other union."""
    people = {role.value: make_user(role, union if role == Role.CHAIR else None) for role in Role}
    return SimpleNamespace(**people, other_chair=make_user(Role.CHAIR, other_union, "other_chair"))


@pytest.fixture
def login() -> Callable[[User], Client]:
    """A browser in which this user is logged in."""

    def log_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return log_in


@pytest.fixture
def travel(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], date]]:
    """So many days later; whatever this process believes of other days is forgotten."""

    def go(days: int) -> date:
        monkeypatch.setattr(timezone, "now", lambda: REAL_NOW() + timedelta(days))
        return timezone.localdate()

    due._seen.clear()
    due.bring_up_to_date()
    yield go
    due._seen.clear()
