"""A roster through the pages: judged, repaired, written once, taken back; and what is refused at the door."""

import io
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from openpyxl import Workbook, load_workbook

from members.models import Member, MembershipEvent
from tests.meanwhile import not_yet_committed
from tests.members.samples import new_member
from tests.roster import (
    DUPLICATE,
    GOOD,
    LOST_DIGITS,
    NAMELESS,
    ROWS,
    UNKNOWN_UNION,
    WRONG_SEX,
    messy_roster,
    number,
)
from unionoffice.organisation.models import Union, User
from unionoffice.records.blobs import store
from unionoffice.records.importing import runs
from unionoffice.records.jobs import run_job
from unionoffice.records.models import Act, Blob, Change, ImportRun, Job
from unionoffice.records.taking_back import take_back
from unionoffice.records.types import RecordType

pytestmark = pytest.mark.django_db
REFUSED = {NAMELESS, LOST_DIGITS, WRONG_SEX, UNKNOWN_UNION, DUPLICATE}
GOOD_ROWS = ROWS - len(REFUSED)


@pytest.fixture
def office(staff: User, login: Callable[[User], Client]) -> Client:
    return login(staff)


def upload(client: Client, content: bytes, name: str = "花名册.xlsx") -> ImportRun | None:
    response = client.post("/members/import/", {"file": SimpleUploadedFile(name, content)})
    return ImportRun.objects.latest("created_at") if response.status_code == 302 else None


def confirm(client: Client, run: ImportRun, **answers: str) -> int:
    return client.post(f"/imports/{run.pk}/confirm/", answers).status_code


def tally(run: ImportRun) -> dict[str, int]:
    run.refresh_from_db()
    return run.judgement["tally"]


def test_judging_counts_every_row_and_writes_nothing(office: Client, union: Union) -> None:
    run = upload(office, messy_roster(union))

    found = tally(run)
    assert (found["new"], found["refused"]) == (GOOD_ROWS, len(REFUSED))
    assert not Member.objects.exists()
    page = office.get(f"/imports/{run.pk}/?show=refused")
    assert {int(row["number"]) for row in page.context["rows"]} == REFUSED


def test_workbook_and_findings_stand_encrypted(office: Client, union: Union) -> None:
    run = upload(office, messy_roster(union))

    assert b"330226" not in bytes(run.details.data)
    assert "330226" not in json.dumps(run.judgement)


def test_repaired_cell_is_judged_at_once(office: Client, union: Union) -> None:
    run = upload(office, messy_roster(union))

    answer = office.post(f"/imports/{run.pk}/rows/{NAMELESS}/name/", {"value": "李建国"})

    assert "新增" in answer.content.decode()
    assert tally(run)["refused"] == len(REFUSED) - 1


def test_repaired_row_is_shown_as_it_stands_and_its_problem_is_gone(office: Client, union: Union) -> None:
    run = upload(office, messy_roster(union))
    assert "姓名不能为空" in office.get(f"/imports/{run.pk}/").content.decode()

    answer = office.post(f"/imports/{run.pk}/rows/{NAMELESS}/name/", {"value": "李建国"}).content.decode()

    assert "新增" in answer
    assert "无变化" not in answer.split("</tbody>")[0]
    assert 'id="import-problems" hx-swap-oob="true"' in answer
    assert "姓名不能为空" not in answer
    assert f'hx-post="/imports/{run.pk}/rows/{NAMELESS}/name/"' in answer


def test_run_judged_by_an_earlier_version_is_shown_and_written(office: Client, union: Union) -> None:
    run = upload(office, messy_roster(union))
    details = json.loads(run.details.read())
    for name in ("read", "unread", "unjudged"):
        del details[name]
    run.details = store(json.dumps(details | {"unknown": ["爱好"]}).encode(), "application/json")
    run.save()

    assert office.get(f"/imports/{run.pk}/").status_code == 200
    assert confirm(office, run, reason="已核对") == 302
    assert Member.objects.count() == GOOD_ROWS


def test_repair_in_a_large_file_says_it_is_judged_when_written(
    office: Client, union: Union, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "REJUDGED", 1)
    run = upload(office, messy_roster(union))

    answer = office.post(f"/imports/{run.pk}/rows/{NAMELESS}/name/", {"value": "李建国"}).content.decode()
    again = office.post(f"/imports/{run.pk}/confirm/", {"reason": "已核对"})

    assert "已改，写入前再核对" in answer
    assert again.status_code == 409
    assert "改过的行已重新核对" in again.content.decode()
    assert tally(run)["refused"] == len(REFUSED) - 1


def test_result_leads_to_the_rows_of_the_import_alone(
    office: Client, union: Union, login, chair: User
) -> None:
    new_member(union, name="早已在册")
    run = upload(office, messy_roster(union))
    confirm(office, run, reason="已核对")

    address = office.get(f"/imports/{run.pk}/").context["list_url"]
    page = office.get(address)

    assert page.context["page"].total == GOOD_ROWS
    assert [chip.label for chip in page.context["chips"]] == ["导入：会员 花名册.xlsx"]
    assert "早已在册" not in page.content.decode()
    assert "无法识别" in login(chair).get(address).content.decode()


def test_good_rows_go_in_under_one_act_and_come_out_again(office: Client, union: Union, staff: User) -> None:
    run = upload(office, messy_roster(union))
    confirm(office, run, reason="已核对")

    run.refresh_from_db()
    assert Member.objects.count() == MembershipEvent.objects.count() == GOOD_ROWS
    written = Change.objects.filter(table="members_member", kind="I")
    assert set(written.values_list("act", flat=True)) == {run.act_id}
    assert (run.act.user, run.act.kind) == (staff, "import")

    take_back(run.act, user=staff)

    assert not Member.objects.exists()
    assert not MembershipEvent.objects.exists()


def test_confirming_twice_writes_once(office: Client, union: Union) -> None:
    run = upload(office, messy_roster(union))

    assert [confirm(office, run, reason="已核对") for _ in range(2)] == [302, 302]
    assert Act.objects.filter(kind="import").count() == 1


def test_same_file_again_changes_nothing(office: Client, union: Union) -> None:
    confirm(office, upload(office, messy_roster(union)), reason="已核对")

    again = tally(upload(office, messy_roster(union)))

    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, GOOD_ROWS)


def test_refused_rows_come_back_with_reasons_and_go_in_once_repaired(office: Client, union: Union) -> None:
    run = upload(office, messy_roster(union))
    confirm(office, run, reason="已核对")
    sheet = load_workbook(io.BytesIO(office.get(f"/imports/{run.pk}/rejects/").content)).active
    heads = [cell.value for cell in sheet[1]]
    line = {
        row[heads.index("原行号")]: at
        for at, row in enumerate(sheet.iter_rows(min_row=2, values_only=True), 2)
    }
    assert set(line) == REFUSED
    assert "姓名" in sheet.cell(line[NAMELESS], heads.index("原因") + 1).value

    sheet.cell(line[NAMELESS], heads.index("会员姓名") + 1, "李建国")
    out = io.BytesIO()
    sheet.parent.save(out)
    again = upload(office, out.getvalue())
    repaired = tally(again)

    # The duplicate's first row is stored by now, so the second would rename that person: doubtful, not silent.
    assert (repaired["new"], repaired["changed"], repaired["refused"]) == (1, 1, len(REFUSED) - 2)
    assert confirm(office, again) == 422
    stored = Member.objects.get(id_hash=Member._meta.get_field("id_hash").compute(number(GOOD)))
    assert confirm(office, again, doubtful="leave") == 302
    assert Member.objects.get(pk=stored.pk).name == stored.name


def test_chair_imports_only_into_the_own_union(
    chair: User, union: Union, other_union: Union, login: Callable[[User], Client]
) -> None:
    run = upload(login(chair), messy_roster(other_union))

    assert tally(run)["new"] == 0


def test_run_of_somebody_else_does_not_exist(office: Client, union: Union, chair: User, login) -> None:
    run = upload(office, messy_roster(union))

    assert login(chair).get(f"/imports/{run.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("名册.xlsx", b"nothing like a workbook"),
        ("名册.xlsx", b"PK\x03\x04broken"),
        ("空.csv", b"a,b\n"),
    ],
)
def test_no_roster_is_refused_in_one_line(office: Client, name: str, content: bytes) -> None:
    response = office.post("/members/import/", {"file": SimpleUploadedFile(name, content)})

    assert response.status_code == 422
    assert len(response.context["form"].errors["file"]) == 1
    assert not ImportRun.objects.exists()


def test_command_tells_what_it_did_as_json(tmp_path, union: Union, capsys) -> None:
    path, out = tmp_path / "名册.xlsx", tmp_path / "拒收.xlsx"
    path.write_bytes(messy_roster(union))

    call_command("import_records", str(path), check=True, as_json=True)
    checked = json.loads(capsys.readouterr().out)
    assert not Member.objects.exists()
    call_command("import_records", str(path), rejects=out, as_json=True)
    told = json.loads(capsys.readouterr().out)

    assert (checked["written"], told["written"]) == (False, True)
    assert checked["types"] == told["types"]
    assert told["types"]["会员"]["new"] == Member.objects.count() == GOOD_ROWS
    assert {p["row"] for p in told["problems"] if p["verdict"] == "refused"} == REFUSED
    assert load_workbook(out).active.max_row == 1 + len(REFUSED)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("missing/out.xlsx", "No such file or directory"),
        ("dir.xlsx", "is a folder"),
        ("out.csv", "must end in .xlsx"),
    ],
)
def test_command_writes_nothing_when_refused_rows_have_no_place(
    tmp_path: Path, union: Union, place: str, said: str
) -> None:
    path = tmp_path / "名册.xlsx"
    path.write_bytes(messy_roster(union))
    (tmp_path / "dir.xlsx").mkdir()

    with pytest.raises(CommandError, match=said):
        call_command("import_records", str(path), rejects=tmp_path / place)

    assert not Member.objects.exists()


def test_refused_rows_of_every_sheet_come_back(tmp_path: Path, town: Union) -> None:
    book, path, out = Workbook(), tmp_path / "台账.xlsx", tmp_path / "拒收.xlsx"
    for title, heading in (("单位", "单位名称"), ("基层工会", "工会名称")):
        sheet = book.create_sheet(title)
        sheet.append([heading, "备注"])
        sheet.append(["", "没有名称"])
    book.save(path)

    call_command("import_records", str(path), rejects=out)

    assert load_workbook(out).sheetnames == ["单位", "基层工会"]


def test_records_changed_since_the_review_are_reviewed_again(
    office: Client, union: Union, staff: User
) -> None:
    """Meanwhile a colleague registered one of the new members of the roster."""
    content = messy_roster(union)
    run, colleagues = upload(office, content), upload(office, content)
    confirm(office, colleagues, reason="已核对")
    members = Member.objects.count()

    status = confirm(office, run, reason="已核对")

    run.refresh_from_db()
    assert (status, run.state, run.act_id) == (409, ImportRun.State.JUDGED, None)
    assert tally(run)["new"] == 0
    assert Member.objects.count() == members


def meanwhile(monkeypatch: pytest.MonkeyPatch, done: Callable[[], object]) -> None:
    """Let this happen once, after the next page has read its run and before it acts on it."""
    kind_of, waiting = runs.kind_of, [done]

    def interrupted(run: ImportRun) -> RecordType:
        while waiting:
            waiting.pop()()
        return kind_of(run)

    monkeypatch.setattr(runs, "kind_of", interrupted)


def test_second_click_on_confirm_leaves_the_written_run_as_it_is(
    office: Client, union: Union, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = upload(office, messy_roster(union))
    meanwhile(monkeypatch, lambda: confirm(office, run, reason="已核对"))

    assert confirm(office, run, reason="已核对") == 302

    run.refresh_from_db()
    assert (run.state, run.act) == (ImportRun.State.WRITTEN, Act.objects.get(kind="import"))


def test_import_written_meanwhile_is_not_given_up(
    office: Client, union: Union, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = upload(office, messy_roster(union))
    meanwhile(monkeypatch, lambda: confirm(office, run, reason="已核对"))

    page = office.post(f"/imports/{run.pk}/discard/", follow=True)

    run.refresh_from_db()
    assert run.state == ImportRun.State.WRITTEN
    assert "没有写入任何数据" not in page.content.decode()


def test_two_cells_repaired_at_once_are_both_kept(
    office: Client, union: Union, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = upload(office, messy_roster(union))
    first, second = (f"/imports/{run.pk}/rows/{row}/name/" for row in (NAMELESS, WRONG_SEX))
    meanwhile(monkeypatch, lambda: office.post(first, {"value": "李建国"}))

    office.post(second, {"value": "王建国"})

    run.refresh_from_db()
    kept = runs.details_of(run).repairs
    assert kept == {str(NAMELESS): {"name": "李建国"}, str(WRONG_SEX): {"name": "王建国"}}


def test_run_that_is_being_written_leads_to_its_job(
    office: Client, union: Union, staff: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_job, "delay", lambda pk: None)
    run = upload(office, messy_roster(union))
    job = runs.start_writing(run)

    answers = [
        office.get(f"/imports/{run.pk}/"),
        office.post(f"/imports/{run.pk}/confirm/", {"reason": "已核对"}, follow=True),
        office.post(f"/imports/{run.pk}/rows/{NAMELESS}/name/", {"value": "李建国"}),
    ]

    assert answers[0]["Location"] == answers[1].redirect_chain[-1][0] == f"/jobs/{job.pk}/"
    assert answers[2].status_code == 409
    assert Job.objects.get() == job


def test_giving_up_a_run_stops_its_job(
    office: Client, union: Union, staff: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_job, "delay", lambda pk: None)
    run = upload(office, messy_roster(union))
    job = runs.start_writing(run)

    office.post(f"/imports/{run.pk}/discard/")
    run_job(str(job.pk))

    run.refresh_from_db()
    job.refresh_from_db()
    assert (run.state, job.state) == (ImportRun.State.DISCARDED, Job.State.CANCELLED)


def test_run_given_up_while_it_was_judged_stays_given_up(
    office: Client, union: Union, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = upload(office, messy_roster(union))
    meanwhile(monkeypatch, lambda: office.post(f"/imports/{run.pk}/discard/"))

    runs.judge_run(ImportRun.objects.get(pk=run.pk))

    run.refresh_from_db()
    assert run.state == ImportRun.State.DISCARDED


@pytest.mark.django_db(transaction=True)
def test_of_two_imports_of_one_roster_the_second_waits_in_the_queue_and_is_judged_by_the_first(
    office: Client, union: Union, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_job, "delay", lambda pk: None)
    content = messy_roster(union)
    first, second = upload(office, content), upload(office, content)

    with not_yet_committed(lambda: runs.write_run(first)):
        answer = office.post(f"/imports/{second.pk}/confirm/", {"reason": "已核对"})
        job = Job.objects.get()
        run_job(str(job.pk))

    second.refresh_from_db()
    job.refresh_from_db()
    assert answer["Location"] == f"/jobs/{job.pk}/"
    assert "系统里的数据有变化" in job.message
    assert second.state == ImportRun.State.JUDGED
    assert (tally(second)["new"], tally(second)["unchanged"]) == (0, GOOD_ROWS)
    assert Member.objects.count() == GOOD_ROWS


def files_of(*given: ImportRun) -> list[tuple[bool, bool]]:
    stored = {run.pk: run for run in ImportRun.objects.filter(pk__in=[run.pk for run in given])}
    return [(stored[run.pk].workbook_id is not None, stored[run.pk].details_id is not None) for run in given]


def test_workbook_and_rows_of_a_run_given_up_are_gone_at_once(office: Client, union: Union) -> None:
    run = upload(office, messy_roster(union))

    office.post(f"/imports/{run.pk}/discard/")

    assert files_of(run) == [(False, False)]
    assert not Blob.objects.exists()
    assert office.get(f"/imports/{run.pk}/rejects/").status_code == 404


def test_workbooks_and_refused_rows_are_kept_for_so_many_days(
    office: Client, union: Union, settings: LazySettings
) -> None:
    content = messy_roster(union)
    written = upload(office, content)
    assert confirm(office, written, reason="已核对") == 302
    left, fresh = upload(office, content), upload(office, content)
    long_ago = timezone.now() - timedelta(days=settings.FILES_KEPT_DAYS, hours=1)
    ImportRun.objects.filter(pk__in=(written.pk, left.pk)).update(created_at=long_ago)
    page = f"/imports/{written.pk}/"
    assert office.get(page).context["rejects_url"]

    runs.forget_old()

    assert files_of(written, left, fresh) == [(False, False), (False, False), (True, True)]
    assert (office.get(page).status_code, office.get(page).context["rejects_url"]) == (200, "")
    left.refresh_from_db()
    assert left.state == ImportRun.State.DISCARDED
    assert office.get(f"{page}rejects/").status_code == 404
    assert office.get(f"/imports/{left.pk}/").status_code == 404


def test_name_of_a_workbook_keeps_no_identity_number(office: Client, union: Union) -> None:
    run = upload(office, messy_roster(union), "王芳330226198607160029.xlsx")

    assert run.file_name == "王芳330***********0029.xlsx"


def test_cell_of_a_column_the_file_lacks_is_not_repaired(office: Client, union: Union) -> None:
    run = upload(office, messy_roster(union))

    answer = office.post(f"/imports/{run.pk}/rows/{NAMELESS}/note/", {"value": "x"})

    assert answer.status_code == 404
    assert office.get(f"/imports/{run.pk}/rejects/").status_code == 200


def test_refused_rows_of_a_file_not_yet_judged_lead_to_its_page(office: Client, union: Union) -> None:
    run = upload(office, messy_roster(union))
    ImportRun.objects.filter(pk=run.pk).update(details=None, state=ImportRun.State.UPLOADED)

    assert office.get(f"/imports/{run.pk}/rejects/").headers["Location"] == f"/imports/{run.pk}/"
