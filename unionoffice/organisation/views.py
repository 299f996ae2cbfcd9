"""Logging in, changing one's password, and the pages for what went wrong."""

from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils import timezone

from .models import OldPassword


class LoginForm(AuthenticationForm):
    """Tells before it happens what wrong passwords lead to."""

    error_messages: ClassVar = AuthenticationForm.error_messages | {
        "invalid_login": f"登录名或密码不对，请核对大小写。连续输错{settings.AXES_FAILURE_LIMIT}次会暂停登录。"
    }


class Login(auth_views.LoginView):
    form_class = LoginForm
    redirect_authenticated_user = True


class PasswordForm(PasswordChangeForm):
    """The rules in one line, before the mistake."""

    error_messages: ClassVar = PasswordChangeForm.error_messages | {
        "password_incorrect": "原密码不对，请重新输入。",
        "password_mismatch": "两次输入的新密码不一样。",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in {"old_password": "原密码", "new_password2": "再输一次新密码"}.items():
            self.fields[name].label, self.fields[name].help_text = label, ""
        self.fields["new_password1"].help_text = (
            f"至少{settings.PASSWORD_MIN_LENGTH}个字符，含大写字母、小写字母、数字、符号中的至少三类；"
            f"不能与姓名、登录名相近，不能是最近{settings.PASSWORD_HISTORY}次用过的。"
        )


class ChangePassword(auth_views.PasswordChangeView):
    """Everybody changes the own password; the old one is remembered so that it is not chosen again soon."""

    form_class = PasswordForm
    success_url = reverse_lazy("desk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, oldest = self.request.user, timezone.now() - timedelta(days=settings.PASSWORD_DAYS)
        why = ""
        if user.must_change_password:
            why = "现在用的是一次性密码，请先换成自己的密码，换好就可以开始使用。"
        elif settings.PASSWORD_DAYS and user.password_changed_at < oldest:
            why = f"密码已用满{settings.PASSWORD_DAYS}天，请换一个新的再继续。"
        return super().get_context_data(must_change=why, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        user = form.user
        OldPassword.objects.create(user=user, password=user.password)
        user.must_change_password, user.password_changed_at = False, timezone.now()
        response = super().form_valid(form)
        messages.success(self.request, "密码已修改。")
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
    minutes = round(settings.AXES_COOLOFF_TIME * 60)
    message = (
        f"连续输错{settings.AXES_FAILURE_LIMIT}次密码，这个登录名在这台设备上暂停登录，{minutes}分钟后再试。"
        "急用请联系本单位的系统管理员重置密码。"
    )
    return render(request, "errors/429.html", {"message": message}, status=429)
