"""The office's own Word files with placeholders: taking one in, saying what is meant, filling it for a period."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from reports.drafting import CannotDraft
from reports.placeholders import filling, keeping, reading
from reports.placeholders.models import WordTemplate
from reports.reading import RunOnPage, link, run_on_page
from unionoffice import facts
from unionoffice.organisation import access
from unionoffice.organisation.models import User
from unionoffice.records.views.files import attachment
from unionoffice.sheets.cells import SheetRefused

from .filling import asked_period
from .finding import reader, writer
from .office_files import Shelf


class UploadForm(forms.Form):
    file = forms.FileField(
        label="Word 文件",
        widget=forms.FileInput(attrs={"accept": ".docx"}),
        error_messages={"required": "请选择文件", "empty": "文件是空的，一个字节也没有"},
    )


TEMPLATES = Shelf(
    WordTemplate,
    index="placeholders:index",
    listed="Word 模板",
    settings="名称、谁能用",
    sharing="勾选后，基层工会主席也能用它写自己工会的文件。",
)


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The templates the user may fill."""
    user = reader(request)
    context = {"kept": access.rows(user, WordTemplate), "may_write": access.may_write_documents(user)}
    return render(request, "reports/placeholders/index.html", context)


def upload(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Take a file in, or another in place of a template's; what cannot be read is told beside the field."""
    user = writer(request)
    template = TEMPLATES.find_to_change(request, pk) if pk else None
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            if template is None:
                template = keeping.receive(file.read(), file.name, user=user)
            else:
                keeping.replace_file(template, file.read(), file.name, user=user)
        except SheetRefused as refusal:
            form.add_error("file", f"{refusal.message}。")
        else:
            messages.success(request, "已读出占位符，请看每一处填得对不对。")
            return redirect(template)
    context = {
        "form": form,
        "template": template,
        "facts": [(fact.label, fact.definition, fact.unit) for fact in facts.registry],
        "words": [label for key, label in reading.offered() if "." not in key],
        "filters": reading.FILTERS.items(),
    }
    return render(request, "reports/placeholders/upload.html", context)


@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The template as it reads for a period and a union: its paragraphs with figures, what is missing, what is unknown."""
    template, user = TEMPLATES.find(request, pk), request.user
    period = asked_period(request)
    context: dict[str, Any] = {
        "template": template,
        "period_form": period,
        "query": request.GET.urlencode(),
        "may_write": access.may_write_documents(user),
    }
    if period.is_valid():
        order = period.order()
        try:
            done = filling.fill(template, order, user)
        except CannotDraft as problem:
            context["problem"] = str(problem)
        else:
            context |= {
                "order": order,
                "done": done,
                "lines": [(line.where, _runs(line, user)) for line in done.lines()],
                "figures": [(figure, link(figure, user)) for figure in done.figures],
            }
    return render(request, "reports/placeholders/show.html", context)


def _runs(line: filling.Line, user: User) -> list[tuple[RunOnPage, bool]]:
    """The runs of a paragraph and whether each is a mark of something missing."""
    return [
        (RunOnPage(run.text), True) if isinstance(run, filling.Mark) else (run_on_page(run, user), False)
        for run in line.runs
    ]


@require_GET
def filled(request: HttpRequest, pk: int) -> HttpResponse:
    """The filled Word file."""
    template = TEMPLATES.find(request, pk)
    period = asked_period(request)
    if not period.is_valid():
        raise Http404(period.errors.as_json())
    order = period.order()
    try:
        content = filling.fill(template, order, request.user).write()
    except CannotDraft as problem:
        raise Http404(str(problem)) from problem
    subject = f"（{order.union}）" if order.union else ""
    return attachment(content, f"{template.name} {order.period.name}{subject}.docx", keeping.MEDIA_TYPE)


@require_GET
def original(request: HttpRequest, pk: int) -> HttpResponse:
    """The template's own file, byte for byte."""
    template = TEMPLATES.find(request, pk)
    return attachment(template.file.read(), template.file_name, keeping.MEDIA_TYPE)


@require_POST
def explain(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which fact or word a placeholder that nobody offers stands for."""
    template = TEMPLATES.find_to_change(request, pk)
    name, key = (request.POST.get(field, "") for field in ("name", "key"))
    if name not in {spot.name for spot in reading.spots(reading.open_word(template.file.read()))}:
        raise Http404(f"no placeholder {name}")
    try:
        keeping.explain(template, name, key, user=request.user)
    except KeyError as error:
        raise Http404(f"no fact or word {key}") from error
    return redirect(template)
