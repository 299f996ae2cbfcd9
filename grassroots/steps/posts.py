"""Steps on a post."""

from typing import Any

from unionoffice.organisation import access
from unionoffice.organisation.models import User
from unionoffice.records.steps import DatedStepForm, StepRefused, refuse_far_ahead
from unionoffice.records.types import RowAction

from ..choices import TOWNSHIP_APPOINTMENTS
from ..models import OfficerPost
from ..rules.posts import TOWNSHIP_ONLY


def _leave(post: OfficerPost, cleaned: dict[str, Any], user: User) -> str:
    refuse_far_ahead(cleaned["on"])
    if post.ended_on is not None:
        raise StepRefused(f"已于{post.ended_on}离任。")
    if cleaned["on"] < post.started_on:
        raise StepRefused(f"{post.started_on}才任职，离任日期不能更早。", "on")
    if post.post in TOWNSHIP_APPOINTMENTS and not access.sees_whole_town(user):
        raise StepRefused(TOWNSHIP_ONLY)
    post.ended_on = cleaned["on"]
    post.save(update_fields=["ended_on"])
    return f"已登记{post}离任。"


POST_STEPS = (
    RowAction(
        "leave",
        "离任",
        DatedStepForm,
        _leave,
        shown=lambda post: post.ended_on is None,
        help="从离任日期当天起不再计入在任。",
    ),
)
