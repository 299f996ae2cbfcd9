"""The figures of care visits, each by a story small enough to count by hand."""

from datetime import date
from decimal import Decimal
from typing import Any

from tests.grassroots.samples import year
from tests.members.samples import new_member
from unionoffice import facts
from unionoffice.organisation.models import Union
from welfare.choices import Occasion, Recipient
from welfare.models import CareVisit
from welfare.queries import person_of, season_year

from .samples import GOODS, figures, visit

COUNTS = ("welfare.visits.count", "welfare.visits.persons")
AMOUNTS = ("welfare.visits.amount", "welfare.visits.cash.amount", "welfare.visits.goods.amount")


def yuan(*amounts: str) -> list[Decimal]:
    return [Decimal(amount) for amount in amounts]


def test_same_person_twice_is_one_person_and_two_visits(union: Union) -> None:
    member = new_member(union)
    visit(union, "2026-01-20", member=member)
    visit(union, "2026-05-01", member=member, occasion=Occasion.MAY_DAY)
    visit(union, "2026-05-01", name="李奶奶", occasion=Occasion.MAY_DAY)

    assert figures(year(2026), *COUNTS) == [3, 2]
    assert figures(year(2026), "welfare.visits.may_day.visits", "welfare.visits.may_day.persons") == [2, 2]


def test_one_name_in_two_unions_is_two_persons(union: Union, other_union: Union) -> None:
    visit(union, name="王师傅")
    visit(other_union, name="王师傅")

    assert figures(year(2026), *COUNTS) == [2, 2]
    assert figures(year(2026, frozenset({union.pk})), *COUNTS) == [1, 1]


PERSONS = "welfare.visits.persons"


def test_one_person_on_every_occasion_and_as_every_kind_of_recipient_is_one_person(union: Union) -> None:
    member = new_member(union)
    kinds = (Recipient.MEMBER, Recipient.HARDSHIP, Recipient.MODEL_WORKER)
    for occasion in Occasion:
        for recipient in kinds:
            visit(union, member=member, occasion=occasion, recipient=recipient, reason="其他")

    each = [f"welfare.visits.{occasion.value}.persons" for occasion in Occasion]
    assert figures(year(2026), *each) == [1] * len(each)
    assert figures(year(2026), *COUNTS, "welfare.visits.hardship.persons") == [len(Occasion) * 3, 1, 1]


def team(union: Union, on: str, reached: int | None, **fields: Any) -> CareVisit:
    return visit(
        union, on, **({"name": "环卫一班", "recipient": Recipient.TEAM, "reached": reached} | fields)
    )


def test_a_group_counts_the_people_it_says_it_has(union: Union) -> None:
    team(union, "2026-07-20", 12)
    team(union, "2026-07-21", 8, name="环卫二班")
    visit(union, "2026-07-22", member=new_member(union))

    assert figures(year(2026), *COUNTS) == [3, 21]


def test_a_group_without_a_number_is_missing_and_not_one_person(union: Union) -> None:
    team(union, "2026-07-20", None)
    visit(union, "2026-07-22", member=new_member(union))

    found = facts.compute([PERSONS], year(2026))[PERSONS]

    assert (found.value, found.warning) == (1, "1条集体记录没有填“慰问人数”，没有计入")
    CareVisit.objects.filter(member__isnull=False).delete()
    found = facts.compute([PERSONS], year(2026))[PERSONS]
    assert (found.value, found.warning) == (0, "1条集体记录没有填“慰问人数”，没有计入")


def test_people_reached_before_are_deducted_where_the_earlier_visit_is_counted_too(
    union: Union, other_union: Union
) -> None:
    first = team(union, "2026-01-20", 30)
    heat = {"occasion": Occasion.HEAT, "earlier": first}
    team(union, "2026-07-20", 20, reached_before=15, **heat)
    team(other_union, "2026-07-21", 10, reached_before=4, **heat)

    assert figures(year(2026), PERSONS) == [30 + 5 + 6]
    assert figures(year(2026), "welfare.visits.heat.persons") == [30]
    assert figures(year(2026, frozenset({union.pk})), PERSONS) == [35]
    assert figures(year(2026, frozenset({other_union.pk})), PERSONS) == [10]
    second_half = year(2026).at(start=date(2026, 7, 1))
    assert figures(second_half, PERSONS) == [30]


def test_two_children_of_one_member_are_two_persons(union: Union) -> None:
    member = new_member(union)
    for name in ("张子轩", "张雨桐"):
        visit(union, member=member, name=name, recipient=Recipient.CHILD, occasion=Occasion.CHILDREN_DAY)

    assert figures(year(2026), *COUNTS) == [2, 2]


def test_member_visited_by_the_town_and_by_the_own_union_is_one_person(town: Union, union: Union) -> None:
    member = new_member(union)
    visit(union, member=member)
    visit(town, member=member)

    assert figures(year(2026), *COUNTS) == [2, 1]


def test_visits_follow_the_campaign_and_money_the_day_paid(union: Union) -> None:
    """Paid out in December for a campaign of the coming year; the last visit came late, in January."""
    spring = "2026年元旦春节送温暖"
    visit(union, "2025-12-29", name="张师傅", campaign=spring, paid_on="2025-12-26")
    visit(union, "2026-01-18", name="李师傅", campaign=spring, paid_on="2025-12-26")
    visit(union, "2026-01-18", name="王师傅", campaign=spring)

    assert figures(year(2025), *COUNTS, "welfare.visits.amount") == [0, 0, *yuan("1000.00")]
    assert figures(year(2026), *COUNTS, "welfare.visits.amount") == [3, 3, *yuan("500.00")]


def test_money_of_a_season_is_that_of_the_visits_told_beside_it(union: Union) -> None:
    """Two campaigns meet in the year 2026; each year's season holds its own money, whenever it was paid."""
    visit(
        union, "2025-12-29", name="张师傅", campaign="2026年元旦春节送温暖", paid_on="2025-12-26", goods=GOODS
    )
    visit(union, "2026-12-28", name="李师傅", campaign="2027年元旦春节送温暖", cash_amount=Decimal(300))
    visit(union, "2026-05-01", name="王师傅", occasion=Occasion.MAY_DAY, cash_amount=Decimal(200))
    names = ("visits", "visits.cash", "visits.goods", "visits.spring_festival")
    season = [f"welfare.{name}.season_amount" for name in names]
    cash = [f"welfare.{name}.amount" for name in names]

    assert figures(year(2026), *COUNTS, *season) == [2, 2, *yuan("850", "700", "150", "650")]
    assert figures(year(2027), *COUNTS, *season) == [1, 1, *yuan("300", "300", "0", "300")]
    assert figures(year(2026), *cash) == yuan("500", "500", "0", "300")
    assert figures(year(2025), *cash) == yuan("650", "500", "150", "650")


def test_every_sum_of_money_is_offered_by_season_and_by_day_paid_and_says_which() -> None:
    money = {fact.key: fact for fact in facts.registry if fact.key.startswith("welfare.") and fact.is_money}

    paid = {key for key in money if key.endswith(".amount")}
    assert money.keys() - paid == {key.replace(".amount", ".season_amount") for key in paid}
    assert all("支付日期" in money[key].definition and money[key].kind == "flow" for key in paid)
    assert all("批次年度" in money[key].label for key in money.keys() - paid)


def test_campaign_in_january_paid_in_december(union: Union) -> None:
    visit(union, "2026-01-18", campaign="春节走访", paid_on="2026-12-20")

    assert figures(year(2026), *COUNTS, "welfare.visits.amount") == [1, 1, *yuan("500.00")]
    assert figures(year(2025), *COUNTS, "welfare.visits.amount") == [0, 0, *yuan("0.00")]


def test_goods_count_at_quantity_times_price(union: Union) -> None:
    visit(union, goods=GOODS, cash_amount=None)
    visit(union, goods="药品|3|盒|12.35", cash_amount=Decimal("100.50"))

    assert figures(year(2026), *AMOUNTS) == yuan("287.55", "100.50", "187.05")


def test_hardship_visits_count_apart(union: Union) -> None:
    member = new_member(union)
    visit(union, "2026-01-20", member=member, recipient=Recipient.HARDSHIP)
    visit(union, "2026-09-20", member=member, recipient=Recipient.HARDSHIP, occasion=Occasion.FESTIVAL)
    visit(union)

    keys = (
        "welfare.visits.hardship.visits",
        "welfare.visits.hardship.persons",
        "welfare.visits.hardship.amount",
    )
    assert figures(year(2026), *keys) == [2, 1, *yuan("1000.00")]


def test_campaigns_are_named_once(union: Union) -> None:
    for name in ("张师傅", "李师傅"):
        visit(union, name=name, campaign="2026年元旦春节送温暖")
    visit(union, "2026-07-20", name="李师傅", campaign="2026年夏送清凉", occasion=Occasion.HEAT)

    assert figures(year(2026), "welfare.campaigns") == [("2026年元旦春节送温暖", "2026年夏送清凉")]


def test_year_without_visits_has_figures_of_nothing(union: Union) -> None:
    visit(union, "2025-01-20")

    assert figures(year(2026), *COUNTS, *AMOUNTS, "welfare.campaigns") == [0, 0, *yuan("0", "0", "0"), ()]


def test_rules_and_database_agree_on_person_and_season(union: Union) -> None:
    """The rules tell beforehand what the columns of the database will hold."""
    member = new_member(union)
    made = [
        visit(union, "2025-12-29", campaign="2026年元旦春节送温暖", member=member),
        visit(union, "2027-01-03", campaign="2026年冬送温暖"),
        visit(union, "2026-03-01", campaign="1899年"),
        visit(union, "2026-03-01", campaign="四季歌2025年", name="环卫一班"),
    ]

    assert [str(each.season_on) for each in made] == ["2026-01-01", "2026-12-31", "2026-03-01", "2026-03-01"]
    for each in CareVisit.objects.all():
        assert season_year(each.campaign, each.visited_on) == each.season_on.year
        assert person_of(each.member_id, each.union_id, each.name) == each.person
