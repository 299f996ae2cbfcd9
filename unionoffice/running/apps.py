"""The office's own running as a Django app."""

import logging
from typing import Any

from django.apps import AppConfig
from django.core.management import CommandError
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate

from unionoffice.running import key_guard, roles

logger = logging.getLogger(__name__)


class RunningConfig(AppConfig):
    """Running the office."""

    name = "unionoffice.running"
    verbose_name = "运行"

    def ready(self) -> None:
        """Make the queue known to every task of this process, and guard the key of the stored numbers."""
        from unionoffice import celery  # noqa: F401

        connection_created.connect(key_guard.refuse_other_key)
        post_migrate.connect(guard_key, sender=self)
        post_migrate.connect(roles.grant, sender=self)


def guard_key(sender: RunningConfig, using: str, **_: Any) -> None:
    """Note which DATA_KEY this database was begun with; refuse to go on with one that cannot read it."""
    from unionoffice import crypto
    from unionoffice.running.models import Installation

    installations = Installation.objects.using(using)
    begun_with = installations.values_list("key_fingerprint", flat=True).first()
    if begun_with is None:
        installations.create(key_fingerprint=crypto.key_fingerprint())
    elif (said := key_guard.complaint(begun_with)) == key_guard.STRANGE:
        raise CommandError(said)
    elif said:
        logger.warning(said)
