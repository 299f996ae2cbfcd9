"""A re-election from the first request to the new certificate (domain §1.2)."""

from datetime import date
from typing import Any

from django.db import transaction

from unionoffice.organisation.models import User
from unionoffice.records.history import act
from unionoffice.records.models import ActKind
from unionoffice.records.rules import Batch, judge
from unionoffice.records.steps import StepRefused

from ..choices import Stage
from ..models import CommitteeTerm, OfficerPost, ReelectionStep
from ..rules import terms as term_rules
from .lifecycle import refuse_future

TERM_FIELDS = (
    "number",
    "years",
    "elected_on",
    "approved_on",
    "postponed_until",
    "ended_on",
    "seats",
    "candidates",
    "due",
    "present",
    "has_relatives",
)
TERM_RULES = (term_rules.term_length, term_rules.postponement, term_rules.no_overlap, term_rules.election)


@transaction.atomic
def open_reelection(
    term: CommitteeTerm, *, on: date, years: int, by: User | None, document_no: str = ""
) -> CommitteeTerm:
    """Start preparing the next term with the request to the upper union. Gives the new term."""
    refuse_future(on)
    if term.union.has_ended:
        raise StepRefused(f"该工会已于{term.union.dissolved_on}撤销。")
    newest = CommitteeTerm.objects.held().filter(union=term.union).latest("number")
    if newest.pk != term.pk:
        raise StepRefused(f"第{newest.number}届已经登记，请在那一届办理。")
    if term.elected_on is None:
        raise StepRefused("本届尚未选举。")
    with act(ActKind.STEP, user=by, summary=f"启动换届：{term.union}"):
        following = CommitteeTerm.objects.create(union=term.union, number=term.number + 1, years=years)
        ReelectionStep.objects.create(
            term=following, kind=Stage.REQUEST_FILED, on=on, document_no=document_no
        )
    following.refresh_from_db()
    return following


def take_step(
    term: CommitteeTerm,
    stage: Stage,
    *,
    on: date,
    by: User | None,
    document_no: str = "",
    note: str = "",
    reason: str = "",
) -> ReelectionStep:
    """Note the step that comes next. Raises StepRefused for another one, or a day that does not fit."""
    refuse_future(on)
    if stage in term.steps.values_list("kind", flat=True):
        raise StepRefused(f"“{stage.label}”已经登记。")
    values = {"term": [term.pk], "kind": [int(stage)], "on": [on]}
    _demand((term_rules.step_order,), Batch(values, [None], by), reason)
    with act(ActKind.STEP, user=by, summary=f"{stage.label}：{term}", reason=reason):
        return ReelectionStep.objects.create(term=term, kind=stage, on=on, document_no=document_no, note=note)


def hold_meeting(
    term: CommitteeTerm,
    *,
    on: date,
    by: User | None,
    figures: dict[str, Any],
    posts_end: bool = False,
    note: str = "",
    reason: str = "",
) -> ReelectionStep:
    """The election: figures of the meeting go into the term, the term before ends on that day.

    With posts_end the posts of the committee so far end as well.
    """
    refuse_future(on)
    previous = (
        CommitteeTerm.objects.filter(union=term.union, number__lt=term.number, elected_on__isnull=False)
        .order_by("-number")
        .first()
    )
    with act(ActKind.STEP, user=by, summary=f"{Stage.MEETING_HELD.label}：{term}", reason=reason):
        if previous is not None and previous.ends_on > on > previous.elected_on:
            previous.ended_on = on
            previous.save(update_fields=["ended_on"])
        _set(term, {"elected_on": on, **figures}, by, reason)
        if posts_end:
            held = OfficerPost.objects.filter(union=term.union, started_on__lt=on, ended_on__isnull=True)
            held.update(ended_on=on)
        return take_step(term, Stage.MEETING_HELD, on=on, by=by, note=note, reason=reason)


def approve_result(
    term: CommitteeTerm, *, on: date, by: User | None, document_no: str = "", note: str = "", reason: str = ""
) -> ReelectionStep:
    """The upper union's answer: with it the re-election counts as done."""
    with act(ActKind.STEP, user=by, summary=f"{Stage.RESULT_APPROVED.label}：{term}", reason=reason):
        _set(term, {"approved_on": on, "approval_no": document_no}, by, reason)
        return take_step(
            term, Stage.RESULT_APPROVED, on=on, by=by, document_no=document_no, note=note, reason=reason
        )


def update_certificate(
    term: CommitteeTerm, *, on: date, by: User | None, number: str = "", until: date | None = None
) -> ReelectionStep:
    """The union's certificate as a legal person names the new chair and its new end."""
    union = term.union
    if until is not None and until <= on:
        raise StepRefused("新证书的有效期应在变更日期之后。", "until")
    with act(ActKind.STEP, user=by, summary=f"{Stage.CERTIFICATE_UPDATED.label}：{term}"):
        union.legal_person_no = number or union.legal_person_no
        union.legal_person_until = until or union.legal_person_until
        union.save(update_fields=["legal_person_no", "legal_person_until"])
        return take_step(term, Stage.CERTIFICATE_UPDATED, on=on, by=by, document_no=number)


def postpone(term: CommitteeTerm, *, until: date, by: User | None, document_no: str, reason: str) -> None:
    """Move the end of a term back with the upper union's approval."""
    if term.elected_on is None or term.ended_on is not None:
        raise StepRefused("本届不在任期内，不能延期。")
    with act(ActKind.STEP, user=by, summary=f"延期换届：{term}", reason=reason):
        _set(term, {"postponed_until": until, "postponement_no": document_no}, by, reason)


def _set(term: CommitteeTerm, values: dict[str, Any], by: User | None, reason: str) -> None:
    """Write fields of a term after its rules judged it as it would stand."""
    row = {name: [values.get(name, getattr(term, name))] for name in TERM_FIELDS}
    _demand(TERM_RULES, Batch({"union": [term.union_id], **row}, [term.pk], by), reason)
    for name, value in values.items():
        setattr(term, name, value)
    term.save(update_fields=list(values))


def _demand(rules: tuple[Any, ...], batch: Batch, reason: str) -> None:
    """Raise StepRefused for the first refusal, or for warnings without a reason."""
    problems = judge(rules, batch)
    for problem in problems:
        if problem.verdict == "refused":
            raise StepRefused(problem.message, problem.field)
    if problems and not reason:
        told = "；".join(problem.message for problem in problems)
        raise StepRefused(f"{told}。如确认无误，请写明原因后再次提交。", "reason")
