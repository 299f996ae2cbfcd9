"""Accounts: made, changed and closed by the administrator; chairs' accounts in bulk, with one-time passwords to print."""

import re
from dataclasses import dataclass
from typing import Any, ClassVar

from axes.utils import reset
from django import forms
from django.contrib import messages
from django.contrib.auth.forms import UsernameField
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views import View

from unionoffice import pinyin
from unionoffice.organisation import access, throttling
from unionoffice.organisation.choices import Role
from unionoffice.organisation.models import Union, User
from unionoffice.organisation.passwords import hand_out_password
from unionoffice.records.history import act
from unionoffice.records.models import ActKind
from unionoffice.records.pickers import PickerField
from unionoffice.records.types import registry
from unionoffice.records.views.history import pager

ROWS = 50
UNIONS = "unions"
LOGIN_NAME = re.compile(r"[\w.-]+")


@dataclass(frozen=True)
class Handout:
    """What is printed and handed to the owner of a new or reset account; the password is kept nowhere else."""

    user: User
    password: str


class AccountForm(forms.ModelForm):
    union = PickerField(
        Union.objects.all(), label="所属工会", required=False, help_text="基层工会主席必须选择。"
    )

    class Meta:
        model = User
        fields = ("username", "name", "role", "union", "phone", "is_active")
        field_classes: ClassVar = {"username": UsernameField}
        help_texts: ClassVar = {
            "username": "字母、数字或汉字，可以有 . _ -，不能有空格",
            "is_active": "停用后不能登录；经办的记录和操作记录都保留，随时可以再启用",
        }

    def clean_username(self) -> str:
        username = self.cleaned_data["username"]
        if not LOGIN_NAME.fullmatch(username):
            raise forms.ValidationError("登录名只能用字母、数字、汉字和 . _ -，不能有空格。")
        same = User.objects.filter(username__iexact=username).exclude(pk=self.instance.pk)
        if same.exists():
            raise forms.ValidationError(f"已有登录名“{same[0].username}”，请换一个。")
        return username

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("role") == Role.CHAIR and not cleaned.get("union"):
            self.add_error("union", "基层工会主席账号必须选择所属工会。")
        if cleaned.get("role") and cleaned["role"] != Role.CHAIR:
            cleaned["union"] = None
        return cleaned


class AdministratorPage(View):
    """Only for those who administer accounts; everybody else is refused (403)."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not access.may_administer(request.user):
            raise PermissionDenied(f"{request.user.username} does not administer accounts")
        return super().dispatch(request, *args, **kwargs)


class AccountList(AdministratorPage):
    def get(self, request: HttpRequest) -> HttpResponse:
        q, role = request.GET.get("q", "").strip(), request.GET.get("role", "")
        rows = User.objects.select_related("union").order_by("-is_active", "role", "username")
        if q:
            rows = rows.filter(Q(username__icontains=q) | Q(name__icontains=q) | Q(union__name__icontains=q))
        if role in Role.values:
            rows = rows.filter(role=role)
        found = Paginator(rows, ROWS).get_page(request.GET.get("page"))
        context = {
            "accounts": found,
            "q": q,
            "role": role,
            "hidden_query": [("role", role)] if role else [],
            "roles": Role.choices,
            "page": pager(request, found),
        }
        return render(request, "administration/accounts.html", context)


class AccountPage(AdministratorPage):
    """One account: new without a pk, else changed."""

    def account(self, pk: int | None) -> User:
        return get_object_or_404(User, pk=pk) if pk else User()

    def show(self, request: HttpRequest, form: AccountForm, status: int = 200) -> HttpResponse:
        return render(
            request, "administration/account.html", {"form": form, "account": form.instance}, status=status
        )

    def get(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        return self.show(request, AccountForm(instance=self.account(pk)))

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        form = AccountForm(request.POST, instance=self.account(pk))
        if form.is_valid() and form.instance.pk == request.user.pk and not form.cleaned_data["is_active"]:
            form.add_error("is_active", "不能停用自己的账号。")
        if form.is_valid() and form.instance.pk == request.user.pk and "role" in form.changed_data:
            form.add_error("role", "不能改自己的角色，请由另一位系统管理员办理。")
        if not form.is_valid():
            return self.show(request, form, status=422)
        if pk:
            with act(ActKind.CHANGE, user=request.user, summary=f"账号 {form.instance.username}"):
                form.save()
            messages.success(request, f"已保存账号{form.instance.username}。")
            return redirect("accounts")
        with act(ActKind.CREATE, user=request.user, summary=f"账号 {form.instance.username}"):
            handout = _hand_out(form.save(commit=False))
        return _print(request, [handout])


class ResetPassword(AdministratorPage):
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = get_object_or_404(User, pk=pk)
        with act(ActKind.CHANGE, user=request.user, summary=f"账号 {user.username} 重置密码"):
            handout = _hand_out(user)
        return _print(request, [handout])


class ChairAccounts(AdministratorPage):
    """Accounts for the unions whose chair has none yet, made in one go."""

    def without(self) -> QuerySet[Union]:
        taken = User.objects.filter(role=Role.CHAIR, is_active=True).values("union")
        unions = Union.objects.on_day(timezone.localdate()).counted().exclude(pk__in=taken)
        # The post-holder of today, as the list of unions shows it.
        chair = registry[UNIONS].annotations["chair"]
        return unions.annotate(chair=chair).order_by("name_pinyin")

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "administration/chair_accounts.html", {"unions": self.without()})

    def post(self, request: HttpRequest) -> HttpResponse:
        chosen = self.without().filter(pk__in=[pk for pk in request.POST.getlist("union") if pk.isdecimal()])
        unions = list(chosen)
        if not unions:
            messages.error(request, "请先勾选工会。")
            return redirect("chair_accounts")
        with act(ActKind.CREATE, user=request.user, summary=f"批量开通{len(unions)}个主席账号"):
            handouts = [_hand_out(_chair_of(union)) for union in unions]
        return _print(request, handouts)


def _chair_of(union: Union) -> User:
    """An account named after the union's initials, numbered where that is taken; its owner is the chair in office."""
    short = union.short_name or union.name
    stem = pinyin.name_initials(short, person=False)[:12] or "gh"
    username, number = stem, 1
    while User.objects.filter(username=username).exists():
        number += 1
        username = f"{stem}{number}"
    return User(username=username, name=union.chair or f"{short}主席"[:25], role=Role.CHAIR, union=union)


@transaction.atomic
def _hand_out(user: User) -> Handout:
    """Give an account a one-time password, to be changed at the next login; failed logins before it no longer count."""
    password = hand_out_password(user)
    reset(username=user.username)
    throttling.forgive(user.username)
    return Handout(user, password)


def _print(request: HttpRequest, handouts: list[Handout]) -> HttpResponse:
    """The slips to print, shown this once."""
    context = {"handouts": handouts, "address": request.build_absolute_uri(reverse("login"))}
    return render(request, "administration/handouts.html", context)
