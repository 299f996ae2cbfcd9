"""The cache of sessions and of what every page asks for: while Redis is away, pages are slower and nothing else."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


def _forgiving(method: Callable[..., Any], answer: Any) -> Callable[..., Any]:
    @wraps(method)
    def attempt(self: RedisCache, *args: Any, **options: Any) -> Any:
        try:
            return method(self, *args, **options)
        except RedisError as error:
            log.warning("the cache could not %s: %s", method.__name__, type(error).__name__)
            return answer

    return attempt


class PageCache(RedisCache):
    """What cannot be asked is not known, what cannot be kept is not kept.

    Not for what must be known for certain, such as the signs of life of a job.
    """

    add = _forgiving(RedisCache.add, answer=False)
    set = _forgiving(RedisCache.set, answer=None)
    delete = _forgiving(RedisCache.delete, answer=False)
    has_key = _forgiving(RedisCache.has_key, answer=False)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return _forgiving(RedisCache.get, answer=default)(self, key, default, version)
