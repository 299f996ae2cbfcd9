"""How rows get into the tables: under one act, only what differs, wholly or not at all."""

import io
from datetime import date

import pytest
from django.db import connection

from activities.models import Activity
from members.models import Member, MembershipEvent
from tests.members.samples import new_member
from unionoffice.organisation.choices import UnitState
from unionoffice.organisation.models import Union, Unit, User
from unionoffice.records.importing.chunk import Chunk
from unionoffice.records.importing.judging import Judge
from unionoffice.records.importing.workbook import NothingWritten, find, write
from unionoffice.records.models import Act, Change
from unionoffice.records.taking_back import take_back
from unionoffice.records.types import registry
from unionoffice.sheets.reading import open_book

from . import brought_in, counts, judged

pytestmark = pytest.mark.django_db


def test_everything_written_belongs_to_one_act(town: Union, union: Union, staff: User) -> None:
    Unit.objects.create(name="甲厂", address="青溪路1号")
    lines = "单位名称,地址\n甲厂,青溪路2号\n乙厂,青溪路3号\n丙厂,青溪路4号\n"

    _, done = brought_in("units", lines, staff)

    noted = Change.objects.filter(act=done).values_list("table", "kind", "before", "after")
    assert sorted(noted, key=str) == [
        ("organisation_unit", "I", None, None),
        ("organisation_unit", "I", None, None),
        ("organisation_unit", "U", {"address": "青溪路1号"}, {"address": "青溪路2号"}),
    ]


def test_act_of_an_import_can_be_taken_back(town: Union, union: Union, staff: User) -> None:
    changed = Unit.objects.create(name="甲厂", address="青溪路1号")

    _, done = brought_in("units", "单位名称,地址\n甲厂,青溪路2号\n乙厂,青溪路3号\n", staff)
    take_back(done, user=staff)

    changed.refresh_from_db()
    assert changed.address == "青溪路1号"
    assert Unit.objects.count() == 1


def test_employer_nobody_knows_is_made_once_and_told(town: Union, union: Union, staff: User) -> None:
    lines = "姓名,证件类型,证件号码,性别,出生日期,手机号码,所属工会,工作单位,入会日期,是否农民工\n"
    for n, name in enumerate(("李建国", "张小明")):
        lines += f"{name},护照,E1234567{n},男,1985-06-15,1380000000{n},{union.name},新厂,2020-03-05,否\n"

    found, _ = brought_in("members", lines, staff)

    told = [(f.row, f.verdict, f.code) for f in found.findings if f.key == "unit"]
    assert told == [(2, "corrected", "made")]
    unit = Unit.objects.get(name="新厂")
    assert unit.state == UnitState.UNVERIFIED
    assert Member.objects.filter(unit=unit).count() == MembershipEvent.objects.count() == 2


def test_employer_of_refused_rows_is_not_made(town: Union, union: Union, staff: User) -> None:
    lines = "姓名,证件号码,所属工会,工作单位,入会日期\n李建国,123,宏达机械,新厂,2020-03-05\n"

    found, _ = brought_in("members", lines, staff)

    assert counts(found) == (0, 0, 0, 1)
    assert not Unit.objects.filter(name="新厂").exists()


def test_texts_come_in_as_they_stand(town: Union, staff: User) -> None:
    """Characters that COPY gives a meaning of its own."""
    lines = '单位名称,地址,备注\n甲厂,"C:\\temp\\new\\N","第一行\n第二行\t末"\n'

    brought_in("units", lines, staff)

    assert Unit.objects.values_list("address", "note").get() == ("C:\\temp\\new\\N", "第一行\n第二行 末")


def test_unions_of_a_joint_activity_come_in_and_change(
    town: Union, union: Union, other_union: Union, staff: User
) -> None:
    headings = "主办工会,活动名称,活动类型,开始日期,协办工会\n"
    with_both = f"{town.name},环湖健步走,健步走,2024-05-01,{union.name}、{other_union.name}\n"
    with_one = f"{town.name},环湖健步走,健步走,2024-05-01,{union.name}\n"

    new, _ = brought_in("activities", headings + with_both, staff)
    again = judged("activities", headings + with_both, staff)
    changed, done = brought_in("activities", headings + with_one, staff)

    assert (counts(new), counts(again), counts(changed)) == ((1, 0, 0, 0), (0, 0, 1, 0), (0, 1, 0, 0))
    assert list(Activity.objects.get().co_organisers.all()) == [union]
    take_back(done, user=staff)
    assert set(Activity.objects.get().co_organisers.all()) == {union, other_union}


def test_derived_columns_follow_the_changed_one(town: Union, union: Union, staff: User) -> None:
    member = new_member(union, name="李建国")

    brought_in("members", f"姓名,证件号码\n单建国,{member.id_number}\n", staff)

    member.refresh_from_db()
    assert (member.name, member.name_pinyin, member.name_initials) == ("单建国", "shanjianguo", "sjg")


def test_changed_union_is_a_transfer_on_the_day_given(union: Union, other_union: Union, staff: User) -> None:
    member = new_member(union, "2020-01-01", name="李建国")
    lines = f"姓名,证件号码,所属工会\n李建国,{member.id_number},{other_union.name}\n"

    brought_in("members", lines, staff, options={"changed_on": date(2024, 3, 5)})

    events = MembershipEvent.objects.filter(member=member).order_by("on").values_list("kind", "union", "on")
    assert [(kind, where, str(on)) for kind, where, on in events] == [
        ("join", union.pk, "2020-01-01"),
        ("transfer", other_union.pk, "2024-03-05"),
    ]


def test_row_changed_while_it_was_judged_is_refused(
    town: Union, staff: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = Unit.objects.create(name="甲厂", address="青溪路1号", staff_total=10)
    lock = Judge._lock

    def change_first(judge: Judge, chunk: Chunk) -> None:
        Unit.objects.filter(pk=unit.pk).update(address="别人改的")
        lock(judge, chunk)

    monkeypatch.setattr(Judge, "_lock", change_first)

    found, _ = brought_in("units", "单位名称,职工人数\n甲厂,12\n", staff)

    unit.refresh_from_db()
    assert counts(found) == (0, 0, 0, 1)
    assert (unit.address, unit.staff_total) == ("别人改的", 10)


class Stopped(Exception):
    pass


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_cancelled_import_leaves_nothing(town: Union, staff: User, steps: int) -> None:
    acts, told = Act.objects.count(), []

    def stop(done: int, total: int) -> None:
        told.append((done, total))
        if len(told) == steps:
            raise Stopped

    lines = "单位名称\n" + "".join(f"单位{n}\n" for n in range(50))
    with open_book(io.BytesIO(lines.encode()), "名册.csv") as book:
        found = find(book, staff, registry["units"])
        with pytest.raises(Stopped):
            write(book, found, staff, summary="名册", progress=stop)

    assert not Unit.objects.exists()
    assert Act.objects.count() == acts


def test_progress_counts_reading_and_writing(town: Union, staff: User) -> None:
    told: list[tuple[int, int]] = []
    lines = "单位名称\n" + "".join(f"单位{n}\n" for n in range(50))

    with open_book(io.BytesIO(lines.encode()), "名册.csv") as book:
        write(
            book,
            find(book, staff, registry["units"]),
            staff,
            summary="名册",
            progress=lambda done, total: told.append((done, total)),
        )

    dones = [done for done, _ in told]
    assert dones == sorted(dones)
    assert told[0][0] == 0
    assert told[-1][0] == told[-1][1]


def test_database_refusal_leaves_nothing(owner: None, town: Union, staff: User) -> None:
    """What no check foresaw is still refused as a whole."""
    with connection.cursor() as cursor:
        cursor.execute("alter table organisation_unit add constraint no_third check (name <> '单位3')")
    lines = "单位名称\n" + "".join(f"单位{n}\n" for n in range(5))

    with pytest.raises(NothingWritten, match="一行也没有写入"):
        brought_in("units", lines, staff)

    assert not Unit.objects.exists()
