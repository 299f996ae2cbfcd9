"""Oversight: who looked at numbers in full and why."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from unionoffice.organisation import access
from unionoffice.records.models import Disclosure
from unionoffice.records.views.history import pager

ROWS = 50


@require_GET
def disclosures(request: HttpRequest) -> HttpResponse:
    """Every look at a number in full and every full export, newest first."""
    if not access.may_oversee(request.user):
        raise PermissionDenied(f"{request.user.username} may not read disclosures")
    rows = Disclosure.objects.select_related("user").order_by("-pk")
    found = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {"disclosures": found, "page": pager(request, found)}
    return render(request, "administration/disclosures.html", context)
