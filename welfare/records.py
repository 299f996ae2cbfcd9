"""The record types of welfare."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone

from unionoffice.organisation import access
from unionoffice.organisation.choices import Role
from unionoffice.organisation.models import User
from unionoffice.organisation.office import setting
from unionoffice.records.pickers import used_before
from unionoffice.records.rules import not_in_future
from unionoffice.records.types import Evidence, Filter, Group, OnDay, Pictured, RecordType, register

from . import queries, rules
from .choices import Recipient
from .models import CareVisit

PHOTO = "photo"


def campaigns(user: User) -> Iterator[tuple[str, str]]:
    """The campaigns of the visits the user sees, the latest first."""
    rows = access.rows(user, CareVisit).exclude(campaign="")
    for name in rows.order_by("-campaign").values_list("campaign", flat=True).distinct():
        yield name, name


def lacking(user: User) -> Iterable[tuple[str, str]]:
    return (("signature", "缺签领表"),)


def campaign_names(user: User) -> list[str]:
    """What the office has set, then what else was used."""
    used = [name for name, _ in campaigns(user)]
    return list(dict.fromkeys([*setting("welfare.campaigns"), *used]))


def at_hand(user: User) -> dict[str, Any]:
    """A chair logs a visit on the day, and was there."""
    chair = {"visitors": f"工会主席{user.name}"} if user.role == Role.CHAIR else {}
    return {"visited_on": timezone.localdate()} | chair


def groups_visited(user: User) -> QuerySet[CareVisit]:
    """The visits to groups that another one may name: those that may be told to everybody."""
    return access.rows(user, CareVisit).filter(recipient=Recipient.TEAM).exclude(VISITS.discreet)


def picture_subject(visit: CareVisit) -> str:
    """The campaign, else the occasion; whom it was for stands under no picture."""
    return visit.campaign or f"{visit.get_occasion_display()}慰问"


VISITS = register(
    RecordType(
        model=CareVisit,
        slug="care-visits",
        columns=(
            "whom",
            "recipient",
            "occasion",
            "visited_on",
            "amount",
            "union",
            "campaign",
            "fund_source",
            "reached",
        ),
        annotations={"whom": Coalesce(NullIf("name", Value("")), "member__name", output_field=CharField())},
        titles={"whom": "慰问对象"},
        summary=("amount", "goods_amount", "season_on", "counted_on"),
        search=("member.name", "name", "campaign", "place", "voucher_no"),
        search_hint="对象姓名、拼音、首字母、批次、地点、凭证号",
        filters=(
            "union",
            "occasion",
            "recipient",
            "visited_on",
            Filter("campaign", "活动批次", campaigns, lambda name: Q(campaign=name)),
            "counted_on",
            "member",
            "fund_source",
            "amount",
            Filter("lacks", "材料", lacking, lambda value: queries.without_signature()),
        ),
        form=(
            Group(
                "慰问谁",
                (
                    "union",
                    "recipient",
                    "member",
                    "name",
                    "reached",
                    "earlier",
                    "reached_before",
                    "is_under_fourteen",
                    "consent_on",
                    "household_size",
                ),
            ),
            Group("为什么慰问", ("occasion", "campaign", "visited_on", "place", "visitors", "reason")),
            Group(
                "送了什么",
                (
                    "cash_amount",
                    "goods",
                    "fund_source",
                    "paid_on",
                    "payment",
                    "is_proxy_signed",
                    "proxy_name",
                ),
            ),
            Group("审批和凭证", ("approver", "voucher_no", "note")),
        ),
        import_key=(("union", "name", "occasion", "visited_on"), ("member", "occasion", "visited_on")),
        aliases={
            "union": ("工会", "基层工会", "单位工会"),
            "recipient": ("慰问对象类别", "慰问对象类型", "人员类别"),
            "member": ("会员姓名", "职工姓名", "慰问会员"),
            "reached": ("受慰问人数", "慰问职工人数", "班组人数"),
            "earlier": ("前次慰问",),
            "reached_before": ("前次已慰问人数", "其中已慰问人数"),
            "name": (
                "姓名",
                "慰问对象",
                "慰问对象姓名",
                "被慰问人",
                "被慰问人姓名",
                "被帮扶姓名",
                "被帮扶人姓名",
            ),
            "occasion": ("事由", "慰问类型", "慰问类别", "慰问种类", "节日"),
            "visited_on": ("日期", "走访日期", "时间", "慰问时间", "发生日期"),
            "place": ("被帮扶人住址", "被慰问人住址"),
            "reason": ("慰问原因", "被帮扶人情况"),
            "cash_amount": ("金额", "慰问金（元）", "慰问金额", "帮扶金额", "现金"),
            "goods": ("物资", "慰问物资", "物品"),
            "visitors": ("慰问人", "走访人", "走访人员", "帮扶人", "帮扶人姓名"),
            "fund_source": ("经费来源",),
            "voucher_no": ("凭证编号", "票据号"),
        },
        ordering=("-visited_on", "-pk"),
        calendar=(OnDay("visited_on"),),
        complete=rules.complete,
        rules=(
            not_in_future("visited_on", "paid_on", "consent_on"),
            rules.something_given,
            rules.recipient_is_clear,
            rules.groups_are_counted,
            rules.signed_by_proxy,
            rules.child_with_consent,
            rules.member_of_union,
            rules.within_ceilings,
            rules.not_twice,
        ),
        chair_may=frozenset(
            {
                access.VIEW,
                access.ADD,
                access.CHANGE,
                access.IMPORT,
                access.EXPORT,
                access.HISTORY,
                access.TAKE_BACK,
            }
        ),
        holds_money=True,
        sensitive=frozenset({"reason", "household_size", "is_under_fourteen", "consent_on"}),
        discreet=queries.tells_of_illness_or_children(),
        identifying=frozenset({"whom", "member", "name", "place", "earlier"}),
        evidence=(
            Evidence(PHOTO, "照片"),
            Evidence(queries.SIGNATURE, "签领表", required=True),
            Evidence("invoice", "发票"),
            Evidence("notice", "通知"),
            Evidence("news", "报道"),
            Evidence("other", "其他"),
        ),
        pictured=Pictured(PHOTO, "visited_on", picture_subject, queries.may_be_pictured()),
        quick=(
            "union",
            "member",
            "occasion",
            "cash_amount",
            "goods",
            "visited_on",
            "visitors",
            Group(
                "慰问家属、子女或班组",
                (
                    "recipient",
                    "name",
                    "reached",
                    "earlier",
                    "reached_before",
                    "is_under_fourteen",
                    "consent_on",
                ),
            ),
            Group("更多", ("campaign", "place", "fund_source", "reason", "note")),
        ),
        initial=at_hand,
        choices_shown={"earlier": groups_visited},
        note=lambda visit: f"{visit.visited_on}",
        suggests={
            "campaign": campaign_names,
            "visitors": used_before(CareVisit, "visitors"),
            "place": used_before(CareVisit, "place"),
        },
        help="走访慰问一次记一条：慰问谁、为什么、送了什么、谁去的，配上签领表和照片。",
        icon="heart-handshake",
    )
)
