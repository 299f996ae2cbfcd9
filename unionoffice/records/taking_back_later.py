"""Taking back an act of many rows, as a large import is, in the background."""

from django.urls import reverse

from unionoffice.organisation.models import User

from .jobs import JobFailed, Progress, job_kind, start_job
from .models import Act, Job
from .taking_back import CannotTakeBack, take_back

AT_ONCE = 5_000  # changes taken back while the user waits


def is_small(done: Act) -> bool:
    return done.changes.order_by()[: AT_ONCE + 1].count() <= AT_ONCE


def start_taking_back(done: Act, *, user: User, reason: str) -> Job:
    page = reverse("records:act", kwargs={"pk": done.pk})
    arguments = {"act": done.pk, "reason": reason}
    return start_job("take-back", owner=user, title=f"撤回 {done}", arguments=arguments, leads_to=page)


@job_kind("take-back")
def take_back_job(job: Job, progress: Progress) -> None:
    done = Act.objects.get(pk=job.arguments["act"])
    try:
        back = take_back(done, user=job.owner, reason=job.arguments["reason"], progress=progress)
    except CannotTakeBack as refusal:
        job.result_url = f"{reverse('records:act', kwargs={'pk': done.pk})}?obstacles=1"
        raise JobFailed(f"没有撤回：{refusal}") from refusal
    job.result_url = reverse("records:act", kwargs={"pk": back.pk})
    job.message = "已撤回，数据恢复到这次操作之前。"
