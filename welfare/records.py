"""The record types of welfare."""

from unionoffice.organisation import access
from unionoffice.records.rules import not_in_future
from unionoffice.records.types import Evidence, Group, RecordType, register

from . import rules
from .models import CareVisit

register(
    RecordType(
        model=CareVisit,
        slug="care-visits",
        columns=("visited_on", "member", "name", "occasion", "amount", "union", "campaign", "fund_source"),
        search=("member.name", "name", "campaign", "place", "voucher_no"),
        filters=(
            "union",
            "occasion",
            "recipient",
            "visited_on",
            "counted_on",
            "campaign",
            "fund_source",
            "amount",
        ),
        form=(
            Group(
                "慰问谁",
                ("union", "recipient", "member", "name", "is_under_fourteen", "consent_on", "household_size"),
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
        import_key=(("member", "occasion", "visited_on"), ("union", "name", "occasion", "visited_on")),
        aliases={
            "union": ("工会", "基层工会", "单位工会"),
            "member": ("会员姓名", "职工姓名", "慰问会员"),
            "name": ("姓名", "慰问对象姓名", "被慰问人"),
            "occasion": ("事由", "慰问类型", "慰问类别", "节日"),
            "visited_on": ("日期", "走访日期", "时间"),
            "cash_amount": ("金额", "慰问金（元）", "慰问金额", "现金"),
            "goods": ("物资", "慰问物资", "物品"),
            "visitors": ("慰问人", "走访人", "走访人员"),
            "fund_source": ("经费来源",),
            "voucher_no": ("凭证编号", "票据号"),
        },
        ordering=("-visited_on", "-pk"),
        rules=(
            not_in_future("visited_on", "paid_on"),
            rules.something_given,
            rules.member_of_union,
            rules.child_with_consent,
            rules.under_ceilings,
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
        sensitive=frozenset({"reason"}),
        evidence=(
            Evidence("photo", "照片"),
            Evidence("signature", "签领表", required=True),
            Evidence("invoice", "发票"),
            Evidence("notice", "通知"),
            Evidence("news", "报道"),
            Evidence("other", "其他"),
        ),
        quick=("union", "member", "name", "occasion", "visited_on", "cash_amount", "goods", "visitors"),
        help="走访慰问一次记一条：慰问谁、为什么、送了什么、谁去的，配上签领表和照片。",
        icon="heart-handshake",
    )
)
