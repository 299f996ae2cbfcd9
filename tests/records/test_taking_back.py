"""An act is taken back whole, or what stands in the way is named and nothing is done."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from members.models import Member
from tests.meanwhile import not_yet_committed
from tests.members.samples import new_member
from tests.welfare.samples import visit
from unionoffice.organisation.choices import UnionKind
from unionoffice.organisation.models import Union, Unit, User
from unionoffice.records.history import act
from unionoffice.records.jobs import run_job
from unionoffice.records.models import Act, ActKind, Change, Job
from unionoffice.records.taking_back import SHOWN_OBSTACLES, CannotTakeBack, take_back

Login = Callable[[User], Client]


@pytest.fixture
def unit(db: None) -> Unit:
    return Unit.objects.create(name="宏达机械有限公司", staff_total=30)


def test_bulk_update_is_noted_with_before_and_after(unit: Unit, staff: User) -> None:
    with act(ActKind.BULK, user=staff, reason="核对后更正") as done:
        Unit.objects.update(staff_total=35)

    change = Change.objects.get(act=done)
    assert (change.table, change.row, change.kind) == ("organisation_unit", unit.pk, "U")
    assert (change.before, change.after) == ({"staff_total": 30}, {"staff_total": 35})


def test_write_outside_any_act_is_noted_as_direct(unit: Unit) -> None:
    made = Change.objects.get(table="organisation_unit", row=unit.pk)

    assert (made.kind, made.act.kind, made.act.user) == ("I", ActKind.DIRECT, None)


def test_update_that_changes_nothing_leaves_no_trace(unit: Unit, staff: User) -> None:
    with act(ActKind.CHANGE, user=staff) as done:
        Unit.objects.update(staff_total=30)

    assert not done.changes.exists()


def test_key_of_a_record_is_never_changed(unit: Unit) -> None:
    with pytest.raises(DatabaseError, match="history is kept"), transaction.atomic():
        Unit.objects.update(id=unit.pk + 1000)

    assert Unit.objects.get() == unit


def test_logging_in_is_no_event_of_the_history(staff: User) -> None:
    User.objects.filter(pk=staff.pk).update(last_login="2026-01-01T00:00:00Z", password="x")
    User.objects.filter(pk=staff.pk).update(last_login="2026-01-02T00:00:00Z", password="y", name="李新名")

    (noted,) = Change.objects.filter(table="organisation_user", row=staff.pk, kind="U")
    assert noted.after == {"name": "李新名"}


def test_take_back_restores_updates_deletes_and_inserts(unit: Unit, staff: User) -> None:
    gone = Unit.objects.create(name="已注销单位")
    with act(ActKind.BULK, user=staff) as done:
        Unit.objects.filter(pk=unit.pk).update(staff_total=35, note="新")
        gone_pk = gone.pk
        gone.delete()
        Unit.objects.create(name="新单位")

    take_back(done, user=staff)

    assert list(Unit.objects.order_by("pk").values_list("pk", "name", "staff_total", "note")) == [
        (unit.pk, "宏达机械有限公司", 30, ""),
        (gone_pk, "已注销单位", None, ""),
    ]


def test_row_changed_twice_in_one_act_goes_back_to_the_start(unit: Unit, staff: User) -> None:
    with act(ActKind.BULK, user=staff) as done:
        Unit.objects.update(staff_total=35)
        Unit.objects.update(staff_total=40)

    take_back(done, user=staff)

    assert Unit.objects.get().staff_total == 30


def test_later_change_of_the_same_field_stands_in_the_way(unit: Unit, staff: User) -> None:
    with act(ActKind.CHANGE, user=staff) as first:
        Unit.objects.update(staff_total=35)
    with act(ActKind.CHANGE, user=staff) as second:
        Unit.objects.update(staff_total=40)

    with pytest.raises(CannotTakeBack) as refusal:
        take_back(first, user=staff)

    assert [(o.act, o.row) for o in refusal.value.obstacles] == [(second, unit.pk)]
    assert Unit.objects.get().staff_total == 40


def test_later_change_of_another_field_does_not_stand_in_the_way(unit: Unit, staff: User) -> None:
    with act(ActKind.CHANGE, user=staff) as first:
        Unit.objects.update(staff_total=35)
    with act(ActKind.CHANGE, user=staff):
        Unit.objects.update(note="另改")

    take_back(first, user=staff)

    assert Unit.objects.values_list("staff_total", "note").get() == (30, "另改")


def test_later_change_that_was_itself_taken_back_is_no_obstacle(unit: Unit, staff: User) -> None:
    with act(ActKind.CHANGE, user=staff) as first:
        Unit.objects.update(staff_total=35)
    with act(ActKind.CHANGE, user=staff) as second:
        Unit.objects.update(staff_total=40)
    take_back(second, user=staff)

    take_back(first, user=staff)

    assert Unit.objects.get().staff_total == 30


def test_change_whose_taking_back_was_taken_back_stands_in_the_way_again(unit: Unit, staff: User) -> None:
    with act(ActKind.CHANGE, user=staff) as first:
        Unit.objects.update(staff_total=35)
    with act(ActKind.CHANGE, user=staff) as second:
        Unit.objects.update(staff_total=40)
    take_back(take_back(second, user=staff), user=staff)

    with pytest.raises(CannotTakeBack):
        take_back(first, user=staff)

    assert Unit.objects.get().staff_total == 40


def test_inserted_row_that_others_use_cannot_be_taken_back(staff: User) -> None:
    with act(ActKind.CREATE, user=staff) as done:
        town = Union.objects.create(name="青溪镇总工会", kind=UnionKind.TOWNSHIP)
    Union.objects.create(name="金河村联合工会委员会", kind=UnionKind.JOINT, parent=town)

    with pytest.raises(CannotTakeBack, match="基层工会"):
        take_back(done, user=staff)

    assert Union.objects.count() == 2
    assert not Act.objects.filter(kind=ActKind.TAKE_BACK).exists()


def test_an_act_is_taken_back_once(unit: Unit, staff: User) -> None:
    with act(ActKind.CHANGE, user=staff) as done:
        Unit.objects.update(staff_total=35)
    take_back(done, user=staff)

    with pytest.raises(CannotTakeBack, match="已经撤回过"):
        take_back(done, user=staff)


def test_taking_back_can_be_taken_back(unit: Unit, staff: User) -> None:
    with act(ActKind.CHANGE, user=staff) as done:
        Unit.objects.update(staff_total=35)
    back = take_back(done, user=staff)

    take_back(back, user=staff)

    assert Unit.objects.get().staff_total == 35


def test_rows_that_still_use_what_would_go_are_named(union: Union, staff: User, login: Login) -> None:
    with act(ActKind.IMPORT, user=staff) as imported:
        member = new_member(union, name="曾晨宁")
    with act(ActKind.CREATE, user=staff) as later:
        visit(union, member=member)

    answer = login(staff).post(f"/acts/{imported.pk}/take-back/")

    assert answer.status_code == 409
    (found,) = answer.context["obstacles"]
    assert found["title"] == "慰问“春节慰问曾晨宁”"
    assert (found["url"], found["text"]) == (f"/acts/{later.pk}/", "这条慰问还在使用这次新增的数据")
    assert Member.objects.filter(pk=member.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_edit_that_is_just_being_saved_is_not_written_over(unit: Unit, staff: User) -> None:
    with act(ActKind.CHANGE, user=staff) as done:
        Unit.objects.update(staff_total=35)

    def edit() -> None:
        with act(ActKind.CHANGE, user=staff):
            Unit.objects.update(staff_total=40)

    with not_yet_committed(edit), pytest.raises(CannotTakeBack, match="又有改动"):
        take_back(done, user=staff)

    assert Unit.objects.get().staff_total == 40
    assert not Act.objects.filter(takes_back=done).exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_an_act_back_at_once_the_second_is_told(unit: Unit, staff: User) -> None:
    with act(ActKind.CHANGE, user=staff) as done:
        Unit.objects.update(staff_total=35)

    with (
        not_yet_committed(lambda: take_back(done, user=staff)),
        pytest.raises(CannotTakeBack, match="已经撤回过"),
    ):
        take_back(done, user=staff)

    assert Unit.objects.get().staff_total == 30


def test_of_very_many_obstacles_the_first_are_named(staff: User) -> None:
    Unit.objects.bulk_create(Unit(name=f"单位{number}") for number in range(SHOWN_OBSTACLES + 5))
    with act(ActKind.BULK, user=staff) as done:
        Unit.objects.update(staff_total=35)
    with act(ActKind.BULK, user=staff):
        Unit.objects.update(staff_total=40)

    with pytest.raises(CannotTakeBack) as refusal:
        take_back(done, user=staff)

    assert len(refusal.value.obstacles) == SHOWN_OBSTACLES


def test_many_rows_are_taken_back_by_a_job(
    staff: User, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("unionoffice.records.taking_back_later.AT_ONCE", 2)
    with act(ActKind.IMPORT, user=staff) as done:
        Unit.objects.bulk_create([Unit(name=f"{name}厂") for name in "甲乙丙"])

    answer = login(staff).post(f"/acts/{done.pk}/take-back/", {"reason": "装错了"})
    job = Job.objects.get(kind="take-back")
    assert (answer.headers["Location"], Unit.objects.count()) == (f"/jobs/{job.pk}/", 3)
    run_job(str(job.pk))

    job.refresh_from_db()
    back = Act.objects.get(takes_back=done)
    assert (job.state, job.result_url, back.reason) == ("done", f"/acts/{back.pk}/", "装错了")
    assert not Unit.objects.exists()


REFERENCES = """
select conrelid::regclass::text, pg_get_constraintdef(oid) from pg_constraint
where contype = 'f' and confrelid = 'members_member'::regclass order by 1, 2
"""


def references() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(REFERENCES)
        return cursor.fetchall()


@pytest.fixture
def imported(union: Union, staff: User, monkeypatch: pytest.MonkeyPatch) -> Act:
    """An import of so many members that their references are checked at once when it is taken back."""
    monkeypatch.setattr("unionoffice.records.taking_back.FEWEST", 3)
    monkeypatch.setattr("unionoffice.records.taking_back.AT_A_TIME", 2)
    with act(ActKind.IMPORT, user=staff) as done:
        for name in ("曾晨宁", "陈建国", "王海波"):
            new_member(union, name=name)
    return done


def test_references_to_many_rows_are_checked_at_once_and_stay_in_force(imported: Act, staff: User) -> None:
    before, within, told = references(), [], []

    def progress(done: int, total: int) -> None:
        within.extend(references())
        told.append((done, total))

    take_back(imported, user=staff, progress=progress)

    assert (within, references()) == ([], before)
    assert before and not Member.objects.exists()
    total = imported.changes.count()
    assert told[:2] == [(0, total), (2, total)]


def test_of_many_rows_those_still_in_use_are_named_too(imported: Act, union: Union, staff: User) -> None:
    before = references()
    with act(ActKind.CREATE, user=staff) as later:
        visit(union, member=Member.objects.get(name="陈建国"))

    with pytest.raises(CannotTakeBack) as refusal:
        take_back(imported, user=staff)

    assert [obstacle.act for obstacle in refusal.value.obstacles] == [later]
    assert (Member.objects.count(), references()) == (3, before)


def test_job_that_cannot_take_back_leads_to_what_stands_in_the_way(
    imported: Act, union: Union, staff: User, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("unionoffice.records.taking_back_later.AT_ONCE", 2)
    with act(ActKind.CREATE, user=staff) as later:
        visit(union, member=Member.objects.get(name="陈建国"))
    client = login(staff)
    client.post(f"/acts/{imported.pk}/take-back/")
    job = Job.objects.get(kind="take-back")
    run_job(str(job.pk))

    job.refresh_from_db()
    (found,) = client.get(job.result_url).context["obstacles"]
    assert (job.state, Member.objects.count()) == ("failed", 3)
    assert (found["title"], found["url"]) == ("慰问“春节慰问陈建国”", f"/acts/{later.pk}/")
