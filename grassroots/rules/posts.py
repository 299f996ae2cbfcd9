"""Rules of posts: V08, one chair at a time, who may give which post."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from members.choices import State
from members.models import Member
from unionoffice.organisation import access
from unionoffice.organisation.choices import UnionKind
from unionoffice.organisation.models import Union
from unionoffice.records.rules import Batch, Problem, refused, warned

from ..choices import TOWNSHIP_APPOINTMENTS, Post
from ..models import CommitteeTerm, OfficerPost
from .spans import Span, clashes, grouped, kept

TOWNSHIP_ONLY = "兼职主席、兼职协理员由镇总工会聘任，请联系镇总工会登记"


def holder_is_member(batch: Batch) -> Iterator[Problem]:
    """V08: whoever holds a post is an active member of that union; the township's own people need not be."""
    names = ("union", "member", "name", "post", "ended_on")
    township = set(Union.objects.filter(kind=UnionKind.TOWNSHIP).values_list("pk", flat=True))
    linked = {row.pk: row for row in Member.objects.filter(pk__in=[m for m in batch.column("member") if m])}
    unions = set(batch.column("union")) - {None}
    roster = Member.objects.filter(union__in=unions, state=State.ACTIVE, name__in=batch.column("name"))
    namesakes = Counter(roster.values_list("union", "name"))
    for index, (union, member, name, post, ended_on) in batch.rows(*names):
        if union is None or union in township or ended_on is not None or post in TOWNSHIP_APPOINTMENTS:
            continue
        person = linked.get(member)
        if person is not None and (person.union_id != union or person.state != State.ACTIVE):
            yield warned(index, "member", "holder-no-member", f"“{person.name}”现在不是该工会的正常会员")
        elif person is None and not namesakes[union, name]:
            yield warned(index, "name", "holder-no-member", f"该工会的会员中没有“{name}”，请先登记入会")


def holder_named(batch: Batch) -> Iterator[Problem]:
    """The name of a post is that of the member it is linked to."""
    names = dict(
        Member.objects.filter(pk__in=[m for m in batch.column("member") if m]).values_list("pk", "name")
    )
    for index, (member, name) in batch.rows("member", "name"):
        if member in names and name and names[member] != name:
            yield refused(index, "name", "holder-other-name", f"与所选会员“{names[member]}”的姓名不一致")


def one_chair(batch: Batch) -> Iterator[Problem]:
    """A union has one chair at a time."""

    def spans() -> Iterator[tuple[Any, Span]]:
        for index, (union, post, name, start, end) in batch.rows(
            "union", "post", "name", "started_on", "ended_on"
        ):
            if union and post == Post.CHAIR and start:
                yield union, Span(start, end, name, index)
        stored = kept(OfficerPost.objects.filter(union__in=batch.column("union"), post=Post.CHAIR), batch)
        for union, name, start, end in stored.values_list("union", "name", "started_on", "ended_on"):
            yield union, Span(start, end, name)

    for span, other in clashes(grouped(spans())):
        yield warned(
            span.index, "post", "two-chairs", f"“{other.other}”同期任主席（{other.start}起），请先办理其离任"
        )


def post_of_term(batch: Batch) -> Iterator[Problem]:
    """The term of a post is one of its union; a post ends after it began."""
    unions = dict(
        CommitteeTerm.objects.filter(pk__in=[t for t in batch.column("term") if t]).values_list("pk", "union")
    )
    for index, (union, term, start, end) in batch.rows("union", "term", "started_on", "ended_on"):
        if term in unions and unions[term] != union:
            yield refused(index, "term", "term-of-other-union", "所选届次不是该工会的届次")
        if start and end and end < start:
            yield refused(index, "ended_on", "post-ends-before-start", f"离任日期早于任职日期{start}")


def township_appointments(batch: Batch) -> Iterator[Problem]:
    """A chair does not record the township's appointments (domain §14)."""
    if batch.user is None or access.sees_whole_town(batch.user):
        return
    stored = dict(OfficerPost.objects.filter(pk__in=[pk for pk in batch.pks if pk]).values_list("pk", "post"))
    for index, (post,) in batch.rows("post"):
        if post in TOWNSHIP_APPOINTMENTS or stored.get(batch.pks[index]) in TOWNSHIP_APPOINTMENTS:
            yield refused(index, "post", "township-appointment", TOWNSHIP_ONLY)
