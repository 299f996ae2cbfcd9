"""The page on which the user says which sheet is meant, where its headings are and what each column is."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from unionoffice.sheets.cells import SheetRefused

from ..importing import runs
from ..importing.matching import Offer, offer
from ..importing.workbook import Chosen, NothingToImport
from ..resources import resource_for
from ..types import registry
from .importing import RunPage
from .page import TypeOnPage

COLUMN = "column_"


class MatchPage(RunPage):
    """Columns matched by hand; nothing is written here."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().dispatch(request, *args, **kwargs)
        except SheetRefused as refusal:
            messages.error(request, str(refusal))
            return redirect(self.kind.url("import"))

    def get(self, request: HttpRequest, pk: str) -> HttpResponse:
        if self.run.state not in runs.UNWRITTEN:
            return redirect(self.url())
        return self.show(request.GET)

    def post(self, request: HttpRequest, pk: str) -> HttpResponse:
        known = {column.key for column in resource_for(self.kind).columns}
        named = {name: key for name, key in request.POST.items() if name.startswith(COLUMN) and key in known}
        columns = {int(place): key for name, key in named.items() if _is_number(place := name[len(COLUMN) :])}
        if said := self.fault(columns):
            return self.show(request.POST, said)
        try:
            chosen = Chosen(request.POST.get("sheet", ""), _number(request.POST), columns)
            self.run = runs.choose(self.run, chosen)
        except runs.NotOpen:
            return redirect(self.url())
        except NothingToImport as refusal:
            return self.show(request.POST, str(refusal))
        if not runs.is_small(self.run):
            return redirect("records:job", pk=runs.start_judging(self.run).pk)
        runs.judge_run(self.run)
        return redirect(self.url())

    def fault(self, columns: dict[int, str]) -> str:
        """Why these columns cannot be read; empty where they can."""
        if not columns:
            return "请至少为一列选定它是什么。"
        titles = {column.key: column.heading for column in resource_for(self.kind).columns}
        twice = {titles[key] for key in columns.values() if list(columns.values()).count(key) > 1}
        return f"“{'、'.join(sorted(twice))}”选了不止一列，请只留一列。" if twice else ""

    def show(self, asked: QueryDict, error: str = "") -> HttpResponse:
        with runs.book_of(self.run) as book:
            offered = offer(book, self.kind, runs.chosen_of(self.run), asked.get("sheet", ""), _number(asked))
        typed = {name: value for name, value in asked.items() if name.startswith(COLUMN)} if error else {}
        context = {
            "type": TypeOnPage(self.kind),
            "run": {"name": self.run.file_name},
            "offer": offered,
            "columns": [
                {"name": f"{COLUMN}{column.place}", "column": column, "key": self.key(column, typed)}
                for column in offered.columns
            ],
            "fields": [(column.key, column.heading) for column in resource_for(self.kind).columns],
            "error": error,
            "cancel_url": self.url("import_discard"),
        } | self.asked(offered)
        return render(self.request, "records/import_columns.html", context, status=422 if error else 200)

    @staticmethod
    def key(column: Any, typed: dict[str, str]) -> str:
        return typed.get(f"{COLUMN}{column.place}", column.key)

    def asked(self, offered: Offer) -> dict[str, Any]:
        """Why the page asks: the headings are unknown, or the sheet's name speaks of another type."""
        why = runs.asks(self.run)
        other = registry.get(why.get("other", ""))
        return {
            "unknown": "headings" in why,
            "other": other and {"title": other.title, "url": reverse("records:import", args=[other.slug])},
        }


def _number(asked: QueryDict) -> int:
    """The row asked for; 0 for none."""
    text = asked.get("row", "")
    return int(text) if _is_number(text) else 0


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) < 6
