"""The queue of background work: tasks live in each app's `tasks` or `jobs` module."""

import os

from celery import Celery
from celery.signals import worker_init, worker_ready, worker_shutting_down

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "unionoffice.settings")
app = Celery("unionoffice")
# Every web thread must find this app, not only the one that happened to import it.
app.set_default()
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="jobs")
# A worker loads no pages, so it must learn here which kinds of job there are.
app.autodiscover_tasks(["unionoffice.records"], related_name="exporting")
app.autodiscover_tasks(["unionoffice.records"], related_name="taking_back_later")
app.autodiscover_tasks(["unionoffice.records.importing"], related_name="runs")


@worker_init.connect
def refuse_other_key(**_: object) -> None:
    """A worker under another DATA_KEY than the stored numbers' takes no work; it is for the key guard to say why."""
    from django.db import connections

    from unionoffice.running import key_guard

    if not key_guard.fits():
        raise SystemExit(1)
    connections.close_all()


@worker_ready.connect
def start_heartbeat(**_: object) -> None:
    """Let `/healthz` know that a worker is alive."""
    from unionoffice.running import heartbeat

    heartbeat.start()


@worker_shutting_down.connect
def stop_heartbeat(**_: object) -> None:
    """Give no more signs of life; other workers may still."""
    from unionoffice.running import heartbeat

    heartbeat.stop()
