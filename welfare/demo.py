"""Care visits of the demo town: the festivals of two years, illness and other occasions."""

from copy import copy
from datetime import date, timedelta
from decimal import Decimal

from members.choices import EventKind, State
from members.models import Member, MembershipEvent
from unionoffice.organisation.choices import FundSource
from unionoffice.organisation.models import OfficeSetting
from unionoffice.records.demo import DemoTown, Papers, loader
from unionoffice.values import clean_lines

from .choices import Occasion, Payment, Recipient
from .models import CareVisit
from .queries import SIGNATURE

PARCELS = ("大米|1|袋|58.00；食用油|1|桶|72.00", "年货礼包|1|份|168.00", "牛奶|2|箱|55.00；水果|1|箱|60.00")
SCHOOL_PARCEL = "书包|1|个|89.00；文具套装|1|套|45.00"
COOLING_PARCEL = "防暑药品|1|盒|38.00；毛巾|2|条|12.00；饮料|2|箱|48.00"
# occasion, month and day, visits a year, recipient, cash, goods, campaign
SEASONS = (
    (Occasion.SPRING_FESTIVAL, (1, 18), 60, Recipient.HARDSHIP, 1000, PARCELS[0], "{year}年元旦春节送温暖"),
    (
        Occasion.SPRING_FESTIVAL,
        (1, 22),
        12,
        Recipient.MODEL_WORKER,
        600,
        PARCELS[1],
        "{year}年元旦春节送温暖",
    ),
    (Occasion.MAY_DAY, (4, 26), 24, Recipient.HARDSHIP, 0, PARCELS[2], "{year}年五一慰问"),
    (Occasion.CHILDREN_DAY, (5, 29), 30, Recipient.CHILD, 0, SCHOOL_PARCEL, "{year}年六一关爱"),
    (Occasion.HEAT, (7, 20), 40, Recipient.MEMBER, 0, COOLING_PARCEL, "{year}年夏送清凉"),
    (Occasion.FESTIVAL, (9, 20), 20, Recipient.MEMBER, 0, PARCELS[1], "{year}年中秋慰问"),
)
SINGLE = (
    (Occasion.ILLNESS, 45, 800, "住院治疗"),
    (Occasion.MARRIAGE_BIRTH, 30, 500, "结婚生育"),
    (Occasion.DEATH, 6, 1500, "职工或直系亲属去世"),
)
# day, group, people, of them met by the first of these
GROUPS = (
    ((7, 10), "环卫一班", 18, None),
    ((7, 17), "快递分拣班组", 24, None),
    ((8, 5), "环卫一班", 16, 12),
    ((8, 6), "环卫二班", 22, 20),
    ((8, 7), "工地砌筑班组", None, None),
)
CEILINGS = (
    ("生病住院", "1000", "2000"),
    ("婚育", "600", "600"),
    ("退休", "1000", "1000"),
    ("春节", "3000", "6000"),
)


@loader
def load(town: DemoTown) -> None:
    _settings(town)
    members = list(Member.objects.filter(state=State.ACTIVE).select_related("union").order_by("pk"))
    rows = [
        visit
        for year in town.years
        for visit in (*_seasons(town, year, members), *_others(town, year, members))
    ]
    made = CareVisit.objects.bulk_create([*rows, *_doubtful(rows)], batch_size=1000)
    _groups(town)
    papers = Papers(town)
    papers.attach(made, SIGNATURE, "签领表", "sheet", 0.94)
    papers.attach(made, "photo", "慰问现场", "scene", 0.3)


def _groups(town: DemoTown) -> None:
    """Visits to groups in the heat: some meet people of the first one again, once more than it had; one has no number."""
    for year in town.years:
        first = None
        for month_day, name, reached, before in GROUPS:
            on = date(year, *month_day)
            if on > town.today:
                continue
            visit = CareVisit(
                union=town.unions[0],
                recipient=Recipient.TEAM,
                name=name,
                reached=reached,
                earlier=first if before else None,
                reached_before=before,
                occasion=Occasion.HEAT,
                campaign=f"{year}年夏送清凉",
                visited_on=on,
                paid_on=on,
                visitors="镇总工会副主席王芳",
                goods=clean_lines(COOLING_PARCEL),
                payment=Payment.GOODS,
            )
            visit.save()
            first = first or visit


def _doubtful(rows: list[CareVisit]) -> list[CareVisit]:
    """Two children whose age nobody noted; and two visits that somebody logged a second time."""
    for child in [row for row in rows if row.recipient == Recipient.CHILD][:2]:
        child.is_under_fourteen = child.consent_on = None
    again = [copy(row) for row in rows if row.occasion == Occasion.SPRING_FESTIVAL][:2]
    for visit in again:
        visit.visited_on += timedelta(days=1)
    return again


def _settings(town: DemoTown) -> None:
    table = [
        {"事由": occasion, "每次": time, "每年": year, "依据": "内部福利标准"}
        for occasion, time, year in CEILINGS
    ]
    campaigns = [season[6].format(year=year) for year in town.years for season in SEASONS[1:]]
    for key, value in (("welfare.ceilings", table), ("welfare.campaigns", campaigns)):
        OfficeSetting.objects.create(key=key, value=value, valid_from=town.first_day)


def _seasons(town: DemoTown, year: int, members: list[Member]) -> list[CareVisit]:
    made = []
    for occasion, (month, day), count, recipient, cash, goods, campaign in SEASONS:
        on = date(year, month, day)
        if on > town.today:
            continue
        known = [member for member in members if member.joined_on <= on]
        for member in town.random.sample(known, min(count, len(known))):
            is_child = recipient == Recipient.CHILD
            visit = _visit(town, member, occasion, on, cash, goods)
            visit.recipient, visit.campaign = recipient, campaign.format(year=year)
            visit.fund_source = FundSource.TOWN if town.chance(0.7) else FundSource.COUNTY
            if is_child:
                visit.member, visit.name = (
                    None,
                    member.name[0] + town.pick(["子轩", "雨桐", "浩然", "思琪", "俊熙", "梓萱"]),
                )
                visit.is_under_fourteen, visit.consent_on = True, on
            made.append(visit)
    return made


def _others(town: DemoTown, year: int, members: list[Member]) -> list[CareVisit]:
    made = []
    start, end = date(year, 1, 4), min(date(year, 12, 31), town.today)
    retired = MembershipEvent.objects.filter(kind=EventKind.RETIRE, on__year=year, on__lte=end)
    for event in retired.select_related("member__union").order_by("on", "member"):
        visit = _visit(town, event.member, Occasion.RETIREMENT, event.on, 600, "")
        visit.reason = "光荣退休"
        made.append(visit)
    for occasion, count, cash, reason in SINGLE if start <= end else ():
        known = [member for member in members if member.joined_on <= end]
        for member in town.random.sample(known, min(count, len(known))):
            on = town.day(max(start, member.joined_on), end)
            visit = _visit(town, member, occasion, on, cash, "")
            visit.reason = reason
            made.append(visit)
    return made


def _visit(town: DemoTown, member: Member, occasion: Occasion, on: date, cash: int, goods: str) -> CareVisit:
    return CareVisit(
        union=member.union,
        member=member,
        recipient=Recipient.MEMBER,
        occasion=occasion,
        visited_on=on,
        paid_on=on,
        place=town.pick(("职工家中", "车间", "镇总工会", "医院")),
        visitors=town.pick(("工会主席、委员", "镇总工会副主席王芳", "工会主席")),
        cash_amount=Decimal(cash) if cash else None,
        goods=clean_lines(goods) or (),
        fund_source=FundSource.UNION,
        payment=Payment.CASH if cash else Payment.GOODS,
        voucher_no=f"{on:%Y%m}-{town.random.randrange(1, 200):03}",
    )
