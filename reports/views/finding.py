"""Who asks, and which document: a foreign one is 404, a forbidden action 403."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django_htmx.http import HttpResponseClientRedirect

from reports.models import Report
from unionoffice.organisation import access
from unionoffice.organisation.models import User

View = Callable[..., HttpResponse]


def reader(request: HttpRequest) -> User:
    """The user, if documents are open to the role."""
    if not access.may_read_documents(request.user):
        raise PermissionDenied(f"{request.user.username} may not read documents")
    return request.user


def writer(request: HttpRequest) -> User:
    """The user, if the role writes documents."""
    if not access.may_write_documents(request.user):
        raise PermissionDenied(f"{request.user.username} may not write documents")
    return request.user


def report_to_read(request: HttpRequest, pk: int) -> Report:
    return get_object_or_404(access.rows(reader(request), Report).select_related("union"), pk=pk)


def for_draft(view: View) -> View:
    """Hands the view a draft the user may change; a document further on leads to its page with a word about it."""

    @wraps(view)
    def guarded(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        writer(request)
        report = report_to_read(request, pk)
        if not report.is_draft:
            messages.error(request, f"文件已是“{report.get_state_display()}”，不能修改。")
            if request.htmx:
                return HttpResponseClientRedirect(report.get_absolute_url())
            return redirect(report)
        return view(request, report, **kwargs)

    return guarded
