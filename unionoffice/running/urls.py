"""Addresses of the running office: for the machine that watches it and for the administrator."""

from django.urls import path

from unionoffice.organisation import access
from unionoffice.records import desk

from . import health, pages

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("system/", pages.system, name="system"),
]

desk.register_page("系统运行", "system", "database", access.may_administer)
