"""A document from draft to final: what is frozen, what nobody can change, and what is told when data moves."""

import hashlib
from datetime import date
from decimal import Decimal
from io import BytesIO

import docx
import pytest
from django.db import IntegrityError, connection, transaction

from activities.choices import Kind
from activities.models import Activity
from reports import document
from reports.drafting import CannotDraft, prepare
from reports.finalising import NotNow, check, finalise, new_version, reopen
from reports.handing_out import FINAL, mark
from reports.models import FigureOverride, FrozenFigure, Report, ReportText, State
from reports.moves import moved_figures
from reports.plan_items import PlanItem
from reports.storing import restored
from unionoffice.organisation.models import Union, User
from unionoffice.records.history import act
from unionoffice.records.models import Act, ActKind
from unionoffice.records.taking_back import CannotTakeBack, take_back


@pytest.fixture
def walks(union: Union, other_union: Union) -> list[Activity]:
    return [
        Activity.objects.create(
            union=holder, title=title, kind=Kind.WALKING, starts_on="2024-03-05", came=came
        )
        for holder, title, came in ((union, "环湖健步走", 189), (other_union, "秋季健步走", 40))
    ]


@pytest.fixture
def report(walks: list[Activity], staff: User) -> Report:
    return Report.objects.create(
        kind="summary",
        start=date(2024, 1, 1),
        end=date(2024, 12, 31),
        title="青溪镇总工会2024年度工作总结",
        created_by=staff,
        signed_on=date(2025, 1, 5),
    )


@pytest.fixture
def final(report: Report, staff: User) -> Report:
    check(report, user=staff)
    return finalise(report, user=staff)


def figure(report: Report, key: str) -> FrozenFigure:
    return report.figures.get(key=key, compared=False)


def test_a_final_report_keeps_file_text_figures_and_rows(
    final: Report, walks: list[Activity], staff: User
) -> None:
    held = figure(final, "activities.held.count")
    content = final.file.read()

    assert final.state == State.FINAL
    assert (final.finalised_by, final.sha256) == (staff, hashlib.sha256(content).hexdigest())
    assert document.write(restored(final.frozen["summary"]), mark(final, FINAL)) == content
    assert (held.printed, held.counted, held.unit) == ("2场", "2", "场")
    assert sorted(held.record_ids) == [walk.pk for walk in walks]
    assert (held.start, held.end) == (date(2024, 1, 1), date(2024, 12, 31))


def test_steps_go_in_order(report: Report, staff: User) -> None:
    with pytest.raises(NotNow, match="草稿"):
        finalise(report, user=staff)
    check(report, user=staff)
    with pytest.raises(NotNow, match="已核对"):
        check(report, user=staff)
    reopen(report, user=staff)
    report.refresh_from_db()

    assert (report.state, report.checked_by) == (State.DRAFT, None)


def test_nothing_to_write_is_not_finalised(town: Union, staff: User) -> None:
    empty = Report.objects.create(
        kind="summary", start="2024-01-01", end="2024-12-31", title="空", created_by=staff
    )
    check(empty, user=staff)

    with pytest.raises(CannotDraft, match="2024年还没有可以写入的记录"):
        finalise(empty, user=staff)
    empty.refresh_from_db()
    assert (empty.state, empty.figures.count()) == (State.CHECKED, 0)


@pytest.mark.parametrize(
    "statement",
    [
        "update reports_report set title = 'x' where id = {report}",
        "update reports_report set state = 'draft' where id = {report}",
        "delete from reports_report where id = {report}",
        "update reports_frozenfigure set printed = '9场' where report_id = {report}",
        "delete from reports_frozenfigure where report_id = {report}",
        "delete from reports_figureoverride where report_id = {report}",
        "update reports_reporttext set text = 'x' where report_id = {report}",
        "insert into reports_figureoverride (report_id, key, names, reason) values ({report}, 'a.b', '{{}}', 'x')",
        "update records_blob set data = 'x' where id = {file}",
        "delete from records_blob where id = {file}",
    ],
)
def test_the_database_refuses_to_touch_a_final_report(report: Report, staff: User, statement: str) -> None:
    FigureOverride.objects.create(report=report, key="activities.held.count", number=3, reason="少记一场")
    ReportText.objects.create(report=report, level="section", key="activities.total", text="办好活动")
    check(report, user=staff)
    final = finalise(report, user=staff)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(report=final.pk, file=final.file_id))


def test_an_undo_does_not_reach_a_final_report(final: Report, staff: User) -> None:
    done = Act.objects.get(summary=f"定稿 {final}")

    with pytest.raises(CannotTakeBack):
        take_back(done, user=staff)


def test_a_moved_figure_names_the_act_and_the_person(
    final: Report, walks: list[Activity], union: Union, staff: User
) -> None:
    assert moved_figures(final) == []
    with act(ActKind.CREATE, user=staff, summary="补录活动"):
        Activity.objects.create(
            union=union, title="登山", kind=Kind.ECO_HIKING, starts_on="2024-05-01", came=10
        )
    moves = {move.figure.key: move for move in moved_figures(final)}
    held = moves["activities.held.count"]

    assert (held.figure.printed, held.now, held.added, held.removed) == ("2场", "3场", 1, 0)
    assert [(done.summary, done.user) for done in held.acts] == [("补录活动", staff)]
    assert "activities.walking.count" not in moves


def test_a_changed_row_that_stayed_is_traced_too(final: Report, walks: list[Activity], staff: User) -> None:
    with act(ActKind.CHANGE, user=staff, summary="改人数"):
        Activity.objects.filter(pk=walks[0].pk).update(came=289)
    moves = {move.figure.key: move for move in moved_figures(final)}

    assert [done.summary for done in moves["activities.attendance.person_times"].acts] == ["改人数"]


def test_a_list_that_moved_names_what_came_and_what_went(
    final: Report, walks: list[Activity], staff: User
) -> None:
    with act(ActKind.CHANGE, user=staff, summary="改名"):
        Activity.objects.filter(pk=walks[0].pk).update(title="春日健步走")
    moves = {move.figure.key: move for move in moved_figures(final)}

    moved = moves["activities.walking.titles"]
    assert (moved.came, moved.went) == (("春日健步走",), (walks[0].title,))


def test_a_new_version_leaves_the_old_one_as_it_was(
    final: Report, walks: list[Activity], staff: User
) -> None:
    before = final.file.read()
    second = new_version(final, user=staff)
    walks[0].delete()
    check(second, user=staff)
    second = finalise(second, user=staff)
    final.refresh_from_db()

    assert (second.version, second.supersedes, final.successor) == (2, final, second)
    assert figure(second, "activities.held.count").printed == "1场"
    assert (figure(final, "activities.held.count").printed, final.file.read()) == ("2场", before)
    with pytest.raises(NotNow, match="已经有了新版"):
        new_version(final, user=staff)


def test_a_figure_typed_over_is_explained_in_the_attachment_only(report: Report, staff: User) -> None:
    FigureOverride.objects.create(
        report=report, key="activities.held.count", number=Decimal(3), reason="少记一场"
    )
    check(report, user=staff)
    final = finalise(report, user=staff)
    summary = restored(final.frozen["summary"])
    held = figure(final, "activities.held.count")
    note = "人工填写，台账为2场；原因：少记一场"

    assert (held.printed, held.counted, held.note) == ("3场", "2", note)
    assert "共举办各类职工活动3场" in "".join(p.text for p in summary.paragraphs)
    assert "少记一场" not in "".join(p.text for p in summary.paragraphs)
    assert note in [f.note for f in summary.ledger()]
    assert moved_figures(final) == []


def test_attachments_follow_the_figures(
    report: Report, walks: list[Activity], union: Union, staff: User
) -> None:
    report.tables = ["months", "unions", "plan", "visits"]
    report.save()
    PlanItem.objects.create(
        year=2024, wording="办活动", key="activities.held.count", target=1, due_on=date(2024, 12, 31)
    )
    check(report, user=staff)
    final = finalise(report, user=staff)
    tables = {table.title: table.rows for table in restored(final.frozen["summary"]).tables}
    opened = docx.Document(BytesIO(final.file.read()))
    notes = [p.text for p in opened.paragraphs if p.style.name == "附件说明"]

    assert tables == {
        "2024年计划完成情况表": (("1", "办活动", "举办活动场次1场", "2场", "已完成"),),
        "基层工会名册": (
            ("1", "宏达机械有限公司工会委员会", "单独基层工会", "2015-05-01"),
            ("2", "金河村联合工会委员会", "联合基层工会", "2012-03-01"),
        ),
        "各月活动和慰问情况表": (("3月", "2场", "229人次", "", ""),),
    }
    assert notes == [
        "附件：1.主要数据一览表",
        "2.2024年计划完成情况表",
        "3.基层工会名册",
        "4.各月活动和慰问情况表",
    ]
    assert [p.text for p in opened.paragraphs if p.style.name == "附件标识"] == [
        f"附件{n}" for n in range(1, 5)
    ]
    assert [len(table.rows) for table in opened.tables][1:] == [2, 3, 2]


def test_own_as_of_days_and_wording_reach_the_text(report: Report) -> None:
    report.days = {"end": "2024-02-01"}
    ReportText.objects.create(
        report=report, level="sentence", key="own.1", section="activities.total", text="深受职工欢迎。"
    )
    done = prepare(report.order(date(2025, 1, 5)))

    assert done.scope.as_of == date(2024, 2, 1)
    assert any(p.text.endswith("深受职工欢迎。") for p in done.summary.paragraphs)
