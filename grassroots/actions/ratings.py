"""Stars are reviewed, lowered, taken away."""

from datetime import date
from decimal import Decimal

from unionoffice.organisation.models import User
from unionoffice.records.history import act
from unionoffice.records.models import ActKind
from unionoffice.records.rules import Batch, judge
from unionoffice.records.steps import StepRefused

from ..choices import RatingKind, StarLevel
from ..models import StarRating
from ..rules import ratings as rules
from .lifecycle import refuse_future


def re_review(
    rating: StarRating,
    *,
    level: int,
    on: date,
    period_from: date | None,
    period_to: date | None,
    by: User | None,
    visited_on: date | None = None,
    score: Decimal | None = None,
    document_no: str = "",
) -> StarRating:
    """Confirm or change the level for a new period, or for no named one."""
    row = {"union": rating.union_id, "kind": RatingKind.RE_REVIEW, "level": level}
    row |= {"period_from": period_from, "period_to": period_to}
    batch = Batch({name: [value] for name, value in row.items()}, [None], by)
    for problem in judge((rules.level_and_period, rules.one_rating_a_period), batch):
        if problem.verdict == "refused":
            raise StepRefused(f"{problem.message}。", problem.field)
    values = {
        "level": level,
        "period_from": period_from,
        "period_to": period_to,
        "visited_on": visited_on,
        "score": score,
        "document_no": document_no,
    }
    return _add(rating, RatingKind.RE_REVIEW, on, by, "", values)


def downgrade(
    rating: StarRating, *, level: int, on: date, by: User | None, reason: str, document_no: str = ""
) -> StarRating:
    """Leave the union fewer stars for the rest of the period."""
    if level >= rating.level:
        raise StepRefused(f"现为{rating.get_level_display()}，降级应降到更低的星级。", "level")
    return _add(rating, RatingKind.DOWNGRADE, on, by, reason, {"level": level, "document_no": document_no})


def revoke(
    rating: StarRating, *, on: date, by: User | None, reason: str, document_no: str = ""
) -> StarRating:
    """Take the stars away."""
    values = {"level": rating.level, "document_no": document_no}
    return _add(rating, RatingKind.REVOKE, on, by, reason, values)


def is_newest(rating: StarRating) -> bool:
    """Whether no later rating of the union replaces this one."""
    return newest_of(rating.union_id) == rating


def newest_of(union: int) -> StarRating | None:
    """The rating of a union that holds, or that took its stars away."""
    return StarRating.objects.filter(union=union).order_by("-awarded_on", "-pk").first()


def _add(
    rating: StarRating, kind: RatingKind, on: date, by: User | None, reason: str, values: dict[str, object]
) -> StarRating:
    refuse_future(on)
    if rating.kind == RatingKind.REVOKE or not is_newest(rating):
        raise StepRefused("这不是该工会现行的星级，请在最近一次评定上办理。")
    if on < rating.awarded_on:
        raise StepRefused(f"早于现行星级的评定日期{rating.awarded_on}。", "on")
    label = StarLevel(int(values["level"])).label
    with act(ActKind.STEP, user=by, summary=f"{kind.label}：{rating.union} {label}", reason=reason):
        return StarRating.objects.create(
            union=rating.union, kind=kind, awarded_on=on, award_body=rating.award_body, note=reason, **values
        )
