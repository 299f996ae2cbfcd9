"""The documents on a page and as a Word file."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from unionoffice import facts
from unionoffice.organisation import access
from unionoffice.organisation.models import User
from unionoffice.records.types import registry

from . import document as word
from .drafting import CannotDraft, Order, draft
from .forms import OrderForm
from .outlines import KINDS
from .summary import Figure, Paragraph, Summary

YEARS_OFFERED = 5


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """What can be made: recent years by kind, or any year and union by the form, which leads to the document's page."""
    user, today = _reader(request), timezone.localdate()
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
    subject = "全镇" if access.sees_whole_town(user) else str(user.union)
    return render(request, "reports/index.html", {"form": form, "years": years, "subject": subject})


@require_GET
def page(request: HttpRequest, year: int) -> HttpResponse:
    """The document as it reads today; every figure leads to its rows."""
    order = _order(request, year)
    query = request.GET.urlencode()
    context: dict[str, Any] = {
        "order": order,
        "kinds": [(label, key == order.kind, _address(request, kind=key)) for key, label in KINDS.items()],
        "download_url": f"{reverse('reports:document', args=[year])}{'?' + query if query else ''}",
    }
    try:
        summary = draft(order)
    except CannotDraft as problem:
        return render(request, "reports/page.html", context | {"problem": str(problem)})
    return render(request, "reports/page.html", context | _shown(summary, request.user))


@require_GET
def document(request: HttpRequest, year: int) -> HttpResponse:
    """The document as a Word file, a draft; 404 where there is nothing to write."""
    try:
        summary = draft(_order(request, year))
    except CannotDraft as problem:
        raise Http404(str(problem)) from problem
    response = HttpResponse(word.write(summary), content_type=word.MEDIA_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, f"{summary.title}（草稿）.docx")
    return response


def _reader(request: HttpRequest) -> User:
    if not access.may_read_documents(request.user):
        raise PermissionDenied(f"{request.user.username} may not read documents")
    return request.user


def _order(request: HttpRequest, year: int) -> Order:
    """The order the address gives. 404 for a union the user may not see or an impossible choice."""
    user = _reader(request)
    form = OrderForm(user, timezone.localdate(), data=request.GET.dict() | {"year": year})
    if not form.is_valid():
        raise Http404(form.errors.as_json())
    return form.order()


def _address(request: HttpRequest, **changes: str) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        query[name] = value
    return f"?{query.urlencode()}"


@dataclass(frozen=True)
class RunOnPage:
    """A run as the page shows it; without an address it is plain text."""

    text: str
    url: str = ""
    about: str = ""


@dataclass(frozen=True)
class ParagraphOnPage:
    level: int
    number: str
    runs: tuple[RunOnPage, ...]


def _shown(summary: Summary, user: User) -> dict[str, Any]:
    """The summary as the template reads it: figures the user may open are links."""

    def run(shown: Any) -> RunOnPage:
        if not isinstance(shown, Figure):
            return RunOnPage(shown.text)
        return RunOnPage(shown.text, _link(shown, user), f"{shown.label}：{shown.definition}（{shown.span}）")

    def paragraph(shown: Paragraph) -> ParagraphOnPage:
        return ParagraphOnPage(shown.level, shown.number, tuple(map(run, shown.runs)))

    return {
        "summary": summary,
        "paragraphs": [paragraph(shown) for shown in summary.paragraphs],
        "figures": [(figure, _link(figure, user)) for figure in summary.ledger()],
        "signed_on": summary.signed_on,
        "left_out": [omission for omission in summary.omissions if omission.whole_sentence],
        "shortened": [omission for omission in summary.omissions if not omission.whole_sentence],
    }


def _link(figure: Figure, user: User) -> str:
    """Address of the rows behind a figure; empty where the user may not open that list."""
    kind = registry.get(facts.registry[figure.key].slug)
    return figure.url if kind is not None and access.may(user, access.VIEW, kind) else ""
