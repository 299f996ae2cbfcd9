"""A chair confirms the union's data with one click; who has not is reminded."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from grassroots.actions.confirmation import present_period
from grassroots.choices import Post
from grassroots.models import UnionConfirmation
from tests.members.samples import new_member
from unionoffice.organisation.models import OfficeSetting, Union, User
from unionoffice.records.desk import reminders

from .samples import cover, post, single, term, unit

pytestmark = pytest.mark.django_db


def page(union: Union) -> str:
    return f"/unions/{union.pk}/steps/confirm/"


@pytest.fixture
def filled(union: Union) -> Union:
    """The chair's union with two members, a unit, a chair and a term."""
    Union.objects.filter(pk=union.pk).update(declared_members=5)
    cover(union, unit(staff_total=12))
    for name in ("赵一", "钱二"):
        new_member(union, name=name)
    post(union, "赵一", Post.CHAIR)
    term(union, "2022-05-01")
    return union


def test_chair_sees_the_numbers_and_confirms_them(
    filled: Union, chair: User, login: Callable[[User], Client]
) -> None:
    browser = login(chair)
    form = browser.get(page(filled)).context["form"]
    shown = {name: form[name].value() for name in form.fields}

    answer = browser.post(page(filled), {"seen": shown["seen"], "note": "已核对"})

    assert answer.status_code == 302
    made = UnionConfirmation.objects.get(union=filled)
    assert (made.period, made.confirmed_on, made.confirmed_by, made.note) == (
        present_period(),
        timezone.localdate(),
        chair,
        "已核对",
    )
    assert (made.members, made.declared_members, made.units, made.staff, made.chair, made.term_ends_on) == (
        2,
        5,
        1,
        12,
        "赵一",
        date(2027, 5, 1),
    )
    assert [shown[name] for name in ("members", "units", "chair")] == [2, 1, "赵一"]


def test_numbers_cannot_be_typed(filled: Union, chair: User, login: Callable[[User], Client]) -> None:
    browser = login(chair)
    seen = browser.get(page(filled)).context["form"]["seen"].value()

    browser.post(page(filled), {"seen": seen, "members": "99", "chair": "别人"})

    made = UnionConfirmation.objects.get(union=filled)
    assert (made.members, made.chair) == (2, "赵一")


def test_numbers_that_changed_meanwhile_are_shown_again(
    filled: Union, chair: User, login: Callable[[User], Client]
) -> None:
    browser = login(chair)
    seen = browser.get(page(filled)).context["form"]["seen"].value()
    new_member(filled, name="孙三")

    answer = browser.post(page(filled), {"seen": seen})

    assert (answer.status_code, UnionConfirmation.objects.count()) == (422, 0)
    assert "数据刚有变动" in answer.content.decode()
    again = answer.context["form"]
    assert again["members"].value() == 3
    assert browser.post(page(filled), {"seen": again["seen"].value()}).status_code == 302
    assert UnionConfirmation.objects.get().members == 3


def test_one_confirmation_a_period(filled: Union, chair: User, login: Callable[[User], Client]) -> None:
    browser = login(chair)
    seen = browser.get(page(filled)).context["form"]["seen"].value()
    browser.post(page(filled), {"seen": seen})

    answer = browser.post(page(filled), {"seen": seen})

    assert answer.status_code in (404, 422)
    assert UnionConfirmation.objects.count() == 1


def test_leader_and_other_chair_confirm_nothing(
    filled: Union, make_user: Callable[..., User], other_chair: User, login: Callable[[User], Client]
) -> None:
    assert login(make_user("leader")).post(page(filled), {}).status_code == 403
    assert login(other_chair).post(page(filled), {}).status_code == 404
    assert not UnionConfirmation.objects.exists()


def titles(user: User) -> list[str]:
    return [reminder.title for reminder in reminders(user)]


def test_chair_is_led_to_the_page_until_confirmed(filled: Union, chair: User) -> None:
    asked = f"请确认{filled}{present_period()}的数据"

    waiting = next(found for found in reminders(chair) if found.title == asked)

    assert waiting.url == page(filled)
    UnionConfirmation.objects.create(union=filled, period=present_period(), confirmed_on=timezone.localdate())
    assert asked not in titles(chair)


def test_staff_is_told_how_many_are_missing(filled: Union, other_union: Union, staff: User) -> None:
    assert f"2家工会未确认{present_period()}数据" in titles(staff)
    UnionConfirmation.objects.create(union=filled, period=present_period(), confirmed_on=timezone.localdate())
    assert f"1家工会未确认{present_period()}数据" in titles(staff)


def test_period_follows_the_setting(town: Union) -> None:
    OfficeSetting.objects.create(key="confirmation.months", value=12, valid_from=date(2020, 1, 1))

    assert present_period() == f"{timezone.localdate().year}年度"


def test_contact_data_are_the_chairs_to_change(
    union: Union, chair: User, make_user: Callable[..., User], login: Callable[[User], Client]
) -> None:
    address = f"/unions/{union.pk}/steps/contact/"
    data = {"address": "工业区1号", "phone": "0574-65712345", "declared_members": "30"}

    assert login(make_user("leader")).post(address, data).status_code == 403
    assert login(chair).post(address, data).status_code == 302
    union.refresh_from_db()
    assert (union.address, union.phone, union.declared_members) == ("工业区1号", "0574-65712345", 30)
    assert login(chair).get(f"/unions/{union.pk}/edit/").status_code == 403


def test_chair_registers_a_covered_unit(
    town: Union, other_union: Union, other_chair: User, login: Callable[[User], Client]
) -> None:
    address = f"/unions/{other_union.pk}/steps/cover/"

    answer = login(other_chair).post(address, {"name": "街口小吃店", "on": "2024-03-01", "staff_total": "3"})

    assert answer.status_code == 302
    assert list(other_union.coverages.values_list("unit__name", "started_on")) == [
        ("街口小吃店", date(2024, 3, 1))
    ]


@pytest.mark.parametrize("step", ["rename", "merge", "dissolve"])
def test_chair_neither_renames_nor_ends_the_union(
    union: Union, chair: User, login: Callable[[User], Client], step: str
) -> None:
    assert login(chair).get(f"/unions/{union.pk}/steps/{step}/").status_code == 403


@pytest.mark.parametrize("step", ["found", "close"])
def test_chair_neither_founds_unions_nor_closes_units(
    union: Union, chair: User, login: Callable[[User], Client], step: str
) -> None:
    own = cover(union, unit()).unit

    assert login(chair).get(f"/units/{own.pk}/").status_code == 200
    assert login(chair).get(f"/units/{own.pk}/steps/{step}/").status_code == 403


def test_chair_ends_posts_but_not_the_townships(
    union: Union, chair: User, login: Callable[[User], Client]
) -> None:
    own, appointed = post(union), post(union, "钱二", Post.PART_TIME_ASSISTANT)
    on = {"on": "2024-01-01"}

    assert login(chair).post(f"/posts/{own.pk}/steps/leave/", on).status_code == 302
    assert login(chair).post(f"/posts/{own.pk}/steps/leave/", on).status_code == 422
    assert login(chair).post(f"/posts/{appointed.pk}/steps/leave/", on).status_code == 422
    assert list(union.posts.order_by("pk").values_list("ended_on", flat=True)) == [date(2024, 1, 1), None]


def test_chair_gives_no_stars(union: Union, chair: User, login: Callable[[User], Client]) -> None:
    assert login(chair).get("/stars/new/").status_code == 403
    assert login(chair).get("/stars/").status_code == 200


def test_chair_keeps_the_posts_of_the_own_union(
    union: Union, other_union: Union, chair: User, login: Callable[[User], Client]
) -> None:
    new_member(union, name="赵一")
    data = {"union": union.pk, "name": "赵一", "post": "member", "started_on": "2024-01-01"}

    assert login(chair).post("/posts/new/", data).status_code == 302
    assert login(chair).post("/posts/new/", data | {"union": other_union.pk}).status_code == 422
    assert list(union.posts.values_list("name", flat=True)) == ["赵一"]
    assert not other_union.posts.exists()


def test_post_takes_its_name_from_the_chosen_member(
    union: Union, staff: User, login: Callable[[User], Client]
) -> None:
    member = new_member(union, name="赵一")
    data = {"union": union.pk, "member": member.pk, "post": "member", "started_on": "2024-01-01"}

    assert login(staff).post("/posts/new/", data).status_code == 302
    assert union.posts.get().name == "赵一"
    nameless = login(staff).post("/posts/new/", data | {"member": ""})
    assert nameless.context["form"].errors["name"] == ["请填写姓名，或选择会员档案"]


def test_new_base_union_stands_below_the_township(
    town: Union, staff: User, login: Callable[[User], Client]
) -> None:
    own = unit("新厂")
    data = {"name": "新厂工会", "kind": "single", "employer": own.pk, "founded_on": "2024-03-01"}

    answer = login(staff).post("/unions/new/", data)

    assert answer.status_code == 302, answer.context["form"].errors
    made = Union.objects.get(name="新厂工会")
    assert made.parent == town
    assert made.coverages.get().unit == own


def test_figure_opens_exactly_the_unions_it_counts(
    town: Union, make_user: Callable[..., User], login: Callable[[User], Client]
) -> None:
    rated, _ = single(town), single(town)
    term(rated, "2021-05-01", years=3)
    address = (
        "/unions/?fact=grassroots.reelection.overdue.count&from=2024-01-01&to=2024-12-31&as_of=2024-12-31"
    )

    rows = login(make_user("leader")).get(address).context["rows"]

    assert [row.pk for row in rows] == [rated.pk]
