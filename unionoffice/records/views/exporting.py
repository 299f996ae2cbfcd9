"""The export of a list, and the empty workbook of a type."""

import io
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from unionoffice.organisation import access
from unionoffice.sheets.templates import build_template
from unionoffice.sheets.writing import SheetFull

from ..blank_workbooks import sheet_spec
from ..exported_columns import has_secrets
from ..exporting import AT_ONCE, XLSX, Export, start_export
from ..filters import address, without
from ..listing import Listing
from .files import attachment
from .page import RecordPage

SHORTEST_PURPOSE = 2


class ExportForm(forms.Form):
    columns = forms.ChoiceField(
        label="导出哪些列",
        choices=(("shown", "列表上的列"), ("every", "全部列，改好后可以重新导入")),
        initial="shown",
        widget=forms.RadioSelect,
    )
    full = forms.BooleanField(
        label="证件号码、银行账号不打星号",
        required=False,
        help_text="导出完整号码会记入日志，文件页眉上写明导出人和时间。",
    )
    purpose = forms.CharField(
        label="用途", max_length=200, required=False, help_text="导出完整号码时必填，如：办理互助保障参保。"
    )

    def __init__(self, *args: Any, may_be_full: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_be_full:
            del self.fields["full"], self.fields["purpose"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("full") and len(cleaned.get("purpose", "")) < SHORTEST_PURPOSE:
            self.add_error("purpose", "导出完整号码须写明用途。")
        return cleaned


class ExportPage(RecordPage):
    """What to take out and how; few rows are answered at once, many become a job whose result waits."""

    needs = access.EXPORT
    template = "records/export.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        return self.show(self.form())

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        export = Export(
            self.kind,
            self.user,
            without(request.GET).urlencode(),
            every=form.cleaned_data["columns"] == "every",
            full=form.cleaned_data.get("full", False),
            purpose=form.cleaned_data.get("purpose", ""),
        )
        if export.listing.rows.values("pk")[: AT_ONCE + 1].count() > AT_ONCE:
            return redirect("records:job", pk=start_export(export).pk)
        file = io.BytesIO()
        try:
            export.write(file)
        except SheetFull as refusal:
            form.add_error(None, f"{refusal}。")
            return self.show(form, status=422)
        return attachment(file.getvalue(), export.file_name, XLSX)

    def form(self, data: Any = None) -> ExportForm:
        may_be_full = self.may(access.EXPORT_FULL) and has_secrets(self.kind, self.user)
        return ExportForm(data, may_be_full=may_be_full)

    def show(self, form: ExportForm, status: int = 200) -> HttpResponse:
        listing = Listing(self.kind, self.user, self.request.GET)
        return self.page(
            status=status,
            form=form,
            total_text=listing.page.total_text or "没有记录",
            chips=listing.chips,
            cancel_url=self.kind.url("list") + address(without(self.request.GET)),
        )


class TemplatePage(RecordPage):
    """The empty workbook of the type, to be filled in and imported."""

    needs = access.IMPORT

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        content = build_template([sheet_spec(self.kind, self.user)])
        return attachment(content, f"{self.kind.title}导入模板.xlsx", XLSX)
