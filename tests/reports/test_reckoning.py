"""The plan told in the summary of its year: one sentence for each line, which follows the records and the office."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from activities.choices import Kind
from activities.models import Activity
from members.models import RosterCheck
from reports.checks import _check
from reports.drafting import Order, Override, prepare, standard
from reports.editing import Edit, Edits
from reports.periods import Period
from reports.plan_items import Measure, PlanItem
from reports.summary import Figure
from unionoffice.organisation.models import Union

pytestmark = pytest.mark.django_db
HELD, OVERDUE, CHECKED = (
    "activities.held.count",
    "grassroots.reelection.overdue.count",
    "members.rostercheck.rounds",
)
UNIONS = "grassroots.unions.count"
YEAR_END = date(2025, 1, 10)


def plan(wording: str, **fields: Any) -> PlanItem:
    values = {
        "year": 2024,
        "wording": wording,
        "key": HELD,
        "target": 4,
        "due_on": date(2024, 12, 31),
    } | fields
    return PlanItem.objects.create(**values)


def step(wording: str, **fields: Any) -> PlanItem:
    return plan(wording, key="", target=None, measure=Measure.STEP, **fields)


def by_day(wording: str, due_on: date, key: str = CHECKED) -> PlanItem:
    return plan(wording, key=key, target=None, measure=Measure.DATE, due_on=due_on)


def hold(union: Union, *days: str) -> None:
    for day in days:
        Activity.objects.create(union=union, title=f"健步走{day}", kind=Kind.WALKING, starts_on=day, came=10)


def order(**fields: Any) -> Order:
    return Order(**({"period": Period.of_year(2024), "today": YEAR_END} | fields))


def told(wanted: Order) -> list[str]:
    """The paragraphs below the heading of the plan."""
    texts = ["".join(run.text for run in paragraph.runs) for paragraph in prepare(wanted).summary.paragraphs]
    return texts[texts.index("年度计划落实情况") + 1 :] if "年度计划落实情况" in texts else []


def test_every_line_is_a_sentence_with_its_verdict(union: Union) -> None:
    hold(union, "2024-05-01", "2024-06-01")
    RosterCheck.objects.create(title="核查", partner="税务所", checked_on="2024-05-08")
    plan("办好活动", target=2)
    plan("多办活动。", target=4)
    plan("办招聘会", key="activities.job_fair.count", target=1)
    plan("清理超期", key=OVERDUE, target=0, measure=Measure.AT_MOST)
    plan("工会不超过一家", key=UNIONS, target=0, measure=Measure.AT_MOST)
    by_day("核对名册", date(2024, 6, 30))
    by_day("再核名册", date(2024, 4, 30))
    by_day("春季健步走", date(2024, 3, 31), key="activities.lecture.count")
    step("建成职工之家", done_on=date(2024, 7, 1))
    step("修活动室", cancelled_on=date(2024, 5, 1), cancel_reason="场地收回")

    first, *lines = told(order())

    assert first == "2024年列入计划10项，完成4项、逾期完成1项、部分完成1项、未完成3项、取消1项。"
    assert sorted(lines) == sorted(
        [
            "办好活动：举办活动场次目标2场，实际2场，已完成。",
            "多办活动：举办活动场次目标4场，实际2场，部分完成。",
            "办招聘会：招聘会目标1场，没有记录，未完成。",
            "清理超期：超期未换届工会数要求清零，实际没有，已完成。",
            "工会不超过一家：基层工会数要求清零，实际1家，未完成。",
            "核对名册：5月8日办成，全年共1次，按期完成。",
            "再核名册：5月8日办成，全年共1次，晚于计划的4月30日。",
            "春季健步走：计划3月31日前办成，没有记录，未完成。",
            "建成职工之家：已于7月1日办成。",
            "修活动室：已取消，原因是场地收回。",
        ]
    )


def test_figures_of_the_plan_are_traced_like_any_other(union: Union) -> None:
    hold(union, "2024-05-01")
    plan("办好活动", target=1)

    paragraphs = prepare(order()).summary.paragraphs
    figures = [run for paragraph in paragraphs for run in paragraph.runs if isinstance(run, Figure)]

    assert [(f.key, f.text, f.records) for f in figures if f.key == HELD][-1] == (HELD, "1场", 1)


def test_a_figure_typed_over_decides_the_verdict(union: Union) -> None:
    hold(union, "2024-05-01")
    plan("办好活动", target=3)

    assert told(order())[1] == "办好活动：举办活动场次目标3场，实际1场，部分完成。"
    overridden = order(overrides={HELD: Override(Decimal(3), "漏登两场")})
    assert told(overridden) == [
        "2024年列入计划1项，完成1项。",
        "办好活动：举办活动场次目标3场，实际3场，已完成。",
    ]


def test_what_was_reached_in_part_says_why(union: Union) -> None:
    hold(union, "2024-05-01")
    plan("办好活动", target=3, lag_reason="汛期停办两场。")

    assert told(order())[1] == "办好活动：举办活动场次目标3场，实际1场，部分完成，原因是汛期停办两场。"


def test_what_is_carried_over_says_so(union: Union) -> None:
    old = step("建成职工之家")
    step("修活动室")
    step("建成职工之家", year=2025, due_on=date(2025, 12, 31), carried_from=old)

    assert told(order())[1:] == ["建成职工之家：未完成，结转2025年继续办理。", "修活动室：未完成。"]


def test_the_office_may_reword_and_leave_out(union: Union) -> None:
    hold(union, "2024-05-01")
    kept, dropped = plan("办好活动", target=1), step("修活动室")
    edits = Edits(
        [
            Edit("sentence", f"plan.line.{kept.pk}", text="活动办得好，共{activities.held.count}。"),
            Edit("sentence", f"plan.line.{dropped.pk}", is_included=False),
        ]
    )

    assert told(order(edits=edits)) == ["2024年列入计划2项，完成1项、未完成1项。", "活动办得好，共1场。"]


def test_signs_of_the_grammar_in_a_line_are_harmless(union: Union) -> None:
    step("做[好]{服务}|帮扶")

    assert told(order())[1] == "做（好）（服务）、帮扶：未完成。"


def test_a_line_of_a_figure_nobody_offers_any_longer_is_told(union: Union) -> None:
    plan("旧指标", key="gone.thing.count")

    assert told(order())[1] == "旧指标：所用的数据已经停用，没有核对。"


def test_only_a_year_with_a_plan_is_reckoned_up(union: Union, other_union: Union) -> None:
    hold(union, "2024-05-01")
    plan("办好活动", union=other_union, target=1)

    assert told(order()) == []
    assert told(order(union=union)) == []
    assert told(order(union=other_union))[1] == "办好活动：举办活动场次目标1场，没有记录，未完成。"
    plan("办好活动", target=1)
    assert told(order())
    assert told(order(period=Period.chosen(2024, "month5"))) == []
    assert told(order(kind="plan")) == []


def test_every_wording_can_be_written(union: Union) -> None:
    for measure in (Measure.REACH, Measure.AT_MOST):
        plan("甲", measure=measure)
    by_day("乙", date(2024, 6, 30))
    step("丙")

    assert [str(message) for message in _check(standard(order())) if "plan_" not in str(message)] == []


def test_a_plan_names_its_targets_with_day_and_owner() -> None:
    plan("办好活动", year=2025, target=20, due_on=date(2025, 12, 31), owner="王芳")
    plan("清理[超期]。", year=2025, key=OVERDUE, target=0, measure=Measure.AT_MOST, due_on=date(2025, 6, 30))
    step("建成职工之家", year=2025, due_on=date(2025, 9, 15))
    step("不办了", year=2025, cancelled_on=date(2025, 1, 2), cancel_reason="场地不落实")
    step("去年的事")

    def listed(kind: str) -> list[str]:
        texts = [paragraph.text for paragraph in prepare(order(kind=kind)).summary.paragraphs]
        return texts[texts.index("明确目标任务") + 1 :] if "明确目标任务" in texts else []

    expected = [
        "清理（超期）：超期未换届工会数清零，6月底前完成。",
        "建成职工之家：9月15日前完成。",
        "办好活动：举办活动场次达到20场，年底前完成，由王芳负责。",
    ]
    assert listed("plan") == listed("both") == expected
    assert listed("summary") == []


def test_a_year_without_a_plan_announces_nothing() -> None:
    texts = [paragraph.text for paragraph in prepare(order(kind="plan")).summary.paragraphs]

    assert "明确目标任务" not in texts
