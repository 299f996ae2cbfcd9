"""The steps offered on a member's page, each dated and with its reason."""

from typing import Any

from django import forms

from unionoffice.organisation.models import User
from unionoffice.records.steps import DatedStepForm
from unionoffice.records.types import RowAction

from .actions import STARTS, change_membership
from .choices import EventKind
from .forms import ReturnForm, TransferForm, today
from .models import Member

TRANSFER = "transfer"  # an action of its own: chairs do not see the other unions, they ask for people instead


# What happens to many at once: a firm closes, a workshop moves, a list of retired people comes in.
OVER_ROWS = (
    EventKind.TRANSFER,
    EventKind.RETIRE,
    EventKind.RETAIN,
    EventKind.STOP_DUES,
    EventKind.MOVE_OUT,
    EventKind.LEAVE,
    EventKind.AUTO_LEAVE,
)


def _on_some_day(member: Member) -> bool:
    """A late entry starts from the state of its day, which `change_membership` judges."""
    return True


def _step(
    kind: EventKind, label: str, help_text: str, form: type[forms.Form] = DatedStepForm, **kwargs: Any
) -> RowAction:
    def run(member: Member, cleaned: dict[str, Any], user: User) -> str:
        event = change_membership(
            member,
            kind,
            on=cleaned["on"],
            by=user,
            reason=cleaned["reason"],
            union=cleaned.get("union"),
            unit=cleaned.get("unit"),
        )
        return f"已为{member}办理{label}，{event.on}起生效。"

    return RowAction(
        key=kind.value.replace("_", "-"),
        label=label,
        form=form,
        run=run,
        shown=lambda member: member.state in STARTS[kind],
        possible=_on_some_day,
        initial=today,
        help=help_text,
        over_rows=kind in OVER_ROWS,
        **kwargs,
    )


MEMBER_STEPS = (
    _step(EventKind.TRANSFER, "转会", "转到本镇其他工会", TransferForm, needs=TRANSFER),
    _step(EventKind.RETIRE, "退休", "退休后保留会籍，不再计入会员数"),
    _step(EventKind.RETAIN, "保留会籍", "离岗、失业等暂时保留会籍，不再计入会员数"),
    _step(EventKind.STOP_DUES, "停止缴费", "停止缴纳会费，不再计入会员数"),
    _step(EventKind.RESUME, "恢复会籍", "恢复为正常会员", ReturnForm),
    _step(EventKind.REJOIN, "重新入会", "离会后再次入会", ReturnForm),
    _step(EventKind.MOVE_OUT, "转出本镇", "会员关系转到镇外工会"),
    _step(EventKind.LEAVE, "退会", "本人申请退会", tone="danger"),
    _step(EventKind.AUTO_LEAVE, "自动退会", "六个月不缴会费、不参加活动，经提醒仍不改正的", tone="danger"),
    _step(EventKind.EXPEL, "开除", "经决定开除会籍，请写明决定文号", tone="danger"),
    _step(EventKind.DECEASE, "去世", "登记去世日期", tone="danger"),
)
