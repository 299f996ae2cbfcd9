"""What each role may do with a kind of record: the table of the design, role by role."""

from types import SimpleNamespace

import pytest

from unionoffice.organisation import access
from unionoffice.organisation.choices import Role
from unionoffice.organisation.models import Union, User

ACTIONS = {
    "view",
    "add",
    "change",
    "delete",
    "import",
    "export",
    "export_full",
    "reveal",
    "take_back",
    "history",
}
OF_CHAIRS = frozenset({"view", "change"})


def allowed(role: str, **declared: object) -> set[str]:
    """The actions open to a role with a kind of record declared like this."""
    usual = {
        "area": "members",
        "model": User,
        "chair_may": OF_CHAIRS,
        "holds_money": False,
        "made_by_steps": False,
    }
    kind = SimpleNamespace(**(usual | declared))
    return {action for action in ACTIONS if access.may(User(role=role), action, kind)}


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        (
            {},
            {
                Role.STAFF: ACTIONS,
                Role.LEADER: {"view", "export", "history"},
                Role.CHAIR: {"view", "change"},
                Role.MEDIATOR: set(),
                Role.AUDITOR: {"history"},
                Role.ADMINISTRATOR: set(),
            },
        ),
        ({"holds_money": True}, {Role.AUDITOR: {"view", "export", "history"}}),
        ({"area": "mediation"}, {Role.MEDIATOR: ACTIONS - {"export_full"}}),
        (
            {"made_by_steps": True, "chair_may": frozenset({"view", "add", "import"})},
            {Role.STAFF: ACTIONS - {"add", "import"}, Role.CHAIR: {"view"}},
        ),
    ],
    ids=["usual", "money", "mediation", "made by steps"],
)
def test_role_may_do(declared: dict[str, object], expected: dict[Role, set[str]]) -> None:
    assert {role: allowed(role, **declared) for role in expected} == expected


def test_role_that_nobody_named_sees_and_may_nothing(union: Union, other_union: Union) -> None:
    """Closed unless opened: a role of tomorrow sees its own union at most, and none without one."""
    visitor, guest = User(role="visitor"), User(role="visitor", union=union)

    assert allowed("visitor", holds_money=True, area="mediation") == set()
    assert [access.sees_whole_town(user) for user in (visitor, guest)] == [False, False]
    assert [access.unions_of(user) for user in (visitor, guest)] == [frozenset(), {union.pk}]
    assert [list(access.rows(user, Union)) for user in (visitor, guest)] == [[], [union]]
    assert access.personal_data_masked(visitor) and not access.may_read_documents(visitor)
    assert {role for role in Role if access.sees_whole_town(User(role=role))} == set(Role) - {Role.CHAIR}


def test_colleagues_are_those_with_the_same_boundary_of_sight(cast: SimpleNamespace) -> None:
    whole_town = set(vars(cast).values()) - {cast.chair, cast.other_chair}

    assert set(access.colleagues(cast.leader)) == whole_town
    assert set(access.colleagues(cast.chair)) == {cast.chair}
