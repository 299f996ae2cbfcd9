"""What the rules refuse (V13, V25), and what they let pass for a reason (V14)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from members.choices import EventKind
from tests.members.samples import event, new_member
from unionoffice.organisation.models import Union
from unionoffice.organisation.office import SETTINGS
from unionoffice.records.rules import judge
from welfare.choices import Occasion, Recipient
from welfare.records import VISITS
from welfare.rules import complete, complete_union

from .samples import GOODS, batch, ceilings, problems, row, visit

CHILD = {"recipient": Recipient.CHILD, "name": "张子轩"}


def test_faultless_visit_passes(union: Union) -> None:
    assert problems(row(union)) == []


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"cash_amount": None}, ("cash_amount", "refused", "visit-empty")),
        ({"cash_amount": Decimal(0)}, ("cash_amount", "refused", "visit-empty")),
        ({"cash_amount": None, "goods": "毛巾|2|条|0"}, ("goods", "refused", "visit-worthless")),
        ({"name": ""}, ("member", "refused", "visit-nobody")),
        ({"visitors": ""}, ("visitors", "refused", "visit-visitors")),
        ({"occasion": Occasion.OTHER}, ("reason", "refused", "visit-reason")),
        ({"visited_on": "2026-11-21"}, ("visited_on", "refused", "date-in-future")),
        ({"paid_on": "2026-11-21"}, ("paid_on", "refused", "date-in-future")),
        ({"is_proxy_signed": True}, ("proxy_name", "refused", "visit-proxy")),
        ({"recipient": Recipient.FAMILY, "name": "3号楼"}, ("name", "refused", "name-digits")),
        (CHILD, ("is_under_fourteen", "warned", "child-age")),
        (CHILD | {"is_under_fourteen": True}, ("consent_on", "refused", "child-consent")),
    ],
)
def test_fault_is_found(union: Union, fields: dict[str, Any], expected: tuple[str, str, str]) -> None:
    assert problems(row(union, **fields)) == [(0, *expected)]


@pytest.mark.parametrize(
    "fields",
    [
        {"cash_amount": None, "goods": GOODS},
        {"occasion": Occasion.OTHER, "reason": "家中失火"},
        {"visited_on": "2026-11-20"},
        {"is_proxy_signed": True, "proxy_name": "李芳"},
        {"name": "3号线夜班"},
        CHILD | {"is_under_fourteen": False},
        CHILD | {"is_under_fourteen": True, "consent_on": "2026-07-19"},
    ],
)
def test_what_is_in_order_passes(union: Union, fields: dict[str, Any]) -> None:
    assert problems(row(union, **fields)) == []


def test_visit_is_to_one_person(union: Union) -> None:
    """The member, or the named child who may belong to a member; never two persons in one visit."""
    member = new_member(union)
    rows = [
        row(union, recipient=Recipient.MEMBER, member=member.pk, name=""),
        row(union, recipient=Recipient.HARDSHIP, member=member.pk, name="李奶奶"),
        row(union, recipient=Recipient.CHILD, member=member.pk, name="张子轩", is_under_fourteen=False),
        row(union, recipient=Recipient.FAMILY, member=member.pk, name="", occasion=Occasion.MAY_DAY),
    ]

    assert problems(*rows) == [
        (1, "name", "refused", "visit-two-persons"),
        (3, "name", "refused", "visit-whose"),
    ]


def test_member_belongs_to_the_union_on_the_day_of_the_visit(
    town: Union, union: Union, other_union: Union
) -> None:
    """A late entry is judged by where the member stood then; the town may visit everybody."""
    member = new_member(union, "2024-03-01")
    event(member, EventKind.TRANSFER, "2026-06-01", other_union)
    to_member = {"recipient": Recipient.MEMBER, "member": member.pk, "name": ""}
    rows = [
        row(union, visited_on="2026-05-31", **to_member),
        row(union, visited_on="2026-06-01", **to_member, occasion=Occasion.ILLNESS),
        row(other_union, visited_on="2026-06-01", **to_member, occasion=Occasion.MAY_DAY),
        row(town, visited_on="2026-06-01", **to_member, occasion=Occasion.DISASTER),
        row(union, visited_on="2024-02-01", **to_member),
    ]

    assert problems(*rows) == [
        (1, "member", "warned", "visit-other-union"),
        (4, "member", "warned", "visit-no-member-yet"),
    ]


def test_union_of_a_member_is_filled_in(union: Union, other_union: Union) -> None:
    member = new_member(union, "2024-03-01")
    event(member, EventKind.TRANSFER, "2026-06-01", other_union)
    columns = {
        "member": [member.pk, member.pk, member.pk, member.pk, None],
        "union": [None, None, None, union.pk, None],
        "visited_on": [date(2026, 5, 31), date(2026, 6, 1), date(2020, 1, 1), date(2026, 6, 1), None],
    }

    complete_union(columns)

    assert columns["union"] == [union.pk, other_union.pk, None, union.pk, None]


def test_ceiling_of_one_visit(union: Union) -> None:
    ceilings(("高温", "500", ""))

    assert problems(row(union, cash_amount=Decimal(500))) == []
    assert problems(row(union, cash_amount=Decimal("500.01"))) == [
        (0, "cash_amount", "warned", "visit-over-time")
    ]
    assert problems(row(union, cash_amount=None, goods="空调扇|2|台|260")) == [
        (0, "goods", "warned", "visit-over-time")
    ]


def test_ceiling_of_a_year_counts_stored_visits_and_earlier_rows(union: Union) -> None:
    ceilings(("生病住院", "", "1000"))
    ill = {"occasion": Occasion.ILLNESS}
    visit(union, "2026-03-01", name="环卫一班", **ill)
    visit(union, "2025-03-01", name="环卫一班", **ill)
    visit(union, "2026-03-01", name="环卫二班", **ill)

    within = [problem for problem in problems(row(union, **ill)) if problem[3] == "visit-over-year"]
    two_rows = problems(row(union, **ill), row(union, **ill, cash_amount=Decimal(1)))

    assert within == []
    assert (1, "cash_amount", "warned", "visit-over-year") in two_rows


def test_changed_visit_is_not_counted_beside_itself(union: Union) -> None:
    ceilings(("高温", "", "600"))
    stored = visit(union, "2026-07-20", name="环卫一班", occasion=Occasion.HEAT)

    assert problems(row(union, cash_amount=Decimal(600)), pks=(stored.pk,)) == []


def test_ceiling_is_the_one_of_the_day_paid(union: Union) -> None:
    ceilings(("高温", "300", ""), valid_from="2020-01-01")
    ceilings(("高温", "800", ""), valid_from="2026-08-01")

    assert problems(row(union)) == [(0, "cash_amount", "warned", "visit-over-time")]
    assert problems(row(union, paid_on="2026-08-02")) == []


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ([{"事由": "高温", "每次": "500", "每年": ""}], ""),
        ([{"事由": "春游", "每次": "500", "每年": ""}], "事由“春游”不在慰问事由中"),
        ([{"事由": "高温", "每次": "五百", "每年": ""}], "高温的每次上限"),
    ],
)
def test_ceilings_are_checked_when_they_are_set(table: list[dict[str, str]], fault: str) -> None:
    found = SETTINGS["welfare.ceilings"].check(table)

    assert found.startswith(fault) and bool(found) == bool(fault)


def test_same_person_and_occasion_twice_in_a_year(union: Union) -> None:
    member = new_member(union)
    visit(union, "2026-01-20", member=member)
    visit(union, "2025-01-20", name="环卫一班")
    to_member = {"recipient": Recipient.MEMBER, "member": member.pk, "name": ""}
    spring = {"occasion": Occasion.SPRING_FESTIVAL}
    rows = [
        row(union, **to_member, **spring, visited_on="2026-02-03"),
        row(union, **to_member, **spring, visited_on="2027-01-20", campaign="2027年元旦春节送温暖"),
        row(union, **spring, visited_on="2026-01-20"),
        row(union, **spring, visited_on="2026-01-21"),
    ]

    twice = [problem for problem in problems(*rows) if problem[3] == "visit-twice"]
    assert twice == [(0, "member", "warned", "visit-twice"), (3, "name", "warned", "visit-twice")]


def test_festivals_without_a_name_are_told_apart_by_their_campaign(union: Union) -> None:
    festival = {"occasion": Occasion.FESTIVAL}
    visit(union, "2026-06-19", name="环卫一班", campaign="2026年端午慰问", **festival)

    assert problems(row(union, campaign="2026年中秋慰问", **festival)) == []
    assert problems(row(union, campaign="2026年端午慰问", **festival)) == [
        (0, "name", "warned", "visit-twice")
    ]


def test_rules_ask_as_often_for_many_rows_as_for_one(
    union: Union, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ceilings(("高温", "100", "200"))
    members = [new_member(union, name=name) for name in ("张小明", "李小红", "赵小军")]
    rows = [row(union, recipient=Recipient.MEMBER, member=member.pk, name="") for member in members]

    for given in (batch(*rows[:1]), batch(*rows)):
        with django_assert_num_queries(5):
            assert len(list(judge(VISITS.rules, given))) == 2 * len(given)


def test_a_group_says_how_many_people_it_has(union: Union) -> None:
    one_person = row(union, name="", member=new_member(union).pk, recipient=Recipient.MEMBER, reached=3)

    assert problems(row(union, reached=None)) == [(0, "reached", "warned", "visit-group-size")]
    assert problems(row(union, reached=0)) == [(0, "reached", "refused", "visit-group-empty")]
    assert (0, "reached", "refused", "visit-no-group") in problems(one_person)


def test_people_reached_before_are_some_of_both_visits(union: Union) -> None:
    group = {"name": "环卫一班", "recipient": Recipient.TEAM}
    earlier = visit(union, "2026-07-01", reached=10, **group)
    later = visit(union, "2026-07-21", reached=10, **group)
    person = visit(union, "2026-07-01")

    def found(**fields: Any) -> list[tuple[str, str]]:
        return [
            (p[1], p[2]) for p in problems(row(union, name="环卫二班", **fields)) if p[3] != "visit-twice"
        ]

    assert found(earlier=earlier.pk, reached_before=10) == []
    assert found(earlier=earlier.pk, reached_before=11) == [("reached_before", "refused")]
    assert found(earlier=earlier.pk, reached=5, reached_before=6) == [("reached_before", "refused")]
    assert found(earlier=earlier.pk) == [("reached_before", "refused")]
    for wrong in (None, later.pk, person.pk):
        assert found(earlier=wrong, reached_before=2) == [("earlier", "refused")]


def test_a_roster_that_writes_one_for_each_person_means_nothing_by_it(union: Union) -> None:
    one, group = (
        row(union, reached=1) | {"recipient": recipient} for recipient in (Recipient.MEMBER, Recipient.TEAM)
    )
    columns = {name: [one[name], group[name]] for name in one}

    complete(columns)

    assert columns["reached"] == [None, 1]
