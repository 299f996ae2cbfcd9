"""Activities on their pages: joint ones, the steps of a planned one, what a chair may do."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from activities.choices import State
from activities.models import Activity
from tests.members.samples import new_member
from unionoffice.organisation.models import Union, User
from unionoffice.records.models import Act, Attachment
from unionoffice.records.taking_back import take_back

from .samples import activity

Login = Callable[[User], Client]
LIST, QUICK = "/activities/", "/activities/quick/"


def typed(**fields: Any) -> dict[str, Any]:
    return {
        "title": "职工健步走",
        "kind": "walking",
        "theme": "健康生活",
        "starts_on": "2026-05-10",
        "came": "40",
        "state": "held",
        "sessions": "1",
    } | fields


def listed(client: Client) -> list[int]:
    return [row.pk for row in client.get(LIST).context["rows"]]


def test_joint_activity_stands_in_the_list_of_each_union_once(
    union: Union, other_union: Union, staff: User, chair: User, other_chair: User, login: Login
) -> None:
    made = activity(union, co_organisers=[other_union])
    own = activity(union, title="讲座")

    assert sorted(listed(login(staff))) == sorted(listed(login(chair))) == [made.pk, own.pk]
    assert listed(login(other_chair)) == [made.pk]


def test_only_the_organisers_chair_changes_a_joint_activity(
    union: Union, other_union: Union, chair: User, other_chair: User, login: Login
) -> None:
    made = activity(union, co_organisers=[other_union])
    page, partner = f"{LIST}{made.pk}/", login(other_chair)

    seen = partner.get(page)
    tries = [
        partner.get(f"{page}edit/"),
        partner.post(f"{page}edit/", typed(union=other_union.pk)),
        partner.post(f"{page}attach/", {"kind": "photo"}),
    ]
    partner.post(f"{LIST}bulk/", {"pk": made.pk, "save": "1", "change_title": "on", "to_title": "改名"})

    assert (seen.status_code, seen.context["actions"], seen.context["attach_url"]) == (200, [], "")
    assert [answer.status_code for answer in tries] == [403, 403, 403]
    assert login(chair).get(f"{page}edit/").status_code == 200
    made.refresh_from_db()
    assert (made.title, made.union) == ("健步走", union)


def test_only_the_organisers_chair_takes_steps_on_a_joint_activity(
    union: Union, other_union: Union, other_chair: User, login: Login
) -> None:
    made = activity(union, co_organisers=[other_union], state=State.PLANNED)
    step = f"{LIST}{made.pk}/steps/cancel/"
    partner = login(other_chair)

    tries = [partner.get(step), partner.post(step, {"on": "2026-05-01", "reason": "下雨"})]

    assert [answer.status_code for answer in tries] == [403, 403]
    made.refresh_from_db()
    assert made.state == State.PLANNED


def test_only_the_organisers_chair_takes_files_off_a_joint_activity(
    union: Union, other_union: Union, chair: User, other_chair: User, login: Login
) -> None:
    made = activity(union, co_organisers=[other_union])
    notice = SimpleUploadedFile("通知.pdf", b"%PDF-1.4 notice")
    login(chair).post(f"{LIST}{made.pk}/attach/", {"kind": "photo", "files": notice})
    file = Attachment.objects.get()

    seen = login(other_chair).get(f"/files/{file.pk}/")
    tried = login(other_chair).post(f"/files/{file.pk}/delete/")

    assert (seen.status_code, tried.status_code) == (200, 403)
    assert Attachment.objects.get() == file


def test_chair_cannot_enter_an_activity_for_another_union(
    union: Union, other_union: Union, chair: User, login: Login
) -> None:
    client = login(chair)

    foreign = client.post("/activities/new/", typed(union=other_union.pk))
    partner = client.post("/activities/new/", typed(union=union.pk, co_organisers=[other_union.pk]))

    assert list(foreign.context["form"].errors) == ["union"]
    assert list(partner.context["form"].errors) == ["co_organisers"]
    assert Activity.objects.count() == 0


def test_partner_does_not_see_who_came_from_the_other_union(
    union: Union, other_union: Union, other_chair: User, login: Login
) -> None:
    people = [new_member(union, name="赵敏"), new_member(other_union, name="钱进")]
    made = activity(union, co_organisers=[other_union], participants=people)

    page = login(other_chair).get(f"{LIST}{made.pk}/").content.decode()

    assert "钱进，" not in page and "钱进、另有1项属其他工会" in page
    assert "赵敏" not in page


def test_what_a_chair_cannot_see_stays_related(
    union: Union, other_union: Union, chair: User, login: Login
) -> None:
    """The chair's form shows neither the co-organiser nor its people, and saving it removes neither."""
    own, foreign = new_member(union, name="赵敏"), new_member(other_union, name="钱进")
    made = activity(union, co_organisers=[other_union], participants=[own, foreign])
    client = login(chair)

    form = client.get(f"{LIST}{made.pk}/edit/").context["form"]
    answer = client.post(f"{LIST}{made.pk}/edit/", typed(union=union.pk, venue="镇文化礼堂"))

    made.refresh_from_db()
    assert "钱进" not in form.as_p() and "金河村" not in form.as_p()
    assert (answer.status_code, made.venue) == (302, "镇文化礼堂")
    assert list(made.co_organisers.all()) == [other_union]
    assert list(made.participants.all()) == [foreign]


def test_planned_activity_is_held_on_its_real_day(union: Union, chair: User, login: Login) -> None:
    made = activity(union, "2026-05-10", ends_on="2026-05-12", state=State.PLANNED, came=None, sessions=2)
    step = f"{LIST}{made.pk}/steps/hold/"
    client = login(chair)

    form = client.get(step).context["form"]
    early = client.post(step, {"on": "2999-01-01", "sessions": 3, "came": 90})
    done = client.post(step, {"on": "2026-05-20", "sessions": 3, "came": 90})

    made.refresh_from_db()
    assert (str(form["on"].value()), form["sessions"].value()) == ("2026-05-10", 2)
    assert (early.status_code, done.status_code) == (422, 302)
    assert (made.state, str(made.starts_on), str(made.ends_on)) == ("held", "2026-05-20", "2026-05-22")
    assert (made.sessions, made.came) == (3, 90)


def test_planned_activity_is_cancelled_and_that_is_taken_back(
    union: Union, chair: User, login: Login
) -> None:
    made = activity(union, state=State.PLANNED, came=None)
    client = login(chair)

    client.post(f"{LIST}{made.pk}/steps/cancel/", {"on": "2026-05-08", "reason": "台风"})
    cancelled = Activity.objects.get()
    take_back(Act.objects.get(kind="step"), user=chair)

    assert (cancelled.state, cancelled.cancel_reason, str(cancelled.cancelled_on)) == (
        "cancelled",
        "台风",
        "2026-05-08",
    )
    assert Activity.objects.get().state == "planned"


STEPS = {
    "hold": {"on": "2026-05-20", "sessions": 1, "came": 9},
    "cancel": {"on": "2026-05-20", "reason": "台风"},
}


@pytest.mark.parametrize("step", STEPS)
def test_held_activity_is_neither_held_again_nor_cancelled(
    step: str, union: Union, chair: User, login: Login
) -> None:
    made, client = activity(union), login(chair)

    labels = [action["label"] for action in client.get(f"{LIST}{made.pk}/").context["actions"]]
    answer = client.post(f"{LIST}{made.pk}/steps/{step}/", STEPS[step])

    made.refresh_from_db()
    assert labels == ["修改"]
    assert answer.status_code == 422
    assert (made.state, made.came, str(made.starts_on)) == ("held", 40, "2026-05-10")


def test_short_form_asks_a_chair_for_little(union: Union, chair: User, login: Login) -> None:
    client = login(chair)
    page = client.get(QUICK).context
    asked = [field.name for field in page["fields"]]
    rest = {"title": "职工讲座", "kind": "lecture", "theme": "家风", "starts_on": "2026-05-10", "came": 30}

    answer = client.post(QUICK, rest | {"state": "held", "sessions": 1})

    assert asked == ["title", "kind", "came", "theme", "starts_on", "venue", "photos_photo", "photos_sign_in"]
    assert page["form"]["starts_on"].value() == str(timezone.localdate())
    assert answer.status_code == 302
    assert Activity.objects.get().union == union


def test_themes_and_venues_of_own_activities_are_suggested(
    union: Union, other_union: Union, chair: User, login: Login
) -> None:
    activity(union, theme="快乐工作", venue="车间")
    activity(other_union, theme="秘密", venue="别处")

    page = login(chair).get(QUICK).content.decode()

    assert '<option value="快乐工作">' in page and '<option value="车间">' in page
    assert "秘密" not in page and "别处" not in page


@pytest.mark.parametrize("chosen", ["foreign", "x"])
def test_participant_out_of_sight_is_refused_in_the_words_of_the_office(
    union: Union, other_union: Union, chair: User, login: Login, chosen: str
) -> None:
    foreign = new_member(other_union)
    sent = typed(union=union.pk, participants=[foreign.pk if chosen == "foreign" else chosen])

    answer = login(chair).post(f"{LIST}new/", sent)

    errors = answer.context["form"].errors["participants"]
    assert errors == ["所选的记录不存在，或您无权使用，请重新选择。"]
    assert not Activity.objects.exists()
