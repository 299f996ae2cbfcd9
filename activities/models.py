"""Activities: what the unions hold together or alone for their members."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from members.models import Member
from unionoffice.fields import DayField, MoneyField, PinyinField, TitleField
from unionoffice.organisation.choices import FundSource
from unionoffice.organisation.models import Record, Union, Unit

from .choices import ALIASES, Kind, State, Topic


class Activity(Record):
    """活动: one activity, however many unions hold it together (活动登记表, 签到表).

    It belongs to its organiser and stands in the list of every co-organiser too. A series is one activity with sessions.
    """

    union = models.ForeignKey(Union, models.PROTECT, verbose_name="主办工会", related_name="activities")
    co_organisers = models.ManyToManyField(
        Union, verbose_name="联合主办工会", blank=True, related_name="joint_activities"
    )
    external_organisers = TitleField(
        "联办单位", max_length=120, blank=True, help_text="如“县总工会”，多个用顿号隔开。"
    )
    title = TitleField("活动名称", max_length=100)
    title_pinyin = PinyinField(of="title", style="full")
    title_initials = PinyinField(of="title", style="initials")
    kind = models.CharField("活动类型", max_length=20, choices=Kind)
    theme = TitleField("主题", max_length=100, blank=True)
    topic = models.CharField("内容类别", max_length=20, choices=Topic, blank=True)
    campaign = TitleField("活动批次", max_length=60, blank=True, help_text="如“夏送清凉”，与日期分开记。")
    starts_on = DayField("开始日期")
    ends_on = DayField("结束日期", null=True, blank=True)
    venue = TitleField("地点", max_length=100, blank=True)
    route = TitleField("路线", max_length=100, blank=True)
    audience = TitleField("参加对象", max_length=100, blank=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.HELD)
    cancelled_on = DayField("取消日期", null=True, blank=True)
    cancel_reason = TitleField("取消原因", max_length=200, blank=True)
    sessions = models.PositiveSmallIntegerField("场次", default=1, help_text="系列活动填共几场。")
    signed_up = models.PositiveIntegerField("报名人数", null=True, blank=True)
    came = models.PositiveIntegerField("参加人次", null=True, blank=True, help_text="每场到场人数之和。")
    participants = models.ManyToManyField(
        Member, verbose_name="签到会员", blank=True, related_name="activities"
    )
    cost = MoneyField("经费支出", null=True, blank=True, help_text="元")
    fund_source = models.CharField("资金来源", max_length=16, choices=FundSource, blank=True)
    partners = models.ManyToManyField(Unit, verbose_name="参与单位", blank=True, related_name="activities")
    posts = models.PositiveIntegerField("提供岗位数", null=True, blank=True)
    visitors = models.PositiveIntegerField("应聘人次", null=True, blank=True)
    hires = models.PositiveIntegerField("达成录用人数", null=True, blank=True)
    answered = models.PositiveIntegerField("满意度有效答卷", null=True, blank=True)
    satisfied = models.PositiveIntegerField("满意答卷", null=True, blank=True)
    link = models.URLField("报道链接", blank=True)
    note = models.TextField("备注", blank=True)

    class Meta:
        verbose_name = "活动"
        verbose_name_plural = "活动"
        indexes: ClassVar = [
            models.Index(fields=["union", "-starts_on"], name="activity_of_union"),
            models.Index(fields=["starts_on"], name="activity_day"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="activity_ends_after_start",
                violation_error_message="结束日期不能早于开始日期",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.CANCELLED) | ~Q(cancel_reason=""),
                name="activity_cancelled_for_reason",
                violation_error_message="取消的活动必须写明取消原因",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def within(cls, unions: frozenset[int]) -> Q:
        joint = cls.co_organisers.through.objects.filter(union__in=unions).values("activity")
        return Q(union__in=unions) | Q(pk__in=joint)

    @classmethod
    def kept_by(cls, unions: frozenset[int]) -> Q:
        """Every union of a joint activity sees it, its organiser keeps it."""
        return Q(union__in=unions)


for _name, _words in ALIASES.items():
    Activity._meta.get_field(_name).aliases = _words
