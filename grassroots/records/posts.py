"""Who holds which post."""

from typing import Any

from members.models import Member
from unionoffice.organisation import access
from unionoffice.records.forms import RecordForm
from unionoffice.records.rules import not_far_ahead
from unionoffice.records.types import Evidence, Group, RecordType, register

from ..models import OfficerPost
from ..rules import posts as rules
from ..steps.posts import POST_STEPS
from . import filters


class PostForm(RecordForm):
    """The name may be left out where the member is chosen."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if {"name", "member"} <= set(self.fields):
            self.fields["name"].required = False
            self.fields["name"].help_text = "选了会员档案的可不填"

    def clean_name(self) -> str:
        name = self.cleaned_data.get("name")
        if not name and not self.data.get(self.add_prefix("member")):
            self.add_error("name", "请填写姓名，或选择会员档案")
        return name


def complete_holder(values: dict[str, list[Any]]) -> None:
    """The name of whoever is chosen from the roster."""
    members = values.get("member")
    if not members or "name" not in values:
        return
    bare = [index for index, member in enumerate(members) if member and not values["name"][index]]
    names = dict(Member.objects.filter(pk__in=[members[i] for i in bare]).values_list("pk", "name"))
    for index in bare:
        values["name"][index] = names.get(members[index], "")


register(
    RecordType(
        model=OfficerPost,
        slug="posts",
        icon="id-badge-2",
        help="工会主席、副主席、委员、经审、女工、兼职主席和协理员等任职，一人一职一条。",
        search=("name", "phone", "union.name"),
        search_hint="姓名、拼音、手机号码或工会",
        columns=("name", "union", "post", "started_on", "ended_on", "is_full_time", "is_frontline", "phone"),
        ordering=("-started_on", "pk"),
        filters=(
            "post",
            filters.lasts("started_on", "ended_on", ("在任", "已离任")),
            "union",
            "appointment",
            "is_full_time",
            "is_frontline",
            "started_on",
        ),
        form=(
            Group("任职", ("union", "member", "name", "post", "started_on", "ended_on", "term")),
            Group("情况", ("appointment", "is_full_time", "is_frontline", "phone", "note")),
        ),
        form_class=PostForm,
        complete=complete_holder,
        not_in_bulk=frozenset({"union", "member", "name"}),
        import_key=(("union", "post", "name", "started_on"),),
        aliases={
            "union": ("工会名称", "所在工会", "基层工会名称"),
            "name": ("干部姓名", "主席姓名"),
            "member": ("证件号码", "身份证号", "身份证号码"),
            "post": ("工会职务", "担任职务", "职务名称"),
            "started_on": ("任职时间", "开始日期", "聘任日期", "当选日期"),
            "ended_on": ("离任时间", "结束日期"),
            "is_full_time": ("是否专职",),
            "is_frontline": ("是否一线职工",),
            "phone": ("联系电话", "手机", "电话"),
        },
        rules=(
            rules.holder_named,
            rules.post_of_term,
            rules.township_appointments,
            rules.holder_is_member,
            rules.one_chair,
            not_far_ahead("started_on", "ended_on"),
        ),
        chair_may=frozenset({access.VIEW, access.ADD, access.CHANGE, access.EXPORT, access.HISTORY}),
        evidence=(Evidence("appointment", "任职批复或聘书"),),
        steps=POST_STEPS,
        note=lambda post: post.get_post_display(),
    )
)
