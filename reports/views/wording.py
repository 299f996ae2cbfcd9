"""The editor's answers: one sentence or heading in words, its place, the wording as a whole."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import reswap, retarget

from reports import revising
from reports.assemble import Writer
from reports.drafting import prepare
from reports.drafting import standard as standard_of
from reports.editing import OWN, Edit
from reports.grammar import GrammarError
from reports.models import Report
from reports.outline import Sentence, Variant
from reports.reading import run_on_page
from reports.spoken import SPOKEN_OPTIONS, from_spoken, to_spoken, words
from unionoffice.facts import registry

from .drafts import editor
from .finding import for_draft

NEW = "new"
MAX_TEXT = 2000
# What a sentence may end with; a clause in brackets brings its own mark.
ENDS = "。！？；，：、”）》…]"
LEVELS = ("chapter", "section", "sentence")


@for_draft
def sentence(request: HttpRequest, report: Report, key: str) -> HttpResponse:
    """One sentence: its form, and saving it. `new` with ?section= is a sentence of the office's own."""
    section = request.GET.get("section", "")
    found = _standard(report, key, section)
    if request.method == "GET":
        return _form(request, report, key, section, to_spoken(found[1]))
    typed = request.POST.get("text", "")
    try:
        text = _kept(typed)
        if text[-1] not in ENDS:
            raise GrammarError("句末要有标点，如“。”，不然会和下一句连在一起")
    except GrammarError as error:
        return _form(request, report, key, section, typed, str(error))
    if key == NEW:
        revising.add_sentence(report, section, text, user=request.user)
    else:
        edit, _, number, standard = found
        changed = "" if text == standard and not edit.is_own else text
        revising.change(
            report,
            replace(edit, text=changed, variant=number if changed and not edit.is_own else 0),
            user=request.user,
        )
    return _editor(request, report)


def _standard(report: Report, key: str, section: str) -> tuple[Edit, str, int, str]:
    """(edit, the text to change, which variant it is, the standard text of that variant); 404 for no such sentence."""
    order = report.order(timezone.localdate())
    if key == NEW:
        try:
            revising.siblings(revising.arranged(report, order.edits), "sentence", section)
        except KeyError as error:
            raise Http404(f"no section {section}") from error
        return Edit("sentence", NEW), "", 0, ""
    found = prepare(order, everything=True)
    node = next((s for s in found.everything.sentences if s.key == key), None)
    if node is None:
        raise Http404(f"no sentence {key}")
    edit = order.edits.of("sentence", key)
    number = edit.variant if edit.text else Writer(found.values, found.setting).fitting(node) or 0
    original = next((s for s in standard_of(order).sentences if s.key == key), None)
    standard = original.variants[min(number, len(original.variants) - 1)].text if original else ""
    return edit, edit.text or standard, number, standard


def _kept(typed: str) -> str:
    """The text as it is kept; GrammarError for one that cannot be."""
    if not typed.strip():
        raise GrammarError("请写文字；不要这句话时用“不写入”")
    if len(typed) > MAX_TEXT:
        raise GrammarError(f"一句话最多{MAX_TEXT}个字")
    return from_spoken(typed)


def _form(
    request: HttpRequest, report: Report, key: str, section: str, text: str, error: str = ""
) -> HttpResponse:
    facts = [(fact.label, fact.definition, fact.unit, fact.key) for fact in registry]
    context = {
        "report": report,
        "key": key,
        "section": section,
        "text": text,
        "error": error,
        "facts": facts,
        "words": sorted(words().values()),
        "options": tuple(SPOKEN_OPTIONS.values()),
        "is_new": key == NEW,
    }
    return render(request, "reports/_sentence_form.html", context)


@require_POST
@for_draft
def preview(request: HttpRequest, report: Report) -> HttpResponse:
    """How the typed sentence reads now."""
    context: dict[str, Any] = {}
    try:
        node = Sentence("preview", (Variant(_kept(request.POST.get("text", ""))),), is_own=True)
    except GrammarError as error:
        context["error"] = str(error)
    else:
        found = prepare(report.order(timezone.localdate()), (node,))
        line = Writer(found.values, found.setting)
        kept = line.choose("", node)
        context["runs"] = [run_on_page(run, request.user) for run in line.runs(kept)] if kept else []
        context["reasons"] = [reason for omission in line.omissions for reason in omission.reasons]
    return render(request, "reports/_preview.html", context)


@for_draft
def heading(request: HttpRequest, report: Report, level: str, key: str) -> HttpResponse:
    """A chapter's or section's heading: its form, and saving it."""
    if level not in ("chapter", "section"):
        raise Http404(f"no level {level}")
    order = report.order(timezone.localdate())
    nodes = {
        node.key: node.heading
        for part in standard_of(order).parts
        for chapter in part.chapters
        for node in ((chapter,) if level == "chapter" else chapter.sections)
    }
    if key not in nodes:
        raise Http404(f"no {level} {key}")
    edit, error = order.edits.of(level, key), ""
    text = edit.text or nodes[key]
    if request.method == "POST":
        text = request.POST.get("text", "").strip()
        error = _wrong_heading(text)
        if not error:
            changed = "" if text == nodes[key] else text
            revising.change(report, replace(edit, text=changed), user=request.user)
            return _editor(request, report)
    context = {"report": report, "level": level, "key": key, "text": text, "error": error}
    return render(request, "reports/_heading_form.html", context)


def _wrong_heading(text: str) -> str:
    if not text:
        return "请写标题"
    if len(text) > 60:
        return "标题最多60个字"
    return "标题里不能用括号记号“{}[]|”" if set(text) & set("{}[]|") else ""


@require_POST
@for_draft
def arrange(request: HttpRequest, report: Report) -> HttpResponse:
    """Move, leave out, take in, begin a paragraph, go back to the standard: one node by level and key."""
    level, key, do = (request.POST.get(name, "") for name in ("level", "key", "do"))
    if level not in LEVELS:
        raise Http404(f"no level {level}")
    edits = report.order(timezone.localdate()).edits
    try:
        revising.parent_of(revising.arranged(report, edits), level, key)
    except KeyError as error:
        raise Http404(f"no {level} {key}") from error
    edit = edits.of(level, key)
    match do:
        case "up" | "down":
            revising.move(report, level, key, -1 if do == "up" else 1, user=request.user)
        case "out" | "in":
            revising.change(report, replace(edit, is_included=do == "in"), user=request.user)
        case "join" | "split":
            revising.change(report, replace(edit, starts_paragraph=do == "split"), user=request.user)
        case "standard":
            if key.startswith(OWN):
                revising.remove(report, edit, user=request.user)
            else:
                revising.change(report, replace(edit, text="", variant=0), user=request.user)
        case _:
            raise Http404(f"no such change {do}")
    return _editor(request, report)


@require_GET
@for_draft
def outline(request: HttpRequest, report: Report) -> HttpResponse:
    """The editor as it stands, after a form was given up."""
    return _editor(request, report)


@require_POST
@for_draft
def template(request: HttpRequest, report: Report) -> HttpResponse:
    """Keep the wording for the documents to come."""
    revising.keep_as_template(report, user=request.user)
    messages.success(request, "已存为模板，以后起草的文件会用这份文字。")
    return redirect(report)


@require_POST
@for_draft
def reset(request: HttpRequest, report: Report) -> HttpResponse:
    """Back to the standard wording as a whole."""
    revising.restore_standard(report, user=request.user)
    messages.success(request, "已全部恢复标准文字，可以在操作记录里撤回。")
    return redirect(report)


def _editor(request: HttpRequest, report: Report) -> HttpResponse:
    """The whole editor, whatever part of it asked."""
    response = render(request, "reports/_editor.html", editor(report, request.user))
    return reswap(retarget(response, "#editor"), "outerHTML")
