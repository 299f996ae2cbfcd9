"""What is written is looked at once more: should a choice ever slip through, nothing lands in a foreign union."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import models
from django.test import Client

from activities.models import Activity
from members.models import Member
from tests.activities.samples import activity as planned
from tests.every_record import activity, with_reason
from tests.members.samples import id_number
from tests.records.importing import brought_in
from unionoffice.identity import MALE
from unionoffice.organisation import access
from unionoffice.organisation.models import Union, User
from unionoffice.records.importing import relations
from unionoffice.records.models import Act

pytestmark = pytest.mark.django_db


def everything(user: User | None, model: type[models.Model]) -> models.QuerySet:
    return model._default_manager.all()


def test_form_that_offered_too_much_writes_nothing(
    chair: User,
    other_union: Union,
    login: Callable[[User], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(access, "narrow", everything)

    answer = login(chair).post("/activities/new/", with_reason(activity(other_union, 0)))

    assert answer.status_code == 403
    assert not Activity.objects.exists()
    assert not Act.objects.filter(user=chair).exists()


def test_bulk_edit_that_offered_too_much_writes_nothing(
    chair: User,
    union: Union,
    other_union: Union,
    login: Callable[[User], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = planned(union)
    monkeypatch.setattr(access, "narrow", everything)
    chosen = {"pk": made.pk, "save": "1", "change_union": "on", "to_union": other_union.pk}

    answer = login(chair).post("/activities/bulk/", chosen)

    assert answer.status_code == 403
    made.refresh_from_db()
    assert made.union == union
    assert not Act.objects.filter(user=chair).exists()


def test_import_that_found_too_much_writes_nothing(
    chair: User, other_union: Union, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relations, "sight", everything)
    number = id_number(date(1985, 6, 15), MALE, 7)
    lines = (
        "姓名,证件号码,手机号码,所属工会,入会日期,是否农民工\n"
        f"王小明,{number},13800000001,{other_union.name},2020-03-05,否\n"
    )

    with pytest.raises(PermissionDenied):
        brought_in("members", lines, chair)

    assert not Member.objects.exists()
    assert not Act.objects.filter(user=chair).exists()
