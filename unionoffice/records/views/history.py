"""History pages: of one record, of one act, of the whole office; and taking an act back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from unionoffice.organisation import access
from unionoffice.organisation.models import Record, User

from ..history import tracked_models
from ..log_filters import ActFilter
from ..models import Act, Change
from ..parts import kinds_touched, link_title, touches_documents
from ..taking_back import CannotTakeBack, Obstacle, may_be_taken_back, obstacles, obstacles_met, take_back
from ..taking_back_later import is_small, start_taking_back
from ..timeline import may_take_back, timeline, touched_rows
from .page import RecordPage

ROWS = 50


class HistoryPage(RecordPage):
    """Everything that ever happened to one record."""

    needs = access.HISTORY
    template = "records/history.html"

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        record = self.record()
        return self.page(
            record_title=str(record),
            record_url=self.kind.url("record", pk),
            timeline=timeline(record, self.user),
        )


def acts_seen(user: User) -> QuerySet[Act]:
    """Acts a user may look at: all for those who read the whole history, otherwise the own ones."""
    acts = Act.objects.select_related("user")
    return acts if access.may_read_all_history(user) else acts.filter(user=user)


@require_GET
def acts_page(request: HttpRequest) -> HttpResponse:
    """The office's acts, newest first."""
    seen = acts_seen(request.user)
    people = User.objects.filter(Exists(Act.objects.filter(user=OuterRef("pk"))))
    chosen = ActFilter(request.GET, people if access.may_read_all_history(request.user) else None)
    found = Paginator(chosen.narrow(seen).order_by("-pk"), ROWS).get_page(request.GET.get("page"))
    acts = [
        {
            "kind_label": act.get_kind_display(),
            "summary": act.summary,
            "reason": act.reason,
            "who": access.describe(act.user) if act.user else "系统",
            "at": act.at,
            "act_url": reverse("records:act", kwargs={"pk": act.pk}),
        }
        for act in found
    ]
    context = {
        "acts": acts,
        "filter": chosen,
        "hidden_query": chosen.kept(),
        "page": pager(request, found),
    }
    return render(request, "records/acts.html", context)


@require_GET
def act_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What one act changed, row by row; where a job could not take it back, what stands in the way as well."""
    done = get_object_or_404(acts_seen(request.user), pk=pk)
    is_asked = "obstacles" in request.GET and may_be_taken_back(done)
    return _show(request, done, obstacles_met(done) if is_asked else None)


@require_POST
def take_back_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an act back, or name what stands in the way."""
    done = get_object_or_404(acts_seen(request.user), pk=pk)
    if not _offered(done, request.user):
        raise PermissionDenied(f"{request.user.username} may not take back act {pk}")
    reason = request.POST.get("reason", "")
    if not is_small(done):
        if standing := obstacles(done):
            return _show(request, done, standing, status=409)
        return redirect("records:job", pk=start_taking_back(done, user=request.user, reason=reason).pk)
    try:
        back = take_back(done, user=request.user, reason=reason)
    except CannotTakeBack as refusal:
        return _show(request, done, refusal.obstacles, status=409)
    messages.success(request, "已撤回，数据恢复到这次操作之前。")
    return redirect("records:act", pk=back.pk)


def _offered(done: Act, user: User) -> bool:
    """Whether the user may take back every kind of row the act touched."""
    kinds = kinds_touched(done, user)
    if touches_documents(done, user):
        if not access.may_write_documents(user):
            return False
    elif not kinds:
        return False
    return all(may_take_back(done, user, kind) for kind in kinds)


def _show(
    request: HttpRequest, done: Act, standing: list[Obstacle] | None = None, status: int = 200
) -> HttpResponse:
    changes = done.changes.order_by("id")
    found = Paginator(changes, ROWS).get_page(request.GET.get("page"))
    back = Act.objects.filter(takes_back=done).select_related("user").first()
    offered = back is None and _offered(done, request.user)
    context: dict[str, Any] = {
        "act": _act(done, back),
        "tables": _tables(done),
        "rows": touched_rows(list(found), request.user),
        "page": pager(request, found),
        "obstacles": [_obstacle(found, request.user) for found in standing or []],
        "take_back_url": reverse("records:take_back", kwargs={"pk": done.pk}) if offered else "",
    }
    return render(request, "records/act.html", context, status=status)


def _act(done: Act, back: Act | None) -> dict[str, Any]:
    def url(act: Act) -> str:
        return reverse("records:act", kwargs={"pk": act.pk})

    return {
        "kind_label": done.get_kind_display(),
        "at": done.at,
        "who": access.describe(done.user) if done.user else "系统",
        "summary": done.summary,
        "reason": done.reason,
        "request_id": done.request_id,
        "taken_back_by": back and {"at": back.at, "who": access.describe(back.user), "url": url(back)},
        "takes_back": done.takes_back and {"url": url(done.takes_back), "label": str(done.takes_back)},
    }


def _tables(done: Act) -> list[dict[str, Any]]:
    counted: dict[str, dict[str, int]] = {}
    for table, kind, count in done.changes.order_by().values_list("table", "kind").annotate(n=Count("id")):
        counted.setdefault(table, {})[kind] = count
    titles = {m._meta.db_table: str(m._meta.verbose_name) for m in tracked_models()}
    return [
        {
            "title": link_title(table) or titles.get(table, table),
            "created": found.get(Change.Kind.INSERT, 0),
            "changed": found.get(Change.Kind.UPDATE, 0),
            "deleted": found.get(Change.Kind.DELETE, 0),
        }
        for table, found in counted.items()
    ]


def _obstacle(found: Obstacle, user: User) -> dict[str, Any]:
    return {
        "title": _title(found.table, found.row, user) or "不能撤回",
        "url": reverse("records:act", kwargs={"pk": found.act.pk}) if found.act else "",
        "who": access.describe(found.act.user) if found.act and found.act.user else "",
        "at": found.act.at if found.act else None,
        "text": found.message,
    }


def _title(table: str, pk: int | None, user: User) -> str:
    """A row by its kind and, if the user may see it, its name."""
    model = next((model for model in tracked_models() if model._meta.db_table == table), None)
    if model is None:
        return ""
    title = str(model._meta.verbose_name)
    row = access.rows(user, model).filter(pk=pk).first() if issubclass(model, Record) else None
    return f"{title}“{row}”" if row else title


def pager(request: HttpRequest, page: Any) -> dict[str, Any]:
    """A Django page as the shared pager template reads it."""

    def url(number: int) -> str:
        query = request.GET.copy()
        query["page"] = number
        return "?" + query.urlencode()

    total = page.paginator.count
    return {
        "number": page.number,
        "total": total,
        "total_text": f"共 {total:,} 条" if total else "",
        "first": page.start_index(),
        "last": page.end_index(),
        "pages": page.paginator.num_pages,
        "prev_url": url(page.previous_page_number()) if page.has_previous() else "",
        "next_url": url(page.next_page_number()) if page.has_next() else "",
        "jump": page.has_other_pages(),
    }
