"""Request and act ids for logs and history."""

import logging
import uuid
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

request_id: ContextVar[str] = ContextVar("request_id", default="")
act_id: ContextVar[str] = ContextVar("act_id", default="")


class RequestIdMiddleware:
    """Gives each request an id that stands in its log lines, in its acts and in the answer's X-Request-Id."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id.set(uuid.uuid4().hex[:16])
        response = self.get_response(request)
        response["X-Request-Id"] = request_id.get()
        return response


class RequestIdFilter(logging.Filter):
    """Adds request_id and act to every log record; no personal data goes into logs."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get() or "-"
        record.act = act_id.get() or "-"
        return True
