"""A step over many rows: the ticked ones, or all that fit the list's conditions, take it as one act, or none does."""

from typing import Any

from django import forms
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict

from ..history import act
from ..models import ActKind
from ..steps import StepRefused
from .bulk import BulkPage
from .editing import narrow_choices

MOST = 500  # each row is judged and written by itself, while somebody waits


class _NotAll(Exception):
    """Some row cannot take the step, so that none does."""


class RowsStepPage(BulkPage):
    """POST from the list opens the step's form; POST with `save` takes the step."""

    template = "records/rows_step.html"
    most = MOST

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.step = self.kind.step(kwargs["step"])
        if not self.step.over_rows:
            raise Http404(f"{self.step.key} of {self.kind.slug} is taken row by row")
        self.needs = self.step.needs
        return super().dispatch(request, *args, **kwargs)

    def make(self, data: QueryDict | None) -> forms.Form:
        # Its names must not be those of the list's conditions, which the form carries.
        form = self.step.form(data, prefix="to_", initial=self.step.initial(None))
        narrow_choices(form, self.user)
        return form

    @transaction.atomic
    def apply(self, rows: QuerySet, form: forms.Form) -> list[str]:
        records, problems = self.held(rows), []
        summary, reason = (
            f"{self.step.label}：{len(records)}条{self.kind.title}",
            form.cleaned_data.get("reason"),
        )
        try:
            with act(ActKind.STEP, user=self.user, summary=summary, reason=reason or ""):
                for record in records:
                    if said := self.take(record, form.cleaned_data):
                        problems.append(f"{record}：{said}")
                if problems:
                    raise _NotAll
        except _NotAll:
            pass
        return problems

    def take(self, record: Any, cleaned: dict[str, Any]) -> str:
        """Do the step on one row; why it cannot be done, empty when it is."""
        if not self.step.may_be_taken(record):
            return f"现在不能办理“{self.step.label}”"
        try:
            with transaction.atomic():
                self.kind.refuse_settled(record)
                self.step.run(record, cleaned, self.user)
        except StepRefused as refusal:
            return str(refusal)
        return ""

    def done(self, count: int) -> str:
        return f"已为{count}条{self.kind.title}办理{self.step.label}"

    def further(self, form: Any) -> dict[str, Any]:
        return {"title": self.step.label, "subtitle": self.step.help, "tone": self.step.tone}
