"""Whose request it is, when proxies of ours stand before the office."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address of the caller's machine, as noted by the outermost of our PROXY_COUNT proxies."""
    own = request.META.get("REMOTE_ADDR", "")
    chain = [*request.META.get("HTTP_X_FORWARDED_FOR", "").split(","), own]
    # Each proxy appends whom it heard; whatever stands before is the caller's own invention.
    place = len(chain) - 1 - settings.PROXY_COUNT
    return (chain[place].strip() or own) if settings.PROXY_COUNT and place >= 0 else own
