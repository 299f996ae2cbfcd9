"""How often logins may fail from one address and, over all addresses, for one name; asked before a password is hashed.

A hash is slow on purpose: whoever may have many computed slows every page. django-axes locks one name on one address;
these limits bound many names from one address and many addresses on one name. Only failures count, and who has
entered from an address before is never kept out there by the mistakes of others behind it.
"""

import hashlib
import ipaddress
import logging
import time
from datetime import timedelta
from functools import cache
from typing import Any

from axes.helpers import get_client_ip_address
from axes.models import AccessLog
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from limits import RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

KNOWN_FOR = timedelta(days=90)
PAUSE_SECONDS = 10
Limit = tuple[RateLimitItemPerMinute, str, str]
log = logging.getLogger(__name__)
_asks_again_at = 0.0


@cache
def shared() -> FixedWindowRateLimiter:
    """The failures all web processes count together, in Redis."""
    if not settings.REDIS_URL:
        return own()
    options = {"wrap_exceptions": True, **settings.REDIS_PATIENCE}
    return FixedWindowRateLimiter(storage_from_string(settings.REDIS_URL, **options))


@cache
def own() -> FixedWindowRateLimiter:
    """What this process counts alone while Redis is away."""
    return FixedWindowRateLimiter(MemoryStorage())


def refusal(request: HttpRequest, name: str) -> str:
    """Why this try is not even looked at, in one line; empty if it is."""
    said = next((said for said, limit in _limits(request, name) if not _ask("test", limit)), "")
    return said if said and not _has_entered_here(request, name) else ""


def count_failure(request: HttpRequest, name: str) -> None:
    """Note one wrong password."""
    for _, limit in _limits(request, name):
        _ask("hit", limit)


def forgive(name: str) -> None:
    """Forget the failures of a name, which has a new password."""
    _ask("clear", _name_limit(name))


def _limits(request: HttpRequest, name: str) -> list[tuple[str, Limit]]:
    """Both limits of a try, each with what is said once it is reached."""
    minutes = settings.LOGIN_LOCK_MINUTES
    amount = RateLimitItemPerMinute(settings.LOGIN_ADDRESS_FAILURES, minutes)
    network = _network(get_client_ip_address(request) or "")
    return [
        (
            f"这个网络上登录失败的次数太多，暂停登录，{minutes}分钟后再试。在这里登录过的账号不受影响。",
            (amount, "address", network),
        ),
        (
            f"这个登录名在多处登录失败，暂停登录，{minutes}分钟后再试。急用请联系本单位的系统管理员重置密码。",
            _name_limit(name),
        ),
    ]


def _name_limit(name: str) -> Limit:
    amount = RateLimitItemPerMinute(settings.LOGIN_NAME_FAILURES, settings.LOGIN_LOCK_MINUTES)
    # Of any length and content, and nobody else's to read.
    return amount, "name", hashlib.sha256(name.strip().casefold().encode()).hexdigest()


def _network(address: str) -> str:
    """The address, of IPv6 the /64: that much one caller has for himself."""
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((read, 64), strict=False)) if read.version == 6 else address


def _has_entered_here(request: HttpRequest, name: str) -> bool:
    since = timezone.now() - KNOWN_FOR
    return AccessLog.objects.filter(
        username=name, ip_address=get_client_ip_address(request), attempt_time__gte=since
    ).exists()


def _ask(question: str, limit: Limit) -> Any:
    """Ask Redis; for a while after it did not answer, what this process knows."""
    global _asks_again_at
    if time.monotonic() >= _asks_again_at:
        try:
            return getattr(shared(), question)(*limit)
        except StorageError as error:
            log.warning("failed logins are counted by this process alone: %s", error)
            _asks_again_at = time.monotonic() + PAUSE_SECONDS
    return getattr(own(), question)(*limit)
