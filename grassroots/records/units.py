"""Units and their coverage by unions."""

from typing import Any

from django.db.models import Q

from unionoffice.identity import is_credit_code
from unionoffice.organisation import access
from unionoffice.organisation.choices import UnitState
from unionoffice.organisation.models import Coverage, Unit, User
from unionoffice.records.importing.extension import Importer
from unionoffice.records.rules import keeps_name, not_far_ahead, not_in_future
from unionoffice.records.types import Duplicate, Evidence, Group, RecordType, Related, register

from .. import columns
from ..actions.units import employers_from_coverage
from ..rules import coverage as coverage_rules
from ..rules import unions as rules
from ..steps.unions import COVER
from ..steps.units import COVERAGE_STEPS, UNIT_STEPS
from . import filters
from .unions import made_unit


def likely_units(typed: dict[str, Any], user: User, pk: int | None) -> list[Duplicate]:
    """Units with the same name or code."""
    same = Q()
    if name := typed.get("name"):
        same |= Q(name=name)
    if is_credit_code(typed.get("credit_code", "").upper()):
        same |= Q(credit_code=typed["credit_code"].upper())
    if not same:
        return []
    found = Unit.objects.filter(same).exclude(pk=pk)[:5]
    return [Duplicate(unit, "名称相同" if unit.name == name else "信用代码相同") for unit in found]


register(
    RecordType(
        model=Unit,
        slug="units",
        menu_area="grassroots",
        icon="building-factory",
        help="辖区内的用人单位，不论是否建会；税务、工办名单核查后也补登在这里。",
        tones={"state": {UnitState.UNVERIFIED: "warn", UnitState.CLOSED: ""}},
        search=("name", "credit_code"),
        search_hint="单位名称、拼音、首字母或信用代码",
        columns=(
            "name",
            "credit_code",
            "category",
            "industry",
            "staff_total",
            "unions",
            "member_count",
            "state",
        ),
        annotations={
            "unions": columns.unions_of_unit(),
            "member_count": columns.members_of_unit(),
            "counted_from": columns.counted_from("opened_on", "unit"),
        },
        titles={"unions": "所属工会", "member_count": "会员数", "counted_from": "计入统计起"},
        summary=("unions", "member_count", "counted_from"),
        ordering=("name_pinyin", "pk"),
        filters=(
            filters.UNIT_UNION,
            "category",
            "industry",
            "state",
            "staff_total",
            "opened_on",
            "closed_on",
        ),
        form=(
            Group("基本信息", ("name", "credit_code", "category", "industry", "address", "contact", "phone")),
            Group("职工", ("staff_total", "staff_women", "staff_migrant", "staff_dispatched")),
            Group("状态", ("opened_on", "closed_on", "state", "note")),
        ),
        not_in_bulk=frozenset({"name", "credit_code", "closed_on"}),
        import_key=(("credit_code",), ("name",)),
        aliases={
            "name": ("企业名称", "公司名称", "用人单位", "用人单位名称", "纳税人名称"),
            "credit_code": ("信用代码", "单位信用代码", "纳税人识别号", "企业信用代码", "社会信用代码"),
            "category": ("单位性质", "企业性质", "经济类型", "企业类型", "登记注册类型"),
            "industry": ("行业", "国民经济行业"),
            "address": ("单位地址", "经营地址", "注册地址"),
            "contact": ("联系人姓名", "负责人"),
            "phone": ("电话", "联系人电话"),
            "staff_total": ("职工数", "职工总数", "员工人数", "从业人数", "用工人数"),
            "staff_women": ("女职工数", "女员工人数"),
            "staff_migrant": ("农民工数",),
            "staff_dispatched": ("派遣人数", "劳务派遣工"),
            "opened_on": ("注册日期", "成立时间"),
            "closed_on": ("注销时间",),
        },
        rules=(
            rules.unit_code,
            rules.staff_figures,
            keeps_name(Unit, "credit_code"),
            not_in_future("opened_on"),
            not_far_ahead("closed_on"),
        ),
        duplicates=likely_units,
        chair_may=frozenset({access.VIEW, access.CHANGE, access.EXPORT, access.HISTORY}),
        evidence=(Evidence("licence", "营业执照"), Evidence("closing", "注销证明")),
        related=(
            Related("coverages", "unit", "建会情况", ("union", "started_on", "ended_on")),
            Related("members", "unit", "会员", ("name", "union", "joined_on", "state")),
        ),
        steps=UNIT_STEPS,
        note=lambda unit: unit.credit_code or unit.address,
    )
)


class CoverageImporter(Importer):
    """A list of covered units may name units nobody has registered yet."""

    makes = frozenset({"unit"})

    def make(self, name: str, text: str, companions: dict[str, Any]) -> tuple[dict[str, Any], str]:
        return made_unit(text, companions)


register(
    RecordType(
        model=Coverage,
        slug="coverages",
        menu_area="grassroots",
        icon="link",
        help="哪个工会从哪天起涵盖哪个单位；联合工会一个工会涵盖多个单位。",
        search=("unit.name", "union.name"),
        columns=(
            "unit",
            "union",
            "union.kind",
            "started_on",
            "ended_on",
            "unit.category",
            "unit.staff_total",
        ),
        filters=(
            "union",
            "union.kind",
            "unit.category",
            filters.lasts("started_on", "ended_on", ("涵盖中", "已终止")),
            "started_on",
            "ended_on",
        ),
        form=("union", "unit", "started_on", "ended_on", "note"),
        not_in_bulk=frozenset({"union", "unit"}),
        import_key=(("union", "unit", "started_on"),),
        companions=("unit.credit_code",),
        titles={"unit.credit_code": "单位信用代码"},
        aliases={
            "union": ("工会名称", "所属工会", "联合工会名称", "基层工会名称"),
            "unit": ("单位名称", "企业名称", "涵盖单位名称"),
            "unit.credit_code": ("统一社会信用代码", "信用代码", "企业信用代码"),
            "started_on": ("起始日期", "加入日期", "入会日期", "涵盖日期"),
            "ended_on": ("终止日期", "退出日期"),
        },
        ordering=("-started_on", "pk"),
        rules=(
            coverage_rules.one_single_union,
            coverage_rules.within_lives,
            not_far_ahead("started_on", "ended_on"),
        ),
        after_write=employers_from_coverage,
        importer=CoverageImporter,
        chair_may=frozenset({access.VIEW, access.EXPORT, access.HISTORY, COVER}),
        evidence=(Evidence("application", "入会申请或批复"),),
        steps=COVERAGE_STEPS,
    )
)
