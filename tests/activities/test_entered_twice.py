"""One activity that two unions entered: told while typing, found, and made one again, which can be taken back."""

from collections.abc import Callable
from decimal import Decimal

from django.test import Client

from activities.choices import Kind
from activities.models import Activity
from tests.grassroots.samples import year
from tests.members.samples import new_member
from unionoffice.organisation.models import Union, User
from unionoffice.records import quality
from unionoffice.records.blobs import store
from unionoffice.records.models import Act, Attachment

from .samples import activity, figures

Login = Callable[[User], Client]


def typed(union: Union, **fields: object) -> dict[str, object]:
    return {"union": union.pk, "title": "健步走", "kind": "walking", "starts_on": "2026-05-10"} | fields


def told(client: Client, data: dict[str, object]) -> str:
    return client.post("/activities/duplicates/", data).content.decode()


def twice(union: Union, other_union: Union) -> tuple[Activity, Activity]:
    return activity(union, came=40, venue=""), activity(
        other_union, title="“迎春”健步走", came=60, venue="公园"
    )


def test_staff_are_offered_the_entry_of_another_union(
    union: Union, other_union: Union, staff: User, login: Login
) -> None:
    made = activity(other_union, venue="滨江公园")
    client = login(staff)

    assert f"/activities/{made.pk}/" in told(client, typed(union))
    assert f"/activities/{made.pk}/" in told(client, typed(union, title="徒步", venue="滨江公园"))
    assert f"/activities/{made.pk}/" in told(client, typed(union, title="徒步", co_organisers=other_union.pk))
    assert str(other_union) not in told(client, typed(union, title="徒步"))
    assert str(other_union) not in told(client, typed(union, starts_on="2026-05-11"))


def test_chair_learns_title_day_and_organiser_only_where_the_own_union_is_named(
    union: Union, other_union: Union, chair: User, login: Login
) -> None:
    made = activity(other_union, venue="滨江公园", came=77)
    client = login(chair)
    assert told(client, typed(union)).strip() == ""

    Activity.objects.filter(pk=made.pk).update(external_organisers=union.name)
    shown = told(client, typed(union))

    assert "健步走" in shown and "2026-05-10" in shown and str(other_union) in shown
    assert f"/activities/{made.pk}/" not in shown and "滨江公园" not in shown and "77" not in shown


def test_entry_of_two_unions_is_a_finding(union: Union, other_union: Union) -> None:
    first = activity(union, venue="滨江公园")
    second = activity(other_union, title="徒步", venue="滨江公园")
    activity(other_union, "2026-05-11", venue="滨江公园")
    activity(other_union, title="观影", kind=Kind.FILM, venue="滨江公园")

    def found(unions: frozenset[int] | None = None) -> list[int]:
        return [finding.record.pk for finding in quality.find("activity-twice").findings(unions)]

    assert found() == [second.pk]
    assert found(frozenset({other_union.pk})) == []
    first.co_organisers.add(other_union)
    assert found(frozenset({other_union.pk})) == [second.pk]


def test_merging_makes_one_event_of_both_and_is_taken_back(
    union: Union, other_union: Union, staff: User, login: Login
) -> None:
    keep, other = twice(union, other_union)
    both = new_member(other_union)
    other.participants.add(both)
    paper = Attachment.objects.create(
        table="activities_activity", row=other.pk, kind="photo", name="1.jpg", blob=store(b"x", "image/jpeg")
    )
    client, step = login(staff), f"/activities/{keep.pk}/steps/merge/"

    open_number = client.post(step, {"other": other.pk})
    done = client.post(step, {"other": other.pk, "came": "90", "cost": "300"})

    assert "参加人次不同" in open_number.content.decode()
    assert done.status_code == 302
    [made] = Activity.objects.all()
    assert (made.pk, made.union, made.came, made.cost) == (keep.pk, union, 90, Decimal("300.00"))
    assert (made.venue, list(made.co_organisers.all())) == ("公园", [other_union])
    assert list(made.participants.all()) == [both]
    paper.refresh_from_db()
    assert paper.row == keep.pk
    assert figures(year(2026), "activities.held.count") == [1]

    client.post(f"/acts/{Act.objects.latest('pk').pk}/take-back/", {"reason": "不是同一项"})
    assert {row.came for row in Activity.objects.all()} == {40, 60}
    paper.refresh_from_db()
    assert paper.row == other.pk


def test_a_chair_merges_nothing(union: Union, other_union: Union, chair: User, login: Login) -> None:
    keep, other = twice(union, other_union)

    answer = login(chair).post(f"/activities/{keep.pk}/steps/merge/", {"other": other.pk})

    assert answer.status_code == 403
    assert Activity.objects.count() == 2
