"""A job's page for its owner: how far it is, to cancel it, and its result."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from ..jobs import cancel_job, progress_of
from ..models import Job
from .files import serve

FAILED = (Job.State.FAILED, Job.State.CANCELLED)


def _own(request: HttpRequest, pk: UUID) -> Job:
    return get_object_or_404(Job, pk=pk, owner=request.user)


@require_GET
def job_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The page, or for htmx the part of it that changes; whoever waits is led on to a result that is a page."""
    job = _own(request, pk)
    if not request.htmx:
        return render(request, "records/job.html", {"job": shown(job)})
    if job.state == Job.State.DONE and job.result_url and not job.result_id:
        return HttpResponseClientRedirect(job.result_url)
    return render(request, "records/_job.html", {"job": shown(job)})


@require_POST
def job_cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    cancel_job(_own(request, pk))
    return redirect("records:job", pk=pk)


@require_GET
def job_result(request: HttpRequest, pk: UUID) -> HttpResponse:
    job = get_object_or_404(Job.objects.select_related("result"), pk=pk, owner=request.user)
    if job.result is None:
        raise Http404(f"job {pk} has no file, or not any longer")
    return serve(job.result, job.result_name)


def shown(job: Job) -> dict[str, Any]:
    """A job as its template reads it."""
    done, total = progress_of(job)
    is_running = job.is_open
    is_forgotten = job.result_name and not job.result_id
    can_cancel = is_running and not job.cancel_asked
    return {
        "url": reverse("records:job", args=[job.pk]),
        "title": job.title,
        "state": job.state,
        "state_label": "正在取消" if is_running and job.cancel_asked else job.get_state_display(),
        "done": f"{done:,}",
        "total": f"{total:,}" if total else "",
        "percent": min(100, 100 * done // total) if total else 0,
        "message": job.message,
        "running": is_running,
        "failed": job.state in FAILED,
        "result_url": "" if is_forgotten else job.result_url,
        "retry_url": job.result_url if job.state in FAILED else "",
        "result_label": f"下载 {_format(job.result_name)}" if job.result_id else "查看结果",
        "cancel_url": reverse("records:job_cancel", args=[job.pk]) if can_cancel else "",
    }


def _format(name: str) -> str:
    """What people call a file of that name."""
    return {"pdf": "PDF", "zip": "压缩包"}.get(name.rpartition(".")[2], "Excel")
