"""Back to the page where one was: after an expired login, a stale form, an address that only a button may ask for."""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

READING = frozenset({"GET", "HEAD"})


class ReturnAfterLogin(LoginRequiredMiddleware):
    """Nobody passes without login. Who pressed a button comes back to its page: its own address answers no reading."""

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponse]
    ) -> HttpResponse:
        part_of_a_page = "HX-Request" in request.headers
        if request.method in READING and not part_of_a_page:
            return super().handle_no_permission(request, view_func)
        came_from = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
        login = redirect_to_login(_own_page(request, came_from), resolve_url(self.get_login_url(view_func)))
        return HttpResponseClientRedirect(login.url) if part_of_a_page else login


def _own_page(request: HttpRequest, address: str) -> str:
    """Path and query of a page of ours; of any other address the desk's."""
    parts = urlsplit(address)
    if not parts.path or parts.netloc != request.get_host():
        return reverse("desk")
    return parts._replace(scheme="", netloc="", fragment="").geturl()


class WrongMethodMiddleware:
    """An empty 405 becomes a page with a way back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or response.content:
            return response
        page = render(request, "errors/405.html", status=response.status_code)
        page["Allow"] = response["Allow"]
        return page


@login_not_required
def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token no longer holds: somebody logged in again since, or cookies are refused."""
    return render(request, "errors/stale_form.html", status=HTTPStatus.FORBIDDEN)
