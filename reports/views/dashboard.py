"""The dashboard: what leaders read, every figure and every bar leading to its rows."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from reports import dashboard
from reports.drafting import FIRST_YEAR

from .finding import reader

YEARS_OFFERED = 4


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """This year so far, or the year of the address."""
    user, today = reader(request), timezone.localdate()
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and FIRST_YEAR <= int(asked) <= today.year else today.year
    scope = dashboard.scope_of(user, year, today)
    context = {
        "year": year,
        "years": range(today.year, today.year - YEARS_OFFERED, -1),
        "end": scope.end,
        "is_running": year == today.year,
        "tiles": dashboard.tiles(user, scope),
        "panels": dashboard.panels(user, scope),
    }
    return render(request, "reports/dashboard.html", context)
