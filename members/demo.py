"""Members of the demo town with two years of coming and going, roster checks and collection tasks."""

from datetime import date, timedelta
from typing import Any

from unionoffice import identity
from unionoffice.organisation.models import Union, Unit
from unionoffice.records.demo import DemoTown, loader

from .choices import (
    STATE_AFTER,
    CheckResult,
    Education,
    EmploymentForm,
    EmploymentState,
    Ethnicity,
    EventKind,
    Household,
    NewForm,
    Politics,
    Sex,
    Skill,
)
from .models import CollectionTask, Member, MembershipEvent, RosterCheck, RosterCheckLine, TransferRequest
from .rules import latest_birth_of_retired

JOBS = [
    "操作工",
    "焊工",
    "电工",
    "钳工",
    "缝纫工",
    "仓管员",
    "叉车司机",
    "会计",
    "文员",
    "销售员",
    "质检员",
    "技术员",
    "工程师",
    "车间主任",
    "厨师",
    "驾驶员",
    "保洁员",
    "保安",
]
NEW_FORM_UNION, COOKS_UNION = "新就业形态", "厨师行业"
PARTNERS = ("镇工业办公室", "税务所", "市场监管所")
LEAVING = (
    (EventKind.LEAVE, "离职"),
    (EventKind.LEAVE, "离职返乡"),
    (EventKind.MOVE_OUT, "到外镇工作"),
    (EventKind.STOP_DUES, "停薪留职"),
    (EventKind.DECEASE, "病故"),
)
LEAVING_WEIGHTS = (40, 20, 18, 4, 2)
# Of those who reach the age of retirement one in so many is forgotten.
FORGOTTEN = 6
# The share of members who come to the age of retirement in the two years shown.
RETIRING = 0.02
# Grades of skill and how many of a hundred have each.
SKILLS = {"": 60, Skill.JUNIOR: 20, Skill.MIDDLE: 14, Skill.SENIOR: 6}
UNNOTED = 2
BATCH = 2_000


@loader
def load(town: DemoTown) -> None:
    members = _members(town)
    _events(town, members[:-UNNOTED])
    _requests(town, members)
    _collection(town)
    _checks(town)


def _members(town: DemoTown) -> list[Member]:
    """Members by the size of their unions; joint unions' members work in one of the units covered."""
    weights = [sum(unit.staff_total or 0 for unit in town.units_of[union.pk]) or 120 for union in town.unions]
    made = [_member(town, town.random.choices(town.unions, weights)[0]) for _ in range(town.members)]
    _doubtful(town, [member for member in made if member.born_on.year < 1985])
    return Member.objects.bulk_create(made, batch_size=BATCH)


def _doubtful(town: DemoTown, members: list[Member]) -> None:
    """Two registered twice, some with the clerk's phone, two left behind in a union that ended."""
    for first, second in (members[10:12], members[20:22]):
        second.name, second.sex, second.born_on = first.name, first.sex, first.born_on
        second.id_number = town.people.id_number(first.sex, first.born_on, is_local=True)
    for member in members[30:35]:
        member.phone = members[30].phone
    for member in members[40:42]:
        member.union, member.unit, member.joined_on = town.ended, None, date(2016, 5, 4)


def _member(town: DemoTown, union: Union) -> Member:
    chance, people = town.chance, town.people
    sex = Sex.FEMALE if chance(0.46) else Sex.MALE
    # Nobody had reached the age of retirement when the two years began.
    oldest = latest_birth_of_retired(town.first_day, sex) + timedelta(days=1)
    youngest = oldest + timedelta(days=730) if chance(RETIRING) else date(town.today.year - 19, 1, 1)
    born = people.birth(oldest, youngest)
    household = town.random.choices(
        (Household.LOCAL_RURAL, Household.LOCAL_URBAN, Household.OUTSIDE_RURAL, Household.OUTSIDE_URBAN),
        (46, 22, 24, 8),
    )[0]
    is_local = household in (Household.LOCAL_RURAL, Household.LOCAL_URBAN)
    adult = date(born.year + 18, 7, 1)
    since = max(union.founded_on, adult, date(2008, 1, 1))
    until = identity.statutory_retirement_on(born, sex) - timedelta(days=60)
    return Member(
        name=people.name(sex),
        id_number=people.id_number(sex, born, is_local),
        sex=sex,
        born_on=born,
        ethnicity=Ethnicity.PEOPLE_01
        if chance(0.96)
        else town.pick((Ethnicity.PEOPLE_06, Ethnicity.PEOPLE_22)),
        political_status=town.random.choices(
            (Politics.MASSES, Politics.PARTY_MEMBER, Politics.LEAGUE_MEMBER), (78, 13, 9)
        )[0],
        education=town.random.choices(
            (Education.JUNIOR, Education.SECONDARY, Education.COLLEGE, Education.BACHELOR), (34, 32, 21, 13)
        )[0],
        phone="" if chance(0.004) else people.mobile(),
        union=union,
        unit=_unit_of(town, union),
        household=household,
        **_work(town, union, household),
        joined_on=min(_joined(town, since), max(since, until)),
        app_bound=chance(0.71),
    )


def _work(town: DemoTown, union: Union, household: Household) -> dict[str, Any]:
    """How somebody works, by the union: couriers and cooks have one of their own."""
    is_new_form, is_cook = union.short_name == NEW_FORM_UNION, union.short_name == COOKS_UNION
    form = EmploymentForm.FLEXIBLE if is_cook else EmploymentForm.CONTRACT
    is_rural = household in (Household.LOCAL_RURAL, Household.OUTSIDE_RURAL)
    couriers = (NewForm.COURIER, NewForm.FOOD_DELIVERY, NewForm.LORRY_DRIVER)
    return {
        "employment_form": EmploymentForm.PLATFORM if is_new_form else form,
        "employment_state": EmploymentState.AT_WORK,
        "is_migrant": None if town.chance(0.003) else is_rural and town.chance(0.85),
        "new_form_group": town.pick(couriers) if is_new_form else "",
        "job": "厨师" if is_cook else town.pick(JOBS),
        "skill_grade": town.random.choices(tuple(SKILLS), tuple(SKILLS.values()))[0],
    }


def _unit_of(town: DemoTown, union: Union) -> Unit | None:
    units = town.units_of[union.pk]
    return town.random.choices(units, [unit.staff_total or 1 for unit in units])[0] if units else None


def _joined(town: DemoTown, since: date) -> date:
    """Nine in ten joined before the two years shown."""
    first = town.first_day
    if since < first and town.chance(0.9):
        return town.day(since, first - timedelta(days=1))
    return town.day(max(since, first), town.today)


def _events(town: DemoTown, members: list[Member]) -> None:
    """Each joined once; within the two years some moved to another union, some left, and who was old enough retired."""
    events = [
        MembershipEvent(
            member=m, on=m.joined_on, kind=EventKind.JOIN, union=m.union, state=STATE_AFTER[EventKind.JOIN]
        )
        for m in members
    ]
    old = [member for member in members if _retires_on(member) <= town.today]
    events += [_retirement(town, member) for n, member in enumerate(old) if n % FORGOTTEN]
    young = [member for member in members if _retires_on(member) > town.today]
    for member in young:
        start = max(member.joined_on + timedelta(days=30), town.first_day)
        if start >= town.today or not town.chance(0.085):
            continue
        on = town.day(start, town.today)
        if town.chance(0.3):
            kind, reason, union = EventKind.TRANSFER, "工作变动", town.pick(town.unions)
            if union == member.union or union.founded_on > on:
                continue
        else:
            (kind, reason), union = town.random.choices(LEAVING, LEAVING_WEIGHTS)[0], member.union
        events.append(
            MembershipEvent(
                member=member, on=on, kind=kind, union=union, state=STATE_AFTER[kind], reason=reason
            )
        )
    MembershipEvent.objects.bulk_create(events, batch_size=BATCH)


def _retires_on(member: Member) -> date:
    return identity.statutory_retirement_on(member.born_on, member.sex)


def _retirement(town: DemoTown, member: Member) -> MembershipEvent:
    on = town.day(_retires_on(member), _retires_on(member) + timedelta(days=20))
    kind = EventKind.RETIRE
    return MembershipEvent(
        member=member, on=on, kind=kind, union=member.union, state=STATE_AFTER[kind], reason="到龄退休"
    )


def _requests(town: DemoTown, members: list[Member]) -> None:
    """Two people whom the chair asks for."""
    wanting = town.unions[0]
    others = [m for m in members[:-UNNOTED] if m.union not in (wanting, town.ended) and not m.app_bound]
    for member in others[:2]:
        member.refresh_from_db()
        TransferRequest.objects.create(
            member=member,
            from_union=member.union,
            to_union=wanting,
            on=town.today - timedelta(days=3),
            reason="已到本单位工作",
            requested_by=town.users["chair"],
        )


def _collection(town: DemoTown) -> None:
    for year in town.years:
        CollectionTask.objects.create(year=year, union=town.root, target=7_000 + 500 * (year - town.years[0]))


def _checks(town: DemoTown) -> None:
    """A check with each partner every year; most lines agree, some led to a correction."""
    loose = Unit.objects.filter(coverages__isnull=True)
    for year in town.years:
        for month, partner in ((3, PARTNERS[0]), (6, PARTNERS[1]), (9, PARTNERS[2])):
            on = date(year, month, 12)
            if on > town.today:
                continue
            check = RosterCheck.objects.create(
                checked_on=on, partner=partner, title=f"{year}年{month}月{partner}名单核查"
            )
            lines = [_line(town, check, number, union) for number, union in enumerate(town.unions, 2)]
            lines += [
                RosterCheckLine(
                    roster_check=check,
                    row=200 + n,
                    unit_name=unit.name,
                    unit=unit,
                    head_count=unit.staff_total,
                    credit_code=unit.credit_code or "",
                    result=CheckResult.NO_UNION,
                )
                for n, unit in enumerate(loose[:6])
            ]
            RosterCheckLine.objects.bulk_create(line for line in lines if line)


def _line(town: DemoTown, check: RosterCheck, row: int, union: Union) -> RosterCheckLine | None:
    units = town.units_of[union.pk]
    if not units or not town.chance(0.6):
        return None
    unit = units[0]
    differs = town.chance(0.2)
    corrected = check.checked_on + timedelta(days=10)
    return RosterCheckLine(
        roster_check=check,
        row=row,
        unit_name=unit.name,
        credit_code=unit.credit_code or "",
        unit=unit,
        union=union,
        head_count=(unit.staff_total or 0) + (town.random.randrange(2, 20) if differs else 0),
        recorded_count=unit.staff_total,
        result=CheckResult.HEAD_COUNT if differs else CheckResult.AGREES,
        corrected_on=corrected if differs and corrected <= town.today else None,
        correction="已按名单更正职工人数" if differs else "",
    )
