"""Activities of the demo town: every month of two years has some, a few are held together, one was cancelled."""

from datetime import date, timedelta
from decimal import Decimal

from members.choices import State as MemberState
from members.models import Member
from unionoffice.organisation.choices import FundSource
from unionoffice.organisation.models import Union
from unionoffice.records.demo import DemoTown, Papers, loader

from .choices import Kind, State, Topic
from .models import Activity
from .queries import PHOTO, SIGN_IN

# month, day, kind, title, theme, topic, sessions, attendance, venue
TOWN_CALENDAR = (
    (1, 8, Kind.OTHER, "新春送福写春联", "福进万家", "", 2, 180, "镇文化礼堂"),
    (2, 20, Kind.JOB_FAIR, "“春风行动”招聘会", "春风送岗", "", 1, 620, "镇政府广场"),
    (
        3,
        8,
        Kind.LECTURE,
        "《职场女性的心理调适》讲座",
        "关爱女职工",
        Topic.MENTAL_HEALTH,
        1,
        120,
        "镇总工会会议室",
    ),
    (3, 22, Kind.ECO_HIKING, "环保登山活动", "绿水青山我先行", "", 1, 210, "青溪山步道"),
    (4, 16, Kind.TABLE_TENNIS, "职工乒乓球赛", "以球会友", "", 3, 96, "镇中学体育馆"),
    (4, 28, Kind.SKILL_CONTEST, "职工技能比武", "匠心筑梦", Topic.SKILL, 2, 84, "宏达机械车间"),
    (5, 17, Kind.MATCHMAKING, "青年职工联谊会", "缘来是你", "", 1, 60, "桐山民宿"),
    (6, 12, Kind.FREE_CLINIC, "义诊进企业", "健康有约", Topic.HEALTH, 2, 260, "工业园区"),
    (6, 26, Kind.PARTY_LECTURE, "“七一”主题党课", "不忘初心", Topic.PARTY, 1, 90, "镇总工会会议室"),
    (7, 10, Kind.LECTURE, "垃圾分类知识讲座", "分类在指尖", Topic.WASTE_SORTING, 1, 75, "溪口村文化礼堂"),
    (8, 14, Kind.BADMINTON, "职工羽毛球赛", "羽你同行", "", 2, 88, "镇中学体育馆"),
    (9, 11, Kind.REEMPLOYMENT_POLICY, "民宿业主再就业政策辅导", "稳就业", Topic.LAW, 1, 45, "桐山村"),
    (9, 26, Kind.WALKING, "“迎国庆 环青溪”职工健步走", "向祖国报到", "", 1, 486, "环青溪游步道"),
    (10, 18, Kind.BASKETBALL, "职工篮球联赛", "团结拼搏", "", 6, 240, "镇灯光球场"),
    (
        11,
        7,
        Kind.LECTURE,
        "“传承家风家训”传统文化讲座",
        "家风润心",
        Topic.TRADITIONAL_CULTURE,
        1,
        110,
        "镇文化礼堂",
    ),
    (11, 15, Kind.APP_PROMO, "会员APP推广进车间", "一键入会", "", 4, 320, "工业园区"),
    (12, 6, Kind.FILM, "职工观影专场", "光影暖冬", "", 2, 300, "镇影剧院"),
)
PARTNERS = {Kind.OTHER: "青溪镇文化站", Kind.WALKING: "宁川县总工会"}
UNION_KINDS = (
    (Kind.FUN_GAMES, "职工趣味运动会", "快乐工作"),
    (Kind.LECTURE, "安全生产知识讲座", "安全第一"),
    (Kind.INTEREST_CLASS, "茶艺兴趣班", "一杯清茶"),
    (Kind.TABLE_TENNIS, "班组乒乓球赛", "以球会友"),
)


@loader
def load(town: DemoTown) -> None:
    for year in town.years:
        for entry in TOWN_CALENDAR:
            _town_activity(town, year, entry)
        _union_activities(town, year)
    _doubtful(town)
    held = list(Activity.objects.filter(state=State.HELD).order_by("pk"))
    papers = Papers(town)
    papers.attach(held, PHOTO, "活动现场", "scene", 0.8)
    papers.attach(held, SIGN_IN, "签到表", "sheet", 0.6)


def _town_activity(town: DemoTown, year: int, entry: tuple) -> None:
    month, day, kind, title, theme, topic, sessions, came, venue = entry
    on = date(year, month, day)
    if on > town.today + timedelta(days=60):
        return
    cancelled = kind == Kind.BASKETBALL and year == town.years[0]
    activity = Activity(
        union=town.root,
        title=title,
        kind=kind,
        theme=theme,
        topic=topic,
        starts_on=on,
        ends_on=on + timedelta(days=6) if kind == Kind.JOB_FAIR else None,
        venue=venue,
        route="环青溪" if kind == Kind.WALKING else "",
        state=State.CANCELLED if cancelled else State.HELD if on <= town.today else State.PLANNED,
        sessions=sessions,
        signed_up=came + town.random.randrange(0, 30) if on <= town.today else None,
        fund_source=FundSource.TOWN,
        external_organisers=PARTNERS.get(kind, ""),
        posts=180 if kind == Kind.JOB_FAIR else None,
    )
    if cancelled:
        activity.cancelled_on = on - timedelta(days=3)
        activity.cancel_reason = "连续降雨，场地无法使用"
    elif activity.state == State.HELD:
        _held(town, activity, came)
    activity.save()
    _took_part(town, activity, came)


def _held(town: DemoTown, activity: Activity, came: int) -> None:
    """What is known of an activity afterwards."""
    activity.came = came + town.random.randrange(-15, 30)
    activity.cost = Decimal(town.random.randrange(8, 90) * 100)
    if activity.kind == Kind.JOB_FAIR:
        activity.visitors, activity.hires = came, 64
    elif activity.kind == Kind.MATCHMAKING:
        activity.answered, activity.satisfied = 50, 48


def _took_part(town: DemoTown, activity: Activity, came: int) -> None:
    """The unions that held it together, the firms at a fair, the members who came."""
    if activity.kind in (Kind.TABLE_TENNIS, Kind.BADMINTON, Kind.WALKING):
        activity.co_organisers.set(town.random.sample(town.unions, 3))
    if activity.kind == Kind.JOB_FAIR:
        activity.partners.set(town.random.sample(town.units[:40], 12))
    if activity.state == State.HELD and activity.kind in (Kind.SKILL_CONTEST, Kind.MATCHMAKING, Kind.LECTURE):
        members = Member.objects.filter(state=MemberState.ACTIVE).order_by("id_hash")[: min(40, came // 2)]
        activity.participants.set(members)


def _doubtful(town: DemoTown) -> None:
    """Two planned that nobody said were held, two held without attendance, two without a theme, one that another union
    entered too."""
    for union, days in zip(town.unions[20:22], (12, 33), strict=True):
        Activity.objects.create(
            union=union,
            title=f"{union.short_name}消防演练",
            kind=Kind.OTHER,
            theme="安全生产月",
            topic=Topic.SAFETY,
            starts_on=town.today - timedelta(days=days),
            state=State.PLANNED,
            venue="厂区",
        )
    own = list(
        Activity.objects.filter(state=State.HELD).exclude(union=town.root).order_by("-starts_on", "pk")[:4]
    )
    for activity in own[:2]:
        activity.came = None
        activity.save(update_fields=["came"])
    for activity in own[2:]:
        activity.theme = ""
        activity.save(update_fields=["theme"])
    if own:
        told = {name: getattr(own[0], name) for name in ("title", "kind", "theme", "starts_on", "state")}
        partner = next(union for union in town.unions if union.pk != own[0].union_id)
        Activity.objects.create(union=partner, came=20, **told)


def _union_activities(town: DemoTown, year: int) -> None:
    """What the unions hold on their own."""
    start, end = date(year, 1, 10), min(date(year, 12, 20), town.today)
    for union in town.random.sample(town.unions, 34) if start <= end else ():
        _union_activity(town, union, start, end)


def _union_activity(town: DemoTown, union: Union, start: date, end: date) -> None:
    kind, title, theme = town.pick(UNION_KINDS)
    on = town.day(max(start, union.founded_on), end)
    Activity.objects.create(
        union=union,
        title=f"{union.short_name}{title}",
        kind=kind,
        theme=theme,
        topic=Topic.SAFETY if kind == Kind.LECTURE else "",
        starts_on=on,
        venue=town.pick(("职工之家", "厂区", "村文化礼堂")),
        sessions=4 if kind == Kind.INTEREST_CLASS else 1,
        came=town.random.randrange(20, 90),
        cost=Decimal(town.random.randrange(5, 40) * 100),
        fund_source=FundSource.UNION,
    )
