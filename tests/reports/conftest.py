"""A walk of last year, the draft of its summary, and the clerk who writes it."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import pytest
from django.test import Client

from activities.choices import Kind
from activities.models import Activity
from reports.models import Report
from unionoffice.organisation.models import Union, User


@pytest.fixture
def walk(union: Union) -> Activity:
    return Activity.objects.create(
        union=union, title="环湖健步走", kind=Kind.WALKING, starts_on="2024-03-05", came=189
    )


@pytest.fixture
def report(walk: Activity, cast: SimpleNamespace) -> Report:
    return Report.objects.create(
        kind="summary",
        start=date(2024, 1, 1),
        end=date(2024, 12, 31),
        title="2024年度工作总结",
        created_by=cast.staff,
    )


@pytest.fixture
def writing(cast: SimpleNamespace, login: Callable[[User], Client]) -> Client:
    return login(cast.staff)
