"""What every page shows around its content: the office's name, the menu of what the user may open, the quick buttons."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.apps import apps
from django.core.cache import caches
from django.http import HttpRequest
from django.urls import reverse

from unionoffice.organisation import access
from unionoffice.organisation.models import User
from unionoffice.organisation.office import setting

from . import desk
from .types import registry

NAME, NAME_SECONDS = "office.name", 60


@dataclass(frozen=True)
class MenuItem:
    title: str
    url: str
    icon: str


@dataclass(frozen=True)
class MenuSection:
    title: str
    items: list[MenuItem]


def office(request: HttpRequest) -> dict[str, Any]:
    """Menu and quick buttons are given as functions: the template keeps what it made of them by role and place."""
    user = getattr(request, "user", None)
    context: dict[str, Any] = {"office": office_name()}
    if user is None or not user.is_authenticated:
        return context
    context["here"] = here(request.path)
    context["menu"] = partial(menu, user)
    context["quick_actions"] = partial(desk.shortcuts, user)
    if done := request.session.pop("draft_done", None):
        context["draft_done"] = done
    return context


def office_name() -> str:
    """Name of the office; asked of the database once a minute."""
    return caches["pages"].get_or_set(NAME, lambda: setting("office.name"), NAME_SECONDS)


def ask_for_name_again() -> None:
    """After a setting was changed."""
    caches["pages"].delete(NAME)


def here(path: str) -> str:
    """The address in the menu under which a page stands: each of them has one part."""
    return path[: path.find("/", 1) + 1] or "/"


def menu(user: User) -> list[MenuSection]:
    """Sections and pages the user's role may open: the desk, the areas' record types, documents, running the system."""
    pages: dict[str, list[MenuItem]] = {"": [MenuItem("首页", reverse("desk"), "home")]}
    for page in desk.PAGES:
        if page.allowed(user):
            pages.setdefault(page.section, []).append(MenuItem(page.title, reverse(page.url_name), page.icon))
    sections = [MenuSection("", pages.pop(""))]
    by_area: dict[str, list[MenuItem]] = {}
    for kind in registry:
        if kind.in_menu and access.may(user, access.VIEW, kind):
            by_area.setdefault(kind.area, []).append(MenuItem(kind.title, kind.url("list"), kind.icon))
    for config in apps.get_app_configs():
        if config.label in by_area:
            sections.append(MenuSection(str(config.verbose_name), by_area[config.label]))
    return sections + [MenuSection(title, items) for title, items in pages.items()]
