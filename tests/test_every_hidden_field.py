"""A field that only those who handle the case may read: named as column, filter or anything else, it stays hidden.

Each field of each type is declared sensitive in its turn, for what a type declares tomorrow is as tight as today's.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.db.models import F, Q
from django.http import QueryDict
from django.test import Client

from tests.every_record import SAMPLES, create
from unionoffice.organisation.models import Union, User
from unionoffice.records.checks import _check
from unionoffice.records.exporting import Export
from unionoffice.records.listed_values import offered_columns
from unionoffice.records.listing import Listing
from unionoffice.records.types import Filter, OnDay, RecordType, registry

pytestmark = pytest.mark.django_db
every_kind = pytest.mark.parametrize(
    "kind", [kind for kind in registry if kind.slug in SAMPLES], ids=lambda kind: kind.slug
)


@pytest.fixture
def cast(make_user: Callable[..., User]) -> SimpleNamespace:
    return SimpleNamespace(staff=make_user("staff"), leader=make_user("leader"))


def hiding(kind: RecordType, name: str) -> RecordType:
    """The type with this field sensitive, first among its columns and its only filter."""
    field = kind.field(name)
    is_filter = field.choices or field.get_internal_type() in {"DateField", "BooleanField", "ForeignKey"}
    return replace(
        kind,
        sensitive=frozenset({name}),
        columns=(name, *(path for path in kind.columns if path != name)),
        filters=(name,) if is_filter else (),
        discreet=None,
        identifying=frozenset(),
    )


def every_hidden(kind: RecordType) -> Iterator[tuple[str, RecordType]]:
    for name in kind.fields:
        if not kind.field(name).many_to_many:
            yield name, hiding(kind, name)


@every_kind
def test_no_table_shows_and_no_address_asks_for_a_sensitive_field(
    kind: RecordType, cast: SimpleNamespace, union: Union, login: Callable[[User], Client]
) -> None:
    create(login(cast.staff), kind, union, 0)

    for name, secret in every_hidden(kind):
        asked = QueryDict(f"col={name}&sort={name}&{name}=1&{name}_from=2000-01-01")
        seen = {}
        for role, user in vars(cast).items():
            listing = Listing(secret, user, asked)
            seen[role] = {
                "columns": name in [column.path for column in listing.columns],
                "chosen": name in listing.every_path,
                "sorted": listing.sort[0] == name,
                "filtered": name in [found.key for found in listing.filters],
                "listed": name in [column.key for column in Export(secret, user).columns()],
                "exported": name in [column.key for column in Export(secret, user, every=True).columns()],
                "offered": name in offered_columns(secret, user),
            }
            assert [len(row.texts) for row in listing.shown] == [len(listing.columns)] * len(listing.shown)

        assert not any(seen["leader"].values()), (name, seen["leader"])
        assert all(seen["staff"].values() if secret.filters else set(seen["staff"].values()) - {False}), name


@every_kind
def test_computed_columns_searches_and_days_give_no_sensitive_field_away(kind: RecordType) -> None:
    """Nobody is asked there who may read it, so a declaration that does so is refused at start."""
    assert [fault.id for fault in _check(kind)] == []
    for name, secret in every_hidden(kind):
        found = replace(secret, annotations={"copy": F(name)}, columns=("copy",), search=(), calendar=())
        asked = replace(
            secret, annotations={}, search=(name,), ordering=(f"-{name}",), calendar=(OnDay(name),)
        )

        assert "records.E017" in [fault.id for fault in _check(found)], name
        assert [fault.id for fault in _check(asked)].count("records.E018") == 3, name


def test_filter_of_a_declarations_own_answers_nothing_about_a_sensitive_field(cast: SimpleNamespace) -> None:
    size = Filter("size", "家庭", lambda user: [("3", "三口之家")], lambda size: Q(household_size=int(size)))
    kind = replace(registry["care-visits"], filters=(size,))

    listings = [Listing(kind, user, QueryDict("size=3")) for user in (cast.leader, cast.staff)]

    assert [[chip.label for chip in listing.chips] for listing in listings] == [[], ["家庭：三口之家"]]
    assert ["household_size" in str(listing.rows.query.where) for listing in listings] == [False, True]
