"""The photos a document shows: chosen from those of the period's records, each with what stands under it."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from reports import photos
from reports.models import Report
from reports.photo_form import MOST_PHOTOS, PhotosForm
from unionoffice.records.photos import RecordPhoto
from unionoffice.records.views.history import pager

from .finding import for_draft

TEMPLATE = "reports/photos.html"
# With the chosen ones fewer fields than Django takes from one form.
PER_PAGE = 48


@for_draft
def page(request: HttpRequest, report: Report) -> HttpResponse:
    """The photos chosen and a page of those offered, of one month or all."""
    offered = photos.offered(report.order(timezone.localdate()), request.user)
    if request.method == "POST":
        return _chosen(request, report, offered)
    months = sorted({photo.day.replace(day=1) for photo in offered})
    month = next((month for month in months if f"{month:%Y-%m}" == request.GET.get("month")), None)
    chosen = _in_order(report, offered)
    others = [
        photo
        for photo in offered
        if photo not in chosen and (month is None or photo.day.replace(day=1) == month)
    ]
    shown = Paginator(others, PER_PAGE).get_page(request.GET.get("page"))
    form = PhotosForm(report, [*chosen, *shown])
    query = [("month", f"{month:%Y-%m}")] if month else []
    paging = {"months": months, "month": month, "page": pager(request, shown), "hidden_query": query}
    return render(request, TEMPLATE, _context(report, form) | paging)


def _chosen(request: HttpRequest, report: Report, offered: list[RecordPhoto]) -> HttpResponse:
    """Keep what the form says of the photos it showed; with a fault it comes back."""
    shown = set(request.POST.getlist("shown"))
    chosen = _in_order(report, offered)
    others = [photo for photo in offered if photo not in chosen and str(photo.file.pk) in shown]
    form = PhotosForm(report, [*chosen, *others], data=request.POST)
    if not form.is_valid():
        return render(request, TEMPLATE, _context(report, form))
    choices = form.choices()
    photos.choose(report, choices, user=request.user)
    messages.success(request, f"已选{len(choices)}张照片，附在文件最后。" if choices else "文件不附照片。")
    return redirect(report)


def _in_order(report: Report, offered: list[RecordPhoto]) -> list[RecordPhoto]:
    """The photos chosen before that may still be shown."""
    found = {photo.file.pk: photo for photo in offered}
    files = report.photos.values_list("file", flat=True)
    return [found[file] for file in files if file in found]


def _context(report: Report, form: PhotosForm) -> dict[str, Any]:
    return {"report": report, "form": form, "lines": form.lines(), "most": MOST_PHOTOS}
