"""Unions and their former names."""

from typing import Any

from django.db.models import Q
from django.utils import timezone

from unionoffice.identity import is_credit_code
from unionoffice.organisation import access
from unionoffice.organisation.choices import UnionKind
from unionoffice.organisation.models import Union, User
from unionoffice.records.forms import RecordForm
from unionoffice.records.importing.extension import Importer
from unionoffice.records.rules import keeps_name, not_far_ahead, not_in_future
from unionoffice.records.types import Duplicate, Evidence, Group, RecordType, Related, register

from .. import columns
from ..actions.units import cover_employers
from ..models import UnionName
from ..rules import unions as rules
from ..steps.unions import CONFIRM, CONTACT, COVER, UNION_STEPS
from . import filters


def complete_parent(values: dict[str, list[Any]]) -> None:
    """A base union for which no upper union is named stands directly below the township's."""
    if "parent" not in values or all(values["parent"]):
        return
    township = Union.objects.filter(kind=UnionKind.TOWNSHIP, parent__isnull=True).first()
    if township is None:
        return
    kinds = values.get("kind") or [None] * len(values["parent"])
    for index, parent in enumerate(values["parent"]):
        if parent is None and kinds[index] != UnionKind.TOWNSHIP:
            values["parent"][index] = township.pk


class UnionForm(RecordForm):
    """Tells what the two relations do before they are filled."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = {
            "parent": "不填则直属镇总工会",
            "employer": "单独基层工会填写；有建会日期的，保存后自动列入涵盖单位",
        }
        for name, text in told.items():
            if name in self.fields:
                self.fields[name].help_text = text


def likely_unions(typed: dict[str, Any], user: User, pk: int | None) -> list[Duplicate]:
    """Unions with the same name, short name or code."""
    found = []
    same = Q()
    if name := typed.get("name"):
        same |= Q(name=name) | Q(short_name=name) | Q(former_names__name=name)
    if is_credit_code(typed.get("credit_code", "").upper()):
        same |= Q(credit_code=typed["credit_code"].upper())
    if same:
        for union in Union.objects.filter(same).exclude(pk=pk).distinct()[:5]:
            reason = "名称相同" if name in (union.name, union.short_name) else "曾用名或代码相同"
            found.append(Duplicate(union, reason))
    return found


class UnionImporter(Importer):
    """A roster of unions may name units nobody has registered yet."""

    makes = frozenset({"employer"})

    def make(self, name: str, text: str, companions: dict[str, Any]) -> tuple[dict[str, Any], str]:
        return made_unit(text, companions)


def made_unit(text: str, companions: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """The values of a unit that a row asks for, and how that is told."""
    code = companions.get("credit_code")
    return {"name": text, "credit_code": code}, f"新建单位“{text}”"


def told_end(union: Union) -> str:
    """That a union has ended, or when it is to begin or end; empty for one that stands."""
    if union.has_ended:
        return "（已撤销）"
    if union.founded_on and union.founded_on > timezone.localdate():
        return f"（{union.founded_on}成立）"
    return f"（{union.dissolved_on}撤销）" if union.dissolved_on else ""


register(
    RecordType(
        model=Union,
        slug="unions",
        menu_area="grassroots",
        icon="sitemap",
        help="镇总工会和所属基层工会：类型、法人资格、届次、星级、涵盖单位都从这里看。",
        search=("name", "short_name", "credit_code"),
        search_hint="工会名称、拼音、首字母或信用代码",
        columns=(
            "name",
            "kind",
            "parent",
            "member_count",
            "unit_count",
            "star",
            "chair",
            "term_end",
            "days_left",
            "founded_on",
        ),
        annotations={
            "member_count": columns.members_now(),
            "unit_count": columns.units_now(),
            "staff_count": columns.staff_now(),
            "member_gap": columns.member_gap(),
            "star": columns.stars_now(),
            "chair": columns.chair_now(),
            "term_end": columns.term_end_now(),
            "days_left": columns.days_left(columns.term_end_now()),
            "counted_from": columns.counted_from("founded_on", "union"),
        },
        titles={
            "member_count": "会员数",
            "unit_count": "涵盖单位数",
            "staff_count": "职工数",
            "member_gap": "上报与实名差",
            "star": "星级",
            "chair": "主席",
            "term_end": "任期届满",
            "days_left": "距届满（天）",
            "counted_from": "计入统计起",
            "employer.credit_code": "建会单位信用代码",
        },
        summary=(
            "chair",
            "star",
            "member_count",
            "member_gap",
            "unit_count",
            "staff_count",
            "term_end",
            "days_left",
        ),
        ordering=("name_pinyin", "pk"),
        filters=(
            "kind",
            filters.UNION_STAR,
            filters.UNION_TERM,
            filters.UNION_CHAIR,
            filters.UNION_CERTIFICATE,
            filters.UNION_CONFIRMED,
            "employer.category",
            "industry",
            "parent",
            filters.UNION_LIFE,
            "founded_on",
        ),
        form=(
            Group(
                "基本信息",
                ("name", "short_name", "kind", "parent", "employer", "industry", "address", "phone"),
            ),
            Group(
                "建会和法人资格",
                (
                    "founded_on",
                    "approval_no",
                    "credit_code",
                    "legal_person_no",
                    "legal_person_on",
                    "legal_person_until",
                    "division_code",
                ),
            ),
            Group(
                "机构和经费",
                (
                    "declared_members",
                    "has_audit_committee",
                    "has_women_committee",
                    "has_protection_committee",
                    "has_mediation_committee",
                    "pays_dues",
                    "pays_two_percent",
                ),
            ),
            Group("终止和备注", ("dissolved_on", "merged_into", "note")),
        ),
        not_in_bulk=frozenset({"dissolved_on", "merged_into", "name"}),
        import_key=(("credit_code",), ("name",)),
        companions=("employer.credit_code",),
        aliases={
            "name": ("基层工会名称", "工会全称", "工会组织名称", "组织名称"),
            "short_name": ("工会简称",),
            "kind": ("工会类别", "工会组织类型", "建会类型", "建会形式", "组织形式"),
            "parent": ("上级工会名称", "所属上级工会", "隶属工会"),
            "employer": ("单位名称", "所在单位", "企业名称", "建会企业", "用人单位"),
            "employer.credit_code": (
                "单位信用代码",
                "单位统一社会信用代码",
                "企业信用代码",
                "企业统一社会信用代码",
            ),
            "industry": ("行业", "国民经济行业"),
            "credit_code": ("工会信用代码", "工会代码", "工会法人统一社会信用代码"),
            "legal_person_no": ("法人证号", "工会法人资格证书号", "法人资格证书编号"),
            "legal_person_on": ("法人登记时间", "法人资格取得日期"),
            "legal_person_until": ("法人证书有效期", "证书有效期至", "法人有效期"),
            "founded_on": ("成立日期", "成立时间", "建会时间", "工会成立日期"),
            "approval_no": ("批准文号", "成立批复文号"),
            "declared_members": ("会员数", "会员人数", "工会会员数"),
            "phone": ("联系电话", "电话"),
            "address": ("工会地址", "单位地址"),
            "has_audit_committee": ("经审委员会", "经费审查委员会", "是否建立经审"),
            "has_women_committee": ("女职工委员会", "女工委", "是否建立女工委"),
            "division_code": ("行政区划",),
            "dissolved_on": ("注销日期", "撤销时间"),
        },
        rules=(
            rules.union_code,
            rules.place_in_tree,
            rules.kind_and_units,
            rules.one_union_for_unit,
            rules.ending,
            rules.committee_needed,
            rules.founding_known,
            keeps_name(Union, "credit_code"),
            not_far_ahead("founded_on", "dissolved_on"),
            not_in_future("legal_person_on"),
        ),
        form_class=UnionForm,
        complete=complete_parent,
        after_write=cover_employers,
        importer=UnionImporter,
        duplicates=likely_unions,
        chair_may=frozenset({access.VIEW, access.EXPORT, access.HISTORY, CONFIRM, CONTACT, COVER}),
        evidence=(
            Evidence("founding", "建会请示和批复"),
            Evidence("certificate", "法人资格证书"),
            Evidence("ending", "合并、撤销批复"),
        ),
        related=(
            Related("members", "union", "会员", ("name", "unit", "joined_on", "state")),
            Related("coverages", "union", "涵盖单位", ("unit", "started_on", "ended_on", "unit.staff_total")),
            Related("posts", "union", "工会干部", ("name", "post", "started_on", "ended_on", "phone")),
            Related("terms", "union", "届次", ("label", "elected_on", "ends_on", "stage")),
            Related("stars", "union", "星级", ("level", "kind", "awarded_on", "period_to")),
            Related("confirmations", "union", "数据确认", ("period", "confirmed_on", "members", "units")),
            Related("unions", "parent", "下级工会", ("name", "kind", "member_count", "chair")),
            Related("care-visits", "union", "慰问", ("whom", "occasion", "visited_on", "amount")),
            Related("activities", "union", "活动", ("title", "kind", "starts_on", "state", "came")),
            Related(
                "activities",
                "co_organisers",
                "联合主办的活动",
                ("title", "kind", "starts_on", "union", "came"),
            ),
            Related("union-names", "union", "曾用名", ("name", "used_until", "document_no")),
        ),
        steps=UNION_STEPS,
        note=lambda union: union.get_kind_display() + told_end(union),
    )
)

register(
    RecordType(
        model=UnionName,
        slug="union-names",
        in_menu=False,
        icon="history",
        help="工会更名时在工会页面办理“更名”，旧名称自动保留在这里。",
        search=("name", "union.name"),
        columns=("name", "union", "used_until", "document_no"),
        filters=("union", "used_until"),
        form=("union", "name", "used_until", "document_no"),
        import_key=(("union", "used_until"),),
        ordering=("-used_until", "pk"),
        rules=(not_in_future("used_until"),),
    )
)
