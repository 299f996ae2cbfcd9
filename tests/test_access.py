"""What each role may do with a kind of record: the table of the design, role by role."""

from types import SimpleNamespace

import pytest

from unionoffice.organisation import access
from unionoffice.organisation.choices import Role
from unionoffice.organisation.models import User

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
