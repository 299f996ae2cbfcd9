"""The plan board: targets as the records move them, suggestions, and the few things done by hand."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django import forms
from django.apps import apps
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from reports import plans, wording
from reports.completeness import base
from reports.drafting import FIRST_YEAR
from reports.forms import day_input, unions_to_write_about
from reports.plan_items import Measure, PlanItem
from reports.reading import may_open
from unionoffice.facts import IN_PERIOD, Fact, registry
from unionoffice.organisation import access
from unionoffice.organisation.models import Union, User
from unionoffice.records.history import act
from unionoffice.records.models import ActKind
from unionoffice.records.pickers import ChoicePicker

from .finding import reader, writer

COUNTED = {"good": "按进度或已完成", "warn": "偏慢、快到期或逾期完成", "bad": "逾期未完成"}
BOUND_KINDS = (*IN_PERIOD, "stock", "total", "rate")


def _by_area(facts: Iterable[Fact]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Choices of facts under the area that offers them and the records they count: (heading, [(key, label)])."""
    grouped: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for fact in facts:
        area = str(apps.get_app_config(fact.key.partition(".")[0]).verbose_name)
        counted = str(base(fact).model._meta.verbose_name)
        grouped.setdefault((area, counted), []).append((fact.key, f"{fact.label}（{fact.unit}）"))
    areas = list(dict.fromkeys(area for area, _ in grouped))
    for (area, counted), choices in sorted(grouped.items(), key=lambda group: areas.index(group[0][0])):
        yield area if area == counted else f"{area} · {counted}", choices


class PlanItemForm(forms.ModelForm):
    """One line of the plan. A target needs a figure and a number, a step needs neither."""

    class Meta:
        model = PlanItem
        fields = ("wording", "measure", "key", "target", "carries_rest", "due_on", "owner", "lag_reason")
        widgets = {"measure": forms.RadioSelect, "due_on": day_input()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bound = [fact for fact in registry if fact.kind in BOUND_KINDS]
        bound += self._cut()
        self.fields["key"] = forms.ChoiceField(
            label="按哪个数据",
            choices=[("", "请选择"), *_by_area(bound)],
            required=False,
            widget=ChoicePicker({fact.key: fact.definition for fact in bound}),
        )
        self.fields["key"].help_text = "自己登记办成的不用选。"
        self.fields["target"].help_text = "期限前办成的、自己登记办成的不用填。"
        self.fields["carries_rest"].help_text = "只对全年累计的数：勾选后，差额列入下年计划的建议。"
        self.fields["lag_reason"].help_text = "部分完成或未完成的，总结里写明原因。"
        self.fields["measure"].choices = Measure.choices
        if self.instance.target is not None:
            self.initial["target"] = wording.plain(self.instance.target)

    def _cut(self) -> list[Fact]:
        """The cut of a measure that the line has, or is about to have: no list of choices could hold them all."""
        asked = self.data.get("key") or self.instance.key
        fact = registry.get(asked) if asked else None
        return [fact] if fact is not None and fact.cut and fact.kind in BOUND_KINDS else []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        target, key = cleaned.get("target"), cleaned.get("key")
        if cleaned.get("measure") == Measure.STEP:
            cleaned["key"], cleaned["target"] = "", None
        elif not key:
            self.add_error("key", "请选择用哪个数据衡量")
        elif cleaned.get("measure") == Measure.DATE:
            cleaned["target"] = None
            if registry[key].kind not in IN_PERIOD:
                self.add_error("key", "看台账办成的，请选一项年内发生的数据，如数据核查、举办活动场次")
        elif target is None:
            self.add_error("target", "请填目标数")
        elif target < 0 or (registry[key].unit == "%" and target > 100):
            self.add_error("target", "目标数不能小于0，比率不能大于100")
        due_on = cleaned.get("due_on")
        if due_on and due_on.year != self.instance.year:
            self.add_error("due_on", f"完成期限要在{self.instance.year}年内")
        return cleaned


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The plan of this year."""
    reader(request)
    return redirect("plan:board", year=timezone.localdate().year)


def _subject(request: HttpRequest, user: User) -> Union | None:
    """Whose plan: a chair's is the own union's; ?union= chooses one the user may see. 404 for another."""
    asked = request.GET.get("union", "")
    if asked:
        return get_object_or_404(unions_to_write_about(user), pk=asked if asked.isdecimal() else 0)
    return None if access.sees_whole_town(user) else user.union


def _demand_year(year: int) -> None:
    if not FIRST_YEAR <= year <= timezone.localdate().year + 1:
        raise Http404(f"no plan of {year}")


def _address(item: PlanItem) -> str:
    query = f"?union={item.union_id}" if item.union_id else ""
    return reverse("plan:board", args=[item.year]) + query


@require_GET
def board(request: HttpRequest, year: int) -> HttpResponse:
    """Every target of a year with its colour; of a year gone by, line by line what became of it."""
    user, today = reader(request), timezone.localdate()
    _demand_year(year)
    union = _subject(request, user)
    is_over = today.year > year
    found = (plans.reconciliation if is_over else plans.board)(year, union, today)
    tones = [standing.tone for standing in found]
    context = {
        "year": year,
        "years": [y for y in range(today.year + 1, today.year - 3, -1) if y >= FIRST_YEAR],
        "union": union,
        "query": f"?union={union.pk}" if union else "",
        "is_over": is_over,
        "standings": [(standing, may_open(standing.item.key, user)) for standing in found],
        "counts": [(tone, label, tones.count(tone)) for tone, label in COUNTED.items()],
        "may_write": access.may_write_documents(user),
    }
    return render(request, "reports/board.html", context)


def suggestions(request: HttpRequest, year: int) -> HttpResponse:
    """What the records and the last plan propose; the ticked ones become items."""
    user, today = writer(request), timezone.localdate()
    _demand_year(year)
    union = _subject(request, user)
    proposed = plans.suggestions(year, union, today)
    if request.method == "POST":
        ticked = set(request.POST.getlist("take"))
        taken = [suggestion for suggestion in proposed if suggestion.name in ticked]
        with act(ActKind.CREATE, user=user, summary=f"列入{year}年计划"):
            plans.take(taken, year, union)
        messages.success(request, f"已列入{len(taken)}项，可以再改责任人和期限。")
        return redirect(reverse("plan:board", args=[year]) + (f"?union={union.pk}" if union else ""))
    context = {
        "year": year,
        "union": union,
        "query": f"?union={union.pk}" if union else "",
        "proposed": proposed,
        "left_behind": plans.not_carried(year, union, today),
    }
    return render(request, "reports/suggestions.html", context)


def new(request: HttpRequest, year: int) -> HttpResponse:
    """A line of the office's own; ?key= proposes the figure that measures it."""
    user = writer(request)
    _demand_year(year)
    item = PlanItem(year=year, union=_subject(request, user), due_on=date(year, 12, 31))
    if (fact := registry.get(request.GET.get("key", ""))) is not None and fact.kind in BOUND_KINDS:
        item.key = fact.key
    return _form(request, item, f"列入{year}年计划", ActKind.CREATE)


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    user = writer(request)
    item = get_object_or_404(access.rows(user, PlanItem), pk=pk)
    return _form(request, item, f"修改{item.year}年计划", ActKind.CHANGE)


def _form(request: HttpRequest, item: PlanItem, title: str, kind: ActKind) -> HttpResponse:
    form = PlanItemForm(request.POST or None, instance=item)
    if request.method == "POST" and form.is_valid():
        with act(kind, user=request.user, summary=f"{title}：{form.cleaned_data['wording']}"):
            form.save()
        return redirect(_address(item))
    context = {"form": form, "item": item, "title": title, "back": _address(item)}
    return render(request, "reports/plan_item.html", context)


@require_POST
def step(request: HttpRequest, pk: int, do: str) -> HttpResponse:
    """Done, not done after all, cancelled with a reason, taken up again, struck out."""
    user = writer(request)
    item = get_object_or_404(access.rows(user, PlanItem), pk=pk)
    reason = request.POST.get("reason", "").strip()[:200]
    if do == "cancel" and not reason:
        messages.error(request, "取消要写原因，总结里会用到。")
        return redirect("plan:item", pk=pk)
    today = timezone.localdate()
    changes: dict[str, dict[str, Any]] = {
        "done": {"done_on": today},
        "undone": {"done_on": None},
        "cancel": {"cancelled_on": today, "cancel_reason": reason},
        "resume": {"cancelled_on": None, "cancel_reason": ""},
        "delete": {},
    }
    if do not in changes or (do in ("done", "undone") and item.measure != Measure.STEP):
        raise Http404(f"no step {do}")
    back = _address(item)
    with act(
        ActKind.DELETE if do == "delete" else ActKind.STEP, user=user, summary=f"计划：{item}", reason=reason
    ):
        if do == "delete":
            item.delete()
        else:
            for name, value in changes[do].items():
                setattr(item, name, value)
            item.save()
    return redirect(back)
