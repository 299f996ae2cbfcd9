"""Terms, posts, stars and confirmations of the demo town's unions."""

from datetime import date, timedelta

from django.db.models import Count, Q

from members.choices import STATE_AFTER, EventKind, State
from members.models import Member, MembershipEvent
from unionoffice.identity import add_months
from unionoffice.organisation.choices import BASE_KINDS, UnionKind
from unionoffice.organisation.models import Coverage, Union, Unit
from unionoffice.records.demo import DemoTown, loader

from .choices import Appointment, Post, RatingKind, Stage, StarLevel, TermYears
from .models import CommitteeTerm, OfficerPost, ReelectionStep, StarRating, UnionConfirmation

COUNTY_BODY, CITY_BODY, TOWN_BODY = "宁川县总工会", "宁海市总工会", "青溪镇总工会"
PART_TIME_CHAIRS, ASSISTANTS, RATED_YEARS = 3, 4, 2
# Places among the town's unions: one that never registered a committee, one whose employer changed, one with two chairs.
UNELECTED, MOVED, CROWDED = 9, 12, 15


@loader
def load(town: DemoTown) -> None:
    for number, union in enumerate(town.unions):
        members = list(Member.objects.filter(union=union, state=State.ACTIVE).order_by("pk")[:9])
        _posts(town, union, members, None if number == UNELECTED else _term(town, union))
    _appointed(town)
    _stars(town)
    _confirmations(town)
    _declared(town)
    _doubtful_units(town)
    _doubtful_unions(town)


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
        months = 12 * int(years)
        before = max(add_months(elected, -months), union.founded_on)
        CommitteeTerm.objects.create(
            number=number - 1,
            elected_on=before,
            approved_on=before,
            ended_on=min(elected, add_months(before, months)),
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


def _posts(town: DemoTown, union: Union, members: list[Member], term: CommitteeTerm | None) -> None:
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
                started_on=max(term.elected_on if term else union.founded_on, member.joined_on),
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
        risen = date(town.years[number // 6 % 2], 10, 25)
        before = risen.replace(year=risen.year - RATED_YEARS)
        if number % 6 == 0 and before > union.founded_on:
            _rate(town, union, StarLevel.FOUR, COUNTY_BODY, before)
            _rate(town, union, level, body, risen)
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
        period_to=on.replace(year=on.year + RATED_YEARS) - timedelta(days=1),
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


def _declared(town: DemoTown) -> None:
    """What each base union reported as its members; some figures were not looked after."""
    active = Member.objects.filter(state=State.ACTIVE).order_by().values("union")
    counts = dict(active.annotate(n=Count("pk")).values_list("union", "n"))
    for number, union in enumerate(union for union in town.unions if union.kind in BASE_KINDS):
        declared = counts.get(union.pk, 0) + (number % 5 - 2 if number % 8 == 3 else 0)
        Union.objects.filter(pk=union.pk).update(declared_members=max(declared, 0))


def _doubtful_units(town: DemoTown) -> None:
    """Parts above the whole, no category, covered twice, more members than staff."""
    one, other = [union for union in town.unions if union.kind == UnionKind.JOINT][:2]
    units = town.units_of[one.pk]
    for unit in units[:2]:
        Unit.objects.filter(pk=unit.pk).update(staff_women=unit.staff_total + 2)
    Unit.objects.filter(pk__in=[unit.pk for unit in units[2:4]]).update(category=None)
    for unit in units[4:6]:
        Coverage.objects.create(union=other, unit=unit, started_on=town.first_day)
    staffed = Unit.objects.annotate(n=Count("members", filter=Q(members__state=State.ACTIVE)))
    for unit in staffed.filter(n__gte=3, pk__in=[unit.pk for unit in units[6:]]).order_by("pk")[:2]:
        unit.staff_total, unit.staff_women = unit.n - 1, 1
        unit.staff_migrant = unit.staff_dispatched = 0
        unit.save()


def _doubtful_unions(town: DemoTown) -> None:
    """No day of founding, another employer than the one covered, two part-time chairs, a group with stars, steps of
    another day, and somebody who left and still holds a post."""
    joint = [union for union in town.unions if union.kind == UnionKind.JOINT]
    Union.objects.filter(pk=joint[-2].pk).update(founded_on=None)
    loose = Unit.objects.filter(coverages__isnull=True).order_by("pk").first()
    Union.objects.filter(pk=town.unions[MOVED].pk).update(employer=loose)
    for _ in range(2):
        OfficerPost.objects.create(
            union=town.unions[CROWDED],
            name=town.people.name("1"),
            post=Post.PART_TIME_CHAIR,
            started_on=town.first_day,
            appointment=Appointment.APPOINTED,
            is_full_time=False,
        )
    group = Union.objects.create(
        name=f"{town.unions[CROWDED].short_name}第一车间工会小组",
        kind=UnionKind.GROUP,
        parent=town.unions[CROWDED],
        founded_on=max(date(2018, 3, 1), town.unions[CROWDED].founded_on),
    )
    _rate(town, group, StarLevel.THREE, TOWN_BODY, date(town.years[0] - 1, 11, 20))
    for term in CommitteeTerm.objects.filter(number__gt=1, ended_on__isnull=True).order_by("pk")[:2]:
        ReelectionStep.objects.create(
            term=term, kind=Stage.MEETING_HELD, on=term.elected_on + timedelta(days=2)
        )
    gone = OfficerPost.objects.filter(post=Post.MEMBER, member__joined_on__lt=town.first_day).order_by("pk")
    for post in gone.select_related("member")[:2]:
        MembershipEvent.objects.create(
            member=post.member,
            on=town.today - timedelta(days=20),
            kind=EventKind.LEAVE,
            union=post.union,
            state=STATE_AFTER[EventKind.LEAVE],
            reason="离职",
        )
