"""A worker's sign of life in the cache, so that `/healthz` need not wait for an answer of the queue."""

import logging
import threading

from django.core.cache import cache

KEY = "unionoffice.worker"
EVERY, LASTS = 30, 90
logger = logging.getLogger(__name__)
_stop = threading.Event()


def beats() -> bool:
    """Whether any worker was alive in the last 90 seconds, as far as the broker can tell."""
    try:
        return cache.get(KEY) is not None
    except Exception:
        # Without the broker nobody can be heard.
        return False


def start() -> None:
    """Write the sign now and every 30 seconds until `stop`."""
    _stop.clear()
    threading.Thread(target=_beat, name="heartbeat", daemon=True).start()


def stop() -> None:
    """Write no more."""
    _stop.set()


def _beat() -> None:
    while not _stop.is_set():
        try:
            cache.set(KEY, 1, LASTS)
        except Exception:
            # The broker may be restarting; the next beat tries again.
            logger.warning("The heartbeat could not be written", exc_info=True)
        _stop.wait(EVERY)
