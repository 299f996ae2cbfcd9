"""Background work of the installation itself."""

import logging
from datetime import timedelta
from pathlib import Path

from celery import shared_task
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from unionoffice.records.importing import runs
from unionoffice.records.models import Submission
from unionoffice.running import archive
from unionoffice.running.errors import RunningError
from unionoffice.running.models import NightlyBackup

logger = logging.getLogger(__name__)
# Longer than any browser tries to send a form again.
SENT_AGAIN = timedelta(days=30)


@shared_task
def nightly_backup() -> str:
    """The name of the archive written; older ones beyond BACKUP_KEEP are removed once it is proven whole."""
    now = timezone.localtime()
    path = settings.BACKUP_DIR / f"unionoffice-{now:%Y%m%d-%H%M%S}.zip"
    try:
        settings.BACKUP_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
        archive.write(path)
        remove_old(settings.BACKUP_DIR, settings.BACKUP_KEEP)
    except (RunningError, OSError) as error:
        logger.error("The nightly backup failed: %s", error)
        NightlyBackup.objects.create(problem=str(error)[:300])
        raise
    NightlyBackup.objects.create(file_name=path.name, size=path.stat().st_size)
    return path.name


def remove_old(folder: Path, keep: int) -> None:
    """Remove all but the newest archives of the scheduler."""
    for path in sorted(folder.glob("unionoffice-*.zip"), reverse=True)[keep:]:
        path.unlink()


@shared_task
def forget_old() -> None:
    """Remove ended sessions, keys of forms sent long ago and files of imports, which nothing else would ever remove."""
    call_command("clearsessions")
    runs.forget_old()
    Submission.objects.filter(at__lt=timezone.now() - SENT_AGAIN).delete()
