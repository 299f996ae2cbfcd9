"""Bulk edit: the ticked rows, or all that fit the list's conditions, get new values in the fields chosen, as one act."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect

from unionoffice.fields import EncryptedField, with_derived
from unionoffice.organisation import access

from ..batches import batch_of
from ..forms import form_class
from ..history import act
from ..listing import Listing
from ..models import ActKind
from ..saving import refused_by_database
from .page import RecordPage

MOST = 5_000
SAMPLE = 5
NOT_THE_QUERY = ("csrfmiddlewaretoken", "pk", "all", "save", "reason", "submission", "seen")


class BulkPage(RecordPage):
    """POST from the list opens the form; POST with `save` applies it. Each row is judged as a form would judge it."""

    needs = access.CHANGE
    template = "records/bulk.html"
    most = MOST

    def post(self, request: HttpRequest, slug: str, **address: str) -> HttpResponse:
        rows = self.chosen(request.POST)
        count = rows.count()
        if not count:
            messages.error(request, "没有选中任何记录。")
            return redirect(self.back())
        if count > self.most:
            messages.error(request, f"一次最多批量办理{self.most:,}条，现在选中{count:,}条，请缩小范围。")
            return redirect(self.back())
        saving = "save" in request.POST
        form = self.make(request.POST if saving else None)
        if saving and form.is_valid():
            problems = self.apply(rows, form)
            if not problems:
                messages.success(request, f"{self.done(count)}，可在变更记录里整批撤回。")
                return redirect(self.back())
            for line in problems[:20]:
                form.add_error(None, line)
        return self.show(request, rows, count, form, status=422 if saving else 200)

    def get(self, request: HttpRequest, slug: str, **address: str) -> HttpResponse:
        return redirect(self.kind.url("list"))

    def done(self, count: int) -> str:
        return f"已修改{count}条{self.kind.title}"

    def chosen(self, data: QueryDict) -> QuerySet:
        if data.get("all"):
            return access.kept(self.user, Listing(self.kind, self.user, self.query(data)).rows)
        ticked = [pk for pk in data.getlist("pk") if pk.isdecimal()]
        return access.kept(self.user, self.rows.filter(pk__in=ticked))

    def query(self, data: QueryDict) -> QueryDict:
        """The list's own address, which its form sends along."""
        query = QueryDict(mutable=True)
        for name in data:
            if name not in NOT_THE_QUERY and not name.startswith(("change_", "to_")):
                query.setlist(name, [value for value in data.getlist(name) if value])
        return query

    def back(self) -> str:
        """The list as it was left."""
        query = self.query(self.request.POST).urlencode()
        return self.kind.url("list") + (f"?{query}" if query else "")

    def fields(self) -> list[str]:
        """Fields that make sense for many rows at once: none that is unique, encrypted, or kept by events."""
        found = []
        for name in self.kind.fields:
            field = self.kind.field(name)
            if field.many_to_many or field.unique or isinstance(field, EncryptedField):
                continue
            if name not in self.kind.not_in_bulk:
                found.append(name)
        return found

    def make(self, data: QueryDict | None) -> forms.Form:
        record_form = form_class(self.kind, self.user)()
        form = BulkForm(data)
        for name in self.fields():
            if name in record_form.fields:
                form.offer(name, record_form.fields[name])
        return form

    @transaction.atomic
    def apply(self, rows: QuerySet, form: "BulkForm") -> list[str]:
        """Judge every row with its new values; write all in one act, or nothing and say why."""
        values = form.values()
        if not values:
            return ["请先勾选要改的项目。"]
        records = self.held(rows)
        reason = form.cleaned_data["reason"]
        if problems := self.problems(records, values, bool(reason)):
            return problems
        try:
            with act(ActKind.BULK, user=self.user, summary=self.summary(values, len(records)), reason=reason):
                self.kind.model.objects.bulk_update(records, with_derived(self.kind.model, values))
                if self.kind.after_write is not None:
                    self.kind.after_write([record.pk for record in records], self.user)
                self.still_in_sight(records)
        except IntegrityError as error:
            return [refused_by_database(error)]
        return []

    def held(self, rows: QuerySet) -> list[Any]:
        """The records as they stand now, in one order for all, which nobody else changes meanwhile."""
        held = self.kind.model.objects.filter(pk__in=rows.order_by().values("pk"))
        return list(held.held().order_by("pk"))

    def still_in_sight(self, records: list[Any]) -> None:
        """Raise PermissionDenied where a row would lie outside what the user may change."""
        rows = self.rows.filter(pk__in=[record.pk for record in records])
        if access.kept(self.user, rows).count() != len(records):
            raise PermissionDenied(f"{self.user.username} may not write these rows of {self.kind.slug}")

    def problems(self, records: list[Any], values: dict[str, Any], has_reason: bool) -> list[str]:
        """Give the records their new values; what the rules say of them then, doubts they were in before left out."""
        known = set() if has_reason else set(self.kind.judge(batch_of(self.kind, records, self.user)))
        for record in records:
            for name, value in values.items():
                setattr(record, name, value)
        return [
            f"{records[problem.index]}：{problem.message}"
            for problem in self.kind.judge(batch_of(self.kind, records, self.user))
            if problem.verdict == "refused" or not (has_reason or problem in known)
        ]

    def summary(self, values: dict[str, Any], count: int) -> str:
        labels = "、".join(str(self.kind.field(name).verbose_name) for name in values)
        return f"{count}条{self.kind.title}的{labels}"

    def show(
        self, request: HttpRequest, rows: QuerySet, count: int, form: "BulkForm", status: int
    ) -> HttpResponse:
        hidden = [(n, v) for n in request.POST for v in request.POST.getlist(n) if self.carried(n)]
        return self.page(
            status=status,
            form=form,
            count=count,
            sample=[str(row) for row in rows[:SAMPLE]],
            hidden=[*hidden, ("save", "1")],
            cancel_url=self.back(),
            **self.further(form),
        )

    def further(self, form: Any) -> dict[str, Any]:
        """What the template reads beside what every page over rows has."""
        return {"changes": form.changes()}

    def carried(self, name: str) -> bool:
        return name not in ("csrfmiddlewaretoken", "save", "reason") and not name.startswith(
            ("change_", "to_")
        )


class BulkForm(forms.Form):
    reason = forms.CharField(
        label="原因", max_length=300, required=False, help_text="写进变更记录；有提醒的记录必须写明原因。"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.never_empty: set[str] = set()

    def offer(self, name: str, field: forms.Field) -> None:
        """A field to change; only when it is ticked must it be filled in, if the type wants it."""
        if field.required:
            self.never_empty.add(name)
            field.required = False
        self.fields[f"change_{name}"] = forms.BooleanField(label=f"修改{field.label}", required=False)
        self.fields[f"to_{name}"] = field

    def changes(self) -> list[dict[str, Any]]:
        names = [name.removeprefix("change_") for name in self.fields if name.startswith("change_")]
        return [{"tick": self[f"change_{name}"], "field": self[f"to_{name}"]} for name in names]

    def clean(self) -> dict[str, Any]:
        for name, value in self.values().items():
            if name in self.never_empty and value in self.fields[f"to_{name}"].empty_values:
                self.add_error(f"to_{name}", "必填，不能清空。")
        return self.cleaned_data

    def values(self) -> dict[str, Any]:
        """The fields ticked and their new values."""
        cleaned = self.cleaned_data
        names = [name.removeprefix("change_") for name in self.fields if name.startswith("change_")]
        return {
            name: cleaned[f"to_{name}"]
            for name in names
            if cleaned[f"change_{name}"] and f"to_{name}" in cleaned
        }
