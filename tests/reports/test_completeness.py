"""What a document lacks, who is asked for it, and figures that contradict each other."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import pytest
from django.test import Client

from activities.choices import Kind
from activities.models import Activity
from members.choices import EventKind
from members.choices import State as MemberState
from members.models import Member, MembershipEvent
from reports import contradictions as rules
from reports.contradictions import AtMost, Balance, contradictions
from reports.models import Ask
from reports.outlines.shared import NO_LACK
from unionoffice.facts import Scope, registry
from unionoffice.organisation.models import Union, User
from unionoffice.records import desk

PAGE = "/reports/completeness/"
YEAR = Scope(date(2024, 1, 1), date(2024, 12, 31), date(2024, 12, 31))
Login = Callable[[User], Client]


@pytest.mark.parametrize(
    ("role", "status"), [("staff", 200), ("chair", 200), ("leader", 403), ("auditor", 403), ("mediator", 403)]
)
def test_who_looks_for_gaps(cast: SimpleNamespace, login: Login, role: str, status: int) -> None:
    assert login(getattr(cast, role)).get(f"{PAGE}?year=2024").status_code == status


def test_the_way_there_stands_on_the_documents_page(cast: SimpleNamespace, login: Login) -> None:
    for role, is_shown in (("staff", True), ("chair", True), ("leader", False)):
        assert (PAGE in login(getattr(cast, role)).get("/reports/").content.decode()) is is_shown


def test_gaps_name_their_ledger_and_the_sentence(cast: SimpleNamespace, login: Login, walk: Activity) -> None:
    response = login(cast.staff).get(f"{PAGE}?year=2024")
    found = {lack.fact.key: lack for lack in response.context["lacks"]}

    assert found["activities.job_fair.count"].url == "/activities/"
    assert found["activities.job_fair.count"].reason == "没有记录"
    assert {str(union) for union in found["activities.job_fair.count"].unions} == {
        str(cast.chair.union),
        str(cast.other_chair.union),
    }
    assert "activities.walking.count" not in found


def test_a_sentence_left_out_as_a_whole_is_shown_before_one_cut_short(
    cast: SimpleNamespace, login: Login, walk: Activity
) -> None:
    lacks = login(cast.staff).get(f"{PAGE}?year=2024").context["lacks"]
    stars = next(lack for lack in lacks if lack.fact.key == "grassroots.stars.new_five.count")

    assert stars.whole
    assert stars.sentences[0].startswith("深化星级基层工会创建")


def test_what_did_not_happen_and_need_not_is_no_gap(
    cast: SimpleNamespace, login: Login, walk: Activity
) -> None:
    lacks = login(cast.staff).get(f"{PAGE}?year=2024").context["lacks"]
    keys = {lack.fact.key for lack in lacks}

    assert {fact.key for fact in registry} >= NO_LACK
    assert not keys & NO_LACK
    assert "welfare.visits.retirement.persons" in keys


def test_a_chair_asks_nobody(cast: SimpleNamespace, login: Login, walk: Activity) -> None:
    client = login(cast.chair)

    assert "请主席补登" not in client.get(f"{PAGE}?year=2024").content.decode()
    assert client.post(f"{PAGE}ask/?year=2024", {"fact": "activities.job_fair.count"}).status_code == 403


def test_a_request_stands_on_the_chairs_desk_until_the_records_answer_it(
    cast: SimpleNamespace, login: Login, union: Union
) -> None:
    year = date.today().year
    client = login(cast.staff)
    data = {"fact": "activities.job_fair.count", "to": union.pk}
    client.post(f"{PAGE}ask/?year={year}", data)
    client.post(f"{PAGE}ask/?year={year}", data)

    def asked(user: User) -> list[str]:
        return [reminder.title for reminder in desk.reminders(user) if "请补登" in reminder.title]

    assert Ask.objects.count() == 1
    assert asked(cast.chair) == ["请补登：招聘会"]
    assert asked(cast.other_chair) == []
    assert asked(cast.staff) == []
    Activity.objects.create(
        union=union, title="招聘会", kind=Kind.JOB_FAIR, starts_on=f"{year}-01-01", came=9
    )
    assert asked(cast.chair) == []


def test_every_chair_can_be_asked_at_once(cast: SimpleNamespace, login: Login) -> None:
    login(cast.staff).post(f"{PAGE}ask/?year=2024", {"fact": "activities.job_fair.count", "to": ""})

    assert set(Ask.objects.values_list("union", flat=True)) == {
        cast.chair.union_id,
        cast.other_chair.union_id,
    }


def test_sound_records_contradict_nothing(walk: Activity) -> None:
    assert contradictions(YEAR) == []


def test_a_stock_that_does_not_follow_from_what_came_and_went_is_told(
    union: Union, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = Member.objects.create(
        name="王秀英", id_number="11010519491231002X", union=union, joined_on="2024-02-01", sex="2"
    )
    MembershipEvent.objects.create(
        member=member, on="2024-02-01", kind=EventKind.JOIN, union=union, state=MemberState.ACTIVE
    )
    assert contradictions(YEAR) == []

    deaf = Balance("R5", "会员", ("members.active.count",), (), ("members.left.count",))
    monkeypatch.setattr(rules, "BALANCES", (deaf,))
    assert [(c.rule, c.message) for c in contradictions(YEAR)] == [
        ("R5", "会员期初0＋增加0－减少0＝0，与期末1不符")
    ]


def test_a_part_above_its_whole_is_told(walk: Activity, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        rules, "AT_MOST", (AtMost("R7", "activities.attendance.person_times", "activities.held.count"),)
    )

    assert [(c.rule, c.message) for c in contradictions(YEAR)] == [
        ("R7", "参加活动人次（189人次）多于举办活动场次（1场）")
    ]


def test_figures_that_doubled_look_odd(cast: SimpleNamespace, login: Login, walk: Activity) -> None:
    Activity.objects.create(
        union=walk.union, title="健步走", kind=Kind.WALKING, starts_on="2023-03-05", came=60
    )
    odd = login(cast.staff).get(f"{PAGE}?year=2024").context["odd"]

    assert {found.now.fact.key: found.text for found, _ in odd}["activities.attendance.person_times"] == (
        "189人次，上年60人次"
    )


def test_any_window_can_be_looked_at(cast: SimpleNamespace, login: Login, walk: Activity) -> None:
    page = login(cast.staff).get(f"{PAGE}?year=2024&span=window&start=2024-03-01&end=2024-05-10")

    assert "2024年3月1日至5月10日" in page.content.decode()
    assert (
        "自选时期要填起始日期和截止日期"
        in login(cast.staff).get(f"{PAGE}?year=2024&span=window").content.decode()
    )
