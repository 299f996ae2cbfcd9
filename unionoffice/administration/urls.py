"""Addresses of accounts, one's own password, settings and oversight."""

from django.urls import path

from unionoffice.organisation import access
from unionoffice.records import desk

from . import accounts, oversight, own_password, settings_pages

urlpatterns = [
    path("me/password/", own_password.ChangePassword.as_view(), name="password_change"),
    path("accounts/", accounts.AccountList.as_view(), name="accounts"),
    path("accounts/new/", accounts.AccountPage.as_view(), name="account_new"),
    path("accounts/chairs/", accounts.ChairAccounts.as_view(), name="chair_accounts"),
    path("accounts/<int:pk>/", accounts.AccountPage.as_view(), name="account"),
    path("accounts/<int:pk>/reset/", accounts.ResetPassword.as_view(), name="account_reset"),
    path("settings/", settings_pages.SettingList.as_view(), name="settings"),
    path("settings/values/<int:pk>/remove/", settings_pages.RemoveValue.as_view(), name="setting_remove"),
    path("settings/<str:key>/", settings_pages.SettingPage.as_view(), name="setting"),
    path("disclosures/", oversight.disclosures, name="disclosures"),
]

desk.register_page("设置", "settings", "settings", access.may_set)
desk.register_page("敏感信息查看记录", "disclosures", "eye", access.may_oversee)
desk.register_page("账号", "accounts", "users", access.may_administer)
