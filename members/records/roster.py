"""会员 and 会籍变动."""

from collections.abc import Iterable

from django.db.models import Case, CharField, Func, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils import timezone

from unionoffice import identity
from unionoffice.organisation import access
from unionoffice.organisation.models import User
from unionoffice.organisation.today import Today
from unionoffice.records.types import Filter, Group, RecordType, Related, Tone, register

from .. import rules
from ..choices import ENDED_STATES, KEPT_STATES, EventKind, State
from ..duplicates import likely_duplicates
from ..forms import MemberForm
from ..importing import MemberImporter
from ..models import Member, MembershipEvent
from ..roster import follow_roster
from ..steps import MEMBER_STEPS

MERGE = "merge"
CHAIR = frozenset(
    {access.VIEW, access.ADD, access.CHANGE, access.IMPORT, access.EXPORT, access.HISTORY, access.REVEAL}
)
AGES = (("-34", "35岁以下"), ("35-44", "35至44岁"), ("45-54", "45至54岁"), ("55-", "55岁及以上"))


def born_within(band: str) -> Q:
    """Members whose age today lies in a band such as 35-44, both included."""
    low, _, high = band.partition("-")
    today = timezone.localdate()
    found = Q(born_on__isnull=False)
    if low:
        found &= Q(born_on__lte=identity.add_months(today, -12 * int(low)))
    if high:
        found &= Q(born_on__gt=identity.add_months(today, -12 * (int(high) + 1)))
    return found


def merge_link(member: Member, user: User) -> Iterable[dict[str, str]]:
    if access.may(user, MERGE, MEMBERS):
        yield {"label": "合并重复", "url": reverse("members:merge", args=[member.pk]), "icon": "git-merge"}


STATE_TONES: dict[str, Tone] = (
    dict.fromkeys((State.APPLIED, State.MOVING_OUT, *KEPT_STATES), "info")
    | dict.fromkeys(ENDED_STATES, "")
    | {State.DUES_STOPPED: "warn", State.EXPELLED: "bad"}
)


def coming() -> Subquery:
    """The next event of a member that is noted ahead: its day and what happens."""
    kinds = (When(kind=kind, then=Value(kind.label)) for kind in EventKind)
    spelled = Func("on", Value("YYYY-MM-DD "), function="to_char", output_field=CharField())
    words = Concat(spelled, Case(*kinds, default=Value("")), output_field=CharField())
    ahead = MembershipEvent.objects.filter(member=OuterRef("pk"), on__gt=Today()).order_by("on")
    return Subquery(ahead.values(words=words)[:1], output_field=CharField())


MEMBERS = register(
    RecordType(
        model=Member,
        slug="members",
        columns=("name", "sex", "id_number", "phone", "union", "unit", "state", "is_complete", "joined_on"),
        tones={"state": STATE_TONES},
        search=("name", "id_hash", "id_tail", "phone"),
        search_hint="姓名、拼音、首字母、证件号码或后四位、手机号码",
        filters=(
            "union",
            "state",
            "sex",
            Filter("age", "年龄", lambda user: AGES, born_within),
            "is_migrant",
            "new_form_group",
            "unit",
            "political_status",
            "education",
            "employment_form",
            "joined_on",
            "app_bound",
            Filter(
                "complete",
                "实名信息",
                lambda user: (("1", "完整"), ("0", "不完整")),
                lambda value: Q(is_complete=value == "1"),
            ),
        ),
        ordering=("name_sort", "pk"),
        form=(
            Group(
                "身份信息",
                (
                    "name",
                    "id_kind",
                    "id_number",
                    "sex",
                    "ethnicity",
                    "born_on",
                    "political_status",
                    "education",
                    "phone",
                ),
            ),
            Group(
                "工会和工作",
                (
                    "union",
                    "unit",
                    "employment_form",
                    "employment_state",
                    "household",
                    "is_migrant",
                    "new_form_group",
                    "job",
                    "skill_grade",
                    "joined_on",
                    "state",
                    "group_name",
                ),
            ),
            Group("会员证和其他", ("card_no", "app_bound", "app_bound_on", "model_worker_kind")),
            Group("银行账户", ("bank_name", "bank_account")),
            Group("登记", ("consent_on", "note")),
        ),
        import_key=(("id_number",),),
        companions=("unit.credit_code",),
        annotations={"coming": coming()},
        titles={
            "unit.credit_code": "单位统一社会信用代码",
            "is_complete": "实名完整",
            "coming": "已登记、到期生效",
        },
        summary=("coming",),
        aliases={
            "name": ("会员姓名", "职工姓名", "名字"),
            "id_kind": ("证件种类", "证件名称"),
            "id_number": ("身份证号", "身份证号码", "身份证", "证件号", "公民身份号码"),
            "born_on": ("出生年月", "出生年月日", "生日"),
            "political_status": ("政治身份",),
            "education": ("文化程度", "学历层次", "最高学历"),
            "phone": ("手机", "手机号", "联系电话", "联系方式", "移动电话", "电话"),
            "union": ("工会名称", "所在工会", "基层工会", "工会组织", "工会", "所在工会支部"),
            "unit": ("单位名称", "所在单位", "用人单位", "企业名称", "单位"),
            "unit.credit_code": ("统一社会信用代码", "单位信用代码", "单位社会信用代码", "信用代码"),
            "employment_form": ("就业形式", "用工性质", "用工类型"),
            "employment_state": ("就业状态", "在岗情况"),
            "household": ("户口类型", "户口性质", "户籍性质", "户籍", "户口"),
            "is_migrant": ("农民工", "是否为农民工"),
            "new_form_group": ("新就业形态群体", "新就业群体", "八大群体"),
            "job": ("岗位", "工种", "职务", "职业"),
            "skill_grade": ("职业技能等级", "技术等级"),
            "joined_on": ("入会时间", "加入工会时间", "加入工会日期"),
            "state": ("会籍状态", "状态"),
            "group_name": ("小组",),
            "card_no": ("会员证号", "工会卡号", "卡号"),
            "app_bound": ("是否绑定电子会员证", "电子会员证", "是否绑定"),
            "bank_name": ("开户行",),
            "bank_account": ("银行卡号", "银行卡", "账号"),
            "note": ("说明",),
        },
        rules=rules.MEMBER_RULES,
        complete=rules.complete_from_number,
        form_class=MemberForm,
        after_write=follow_roster,
        importer=MemberImporter,
        not_in_bulk=frozenset({"union", "state", "joined_on", "id_kind"}),
        chair_may=CHAIR,
        steps=MEMBER_STEPS,
        links=(merge_link,),
        duplicates=likely_duplicates,
        related=(
            Related(
                "membership-events",
                "member",
                columns=("on", "kind", "from_union", "union", "state", "reason"),
            ),
            Related(
                "transfer-requests", "member", columns=("on", "from_union", "to_union", "state", "answer")
            ),
            Related("care-visits", "member", "慰问", ("whom", "occasion", "visited_on", "amount", "union")),
            Related("activities", "participants", "参加的活动", ("title", "kind", "starts_on", "union")),
        ),
        quick=(
            "name",
            "id_kind",
            "id_number",
            "phone",
            "union",
            "unit",
            "employment_form",
            "is_migrant",
            "joined_on",
        ),
        note=lambda member: f"{member.union}　{member.get_state_display()}",
        icon="users",
        help="会员花名册。可以逐个新增，也可以导入Excel花名册。",
    )
)

register(
    RecordType(
        model=MembershipEvent,
        slug="membership-events",
        columns=("member", "on", "kind", "from_union", "union", "state", "until", "reason"),
        search=("member.name", "member.id_hash", "member.id_tail"),
        search_hint="会员姓名、拼音、首字母或证件号码",
        filters=("kind", "on", "union", "state", "member"),
        form=("member", "on", "kind", "union", "state", "reason"),
        import_key=(("member", "on"),),
        aliases={"member": ("姓名", "会员姓名", "证件号码"), "on": ("日期", "变动时间"), "kind": ("类型",)},
        ordering=("-on", "-pk"),
        rules=rules.EVENT_RULES,
        complete=rules.complete_state,
        chair_may=frozenset({access.VIEW, access.EXPORT, access.HISTORY}),
        icon="arrows-exchange",
        help="入会、转会、退会等每一次变动，按生效日期记。平时请在会员页面上办理，这里用于补记和更正。",
    )
)
