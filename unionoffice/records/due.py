"""What was dated ahead takes effect on its day: whoever reads first on a new day brings the rows up to date before.

No nightly job may be missed for it: every request of somebody logged in, every task and every command asks first.
An area registers what it does, as a function of the last day that was brought up to date and of the new one.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from celery.signals import task_prerun
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from .models import UpToDate

Effect = Callable[[date, date], None]
EFFECTS: list[Effect] = []
_seen: set[date] = set()  # the day this process has brought up to date


def takes_effect(effect: Effect) -> Effect:
    """Register what is done on a new day: (last day, this day)."""
    EFFECTS.append(effect)
    return effect


def bring_up_to_date() -> None:
    """Let everything dated up to today take effect. Asks the database once a day in each process."""
    today = timezone.localdate()
    if today in _seen:
        return
    with transaction.atomic():
        last = UpToDate.objects.select_for_update().first() or UpToDate(day=today)
        if last.day != today:
            for effect in EFFECTS:
                effect(min(last.day, today), max(last.day, today))
        last.day = today
        last.save()
    _seen.clear()
    _seen.add(today)


@task_prerun.connect
def before_task(**_: object) -> None:
    """A task sees the rows of its day."""
    bring_up_to_date()


class UpToDateMiddleware:
    """Nobody who is logged in reads the rows of yesterday."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> None:
        if request.user.is_authenticated:
            bring_up_to_date()
