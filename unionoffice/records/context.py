"""What every page shows around its content: the office's name, the menu of what the user may open, the quick buttons."""

from typing import Any

from django.apps import apps
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse

from unionoffice.organisation import access
from unionoffice.organisation.office import setting

from . import desk
from .types import registry

NAME_SECONDS = 60


def office(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    context: dict[str, Any] = {"office": office_name()}
    if user is None or not user.is_authenticated:
        return context
    context["menu"] = menu(request)
    context["quick_actions"] = desk.shortcuts(user)
    if done := request.session.pop("draft_done", None):
        context["draft_done"] = done
    return context


def office_name() -> str:
    """Name of the office; asked of the database once a minute."""
    return cache.get_or_set("office.name", lambda: setting("office.name"), NAME_SECONDS)


def menu(request: HttpRequest) -> list[dict[str, Any]]:
    """Sections and pages the user may open: the desk, the areas' record types, documents, running the system."""
    user = request.user
    pages: dict[str, list[dict[str, Any]]] = {"": [_item(request, "首页", "desk", "home")]}
    for page in desk.PAGES:
        if page.allowed(user):
            pages.setdefault(page.section, []).append(_item(request, page.title, page.url_name, page.icon))
    sections = [{"title": "", "items": pages.pop("")}]
    by_area: dict[str, list[dict[str, Any]]] = {}
    for kind in registry:
        if kind.in_menu and access.may(user, access.VIEW, kind):
            by_area.setdefault(kind.area, []).append(_entry(request, kind.title, kind.url("list"), kind.icon))
    for config in apps.get_app_configs():
        if config.label in by_area:
            sections.append({"title": str(config.verbose_name), "items": by_area[config.label]})
    return sections + [{"title": title, "items": items} for title, items in pages.items()]


def _item(request: HttpRequest, title: str, name: str, icon: str) -> dict[str, Any]:
    return _entry(request, title, reverse(name), icon)


def _entry(request: HttpRequest, title: str, url: str, icon: str) -> dict[str, Any]:
    active = request.path == url if url == "/" else request.path.startswith(url)
    return {"title": title, "url": url, "icon": icon, "active": active}
