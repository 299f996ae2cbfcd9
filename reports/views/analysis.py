"""数据透视: choose a measure, cut it, follow every number to its rows, take the table along."""

from datetime import date
from io import BytesIO
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode
from django.views.decorators.http import require_GET
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from reports import analysis
from reports.drafting import FIRST_YEAR
from unionoffice import facts
from unionoffice.facts import Dimension, Fact, Measure, Scope
from unionoffice.organisation import access
from unionoffice.organisation.models import User
from unionoffice.values import Refused, clean_day

from .finding import reader

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The table that the address asks for; `?format=xlsx` gives it as a workbook. What it does not know is left out."""
    user, today = reader(request), timezone.localdate()
    measures = analysis.measures_for(user)
    measure = next((m for m in measures if m.key == request.GET.get("measure")), None)
    scope = _scope(request, user, today)
    context: dict[str, Any] = {"measures": measures, "measure": measure, "scope": scope}
    if measure is not None:
        ways = analysis.dimensions_for(user, measure)
        known = {way.key: way for way in ways}
        rows, columns = (_known(request.GET.get(name, ""), known) for name in ("rows", "columns"))
        only, values = _narrowed(request, known)
        fact = _fact(measure, only, values)
        compare = request.GET.get("compare") == "1"
        table = analysis.pivot(fact, rows or columns, columns if rows else "", scope, user, compare=compare)
        if request.GET.get("format") == "xlsx":
            return _workbook(table, scope)
        context |= {"ways": ways, "rows": rows, "columns": columns, "only": only, "values": values}
        context |= {"table": table, "compare": compare, "options": _options(known.get(only))}
        if access.may_write_documents(user):
            context["target"] = f"{reverse('plan:new', args=[today.year])}?{urlencode({'key': fact.key})}"
        context["download"] = f"?{_with(request, format='xlsx')}"
    return render(request, "reports/analysis.html", context)


def _with(request: HttpRequest, **more: str) -> str:
    query = request.GET.copy()
    for name, value in more.items():
        query[name] = value
    return query.urlencode()


def _scope(request: HttpRequest, user: User, today: date) -> Scope:
    start, end = _day(request.GET.get("from", "")), _day(request.GET.get("to", ""))
    start, end = start or date(today.year, 1, 1), end or today
    if start > end:
        start, end = end, start
    return Scope(start, end, end, access.unions_of(user))


def _day(text: str) -> date | None:
    try:
        day = clean_day(text)
    except Refused:
        return None
    return day if isinstance(day, date) and FIRST_YEAR <= day.year <= 2200 else None


def _known(name: str, known: dict[str, Dimension]) -> str:
    return name if name in known else ""


def _narrowed(request: HttpRequest, known: dict[str, Dimension]) -> tuple[str, list[str]]:
    """The dimension to which the table is narrowed, and the values that count."""
    only = _known(request.GET.get("only", ""), known)
    return only, [value for value in request.GET.getlist("value") if value] if only else []


def _fact(measure: Measure, only: str, values: list[str]) -> Fact:
    if not values:
        return measure
    try:
        return measure.figure({only: values})
    except ValueError:
        return measure


def _options(dimension: Dimension | None) -> list[tuple[str, str]]:
    return list(dimension.options()) if dimension and dimension.options else []


def _workbook(table: analysis.Pivot, scope: Scope) -> HttpResponse:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("数据透视")
    on_day = facts.registry.holds_on_a_day(table.fact)
    when = f"截至{scope.as_of}" if on_day else f"{scope.start}至{scope.end}"
    sheet.append([_text(sheet, f"{table.fact.label}（{table.fact.unit}） {when}")])
    sheet.append([_text(sheet, f"口径：{table.fact.definition}")])
    sheet.append([_text(sheet, head) for head in ("", *table.heads)])
    for line in table.lines:
        cells = (cell.number if cell.number is not None else _text(sheet, cell.text) for cell in line.cells)
        sheet.append([_text(sheet, line.title), *cells])
    file = BytesIO()
    book.save(file)
    answer = HttpResponse(file.getvalue(), content_type=XLSX)
    answer["Content-Disposition"] = content_disposition_header(True, f"数据透视 {table.fact.label}.xlsx")
    return answer


def _text(sheet: Any, text: str) -> WriteOnlyCell:
    """A cell that no program takes for a formula."""
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell
