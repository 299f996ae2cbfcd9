"""What is done to a membership: dated steps, and transfers on request.

Every step is an event; the database derives everything else from the events (migration 0002).
"""

from datetime import date

from django.utils import timezone

from unionoffice.organisation.models import Union, Unit, User
from unionoffice.records.history import act
from unionoffice.records.models import ActKind
from unionoffice.records.steps import StepRefused, is_ahead, refuse_far_ahead

from . import lives
from .choices import STATE_AFTER, SUSPENDED, EventKind, RequestState, State
from .models import Member, MembershipEvent, TransferRequest

# From which states a step may be taken.
STARTS = {
    EventKind.TRANSFER: (State.ACTIVE, State.MOVING_OUT),
    EventKind.RETAIN: (State.ACTIVE, State.DUES_STOPPED),
    EventKind.RETIRE: (State.ACTIVE, State.RETAINED, State.DUES_STOPPED),
    EventKind.STOP_DUES: (State.ACTIVE,),
    EventKind.RESUME: SUSPENDED,
    EventKind.MOVE_OUT: (State.ACTIVE, State.MOVING_OUT, *SUSPENDED),
    EventKind.LEAVE: (State.ACTIVE, State.APPLIED, *SUSPENDED),
    EventKind.AUTO_LEAVE: (State.ACTIVE, State.DUES_STOPPED),
    EventKind.EXPEL: (State.ACTIVE, *SUSPENDED),
    EventKind.DECEASE: (State.ACTIVE, State.MOVING_OUT, *SUSPENDED),
    EventKind.REJOIN: (State.APPLIED, State.MOVED_OUT, State.LEFT, State.AUTO_LEFT, State.EXPELLED),
}


def change_membership(
    member: Member,
    kind: EventKind,
    *,
    on: date,
    by: User | None,
    reason: str = "",
    union: Union | None = None,
    unit: Unit | None = None,
) -> MembershipEvent:
    """Note one event of a member: transfer, leave, retain, retire, ... . Without `union` the member stays where it was.

    A day before later events is a late entry and lands before them; one ahead takes effect on its day, with the unit
    where the person then works. Raises StepRefused when the step makes no sense from the state of that day or before
    what is noted ahead, lies more than a year ahead, or the day already has an event.
    """
    with act(ActKind.STEP, user=by, summary=f"{kind.label}：{member}", reason=reason):
        before = _standing(_held(member), on)
        if before.state not in STARTS[kind]:
            raise StepRefused(f"{on}时该会员的状态是“{before.get_state_display()}”，不能办理{kind.label}。")
        where = union or before.union
        if kind == EventKind.TRANSFER and where == before.union:
            raise StepRefused(f"该会员{on}已在{where}，不用转会。", "union")
        _refuse_outside_life(where, on, is_entering=kind in lives.MOVING)
        _refuse_before_coming(member, kind, on)
        if unit is not None and not is_ahead(on):
            Member.objects.filter(pk=member.pk).update(unit=unit)
        return MembershipEvent.objects.create(
            member=member, on=on, kind=kind, union=where, unit=unit, state=STATE_AFTER[kind], reason=reason
        )


def _held(member: Member) -> Member:
    """The member as the person stands now; of two who take a step at once the second waits and is judged by the first."""
    return Member.objects.held().get(pk=member.pk)


def transfer_member(
    member: Member, *, to: Union, on: date, by: User | None, reason: str = ""
) -> MembershipEvent:
    """Move an active member to another union from that day on."""
    return change_membership(member, EventKind.TRANSFER, on=on, by=by, reason=reason, union=to)


def _standing(member: Member, on: date) -> MembershipEvent:
    """The event in force on the day before a new one could take effect."""
    refuse_far_ahead(on)
    events = list(member.events.filter(on__lte=on).select_related("union").order_by("on"))
    if not events:
        raise StepRefused(f"该会员{member.joined_on}才入会，日期不能早于入会日期。", "on")
    if events[-1].on == on:
        raise StepRefused(f"该会员{on}已有“{events[-1].get_kind_display()}”，一天只能办理一项。", "on")
    return events[-1]


def _refuse_before_coming(member: Member, kind: EventKind, on: date) -> None:
    """What is noted ahead must still make sense after this step."""
    ahead = member.events.filter(on__gt=max(on, timezone.localdate())).order_by("on").first()
    if ahead is not None and STATE_AFTER[kind] not in STARTS.get(EventKind(ahead.kind), State):
        said = f"该会员已登记{ahead.on}起“{ahead.get_kind_display()}”，请先删除那项会籍变动。"
        raise StepRefused(said, "on")


def _refuse_outside_life(union: Union, on: date, *, is_entering: bool = True) -> None:
    if said := lives.ended(union, on):
        raise StepRefused(f"{said}。", "union")
    if is_entering and (said := lives.unfounded(union, on)):
        raise StepRefused(f"{said}。", "on")


def request_transfer(member: Member, *, to: Union, on: date, reason: str, by: User) -> TransferRequest:
    """Ask for a member of another union. Raises StepRefused when the person is already in that union or asked for,
    or when the union was not there on that day."""
    refuse_far_ahead(on)
    _refuse_outside_life(to, on)
    with act(ActKind.STEP, user=by, summary=f"申请转会：{member}", reason=reason):
        member = _held(member)
        if member.union_id == to.pk and member.state == State.ACTIVE:
            raise StepRefused("该会员已在本工会。")
        if member.transfer_requests.filter(state=RequestState.WAITING).exists():
            raise StepRefused("该会员已有待处理的转会申请，请等待处理。")
        if member.state == State.DECEASED:
            raise StepRefused("系统登记该会员已去世，请与镇总工会核对。")
        return TransferRequest.objects.create(
            member=member, from_union=member.union, to_union=to, on=on, reason=reason, requested_by=by
        )


def approve_transfer(request: TransferRequest, *, on: date, by: User, answer: str = "") -> MembershipEvent:
    """Grant a request: an active member moves, somebody who left or was suspended joins again in the new union."""
    _refuse_decided(request)
    with act(ActKind.STEP, user=by, summary=f"同意转会：{request}", reason=answer):
        member = _held(request.member)
        before = _standing(member, on).state
        if before in STARTS[EventKind.TRANSFER]:
            kind = EventKind.TRANSFER
        else:
            kind = EventKind.RESUME if before in SUSPENDED else EventKind.REJOIN
        _decide(request, RequestState.APPROVED, by=by, answer=answer)
        return change_membership(member, kind, on=on, by=by, reason=request.reason, union=request.to_union)


def refuse_transfer(request: TransferRequest, *, by: User, answer: str) -> None:
    """Turn a request down, with the reason both sides read."""
    _refuse_decided(request)
    with act(ActKind.STEP, user=by, summary=f"不同意转会：{request}", reason=answer):
        _decide(request, RequestState.REFUSED, by=by, answer=answer)


def withdraw_transfer(request: TransferRequest, *, by: User, reason: str = "") -> None:
    _refuse_decided(request)
    with act(ActKind.STEP, user=by, summary=f"撤回转会申请：{request}", reason=reason):
        _decide(request, RequestState.WITHDRAWN, by=by, answer=reason)


def _refuse_decided(request: TransferRequest) -> None:
    if request.state != RequestState.WAITING:
        raise StepRefused(f"该申请{request.get_state_display()}，不用再处理。")


def _decide(request: TransferRequest, state: RequestState, *, by: User, answer: str) -> None:
    request.state, request.answer = state, answer
    request.decided_by, request.decided_on = by, timezone.localdate()
    request.save(update_fields=["state", "answer", "decided_by", "decided_on"])
