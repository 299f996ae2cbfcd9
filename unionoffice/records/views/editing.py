"""Forms: new record, change, the phone form, the hint about likely duplicates, and steps on one record."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import resolve
from django.utils.functional import cached_property

from unionoffice.organisation import access
from unionoffice.organisation.models import Record, User

from ..attachments import AttachmentRefused, attach
from ..conflicts import Conflict, beside, newest_change, resumed
from ..forms import RecordForm, form_class
from ..history import act
from ..models import ActKind, Submission
from ..photo_field import PhotosField
from ..saving import refused_by_database, save
from ..sending import Sending
from ..steps import StepRefused
from ..types import Done, Evidence, Group, registry
from .page import RecordPage


class FormPage(RecordPage):
    """Shared by the new and the change page: one form, saved once, never over somebody else's change."""

    template = "records/form.html"
    offers_another = False
    draft_name = ""
    instance: Any = None

    @property
    def draft_key(self) -> str:
        """The name under which the browser keeps what was typed but not saved."""
        return f"{self.kind.slug}:{self.draft_name or self.instance.pk}"

    def names(self) -> tuple[str, ...] | None:
        return None

    def make(self, data: QueryDict | None = None, files: Any = None, **kwargs: Any) -> RecordForm:
        made = form_class(self.kind, self.user, self.names())
        return made(data, files, instance=self.instance, **kwargs)

    def show(self, form: RecordForm, status: int = 200, **context: Any) -> HttpResponse:
        pk = getattr(self.instance, "pk", None)
        return self.page(
            status=status,
            title=context.pop("title", f"修改{self.kind.title}" if pk else f"新增{self.kind.title}"),
            record_title=str(self.instance) if pk else "",
            subtitle=context.pop("subtitle", str(self.instance) if pk else self.kind.help),
            form=form,
            groups=form.groups(),
            warnings=form.warnings,
            duplicates_url=self.kind.url("duplicates") + (f"?pk={pk}" if pk else "")
            if self.kind.duplicates
            else "",
            draft_key=self.draft_key,
            version=(form["seen"].value() or "") if "pk" in self.kwargs else "",
            cancel_url=self.kind.url("record", pk) if pk else self.kind.url("list"),
            into=pk if "pk" not in self.kwargs else None,
            can_add_another=self.offers_another,
            **context,
        )

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.show(self.make(initial=self.initial(request)))

    def initial(self, request: HttpRequest) -> dict[str, Any]:
        return {}

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.make(request.POST, request.FILES)
        if answer := self.sent_before(form):
            return answer
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            record = self.store(form)
        except Conflict as conflict:
            self.instance = get_object_or_404(self.rows, pk=self.instance.pk)
            again = resumed(form, conflict, self.instance)
            return self.show(again, status=409, conflict=conflict.differences)
        except StepRefused as refusal:
            form.add_error(None, str(refusal))
            return self.show(form, status=422)
        except IntegrityError as error:
            if answer := self.sent_before(form):
                return answer
            form.add_error(None, refused_by_database(error))
            return self.show(form, status=422)
        return self.saved(request, record, form)

    def sent_before(self, form: RecordForm) -> HttpResponse | None:
        """The answer to a form whose key was used: the same content leads to the same record."""
        sending = Sending.of(form, self.user)
        earlier = sending.earlier()
        if earlier is None:
            return None
        if not sending.is_same_as(earlier):
            return self.beside_earlier(form, earlier)
        messages.info(self.request, "这张表已经保存过，没有再存一遍。")
        self.drop_draft(form)
        return redirect(earlier.url)

    def beside_earlier(self, form: RecordForm, earlier: Submission) -> HttpResponse | None:
        """None: a change is weighed against what stands there now, also where its own user saved it (refuse_conflict)."""
        return None

    def store(self, form: RecordForm) -> Any:
        return save(form)

    def drop_draft(self, form: RecordForm) -> None:
        """Have the browser forget what it kept of this form."""
        self.request.session["draft_done"] = [self.draft_key, form.data.get("submission", "")]

    def saved(self, request: HttpRequest, record: Any, form: RecordForm) -> HttpResponse:
        messages.success(request, f"已保存{self.kind.title}“{record}”。")
        self.drop_draft(form)
        return redirect(
            self.kind.url("new") if "another" in request.POST else self.kind.url("record", record.pk)
        )


class NewPage(FormPage):
    needs = access.ADD
    offers_another = True
    draft_name = "new"

    def initial(self, request: HttpRequest) -> dict[str, Any]:
        """What the type starts with, fields given in the address (from a related list), and the chair's own union."""
        found = self.kind.initial(self.user)
        found |= {name: request.GET[name] for name in self.kind.fields if name in request.GET}
        if "union" in self.kind.fields and self.user.union_id:
            found.setdefault("union", self.user.union_id)
        return found

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """A new record; or, where the form was saved before with another content, a change of that record (`into`)."""
        if pk := request.POST.get("into"):
            access.demand(self.user, access.CHANGE, self.kind)
            self.instance = get_object_or_404(self.rows, pk=pk if pk.isdecimal() else None)
            if not self.keeps(self.instance):
                raise PermissionDenied(f"{self.user.username} may not change {pk} of {self.kind.slug}")
        return super().post(request, **kwargs)

    def beside_earlier(self, form: RecordForm, earlier: Submission) -> HttpResponse | None:
        """The form again under a new key, beside the record that its key made; the user says what becomes of it."""
        place = resolve(earlier.url).kwargs
        saved = self.rows.filter(pk=place.get("pk")).first() if place.get("slug") == self.kind.slug else None
        typed = {name: form[name].value() for name in form.own_fields()}
        seen = newest_change(saved) if saved else None
        may_change = (
            saved and self.may(access.CHANGE) and self.keeps(saved) and not self.kind.why_settled(saved)
        )
        return self.show(
            self.make(initial=typed | {"submission": uuid.uuid4(), "seen": seen}),
            status=409,
            saved={
                "title": str(saved or "（已看不到）"),
                "url": earlier.url,
                "pk": saved.pk if may_change else "",
            },
            conflict=beside(form, saved) if saved else [],
        )


class EditPage(FormPage):
    needs = access.CHANGE

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        access.demand(self.user, self.needs, self.kind)
        self.instance = self.record()
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if said := self.kind.why_settled(self.instance):
            messages.warning(request, f"{said}。")
            return redirect(self.kind.url("record", self.instance.pk))
        return self.show(self.make(initial={"seen": newest_change(self.instance)}))


class QuickPage(NewPage):
    """The phone form: few fields, photos, one button. The record and its photos are one act."""

    template = "records/quick.html"
    offers_another = False
    draft_name = "quick"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.refusals: list[str] = []

    @cached_property
    def only_union(self) -> int | None:
        """The union of a user who has one only and is not asked for it."""
        unions = access.unions_of(self.user)
        return next(iter(unions)) if unions is not None and len(unions) == 1 else None

    def names(self) -> tuple[str, ...]:
        return tuple(name for name in self.kind.quick_fields if name != "union" or self.only_union is None)

    def make(self, data: QueryDict | None = None, files: Any = None, **kwargs: Any) -> RecordForm:
        is_new = getattr(self.instance, "pk", None) is None
        if is_new and self.only_union is not None and "union" in self.kind.quick_fields:
            self.instance = self.kind.model(union_id=self.only_union)
        form = super().make(data, files, **kwargs)
        for name, evidence in self.photographed.items():
            form.fields[name] = PhotosField(label=evidence.label, required=False)
        return form

    @property
    def photographed(self) -> dict[str, Evidence]:
        """What is photographed on the spot, by form field: the type's first kind of evidence and the required ones."""
        wanted = [part for part in self.kind.evidence if part.required or part is self.kind.evidence[0]]
        return {f"photos_{part.kind}": part for part in wanted}

    def show(self, form: RecordForm, status: int = 200, **context: Any) -> HttpResponse:
        """The loose fields and the photos, below them the groups folded."""
        first = [part for part in self.kind.quick if isinstance(part, str)]
        folded = [part for part in self.kind.quick if isinstance(part, Group)]
        fields = [form[name] for name in (*first, *self.photographed) if name in form.fields]
        groups = [{"title": part.title, "fields": [form[name] for name in part.fields]} for part in folded]
        for group in groups:
            group["open"] = any(field.errors for field in group["fields"])
        context |= {
            "title": f"新增{self.kind.title}",
            "subtitle": "",
            "fields": fields,
            "more_groups": groups,
        }
        return super().show(form, status, **context)

    def store(self, form: RecordForm) -> Any:
        return save(form, also=lambda record: self.attach(record, form))

    def attach(self, record: Any, form: RecordForm) -> None:
        """Photos that cannot be read are told and left out; the record is not lost for them."""
        for name, evidence in self.photographed.items():
            for photo in form.cleaned_data[name]:
                try:
                    attach(record, photo, evidence.kind, self.user)
                except AttachmentRefused as refusal:
                    self.refusals.append(f"{photo.name}：{refusal}")

    def saved(self, request: HttpRequest, record: Any, form: RecordForm) -> HttpResponse:
        for line in self.refusals:
            messages.warning(request, line)
        return super().saved(request, record, form)


class DuplicatesPage(RecordPage):
    """Records that may be the one being typed, as a fragment. What is typed comes in the body, not in an address that
    servers log."""

    template = "records/_duplicates.html"

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        found = []
        if self.kind.duplicates is not None:
            typed = {name: request.POST.get(name, "").strip() for name in self.kind.fields}
            pk = request.GET.get("pk", "")
            for other in self.kind.duplicates(typed, self.user, int(pk) if pk.isdecimal() else None):
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


def narrow_choices(form: forms.Form, user: User) -> None:
    """Only what the user may see is offered in the relations of a step's form."""
    for field in form.fields.values():
        if isinstance(field, forms.ModelChoiceField):
            seen = access.narrow(user, field.queryset.model)
            field.queryset = field.queryset.filter(pk__in=seen.values("pk"))


class StepPage(RecordPage):
    """One dated step on a record: its small form, then the work, inside one act."""

    template = "records/step.html"

    @property
    def draft_key(self) -> str:
        return f"{self.kind.slug}:{self.kwargs['pk']}:{self.step.key}"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.step = self.kind.step(kwargs["step"])
        access.demand(self.user, self.step.needs, self.kind)
        return super().dispatch(request, *args, **kwargs)

    def record(self) -> Record:
        """The record of the address; 403 where the user only sees what another union keeps."""
        found = super().record()
        if not self.keeps(found):
            raise PermissionDenied(f"{self.user.username} may take no step on {found.pk} of {self.kind.slug}")
        return found

    def make(self, record: Any, data: QueryDict | None = None) -> forms.Form:
        form = self.step.form(data, initial=self.step.initial(record) | {"submission": uuid.uuid4()})
        form.fields.setdefault("submission", forms.UUIDField(widget=forms.HiddenInput, required=False))
        narrow_choices(form, self.user)
        return form

    def show(self, record: Any, form: forms.Form, status: int = 200) -> HttpResponse:
        return self.page(
            status=status,
            title=self.step.label,
            subtitle=f"{self.step.help}{self.step.tells(record)}",
            record_title=str(record),
            record_url=self.kind.url("record", record.pk),
            form=form,
            tone=self.step.tone,
            draft_key=self.draft_key,
            cancel_url=self.kind.url("record", record.pk),
        )

    def get(self, request: HttpRequest, slug: str, pk: int, step: str) -> HttpResponse:
        record = self.record()
        if not self.step.may_be_taken(record):
            messages.warning(request, self.no_longer(record))
            return redirect(self.kind.url("record", pk))
        return self.show(record, self.make(record))

    def no_longer(self, record: Any) -> str:
        return f"“{record}”现在不能办理“{self.step.label}”，可能已有人办过，请看记录的现况。"

    def take(self, cleaned: dict[str, Any]) -> str | Done:
        """Do the step, inside an act, on the record as it stands now: of two who do it at once the second is told."""
        record = self.kind.model.objects.held().get(pk=self.kwargs["pk"])
        self.kind.refuse_settled(record)
        if not self.step.may_be_taken(record):
            raise StepRefused(self.no_longer(record))
        return self.step.run(record, cleaned, self.user)

    def post(self, request: HttpRequest, slug: str, pk: int, step: str) -> HttpResponse:
        record = self.record()
        form = self.make(record, request.POST)
        sending = Sending.of(form, self.user)
        if earlier := sending.earlier():
            return self.sent_before(record, form, earlier)
        if not self.step.may_be_taken(record):
            form.errors.clear()
            form.add_error(None, self.no_longer(record))
        if not form.is_valid():
            return self.show(record, form, status=422)
        try:
            summary = f"{self.step.label}：{record}"
            with act(
                ActKind.STEP, user=self.user, summary=summary, reason=form.cleaned_data.get("reason") or ""
            ):
                done = self.take(form.cleaned_data)
                sending.note(self.kind.url("list"))
        except StepRefused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            return self.show(record, form, status=422)
        except IntegrityError as error:
            form.add_error(None, refused_by_database(error))
            return self.show(record, form, status=422)
        messages.success(request, done.message if isinstance(done, Done) else done)
        request.session["draft_done"] = [self.draft_key, str(sending.key or "")]
        return redirect(self.after(done))

    def sent_before(self, record: Any, form: forms.Form, earlier: Submission) -> HttpResponse:
        """Sent again the same, it leads where it led; with another content it is asked about, under a new key."""
        if Sending.of(form, self.user).is_same_as(earlier):
            return redirect(earlier.url)
        form.data = form.data.copy()
        form.data["submission"] = str(uuid.uuid4())
        form.add_error(
            None, f"“{self.step.label}”刚才已经办过，这次填的和那次不一样：请先核对记录，确要再办，再按一次。"
        )
        return self.show(record, form, status=409)

    def after(self, done: str | Done) -> str:
        """Where the work goes on: the record that was made, else this one, where the user still sees it."""
        made = registry.of(type(done.made)) if isinstance(done, Done) else None
        if made and made.rows(self.user).filter(pk=done.made.pk).exists():
            return made.url("record", done.made.pk)
        visible = self.rows.filter(pk=self.kwargs["pk"]).exists()
        return self.kind.url("record", self.kwargs["pk"]) if visible else self.kind.url("list")
