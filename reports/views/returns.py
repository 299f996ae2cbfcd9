"""Superiors' forms: taking one in, tying its cells, filling it for a period."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import reswap, retarget, trigger_client_event

from reports.drafting import CannotDraft
from reports.returns import batch as every_union
from reports.returns import binding, filling, page, words
from reports.returns.grid import Cell, Grid, Place
from reports.returns.matching import suggestions
from reports.returns.models import Bound, ReturnForm, Source
from reports.returns.opening import grid_of
from unionoffice import facts
from unionoffice.organisation import access
from unionoffice.records.views.files import attachment
from unionoffice.sheets.cells import SheetRefused, column_letters

from .filling import asked_period
from .finding import reader, writer
from .office_files import Shelf

MAX_TEXT = 200
MAX_HEIGHT = 1000


class UploadForm(forms.Form):
    file = forms.FileField(
        label="空白报表",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.docx"}),
        error_messages={"required": "请选择文件", "empty": "文件是空的，一个字节也没有"},
    )


FORMS = Shelf(
    ReturnForm,
    index="returns:index",
    listed="一表通·上报表",
    settings="表名、谁能填",
    sharing="勾选后，基层工会主席也能看到这张表，并为自己的工会填写。表里如有别人的信息，请不要勾选。",
)


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The forms the user may fill."""
    user = reader(request)
    kept = access.rows(user, ReturnForm).select_related("created_by").prefetch_related("bindings")
    return render(
        request,
        "reports/returns/index.html",
        {"kept": kept, "may_write": access.may_write_documents(user)},
    )


def upload(request: HttpRequest) -> HttpResponse:
    """Take a blank form in; what cannot be read is told beside the field."""
    user = writer(request)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            received = binding.receive(file.read(), file.name, user=user)
        except SheetRefused as refusal:
            form.add_error("file", f"{refusal.message}。")
        else:
            _tell(request, received)
            return redirect(received.form)
    return render(request, "reports/returns/upload.html", {"form": form})


def _tell(request: HttpRequest, received: binding.Received) -> None:
    if not received.is_new:
        messages.info(request, "这个文件已经上传过，就是这一张。")
    elif received.takeover is None:
        messages.success(request, "已读出表格。点格子选数据，或采用系统的建议。")
    else:
        moved, lost = received.takeover.moved, received.takeover.lost
        known = received.form.taken_from
        messages.success(
            request, f"认出这是“{known}”（{known.created_at:%Y年}上传），沿用了{len(moved)}处取数，请核对。"
        )
        if lost:
            places = "、".join(
                f"{old.place.name}（{page.name_of(old, old.place, request.user)}）" for old in lost
            )
            messages.warning(request, f"有{len(lost)}处在新表里找不到对应的格子，没有沿用：{places}。")


@require_GET
def form(request: HttpRequest, pk: int) -> HttpResponse:
    """The form with what its cells are tied to; those who only fill it go there."""
    found = FORMS.find(request, pk)
    if not access.may_write_documents(request.user):
        return redirect("returns:fill", pk=pk)
    return render(request, "reports/returns/form.html", _bound(request, found))


def _bound(request: HttpRequest, found: ReturnForm) -> dict[str, Any]:
    grid = grid_of(found.file.read())
    bindings = list(found.bindings.all())
    offered = suggestions(grid, bindings)
    return {
        "form": found,
        "sheets": page.for_binding(grid, bindings, offered, request.user),
        "bound": len(bindings),
        "suggested": [(grid.asked(place), suggestion) for place, suggestion in offered.items()],
        "lacks": [lack for lack in filling.unbound(grid, bindings) if lack.place not in offered],
        "can_bind": True,
    }


def _place(grid: Grid, code: str) -> tuple[Place, Cell]:
    """The place of an address; 404 where the form has none or computes it itself."""
    try:
        place = Place.parse(code)
    except ValueError as error:
        raise Http404(str(error)) from error
    cell = grid.cell(place)
    if cell is None or not cell.may_fill:
        raise Http404(f"nothing to fill at {code}")
    return place, cell


def cell(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """What one cell takes: the chooser, and choosing."""
    found = FORMS.find_to_change(request, pk)
    grid = grid_of(found.file.read())
    place, shown = _place(grid, code)
    error = ""
    if request.method == "POST":
        error = _choose(request, found, place)
        if not error:
            response = render(request, "reports/returns/_binding.html", _bound(request, found))
            response = reswap(retarget(response, "#binding"), "outerHTML")
            return trigger_client_event(response, "bound", {"code": code})
    bindings = list(found.bindings.all())
    now = Bound(bindings).at(place)
    suggested = suggestions(grid, bindings).get(place)
    context = {
        "form": found,
        "place": place,
        "asked": grid.asked(place) or " ".join(shown.text.split())[:40],
        "replaced": "" if place.blank or shown.is_open else " ".join(shown.text.split()),
        "now": now,
        "now_name": page.name_of(now, place, request.user) if now else "",
        "is_list": now is not None and now.source == Source.LIST,
        "suggested": suggested,
        "options": _options(now or suggested),
        "facts": [(fact.label, fact.definition, fact.unit, fact.key) for fact in facts.registry],
        "words": words.LABELS.items(),
        "text": now.text if now else "",
        "error": error,
    }
    return render(request, "reports/returns/_cell.html", context)


OPTIONS = {
    "of_year_before": "取上年同期的数",
    "in_wan": "以万元填写（只对金额）",
    "fills_zero": "没有记录就填0（确认确实没有）",
}


def _options(now: Any) -> list[tuple[str, str, bool]]:
    return [(name, label, bool(getattr(now, name, False))) for name, label in OPTIONS.items()]


def _choose(request: HttpRequest, found: ReturnForm, place: Place) -> str:
    """Do what the chooser asks; one Chinese line where that cannot be done."""
    source, _, key = request.POST.get("pick", "").partition(":")
    options = {name: name in request.POST for name in OPTIONS}
    match source:
        case "none":
            binding.release(found, place, user=request.user)
            return ""
        case Source.FACT if fact := facts.registry.get(key):
            options["in_wan"] = options["in_wan"] and fact.is_money
            values = {"source": source, "key": key} | options
        case Source.WORD if key in words.LABELS:
            values = {"source": source, "key": key}
        case Source.TEXT:
            text = request.POST.get("text", "").strip()
            if not text or len(text) > MAX_TEXT:
                return "请写要填的文字" if not text else f"文字最多{MAX_TEXT}个字"
            values = {"source": source, "text": text}
        case _:
            raise Http404(f"nothing to pick as {source}:{key}")
    binding.bind(found, place, values, user=request.user)
    return ""


def rows(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Rows of the form tied to the rows behind a fact: which fact, how many rows, which column shows what."""
    found = FORMS.find_to_change(request, pk)
    grid = grid_of(found.file.read())
    place, _ = _place(grid, code)
    now = Bound(found.bindings.filter(source=Source.LIST)).at(place)
    key = request.GET.get("fact") or (now.key if now else "")
    kind = binding.list_type(key)
    if kind is None:
        listed = ((fact, binding.list_type(fact.key)) for fact in facts.registry)
        context = {"form": found, "place": place, "facts": [pair for pair in listed if pair[1]]}
        return render(request, "reports/returns/rows.html", context)
    headings = binding.list_columns(grid, place)
    offered = binding.column_choices(kind, request.user)
    chosen = {int(c): path for c, path in now.columns.items()} if now and now.key == key else {}
    chosen = chosen or binding.likely_columns(kind, headings, request.user)
    height, error = str(now.height if now else binding.room(grid, place)), ""
    if request.method == "POST":
        chosen = {c: path for c in headings if (path := request.POST.get(f"column_{c}", "")) in offered}
        height = request.POST.get("height", "")
        error = _wrong_rows(chosen, height, min(grid.sheets[place.sheet].height - place.row, MAX_HEIGHT))
        if not error:
            binding.bind_list(found, place, key, int(height), chosen, user=request.user)
            messages.success(request, f"名单已取数：{facts.registry[key].label}，{len(chosen)}列。")
            return redirect(found)
    context = {
        "form": found,
        "place": place,
        "fact": facts.registry[key],
        "kind": kind,
        "columns": [(c, column_letters(c), heading, chosen.get(c, "")) for c, heading in headings.items()],
        "offered": offered.items(),
        "height": height,
        "error": error,
    }
    return render(request, "reports/returns/rows.html", context)


def _wrong_rows(chosen: dict[int, str], height: str, most: int) -> str:
    """What is wrong with a list as typed, in one Chinese line; empty if nothing."""
    if not chosen:
        return "请至少给一列选数据"
    if not height.isdecimal() or not 1 <= int(height) <= most:
        return f"行数要在1到{most}之间"
    return ""


@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one suggestion (?code=) or all of them."""
    found = FORMS.find_to_change(request, pk)
    offered = suggestions(grid_of(found.file.read()), found.bindings.all())
    code = request.POST.get("code", "")
    wanted = [s for place, s in offered.items() if code in ("", place.code)]
    binding.bind_all(found, wanted, user=request.user)
    return render(request, "reports/returns/_binding.html", _bound(request, found))


@require_GET
def fill(request: HttpRequest, pk: int) -> HttpResponse:
    """The form filled for a period and a union, as it will be handed in; before anything is chosen, this year's."""
    found = FORMS.find(request, pk)
    period = asked_period(request)
    context: dict[str, Any] = {"form": found, "period_form": period, "query": request.GET.urlencode()}
    if period.is_valid():
        try:
            done = filling.fill(found, period.order(), request.user)
        except CannotDraft as problem:
            context["problem"] = str(problem)
        else:
            context |= {
                "sheets": page.for_reading(done),
                "done": done,
                "order": period.order(),
                "written": len(done.cells) + len(done.lists),
                "lists": [rows for rows in done.lists if rows.extra],
                "unions": every_union.unions_to_fill(request.user, period.order()).count(),
            }
    context["may_write"] = access.may_write_documents(request.user)
    return render(request, "reports/returns/fill.html", context)


@require_GET
def filled(request: HttpRequest, pk: int) -> HttpResponse:
    """The filled file, in the format it came in."""
    found = FORMS.find(request, pk)
    period = asked_period(request)
    if not period.is_valid():
        raise Http404(period.errors.as_json())
    order = period.order()
    try:
        done = filling.fill(found, order, request.user)
    except CannotDraft as problem:
        raise Http404(str(problem)) from problem
    subject = f"（{order.union}）" if order.union else ""
    name = f"{found.name} {order.period.name}{subject}{done.suffix}"
    return attachment(done.write(), name, done.media_type)


@require_POST
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """The form for every union of the user's sight, as an archive that waits for whoever asked."""
    found = FORMS.find(request, pk)
    period = asked_period(request)
    if not period.is_valid():
        raise Http404(period.errors.as_json())
    return redirect("records:job", pk=every_union.start(found, period.data, user=request.user).pk)


@require_GET
def blank(request: HttpRequest, pk: int) -> HttpResponse:
    """The blank form, byte for byte."""
    found = FORMS.find(request, pk)
    return attachment(found.file.read(), found.file_name, found.file.content_type)
