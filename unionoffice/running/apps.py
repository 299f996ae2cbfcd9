"""The office's own running as a Django app."""

import logging
from typing import Any

from django.apps import AppConfig
from django.core.management import CommandError
from django.db.models.signals import post_migrate

logger = logging.getLogger(__name__)


class RunningConfig(AppConfig):
    """Running the office."""

    name = "unionoffice.running"
    verbose_name = "运行"

    def ready(self) -> None:
        """Make the queue known to every task of this process, and guard the key of the stored numbers."""
        from unionoffice import celery  # noqa: F401

        post_migrate.connect(guard_key, sender=self)


def guard_key(sender: RunningConfig, using: str, **_: Any) -> None:
    """Note which DATA_KEY this database was begun with; refuse to go on with one that cannot read it."""
    from unionoffice import crypto
    from unionoffice.running.models import Installation

    installations = Installation.objects.using(using)
    begun_with = installations.values_list("key_fingerprint", flat=True).first()
    if begun_with is None:
        installations.create(key_fingerprint=crypto.key_fingerprint())
    elif begun_with not in crypto.key_fingerprints():
        raise CommandError(
            "DATA_KEY is not the key this database was begun with, its numbers could not be read; "
            "put the old key back (keys.env in the data folder, or the environment)"
        )
    elif begun_with != crypto.key_fingerprint():
        logger.warning("DATA_KEY was changed: run rotate_data_key before the office opens")
