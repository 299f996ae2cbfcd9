"""Oversight: who looked at whose numbers in full and why."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from unionoffice.organisation import access
from unionoffice.organisation.models import User
from unionoffice.records.log_filters import LogFilter
from unionoffice.records.models import Disclosure
from unionoffice.records.types import RecordType, registry
from unionoffice.records.views.history import pager

ROWS = 50


@require_GET
def disclosures(request: HttpRequest) -> HttpResponse:
    """Every look at a number in full and every full export, newest first."""
    if not access.may_oversee(request.user):
        raise PermissionDenied(f"{request.user.username} may not read disclosures")
    people = User.objects.filter(Exists(Disclosure.objects.filter(user=OuterRef("pk"))))
    chosen = LogFilter(request.GET, people)
    rows = chosen.narrow(Disclosure.objects.select_related("user")).order_by("-pk")
    found = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    context = {
        "disclosures": told(found, request.user),
        "filter": chosen,
        "hidden_query": chosen.kept(),
        "page": pager(request, found),
    }
    return render(request, "administration/disclosures.html", context)


def told(rows: Iterable[Disclosure], user: User) -> list[dict[str, Any]]:
    """Each disclosure with whose number it was: by name for those who read the history, else by the record's number."""
    rows = list(rows)
    kinds = {kind.model._meta.db_table: kind for kind in registry}
    names: dict[tuple[str, int], str] = {}
    if access.may_read_all_history(user):
        for table in {row.table for row in rows} & kinds.keys():
            pks = [row.row for row in rows if row.table == table and row.row]
            names |= {(table, one.pk): str(one) for one in kinds[table].rows(user).filter(pk__in=pks)}
    return [
        {"row": row, **_subject(row, kinds.get(row.table), names.get((row.table, row.row)), user)}
        for row in rows
    ]


def _subject(row: Disclosure, kind: RecordType | None, name: str | None, user: User) -> dict[str, str]:
    title = kind.title if kind else ""
    if row.row is None:
        return {"whose": title, "url": ""}
    opens = name is not None and kind is not None and access.may(user, access.VIEW, kind)
    return {
        "whose": f"{title} {name or f'编号{row.row}'}".strip(),
        "url": kind.url("record", row.row) if opens and kind else "",
    }
