"""The plan: suggested, moved by the records, coloured by day and figure, reconciled, carried over or not."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from types import SimpleNamespace

import docx
import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from activities.choices import Kind
from activities.models import Activity
from members.models import RosterCheck
from reports.models import Report
from reports.plan_items import Measure, PlanItem
from reports.plans import board, not_carried, reconciliation, suggestions, take
from unionoffice.organisation.models import Union, User

Login = Callable[[User], Client]
HELD = "activities.held.count"
COVERAGE = "grassroots.unions.count"
CHECKED = "members.rostercheck.rounds"


def hold(union: Union, *days: str) -> None:
    for day in days:
        Activity.objects.create(union=union, title=f"健步走{day}", kind=Kind.WALKING, starts_on=day, came=10)


def plan(year: int = 2024, **fields: object) -> PlanItem:
    values = {"wording": "办好活动", "key": HELD, "target": 4, "due_on": date(year, 12, 31)} | fields
    return PlanItem.objects.create(year=year, **values)


@pytest.mark.parametrize(
    ("today", "held", "tone", "word"),
    [
        (date(2024, 3, 1), 0, "warn", "偏慢"),
        (date(2024, 3, 1), 1, "good", "按进度"),
        (date(2024, 7, 1), 1, "warn", "偏慢"),
        (date(2024, 7, 1), 4, "good", "已完成"),
        (date(2025, 1, 2), 3, "bad", "部分完成"),
        (date(2025, 1, 2), 0, "bad", "未完成"),
    ],
)
def test_a_yearly_count_is_held_against_an_even_pace(
    union: Union, today: date, held: int, tone: str, word: str
) -> None:
    plan()
    hold(union, *(f"2024-02-{day:02}" for day in range(1, held + 1)))

    assert [(s.tone, s.word) for s in board(2024, None, today)] == [(tone, word)]


def test_a_target_is_moved_by_the_records(union: Union) -> None:
    plan()
    today = date(2024, 12, 1)
    before = board(2024, None, today)[0]
    hold(union, "2024-05-01", "2024-06-01")
    after = board(2024, None, today)[0]

    assert (before.shown, before.percent) == ("0场", 0)
    assert (after.shown, after.percent, after.target) == ("2场", 50, "4场")


def test_a_step_and_an_upper_bound(union: Union, other_union: Union) -> None:
    step = plan(wording="开一次会", key="", target=None, measure=Measure.STEP, due_on=date(2024, 6, 30))
    plan(wording="工会不超过2家", key=COVERAGE, target=2, measure=Measure.AT_MOST)

    assert [s.word for s in board(2024, None, date(2024, 1, 5))] == ["按进度", "已完成"]
    assert [s.word for s in board(2024, None, date(2024, 6, 1))] == ["快到期", "已完成"]
    step.done_on = date(2024, 6, 2)
    step.save()
    assert [s.word for s in board(2024, None, date(2024, 7, 1))] == ["已完成", "已完成"]


def test_a_bound_of_none_is_worded_as_clearing_up(union: Union) -> None:
    plan(wording="清理", key=COVERAGE, target=0, measure=Measure.AT_MOST)
    plan(wording="不超过", key=COVERAGE, target=2, measure=Measure.AT_MOST)

    assert [line.target for line in board(2024, None, date(2024, 1, 5))] == ["清零", "不超过2家"]


def test_a_unions_plan_counts_its_own_records(union: Union, other_union: Union) -> None:
    plan(union=union)
    hold(union, "2024-05-01")
    hold(other_union, "2024-05-01", "2024-06-01")

    assert [s.shown for s in board(2024, union, date(2024, 12, 1))] == ["1场"]
    assert board(2024, None, date(2024, 12, 1)) == []


def test_suggestions_come_from_what_went_well_and_leave_out_what_is_planned(union: Union) -> None:
    hold(union, "2024-05-01", "2024-06-01")
    found = {s.key: s for s in suggestions(2025, None, date(2025, 1, 5))}

    assert (found[HELD].target, found[HELD].due_on) == (Decimal(2), date(2025, 12, 31))
    assert found[HELD].why == "上年做得好：举办活动场次2场，继续保持"
    plan(2025, target=5)
    assert HELD not in {s.key for s in suggestions(2025, None, date(2025, 1, 5))}


def test_quotas_of_a_year_and_cancelled_items_are_not_carried_over(union: Union) -> None:
    plan(wording="办四场活动")
    step = plan(wording="建成职工之家", key="", target=None, measure=Measure.STEP)
    plan(wording="工会达到九家", key=COVERAGE, target=9)
    gone = plan(
        wording="修活动室",
        key="",
        target=None,
        measure=Measure.STEP,
        cancelled_on=date(2024, 5, 1),
        cancel_reason="场地收回",
    )
    today = date(2025, 1, 5)
    carried = {s.wording: s.carried for s in suggestions(2025, None, today) if s.carried}

    assert set(carried) == {"建成职工之家", "工会达到九家"}
    assert carried["建成职工之家"] == step
    assert [(left.item.wording, left.why) for left in not_carried(2025, None, today)] == [
        ("办四场活动", "年度指标，不结转"),
        (gone.wording, "已取消：场地收回"),
    ]


def test_what_is_left_of_a_yearly_count_is_carried_over_where_its_line_says_so(union: Union) -> None:
    hold(union, "2024-05-01")
    plan(wording="办四场活动", carries_rest=True)
    plan(wording="讲座不超过零场", target=0, measure=Measure.AT_MOST)
    plan(wording="工会达到九家", key=COVERAGE, target=9, carries_rest=True)
    today = date(2025, 1, 5)
    carried = [s for s in suggestions(2025, None, today) if s.carried]

    assert {s.wording: s.target for s in carried if s.key == COVERAGE} == {"工会达到九家": 9}
    assert {s.wording: s.target for s in carried if s.key == HELD} == {"办四场活动": 3}
    assert [left.item.wording for left in not_carried(2025, None, today)] == []
    assert [item.carries_rest for item in take(carried, 2025, None)] == [True, True]


def test_an_upper_bound_of_a_yearly_count_is_carried_over_as_it_is(union: Union) -> None:
    hold(union, "2024-05-01", "2024-05-02")
    plan(wording="活动不超过一场", target=1, measure=Measure.AT_MOST)

    (carried,) = [s for s in suggestions(2025, None, date(2025, 1, 5)) if s.carried]

    assert (carried.measure, carried.target) == (Measure.AT_MOST, 1)


def test_a_later_change_of_a_figure_moves_the_carry_over_of_the_next_plan_only(union: Union) -> None:
    item = plan(2024, wording="工会达到两家", key=COVERAGE, target=2)
    today = date(2025, 1, 5)
    taken = suggestions(2025, None, today)[0]
    kept = plan(2025, wording=taken.wording, key=taken.key, target=taken.target, carried_from=taken.carried)
    Union.objects.create(name="新会", kind="single", founded_on="2024-03-01", parent=union.parent)

    assert (taken.carried, kept.carried_from) == (item, item)
    assert not [s for s in suggestions(2025, None, today) if s.carried]
    assert PlanItem.objects.filter(year=2025).get() == kept


def test_reconciliation_tells_every_line(union: Union) -> None:
    hold(union, "2024-05-01")
    plan(wording="一", target=1)
    plan(wording="二", target=2)
    plan(wording="三", key="activities.lecture.count", target=1)
    plan(wording="四", cancelled_on=date(2024, 5, 1), cancel_reason="并入第一项")

    assert [(s.item.wording, s.word) for s in reconciliation(2024, None, date(2024, 12, 20))] == [
        ("一", "已完成"),
        ("二", "部分完成"),
        ("三", "未完成"),
        ("四", "已取消"),
    ]


def check_rosters(*days: str) -> None:
    for day in days:
        RosterCheck.objects.create(title=f"核查{day}", partner="税务所", checked_on=day)


@pytest.mark.parametrize(
    ("today", "checked", "tone", "word", "shown"),
    [
        (date(2024, 2, 1), (), "good", "按进度", ""),
        (date(2024, 5, 20), (), "warn", "快到期", ""),
        (date(2024, 7, 1), (), "bad", "未完成", ""),
        (date(2024, 7, 1), ("2024-06-30", "2024-05-08"), "good", "已完成", "5月8日办成"),
        (date(2024, 7, 3), ("2024-07-02",), "warn", "逾期完成", "7月2日办成"),
        (date(2024, 7, 3), ("2023-05-08",), "bad", "未完成", ""),
    ],
)
def test_something_to_be_done_by_a_day_is_done_by_its_first_record(
    db: None, today: date, checked: tuple[str, ...], tone: str, word: str, shown: str
) -> None:
    plan(wording="核对名册", key=CHECKED, target=None, measure=Measure.DATE, due_on=date(2024, 6, 30))
    check_rosters(*checked)

    [found] = board(2024, None, today)

    assert (found.tone, found.word, found.shown) == (tone, word, shown)
    assert found.target == "6月30日前办成"


def test_what_was_not_done_by_its_day_is_carried_over_and_what_was_late_is_not(db: None) -> None:
    late = plan(wording="核对名册", key=CHECKED, target=None, measure=Measure.DATE, due_on=date(2024, 6, 30))
    missed = plan(
        wording="健步走",
        key="activities.walking.count",
        target=None,
        measure=Measure.DATE,
        due_on=date(2024, 9, 30),
    )
    check_rosters("2024-08-01")
    today = date(2025, 1, 5)

    carried = [s for s in suggestions(2025, None, today) if s.carried]

    assert [(s.carried, s.measure, s.due_on) for s in carried] == [(missed, "date", date(2025, 9, 30))]
    assert late not in [left.item for left in not_carried(2025, None, today)]


def test_what_was_done_last_year_is_suggested_by_a_day(db: None) -> None:
    check_rosters("2024-05-08")

    found = {s.key: s for s in suggestions(2025, None, date(2025, 1, 5))}[CHECKED]

    assert (found.measure, found.target, found.due_on) == ("date", None, date(2025, 6, 30))


def test_the_database_wants_a_whole_target(db: None) -> None:
    for wrong in (
        {"key": ""},
        {"target": None},
        {"measure": Measure.STEP},
        {"measure": Measure.DATE},
        {"measure": Measure.DATE, "target": None, "key": ""},
        {"cancelled_on": date(2024, 1, 1)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            plan(**wrong)


def test_a_plan_is_made_from_suggestions_on_the_page(
    cast: SimpleNamespace, login: Login, union: Union
) -> None:
    client, year = login(cast.staff), date.today().year
    hold(union, f"{year - 1}-05-01", f"{year - 1}-06-01")
    page = client.get(f"/plan/{year}/suggestions/")
    names = [s.name for s in page.context["proposed"]]
    client.post(f"/plan/{year}/suggestions/", {"take": names[:1]})
    item = PlanItem.objects.get()
    client.post(
        f"/plan/items/{item.pk}/",
        {"wording": item.wording, "measure": "reach", "key": HELD, "target": "9", "due_on": f"{year}-06-30"},
    )
    shown = client.get(f"/plan/{year}/").context["standings"][0][0]

    assert (shown.fact.key, shown.target) == (HELD, "9场")
    assert 'name="target" value="9"' in client.get(f"/plan/items/{item.pk}/").content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"key": ""}, "key"),
        ({"target": ""}, "target"),
        ({"target": "-1"}, "target"),
        ({"key": "grassroots.units.coverage_rate", "target": "101"}, "target"),
        ({"due_on": "2020-01-01"}, "due_on"),
        ({"measure": "date", "key": COVERAGE}, "key"),
    ],
)
def test_wrong_lines_are_told_beside_the_field(
    cast: SimpleNamespace, login: Login, changes: dict[str, str], field: str
) -> None:
    year = date.today().year
    data = {"wording": "办活动", "measure": "reach", "key": HELD, "target": "9", "due_on": f"{year}-06-30"}
    page = login(cast.staff).post(f"/plan/{year}/new/", data | changes)

    assert list(page.context["form"].errors) == [field]
    assert not PlanItem.objects.exists()


def test_cancelling_wants_a_reason(cast: SimpleNamespace, login: Login) -> None:
    item, client = plan(), login(cast.staff)
    client.post(f"/plan/items/{item.pk}/cancel/", {"reason": " "})
    item.refresh_from_db()
    assert item.cancelled_on is None

    client.post(f"/plan/items/{item.pk}/cancel/", {"reason": "经费调整"})
    item.refresh_from_db()
    assert item.cancel_reason == "经费调整"
    client.post(f"/plan/items/{item.pk}/resume/")
    item.refresh_from_db()
    assert item.cancelled_on is None


def test_readers_see_the_board_and_change_nothing(
    cast: SimpleNamespace, login: Login, union: Union, other_union: Union
) -> None:
    town, own = plan(), plan(union=union, wording="本会办活动")
    assert "办好活动" in login(cast.leader).get("/plan/2024/").content.decode()
    page = login(cast.chair).get("/plan/2024/").content.decode()
    assert "本会办活动" in page
    assert "办好活动" not in page
    assert login(cast.chair).get(f"/plan/2024/?union={other_union.pk}").status_code == 404
    assert login(cast.mediator).get("/plan/2024/").status_code == 403
    for role in ("leader", "chair", "auditor"):
        client = login(getattr(cast, role))
        assert client.get("/plan/2024/suggestions/").status_code == 403
        assert client.get("/plan/2024/new/").status_code == 403
        assert client.post(f"/plan/items/{own.pk}/delete/").status_code == 403
        assert client.post(f"/plan/items/{town.pk}/done/").status_code == 403


def test_the_summary_of_a_planned_year_reconciles_it(
    cast: SimpleNamespace, login: Login, union: Union
) -> None:
    hold(union, "2024-05-01")
    plan(target=1)
    client = login(cast.staff)
    client.post("/reports/drafts/", {"year": 2024})
    client.post("/reports/drafts/", {"year": 2024, "span": "half1"})
    client.post("/reports/drafts/", {"year": 2023, "span": "year"})
    year = Report.objects.get(start="2024-01-01", end="2024-12-31")
    found = docx.Document(BytesIO(client.get(f"/reports/drafts/{year.pk}/document.docx").content))

    assert [cell.text for cell in found.tables[1].rows[1].cells][1:] == [
        "办好活动",
        "举办活动场次1场",
        "1场",
        "已完成",
    ]
    assert Report.objects.get(end="2024-06-30").tables == []


def test_a_line_to_be_done_by_a_day_is_made_on_the_page(cast: SimpleNamespace, login: Login) -> None:
    year = date.today().year
    data = {
        "wording": "核对名册",
        "measure": "date",
        "key": CHECKED,
        "target": "3",
        "due_on": f"{year}-06-30",
    }
    client = login(cast.staff)

    client.post(f"/plan/{year}/new/", data)

    item = PlanItem.objects.get()
    assert (item.measure, item.key, item.target) == ("date", CHECKED, None)
    assert "6月30日前办成" in client.get(f"/plan/{year}/").content.decode()
