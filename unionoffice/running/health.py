"""`/healthz`: whether this office can work, for the machine that watches it."""

import shutil
from collections.abc import Callable

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from unionoffice.running import heartbeat, key_guard

LEAST_FREE_BYTES = 512 * 1024 * 1024


def database() -> bool:
    """Whether the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("select 1")
        return cursor.fetchone() == (1,)


def broker() -> bool:
    """Whether the queue of background work answers."""
    if not settings.REDIS_URL:
        return False
    with redis.Redis.from_url(settings.REDIS_URL, **settings.REDIS_PATIENCE) as queue:
        return bool(queue.ping())


def disk() -> bool:
    """Whether the data folder has room left."""
    folder = settings.DATA_DIR if settings.DATA_DIR.exists() else settings.ROOT
    return shutil.disk_usage(folder).free >= LEAST_FREE_BYTES


CHECKS: dict[str, Callable[[], bool]] = {
    "database": database,
    "key": key_guard.fits,
    "broker": broker,
    "worker": heartbeat.beats,
    "disk": disk,
}


@login_not_required
@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """Each part "ok" or "failed"; status 200 when all are ok, else 503."""
    found = parts()
    answers = {name: "ok" if works else "failed" for name, works in found.items()}
    return JsonResponse(answers, status=200 if all(found.values()) else 503)


def parts() -> dict[str, bool]:
    """Whether each part of the office works."""
    return {name: _passes(check) for name, check in CHECKS.items()}


def _passes(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:
        # Whatever goes wrong in a check is what it is there to find.
        return False
