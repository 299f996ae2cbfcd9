"""The documents on a page and as a Word file."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header, urlencode
from django.views.decorators.http import require_GET, require_POST

from reports import document as word
from reports import pdf
from reports.drafting import CannotDraft, Order, draft
from reports.forms import OrderForm
from reports.jobs import ask_for_pdf_of_page
from reports.models import Report
from reports.outlines import KINDS
from reports.reading import on_page
from unionoffice.organisation import access

from .finding import reader

YEARS_OFFERED = 5


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """What can be made: recent years by kind, or any year and union by the form, which leads to the document's page."""
    user, today = reader(request), timezone.localdate()
    form = OrderForm(user, today, data=request.GET if "year" in request.GET else None)
    if form.is_bound and form.is_valid():
        query = request.GET.copy()
        query.pop("year")
        return redirect(f"{reverse('reports:page', args=[form.cleaned_data['year']])}?{query.urlencode()}")
    years = [
        {
            "year": year,
            "is_running": year == today.year,
            "links": [
                (label, f"{reverse('reports:page', args=[year])}?kind={kind}")
                for kind, label in KINDS.items()
            ],
        }
        for year in range(today.year, today.year - YEARS_OFFERED, -1)
    ]
    kept = access.rows(user, Report).select_related("union", "superseded_by")
    subject = "全镇" if access.sees_whole_town(user) else str(user.union)
    return render(
        request,
        "reports/index.html",
        {
            "form": form,
            "years": years,
            "subject": subject,
            "kept": kept,
            "may_write": access.may_write_documents(user),
            "may_check": access.may_check(user),
        },
    )


@require_GET
def page(request: HttpRequest, year: int) -> HttpResponse:
    """The document as it reads today; every figure leads to its rows."""
    order = order_of(request, year)
    query = request.GET.urlencode()
    context: dict[str, Any] = {
        "order": order,
        "fields": [*request.GET.items(), ("year", year)],
        "may_write": access.may_write_documents(request.user),
        "kinds": _kinds(request, order),
        "can_make_pdf": bool(pdf.program()),
        "download_url": f"{reverse('reports:document', args=[year])}{'?' + query if query else ''}",
    }
    try:
        summary = draft(order)
    except CannotDraft as problem:
        return render(request, "reports/page.html", context | {"problem": str(problem)})
    return render(request, "reports/page.html", context | on_page(summary, request.user))


@require_GET
def document(request: HttpRequest, year: int) -> HttpResponse:
    """The document as a Word file, a draft; 404 where there is nothing to write."""
    try:
        summary = draft(order_of(request, year))
    except CannotDraft as problem:
        raise Http404(str(problem)) from problem
    response = HttpResponse(word.write(summary), content_type=word.MEDIA_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, f"{summary.title}（草稿）.docx")
    return response


@require_POST
def make_pdf(request: HttpRequest, year: int) -> HttpResponse:
    """Queue the PDF of the page and lead to the page of the job."""
    asked = {name: value for name, value in request.POST.items() if name in OrderForm.base_fields}
    fields = asked | {"year": str(year)}
    order = _order(request, fields)
    if not pdf.program():
        raise Http404("LibreOffice is not installed")
    asked.pop("year", None)
    address = f"{reverse('reports:page', args=[year])}?{urlencode(asked)}"
    return redirect("records:job", pk=ask_for_pdf_of_page(order, fields, address, user=request.user).pk)


def order_of(request: HttpRequest, year: int) -> Order:
    """The order the address gives. 404 for a union the user may not see or an impossible choice."""
    return _order(request, request.GET.dict() | {"year": year})


def _order(request: HttpRequest, fields: dict[str, Any]) -> Order:
    form = OrderForm(reader(request), timezone.localdate(), data=fields)
    if not form.is_valid():
        raise Http404(form.errors.as_json())
    return form.order()


def _kinds(request: HttpRequest, order: Order) -> list[tuple[str, bool, str]]:
    """The other documents of the period; a plan is written for years only."""
    if order.period.kind != "year":
        return []
    return [(label, key == order.kind, _address(request, kind=key)) for key, label in KINDS.items()]


def _address(request: HttpRequest, **changes: str) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        query[name] = value
    return f"?{query.urlencode()}"
