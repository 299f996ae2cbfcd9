"""What does not stand right in the records of unions: the reconciliation rules of domain §2 and what they rest on."""

from datetime import timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from members.choices import WITHOUT_EMPLOYER, State
from members.models import Member
from unionoffice.identity import add_months
from unionoffice.organisation.choices import BASE_KINDS, UnionKind
from unionoffice.organisation.models import Coverage, Union, Unit
from unionoffice.records import quality
from unionoffice.records.quality import Check

from . import columns, queries
from .choices import HEADS, Post, Stage
from .deadlines import FOUNDING_DAYS, VACANT_MONTHS, limits
from .models import CommitteeTerm, OfficerPost, ReelectionStep, StarRating
from .rules.unions import COMMITTEE_MEMBERS

Unions = frozenset[int] | None


def _standing(unions: Unions) -> QuerySet[Union]:
    found = Union.objects.all().within(unions).on_day(timezone.localdate()).counted()
    return found.order_by("name_pinyin", "pk")


def _links() -> QuerySet[Coverage]:
    return queries.links_on(queries.Today())


def staff_parts(unions: Unions) -> QuerySet[Unit]:
    """R1: women, migrant or dispatched workers above the whole staff."""
    above = Q()
    for part in ("staff_women", "staff_migrant", "staff_dispatched"):
        above |= Q(**{f"{part}__gt": F("staff_total")})
    return Unit.objects.all().within(unions).filter(above).order_by("name_pinyin", "pk")


def members_above_staff(unions: Unions) -> QuerySet[Unit]:
    """R2: more members than staff; people without a fixed employer are left out."""
    tied = Member.objects.filter(state=State.ACTIVE, unit=OuterRef("pk")).exclude(
        employment_form__in=WITHOUT_EMPLOYER
    )
    counted = tied.order_by().values("unit").annotate(n=Count("pk")).values("n")
    found = Unit.objects.all().within(unions).annotate(members_now=Subquery(counted))
    return found.filter(members_now__gt=F("staff_total")).order_by("name_pinyin", "pk")


def wrong_number_of_units(unions: Unions) -> QuerySet[Union]:
    """R3: a single union covers exactly one unit, a joint one at least two."""
    found = _standing(unions).annotate(units_now=columns.units_now())
    return found.filter(Q(kind=UnionKind.SINGLE) & ~Q(units_now=1) | Q(kind=UnionKind.JOINT, units_now__lt=2))


def told_units(union: Union) -> str:
    should = "应正好1个" if union.kind == UnionKind.SINGLE else "一般应有2个以上"
    return f"{union.get_kind_display()}涵盖单位{union.units_now}个，{should}"


def in_two_base_unions(unions: Unions) -> QuerySet[Unit]:
    """R4: units that single and joint unions cover twice; they count once."""
    links = _links().filter(union__kind__in=BASE_KINDS).order_by().values("unit").annotate(n=Count("union"))
    twice = links.filter(n__gt=1).values("unit")
    return Unit.objects.all().within(unions).filter(pk__in=twice).order_by("name_pinyin", "pk")


def founding_unknown(unions: Unions) -> QuerySet[Union]:
    """R5: without the day of founding a union stands in no year's count of new ones."""
    return _standing(unions).filter(founded_on__isnull=True)


def member_gap(unions: Unions) -> QuerySet[Union]:
    """R6: declared members that are not in the real-name roster, or the reverse."""
    found = _standing(unions).annotate(gap=columns.member_gap())
    return found.filter(gap__isnull=False).exclude(gap=0).order_by("-gap", "name_pinyin", "pk")


def told_gap(union: Union) -> str:
    real = union.declared_members - union.gap
    word = "多" if union.gap > 0 else "少"
    return f"上报会员{union.declared_members}名，实名会员{real}名，上报{word}{abs(union.gap)}名"


def stars_of_uncounted(unions: Unions) -> QuerySet[StarRating]:
    """R7: stars of groups and organisers, which are no unions of their own."""
    rated = (
        StarRating.objects.all().within(unions).filter(union__kind__in=(UnionKind.GROUP, UnionKind.ORGANISER))
    )
    return rated.select_related("union").order_by("-awarded_on", "pk")


def several_part_time_chairs(unions: Unions) -> QuerySet[Union]:
    """R10: more than one part-time chair in a union, so that there could be more of them than unions."""
    held = queries.posts_on(queries.Today()).filter(post=Post.PART_TIME_CHAIR).order_by().values("union")
    crowded = held.annotate(n=Count("pk")).filter(n__gt=1).values("union")
    return _standing(unions).filter(pk__in=crowded)


def long_without_chair(unions: Unions) -> QuerySet[Union]:
    """V08: no chair for more than six months."""
    since = add_months(timezone.localdate(), -VACANT_MONTHS)
    led = OfficerPost.objects.filter(post__in=HEADS, union=OuterRef("pk"))
    recently = led.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=since))
    older = Q(founded_on__isnull=True) | Q(founded_on__lte=since)
    last = led.order_by("-ended_on").values("ended_on")[:1]
    return _standing(unions).filter(older & ~Exists(recently)).annotate(vacant_since=Subquery(last))


def told_vacancy(union: Union) -> str:
    return f"主席自{union.vacant_since}起空缺" if union.vacant_since else "没有登记过主席"


def holders_no_members(unions: Unions) -> QuerySet[OfficerPost]:
    """V08: posts whose holder is linked to somebody who is no active member of the union."""
    held = queries.posts_on(queries.Today(), unions).filter(member__isnull=False)
    strange = held.exclude(union__kind=UnionKind.TOWNSHIP).exclude(post=Post.PART_TIME_ASSISTANT)
    stays = Q(member__state=State.ACTIVE, member__union=F("union"))
    return strange.exclude(stays).select_related("union", "member").order_by("union", "pk")


def without_committee(unions: Unions) -> QuerySet[Union]:
    """V05: at least 25 members and no term registered."""
    terms = CommitteeTerm.objects.filter(union=OuterRef("pk"))
    found = _standing(unions).annotate(size=columns.members_now())
    return found.filter(~Exists(terms), size__gte=COMMITTEE_MEMBERS)


def other_days(unions: Unions) -> QuerySet[ReelectionStep]:
    """Steps whose day is not that of their term."""
    other = Q(kind=Stage.MEETING_HELD) & ~Q(on=F("term__elected_on")) | Q(kind=Stage.RESULT_APPROVED) & ~Q(
        on=F("term__approved_on")
    )
    unset = Q(kind=Stage.MEETING_HELD, term__elected_on__isnull=True) | Q(
        kind=Stage.RESULT_APPROVED, term__approved_on__isnull=True
    )
    found = ReelectionStep.objects.all().within(unions).filter(other | unset)
    return found.select_related("term").order_by("-on", "pk")


def told_days(step: ReelectionStep) -> str:
    own = step.term.elected_on if step.kind == Stage.MEETING_HELD else step.term.approved_on
    return f"步骤日期{step.on}，届次登记的是{own or '空'}"


def other_employer(unions: Unions) -> QuerySet[Union]:
    """Single unions that do not cover the unit for which they were founded."""
    covers = _links().filter(union=OuterRef("pk"), unit=OuterRef("employer"))
    return _standing(unions).filter(~Exists(covers), kind=UnionKind.SINGLE, employer__isnull=False)


def category_unknown(unions: Unions) -> QuerySet[Unit]:
    """Covered units without a category: their unions stand in no figure about enterprises."""
    covered = _links().within(unions).values("unit")
    return Unit.objects.filter(pk__in=covered, category__isnull=True).order_by("name_pinyin", "pk")


def not_registered(unions: Unions) -> QuerySet[Union]:
    """Base unions that are no legal persons though the time to register after their founding is over."""
    today = timezone.localdate()
    since = today - timedelta(days=limits(today)[FOUNDING_DAYS])
    found = _standing(unions).filter(kind__in=BASE_KINDS, legal_person_no="", founded_on__lt=since)
    return found.order_by("-founded_on", "pk")


def certificate_expired(unions: Unions) -> QuerySet[Union]:
    found = _standing(unions).exclude(legal_person_no="")
    return found.filter(legal_person_until__lt=timezone.localdate()).order_by("legal_person_until", "pk")


quality.register(
    Check(
        "unit-staff-parts",
        "职工分项多于总数",
        staff_parts,
        lambda unit: "女职工、农民工或派遣人数多于职工人数",
        "分项是职工人数的一部分，不能更多。",
    ),
    Check(
        "unit-members-above-staff",
        "会员多于职工",
        members_above_staff,
        lambda unit: f"会员{unit.members_now}名，职工{unit.staff_total}名",
        "单位的会员不应多于职工；灵活就业人员除外。职工人数可能需要更新。",
    ),
    Check(
        "union-number-of-units",
        "涵盖单位数不对",
        wrong_number_of_units,
        told_units,
        "单独基层工会正好1个单位，联合基层工会一般2个以上；没有固定单位的联合工会可以不管。",
    ),
    Check(
        "unit-in-two-unions",
        "单位重复涵盖",
        in_two_base_unions,
        lambda unit: "由两个以上基层工会同时涵盖，统计时只计一次",
        "已转到另一工会的，请在原来的涵盖关系上办理“终止涵盖”。",
    ),
    Check(
        "union-founding-unknown",
        "缺建会日期",
        founding_unknown,
        lambda union: "没有建会日期，不计入任何一年的新建工会",
        "补填后各年的工会数和新建数才对得上。",
    ),
    Check(
        "union-member-gap",
        "上报数与实名数不符",
        member_gap,
        told_gap,
        "差额应逐家核对：补采实名信息，或更新上报数。",
    ),
    Check(
        "stars-of-groups",
        "星级对象不是工会",
        stars_of_uncounted,
        lambda rating: f"“{rating.union}”是{rating.union.get_kind_display()}，不计入星级工会",
        "工会小组、组织员不单独评星。",
    ),
    Check(
        "union-part-time-chairs",
        "兼职主席多于一人",
        several_part_time_chairs,
        lambda union: "同时有两名以上兼职主席在任",
        "已卸任的请办理“离任”；兼职主席总数不应多于工会数。",
    ),
    Check(
        "union-chair-vacant",
        "主席长期空缺",
        long_without_chair,
        told_vacancy,
        f"主席空缺超过{VACANT_MONTHS}个月的，应及时补选。",
    ),
    Check(
        "post-holder-no-member",
        "任职人不是本会会员",
        holders_no_members,
        lambda post: f"“{post.name}”任“{post.union}”{post.get_post_display()}，但不是该工会的正常会员",
        "已调离的请办理“离任”，没有转会的请办理转会。",
    ),
    Check(
        "union-without-committee",
        "满25名会员未登记届次",
        without_committee,
        lambda union: f"会员{union.size}名，没有登记委员会届次",
        "会员25名以上应建立基层工会委员会（工会法第十一条）。",
    ),
    Check(
        "step-other-day",
        "换届步骤与届次日期不一致",
        other_days,
        told_days,
        "会议召开和结果批复的日期应与届次的选举日期、批复日期相同。",
    ),
    Check(
        "union-other-employer",
        "建会单位未列入涵盖单位",
        other_employer,
        lambda union: "没有涵盖登记的建会单位，涵盖单位数会少计",
        "请登记涵盖关系，或改正建会单位。",
    ),
    Check(
        "unit-category-unknown",
        "缺单位类别",
        category_unknown,
        lambda unit: "没有单位类别，有关企业的统计不计入",
        "单位类别决定是否企业，影响换届等统计。",
    ),
    Check(
        "union-not-registered",
        "未登记法人资格",
        not_registered,
        lambda union: f"{union.founded_on}建会，没有法人资格证号",
        "具备条件的基层工会应在建会后规定期限内申请法人资格登记。",
    ),
    Check(
        "union-certificate-expired",
        "法人证书已过期",
        certificate_expired,
        lambda union: f"法人资格证书{union.legal_person_until}到期",
        "过期后不计入具有法人资格的工会，请换领。",
    ),
)
