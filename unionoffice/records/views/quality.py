"""Data quality: every check with how much it found, and one check with its records."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from unionoffice.organisation import access
from unionoffice.organisation.choices import Role
from unionoffice.organisation.models import User

from .. import desk, quality

PAGE_ROWS = 50


def may_open(user: User) -> bool:
    """Whether any check is about records the user may see."""
    return bool(quality.checks_for(user))


@require_GET
def quality_page(request: HttpRequest, key: str = "") -> HttpResponse:
    """All checks with their counts; below them the findings of the chosen check, or of the first that found something."""
    if not may_open(request.user):
        raise PermissionDenied(f"{request.user.username} sees no records to check")
    unions = access.unions_of(request.user)
    found = [
        {"check": check, "count": check.rows(unions).count()} for check in quality.checks_for(request.user)
    ]
    chosen = next((entry for entry in found if entry["check"].key == key), None)
    if key and chosen is None:
        raise Http404(f"no quality check {key}")
    chosen = chosen or next((entry for entry in found if entry["count"]), None)
    context: dict[str, Any] = {"checks": found, "total": sum(entry["count"] for entry in found)}
    if chosen:
        check = chosen["check"]
        pages = Paginator(check.rows(unions), PAGE_ROWS)
        pages.count = chosen["count"]
        page = pages.get_page(request.GET.get("page"))
        context |= {"chosen": check, "page": page, "rows": [_row(check, record) for record in page]}
    return render(request, "records/quality.html", context)


@desk.register_reminders
def findings(user: User) -> Iterator[desk.Reminder]:
    """What the checks found in a chair's unions. Over the whole town they are too many to be counted at every desk."""
    if user.role != Role.CHAIR:
        return
    unions = access.unions_of(user)
    counts = {check.title: check.rows(unions).count() for check in quality.checks_for(user)}
    if total := sum(counts.values()):
        text = "、".join(f"{title}{count}处" for title, count in counts.items() if count)
        url = reverse("records:quality")
        yield desk.Reminder(f"数据核查有{total}处待核实", f"{text}。", url, "warn", total)


def _row(check: quality.Check, record: Any) -> dict[str, str]:
    label, url = check.action(record) if check.action else ("", "")
    return {
        "title": str(record),
        "url": check.kind().url("record", record.pk),
        "message": check.message(record),
        "action_label": label,
        "action_url": url,
    }
