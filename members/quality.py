"""What does not stand right in the roster: incomplete, doubled, doubtful members."""

from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from unionoffice import identity
from unionoffice.records import quality
from unionoffice.records.quality import Check

from .choices import RURAL, WITHOUT_EMPLOYER, State
from .models import Member, MembershipEvent, TransferRequest
from .rules import CADRE_FORMS, MOST_PER_PHONE, latest_birth_of_retired

MISSING = (
    ("sex", "性别"),
    ("born_on", "出生日期"),
    ("is_migrant", "是否农民工"),
    ("phone", "手机号码"),
)


def _active(unions: frozenset[int] | None) -> QuerySet[Member]:
    return Member.objects.within(unions).filter(state=State.ACTIVE).order_by("union_id", "name_sort", "pk")


def incomplete(unions: frozenset[int] | None) -> QuerySet[Member]:
    return _active(unions).filter(is_complete=False)


def what_is_missing(member: Member) -> str:
    """Which of the fields that 实名制 wants are empty."""
    found = [label for name, label in MISSING if getattr(member, name) in (None, "")]
    has_work = member.unit_id or member.new_form_group or member.employment_form in WITHOUT_EMPLOYER
    if not has_work:
        found.append("工作单位")
    return f"不计入实名：缺{'、'.join(found)}"


def same_person(unions: frozenset[int] | None) -> QuerySet[Member]:
    """Members with a namesake of the same birthday, or with the same name and phone, under another number."""
    others = Member.objects.exclude(pk=OuterRef("pk")).filter(name=OuterRef("name"))
    same = Q(born_on=OuterRef("born_on")) | (Q(phone=OuterRef("phone")) & ~Q(phone=""))
    found = Member.objects.within(unions).filter(Exists(others.filter(same)))
    return found.order_by("name_sort", "born_on", "pk")


def merge_address(member: Any) -> tuple[str, str]:
    return "比对合并", f"/members/{member.pk}/merge/"


def shared_phones(unions: frozenset[int] | None) -> QuerySet[Member]:
    active = Member.objects.filter(state=State.ACTIVE).exclude(phone="")
    crowded = active.values("phone").annotate(people=Count("pk")).filter(people__gt=MOST_PER_PHONE)
    return _active(unions).filter(phone__in=crowded.values("phone")).order_by("phone", "name_sort", "pk")


def over_age(unions: frozenset[int] | None) -> QuerySet[Member]:
    """Active members past the statutory retirement age, by the last birthday that reaches it today."""
    today = timezone.localdate()
    cadre = Q(employment_form__in=CADRE_FORMS)
    latest = Case(
        When(sex=identity.MALE, then=Value(latest_birth_of_retired(today, identity.MALE))),
        When(cadre, then=Value(latest_birth_of_retired(today, identity.FEMALE, cadre=True))),
        default=Value(latest_birth_of_retired(today, identity.FEMALE)),
    )
    return _active(unions).exclude(sex="").annotate(limit=latest).filter(born_on__lte=F("limit"))


def retired_since(member: Member) -> str:
    cadre = member.employment_form in CADRE_FORMS
    return (
        f"{identity.statutory_retirement_on(member.born_on, member.sex, cadre)}已到法定退休年龄，状态仍为正常"
    )


def in_ended_union(unions: frozenset[int] | None) -> QuerySet[Member]:
    today = timezone.localdate()
    return _active(unions).filter(union__dissolved_on__lte=today).select_related("union")


def migrant_unknown(unions: frozenset[int] | None) -> QuerySet[Member]:
    return _active(unions).filter(household__in=RURAL, is_migrant__isnull=True)


def without_events(unions: frozenset[int] | None) -> QuerySet[Member]:
    events = MembershipEvent.objects.filter(member=OuterRef("pk"))
    return Member.objects.within(unions).filter(~Exists(events)).order_by("name_sort", "pk")


def waiting_requests(unions: frozenset[int] | None) -> QuerySet[TransferRequest]:
    found = TransferRequest.objects.within(unions).filter(state="waiting")
    return found.select_related("member", "from_union", "to_union").order_by("on", "pk")


quality.register(
    Check(
        "member-incomplete",
        "实名信息不完整",
        incomplete,
        what_is_missing,
        "缺少必填项的会员不计入实名制完成数，请补齐。",
    ),
    Check(
        "member-same-person",
        "疑似同一人",
        same_person,
        lambda member: f"有同名且出生日期或手机号码相同的会员，出生日期{member.born_on or '未填'}",
        "多半是同一人登记了两次，或证件号码输错。核对后合并，或改正号码。",
        merge_address,
    ),
    Check(
        "member-shared-phone",
        "手机号码多人共用",
        shared_phones,
        lambda member: f"与另外至少{MOST_PER_PHONE}名会员使用同一手机号码",
        "可能是经办人的号码，请换成本人号码。",
    ),
    Check(
        "member-over-age",
        "超过退休年龄",
        over_age,
        retired_since,
        "已退休的请办理“退休”，返聘等仍在岗的可保留。",
    ),
    Check(
        "member-ended-union",
        "所在工会已撤销",
        in_ended_union,
        lambda member: f"{member.union}已于{member.union.dissolved_on}撤销，会员还未转出",
        "请把会员转到接收的工会。",
    ),
    Check(
        "member-migrant-unknown",
        "农村户籍未填农民工",
        migrant_unknown,
        lambda member: "农村户籍，是否农民工未填",
        "农民工会员数按这一项统计。",
    ),
    Check(
        "member-without-events",
        "没有入会记录",
        without_events,
        lambda member: "没有任何会籍变动，不会计入会员数",
        "请在会籍变动中补记入会。",
    ),
    Check(
        "transfer-waiting",
        "转会申请待处理",
        waiting_requests,
        lambda request: f"从{request.from_union}转到{request.to_union}，{request.on}起",
        "原工会或镇总工会同意后生效。",
    ),
)
