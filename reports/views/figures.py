"""One figure of a draft: what it means, the rows behind it, and typing another over it."""

from decimal import Decimal, InvalidOperation

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from reports import revising
from reports.drafting import SLOTS, Override, prepare
from reports.figures import exact, span
from reports.models import Report
from reports.reading import may_open
from unionoffice.facts import FactValue, registry
from unionoffice.records.fact_rows import FactRows

from .finding import for_draft

MAX_NUMBER = Decimal(10) ** 13


@for_draft
def figure(request: HttpRequest, report: Report, key: str) -> HttpResponse:
    """The figure's explanation and the form that types over it."""
    order = report.order(timezone.localdate())
    values = prepare(order, everything=True).values
    if key not in values.now:
        raise Http404(f"no figure {key}")
    counted = values.counted.get(key, values.now[key])
    typed, reason, error = _now(order.overrides.get(key)), "", ""
    if key in order.overrides:
        reason = order.overrides[key].reason
    if request.method == "POST":
        if "remove" in request.POST:
            revising.take_figure_back(report, key, user=request.user)
            return HttpResponseClientRedirect(report.get_absolute_url())
        typed, reason = (request.POST.get(name, "").strip() for name in ("value", "reason"))
        value, error = _read(typed, counted)
        error = error or ("" if reason else "请写原因，它会列在附件的一览表里")
        if not error and len(reason) > 200:
            error = "原因最多200个字"
        if not error and value is not None:
            revising.type_over(report, key, value, reason, user=request.user)
            return HttpResponseClientRedirect(report.get_absolute_url())
    context = {
        "report": report,
        "key": key,
        "fact": counted.fact,
        "exact": exact(counted) if counted.value is not None else "没有数据",
        "span": span(counted),
        "slot": SLOTS[counted.fact.slot] if registry.holds_on_a_day(counted.fact) else "",
        "records": counted.records,
        "basis": FactRows(counted, counted.fact.rows(counted.scope)).basis,
        "url": counted.url if may_open(key, request.user) else "",
        "typed": typed,
        "reason": reason,
        "error": error,
        "is_list": counted.fact.kind == "list",
        "is_typed": key in order.overrides,
    }
    template = "reports/_figure_form.html" if request.method == "POST" else "reports/_figure.html"
    return render(request, template, context)


def _now(override: Override | None) -> str:
    """What was typed over a figure, as it was typed."""
    if override is None:
        return ""
    value = override.value
    return "\n".join(value) if isinstance(value, tuple) else f"{value:f}".removesuffix(".00")


def _read(typed: str, counted: FactValue) -> tuple[Decimal | tuple[str, ...] | None, str]:
    """The typed value, or one Chinese line why it is none."""
    unit = counted.fact.unit
    if counted.fact.kind == "list":
        names = tuple(filter(None, (name.strip() for name in typed.replace("、", "\n").splitlines())))
        return (names, "") if names else (None, "请写名称，一行一个")
    try:
        value = Decimal(typed.replace(",", "").replace("，", "").removesuffix(unit).strip())
    except InvalidOperation:
        return None, f"请只写数字，单位是“{unit}”"
    if not value.is_finite() or not 0 <= value < MAX_NUMBER:
        return None, "数字不能小于0，也不能这样大"
    if unit == "%" and value > 100:
        return None, "比率不能大于100"
    return value.quantize(Decimal("0.01")), ""
