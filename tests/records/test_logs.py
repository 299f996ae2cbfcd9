"""The logs of acts and of looks at full numbers: found by words, person and days; each leads where the reader may go."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from activities.choices import Kind
from activities.models import Activity
from tests.members.samples import new_member
from unionoffice.organisation.models import OfficeSetting, Union, Unit, User
from unionoffice.records.history import act
from unionoffice.records.models import ActKind, Disclosure

pytestmark = pytest.mark.django_db
Login = Callable[[User], Client]
TODAY = timezone.localdate


@pytest.fixture
def acts(cast: SimpleNamespace) -> list[str]:
    for user, kind, summary in (
        (cast.staff, ActKind.CREATE, "单位 宏达机械"),
        (cast.staff, ActKind.DELETE, "单位 金帆电器"),
        (cast.chair, ActKind.CREATE, "会员 王明"),
    ):
        with act(kind, user=user, summary=summary):
            Unit.objects.create(name=summary)
    return ["会员 王明", "单位 金帆电器", "单位 宏达机械"]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ({}, [0, 1, 2]),
        ({"q": "金帆"}, [1]),
        ({"kind": "create"}, [0, 2]),
        ({"user": "staff", "kind": "create"}, [2]),
        ({"since": "tomorrow"}, []),
        ({"until": "tomorrow"}, [0, 1, 2]),
        ({"since": "2026-13-45", "q": "王明"}, [0]),
        ({"until": "9999-12-31"}, [0, 1, 2]),
    ],
)
def test_acts_are_found(
    query: dict[str, str], shown: list[int], acts: list[str], cast: SimpleNamespace, login: Login
) -> None:
    words = {"staff": str(cast.staff.pk), "tomorrow": str(TODAY() + timedelta(days=1))}
    asked = {name: words.get(value, value) for name, value in query.items()}

    page = login(cast.auditor).get("/history/", asked)

    found = [row["summary"] for row in page.context["acts"] if row["who"] != "系统"]
    assert found == [acts[place] for place in shown]


def test_day_that_is_none_is_told(acts: list[str], cast: SimpleNamespace, login: Login) -> None:
    page = login(cast.staff).get("/history/", {"since": "2026-13-45"}).content.decode()

    assert "这个条件没有用上" in page


def test_who_reads_only_own_acts_is_not_asked_for_a_person(
    acts: list[str], cast: SimpleNamespace, login: Login
) -> None:
    page = login(cast.chair).get("/history/", {"user": cast.staff.pk})

    assert [row["summary"] for row in page.context["acts"]] == ["会员 王明"]
    assert "user" not in page.context["filter"].fields


def test_act_names_rows_without_leading_where_the_reader_may_not_go(
    acts: list[str], cast: SimpleNamespace, login: Login
) -> None:
    done = Unit.objects.get(name="单位 宏达机械")
    rows = {
        role: login(getattr(cast, role)).get("/history/?q=宏达").context["acts"][0]["act_url"]
        for role in ("staff", "auditor")
    }

    shown = {role: login(getattr(cast, role)).get(url).context["rows"][0] for role, url in rows.items()}

    assert {row.title for row in shown.values()} == {f"单位 {done}"}
    assert (shown["staff"].url, shown["auditor"].url) == (f"/units/{done.pk}/", "")


def test_look_at_a_number_says_whose(union: Union, cast: SimpleNamespace, login: Login) -> None:
    member = new_member(union)
    office = login(cast.staff)
    office.post(f"/members/{member.pk}/reveal/id_number/", {"purpose": "核对会员身份"})

    told = {
        role: login(getattr(cast, role)).get("/disclosures/").context["disclosures"][0]
        for role in ("staff", "auditor", "administrator")
    }

    assert {role: (row["whose"], row["url"]) for role, row in told.items()} == {
        "staff": (f"会员 {member}", f"/members/{member.pk}/"),
        "auditor": (f"会员 {member}", ""),
        "administrator": (f"会员 编号{member.pk}", ""),
    }


def test_looks_are_found_by_their_purpose(union: Union, staff: User, login: Login) -> None:
    for purpose in ("核对会员身份", "办理银行转账"):
        Disclosure.objects.create(user=staff, table="members_member", field="证件号码", purpose=purpose)

    page = login(staff).get("/disclosures/", {"q": "转账"})

    assert [row["row"].purpose for row in page.context["disclosures"]] == ["办理银行转账"]


def test_act_names_settings_accounts_and_links_in_the_words_of_the_office(
    union: Union, cast: SimpleNamespace, login: Login
) -> None:
    with act(ActKind.SETTING, user=cast.staff, summary="混合") as done:
        OfficeSetting.objects.create(key="app.name", value="工人之家", valid_from="2026-01-01")
        User.objects.filter(pk=cast.leader.pk).update(phone="13800000001")
        held = Activity.objects.create(union=union, title="登山", kind=Kind.OTHER, starts_on="2026-03-08")
        held.co_organisers.add(union.parent)

    page = login(cast.auditor).get(f"/acts/{done.pk}/")

    assert {row.title for row in page.context["rows"]} >= {
        "设置 “会员APP名称”自2026-01-01起",
        f"{User._meta.verbose_name} {cast.leader.name}",
    }
    assert {table["title"] for table in page.context["tables"]} >= {"活动的联合主办工会", "设置"}
