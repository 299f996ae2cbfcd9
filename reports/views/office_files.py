"""What superiors' forms and the office's own Word files have in common: finding one, its name and users, deleting it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Generic, TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from reports.office_files import OfficeFile
from unionoffice.organisation import access
from unionoffice.records.history import act
from unionoffice.records.models import ActKind
from unionoffice.sheets.cells import SheetRefused

from .finding import reader, writer

F = TypeVar("F", bound=OfficeFile)


@dataclass(frozen=True)
class Shelf(Generic[F]):
    """Files of one kind, and how the pages speak of them.

    index     the page that lists them; `listed` its name
    settings  the heading of the page of a file's name and users; `sharing` what sharing it means
    """

    model: type[F]
    index: str
    listed: str
    settings: str
    sharing: str

    def find(self, request: HttpRequest, pk: int) -> F:
        """A file the user may fill."""
        return get_object_or_404(access.rows(reader(request), self.model).select_related("file"), pk=pk)

    def find_to_change(self, request: HttpRequest, pk: int) -> F:
        writer(request)
        return self.find(request, pk)

    def telling(self, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        """The view of a kept file; one that cannot be read (any more) leads to where it can be deleted, with the reason."""

        @wraps(view)
        def told(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, pk, **kwargs)
            except SheetRefused as refusal:
                messages.error(request, f"{refusal.message}。")
                may_delete = access.may_write_documents(request.user)
                address = reverse(f"{self.space}:settings", args=[pk]) if may_delete else reverse(self.index)
                return HttpResponseClientRedirect(address) if request.htmx else redirect(address)

        return told

    @property
    def space(self) -> str:
        """The name before those of its pages."""
        return self.index.partition(":")[0]


def settings(request: HttpRequest, pk: int, shelf: Shelf) -> HttpResponse:
    """The file's name, and whether chairs may fill it."""
    found = shelf.find_to_change(request, pk)
    form_class = forms.modelform_factory(
        shelf.model, fields=("name", "is_shared"), help_texts={"is_shared": shelf.sharing}
    )
    form = form_class(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        with act(ActKind.CHANGE, user=request.user, summary=f"修改{_named(found)}"):
            form.save()
        return redirect(found)
    context = {
        "form": form,
        "found": found,
        "shelf": shelf,
        "index_url": reverse(shelf.index),
        "delete_url": reverse(f"{shelf.space}:delete", args=[pk]),
    }
    return render(request, "reports/file_settings.html", context)


@require_POST
def delete(request: HttpRequest, pk: int, shelf: Shelf) -> HttpResponse:
    """The file goes with what hangs on it; all can be brought back from the history."""
    found = shelf.find_to_change(request, pk)
    with act(ActKind.DELETE, user=request.user, summary=f"删除{_named(found)}"):
        found.delete()
    messages.success(request, f"“{found}”已删除，可以在操作记录里撤回。")
    return redirect(shelf.index)


def _named(found: OfficeFile) -> str:
    return f"{found._meta.verbose_name}：{found}"
