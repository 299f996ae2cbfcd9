"""The desk, and going anywhere by typing."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from unionoffice import facts
from unionoffice.organisation import access

from .. import desk
from ..cells import plain
from ..context import menu
from ..models import Job
from ..searching import search
from ..types import registry
from .history import acts_seen

RECENT, FOUND = 6, 5
WEEKDAYS = "一二三四五六日"


@require_GET
def desk_page(request: HttpRequest) -> HttpResponse:
    """A user's home: what to do, the figures of the year so far, what happened last."""
    user, now = request.user, timezone.localtime()
    jobs = Job.objects.filter(owner=user).exclude(state=Job.State.CANCELLED)
    context = {
        "greeting": f"{_part_of_day(now)}，{user.name}",
        "today": f"{now.year}年{now.month}月{now.day}日 星期{WEEKDAYS[now.weekday()]}",
        "tiles": _tiles(request),
        "reminders": desk.reminders(user),
        "jobs": [
            {
                "title": job.title,
                "state_label": job.get_state_display(),
                "url": reverse("records:job", args=[job.pk]),
            }
            for job in jobs[:RECENT]
        ],
        "acts": [
            {
                "kind_label": act.get_kind_display(),
                "summary": act.summary,
                "who": act.user.name if act.user else "系统",
                "at": act.at,
                "act_url": reverse("records:act", args=[act.pk]),
            }
            for act in acts_seen(user).order_by("-pk")[:RECENT]
        ],
        "quick_actions": desk.shortcuts(user),
    }
    return render(request, "desk.html", context)


def _part_of_day(now: datetime) -> str:
    return (
        "早上好" if now.hour < 11 else "中午好" if now.hour < 14 else "下午好" if now.hour < 18 else "晚上好"
    )


def _tiles(request: HttpRequest) -> list[dict[str, Any]]:
    """The tiles' facts for this year, of the user's unions; only those whose records the user may see."""
    user = request.user
    keys = [key for key in desk.TILES if _may_see(user, facts.registry[key])]
    if not keys:
        return []
    today = timezone.localdate()
    scope = facts.year_scope(today.year, access.unions_of(user), today)
    scope = scope.at(as_of=today, as_ofs=())
    return [
        {
            "label": found.fact.label,
            "value": f"{found.value:,}" if isinstance(found.value, int) else plain(found.value) or "—",
            "unit": found.fact.unit,
            "url": found.url,
            "definition": found.fact.definition,
        }
        for key, found in facts.compute(keys, scope).items()
        if key in keys
    ]


def _may_see(user: Any, fact: facts.Fact) -> bool:
    kind = registry.get(fact.slug)
    return kind is not None and access.may(user, access.VIEW, kind)


@require_GET
def go(request: HttpRequest) -> HttpResponse:
    """Pages and records that fit what was typed into the palette."""
    text = request.GET.get("q", "").strip()
    found = [
        {"label": item.title, "url": item.url, "group": section.title or "页面"}
        for section in menu(request.user)
        for item in section.items
        if not text or text.lower() in item.title.lower()
    ]
    for kind in registry:
        if len(text) < 2 or not kind.search or not access.may(request.user, access.VIEW, kind):
            continue
        for row in kind.findable(request.user).filter(search(kind, text))[:FOUND]:
            found.append(
                {
                    "label": str(row),
                    "hint": kind.note(row),
                    "url": kind.url("record", row.pk),
                    "group": kind.title,
                }
            )
    return JsonResponse(found, safe=False)
