"""Stars: new ones of a period, those in force on a day, and what became of them."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q

from unionoffice.facts import Scope, register

from .. import queries
from ..choices import RatingKind, StarLevel
from ..models import StarRating
from .making import happened, named
from .unions import UNIONS


def _rated_in_period(field: str, **also: Any) -> Callable[[Scope], Q]:
    """Unions with a rating of that sort whose day lies in the period."""

    def where(scope: Scope) -> Q:
        ratings = StarRating.objects.filter(**{f"{field}__range": (scope.start, scope.end)}, **also)
        return Q(pk__in=ratings.values("union"))

    return where


NEW_FIVE = happened(
    "grassroots.stars.new_five.count",
    "新增五星级工会数",
    "期内评定或复评为五星级、此前从未达到五星级的工会，期内又降级的也计",
    lambda scope: Q(pk__in=queries.first_fives(scope.start, scope.end).values("union")),
)
register(
    NEW_FIVE,
    named(NEW_FIVE, "grassroots.stars.new_five.names", "新增五星级工会"),
    UNIONS.figure(
        {"star": map(str, StarLevel.values)},
        key="grassroots.stars.rated.count",
        label="星级工会数",
        definition="截止日在册且有星级的工会，以最近一次评定、复评或降级为准；"
        "有效期满未复评的仍计，摘牌的不计",
        slot="year_end",
    ),
    *(
        UNIONS.figure(
            {"star": str(level.value)},
            key=f"grassroots.stars.{level.name.lower()}.count",
            label=f"{level.label}工会数",
            slot="year_end",
        )
        for level in reversed(StarLevel)
    ),
    happened(
        "grassroots.stars.visited.count",
        "星级考评走访工会数",
        "期内有星级考评走访日期的工会，一个工会走访几次也只计一次",
        _rated_in_period("visited_on"),
    ),
    happened(
        "grassroots.stars.re_reviewed.count",
        "星级复评工会数",
        "期内经过复评的工会，每个工会计一次",
        _rated_in_period("awarded_on", kind=RatingKind.RE_REVIEW),
    ),
    happened(
        "grassroots.stars.downgraded.count",
        "星级降级工会数",
        "期内被降级的工会，每个工会计一次",
        _rated_in_period("awarded_on", kind=RatingKind.DOWNGRADE),
    ),
    happened(
        "grassroots.stars.revoked.count",
        "星级摘牌工会数",
        "期内被摘牌的工会，每个工会计一次",
        _rated_in_period("awarded_on", kind=RatingKind.REVOKE),
    ),
)
