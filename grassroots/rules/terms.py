"""Rules of terms and re-elections: V06, V07, the order of the steps."""

import itertools
from collections.abc import Iterator
from datetime import date
from typing import Any

from unionoffice.identity import add_months
from unionoffice.organisation.models import Union
from unionoffice.records.rules import Batch, Problem, refused, warned

from ..choices import Stage, TermYears
from ..deadlines import ANSWER_DAYS, NOTICE_DAYS, POSTPONE_MONTHS, limits, workdays_after
from ..models import CommitteeTerm, ReelectionStep
from ..queries import members_then
from .spans import Span, clashes, grouped, kept

# (members up to, fewest seats, most seats), 工会基层组织选举工作条例 art. 8.
SIZE_BANDS = (
    (24, 3, 5),
    (200, 3, 7),
    (1000, 7, 15),
    (5000, 15, 21),
    (10000, 21, 29),
    (50000, 29, 37),
)


def term_length(batch: Batch) -> Iterator[Problem]:
    """V06: three or five years; elected before approved; a postponement moves the end back, within its limit."""
    for index, (years, elected_on, approved_on) in batch.rows("years", "elected_on", "approved_on"):
        if years is not None and years not in TermYears.values:
            yield refused(index, "years", "term-years", "任期只能是3年或5年")
        if approved_on is not None and elected_on is None:
            yield refused(
                index, "elected_on", "approved-without-election", "填写了批复日期，请同时填写选举日期"
            )
        if elected_on and approved_on and approved_on < elected_on:
            yield refused(
                index, "approved_on", "approved-before-election", f"批复日期早于选举日期{elected_on}"
            )


def postponement(batch: Batch) -> Iterator[Problem]:
    """A postponement moves the end back, within the limit of the settings; an early end lies before it."""
    months = limits(batch.today)[POSTPONE_MONTHS]
    names = ("years", "elected_on", "postponed_until", "ended_on")
    for index, (years, elected_on, postponed_until, ended_on) in batch.rows(*names):
        if elected_on is None or years not in TermYears.values:
            continue
        regular = add_months(elected_on, years * 12)
        if postponed_until is not None and postponed_until <= regular:
            yield refused(
                index, "postponed_until", "postponed-to-earlier", f"任期到{regular}届满，延期应在其后"
            )
        elif postponed_until is not None and postponed_until > add_months(regular, months):
            yield refused(
                index,
                "postponed_until",
                "postponed-too-long",
                f"延期换届最长{months}个月，最迟到{add_months(regular, months)}",
            )
        if ended_on is not None and not elected_on <= ended_on <= (postponed_until or regular):
            yield refused(index, "ended_on", "ended-outside-term", "提前结束日期应在本届任期之内")


def term_end(elected_on: date, years: int, postponed_until: date | None, ended_on: date | None) -> date:
    """The day a term runs out, as the database computes it."""
    return ended_on or postponed_until or add_months(elected_on, years * 12)


def no_overlap(batch: Batch) -> Iterator[Problem]:
    """V06: terms of one union do not overlap; a higher number does not lie earlier."""
    names = ("union", "number", "years", "elected_on", "postponed_until", "ended_on")

    def spans() -> Iterator[tuple[Any, Span]]:
        for index, (union, number, years, elected_on, postponed_until, ended_on) in batch.rows(*names):
            if union and elected_on and years in TermYears.values:
                yield (
                    union,
                    Span(elected_on, term_end(elected_on, years, postponed_until, ended_on), number, index),
                )
        stored = kept(
            CommitteeTerm.objects.filter(union__in=batch.column("union"), elected_on__isnull=False), batch
        )
        for union, number, elected_on, ends_on in stored.values_list(
            "union", "number", "elected_on", "ends_on"
        ):
            yield union, Span(elected_on, ends_on, number)

    of_union = grouped(spans())
    overlapping = set()
    for span, other in clashes(of_union):
        overlapping.add(span.index)
        yield refused(
            span.index,
            "elected_on",
            "terms-overlap",
            f"与第{other.other}届（{other.start}至{other.end}）的任期重叠；如系提前换届，请先填写上一届的提前结束日期",
        )
    for found in of_union.values():
        for before, after in itertools.pairwise(found):
            for span in (before, after):
                if span.index is not None and span.index not in overlapping and before.other > after.other:
                    yield refused(
                        span.index,
                        "number",
                        "term-order",
                        f"第{after.other}届晚于第{before.other}届，请核对届次和选举日期",
                    )


def size_band(members: int) -> tuple[int, int] | None:
    """Fewest and most seats of a committee for so many members; None beyond the table."""
    return next(((low, high) for top, low, high in SIZE_BANDS if members <= top), None)


def election(batch: Batch) -> Iterator[Problem]:
    """V07: size by membership, 5 % more candidates than seats, two thirds present, no close relatives."""
    names = ("seats", "candidates", "due", "present", "has_relatives")
    whose = [
        (union, elected_on or batch.today) if union and seats else None
        for _, (union, elected_on, seats) in batch.rows("union", "elected_on", "seats")
    ]
    counts = members_then([one for one in whose if one])
    for index, (seats, candidates, due, present, relatives) in batch.rows(*names):
        members = counts.get(whose[index], 0)
        band = size_band(members) if members else None
        if seats and band and not band[0] <= seats <= band[1]:
            yield warned(
                index,
                "seats",
                "committee-size",
                f"会员{members}名，委员会一般为{band[0]}至{band[1]}人，现为{seats}人",
            )
        if seats and candidates is not None and candidates * 100 < seats * 105:
            yield warned(
                index,
                "candidates",
                "too-few-candidates",
                f"候选人应比委员名额（{seats}）多5%以上，现为{candidates}人",
            )
        if due and present is not None and present > due:
            yield refused(
                index, "present", "present-above-due", f"实到人数（{present}）多于应到人数（{due}）"
            )
        elif due and present is not None and present * 3 < due * 2:
            yield warned(index, "present", "no-quorum", f"实到{present}人不足应到{due}人的三分之二，选举无效")
        if relatives:
            yield warned(
                index,
                "has_relatives",
                "relatives",
                "单位主要负责人的近亲属不得作为委员会成员人选（工会法第十条）",
            )


def step_order(batch: Batch) -> Iterator[Problem]:
    """Steps follow each other in time; the meeting's and the approval's days are those of the term."""
    terms = {row.pk: row for row in CommitteeTerm.objects.filter(pk__in=batch.column("term"))}
    taken: dict[int, dict[int, date]] = {}
    stored = kept(ReelectionStep.objects.filter(term__in=terms), batch)
    for term, kind, on in stored.values_list("term", "kind", "on"):
        taken.setdefault(term, {})[kind] = on
    lengths = limits(batch.today)
    for _, (term, kind, on) in batch.rows("term", "kind", "on"):
        if term and kind and on:
            taken.setdefault(term, {})[kind] = on
    for index, (term, kind, on) in batch.rows("term", "kind", "on"):
        if not (term in terms and kind and on):
            continue
        known = taken[term]
        earlier = next((k for k in sorted(known) if k < kind and known[k] > on), None)
        if earlier is not None:
            yield refused(
                index, "on", "step-order", f"早于“{Stage(earlier).label}”的{known[earlier]}，请核对日期"
            )
        row = terms[term]
        own = {Stage.MEETING_HELD: row.elected_on, Stage.RESULT_APPROVED: row.approved_on}.get(kind)
        if own is not None and own != on:
            yield refused(index, "on", "step-other-day", f"与本届登记的日期{own}不一致，请核对")
        yield from _limits(index, kind, on, known, lengths)


def _limits(
    index: int, kind: int, on: date, known: dict[int, date], lengths: dict[str, int]
) -> Iterator[Problem]:
    published = known.get(Stage.PUBLICISED)
    if kind == Stage.MEETING_HELD and published is not None:
        earliest = workdays_after(published, lengths[NOTICE_DAYS])
        if on < earliest:
            yield warned(
                index,
                "on",
                "notice-too-short",
                f"候选人{published}起公示，公示{lengths[NOTICE_DAYS]}个工作日，{earliest}以后才宜开会",
            )
    asked = {Stage.REQUEST_APPROVED: Stage.REQUEST_FILED, Stage.RESULT_APPROVED: Stage.RESULT_FILED}.get(
        Stage(kind)
    )
    filed = known.get(asked) if asked else None
    if filed is not None and (on - filed).days > lengths[ANSWER_DAYS]:
        yield warned(
            index,
            "on",
            "answered-late",
            f"{filed}上报，{(on - filed).days}天后才批复，超过{lengths[ANSWER_DAYS]}天",
        )


def term_of_union(batch: Batch) -> Iterator[Problem]:
    """A term begins while its union is there."""
    founded = dict(Union.objects.filter(pk__in=batch.column("union")).values_list("pk", "founded_on"))
    for index, (union, elected_on) in batch.rows("union", "elected_on"):
        day = founded.get(union)
        if day is not None and elected_on is not None and elected_on < day:
            yield warned(index, "elected_on", "elected-before-founding", f"选举日期早于建会日期{day}，请核对")
