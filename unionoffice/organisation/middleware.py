"""Around every request: nothing too large comes in, a session lives while it is used, an old password is changed."""

import time
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

TOUCH_SECONDS = 60
FORM_BYTES = 1024 * 1024  # what a form may weigh beside its file


class UploadLimitMiddleware:
    """Refuses a request with more than the largest file before anything of it is read: 413."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > settings.UPLOAD_MAX_BYTES + FORM_BYTES:
            return render(request, "errors/413.html", status=413)
        return self.get_response(request)


class NulMiddleware:
    """Answers 400 where the database refused a NUL, the one character that no text of it can hold."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, DataError) and "NUL" in str(exception):
            return render(request, "errors/400.html", status=400)
        return None


class NotKeptMiddleware:
    """No browser and no proxy keeps an answer: whoever goes back after logout asks again, and is asked to log in.

    Static files are answered before this one and say themselves how long they may be kept.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response["Cache-Control"] = "no-store"
        return response


class AccountMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.open_paths: tuple[str, ...] | None = None

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self.touch(request)
            if self.must_change(request):
                return redirect("password_change")
        return self.get_response(request)

    def touch(self, request: HttpRequest) -> None:
        """The session counts as used at most once a minute, so that reading a page does not write a session each time."""
        now = int(time.time())
        if now - request.session.get("seen", 0) > TOUCH_SECONDS:
            request.session["seen"] = now

    def must_change(self, request: HttpRequest) -> bool:
        if self.open_paths is None:
            self.open_paths = (reverse("password_change"), reverse("logout"), settings.STATIC_URL)
        if request.path.startswith(self.open_paths):
            return False
        user = request.user
        oldest = timezone.now() - timedelta(days=settings.PASSWORD_DAYS)
        return user.must_change_password or (settings.PASSWORD_DAYS > 0 and user.password_changed_at < oldest)
