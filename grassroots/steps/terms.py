"""Steps of a re-election, on the term that ends and on the one that is prepared."""

from collections.abc import Iterable
from typing import Any

from django import forms

from unionoffice.fields import FlagField
from unionoffice.organisation.models import User
from unionoffice.records.steps import count_field, day_field
from unionoffice.records.types import Done, RowAction, registry

from ..actions import committees, reelection
from ..choices import Stage, TermYears
from ..models import CommitteeTerm, OfficerPost
from .unions import cleaned_only, text_field


class OpenForm(forms.Form):
    on = day_field("请示日期")
    document_no = text_field("请示文号", required=False)
    years = forms.TypedChoiceField(label="新一届任期", choices=TermYears.choices, coerce=int)


def _open(term: CommitteeTerm, cleaned: dict[str, Any], user: User) -> Done:
    following = reelection.open_reelection(term, by=user, **cleaned_only(cleaned, OpenForm))
    return Done(f"已启动换届，后面的步骤在这里（第{following.number}届）逐步登记。", following)


def _is_last(term: CommitteeTerm) -> bool:
    """Whether this is the committee in office: elected, its own re-election answered, none after it."""
    if term.number > 1 and term.approved_on is None and term.steps.exists():
        return False
    later = CommitteeTerm.objects.filter(union=term.union_id, number__gt=term.number)
    return term.elected_on is not None and term.ended_on is None and not later.exists()


class StepForm(forms.Form):
    on = day_field("日期")
    document_no = text_field("文号", required=False)
    note = text_field("备注", 200, required=False)
    reason = forms.CharField(label="原因", max_length=200, required=False, help_text="有提醒时填写")


class MeetingForm(forms.Form):
    on = day_field("会议日期", help_text="任期从这一天算起")
    seats = count_field("委员名额", least=1, most=999)
    candidates = count_field("候选人数", least=1, most=9_999)
    due = count_field("应到人数", least=1)
    present = count_field("实到人数")
    has_relatives = FlagField("候选人中有近亲属").formfield(
        help_text="单位主要负责人的近亲属不得作为委员会成员人选"
    )
    posts_end = forms.BooleanField(label="上一届的任职同日结束（连任的随后用“登记连任”登记）", required=False)
    note = text_field("备注", 200, required=False)
    reason = forms.CharField(label="原因", max_length=200, required=False, help_text="有提醒时填写")


FIGURES = ("seats", "candidates", "due", "present", "has_relatives")


def _hold(term: CommitteeTerm, cleaned: dict[str, Any], user: User) -> str:
    own = cleaned_only(cleaned, MeetingForm)
    figures = {name: own.pop(name) for name in FIGURES}
    reelection.hold_meeting(term, by=user, figures=figures, **own)
    return "已登记选举结果。请用“登记连任”登记连任的人，新当选的在“本届干部”里新增。"


def _approve(term: CommitteeTerm, cleaned: dict[str, Any], user: User) -> str:
    reelection.approve_result(term, by=user, **cleaned_only(cleaned, StepForm))
    return "选举结果已批复，换届完成。"


class CertificateForm(forms.Form):
    on = day_field("变更日期")
    number = text_field("法人资格证号", 40, required=False)
    until = day_field("证书有效期至", required=False)


def _certificate(term: CommitteeTerm, cleaned: dict[str, Any], user: User) -> str:
    reelection.update_certificate(term, by=user, **cleaned_only(cleaned, CertificateForm))
    return "已登记法人证书变更。"


class PostponeForm(forms.Form):
    until = day_field("延期至")
    document_no = text_field("上级批复文号")
    reason = forms.CharField(label="原因", max_length=200)


def _postpone(term: CommitteeTerm, cleaned: dict[str, Any], user: User) -> str:
    reelection.postpone(term, by=user, **cleaned_only(cleaned, PostponeForm))
    return f"已延期至{cleaned['until']}。"


class ContinueForm(forms.Form):
    posts = forms.MultipleChoiceField(
        label="连任的人",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="没有连任的去掉勾；新当选的另行登记",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["posts"].choices = self.initial.get("choices", [])


def _last_committee(term: CommitteeTerm) -> dict[str, Any]:
    found = [(str(post.pk), str(post)) for post in committees.last_committee(term)]
    return {"choices": found, "posts": [pk for pk, _ in found]}


def _continue(term: CommitteeTerm, cleaned: dict[str, Any], user: User) -> str:
    chosen = OfficerPost.objects.filter(pk__in=cleaned["posts"])
    made = committees.carry_over(term, chosen, by=user)
    return f"已登记连任{len(made)}人，新当选的请在“本届干部”里新增。"


def next_term(term: CommitteeTerm, user: User) -> Iterable[dict[str, str]]:
    """The way to the term that is prepared or followed, where the next steps are noted."""
    following = (
        CommitteeTerm.objects.filter(union=term.union_id, number__gt=term.number).order_by("number").first()
    )
    kind = registry.of(CommitteeTerm)
    if following and kind:
        label = "去办理" if following.elected_on is None else "看"
        url = kind.url("record", following.pk)
        yield {"label": f"{label}第{following.number}届", "url": url, "icon": "refresh", "tone": ""}


def awaits(term: CommitteeTerm, stage: Stage) -> bool:
    """Whether a step may be taken now: the next one, and the two that a union may record alone."""
    if term.number == 1 or term.ended_on is not None:
        return False
    taken = {step.kind for step in term.steps.all()}
    if stage in taken or any(kind > stage for kind in taken):
        return False
    if stage == Stage.MEETING_HELD:
        return term.elected_on is None
    if term.elected_on is None:
        return stage < Stage.MEETING_HELD and stage == max(taken, default=0) + 1
    if stage == Stage.CERTIFICATE_UPDATED:
        return term.approved_on is not None and bool(term.union.legal_person_no)
    return stage > Stage.MEETING_HELD and term.approved_on is None


def _simple(stage: Stage) -> RowAction:
    def run(term: CommitteeTerm, cleaned: dict[str, Any], user: User) -> str:
        reelection.take_step(term, stage, by=user, **cleaned_only(cleaned, StepForm))
        return f"已登记“{stage.label}”。"

    return RowAction(stage.name.lower(), stage.label, StepForm, run, shown=lambda term: awaits(term, stage))


TERM_STEPS = (
    RowAction(
        "reelect",
        "启动换届",
        OpenForm,
        _open,
        shown=_is_last,
        initial=lambda term: {"years": term.years},
        help="登记换届请示，新建下一届；以后的步骤在新一届上逐步办理。",
    ),
    RowAction("postpone", "延期换届", PostponeForm, _postpone, shown=_is_last, help="须经上级工会批准。"),
    *(_simple(stage) for stage in Stage if stage < Stage.MEETING_HELD),
    RowAction(
        "meeting",
        Stage.MEETING_HELD.label,
        MeetingForm,
        _hold,
        shown=lambda term: awaits(term, Stage.MEETING_HELD),
        help="登记选举日期和到会情况；上一届任期到这一天为止。",
    ),
    RowAction(
        "continue",
        "登记连任",
        ContinueForm,
        _continue,
        shown=lambda term: bool(committees.last_committee(term)),
        initial=_last_committee,
        help="勾选的人从选举日起登记为本届干部，上一届的任职同日结束。",
    ),
    _simple(Stage.RESULT_FILED),
    RowAction(
        "approve",
        Stage.RESULT_APPROVED.label,
        StepForm,
        _approve,
        shown=lambda term: awaits(term, Stage.RESULT_APPROVED),
        help="批复日期计入当年完成换届。",
    ),
    RowAction(
        "certificate",
        Stage.CERTIFICATE_UPDATED.label,
        CertificateForm,
        _certificate,
        shown=lambda term: awaits(term, Stage.CERTIFICATE_UPDATED),
        initial=lambda term: {"number": term.union.legal_person_no, "until": term.union.legal_person_until},
    ),
)
