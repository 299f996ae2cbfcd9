"""Steps on the rating in force: review, lower, take away."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms

from unionoffice.identity import add_months
from unionoffice.organisation.models import User
from unionoffice.records.steps import day_field
from unionoffice.records.types import Done, RowAction, registry

from ..actions import ratings
from ..choices import RatingKind, StarLevel
from ..models import StarRating
from .unions import cleaned_only, text_field


class ReviewForm(forms.Form):
    level = forms.TypedChoiceField(label="复评后的星级", choices=StarLevel.choices, coerce=int)
    visited_on = day_field("考评走访日期", required=False)
    on = day_field("评定日期")
    period_from = day_field("有效期起", required=False)
    period_to = day_field("有效期止", required=False, help_text="文件没有写明有效期的，起止都不填")
    score = forms.DecimalField(label="得分", max_digits=5, decimal_places=1, min_value=0, required=False)
    document_no = text_field("文号", required=False)


def _next_period(rating: StarRating) -> dict[str, Any]:
    """The same length again, from the day after."""
    found: dict[str, Any] = {"level": rating.level}
    if rating.period_from and rating.period_to:
        start, after = rating.period_from, rating.period_to + timedelta(days=1)
        months = (after.year - start.year) * 12 + after.month - start.month
        found |= {"period_from": after, "period_to": add_months(after, months) - timedelta(days=1)}
    return found


def _review(rating: StarRating, cleaned: dict[str, Any], user: User) -> Done:
    made = ratings.re_review(rating, by=user, **cleaned_only(cleaned, ReviewForm))
    return Done(f"已复评为{made.get_level_display()}，这是新的评定。", made)


class DowngradeForm(forms.Form):
    level = forms.TypedChoiceField(label="降到", choices=StarLevel.choices, coerce=int)
    on = day_field("降级日期")
    document_no = text_field("文号", required=False)
    reason = forms.CharField(label="原因", max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lower = range(1, self.initial.get("current", max(StarLevel) + 1))
        self.fields["level"].choices = [
            ("", "请选择"),
            *((level, label) for level, label in StarLevel.choices if level in lower),
        ]


def _downgrade(rating: StarRating, cleaned: dict[str, Any], user: User) -> Done:
    made = ratings.downgrade(rating, by=user, **cleaned_only(cleaned, DowngradeForm))
    return Done(f"已降为{made.get_level_display()}。", made)


class RevokeForm(forms.Form):
    on = day_field("摘牌日期")
    document_no = text_field("文号", required=False)
    reason = forms.CharField(label="原因", max_length=200)


def _revoke(rating: StarRating, cleaned: dict[str, Any], user: User) -> Done:
    made = ratings.revoke(rating, by=user, **cleaned_only(cleaned, RevokeForm))
    return Done("已摘牌，从摘牌之日起不再计入星级工会。", made)


def _in_force(rating: StarRating) -> bool:
    return rating.kind != RatingKind.REVOKE and ratings.is_newest(rating)


def latest_rating(rating: StarRating, user: User) -> Iterable[dict[str, str]]:
    """The way from a rating that was replaced to the one that holds now."""
    kind, newest = registry.of(StarRating), ratings.newest_of(rating.union_id)
    if kind and newest and newest.pk != rating.pk:
        label = f"看最近一次：{newest.awarded_on} {newest.get_kind_display()}"
        yield {"label": label, "url": kind.url("record", newest.pk), "icon": "star", "tone": ""}


RATING_STEPS = (
    RowAction("review", "复评", ReviewForm, _review, shown=_in_force, initial=_next_period),
    RowAction(
        "downgrade",
        "降级",
        DowngradeForm,
        _downgrade,
        shown=lambda rating: _in_force(rating) and rating.level > StarLevel.ONE,
        initial=lambda rating: {"current": rating.level},
    ),
    RowAction("revoke", "摘牌", RevokeForm, _revoke, shown=_in_force, tone="danger"),
)
