"""Persons who hold posts, each counted once."""

from django.db.models import Q

from unionoffice.facts import Fact, Scope, register

from .. import queries
from ..choices import HEADS, Post
from ..models import OfficerPost
from .making import Where, figure


def _persons(narrow: Q) -> Where:
    """One post for each person who holds one of this sort on the as-of day."""

    def where(scope: Scope) -> Q:
        held = queries.posts_on(scope.as_of, scope.unions).filter(narrow)
        return Q(pk__in=queries.one_per_person(held))

    return where


def _posts(key: str, label: str, definition: str, narrow: Q) -> Fact:
    told = f"{definition}，一人任几职、在几个工会任职也只计一次"
    return figure(key, label, told, "名", "stock", OfficerPost, _persons(narrow))


register(
    _posts(
        "grassroots.posts.part_time_chair.count",
        "兼职工会主席",
        "截止日在任的兼职主席",
        Q(post=Post.PART_TIME_CHAIR),
    ),
    _posts(
        "grassroots.posts.part_time_assistant.count",
        "兼职协理员",
        "截止日在任的兼职协理员",
        Q(post=Post.PART_TIME_ASSISTANT),
    ),
    _posts(
        "grassroots.posts.chairs.count",
        "工会主席",
        "截止日在任的主席和兼职主席",
        Q(post__in=HEADS),
    ),
    _posts(
        "grassroots.posts.frontline.count",
        "一线职工工会干部",
        "截止日在任的工会干部中登记为一线职工的",
        Q(is_frontline=True),
    ),
    _posts(
        "grassroots.posts.full_time.count",
        "专职工会干部",
        "截止日在任的工会干部中登记为专职的",
        Q(is_full_time=True),
    ),
)
