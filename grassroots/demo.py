"""Terms, posts, stars and confirmations of the demo town's unions."""

from datetime import date, timedelta

from members.choices import State
from members.models import Member
from unionoffice.organisation.choices import UnionKind
from unionoffice.organisation.models import Union
from unionoffice.records.demo import DemoTown, loader

from .choices import Appointment, Post, RatingKind, StarLevel, TermYears
from .models import CommitteeTerm, OfficerPost, StarRating, UnionConfirmation

COUNTY_BODY, CITY_BODY, TOWN_BODY = "宁川县总工会", "宁海市总工会", "青溪镇总工会"
PART_TIME_CHAIRS, ASSISTANTS = 3, 4


@loader
def load(town: DemoTown) -> None:
    for union in town.unions:
        members = list(Member.objects.filter(union=union, state=State.ACTIVE).order_by("pk")[:9])
        _posts(town, union, members, _term(town, union))
    _appointed(town)
    _stars(town)
    _confirmations(town)


def _term(town: DemoTown, union: Union) -> CommitteeTerm:
    """The running term; some are overdue, some end next year, some were renewed in the two years shown."""
    years = town.pick((TermYears.THREE, TermYears.FIVE))
    age = town.random.randrange(20, 365 * int(years) + (90 if town.chance(0.15) else -20))
    elected = max(town.today - timedelta(days=age), union.founded_on)
    number = max(1, (elected.year - union.founded_on.year) // int(years) + 1)
    seats = town.pick((3, 5, 5, 7))
    due = town.random.randrange(30, 120)
    common = {"union": union, "years": years, "seats": seats, "candidates": seats + 1, "due": due}
    if number > 1:
        before = max(
            elected.replace(year=elected.year - int(years), day=min(elected.day, 28)), union.founded_on
        )
        CommitteeTerm.objects.create(
            number=number - 1,
            elected_on=max(before, union.founded_on),
            approved_on=max(before, union.founded_on),
            ended_on=elected,
            present=int(due * 0.9),
            **common,
        )
    return CommitteeTerm.objects.create(
        number=number,
        elected_on=elected,
        approved_on=min(elected + timedelta(days=town.random.randrange(5, 25)), town.today),
        approval_no=f"青总工〔{elected.year}〕{town.random.randrange(1, 60)}号",
        present=int(due * town.random.uniform(0.78, 0.99)),
        has_relatives=False,
        **common,
    )


def _posts(town: DemoTown, union: Union, members: list[Member], term: CommitteeTerm) -> None:
    posts = (Post.CHAIR, Post.VICE_CHAIR, Post.AUDIT_HEAD, Post.WOMEN_HEAD, Post.MEMBER, Post.MEMBER)
    rows = []
    for post, member in zip(posts, members, strict=False):
        if post == Post.CHAIR and town.chance(0.04):
            continue
        rows.append(
            OfficerPost(
                union=union,
                name=member.name,
                member=member,
                post=post,
                term=term,
                started_on=max(term.elected_on, member.joined_on),
                appointment=Appointment.ELECTED,
                is_full_time=False,
                is_frontline=town.chance(0.3),
                phone=member.phone,
            )
        )
    OfficerPost.objects.bulk_create(rows)


def _appointed(town: DemoTown) -> None:
    """Part-time chairs and assistants engaged by the township."""
    posts = [Post.PART_TIME_CHAIR] * PART_TIME_CHAIRS + [Post.PART_TIME_ASSISTANT] * ASSISTANTS
    for post in posts:
        OfficerPost.objects.create(
            union=town.root,
            name=town.people.name("2" if town.chance(0.5) else "1"),
            post=post,
            started_on=date(town.years[0] - 1, 7, 1),
            appointment=Appointment.APPOINTED,
            is_full_time=False,
        )


def _stars(town: DemoTown) -> None:
    """A third of the unions hold stars; a few reached five in the two years shown."""
    rated = [union for union in town.unions if union.kind != UnionKind.FEDERATION][:22]
    for number, union in enumerate(rated):
        level = (StarLevel.FIVE, StarLevel.FOUR, StarLevel.THREE)[number % 3]
        body = CITY_BODY if level == StarLevel.FIVE else COUNTY_BODY if level == StarLevel.FOUR else TOWN_BODY
        since = max(union.founded_on + timedelta(days=400), date(town.years[0] - 2, 11, 20))
        if number % 6 == 0:
            _rate(town, union, StarLevel.FOUR, COUNTY_BODY, since)
            _rate(town, union, level, body, date(town.years[number // 6 % 2], 10, 25))
        else:
            _rate(town, union, level, body, since)


def _rate(town: DemoTown, union: Union, level: StarLevel, body: str, on: date) -> None:
    if on > town.today:
        return
    StarRating.objects.create(
        union=union,
        kind=RatingKind.NEW,
        level=level,
        award_body=body,
        visited_on=on - timedelta(days=30),
        awarded_on=on,
        period_from=on,
        period_to=on.replace(year=on.year + 2) - timedelta(days=1),
        score=town.random.randrange(850, 990) / 10,
        document_no=f"{on.year}年星级评定通报",
    )


def _confirmations(town: DemoTown) -> None:
    """Every half-year most chairs confirm; the running half is still incomplete."""
    halves = [(year, half) for year in town.years for half in (1, 2)]
    for year, half in halves:
        start = date(year, 1 if half == 1 else 7, 5)
        if start > town.today:
            continue
        running = (year, half) == (town.today.year, 1 if town.today.month < 7 else 2)
        for union in town.unions:
            if union.founded_on < start and town.chance(0.7 if running else 0.95):
                UnionConfirmation.objects.create(
                    union=union,
                    period=f"{year}{'上' if half == 1 else '下'}半年",
                    confirmed_on=town.day(start, start + timedelta(days=80)),
                    units=len(town.units_of[union.pk]) or None,
                )
