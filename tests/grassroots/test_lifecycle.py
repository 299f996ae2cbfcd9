"""Unions are founded, renamed, merged and dissolved; every step can be taken back."""

from datetime import date

import pytest

from grassroots.actions import lifecycle, units
from grassroots.choices import Post
from grassroots.models import CommitteeTerm, OfficerPost, UnionName
from members.actions import change_membership
from members.choices import EventKind, State
from members.models import Member, MembershipEvent
from tests.meanwhile import not_yet_committed
from tests.members.samples import event, new_member
from unionoffice.organisation.choices import UnionKind, UnitState
from unionoffice.organisation.models import Coverage, Union, User
from unionoffice.records.models import Act
from unionoffice.records.steps import StepRefused
from unionoffice.records.taking_back import take_back

from .samples import cover, credit_code, figure, joint, on, post, single, term, unit

pytestmark = pytest.mark.django_db
DAY = date(2024, 6, 1)


def undo(user: User) -> None:
    take_back(Act.objects.latest("pk"), user=user)


def test_unit_founds_its_own_union(town: Union, staff: User) -> None:
    own = unit("青溪纺织厂")

    made = lifecycle.found_union(own, name="青溪纺织厂工会", on=DAY, by=staff, approval_no="青工〔2024〕6号")

    assert (made.kind, made.parent, made.employer, made.founded_on) == (UnionKind.SINGLE, town, own, DAY)
    assert figure("grassroots.unions.founded.count", on("2024-06-30")) == 1
    assert figure("grassroots.units.covered", on("2024-06-01")) == 1
    assert figure("grassroots.units.covered", on("2024-05-31")) == 0
    with pytest.raises(StepRefused, match="已有单独基层工会"):
        lifecycle.found_union(own, name="又一个工会", on=DAY, by=staff)
    undo(staff)
    assert not Union.objects.filter(employer=own).exists()
    assert not Coverage.objects.filter(unit=own).exists()


def test_founding_is_refused_for_closed_units_and_taken_names(town: Union, staff: User) -> None:
    with pytest.raises(StepRefused, match="注销"):
        lifecycle.found_union(unit(closed_on=date(2024, 1, 1)), name="新工会", on=DAY, by=staff)
    with pytest.raises(StepRefused, match="已有名为"):
        lifecycle.found_union(unit(), name=town.name, on=DAY, by=staff)
    with pytest.raises(StepRefused, match="一年以后"):
        lifecycle.found_union(unit(), name="新工会", on=date(2999, 1, 1), by=staff)


def test_renaming_keeps_the_old_name_and_renames_the_terms(town: Union, staff: User) -> None:
    union = single(town, unit("老厂"))
    held = term(union, "2022-01-01")
    old = union.name

    lifecycle.rename(
        union, name="新厂工会", short_name="新厂", on=DAY, by=staff, document_no="青工〔2024〕7号"
    )

    union.refresh_from_db()
    held.refresh_from_db()
    assert (union.name, union.short_name, union.name_initials) == ("新厂工会", "新厂", "xcgh")
    assert held.label == "新厂工会 第1届"
    assert UnionName.objects.values_list("name", "used_until").get() == (old, DAY)
    with pytest.raises(StepRefused, match="日期应在其后"):
        lifecycle.rename(union, name="更新厂工会", on=DAY, by=staff)
    undo(staff)
    union.refresh_from_db()
    held.refresh_from_db()
    assert (union.name, held.label, UnionName.objects.count()) == (old, f"{old} 第1届", 0)


def test_renaming_refuses_the_same_and_a_taken_name(town: Union, staff: User) -> None:
    union = single(town)

    with pytest.raises(StepRefused, match="相同"):
        lifecycle.rename(union, name=union.name, on=DAY, by=staff)
    with pytest.raises(StepRefused, match="已有名为"):
        lifecycle.rename(union, name=town.name, on=DAY, by=staff)


@pytest.fixture
def ending(town: Union) -> Union:
    """A union with two members, one of them retained, a unit, a chair, a term and a union below it."""
    union = single(town, unit("甲厂"))
    new_member(union, name="赵一")
    event(new_member(union, name="钱二"), EventKind.RETAIN, "2023-01-01")
    event(new_member(union, name="孙三"), EventKind.LEAVE, "2023-01-01")
    post(union)
    term(union, "2022-01-01")
    term(union, None, number=2)
    joint(union, 0, name="下级工会")
    return union


def test_merged_union_hands_everything_over(town: Union, staff: User, ending: Union) -> None:
    heir = joint(town, 2)

    moved = lifecycle.merge(ending, into=heir, on=DAY, by=staff, reason="青工〔2024〕8号")

    ending.refresh_from_db()
    assert (moved, ending.dissolved_on, ending.merged_into) == (2, DAY, heir)
    states = dict(Member.objects.filter(union=heir).values_list("name", "state"))
    assert states == {"赵一": State.ACTIVE, "钱二": State.RETAINED}
    assert Member.objects.get(name="孙三").union == ending
    assert figure("members.active.count", on("2024-05-31", frozenset({ending.pk}))) == 1
    assert figure("members.active.count", on("2024-06-01", frozenset({heir.pk}))) == 1
    assert (
        figure("grassroots.units.covered", on("2024-05-31"))
        == figure("grassroots.units.covered", on("2024-06-01"))
        == 3
    )
    assert figure("grassroots.unions.count", on("2024-06-01")) == 2
    assert OfficerPost.objects.get(union=ending).ended_on == DAY
    assert set(CommitteeTerm.objects.filter(union=ending).values_list("ended_on", flat=True)) == {DAY}
    assert Union.objects.get(name="下级工会").parent == heir


def test_merging_is_taken_back_whole(town: Union, staff: User, ending: Union) -> None:
    heir = joint(town, 2)
    lifecycle.merge(ending, into=heir, on=DAY, by=staff)

    undo(staff)

    ending.refresh_from_db()
    assert (ending.dissolved_on, ending.merged_into) == (None, None)
    assert set(Member.objects.filter(union=ending).values_list("name", flat=True)) == {"赵一", "钱二", "孙三"}
    assert MembershipEvent.objects.filter(kind=EventKind.TRANSFER).count() == 0
    assert Coverage.objects.filter(union=ending, ended_on__isnull=True).count() == 1
    assert Coverage.objects.filter(union=heir).count() == 2
    assert OfficerPost.objects.get(union=ending).ended_on is None
    assert Union.objects.get(name="下级工会").parent == ending


def test_merging_that_makes_no_sense_is_refused(town: Union, staff: User, ending: Union) -> None:
    heir = joint(town, 2)
    cases = {
        "不能并入自己": {"into": ending},
        "只能有1个单位": {"into": single(town)},
        "不能接收": {"into": town},
        "已于2023-01-01撤销": {"into": joint(town, 0, dissolved_on=date(2023, 1, 1))},
        "日期应在其后": {"into": heir, "on": date(2017, 1, 1)},
        "会籍变动，请改用更晚": {"into": heir, "on": date(2022, 1, 1)},
        "一天只能办理一项": {"into": heir, "on": date(2023, 1, 1)},
    }
    for message, changes in cases.items():
        with pytest.raises(StepRefused, match=message):
            lifecycle.merge(ending, **({"on": DAY, "by": staff} | changes))
    assert not Act.objects.filter(summary__startswith="合并").exists()


def test_dissolved_union_needs_a_receiver_for_its_members(town: Union, staff: User, ending: Union) -> None:
    with pytest.raises(StepRefused, match="还有2名会员"):
        lifecycle.dissolve(ending, on=DAY, by=staff, reason="企业关停")

    moved = lifecycle.dissolve(ending, on=DAY, by=staff, reason="企业关停", receiver=town)

    ending.refresh_from_db()
    assert (moved, ending.dissolved_on, ending.merged_into) == (2, DAY, None)
    assert Member.objects.get(name="赵一").union == town
    assert Union.objects.get(name="下级工会").parent == town
    assert figure("grassroots.unions.dissolved.count", on("2024-12-31")) == 1
    assert figure("grassroots.unions.merged.count", on("2024-12-31")) == 0
    with pytest.raises(StepRefused, match="已于2024-06-01撤销"):
        lifecycle.dissolve(ending, on=DAY, by=staff, reason="再来")
    undo(staff)
    assert figure("grassroots.unions.dissolved.count", on("2024-12-31")) == 0


def test_township_union_is_never_dissolved(town: Union, staff: User) -> None:
    with pytest.raises(StepRefused, match="镇总工会不能撤销"):
        lifecycle.dissolve(town, on=DAY, by=staff, reason="错")


def test_later_links_and_posts_stand_in_the_way_of_ending(town: Union, staff: User) -> None:
    union = joint(town, 0)
    cover(union, unit(), "2024-07-01")
    with pytest.raises(StepRefused, match="新的涵盖关系"):
        lifecycle.dissolve(union, on=DAY, by=staff, reason="x")
    other = joint(town, 0)
    post(other, started_on="2024-07-01")
    with pytest.raises(StepRefused, match="新的任职"):
        lifecycle.dissolve(other, on=DAY, by=staff, reason="x")
    other.refresh_from_db()
    assert other.dissolved_on is None


def test_covering_takes_a_known_unit_or_registers_a_new_one(town: Union, staff: User) -> None:
    union, code = joint(town, 0), credit_code()
    known = unit("老店", credit_code=code)

    assert units.cover(union, name="老店", credit_code=code, on=DAY, by=staff).unit == known
    made = units.cover(union, name="新店", credit_code=None, on=DAY, by=staff, staff_total=3).unit
    assert (made.name, made.staff_total) == ("新店", 3)
    undo(staff)
    assert not Coverage.objects.filter(union=union, unit__name="新店").exists()


@pytest.mark.parametrize(
    ("name", "with_code", "message"),
    [("改名店", True, "另一名称"), ("老店", False, "同名单位"), ("老店", True, "已经涵盖")],
)
def test_covering_is_refused(town: Union, staff: User, name: str, with_code: bool, message: str) -> None:
    union, code = joint(town, 0), credit_code()
    cover(union, unit("老店", credit_code=code))

    with pytest.raises(StepRefused, match=message):
        units.cover(union, name=name, credit_code=code if with_code else None, on=DAY, by=staff)


def test_coverage_ends_on_its_day(town: Union, staff: User) -> None:
    link = cover(joint(town, 1), unit(), "2023-01-01")
    with pytest.raises(StepRefused, match="才开始涵盖"):
        units.end_coverage(link, on=date(2022, 12, 31), by=staff)

    units.end_coverage(link, on=DAY, by=staff, reason="店铺搬走")

    assert figure("grassroots.units.covered", on("2024-05-31")) == 2
    assert figure("grassroots.units.covered", on("2024-06-01")) == 1
    with pytest.raises(StepRefused, match="已于2024-06-01终止"):
        units.end_coverage(link, on=DAY, by=staff)
    undo(staff)
    assert figure("grassroots.units.covered", on("2024-06-01")) == 2


def test_closing_a_unit_ends_its_coverage(town: Union, staff: User) -> None:
    own = unit()
    single(town, own)

    assert units.close_unit(own, on=DAY, by=staff, reason="注销登记") == 1

    own.refresh_from_db()
    assert (own.closed_on, own.state) == (DAY, UnitState.CLOSED)
    assert figure("grassroots.units.count", on("2024-06-01")) == 0
    with pytest.raises(StepRefused, match="已于2024-06-01注销"):
        units.close_unit(own, on=DAY, by=staff)
    undo(staff)
    own.refresh_from_db()
    assert (own.closed_on, own.coverages.get().ended_on) == (None, None)


def test_written_single_union_covers_its_employer(town: Union) -> None:
    own = unit()
    founded = {"kind": UnionKind.SINGLE, "parent": town, "founded_on": date(2020, 5, 1)}
    union = Union.objects.create(name="甲工会", employer=own, **founded)
    bare = Union.objects.create(name="乙工会", **founded)

    units.cover_employers([union.pk, bare.pk])
    units.cover_employers([union.pk, bare.pk])

    assert list(Coverage.objects.values_list("union", "unit", "started_on")) == [
        (union.pk, own.pk, date(2020, 5, 1))
    ]


def test_written_coverage_names_the_employer(town: Union) -> None:
    union = Union.objects.create(name="甲工会", kind=UnionKind.SINGLE, parent=town)
    village = joint(town, 0)
    links = [cover(union, unit("甲厂")), cover(village, unit("乙厂"))]

    units.employers_from_coverage([link.pk for link in links])

    union.refresh_from_db()
    village.refresh_from_db()
    assert (str(union.employer), village.employer) == ("甲厂", None)


def test_post_that_begins_later_is_a_head_of_then(town: Union) -> None:
    union = joint(town, 0)
    post(union, "旧主席", Post.CHAIR, "2018-01-01", ended_on="2024-06-01")
    post(union, "新主席", Post.CHAIR, "2024-06-01")

    assert figure("grassroots.posts.chairs.count", on("2024-06-01")) == 1


def test_ending_a_union_tells_first_what_it_holds(union: Union, staff: User, login) -> None:
    new_member(union)
    cover(union, unit())
    post(union)

    page = login(staff).get(f"/unions/{union.pk}/steps/dissolve/").content.decode()

    assert "现有会员1名（含保留会籍）、涵盖单位1个、在任干部1人次、下级工会0个。" in page


def test_renaming_starts_from_the_present_names(union: Union, staff: User, login) -> None:
    form = login(staff).get(f"/unions/{union.pk}/steps/rename/").context["form"]

    assert (form["name"].value(), form["short_name"].value()) == (union.name, union.short_name)


@pytest.mark.django_db(transaction=True)
def test_member_who_is_just_retiring_moves_on_as_retired(town: Union, union: Union, staff: User) -> None:
    who = new_member(union, "2020-01-01")

    def retire() -> None:
        change_membership(who, EventKind.RETIRE, on=date(2024, 5, 1), by=staff)

    with not_yet_committed(retire):
        lifecycle.dissolve(union, on=DAY, by=staff, reason="企业关停", receiver=town)

    who.refresh_from_db()
    assert (who.union, who.state) == (town, State.RETIRED)


@pytest.mark.parametrize(("kind", "offered"), [(UnionKind.SINGLE, False), (UnionKind.JOINT, True)])
def test_union_that_covers_a_unit_is_offered_another_only_if_it_may_have_one(
    union: Union, chair: User, login, kind: str, offered: bool
) -> None:
    Union.objects.filter(pk=union.pk).update(kind=kind)
    office, label = login(chair), "登记涵盖单位"

    before = [action["label"] for action in office.get(f"/unions/{union.pk}/").context["actions"]]
    cover(union, unit())
    after = [action["label"] for action in office.get(f"/unions/{union.pk}/").context["actions"]]

    assert label in before
    assert (label in after) == offered
