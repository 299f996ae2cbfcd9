"""Persons who hold posts, each counted once."""

from django.db.models import Q

from unionoffice.facts import Distinct, Measure, register

from .. import queries
from ..choices import HEADS, Post
from ..models import OfficerPost

HOLDERS = Measure(
    key="grassroots.posts.persons",
    label="工会干部",
    definition="截止日在任的工会干部，一人任几职、在几个工会任职也只计一次",
    unit="名",
    kind="stock",
    model=OfficerPost,
    slug="posts",
    where=lambda scope: Q(pk__in=queries.posts_on(scope.as_of, scope.unions).values("pk")),
    measure=Distinct(queries.PERSON),
    cut_by=("union.kind", "union.industry", "member.sex"),
)

register(
    HOLDERS,
    HOLDERS.figure(
        {"post": Post.PART_TIME_CHAIR}, key="grassroots.posts.part_time_chair.count", label="兼职工会主席"
    ),
    HOLDERS.figure(
        {"post": Post.PART_TIME_ASSISTANT},
        key="grassroots.posts.part_time_assistant.count",
        label="兼职协理员",
    ),
    HOLDERS.figure({"post": HEADS}, key="grassroots.posts.chairs.count", label="工会主席"),
    HOLDERS.figure({"is_frontline": "yes"}, key="grassroots.posts.frontline.count", label="一线职工工会干部"),
    HOLDERS.figure({"is_full_time": "yes"}, key="grassroots.posts.full_time.count", label="专职工会干部"),
)
