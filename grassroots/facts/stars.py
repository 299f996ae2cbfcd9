"""Stars: new ones of a period, those in force on a day, and what became of them."""

from typing import Any

from django.db.models import Q

from unionoffice.facts import Scope, register

from .. import queries
from ..choices import RatingKind, StarLevel
from ..models import StarRating
from .making import Where, flow, listed, stock


def _rated(level: int | None = None) -> Where:
    def where(scope: Scope) -> Q:
        rated = queries.ratings_on(scope.as_of)
        return Q(pk__in=(rated if level is None else rated.filter(level=level)).values("union"))

    return where


def _new_five(scope: Scope) -> Q:
    return Q(pk__in=queries.first_fives(scope.start, scope.end).values("union"))


def _rated_in_period(field: str, **also: Any) -> Where:
    """Unions with a rating of that sort whose day lies in the period."""

    def where(scope: Scope) -> Q:
        found = StarRating.objects.filter(**{f"{field}__range": (scope.start, scope.end)}, **also)
        return Q(pk__in=found.values("union"))

    return where


NEW_FIVE = "期内评定或复评为五星级、此前从未达到五星级的工会，期内又降级的也计"
register(
    flow("grassroots.stars.new_five.count", "新增五星级工会数", NEW_FIVE, _new_five),
    listed("grassroots.stars.new_five.names", "新增五星级工会", NEW_FIVE, _new_five),
    stock(
        "grassroots.stars.rated.count",
        "星级工会数",
        "截止日在册且有星级的工会，以最近一次评定、复评或降级为准；有效期满未复评的仍计，摘牌的不计",
        _rated(),
        slot="year_end",
    ),
    *(
        stock(
            f"grassroots.stars.{level.name.lower()}.count",
            f"{level.label}工会数",
            f"截止日在册的星级工会中现行星级为{level.label}的",
            _rated(level),
            slot="year_end",
        )
        for level in reversed(StarLevel)
    ),
    flow(
        "grassroots.stars.visited.count",
        "星级考评走访工会数",
        "期内有星级考评走访日期的工会，一个工会走访几次也只计一次",
        _rated_in_period("visited_on"),
    ),
    flow(
        "grassroots.stars.re_reviewed.count",
        "星级复评工会数",
        "期内经过复评的工会，每个工会计一次",
        _rated_in_period("awarded_on", kind=RatingKind.RE_REVIEW),
    ),
    flow(
        "grassroots.stars.downgraded.count",
        "星级降级工会数",
        "期内被降级的工会，每个工会计一次",
        _rated_in_period("awarded_on", kind=RatingKind.DOWNGRADE),
    ),
    flow(
        "grassroots.stars.revoked.count",
        "星级摘牌工会数",
        "期内被摘牌的工会，每个工会计一次",
        _rated_in_period("awarded_on", kind=RatingKind.REVOKE),
    ),
)
