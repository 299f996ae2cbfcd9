"""The photos a document shows: chosen from those of the period's records, each with what stands under it."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from reports import photos
from reports.models import Report
from reports.photo_form import MOST_PHOTOS, PhotosForm

from .finding import for_draft


@for_draft
def page(request: HttpRequest, report: Report) -> HttpResponse:
    """The photos chosen and those offered, of one month or all."""
    offered = photos.offered(report.order(timezone.localdate()), request.user)
    form = PhotosForm(report, offered, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        choices = form.choices()
        photos.choose(report, choices, user=request.user)
        messages.success(
            request, f"已选{len(choices)}张照片，附在文件最后。" if choices else "文件不附照片。"
        )
        return redirect(report)
    months = sorted({photo.day.replace(day=1) for photo in offered})
    # A form that came back with faults shows every line, so that none of them is out of sight.
    month = None if form.is_bound else _month(request, months)
    return render(
        request,
        "reports/photos.html",
        {
            "report": report,
            "form": form,
            "lines": form.lines(month),
            "months": months,
            "month": month,
            "most": MOST_PHOTOS,
        },
    )


def _month(request: HttpRequest, months: list[date]) -> date | None:
    return next((month for month in months if f"{month:%Y-%m}" == request.GET.get("month")), None)
