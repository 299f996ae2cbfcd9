"""Everybody's own password."""

from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils import timezone

from unionoffice.organisation.models import OldPassword
from unionoffice.records.history import act
from unionoffice.records.models import ActKind


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
            "不能含姓名、登录名、单位名称，不能是常见密码、年份和连号的组合，"
            f"不能是最近{settings.PASSWORD_HISTORY}次用过的。"
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
        with act(ActKind.CHANGE, user=user, summary=f"账号 {user.username} 改了自己的密码"):
            OldPassword.objects.create(user=user, password=user.password)
            user.must_change_password, user.password_changed_at = False, timezone.now()
            response = super().form_valid(form)
        messages.success(self.request, "密码已修改。")
        return response
