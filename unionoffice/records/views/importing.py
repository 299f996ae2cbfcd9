"""The import pages: upload, review with repairs, confirmation, result; and the refused rows as a workbook."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views import View

from unionoffice.organisation import access
from unionoffice.sheets.cells import SheetRefused

from ..filters import ACT
from ..importing import runs
from ..importing.details import Details, details_of
from ..importing.unread import lines
from ..importing.workbook import NothingToImport, NothingWritten, is_free
from ..models import Act, ImportRun
from ..resources import resource_for
from ..types import RecordType
from .files import attachment
from .history import pager
from .page import RecordPage, TypeOnPage

ROWS, RECENT, SHOWN_NUMBERS = 25, 8, 200
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OUTCOMES = {
    "new": ("新增", "ok"),
    "update": ("修改", "info"),
    "skip": ("无变化", ""),
    "invalid": ("拒收", "bad"),
}
VERDICTS = {"refused": ("拒收", "bad"), "warned": ("存疑", "warn"), "corrected": ("已更正", "info")}


class UploadForm(forms.Form):
    file = forms.FileField(
        label="表格文件",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv,.et"}),
        error_messages={"required": "请选择要导入的文件。", "empty": "文件是空的。"},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_MAX_BYTES:
            raise forms.ValidationError(
                f"文件超过{settings.UPLOAD_MAX_BYTES // 1024 // 1024}MB，请拆分后导入。"
            )
        return file


class ImportPage(RecordPage):
    """Drop a workbook; nothing is written here."""

    needs = access.IMPORT
    template = "records/import.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return self.show(UploadForm())

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form, status=422)
        try:
            run = runs.upload(self.user, self.kind, form.cleaned_data["file"])
            asks = runs.asks(run)
            if runs.is_small(run) and not asks:
                runs.judge_run(run)
        except (SheetRefused, NothingToImport) as refusal:
            form.add_error("file", str(refusal))
            return self.show(form, status=422)
        if asks:
            return redirect("records:import_columns", pk=run.pk)
        if runs.is_small(run):
            return redirect("records:import_run", pk=run.pk)
        return redirect("records:job", pk=runs.start_judging(run).pk)

    def show(self, form: UploadForm, status: int = 200) -> HttpResponse:
        recent = ImportRun.objects.filter(owner=self.user, options__slug=self.kind.slug)
        return self.page(
            status=status,
            form=form,
            template_url=self.kind.url("template"),
            max_mb=settings.UPLOAD_MAX_BYTES // 1024 // 1024,
            columns=[column.heading for column in resource_for(self.kind).columns],
            recent=[
                {
                    "name": run.file_name,
                    "at": run.created_at,
                    "who": self.user.name,
                    "state": run.get_state_display(),
                    "url": reverse("records:import_run", kwargs={"pk": run.pk}),
                }
                for run in recent.exclude(state=ImportRun.State.DISCARDED)[:RECENT]
            ],
        )


class RunPage(View):
    """A page of one run; only its owner sees it."""

    run: ImportRun
    kind: RecordType

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = ImportRun.objects.select_related("owner", "workbook", "details", "act", "job")
        self.run = get_object_or_404(rows, pk=kwargs["pk"], owner=request.user)
        self.kind = runs.kind_of(self.run)
        access.demand(request.user, access.IMPORT, self.kind)
        return super().dispatch(request, *args, **kwargs)

    def url(self, page: str = "import_run", **extra: Any) -> str:
        return reverse(f"records:{page}", kwargs={"pk": self.run.pk} | extra)

    @property
    def ready(self) -> int:
        """Rows that will be written."""
        tally = self.run.judgement.get("tally", {})
        return tally.get("new", 0) + tally.get("changed", 0)

    def counts(self, shown: str = "") -> list[dict[str, Any]]:
        tally = self.run.judgement.get("tally", {})
        listed = (
            ("new", "新增", "ok", ""),
            ("changed", "修改", "info", "changed"),
            ("unchanged", "无变化", "", ""),
            ("warned", "存疑", "warn", "warned"),
            ("corrected", "已更正", "info", "corrected"),
            ("refused", "拒收", "bad", "refused"),
        )
        return [
            {
                "key": key,
                "label": label,
                "count": tally.get(key, 0),
                "tone": tone,
                "url": f"{self.url()}?show={show}" if show and tally.get(key) else "",
                "active": show == shown and bool(show),
            }
            for key, label, tone, show in listed
        ]

    def row(self, number: str, details: Details) -> dict[str, Any]:
        """A row of the review table."""
        kept = details.rows.get(number, {"outcome": "skip", "cells": {}, "before": {}})
        label, tone = OUTCOMES[kept["outcome"]]
        repaired, is_open = details.repairs.get(number, {}), number in details.unjudged
        found: dict[str, list[Any]] = {}
        for finding in details.of_row(number):
            if is_open and finding[1] in repaired:
                continue
            found.setdefault(finding[1], finding)
            if finding[2] == "warned" and tone != "bad":
                label, tone = f"{label}·存疑", "warn"
        if is_open:
            label, tone = "已改，写入前再核对", "info"
        keys = [column.key for column in resource_for(self.kind).columns if column.key in kept["cells"]]
        titles = {column.key: column.heading for column in resource_for(self.kind).columns}
        cells = []
        for key in keys:
            finding = found.get(key)
            cells.append(
                {
                    "name": key.replace(".", "-"),
                    "label": titles[key],
                    "text": kept["cells"].get(key, ""),
                    "was": kept["before"].get(key, ""),
                    "message": finding[4] if finding else "",
                    "tone": VERDICTS[finding[2]][1] if finding else "",
                    "edit_url": self.url("import_cell", row=int(number), key=key)
                    if finding or key in repaired
                    else "",
                }
            )
        loose = [f[4] for key, f in found.items() if key not in kept["cells"]]
        return {
            "number": number,
            "verdict_label": label,
            "tone": tone,
            "reason": "；".join(loose),
            "cells": cells,
        }

    def problem(self, kind: dict[str, Any], details: Details) -> dict[str, Any]:
        numbers = sorted(set(kind["rows"]))
        examples = [f[4] for f in details.findings if f[3] == kind["code"] and f[1] == kind["key"]]
        example = examples[0] if examples else ""
        label, tone = VERDICTS[kind["verdict"]]
        more = f" 等{len(numbers)}行" if len(numbers) > SHOWN_NUMBERS else ""
        return {
            "code": kind["code"],
            "label": f"{label}：{example}"
            if len(set(examples)) == 1
            else f"{label}：{kind['title']}，如“{example}”",
            "tone": tone,
            "count": len(numbers),
            "rows": "、".join(map(str, numbers[:SHOWN_NUMBERS])) + more,
        }


class RunView(RunPage):
    """The review of a judged run, or the result of a written one."""

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        job = self.run.job
        if job is not None and job.is_open:
            return redirect("records:job", pk=job.pk)
        if self.run.state == ImportRun.State.WRITTEN:
            return self.done(request)
        if self.run.state == ImportRun.State.DISCARDED:
            raise Http404("this import was given up")
        if runs.asks(self.run):
            return redirect(self.url("import_columns"))
        if self.run.state == ImportRun.State.UPLOADED:
            return self.unjudged(request)
        return self.review(request)

    def unjudged(self, request: HttpRequest) -> HttpResponse:
        """To a new upload: the job that judged the file came to nothing."""
        if self.run.job is not None:
            messages.warning(request, f"“{self.run.file_name}”没有核对完：{self.run.job.message}")
        return redirect(self.kind.url("import"))

    def review(self, request: HttpRequest, error: str = "", status: int = 200) -> HttpResponse:
        details, shown = details_of(self.run), request.GET.get("show", "")
        numbers = self.numbers(details, shown)
        found = Paginator(numbers, ROWS).get_page(request.GET.get("page"))
        rows = [self.row(number, details) for number in found]
        tally = self.run.judgement["tally"]
        context = {
            "type": TypeOnPage(self.kind),
            "run": {"name": self.run.file_name} | self.run.judgement,
            "counts": self.counts(shown),
            "mapping": [{"heading": heading, "field": field} for heading, field in details.headings],
            "read": details.read,
            "unread": lines(details.unread),
            "missing": details.missing,
            "problems": [self.problem(kind, details) for kind in details.kinds],
            "columns": [cell["label"] for cell in rows[0]["cells"]] if rows else [],
            "rows": rows,
            "page": pager(request, found),
            "rejects_url": self.url("import_rejects") if tally["refused"] else "",
            "confirm_url": self.url("import_confirm"),
            "cancel_url": self.url("import_discard"),
            "columns_url": self.url("import_columns"),
            "ready": self.ready,
            "questions": self.questions(),
            "doubtful": tally["warned"],
            "error": error,
        }
        return render(request, "records/import_review.html", context, status=status)

    def numbers(self, details: Details, shown: str) -> list[str]:
        """Rows to look at: refused before doubtful before the others, or those of one verdict."""
        verdicts: dict[str, set[str]] = {}
        for row, _, verdict, _, _ in details.findings:
            verdicts.setdefault(str(row), set()).add(verdict)

        def rank(number: str) -> int:
            kept, found = details.rows[number], verdicts.get(number, set())
            if kept["outcome"] == "invalid":
                return 0
            return 1 if "warned" in found else 2 if kept["outcome"] == "update" else 3

        wanted = {"refused": {0}, "warned": {1}, "changed": {2}}.get(shown, {0, 1, 2})
        if shown == "corrected":
            numbers = [n for n in details.rows if "corrected" in verdicts.get(n, set())]
        else:
            numbers = [n for n in details.rows if rank(n) in wanted]
        return sorted(numbers, key=lambda number: (rank(number), int(number)))

    def questions(self) -> forms.Form:
        """What the type asks before writing, and what becomes of doubtful rows."""
        form = forms.Form()
        if self.kind.importer is not None:
            form.fields |= self.kind.importer.asks()
        return form

    def done(self, request: HttpRequest) -> HttpResponse:
        act = self.run.act
        back = Act.objects.filter(takes_back=act).exists()
        context = {
            "type": TypeOnPage(self.kind),
            "run": {"name": self.run.file_name, "at": act.at, "who": access.describe(self.run.owner)},
            "counts": [count | {"url": ""} for count in self.counts()],
            "act_url": reverse("records:act", kwargs={"pk": act.pk}),
            "taken_back": back,
            "take_back_url": "" if back else reverse("records:take_back", kwargs={"pk": act.pk}),
            "rejects_url": self.url("import_rejects")
            if self.run.judgement["tally"]["refused"] and self.run.details_id
            else "",
            "list_url": f"{self.kind.url('list')}?{ACT}={act.pk}",
        }
        return render(request, "records/import_done.html", context)


class CellPage(RunPage):
    """A cell typed anew; answers the row and the counts as they are now judged."""

    def post(self, request: HttpRequest, pk: str, row: int, key: str) -> HttpResponse:
        had_none = not self.ready
        try:
            self.run = runs.repair(self.run, str(row), key, request.POST.get("value", "").strip()[:2000])
        except runs.NotOpen:
            told = "这次导入正在写入或已经结束，不能再改。"
            return HttpResponse(told, status=409, content_type="text/plain; charset=utf-8")
        except runs.NoSuchColumn as error:
            raise Http404(f"no column {key}") from error
        details = details_of(self.run)
        context = {
            "row": self.row(str(row), details),
            "counts": self.counts(),
            "problems": [self.problem(kind, details) for kind in details.kinds],
            "ready": self.ready,
            "swap": True,
        }
        response = render(request, "records/_import_row_answer.html", context)
        if had_none and self.ready:
            # The page was made without the form that confirms.
            response["HX-Refresh"] = "true"
        return response


class ConfirmPage(RunView):
    """Writes what the review showed, with a reason for doubtful rows or without those rows."""

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        return redirect(self.url())

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        if self.run.state == ImportRun.State.WRITTEN:
            return redirect(self.url())
        if self.run.state != ImportRun.State.JUDGED:
            raise PermissionDenied("this import is not ready to be written")
        form = self.questions()
        answered = {name: request.POST.get(name, runs.initial(field)) for name, field in form.fields.items()}
        form.data, form.is_bound = answered, True
        leave, reason = request.POST.get("doubtful") == "leave", request.POST.get("reason", "").strip()[:300]
        if not form.is_valid():
            return self.review(request, "；".join(e for errors in form.errors.values() for e in errors), 422)
        if self.run.judgement["tally"]["warned"] and not leave and not reason:
            return self.review(request, "有存疑的行：请写明一并写入的原因，或选择不写入存疑的行。", 422)
        answers = {name: str(value) for name, value in form.cleaned_data.items()}
        try:
            with runs.held(self.run) as self.run:
                self.run.options |= answers | {"leave_doubtful": leave, "reason": reason}
                self.run.save(update_fields=["options"])
                if not runs.is_small(self.run) or not is_free(self.kind):
                    return redirect("records:job", pk=runs.start_writing(self.run).pk)
            runs.write_run(self.run)
        except runs.NotOpen:
            return redirect(self.url())
        except NothingWritten as refusal:
            return self.review(request, str(refusal), 409)
        except runs.JudgedOtherwise as refusal:
            runs.judge_run(self.run)
            return self.review(request, str(refusal), 409)
        return redirect(self.url())


class DiscardPage(RunPage):
    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        if not runs.discard(self.run):
            return redirect(self.url())
        messages.info(request, "已放弃这次导入，没有写入任何数据。")
        return redirect(self.kind.url("import"))


class RejectsPage(RunPage):
    """The refused rows with their reasons, to be repaired and imported again."""

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        if self.run.state == ImportRun.State.UPLOADED:
            return redirect(self.url())
        if self.run.details_id is None:
            raise Http404("the rows of this import are kept no longer")
        name = f"{self.kind.title}拒收的行{timezone.localdate():%Y%m%d}.xlsx"
        return attachment(runs.rejects(self.run), name, XLSX)
