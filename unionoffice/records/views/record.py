"""The record page: facts first, then related records, attachments and history; and the logged look at a number in full."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Field, ForeignKey, Model, ProtectedError, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property

from unionoffice.fields import EncryptedField
from unionoffice.organisation import access

from .. import cells
from ..attachments import attachments_of, lacking
from ..history import act
from ..models import ActKind, Disclosure
from ..steps import StepRefused
from ..tables import table
from ..timeline import timeline
from ..types import RecordType, Related, registry
from .page import RecordPage

RELATED_ROWS = 8
RELATED_COLUMNS = 5
TIMELINE_ENTRIES = 10


class RecordView(RecordPage):
    template = "records/record.html"

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        record = self.record()
        keeps = self.keeps(record)
        may_change = keeps and self.may(access.CHANGE)
        shows_history = self.may(access.HISTORY)
        return self.page(
            record=record,
            record_title=str(record),
            state=self.state(record),
            subtitle=self.kind.note(record),
            groups=self.groups(record),
            related=[part for related in self.kind.related if (part := self.related(related, record))],
            timeline=timeline(record, self.user, TIMELINE_ENTRIES) if shows_history else [],
            history_url=self.kind.url("history", pk) if shows_history else "",
            attachments=attachments_of(record, self.kind, may_change, opens=not self.is_veiled),
            lacks=lacking(record, self.kind),
            attach_url=self.kind.url("attach", pk) if may_change and self.kind.evidence else "",
            attach_kinds=[{"value": part.kind, "label": part.label} for part in self.kind.evidence],
            actions=self.actions(record) if keeps else [],
        )

    def state(self, record: Model) -> dict[str, str] | None:
        """What stands out of the record, beside its name."""
        for name, tones in self.kind.tones.items():
            if self.kind.may_read(self.user, name) and (value := getattr(record, name)) in tones:
                return {"text": self.text(self.kind.field(name), value), "tone": tones[value]}
        return None

    def groups(self, record: Model) -> list[dict[str, Any]]:
        today = [{"title": "现况", "fields": self.summary(record)}] if self.kind.summary else []
        return today + [
            {"title": group.title, "fields": [self.field(record, name) for name in group.fields]}
            for group in self.kind.groups
        ]

    def summary(self, record: Model) -> list[dict[str, Any]]:
        """The computed columns that say what the record amounts to today."""
        paths = [path for path in self.kind.summary if self.kind.may_read(self.user, path)]
        fields = [self.kind.resolve(path) for path in paths]
        rows = cells.annotated(self.kind.model.objects.filter(pk=record.pk), self.kind.annotations, paths)
        values = rows.values_list(*map(cells.look_up, paths, fields)).get()
        return [
            {
                "label": self.kind.heading(path),
                "text": self.text(field, value),
                "kind": "text",
            }
            for path, field, value in zip(paths, fields, values, strict=True)
        ]

    def field(self, record: Model, name: str) -> dict[str, Any]:
        """A field as the page shows it; masked ones carry the address where they are shown in full."""
        field = self.kind.field(name)
        kind = cells.kind_of(field)
        shown: dict[str, Any] = {"label": str(field.verbose_name), "kind": kind}
        if name not in self.kind.readable(self.user) or (name in self.kind.identifying and self.is_veiled):
            return shown | {"text": cells.ONLY_FOR_HANDLERS}
        if field.many_to_many:
            return shown | {"text": self.names(getattr(record, name).all())}
        value = getattr(record, name)
        if isinstance(field, ForeignKey):
            return shown | {"text": str(value) if value else "", "url": self.link(value) if value else ""}
        shown["text"] = self.text(field, value)
        if isinstance(field, EncryptedField) and value:
            may_reveal = self.may(access.REVEAL)
            url = self.kind.url("reveal", record.pk, field=name) if may_reveal else ""
            return shown | {"masked": True, "reveal_url": url}
        shown["tone"] = self.kind.tones.get(name, {}).get(value, "")
        if field.get_internal_type() == "TextField":
            shown["kind"] = "long"
        return shown

    def text(self, field: Field | None, value: Any) -> str:
        return cells.formatter(field, access.personal_data_masked(self.user))(value)

    @cached_property
    def is_veiled(self) -> bool:
        """Whether the user sees this record without whom it is about."""
        return self.kind.veils(self.user, self.kwargs["pk"])

    def names(self, rows: QuerySet) -> str:
        """Names of the related rows the user may see, and how many there are besides."""
        seen = [str(row) for row in access.narrow(self.user, rows.model).filter(pk__in=rows.values("pk"))]
        others = rows.count() - len(seen)
        return "、".join([*seen, *([f"另有{others}项属其他工会"] if others else [])])

    def link(self, row: Model) -> str:
        """Address of a related record, empty where the user may not see it."""
        kind = registry.of(type(row))
        if kind is None or not access.may(self.user, access.VIEW, kind):
            return ""
        return kind.url("record", row.pk) if kind.rows(self.user).filter(pk=row.pk).exists() else ""

    def related(self, part: Related, record: Model) -> dict[str, Any] | None:
        """Rows of another type that belong to this record; None where the user may not see that type."""
        kind = registry[part.slug]
        if not access.may(self.user, access.VIEW, kind) or not kind.may_read(self.user, part.path):
            return None
        rows = kind.findable(self.user).filter(**{part.path.replace(".", "__"): record.pk})
        paths = part.columns or [path for path in kind.columns if path != part.path][:RELATED_COLUMNS]
        shown = table(kind, paths, self.user)
        made = shown.rows(rows.order_by(*kind.ordering)[:RELATED_ROWS])
        count = rows.count()
        address = f"?{part.path}={record.pk}"
        filterable = part.path in kind.filters
        may_add = access.may(self.user, access.ADD, kind) and part.path in kind.fields
        return {
            "title": part.title or kind.title,
            "count": count,
            "tally": tally(part, kind, rows, address)
            if part.tally and kind.may_read(self.user, part.tally)
            else [],
            "columns": shown.columns,
            "rows": made,
            "more": count > len(made) and filterable,
            "url": kind.url("list") + address if filterable else "",
            "add_url": kind.url("new") + address if may_add else "",
        }

    def actions(self, record: Model) -> list[dict[str, str]]:
        found = []
        is_settled = bool(self.kind.why_settled(record))
        if self.may(access.CHANGE) and not is_settled:
            found.append(
                {
                    "label": "修改",
                    "url": self.kind.url("edit", record.pk),
                    "icon": "pencil",
                    "tone": "primary",
                }
            )
        for step in self.kind.steps:
            if self.may(step.needs) and step.shown(record) and not is_settled:
                url = self.kind.url("step", record.pk, step=step.key)
                found.append({"label": step.label, "url": url, "icon": "", "tone": step.tone})
        found += [action for offer in self.kind.links for action in offer(record, self.user)]
        if self.may(access.DELETE) and not is_settled:
            found.append(
                {
                    "label": "删除",
                    "url": self.kind.url("delete", record.pk),
                    "icon": "trash",
                    "tone": "",
                    "method": "post",
                    "confirm": f"删除“{record}”？可以在变更记录里找回。",
                }
            )
        return found


def tally(part: Related, kind: RecordType, rows: QuerySet, address: str) -> list[dict[str, Any]]:
    """How many of the rows have each value of a field, in the order of its choices, with the way to them."""
    counted = dict(rows.order_by().values_list(part.tally).annotate(Count("pk")))
    return [
        {
            "label": label,
            "count": counted[value],
            "url": f"{kind.url('list')}{address}&{part.tally}={value}",
        }
        for value, label in kind.field(part.tally).choices
        if value in counted
    ]


class RevealPage(RecordPage):
    """An encrypted number in full, once, for a purpose that is logged."""

    needs = access.REVEAL

    def post(self, request: HttpRequest, slug: str, pk: int, field: str) -> HttpResponse:
        record = self.record()
        purpose = request.POST.get("purpose", "").strip()
        found = self.kind.field(field) if field in self.kind.fields else None
        if not isinstance(found, EncryptedField):
            return HttpResponse("没有这一项。", status=404, content_type="text/plain; charset=utf-8")
        if len(purpose) < 2:
            return HttpResponse("请写明用途。", status=400, content_type="text/plain; charset=utf-8")
        Disclosure.objects.create(
            user=self.user,
            table=record._meta.db_table,
            row=record.pk,
            field=str(found.verbose_name),
            purpose=purpose[:200],
            columns=[field],
        )
        return HttpResponse(str(getattr(record, field)), content_type="text/plain; charset=utf-8")


class DeletePage(RecordPage):
    """Deletes a record, unless others need it; the history keeps it and can bring it back."""

    needs = access.DELETE

    def post(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        record = self.record()
        title = f"{self.kind.title} {record}"
        try:
            with act(ActKind.DELETE, user=self.user, summary=title):
                self.remove(pk)
        except StepRefused as refusal:
            messages.error(request, str(refusal))
            return redirect(self.kind.url("record", pk))
        except ProtectedError as error:
            kinds = {str(row._meta.verbose_name) for row in error.protected_objects}
            messages.error(request, f"“{record}”还有{'、'.join(sorted(kinds))}，不能删除。")
            return redirect(self.kind.url("record", pk))
        messages.success(request, f"已删除{title}。")
        return redirect(self.kind.url("list"))

    def remove(self, pk: int) -> None:
        """Delete the record as it stands now. StepRefused where it is settled, 404 where somebody else deleted it."""
        record = get_object_or_404(self.kind.model.objects.select_for_update(of=("self",)), pk=pk)
        self.kind.refuse_settled(record)
        record.delete()
