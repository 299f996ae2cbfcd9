"""Every declared step, posted on a record where it does not belong: refused in one clear line, nothing written."""

from collections.abc import Callable
from typing import Any

import pytest
from django import forms
from django.test import Client

from activities.choices import State
from grassroots.choices import RatingKind
from grassroots.models import ReelectionStep
from members.choices import EventKind, RequestState
from members.models import RosterCheck, RosterCheckLine, TransferRequest
from tests.activities.samples import activity
from tests.grassroots.samples import cover, post, rating, term, unit
from tests.members.samples import event, new_member
from unionoffice.organisation.choices import UnionKind
from unionoffice.organisation.models import Union, User
from unionoffice.records.models import Act, Change
from unionoffice.records.types import RecordType, RowAction, registry

pytestmark = pytest.mark.django_db
STEPS = [(kind, step) for kind in registry for step in kind.steps]
every_step = pytest.mark.parametrize(
    ("kind", "step"), STEPS, ids=[f"{kind.slug}-{step.key}" for kind, step in STEPS]
)


def dissolved(union: Union) -> Union:
    return Union.objects.create(
        name="已撤联合工会",
        kind=UnionKind.JOINT,
        parent=union.parent,
        founded_on="2010-01-01",
        dissolved_on="2020-01-01",
    )


def asked(union: Union) -> TransferRequest:
    target = Union.objects.create(
        name="河口联合工会", kind=UnionKind.JOINT, parent=union.parent, founded_on="2010-01-01"
    )
    who = new_member(union)
    return TransferRequest.objects.create(
        member=who, from_union=union, to_union=target, on="2024-01-01", state=RequestState.APPROVED
    )


def corrected(union: Union) -> RosterCheckLine:
    check = RosterCheck.objects.create(title="核查", partner="税务所", checked_on="2024-05-01")
    return RosterCheckLine.objects.create(
        roster_check=check, unit_name="甲厂", union=union, result="no_union", corrected_on="2024-06-01"
    )


def died(union: Union) -> Any:
    who = new_member(union)
    event(who, EventKind.DECEASE, "2022-01-01")
    return who


def finished(union: Union) -> Any:
    """A first term with a later one beside it: no step of a re-election is left to it."""
    first = term(union, "2016-06-01", ended_on="2021-06-01")
    ReelectionStep.objects.create(term=term(union, "2021-06-01", number=2), kind=1, on="2021-05-01")
    return first


# A record on which no step of its type makes sense.
ELSEWHERE: dict[str, Callable[[Union], Any]] = {
    "unions": dissolved,
    "units": lambda union: unit(closed_on="2020-01-01"),
    "coverages": lambda union: cover(union, unit(), "2019-01-01", "2020-01-01"),
    "posts": lambda union: post(union, ended_on="2020-01-01"),
    "terms": finished,
    "stars": lambda union: rating(union, 4, "2020-01-01", kind=RatingKind.REVOKE),
    "members": died,
    "transfer-requests": asked,
    "roster-check-lines": corrected,
    "activities": lambda union: activity(union, state=State.CANCELLED, cancel_reason="台风", came=None),
}
# Of members the day that is typed decides: a late entry may be right where the state of today forbids the step.
UNDATED = [(kind, step) for kind, step in STEPS if kind.slug != "members"]


@pytest.fixture
def office(staff: User, login: Callable[[User], Client]) -> Client:
    return login(staff)


def filled(office: Client, form: Any, union: Union) -> dict[str, Any]:
    """What a clerk would send: something fitting in every field."""
    found = {}
    for name, field in form.fields.items():
        kind = type(field).__name__
        found[name] = form.initial.get(name) or {"DateField": "2024-03-05", "IntegerField": "3"}.get(
            kind, "甲"
        )
        if hasattr(field, "queryset"):
            found[name] = union.pk if field.queryset.model is Union else ""
        elif hasattr(field, "choices"):
            found[name] = next((value for value, _ in field.choices if value not in ("", None)), "")
    return found


@every_step
def test_step_is_refused_where_it_does_not_belong(
    kind: RecordType, step: RowAction, office: Client, union: Union
) -> None:
    record = ELSEWHERE[kind.slug](union)
    record.refresh_from_db()
    address = kind.url("step", record.pk, step=step.key)
    assert not step.shown(record)
    sent = filled(office, step.form(initial=step.initial(record)), union)
    changes, acts = Change.objects.count(), Act.objects.count()

    answer = office.post(address, sent)

    lines = [line for errors in answer.context["form"].errors.values() for line in errors]
    assert answer.status_code == 422
    assert len(lines) == 1 and "不能办理" in lines[0], lines
    assert (Change.objects.count(), Act.objects.count()) == (changes, acts)


@pytest.mark.parametrize(("kind", "step"), UNDATED, ids=[f"{kind.slug}-{step.key}" for kind, step in UNDATED])
def test_page_of_a_step_that_does_not_belong_leads_back_to_the_record(
    kind: RecordType, step: RowAction, office: Client, union: Union
) -> None:
    record = ELSEWHERE[kind.slug](union)
    record.refresh_from_db()

    answer = office.get(kind.url("step", record.pk, step=step.key), follow=True)

    assert answer.redirect_chain == [(kind.url("record", record.pk), 302)]
    assert f"不能办理“{step.label}”" in answer.content.decode()


@every_step
def test_step_asks_for_no_number_that_its_column_could_not_hold(kind: RecordType, step: RowAction) -> None:
    asked = [field for field in step.form.base_fields.values() if type(field) is forms.IntegerField]

    assert all(field.disabled or field.max_value for field in asked)


def test_late_entry_is_judged_by_its_day(office: Client, union: Union) -> None:
    """Somebody who left in 2022 was retained before: typed late, and still the entry is taken."""
    who = new_member(union, "2020-01-01")
    event(who, EventKind.LEAVE, "2022-01-01")

    answer = office.post(f"/members/{who.pk}/steps/retain/", {"on": "2021-06-01", "reason": "待岗"})

    assert answer.status_code == 302
    assert list(who.events.order_by("on").values_list("kind", flat=True)) == ["join", "retain", "leave"]


def test_of_two_who_take_a_step_the_second_is_told(
    office: Client, union: Union, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both opened the page; the first one's step is written between the second's opening and sending."""
    kind = registry["posts"]
    record = post(union)
    step = kind.step("leave")
    answers = iter([True, False])
    monkeypatch.setattr(RowAction, "may_be_taken", lambda self, record: next(answers))

    answer = office.post(kind.url("step", record.pk, step=step.key), {"on": "2024-01-01"})

    assert answer.status_code == 422
    assert "可能已有人办过" in answer.content.decode()
    record.refresh_from_db()
    assert record.ended_on is None
