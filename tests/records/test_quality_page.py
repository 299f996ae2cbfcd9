"""The page of data-quality findings: for those who see records that are checked, and for nobody else."""

from collections.abc import Callable
from types import SimpleNamespace

from django.test import Client

from unionoffice.organisation.models import User

Login = Callable[[User], Client]


def test_page_is_closed_to_roles_that_see_no_checked_records(cast: SimpleNamespace, login: Login) -> None:
    answers = {role: login(user).get("/quality/").status_code for role, user in vars(cast).items()}

    closed = {role for role, status in answers.items() if status == 403}
    assert closed == {"mediator", "administrator"}
    assert {answers[role] for role in answers.keys() - closed} == {200}
