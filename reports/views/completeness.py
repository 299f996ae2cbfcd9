"""What the document of a period still lacks, what contradicts itself, and asking those who can mend it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from reports import completeness
from reports.contradictions import contradictions
from reports.drafting import CannotDraft, Order, scope_of
from reports.forms import PeriodForm
from reports.reading import may_open
from unionoffice import facts
from unionoffice.organisation import access
from unionoffice.organisation.models import Union

from .finding import writer


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Gaps, oddities and contradictions of the summary of a period; this year's unless another is asked for."""
    if not access.may_check(request.user):
        raise PermissionDenied(f"{request.user.username} may not look for gaps")
    form = _form(request)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        try:
            context |= _found(request, form.order())
        except CannotDraft as problem:
            context["problem"] = str(problem)
    return render(request, "reports/completeness.html", context)


def _form(request: HttpRequest) -> PeriodForm:
    today = timezone.localdate()
    return PeriodForm(request.user, today, data={"year": today.year, "span": "year"} | request.GET.dict())


def _found(request: HttpRequest, order: Order) -> dict[str, Any]:
    draft = completeness.look_at(order)
    wrong = contradictions(draft)
    user = request.user
    return {
        "period": order.period,
        "subject": str(order.union) if order.union else "全镇",
        "lacks": completeness.lacks(draft, user),
        "odd": [(odd, may_open(odd.now.fact.key, user)) for odd in completeness.odd_figures(draft)],
        "contradictions": [
            (found, [value for value in found.figures if may_open(value.fact.key, user)]) for found in wrong
        ],
        "query": request.GET.urlencode(),
        "said": sum(1 for _ in draft.summary.figures()),
    }


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask one chair, or every chair of the town, to enter what a fact lacks."""
    user = writer(request)
    fact = facts.registry.get(request.POST.get("fact", ""))
    form = _form(request)
    if fact is None or not form.is_valid():
        raise Http404("no such fact or period")
    holders = access.rows(user, Union).filter(users__role="chair", users__is_active=True).distinct()
    chosen = request.POST.get("to", "")
    if chosen:
        holders = holders.filter(pk=chosen if chosen.isdecimal() else 0)
        if not holders:
            raise Http404("no such chair")
    new = completeness.ask(fact, holders, scope_of(form.order()), user=user)
    if new:
        messages.success(request, f"已请{new}位主席补登“{fact.label}”，会显示在他们的首页。")
    else:
        messages.info(request, f"已经请过了，“{fact.label}”还在他们的首页上。")
    return redirect(f"{reverse('reports:completeness')}?{request.GET.urlencode()}")
