"""The cache of sessions and of what every page asks for: while Redis is away, pages are slower and nothing else."""

import logging
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeout

PAUSE_SECONDS = 10
log = logging.getLogger(__name__)


def _forgiving(method: Callable[..., Any], answer: Any) -> Callable[..., Any]:
    @wraps(method)
    def attempt(self: RedisCache, *args: Any, **options: Any) -> Any:
        if time.monotonic() < PageCache.asks_again_at:
            return answer
        try:
            return method(self, *args, **options)
        except RedisError as error:
            if isinstance(error, RedisTimeout):
                PageCache.asks_again_at = time.monotonic() + PAUSE_SECONDS
            log.warning("the cache could not %s: %s", method.__name__, type(error).__name__)
            return answer

    return attempt


class PageCache(RedisCache):
    """What cannot be asked is not known, what cannot be kept is not kept.

    Not for what must be known for certain, such as the signs of life of a job. A Redis that hangs is waited for once;
    then this process does without it for a while, else a page would wait as often as it asks.
    """

    asks_again_at = 0.0

    add = _forgiving(RedisCache.add, answer=False)
    set = _forgiving(RedisCache.set, answer=None)
    delete = _forgiving(RedisCache.delete, answer=False)
    has_key = _forgiving(RedisCache.has_key, answer=False)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return _forgiving(RedisCache.get, answer=default)(self, key, default, version)
