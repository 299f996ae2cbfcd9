"""A new committee: who of the last one goes on in it."""

from collections.abc import Iterable

from django.db.models import Q

from unionoffice.organisation.models import User
from unionoffice.records.history import act
from unionoffice.records.models import ActKind
from unionoffice.records.steps import StepRefused

from ..choices import TOWNSHIP_APPOINTMENTS, Appointment
from ..models import CommitteeTerm, OfficerPost

CARRIED = ("union_id", "name", "member_id", "post", "is_full_time", "is_frontline", "phone")


def last_committee(term: CommitteeTerm) -> list[OfficerPost]:
    """Elected posts held when the newest term began, by people not yet registered in it with the same post.

    Once the result is approved, posts that ended with the election are over.
    """
    elected = CommitteeTerm.objects.filter(union=term.union_id, elected_on__isnull=False)
    if term.number == 1 or term != elected.order_by("number").last():
        return []
    assert term.elected_on is not None
    seated = set(term.posts.values_list("name", "post"))
    lasts = Q(ended_on__isnull=True)
    if term.approved_on is None:
        lasts |= Q(ended_on__gte=term.elected_on)
    held = OfficerPost.objects.filter(lasts, union=term.union_id, started_on__lt=term.elected_on).exclude(
        post__in=TOWNSHIP_APPOINTMENTS
    )
    return [post for post in held.order_by("started_on", "pk") if (post.name, post.post) not in seated]


def carry_over(term: CommitteeTerm, posts: Iterable[OfficerPost], *, by: User | None) -> list[OfficerPost]:
    """Register re-elected people in the new term from its election on; their old posts end on that day."""
    standing = {post.pk: post for post in last_committee(term)}
    chosen = [standing[post.pk] for post in posts if post.pk in standing]
    if not chosen:
        raise StepRefused("请勾选连任的人。", "posts")
    with act(ActKind.STEP, user=by, summary=f"登记连任：{term}"):
        OfficerPost.objects.filter(pk__in=[post.pk for post in chosen], ended_on__isnull=True).update(
            ended_on=term.elected_on
        )
        return [
            OfficerPost.objects.create(
                term=term,
                started_on=term.elected_on,
                appointment=Appointment.ELECTED,
                **{name: getattr(post, name) for name in CARRIED},
            )
            for post in chosen
        ]
