"""What a document lacks, who is asked for it, and figures that contradict each other."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from activities.choices import Kind
from activities.models import Activity
from members.choices import EventKind
from members.choices import State as MemberState
from members.models import Member, MembershipEvent
from reports import contradictions as rules
from reports.completeness import lacks
from reports.contradictions import AtMost, Balance, contradictions
from reports.drafting import Draft, Order, Override, prepare
from reports.finalising import check, finalise
from reports.models import Ask, Report
from reports.outlines.shared import NO_LACK
from reports.periods import Period
from tests.welfare.samples import visit
from unionoffice.facts import registry
from unionoffice.organisation.models import OfficeSetting, Union, User
from unionoffice.records import desk

PAGE = "/reports/completeness/"
Login = Callable[[User], Client]


def year(number: int = 2024, **changes: Any) -> Draft:
    """The summary of a year that is over."""
    return prepare(Order(Period.of_year(number), today=date(2026, 3, 1), **changes))


def said(draft: Draft) -> list[tuple[str, str]]:
    return [(found.rule, found.message) for found in contradictions(draft)]


def join(union: Union, name: str, number: str, on: str) -> None:
    member = Member.objects.create(name=name, id_number=number, union=union, joined_on=on, sex="2")
    MembershipEvent.objects.create(
        member=member, on=on, kind=EventKind.JOIN, union=union, state=MemberState.ACTIVE
    )


@pytest.fixture
def four_members(union: Union) -> None:
    """One of the years before, two who joined by October, one who joined in November."""
    join(union, "王秀英", "11010519491231002X", "2020-02-01")
    join(union, "王秀兰", "110105194912310046", "2024-02-01")
    join(union, "王秀云", "110105194912310062", "2024-03-01")
    join(union, "王秀华", "110105194912310089", "2024-11-20")


def test_figure_from_which_something_is_missing_is_told_with_its_sentence(
    union: Union, cast: SimpleNamespace
) -> None:
    for name, reached in (("环卫一班", 12), ("环卫二班", None)):
        visit(union, "2024-07-20", name=name, recipient="team", reached=reached)

    found = {lack.fact.key: lack for lack in lacks(year(), cast.staff)}["welfare.visits.persons"]

    assert (found.tag, found.reason) == ("数字不全", "1条集体记录没有填“慰问人数”，没有计入")
    assert any("慰问职工及家属12名" in sentence for sentence in found.sentences)


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
    assert contradictions(year()) == []


def test_a_stock_that_does_not_follow_from_what_came_and_went_is_told(
    union: Union, monkeypatch: pytest.MonkeyPatch
) -> None:
    join(union, "王秀英", "11010519491231002X", "2024-02-01")
    assert contradictions(year()) == []

    deaf = Balance("R5", "会员", ("members.active.count",), (), ("members.left.count",))
    monkeypatch.setattr(rules, "BALANCES", (deaf,))
    assert said(year()) == [("R5", "会员期初0＋增加0－减少0＝0，与期末1不符")]


def test_totals_and_movements_of_a_finished_year_end_on_its_last_day(four_members: None) -> None:
    text = "".join(paragraph.text for paragraph in year().summary.paragraphs)

    assert "截至年底" in text
    assert "会员总数4名，比上年增加3名" in text
    assert "全年发展会员3名" in text
    assert contradictions(year()) == []


@pytest.mark.parametrize("is_setting", [True, False], ids=["setting", "document"])
def test_totals_of_an_earlier_day_are_told_beside_movements(four_members: None, is_setting: bool) -> None:
    if is_setting:
        OfficeSetting.objects.create(key="asof.organisation", value="10-31", valid_from="2020-01-01")
    draft = year() if is_setting else year(days=(("organisation", date(2024, 10, 31)),))
    text = "".join(paragraph.text for paragraph in draft.summary.paragraphs)

    assert "会员总数3名" in text
    assert "全年（至12月31日，总数截至10月31日）发展会员3名" in text
    assert said(draft) == [
        (
            "R5",
            "会员期初1＋增加3－减少0＝4，与期末3不符（总数截至2024年10月31日，增减截至2024年12月31日）",
        )
    ]


def test_a_figure_typed_over_is_balanced_as_it_is_printed(four_members: None) -> None:
    typed = year(overrides={"members.active.count": Override(5, "市里的数")})

    assert said(typed) == [("R5", "会员期初1＋增加3－减少0＝4，与期末5不符")]


def test_a_year_opens_as_the_final_document_before_it_closed(
    four_members: None, union: Union, cast: SimpleNamespace, login: Login
) -> None:
    def report(number: int) -> Report:
        return Report.objects.create(
            kind="summary",
            start=date(number, 1, 1),
            end=date(number, 12, 31),
            title=f"{number}年度工作总结",
            created_by=cast.staff,
        )

    last = report(2024)
    check(last, user=cast.staff)
    finalise(last, user=cast.staff)
    assert contradictions(year(2025)) == []

    join(union, "王秀芳", "110105194912310100", "2024-12-20")

    told = "会员总数期初为5名（2024年12月31日），上期定稿为4名（截至2024年12月31日）"
    assert said(year(2025)) == [("R14", told)]
    for page in (report(2025).get_absolute_url(), f"{PAGE}?year=2025"):
        assert told in login(cast.staff).get(page).content.decode()


def test_a_part_above_its_whole_is_told(walk: Activity, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        rules, "AT_MOST", (AtMost("R7", "activities.attendance.person_times", "activities.held.count"),)
    )

    assert said(year()) == [("R7", "参加活动人次（189人次）多于举办活动场次（1场）")]


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
