"""转会申请: asked for by one union, decided by the other or by the office."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from unionoffice.organisation import access
from unionoffice.organisation.models import Union, User
from unionoffice.records.steps import StepRefused
from unionoffice.records.types import Filter, RecordType, RowAction, register

from .. import actions
from ..choices import RequestState
from ..duplicates import REQUEST
from ..forms import ApproveForm, RefuseForm, WithdrawForm
from ..models import TransferRequest
from ..rules import decided, request_makes_sense


def _decides(request: TransferRequest, user: User) -> bool:
    """The office, or the chair of the union the person would leave; never the chair who asks."""
    if request.requested_by_id == user.pk and not access.sees_whole_town(user):
        return False
    return (
        access.may(user, REQUEST, REQUESTS)
        and access.rows(user, Union).filter(pk=request.from_union_id).exists()
    )


def decide_links(request: TransferRequest, user: User) -> Iterable[dict[str, str]]:
    """Both sides read a request; each is offered what it may do."""
    if not _waits(request):
        return
    steps = ("approve", "refuse") if _decides(request, user) else ()
    if request.requested_by_id == user.pk:
        steps = (*steps, "withdraw")
    for key in steps:
        step = REQUESTS.step(key)
        yield {
            "label": step.label,
            "url": REQUESTS.url("step", request.pk, step=key),
            "icon": "check" if key == "approve" else "x",
            "tone": "",
        }


def standing(request: TransferRequest) -> str:
    """How far a request has come, and what was answered."""
    decided = f"{request.decided_on}，" if request.decided_on else ""
    return f"{request.get_state_display()}　{decided}{request.answer}".strip("　，")


def _approve(request: TransferRequest, cleaned: dict[str, Any], user: User) -> str:
    _refuse_stranger(_decides(request, user))
    event = actions.approve_transfer(request, on=cleaned["on"], by=user, answer=cleaned["answer"])
    return f"已同意，{request.member}自{event.on}起转到{request.to_union}。"


def _refuse(request: TransferRequest, cleaned: dict[str, Any], user: User) -> str:
    _refuse_stranger(_decides(request, user))
    actions.refuse_transfer(request, by=user, answer=cleaned["answer"])
    return "已回复不同意，申请方可以看到理由。"


def _withdraw(request: TransferRequest, cleaned: dict[str, Any], user: User) -> str:
    _refuse_stranger(request.requested_by_id == user.pk)
    actions.withdraw_transfer(request, by=user, reason=cleaned["reason"])
    return "申请已撤回。"


def _refuse_stranger(is_allowed: bool) -> None:
    if not is_allowed:
        raise StepRefused("您不能处理这份申请，请由原工会或镇总工会处理。")


def _never(request: TransferRequest) -> bool:
    """The buttons depend on who looks; `decide_links` shows them."""
    return False


def _waits(request: TransferRequest) -> bool:
    return request.state == RequestState.WAITING


ASKED_BY_OTHERS = Filter(
    "turn",
    "申请人",
    lambda user: [(str(user.pk), "不是本人申请的")],
    lambda pk: ~Q(requested_by=int(pk)),
)

REQUESTS = register(
    RecordType(
        model=TransferRequest,
        slug="transfer-requests",
        made_by_steps=True,
        columns=("member", "from_union", "to_union", "on", "state", "requested_by", "decided_on", "answer"),
        tones={
            "state": {RequestState.WAITING: "warn", RequestState.REFUSED: "bad", RequestState.WITHDRAWN: ""}
        },
        search=("member.name",),
        filters=("state", "from_union", "to_union", "on", ASKED_BY_OTHERS),
        form=("member", "from_union", "to_union", "on", "reason"),
        ordering=("-pk",),
        rules=(request_makes_sense,),
        settled=decided,
        chair_may=frozenset({access.VIEW, access.HISTORY, REQUEST}),
        steps=(
            RowAction(
                "approve",
                "同意转会",
                ApproveForm,
                _approve,
                _never,
                lambda request: {"on": request.on},
                needs=REQUEST,
                possible=_waits,
                help="同意后会员从这一天起转入新工会",
            ),
            RowAction("refuse", "不同意", RefuseForm, _refuse, _never, needs=REQUEST, possible=_waits),
            RowAction(
                "withdraw", "撤回申请", WithdrawForm, _withdraw, _never, needs=REQUEST, possible=_waits
            ),
        ),
        links=(decide_links,),
        note=standing,
        icon="transfer-in",
        help="基层工会申请把在其他工会登记的人转到本工会，由原工会或镇总工会处理。",
    )
)
