"""Two records of one person become one, with every link; and become two again when the merge is taken back."""

from datetime import date

import pytest

from members.choices import EventKind, State
from members.merging import links, merge_members, proposal
from members.models import Member, MembershipEvent, TransferRequest
from unionoffice.organisation.models import Union, Unit, User
from unionoffice.records.models import Act
from unionoffice.records.taking_back import take_back

from .samples import chain, event, new_member


def snapshot() -> tuple[list, list, list]:
    return (
        list(Member.objects.order_by("pk").values()),
        list(MembershipEvent.objects.order_by("pk").values()),
        list(TransferRequest.objects.order_by("pk").values()),
    )


@pytest.fixture
def keep(union: Union) -> Member:
    return new_member(union, "2019-01-01", job="焊工", note="")


@pytest.fixture
def drop(other_union: Union) -> Member:
    return new_member(other_union, "2021-05-01", job="电工", note="劳模")


def test_fields_are_taken_as_chosen_and_empty_ones_filled(keep: Member, drop: Member, staff: User) -> None:
    phone = drop.phone

    merged = merge_members(keep, drop, choices={"phone": "drop"}, by=staff)

    merged.refresh_from_db()
    assert (merged.phone, merged.job, merged.note) == (phone, "焊工", "劳模")
    assert not Member.objects.filter(pk=drop.pk).exists()


def test_name_is_taken_with_its_pinyin(keep: Member, drop: Member, staff: User) -> None:
    Member.objects.filter(pk=drop.pk).update(name="章晓明")

    merge_members(keep, drop, choices={"name": "drop"}, by=staff)

    keep.refresh_from_db()
    assert (keep.name, keep.name_pinyin) == ("章晓明", "zhangxiaoming")


def test_proposal_takes_what_only_the_other_record_says(keep: Member, drop: Member) -> None:
    taken = {name for name, side in proposal(keep, drop).items() if side == "drop"}

    assert taken == {"note"}


def test_employer_of_the_later_membership_is_proposed(keep: Member, drop: Member) -> None:
    for member, name in ((keep, "旧单位"), (drop, "新单位")):
        Member.objects.filter(pk=member.pk).update(unit=Unit.objects.create(name=name))
        member.refresh_from_db()

    assert proposal(keep, drop)["unit"] == "drop"
    assert proposal(drop, keep)["unit"] == "keep"


def test_events_are_woven_into_one_chain(keep: Member, drop: Member, staff: User) -> None:
    merge_members(keep, drop, choices={}, by=staff)

    assert chain(keep) == [
        ("2019-01-01", "join", "2021-05-01", "宏达机械"),
        ("2021-05-01", "transfer", None, "金河村"),
    ]
    keep.refresh_from_db()
    assert (keep.union.short_name, keep.joined_on) == ("金河村", date(2019, 1, 1))


def test_end_in_the_record_already_left_does_not_end_the_membership(
    keep: Member, drop: Member, staff: User
) -> None:
    event(keep, EventKind.LEAVE, "2022-03-01")

    merge_members(keep, drop, choices={}, by=staff)

    keep.refresh_from_db()
    assert keep.state == State.ACTIVE
    assert [row[:2] for row in chain(keep)] == [("2019-01-01", "join"), ("2021-05-01", "transfer")]


def test_second_joining_after_an_end_is_a_rejoining(keep: Member, drop: Member, staff: User) -> None:
    event(keep, EventKind.LEAVE, "2020-03-01")

    merge_members(keep, drop, choices={}, by=staff)

    assert [row[:2] for row in chain(keep)] == [
        ("2019-01-01", "join"),
        ("2020-03-01", "leave"),
        ("2021-05-01", "rejoin"),
    ]


def test_of_two_events_on_one_day_the_active_one_stays(keep: Member, drop: Member, staff: User) -> None:
    event(keep, EventKind.LEAVE, "2021-05-01")

    merge_members(keep, drop, choices={}, by=staff)

    assert [row[:2] for row in chain(keep)] == [("2019-01-01", "join"), ("2021-05-01", "transfer")]


def test_links_move_to_the_kept_member(keep: Member, drop: Member, town: Union, staff: User) -> None:
    request = TransferRequest.objects.create(
        member=drop, from_union=drop.union, to_union=town, on="2024-01-01", requested_by=staff
    )

    merge_members(keep, drop, choices={}, by=staff)

    request.refresh_from_db()
    assert request.member == keep


def test_link_that_the_kept_member_has_too_goes(keep: Member, drop: Member, town: Union, staff: User) -> None:
    for member in (keep, drop):
        TransferRequest.objects.create(
            member=member, from_union=member.union, to_union=town, on="2024-01-01", requested_by=staff
        )

    merge_members(keep, drop, choices={}, by=staff)

    assert [row.member for row in TransferRequest.objects.all()] == [keep]


def test_merge_taken_back_leaves_everything_as_it_was(
    keep: Member, drop: Member, town: Union, staff: User
) -> None:
    event(keep, EventKind.LEAVE, "2021-05-01")
    event(drop, EventKind.RETAIN, "2023-01-01")
    for member in (keep, drop):
        TransferRequest.objects.create(
            member=member, from_union=member.union, to_union=town, on="2024-01-01", requested_by=staff
        )
    before = snapshot()
    merge_members(keep, drop, choices={"phone": "drop", "name": "drop"}, by=staff)
    assert snapshot() != before

    take_back(Act.objects.get(kind="merge"), user=staff)

    assert snapshot() == before


def test_merging_a_member_with_itself_or_by_a_kept_field_is_an_error(
    keep: Member, drop: Member, staff: User
) -> None:
    with pytest.raises(ValueError, match="itself"):
        merge_members(keep, keep, choices={}, by=staff)
    with pytest.raises(ValueError, match="id_number"):
        merge_members(keep, drop, choices={"id_number": "drop"}, by=staff)
    assert Member.objects.count() == 2


def test_every_column_that_points_to_a_member_is_found() -> None:
    found = {(model.__name__, field.name) for model, field in links()}

    assert ("TransferRequest", "member") in found
    assert ("MembershipEvent", "member") not in found


def test_merge_and_its_taking_back_are_named_without_stutter(
    union: Union, other_union: Union, staff: User
) -> None:
    keep, drop = new_member(union), new_member(other_union)

    merge_members(keep, drop, choices={}, by=staff)
    back = take_back(Act.objects.get(kind="merge"), user=staff)

    assert str(back) == "撤回 合并 会员 张小明 并入 张小明"
