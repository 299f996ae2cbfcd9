"""Terms, re-elections, posts, stars, former names and confirmations of base unions.

Union, Unit and Coverage live in the organisation; this area keeps what happens to them.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from unionoffice.fields import DayField, FlagField, MobileField, PersonNameField, PinyinField, TitleField
from unionoffice.organisation.models import Record, Union

from . import choices


class YearsLater(models.Func):
    """The same day so many years later; 29 February becomes the 28th."""

    output_field = models.DateField()
    template = "(%(expressions)s)::date"
    arg_joiner = " + "

    def __init__(self, day: Any, years: Any, **extra: Any) -> None:
        super().__init__(day, models.Func(years, template="make_interval(years => %(expressions)s)"), **extra)


class CommitteeTerm(Record):
    """届次: one term of a union's committee, from its election to its end (换届选举材料).

    ends_on is the day the term runs out: early end, else approved postponement, else election day plus years.
    label names the term in workbooks and choices; the database keeps it (migration 0002).
    """

    union = models.ForeignKey(Union, models.PROTECT, verbose_name="工会", related_name="terms")
    number = models.PositiveSmallIntegerField("届次", validators=[MinValueValidator(1, "届次从1开始")])
    years = models.PositiveSmallIntegerField("任期", choices=choices.TermYears)
    elected_on = DayField("选举日期", null=True, blank=True, help_text="任期从这一天算起，筹备中的届次先不填")
    approved_on = DayField("批复日期", null=True, blank=True)
    approval_no = TitleField("批复文号", max_length=60, blank=True)
    postponed_until = DayField("延期换届至", null=True, blank=True, help_text="须经上级工会批准")
    postponement_no = TitleField("延期批复文号", max_length=60, blank=True)
    ended_on = DayField("提前结束日期", null=True, blank=True, help_text="提前换届、工会合并或撤销时填写")
    seats = models.PositiveSmallIntegerField("委员名额", null=True, blank=True)
    candidates = models.PositiveSmallIntegerField("候选人数", null=True, blank=True)
    due = models.PositiveIntegerField("应到人数", null=True, blank=True, help_text="会员或会员代表人数")
    present = models.PositiveIntegerField("实到人数", null=True, blank=True)
    has_relatives = FlagField("候选人中有近亲属", help_text="单位主要负责人的近亲属不得作为委员会成员人选")
    note = models.TextField("备注", max_length=500, blank=True)
    label = TitleField("届次名称", max_length=140, unique=True, blank=True, editable=False)
    ends_on = models.GeneratedField(
        verbose_name="任期届满日期",
        expression=Coalesce("ended_on", "postponed_until", YearsLater("elected_on", "years")),
        output_field=models.DateField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = "届次"
        verbose_name_plural = "届次"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["union", "number"],
                name="term_number_once",
                violation_error_message="该工会的这一届已经登记",
            ),
            models.CheckConstraint(
                condition=Q(years__in=choices.TermYears.values),
                name="term_of_three_or_five_years",
                violation_error_message="任期只能是3年或5年",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["union", "elected_on"], name="term_of_union")]

    def __str__(self) -> str:
        return self.label or f"{self.union} 第{self.number}届"


class ReelectionStep(Record):
    """换届步骤: one dated step on the way to a new committee, from first request to new certificate."""

    union_path = "term__union"

    term = models.ForeignKey(CommitteeTerm, models.CASCADE, verbose_name="届次", related_name="steps")
    kind = models.PositiveSmallIntegerField("步骤", choices=choices.Stage)
    on = DayField("日期")
    document_no = TitleField("文号", max_length=60, blank=True)
    note = TitleField("备注", max_length=200, blank=True)

    class Meta:
        verbose_name = "换届步骤"
        verbose_name_plural = "换届步骤"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["term", "kind"],
                name="reelection_step_once",
                violation_error_message="该届的这一步骤已经登记",
            )
        ]

    def __str__(self) -> str:
        return f"{self.term} {self.get_kind_display()}"


class OfficerPost(Record):
    """工会干部任职: a person holds a post in a union from a day to a day (干部名册)."""

    union = models.ForeignKey(Union, models.PROTECT, verbose_name="工会", related_name="posts")
    name = PersonNameField("姓名")
    name_pinyin = PinyinField("姓名全拼", of="name", style="full")
    name_initials = PinyinField("姓名简拼", of="name", style="initials", max_length=30)
    member = models.ForeignKey(
        "members.Member", models.PROTECT, verbose_name="会员档案", null=True, blank=True, related_name="posts"
    )
    post = models.CharField("职务", max_length=24, choices=choices.Post)
    started_on = DayField("任职日期")
    ended_on = DayField("离任日期", null=True, blank=True)
    appointment = models.CharField("产生方式", max_length=10, choices=choices.Appointment, blank=True)
    is_full_time = FlagField("专职")
    is_frontline = FlagField("一线职工")
    term = models.ForeignKey(
        CommitteeTerm, models.SET_NULL, verbose_name="届次", null=True, blank=True, related_name="posts"
    )
    phone = MobileField("手机号码", blank=True)
    note = TitleField("备注", max_length=200, blank=True)

    class Meta:
        verbose_name = "工会干部"
        verbose_name_plural = "工会干部"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["union", "post", "name", "started_on"],
                name="post_once",
                violation_error_message="此人从这一天起的同一职务已经登记",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="post_ends_after_start",
                violation_error_message="离任日期不能早于任职日期",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.get_post_display()}）"


class StarRating(Record):
    """星级评定: a union's stars are given, reviewed, lowered or taken away (星级活力基层工会)."""

    union = models.ForeignKey(Union, models.PROTECT, verbose_name="工会", related_name="ratings")
    kind = models.CharField(
        "评定类型", max_length=10, choices=choices.RatingKind, default=choices.RatingKind.NEW
    )
    level = models.PositiveSmallIntegerField(
        "星级", choices=choices.StarLevel, help_text="降级填降到的星级，摘牌填被摘的星级"
    )
    award_body = TitleField("评定单位", max_length=60, blank=True)
    visited_on = DayField("考评走访日期", null=True, blank=True)
    awarded_on = DayField("评定日期", help_text="星级从这一天起算")
    period_from = DayField("有效期起", null=True, blank=True)
    period_to = DayField("有效期止", null=True, blank=True)
    score = models.DecimalField("得分", max_digits=5, decimal_places=1, null=True, blank=True)
    document_no = TitleField("文号", max_length=60, blank=True)
    note = models.TextField("备注", max_length=500, blank=True)

    class Meta:
        verbose_name = "星级评定"
        verbose_name_plural = "星级评定"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["union", "kind", "awarded_on"],
                name="rating_once_a_day",
                violation_error_message="该工会这一天的同类评定已经登记",
            ),
            models.UniqueConstraint(
                fields=["union", "period_from", "period_to"],
                condition=Q(kind__in=choices.PERIODIC_RATINGS),
                name="rating_once_a_period",
                violation_error_message="该工会这一有效期的星级已经评定",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.union} {self.get_level_display()}{self.get_kind_display()}"


class UnionName(Record):
    """曾用名: a name the union bore until the day it was renamed."""

    union = models.ForeignKey(Union, models.PROTECT, verbose_name="工会", related_name="former_names")
    name = TitleField("曾用名", max_length=120)
    name_pinyin = PinyinField(of="name", style="full")
    name_initials = PinyinField(of="name", style="initials")
    used_until = DayField("更名日期", help_text="从这一天起改用新名")
    document_no = TitleField("批复文号", max_length=60, blank=True)

    class Meta:
        verbose_name = "工会曾用名"
        verbose_name_plural = "工会曾用名"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["union", "used_until"],
                name="renamed_once_a_day",
                violation_error_message="该工会这一天的更名已经登记",
            )
        ]

    def __str__(self) -> str:
        return self.name


class UnionConfirmation(Record):
    """数据确认: the chair says that the union's data are true, with the numbers that were shown."""

    union = models.ForeignKey(Union, models.PROTECT, verbose_name="工会", related_name="confirmations")
    period = models.CharField("确认期", max_length=20, help_text="如2026上半年")
    confirmed_on = DayField("确认日期")
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="确认人",
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    members = models.PositiveIntegerField("确认时会员数", null=True, blank=True)
    declared_members = models.PositiveIntegerField("确认时上报会员数", null=True, blank=True)
    units = models.PositiveIntegerField("确认时涵盖单位数", null=True, blank=True)
    staff = models.PositiveIntegerField("确认时职工数", null=True, blank=True)
    chair = models.CharField("确认时主席", max_length=60, blank=True)
    term_ends_on = DayField("确认时任期届满日期", null=True, blank=True)
    note = TitleField("情况说明", max_length=200, blank=True)

    class Meta:
        verbose_name = "数据确认"
        verbose_name_plural = "数据确认"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["union", "period"],
                name="confirmed_once_a_period",
                violation_error_message="该工会本期数据已经确认",
            )
        ]

    def __str__(self) -> str:
        return f"{self.union} {self.period}"


for _model, _fields in choices.ALIASES.items():
    for _name, _words in _fields.items():
        globals()[_model]._meta.get_field(_name).aliases = _words
