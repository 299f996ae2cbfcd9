"""Forms: new record, change, the phone form, the hint about likely duplicates, and steps on one record."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from unionoffice.organisation import access

from ..attachments import AttachmentRefused, attach
from ..forms import RecordForm, form_class
from ..history import act
from ..models import ActKind, Submission
from ..saving import Conflict, already_sent, newest_change, refused_by_database, save
from ..steps import StepRefused
from .page import RecordPage


class FormPage(RecordPage):
    """Shared by the new and the change page: one form, saved once, never over somebody else's change."""

    template = "records/form.html"
    offers_another = False
    instance: Any = None

    def names(self) -> tuple[str, ...] | None:
        return None

    def make(self, data: QueryDict | None = None, files: Any = None, **kwargs: Any) -> RecordForm:
        made = form_class(self.kind, self.user, self.names())
        return made(data, files, instance=self.instance, **kwargs)

    def show(self, form: RecordForm, status: int = 200, **context: Any) -> HttpResponse:
        pk = getattr(self.instance, "pk", None)
        return self.page(
            status=status,
            title=f"修改{self.kind.title}" if pk else f"新增{self.kind.title}",
            record_title=str(self.instance) if pk else "",
            subtitle=str(self.instance) if pk else self.kind.help,
            form=form,
            groups=form.groups(),
            warnings=form.warnings,
            duplicates_url=self.kind.url("duplicates") + (f"?pk={pk}" if pk else "")
            if self.kind.duplicates
            else "",
            draft_key=f"{self.kind.slug}:{pk or 'new'}",
            version=form["seen"].value() or "",
            cancel_url=self.kind.url("record", pk) if pk else self.kind.url("list"),
            can_add_another=self.offers_another,
            **context,
        )

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.show(self.make(initial=self.initial(request)))

    def initial(self, request: HttpRequest) -> dict[str, Any]:
        return {}

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        sent = already_sent(_key(request.POST.get("submission")))
        if sent:
            return redirect(sent)
        form = self.make(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            record = save(form)
        except Conflict as conflict:
            form.data = form.data.copy()
            form.data["seen"] = str(conflict.newest)
            return self.show(form, status=409, conflict=conflict.differences)
        except IntegrityError as error:
            if again := already_sent(_key(request.POST.get("submission"))):
                return redirect(again)
            form.add_error(None, refused_by_database(error))
            return self.show(form, status=422)
        return self.saved(request, record, form)

    def saved(self, request: HttpRequest, record: Any, form: RecordForm) -> HttpResponse:
        messages.success(request, f"已保存{self.kind.title}“{record}”。")
        request.session["draft_done"] = f"{self.kind.slug}:{getattr(self.instance, 'pk', None) or 'new'}"
        return redirect(
            self.kind.url("new") if "another" in request.POST else self.kind.url("record", record.pk)
        )


class NewPage(FormPage):
    needs = access.ADD
    offers_another = True

    def initial(self, request: HttpRequest) -> dict[str, Any]:
        """Fields given in the address (from a related list), and the chair's own union."""
        found = {name: request.GET[name] for name in self.kind.fields if name in request.GET}
        if "union" in self.kind.fields and self.user.union_id:
            found.setdefault("union", self.user.union_id)
        return found

    def saved(self, request: HttpRequest, record: Any, form: RecordForm) -> HttpResponse:
        response = super().saved(request, record, form)
        request.session["draft_done"] = f"{self.kind.slug}:new"
        return response


class EditPage(FormPage):
    needs = access.CHANGE

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        access.demand(self.user, self.needs, self.kind)
        self.instance = self.record()
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.show(self.make(initial={"seen": newest_change(self.instance)}))


class QuickPage(NewPage):
    """The phone form: few fields, photos, one button."""

    template = "records/quick.html"
    offers_another = False

    def names(self) -> tuple[str, ...]:
        return self.kind.quick

    def make(self, data: QueryDict | None = None, files: Any = None, **kwargs: Any) -> RecordForm:
        form = super().make(data, files, **kwargs)
        if self.kind.evidence:
            form.fields["photos"] = PhotosField(label="照片", required=False)
        return form

    def show(self, form: RecordForm, status: int = 200, **context: Any) -> HttpResponse:
        first = [name for name in (*self.kind.quick, "photos") if name in form.fields]
        extra = {"fields": [form[name] for name in first], "more_groups": []}
        return super().show(form, status, **extra, **context)

    def saved(self, request: HttpRequest, record: Any, form: RecordForm) -> HttpResponse:
        for photo in request.FILES.getlist("photos"):
            try:
                attach(record, photo, self.kind.evidence[0].kind, self.user)
            except AttachmentRefused as refusal:
                messages.warning(request, f"{photo.name}：{refusal}")
        return super().saved(request, record, form)


class PhotosInput(forms.FileInput):
    allow_multiple_selected = True

    def __init__(self) -> None:
        super().__init__(
            {"accept": "image/*", "capture": "environment", "multiple": True, "data-photos": True}
        )

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name)


class PhotosField(forms.Field):
    """Several photos from the camera; they are attached after the record is saved."""

    widget = PhotosInput


class DuplicatesPage(RecordPage):
    """Records that may be the one being typed, as a fragment. What is typed comes in the body, not in an address that
    servers log."""

    template = "records/_duplicates.html"

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        found = []
        if self.kind.duplicates is not None:
            typed = {name: request.POST.get(name, "").strip() for name in self.kind.fields}
            pk = request.GET.get("pk", "")
            for other in self.kind.duplicates(typed, self.user, int(pk) if pk.isdigit() else None):
                seen = other.record is not None and self.rows.filter(pk=other.record.pk).exists()
                found.append(
                    {
                        "title": str(other.record) if seen else self.kind.title,
                        "url": self.kind.url("record", other.record.pk) if seen else "",
                        "subtitle": other.reason,
                        "offer_transfer_url": other.offer,
                        "offer_label": other.offer_label,
                    }
                )
        return render(request, self.template, {"rows": found})


class StepPage(RecordPage):
    """One dated step on a record: its small form, then the work, inside one act."""

    template = "records/step.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.step = self.kind.step(kwargs["step"])
        access.demand(self.user, self.step.needs, self.kind)
        return super().dispatch(request, *args, **kwargs)

    def make(self, record: Any, data: QueryDict | None = None) -> forms.Form:
        form = self.step.form(data, initial=self.step.initial(record) | {"submission": uuid.uuid4()})
        form.fields.setdefault("submission", forms.UUIDField(widget=forms.HiddenInput, required=False))
        for field in form.fields.values():
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = field.queryset.filter(
                    pk__in=access.narrow(self.user, field.queryset.model).values("pk")
                )
        return form

    def show(self, record: Any, form: forms.Form, status: int = 200) -> HttpResponse:
        return self.page(
            status=status,
            title=self.step.label,
            subtitle=self.step.help,
            record_title=str(record),
            record_url=self.kind.url("record", record.pk),
            form=form,
            tone=self.step.tone,
            draft_key=f"{self.kind.slug}:{record.pk}:{self.step.key}",
            cancel_url=self.kind.url("record", record.pk),
        )

    def get(self, request: HttpRequest, slug: str, pk: int, step: str) -> HttpResponse:
        record = self.record()
        return self.show(record, self.make(record))

    def post(self, request: HttpRequest, slug: str, pk: int, step: str) -> HttpResponse:
        record = self.record()
        key = _key(request.POST.get("submission"))
        if sent := already_sent(key):
            return redirect(sent)
        form = self.make(record, request.POST)
        if not form.is_valid():
            return self.show(record, form, status=422)
        try:
            summary = f"{self.step.label}：{record}"
            with act(
                ActKind.STEP, user=self.user, summary=summary, reason=form.cleaned_data.get("reason") or ""
            ):
                done = self.step.run(record, form.cleaned_data, self.user)
                if key:
                    Submission.objects.create(key=key, user=self.user, url=self.kind.url("list"))
        except StepRefused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            return self.show(record, form, status=422)
        except IntegrityError as error:
            form.add_error(None, refused_by_database(error))
            return self.show(record, form, status=422)
        messages.success(request, done)
        visible = self.rows.filter(pk=pk).exists()
        return redirect(self.kind.url("record", pk) if visible else self.kind.url("list"))


def _key(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return None
