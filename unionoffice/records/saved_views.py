"""Saved views of lists, as far as a user sees them.

Every list page asks for them and most lists have none: those of a list are remembered for a minute, or until one changes.
"""

from typing import Any

from django.core.cache import caches
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from unionoffice.organisation import access
from unionoffice.organisation.models import User

from .models import SavedView

REMEMBERED_SECONDS = 60


def views_for(user: User, slug: str) -> list[SavedView]:
    """The user's own views of this list and those that colleagues share, by name."""
    views = caches["pages"].get_or_set(_key(slug), lambda: _stored(slug), REMEMBERED_SECONDS)
    sharing = {view.owner_id for view in views if view.is_shared} - {user.pk}
    if sharing:
        sharing = set(access.colleagues(user).filter(pk__in=sharing).values_list("pk", flat=True))
    return [
        view for view in views if view.owner_id == user.pk or (view.is_shared and view.owner_id in sharing)
    ]


def _stored(slug: str) -> list[SavedView]:
    return list(SavedView.objects.filter(slug=slug).order_by("name"))


def _key(slug: str) -> str:
    return f"views.{slug}"


@receiver((post_save, post_delete), sender=SavedView)
def forget(instance: SavedView, **_: Any) -> None:
    caches["pages"].delete(_key(instance.slug))
