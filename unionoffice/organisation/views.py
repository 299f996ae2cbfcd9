"""Logging in, and the pages for what went wrong."""

from http import HTTPStatus
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import (
    NON_FIELD_ERRORS,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
    ValidationError,
)
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils import timezone

from . import throttling
from .models import User


class LoginForm(AuthenticationForm):
    """Tells before it happens what wrong passwords lead to."""

    error_messages: ClassVar = AuthenticationForm.error_messages | {
        "invalid_login": f"登录名或密码不对，请核对大小写。连续输错{settings.AXES_FAILURE_LIMIT}次会暂停登录。"
    }

    def confirm_login_allowed(self, user: User) -> None:
        """Refuses a one-time password that lay about too long; only who typed it rightly is told."""
        super().confirm_login_allowed(user)
        if user.one_time_until and user.one_time_until < timezone.now():
            days = settings.ONE_TIME_PASSWORD_DAYS
            raise ValidationError(f"一次性密码已过{days}天有效期，请系统管理员重置密码。", code="expired")


class Login(auth_views.LoginView):
    form_class = LoginForm
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if said := throttling.refusal(request, request.POST.get("username", "")):
            return render(request, "errors/429.html", {"message": said}, status=HTTPStatus.TOO_MANY_REQUESTS)
        return super().post(request, *args, **kwargs)

    def form_invalid(self, form: LoginForm) -> HttpResponse:
        # What was left empty was not tried, and who is told of an expired password knew it.
        if form.has_error(NON_FIELD_ERRORS, "invalid_login"):
            throttling.count_failure(self.request, form.data["username"])
        return super().form_invalid(form)


class Logout(auth_views.LogoutView):
    """Ends the session, and has the browser drop what it kept of the pages (over TLS only, as browsers have it)."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().post(request, *args, **kwargs)
        response["Clear-Site-Data"] = '"cache"'
        return response


@login_not_required
def favicon(request: HttpRequest) -> HttpResponse:
    """The office's mark, where a browser asks for it unbidden: beside a PDF or a photo, which name none."""
    return redirect(static("img/mark.svg"))


@login_not_required
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        return render(request, "errors/413.html", status=413)
    return render(request, "errors/400.html", status=400)


@login_not_required
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


@login_not_required
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Too many wrong passwords: 429, when to try again and who can help at once."""
    message = (
        f"连续输错{settings.AXES_FAILURE_LIMIT}次密码，这个登录名在这台设备上暂停登录，"
        f"{settings.LOGIN_LOCK_MINUTES}分钟后再试。"
        "急用请联系本单位的系统管理员重置密码。"
    )
    return render(request, "errors/429.html", {"message": message}, status=429)
