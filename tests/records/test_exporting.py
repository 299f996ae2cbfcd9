"""What leaves the office as a workbook: which rows and columns, masked or in full, at once or as a job."""

import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from activities.models import Activity
from members.actions import request_transfer
from members.models import TransferRequest
from tests.members.samples import new_member
from unionoffice.organisation.choices import Role
from unionoffice.organisation.models import Union, User
from unionoffice.records import exporting
from unionoffice.records.jobs import run_job
from unionoffice.records.models import Disclosure, Job
from unionoffice.records.types import registry
from unionoffice.records.views import exporting as pages

Login = Callable[[User], Client]
EXPORT = "/members/export/"
ID_NUMBER = "证件号码"


def table(content: bytes | Path, sheet: str = "会员") -> list[dict[str, Any]]:
    book = openpyxl.load_workbook(io.BytesIO(content) if isinstance(content, bytes) else content)
    head, *rows = book[sheet].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any export of more than one row is a large one, done in portions of one."""
    monkeypatch.setattr(pages, "AT_ONCE", 1)
    monkeypatch.setattr(exporting, "PORTION", 1)


def test_export_holds_the_rows_and_columns_of_the_list(union: Union, staff: User, login: Login) -> None:
    for name in ("张小明", "李小红"):
        new_member(union, name=name)

    answer = login(staff).post(f"{EXPORT}?q=李小&col=name&col=union", {"columns": "shown"})

    [row] = table(answer.content)
    assert list(row) == ["姓名", "所属工会", "系统编号"]
    assert (row["姓名"], row["所属工会"]) == ("李小红", union.name)


def test_numbers_are_masked_and_nothing_is_noted(union: Union, staff: User, login: Login) -> None:
    member = new_member(union)

    answer = login(staff).post(EXPORT, {"columns": "every"})

    [row] = table(answer.content)
    assert row[ID_NUMBER] == f"{member.id_number[:3]}{'*' * 11}{member.id_number[-4:]}"
    assert not Disclosure.objects.exists()


def test_full_numbers_need_a_purpose_and_are_noted(union: Union, staff: User, login: Login) -> None:
    member = new_member(union)
    office = login(staff)

    refused = office.post(EXPORT, {"columns": "every", "full": "on", "purpose": " "})
    answer = office.post(EXPORT, {"columns": "every", "full": "on", "purpose": "互助保障参保"})

    assert refused.status_code == 422
    assert refused.context["form"].errors["purpose"] == ["导出完整号码须写明用途。"]
    assert table(answer.content)[0][ID_NUMBER] == str(member.id_number)
    note = Disclosure.objects.get()
    assert (note.user, note.count, note.purpose) == (staff, 1, "互助保障参保")
    assert note.columns == ["id_number", "bank_account"]


def test_file_says_who_took_it_out(union: Union, staff: User, login: Login) -> None:
    new_member(union)

    answer = login(staff).post(EXPORT, {"columns": "shown"})

    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))["会员"]
    printed = [
        part.text or ""
        for page in (sheet.oddHeader, sheet.oddFooter)
        for part in (page.left, page.center, page.right)
    ]
    assert any(staff.name in text and "导出" in text for text in printed)


def test_chair_takes_out_own_members_only_and_never_in_full(
    union: Union, other_union: Union, chair: User, login: Login
) -> None:
    own, _ = new_member(union, name="张小明"), new_member(other_union, name="李小红")
    browser = login(chair)

    answer = browser.post(EXPORT, {"columns": "every", "full": "on", "purpose": "想看看"})

    assert [row["姓名"] for row in table(answer.content)] == ["张小明"]
    assert table(answer.content)[0][ID_NUMBER] != str(own.id_number)
    assert "full" not in browser.get(EXPORT).context["form"].fields


def test_leader_gets_masked_mobiles_and_administrator_nothing(
    union: Union, make_user: Callable[..., User], login: Login
) -> None:
    member = new_member(union)

    answer = login(make_user("leader")).post(EXPORT, {"columns": "every"})

    assert table(answer.content)[0]["手机号码"] == f"{member.phone[:3]}****{member.phone[-4:]}"
    assert login(make_user("administrator")).get(EXPORT).status_code == 403


def test_text_that_looks_like_a_formula_stays_text(union: Union, staff: User, login: Login) -> None:
    new_member(union, note="=1+1 & <b>")

    answer = login(staff).post(EXPORT, {"columns": "every"})

    assert table(answer.content)[0]["备注"] == "=1+1 & <b>"


@pytest.mark.usefixtures("many")
def test_large_export_is_a_job_whose_result_waits_for_its_owner(
    union: Union,
    staff: User,
    chair: User,
    login: Login,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    for name in ("张小明", "李小红", "赵小刚"):
        new_member(union, name=name)
    office = login(staff)

    with django_capture_on_commit_callbacks(execute=True):
        answer = office.post(f"{EXPORT}?q=张小+", {"columns": "shown"})
        assert answer.status_code == 200
        answer = office.post(EXPORT, {"columns": "shown"})

    job = Job.objects.get()
    assert answer["Location"] == reverse("records:job", args=[job.pk])
    page = office.get(answer["Location"])
    assert (job.state, page.context["job"]["result_label"]) == (Job.State.DONE, "下载 Excel")
    result = office.get(page.context["job"]["result_url"])
    assert {row["姓名"] for row in table(result.content)} == {"张小明", "李小红", "赵小刚"}
    stranger = login(chair)
    for name in ("job", "job_result"):
        assert stranger.get(reverse(f"records:{name}", args=[job.pk])).status_code == 404
    assert stranger.post(reverse("records:job_cancel", args=[job.pk])).status_code == 404


@pytest.mark.usefixtures("many")
def test_cancelled_export_leaves_nothing(
    union: Union,
    staff: User,
    login: Login,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    for name in ("张小明", "李小红"):
        new_member(union, name=name)
    office = login(staff)

    with django_capture_on_commit_callbacks(execute=True):
        office.post(EXPORT, {"columns": "shown"})
        job = Job.objects.get()
        office.post(reverse("records:job_cancel", args=[job.pk]))

    job.refresh_from_db()
    assert (job.state, job.result) == (Job.State.CANCELLED, None)
    page = office.get(reverse("records:job", args=[job.pk]), headers={"HX-Request": "true"})
    assert page.context["job"]["failed"]
    assert office.get(reverse("records:job_result", args=[job.pk])).status_code == 404


@pytest.mark.usefixtures("many")
def test_search_of_a_waiting_export_is_kept_encrypted(union: Union, staff: User, login: Login) -> None:
    for name in ("张小明", "张小红"):
        new_member(union, name=name)

    login(staff).post(f"{EXPORT}?q=张小", {"columns": "shown"})

    job = Job.objects.get()
    assert "张小" not in str(job.arguments) and "%E5" not in str(job.arguments)
    assert exporting._asked(staff, job.arguments).listing.q == "张小"


def test_command_writes_every_type_and_imports_as_unchanged(union: Union, tmp_path: Path) -> None:
    for name in ("张伟", "李娜"):
        new_member(union, name=name)
    out, told = tmp_path / "out.xlsx", io.StringIO()

    call_command("export_records", out, stdout=io.StringIO())
    call_command("import_records", out, "--check", stdout=told)

    counts = [line for line in told.getvalue().splitlines() if ": new " in line]
    assert len(table(out)) == 2 and counts
    assert all("new 0, changed 0" in line and "refused 0" in line for line in counts), told.getvalue()


def test_command_writes_the_empty_workbook(db: None, tmp_path: Path) -> None:
    out = tmp_path / "template.xlsx"

    call_command("export_records", out, "--template", "--type", "会员", stdout=io.StringIO())

    assert openpyxl.load_workbook(out).sheetnames[:2] == ["说明", "会员"]


def test_empty_workbook_of_all_leaves_out_what_comes_from_steps(db: None, tmp_path: Path) -> None:
    out = tmp_path / "template.xlsx"

    call_command("export_records", out, "--template", stdout=io.StringIO())

    sheets = openpyxl.load_workbook(out).sheetnames
    assert "会籍变动" in sheets and "转会申请" not in sheets


def test_transfer_requests_are_taken_out_but_not_brought_in(
    union: Union, other_union: Union, staff: User, tmp_path: Path
) -> None:
    asked = request_transfer(
        new_member(union), to=other_union, on=date(2024, 3, 1), reason="已到本单位工作", by=staff
    )
    all_of_it, alone, said = tmp_path / "all.xlsx", tmp_path / "alone.xlsx", io.StringIO()
    call_command("export_records", all_of_it, stdout=io.StringIO())
    call_command("export_records", alone, types=["转会申请"], stdout=io.StringIO())
    asked.delete()

    call_command("import_records", all_of_it, stdout=io.StringIO(), stderr=said)
    with pytest.raises(CommandError, match="转会申请要在系统里逐步办理，不能导入"):
        call_command("import_records", alone, stdout=io.StringIO())

    assert "sheet 转会申请 is left out" in said.getvalue()
    assert not TransferRequest.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["out.csv"], "must end in .xlsx"),
        (["out.xlsx", "--type", "没有"], "no record type is called 没有"),
        (["missing/out.xlsx"], "cannot write"),
        (["out.xlsx", "--template", "--type", "转会申请"], "come from steps of their own"),
        (["out.xlsx", "--full"], "needs --user and --purpose"),
        (["out.xlsx", "--full", "--user", "nobody", "--purpose", "参保"], "there is no account nobody"),
        (["out.xlsx", "--full", "--user", "chair", "--purpose", "参保"], "may not export numbers in full"),
    ],
)
def test_command_says_what_is_wrong_and_writes_nothing(
    arguments: list[str], said: str, chair: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(CommandError, match=said):
        call_command("export_records", *arguments, stdout=io.StringIO())

    assert list(tmp_path.iterdir()) == []


def test_export_that_waited_is_made_with_the_rights_its_owner_has_by_then(
    union: Union, staff: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_job, "delay", lambda pk: None)
    new_member(union)
    job = exporting.start_export(
        exporting.Export(registry["members"], staff, full=True, every=True, purpose="参保")
    )
    User.objects.filter(pk=staff.pk).update(role=Role.LEADER)

    run_job(str(job.pk))

    job.refresh_from_db()
    assert (job.state, job.message, job.result) == (Job.State.FAILED, "您现在没有导出的权限。", None)
    assert not Disclosure.objects.exists()


def test_command_notes_numbers_taken_out_in_full(union: Union, staff: User, tmp_path: Path) -> None:
    member = new_member(union)
    out = tmp_path / "out.xlsx"
    options = {"full": True, "user": staff.username, "purpose": "换系统", "types": ["会员"]}

    call_command("export_records", out, stdout=io.StringIO(), **options)

    assert table(out)[0][ID_NUMBER] == str(member.id_number)
    assert Disclosure.objects.get().purpose == "换系统"


def test_rows_that_name_one_of_several_namesakes_import_as_unchanged(
    union: Union, staff: User, tmp_path: Path
) -> None:
    members = [new_member(union, name="张伟") for _ in range(3)]
    activity = Activity.objects.create(union=union, title="登山", kind="fun_games", starts_on="2024-04-01")
    activity.participants.set(members[:2])
    out, told = tmp_path / "out.xlsx", io.StringIO()

    call_command("export_records", out, stdout=io.StringIO())
    call_command("import_records", out, "--check", stdout=told)

    assert table(out, "活动")[0]["签到会员"] == "张伟、张伟"
    assert "会籍变动: new 0, changed 0, unchanged 3, refused 0" in told.getvalue()
    assert "活动: new 0, changed 0, unchanged 1, refused 0" in told.getvalue()
