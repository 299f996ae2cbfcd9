"""What a visit still lacks, on the desk and among the findings; visits on the pages of member and union."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.members.samples import new_member
from unionoffice.organisation.models import Union, User
from unionoffice.records import desk, quality
from unionoffice.records.blobs import store
from unionoffice.records.models import Attachment
from welfare.choices import Occasion, Recipient
from welfare.models import CareVisit

from .samples import visit

Login = Callable[[User], Client]


def attached(made: CareVisit, kind: str) -> CareVisit:
    Attachment.objects.create(
        table="welfare_carevisit", row=made.pk, kind=kind, name="1.jpg", blob=store(b"x", "image/jpeg")
    )
    return made


def found(key: str, unions: frozenset[int] | None = None) -> list[int]:
    check = quality.find(key)
    assert check is not None
    return [finding.record.pk for finding in check.findings(unions)]


def test_visit_without_signature_sheet_is_found(union: Union, other_union: Union) -> None:
    attached(visit(union, name="张师傅"), "signature")
    photo_only = attached(visit(union, "2026-01-20", name="李师傅"), "photo")
    nothing = visit(other_union, "2026-01-19")

    assert found("visit-unsigned") == [photo_only.pk, nothing.pk]
    assert found("visit-unsigned", frozenset({union.pk})) == [photo_only.pk]
    assert next(quality.find("visit-unsigned").findings()).message == "2026-01-20慰问500.00元，没有签领表"


def test_second_visit_for_the_same_reason_in_a_year_is_found(union: Union, other_union: Union) -> None:
    visit(union, "2026-01-20", name="张师傅")
    again = visit(union, "2026-02-01", name="张师傅")
    visit(union, "2025-01-20", name="张师傅")
    visit(union, "2026-02-02", name="张师傅", occasion=Occasion.HEAT)
    visit(other_union, "2026-02-02", name="张师傅")
    for campaign in ("2026年端午慰问", "2026年中秋慰问"):
        visit(union, "2026-06-19", name="张师傅", occasion=Occasion.FESTIVAL, campaign=campaign)

    assert found("visit-twice") == [again.pk]


def test_group_without_a_number_or_with_more_before_than_there_were_is_found(union: Union) -> None:
    group = {"recipient": Recipient.TEAM, "name": "环卫一班"}
    unsized = visit(union, "2026-01-19", **group)
    earlier = visit(union, "2026-01-20", reached=10, **group)
    later = visit(union, "2026-07-20", reached=10, earlier=earlier, reached_before=8, **group)
    assert (found("visit-group-size"), found("visit-group-repeated")) == ([unsized.pk], [])

    CareVisit.objects.filter(pk=earlier.pk).update(reached=5)

    assert found("visit-group-repeated") == [later.pk]


def test_child_of_unknown_age_is_found(union: Union) -> None:
    child = {"recipient": Recipient.CHILD, "occasion": Occasion.CHILDREN_DAY}
    unknown = visit(union, name="张子轩", **child)
    visit(union, name="李雨桐", is_under_fourteen=False, **child)
    visit(union, name="王师傅")

    assert found("visit-child-age") == [unknown.pk]


def test_desk_leads_to_this_years_visits_without_signature(
    union: Union, other_union: Union, chair: User, login: Login
) -> None:
    today = timezone.localdate()
    lacking = visit(union, str(today), name="张师傅")
    attached(visit(union, str(today), name="李师傅"), "signature")
    visit(union, str(today.replace(month=1, day=1) - timedelta(days=1)), name="王师傅")
    visit(other_union, str(today))

    reminder = next(found for found in desk.reminders(chair) if "签领表" in found.title)

    assert reminder.title == "今年1次慰问缺签领表"
    page = login(chair).get(reminder.url)
    assert [row.pk for row in page.context["rows"]] == [lacking.pk]


@pytest.mark.parametrize(
    ("role", "address"), [("staff", "/care-visits/new/"), ("leader", None), ("auditor", None)]
)
def test_who_may_log_a_visit_has_the_button(
    role: str, address: str | None, union: Union, make_user: Callable[..., User]
) -> None:
    visit(union)
    user = make_user(role)

    buttons = {shortcut.label: shortcut.url for shortcut in desk.shortcuts(user)}

    assert buttons.get("记慰问") == address
    assert any("签领表" in found.title for found in desk.reminders(user))


def test_chairs_log_visits_and_activities_with_one_thumb(chair: User, login: Login) -> None:
    page = login(chair).get("/").content.decode()

    bar = page[page.index('<nav class="bottombar"') :]
    assert bar.index("/care-visits/quick/") < bar.index("/activities/quick/") < bar.index("查找")


def test_member_page_shows_visits_the_reader_may_see(
    union: Union, other_union: Union, chair: User, staff: User, login: Login
) -> None:
    member = new_member(union)
    own = visit(union, "2026-01-20", member=member)
    child = visit(union, "2026-06-01", member=member, name="张子轩", recipient=Recipient.CHILD)
    elsewhere = visit(other_union, "2020-01-20", member=member)

    def shown(user: User) -> list[str]:
        parts = login(user).get(f"/members/{member.pk}/").context["related"]
        part = next(part for part in parts if part["title"] == "慰问")
        return [row.url for row in part["rows"]]

    addresses = [f"/care-visits/{made.pk}/" for made in (child, own, elsewhere)]
    assert shown(staff) == addresses
    assert shown(chair) == addresses[:2]


def test_union_page_shows_its_visits(union: Union, other_union: Union, staff: User, login: Login) -> None:
    own = visit(union)
    visit(other_union)

    parts = login(staff).get(f"/unions/{union.pk}/").context["related"]

    part = next(part for part in parts if part["title"] == "慰问")
    assert [row.url for row in part["rows"]] == [f"/care-visits/{own.pk}/"]
    assert part["add_url"] == f"/care-visits/new/?union={union.pk}"
