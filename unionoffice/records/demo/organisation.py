"""The organisation of the demo town: its unions and units, one account of every role, the office's settings."""

from datetime import date

from unionoffice.organisation.choices import Industry, Role, UnionKind, UnitCategory, UnitState
from unionoffice.organisation.models import Coverage, OfficeSetting, Union, Unit, User
from unionoffice.organisation.passwords import one_time_password

from .town import COUNTY, TOWN, DemoTown, loader

BRANDS = [
    "宏达",
    "金帆",
    "永固",
    "明珠",
    "华茂",
    "天成",
    "锦绣",
    "东海",
    "双鹿",
    "恒丰",
    "启航",
    "长风",
    "百联",
    "正大",
    "鸿运",
    "万里",
    "众诚",
    "润泽",
    "安泰",
    "新光",
]
TRADES = (
    ("机械", Industry.MANUFACTURING),
    ("服饰", Industry.MANUFACTURING),
    ("电器", Industry.MANUFACTURING),
    ("模具", Industry.MANUFACTURING),
    ("食品", Industry.MANUFACTURING),
    ("文具", Industry.MANUFACTURING),
    ("建设", Industry.CONSTRUCTION),
    ("物流", Industry.TRANSPORT),
    ("商贸", Industry.TRADE),
    ("酒店", Industry.LODGING),
)
VILLAGES = ["溪口", "柳岙", "石桥", "东山", "西洋", "前坑", "梅林", "上湖", "下湖", "大里", "桐山", "白岩"]
SINGLES, JOINTS = 38, len(VILLAGES)
INSTITUTIONS = (
    ("中心小学", UnitCategory.INSTITUTION, Industry.EDUCATION),
    ("初级中学", UnitCategory.INSTITUTION, Industry.EDUCATION),
    ("卫生院", UnitCategory.INSTITUTION, Industry.HEALTH),
    ("人民政府机关", UnitCategory.ORGAN, Industry.PUBLIC),
)
ACCOUNTS = (
    ("staff", "王芳", Role.STAFF),
    ("leader", "陈建国", Role.LEADER),
    ("mediator", "周志刚", Role.MEDIATOR),
    ("auditor", "林敏", Role.AUDITOR),
    ("admin", "叶涛", Role.ADMINISTRATOR),
)


@loader
def load(town: DemoTown) -> None:
    _settings()
    town.root = Union.objects.create(
        name=f"{TOWN}总工会", short_name=TOWN, kind=UnionKind.TOWNSHIP, founded_on=date(2003, 6, 1)
    )
    _singles(town)
    _joints(town)
    _federation(town)
    _ended(town)
    _loose_units(town)
    _accounts(town)


def _settings() -> None:
    values = {
        "office.name": f"{TOWN}总工会",
        "town.short_name": TOWN,
        "county.short_name": COUNTY,
        "county.office_name": f"{COUNTY}总工会",
        "app.name": "工人之家",
    }
    OfficeSetting.objects.bulk_create(
        OfficeSetting(key=key, value=value, valid_from=date(2003, 6, 1)) for key, value in values.items()
    )


def _unit(town: DemoTown, name: str, category: UnitCategory, industry: Industry, staff: int) -> Unit:
    women = int(staff * town.random.uniform(0.3, 0.6))
    return Unit.objects.create(
        name=name,
        credit_code=town.people.credit_code(
            "12" if category in (UnitCategory.INSTITUTION, UnitCategory.ORGAN) else "91"
        ),
        category=category,
        industry=industry,
        address=f"{COUNTY}{TOWN}{town.pick(VILLAGES)}村{town.random.randrange(1, 200)}号",
        contact=town.people.name("1"),
        phone=f"0574-65{town.random.randrange(100000, 999999)}",
        staff_total=staff,
        staff_women=women,
        staff_migrant=int(staff * town.random.uniform(0.1, 0.5)),
        staff_dispatched=int(staff * town.random.uniform(0, 0.1)),
        opened_on=town.day(date(1996, 1, 1), date(2018, 12, 31)),
        state=UnitState.VERIFIED,
    )


def _union(town: DemoTown, unit: Unit | None, *, founded_on: date, **fields: object) -> Union:
    made = Union.objects.create(
        parent=fields.pop("parent", town.root),
        employer=unit,
        credit_code=town.people.credit_code("81") if town.chance(0.85) else None,
        legal_person_no=f"{town.random.randrange(10**7, 10**8)}" if town.chance(0.8) else "",
        legal_person_until=date(town.today.year + town.random.randrange(0, 4), 6, 30),
        has_audit_committee=town.chance(0.85),
        has_women_committee=town.chance(0.8),
        has_protection_committee=town.chance(0.6),
        has_mediation_committee=town.chance(0.6),
        pays_dues=town.chance(0.9),
        pays_two_percent=town.chance(0.75),
        founded_on=founded_on,
        approval_no=f"宁总工〔{founded_on.year}〕{town.random.randrange(1, 90)}号",
        **fields,
    )
    town.unions.append(made)
    town.units_of[made.pk] = []
    return made


def _cover(town: DemoTown, union: Union, unit: Unit, since: date) -> None:
    Coverage.objects.create(union=union, unit=unit, started_on=max(since, unit.opened_on or since))
    town.units.append(unit)
    town.units_of[union.pk].append(unit)


def _singles(town: DemoTown) -> None:
    """Firms with a union of their own, three of them founded in the last two years, and the public institutions."""
    names = [(brand, trade) for brand in BRANDS for trade in TRADES]
    town.random.shuffle(names)
    for number in range(SINGLES):
        brand, (trade, industry) = names.pop()
        _firm(town, number, f"{brand}{trade}", industry)
    for name, category, industry in INSTITUTIONS:
        _institution(town, name, category, industry)


def _firm(town: DemoTown, number: int, short: str, industry: Industry) -> None:
    category = town.pick(
        (UnitCategory.PRIVATE, UnitCategory.PRIVATE, UnitCategory.LIMITED, UnitCategory.FOREIGN)
    )
    name = f"{COUNTY}{short}有限公司"
    unit = _unit(town, name, category, industry, town.random.randrange(60, 420))
    founded = (
        _latest(town, date(town.years[number % 2], 4, 10))
        if number < 3
        else town.day(date(2004, 1, 1), date(2022, 12, 31))
    )
    founded = max(founded, unit.opened_on or founded)
    union = _union(
        town,
        unit,
        name=f"{name}工会委员会",
        short_name=short,
        kind=UnionKind.SINGLE,
        founded_on=founded,
        industry=industry,
    )
    _cover(town, union, unit, founded)


def _institution(town: DemoTown, name: str, category: UnitCategory, industry: Industry) -> None:
    unit = _unit(town, f"{COUNTY}{TOWN}{name}", category, industry, town.random.randrange(40, 130))
    unit.opened_on = date(1998, 9, 1)
    unit.save(update_fields=["opened_on"])
    union = _union(
        town,
        unit,
        name=f"{TOWN}{name}工会委员会",
        short_name=name,
        kind=UnionKind.SINGLE,
        founded_on=date(2005, 9, 1),
    )
    _cover(town, union, unit, date(2005, 9, 1))


def _latest(town: DemoTown, day: date) -> date:
    """The day, or that of the year before where it has not come yet."""
    return day if day <= town.today else day.replace(year=day.year - 1)


def _joints(town: DemoTown) -> None:
    """Village unions of many small employers, and the cooks' union of a trade."""
    for village in VILLAGES:
        founded = town.day(date(2006, 1, 1), date(2019, 12, 31))
        union = _union(
            town,
            None,
            name=f"{TOWN}{village}村联合工会委员会",
            short_name=f"{village}村",
            kind=UnionKind.JOINT,
            founded_on=founded,
        )
        for number in range(town.random.randrange(14, 22)):
            trade, industry = town.pick(TRADES)
            name = f"{TOWN}{village}{town.pick(BRANDS)}{trade}{('厂', '经营部', '加工点')[number % 3]}{number + 1}号"
            unit = _unit(town, name, UnitCategory.SOLE_TRADER, industry, town.random.randrange(3, 24))
            _cover(town, union, unit, founded)
    for name, short in (("厨师行业联合工会", "厨师行业"), ("新就业形态劳动者联合工会", "新就业形态")):
        _union(
            town,
            None,
            name=f"{TOWN}{name}委员会",
            short_name=short,
            kind=UnionKind.JOINT,
            founded_on=date(2019, 5, 1),
        )


def _federation(town: DemoTown) -> None:
    """The industrial park: a federation over three firms' unions that also covers some small units directly."""
    park = _union(
        town,
        None,
        name=f"{TOWN}工业园区工会联合会",
        short_name="工业园区",
        kind=UnionKind.FEDERATION,
        founded_on=date(2011, 5, 1),
    )
    for union in town.unions[3:6]:
        union.parent = park
        union.save()
    for number in range(8):
        trade, industry = town.pick(TRADES)
        unit = _unit(
            town,
            f"{TOWN}园区{town.pick(BRANDS)}{trade}配套厂{number + 1}号",
            UnitCategory.PRIVATE,
            industry,
            12 + number,
        )
        _cover(town, park, unit, date(2012, 1, 1))


def _ended(town: DemoTown) -> None:
    town.ended = Union.objects.create(
        name=f"{TOWN}老街商贸联合工会委员会",
        short_name="老街商贸",
        kind=UnionKind.JOINT,
        parent=town.root,
        founded_on=date(2009, 9, 1),
        dissolved_on=date(town.years[0], 10, 31),
    )


def _loose_units(town: DemoTown) -> None:
    """Employers without a union yet."""
    for number in range(16):
        trade, industry = town.pick(TRADES)
        _unit(
            town,
            f"{COUNTY}{town.pick(BRANDS)}{trade}实业有限公司{number + 1}分厂",
            UnitCategory.PRIVATE,
            industry,
            18 + number * 3,
        )


def _accounts(town: DemoTown) -> None:
    for username, name, role in ACCOUNTS:
        _account(town, username, name, role, None)
    _account(town, "chair", town.people.name("2"), Role.CHAIR, town.unions[0])
    _account(town, "park", town.people.name("1"), Role.CHAIR, town.unions[-1])


def _account(town: DemoTown, username: str, name: str, role: Role, union: Union | None) -> None:
    password = one_time_password()
    user = User(username=username, name=name, role=role, union=union, must_change_password=False)
    user.set_password(password)
    user.save()
    town.users[username], town.passwords[username] = user, password
