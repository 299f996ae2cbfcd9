"""List pages: the list, its exact total, saved views, and the choices of a relation field."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.html import format_html

from unionoffice.identity import NUMBERS
from unionoffice.organisation import access

from ..filters import address, hidden, without
from ..listing import Listing
from ..models import SavedView
from ..saved_views import views_for
from ..searching import sealed, search, without_persons_numbers
from .page import RecordPage

CHOICES = 20


class ListPage(RecordPage):
    template = "records/list.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        if NUMBERS.search(request.GET.get("q", "")):
            params = request.GET.copy()
            params["q"] = sealed(params["q"])
            return HttpResponseRedirect(f"{self.kind.url('list')}{address(params)}")
        listing = Listing(self.kind, self.user, request.GET)
        page = listing.page
        return self.page(
            columns=listing.columns,
            rows=listing.shown,
            chips=listing.chips,
            filters=listing.filters,
            menu_query=address(request.GET),
            problems=listing.problems,
            q=NUMBERS.sub("", listing.q).strip(),
            hidden_query=hidden(request.GET, "q"),
            page=page,
            total_url=f"{self.kind.url('total')}{address(request.GET)}" if page.total is None else "",
            views=self.saved_views(),
            view_save_url=self.kind.url("view_save"),
            actions=self.actions(request),
            can_tick=self.may(access.CHANGE),
            row_steps=[
                {"label": step.label, "url": self.kind.url("rows_step", step=step.key), "tone": step.tone}
                for step in self.kind.steps
                if step.over_rows and self.may(step.needs)
            ],
            fact=listing.fact,
            empty=self.empty(request, bool(listing.chips)),
        )

    def actions(self, request: HttpRequest) -> dict[str, str]:
        query = address(without(request.GET))
        offered = (
            ("add_url", access.ADD, self.kind.url("new")),
            ("import_url", access.IMPORT, self.kind.url("import")),
            ("export_url", access.EXPORT, self.kind.url("export") + query),
            ("bulk_url", access.CHANGE, self.kind.url("bulk")),
            ("template_url", access.IMPORT, self.kind.url("template")),
        )
        found = {name: url for name, action, url in offered if self.may(action)}
        if self.kind.quick and self.may(access.ADD):
            found["quick_url"] = self.kind.url("quick")
        return found

    def saved_views(self) -> list[dict[str, Any]]:
        here = without(self.request.GET).urlencode()
        return [
            {
                "title": view.name,
                "url": f"{self.kind.url('list')}?{view.query}",
                "active": bool(view.query) and view.query == here,
                "shared": view.is_shared,
                "delete_url": self.kind.url("view_delete", view.pk) if view.owner_id == self.user.pk else "",
            }
            for view in views_for(self.user, self.kind.slug)
        ]

    def empty(self, request: HttpRequest, narrowed: bool) -> dict[str, str]:
        """What the page is for and what to do first, or that nothing fits the conditions."""
        title = self.kind.title
        if narrowed or request.GET.get("fact"):
            return {
                "title": f"没有符合条件的{title}",
                "text": "换个条件，或去掉上面的筛选。",
                "action_url": self.kind.url("list"),
                "action_label": f"看全部{title}",
            }
        first = {"title": f"还没有{title}", "text": self.kind.help or f"{title}会列在这里。"}
        if self.may(access.ADD):
            first |= {"action_url": self.kind.url("new"), "action_label": f"新增{title}"}
        return first


class FilterMenu(RecordPage):
    """What one filter of the list at this address offers; fetched when it is opened."""

    template = "records/_filter_menu.html"

    def get(self, request: HttpRequest, slug: str, key: str) -> HttpResponse:
        filters = Listing(self.kind, self.user, request.GET).filters
        found = next((found for found in filters if found.key == key), None)
        if found is None:
            raise Http404
        return render(request, self.template, {"menu": found.menu()})


class ColumnMenu(RecordPage):
    """The columns the list at this address may show, and by which a phone may sort it; fetched when it is opened."""

    template = "records/_column_menu.html"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        listing = Listing(self.kind, self.user, request.GET)
        choices = [
            {"key": path, "title": self.kind.heading(path), "active": path in listing.paths}
            for path in listing.every_path
        ]
        sortable = [column for column in listing.columns if column.sort_url]
        context = {"choices": choices, "hidden": hidden(request.GET, "col"), "sortable": sortable}
        return render(request, self.template, context)


class TotalPage(RecordPage):
    """The exact number of rows, asked for after the page is shown."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        total = Listing(self.kind, self.user, request.GET).total()
        return HttpResponse(format_html("<span>共 {} 条</span>", f"{total:,}"))


class SaveView(RecordPage):
    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        name = request.POST.get("title", "").strip()[:40]
        query = without_persons_numbers(request.POST.get("query", "")[:2000].lstrip("?"))
        if name:
            shared = bool(request.POST.get("shared"))
            SavedView.objects.update_or_create(
                slug=slug, owner=self.user, name=name, defaults={"query": query, "is_shared": shared}
            )
        return HttpResponseRedirect(f"{self.kind.url('list')}?{query}")


class DeleteView(RecordPage):
    def post(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        get_object_or_404(SavedView, pk=pk, slug=slug, owner=self.user).delete()
        return HttpResponseRedirect(self.kind.url("list"))


class ChoicesPage(RecordPage):
    """What a picker offers for what was typed: value, text, and a line that tells namesakes apart."""

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        rows = self.kind.findable(self.user)
        if text := request.GET.get("q", "").strip():
            rows = rows.filter(search(self.kind, text))
        found = rows.order_by(*self.kind.ordering)[:CHOICES]
        offered = [{"value": row.pk, "text": str(row), "hint": self.kind.note(row)} for row in found]
        return JsonResponse(offered, safe=False)
