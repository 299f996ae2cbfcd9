"""What every page of a record type does first: find the type, ask whether the user may, and work only from the user's rows."""

from typing import Any, ClassVar

from django.contrib.auth.middleware import get_user
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views import View

from unionoffice.organisation import access
from unionoffice.organisation.models import Record, User

from ..types import RecordType, registry


class RecordPage(View):
    """Base of the pages of a record type.

    needs     the action the user must be allowed (403 otherwise)
    template  rendered by `page`
    """

    needs: ClassVar[str] = access.VIEW
    template: ClassVar[str] = ""
    kind: RecordType
    user: User

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        found = registry.get(kwargs["slug"])
        if found is None:
            raise Http404(f"no record type {kwargs['slug']}")
        self.kind = found
        self.user = get_user(request)  # not the lazy one: it is asked hundreds of times

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        access.demand(self.user, self.needs, self.kind)
        return super().dispatch(request, *args, **kwargs)

    @property
    def rows(self) -> QuerySet:
        return self.kind.rows(self.user)

    def record(self) -> Record:
        """The record of the address among the user's rows: 404 for any other, 403 for changing one of another union."""
        found = get_object_or_404(self.rows, pk=self.kwargs["pk"])
        if self.needs in access.WRITING and not self.keeps(found):
            raise PermissionDenied(
                f"{self.user.username} sees {found.pk} of {self.kind.slug} but may not change it"
            )
        return found

    def keeps(self, record: Record) -> bool:
        """Whether the record is one of those the user may change, if the role allows changing at all."""
        return access.kept(self.user, self.kind.model.objects.filter(pk=record.pk)).exists()

    def may(self, action: str) -> bool:
        return access.may(self.user, action, self.kind)

    def page(self, status: int = 200, template: str = "", **context: Any) -> HttpResponse:
        """The page; the template reads type.list_url and type.search_hint beside what is passed."""
        context["type"] = TypeOnPage(self.kind)
        return render(self.request, template or self.template, context, status=status)


class TypeOnPage:
    """A record type as templates read it."""

    def __init__(self, kind: RecordType) -> None:
        self.slug, self.title, self.help = kind.slug, kind.title, kind.help
        self.list_url = kind.url("list")
        self.search_hint = kind.search_hint
