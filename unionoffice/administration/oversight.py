"""Oversight: who looked at numbers in full and why, who tried to log in, and which backups there are."""

from datetime import datetime

from axes.models import AccessFailureLog
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from unionoffice.organisation import access
from unionoffice.records.models import Disclosure
from unionoffice.records.views.history import pager

ROWS, LATEST = 50, 20


@require_GET
def disclosures(request: HttpRequest) -> HttpResponse:
    """Every look at a number in full and every full export, newest first."""
    if not access.may_oversee(request.user):
        raise PermissionDenied(f"{request.user.username} may not read disclosures")
    rows = Disclosure.objects.select_related("user").order_by("-pk")
    found = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {"disclosures": found, "page": pager(request, found)}
    return render(request, "administration/disclosures.html", context)


@require_GET
def system(request: HttpRequest) -> HttpResponse:
    """Backups on disk and failed logins."""
    if not access.may_administer(request.user):
        raise PermissionDenied(f"{request.user.username} does not run the system")
    folder = settings.BACKUP_DIR
    files = sorted(
        (p for p in folder.glob("*") if p.is_file()), key=lambda p: p.stat().st_mtime, reverse=True
    )
    context = {
        "backups": [
            {"name": p.name, "size": p.stat().st_size, "at": _moment(p.stat().st_mtime)}
            for p in files[:LATEST]
        ],
        "keep": settings.BACKUP_KEEP,
        "failures": AccessFailureLog.objects.order_by("-attempt_time")[:LATEST],
    }
    return render(request, "administration/system.html", context)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, tz=timezone.get_current_timezone())
