"""Welfare: care visits. Study grants, trips, check-ups and mutual aid follow the same shape."""

from typing import ClassVar

from django.db import models
from django.db.models import Case, CharField, F, Func, IntegerField, Q, Value, When
from django.db.models.functions import (
    Cast,
    Coalesce,
    Concat,
    ExtractDay,
    ExtractMonth,
    ExtractYear,
    Greatest,
    Least,
    LPad,
)

from members.models import Member
from unionoffice.fields import (
    DayField,
    FlagField,
    LinesField,
    LinesTotalField,
    MoneyField,
    PersonNameField,
    PinyinField,
    TitleField,
)
from unionoffice.organisation.choices import FundSource
from unionoffice.organisation.models import Record, Union

from .choices import CHILDREN, SENSITIVE, Occasion, Payment, Recipient

# Who is visited: the typed name within the union where there is one (a child, a relative, a team), else the member.
PERSON = Case(
    When(name="", then=Concat(Value("m"), Cast("member_id", CharField()))),
    default=Concat(Value("u"), Cast("union_id", CharField()), Value(":"), Cast("name", CharField())),
    output_field=CharField(),
)
# The year a campaign names itself by, as in 2026年元旦春节送温暖; the database answers NULL for none.
CAMPAIGN_YEAR = r"^((?:19|20)[0-9]{2})年"
_YEAR = Cast(Func(F("campaign"), Value(CAMPAIGN_YEAR), function="substring"), IntegerField())


def _day_of_year(month: int, day: int) -> Func:
    return Func(_YEAR, Value(month), Value(day), function="make_date", output_field=models.DateField())


# greatest and least pass over NULL, so that a visit outside any campaign keeps its day.
SEASON = Greatest(Least(F("visited_on"), _day_of_year(12, 31)), _day_of_year(1, 1))


def _digits(part: Func, count: int) -> LPad:
    return LPad(Cast(part, CharField()), count, Value("0"))


# What a visit to a group is called where another visit names it: 2026-07-20环卫一班; empty for one to a person.
CALLED = Case(
    When(
        recipient=Recipient.TEAM,
        then=Concat(
            _digits(ExtractYear("visited_on"), 4),
            Value("-"),
            _digits(ExtractMonth("visited_on"), 2),
            Value("-"),
            _digits(ExtractDay("visited_on"), 2),
            Cast("name", CharField()),
        ),
    ),
    default=Value(""),
    output_field=CharField(),
)


class CareVisit(Record):
    """慰问: one visit to one person or team (慰问登记表 and 签领表).

    Columns the database keeps, never typed:
    goods_amount, amount  value of the goods, and of cash and goods together
    counted_on            the day money figures follow: the day paid, else the day of the visit
    season_on             the day figures of visits and persons follow: that of the visit, moved into the year of its
                          campaign (the visits of December 2025 belong to 2026年元旦春节送温暖)
    person                the same for every visit to the same person
    called                day and name of a visit to a group
    """

    naming = "called"

    union = models.ForeignKey(Union, models.PROTECT, verbose_name="所属工会", related_name="care_visits")
    occasion = models.CharField("慰问事由", max_length=16, choices=Occasion)
    campaign = TitleField(
        "活动批次", max_length=60, blank=True, help_text="如“2026年元旦春节送温暖”，与日期分开记。"
    )
    visited_on = DayField("慰问日期")
    paid_on = DayField(
        "支付日期", null=True, blank=True, help_text="款项或物资发出的日期，金额按它统计；不填按慰问日期。"
    )
    place = TitleField("慰问地点", max_length=100, blank=True)
    recipient = models.CharField("对象类别", max_length=14, choices=Recipient, default=Recipient.MEMBER)
    member = models.ForeignKey(
        Member, models.PROTECT, verbose_name="会员", null=True, blank=True, related_name="care_visits"
    )
    name = TitleField(
        "对象姓名",
        max_length=60,
        blank=True,
        help_text="慰问会员本人的不用填；家属、子女、班组填名称，上面可选所属会员。",
    )
    reached = models.PositiveIntegerField(
        "慰问人数", null=True, blank=True, help_text="慰问一线班组时填这次一共慰问了多少人，不填不计入人数。"
    )
    earlier = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="前次集体慰问",
        null=True,
        blank=True,
        related_name="later",
        help_text="这些人中有的在前一次集体慰问中已慰问过的，选那一次。",
    )
    reached_before = models.PositiveIntegerField(
        "其中前次已慰问人数", null=True, blank=True, help_text="两次一起统计时，这些人只计一次。"
    )
    name_pinyin = PinyinField(of="name", style="full", person=True)
    name_initials = PinyinField(of="name", style="initials", person=True)
    is_under_fourteen = FlagField("不满14周岁")
    consent_on = DayField("监护人同意日期", null=True, blank=True, help_text="对象不满14周岁时必填。")
    household_size = models.PositiveSmallIntegerField("家庭人口", null=True, blank=True)
    reason = models.TextField(
        "慰问原因", blank=True, help_text="病情、家庭情况等属敏感信息，只有经办人能看到。"
    )
    visitors = TitleField("慰问人及职务", max_length=120)
    cash_amount = MoneyField("慰问金", null=True, blank=True, help_text="元")
    goods = LinesField("慰问品")
    goods_amount = LinesTotalField("慰问品价值", of="goods")
    amount = models.GeneratedField(
        expression=Coalesce(F("cash_amount"), 0, output_field=models.DecimalField()) + F("goods_amount"),
        output_field=models.DecimalField(max_digits=13, decimal_places=2),
        db_persist=True,
        verbose_name="合计金额",
    )
    counted_on = models.GeneratedField(
        expression=Coalesce(F("paid_on"), F("visited_on")),
        output_field=models.DateField(),
        db_persist=True,
        verbose_name="入账日期",
    )
    season_on = models.GeneratedField(
        expression=SEASON, output_field=models.DateField(), db_persist=True, verbose_name="统计日期"
    )
    person = models.GeneratedField(
        expression=PERSON,
        output_field=CharField(max_length=100),
        db_persist=True,
        verbose_name="对象识别码",
    )
    called = models.GeneratedField(
        expression=CALLED,
        output_field=CharField(max_length=80),
        db_persist=True,
        verbose_name="集体慰问",
    )
    fund_source = models.CharField("资金来源", max_length=16, choices=FundSource, default=FundSource.UNION)
    payment = models.CharField("发放方式", max_length=10, choices=Payment, blank=True)
    is_proxy_signed = FlagField("代签")
    proxy_name = PersonNameField("代签人", blank=True)
    approver = PersonNameField("审批人", blank=True)
    voucher_no = TitleField("凭证号", max_length=40, blank=True)
    note = models.TextField("备注", blank=True)

    class Meta:
        verbose_name = "慰问"
        verbose_name_plural = "慰问"
        indexes: ClassVar = [
            models.Index(fields=["union", "-visited_on"], name="visit_of_union"),
            models.Index(fields=["season_on"], name="visit_season"),
            models.Index(fields=["person", "occasion"], name="visit_of_person"),
            models.Index(fields=["counted_on"], name="visit_money_day"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(member__isnull=False) | ~Q(name=""),
                name="visit_has_recipient",
                violation_error_message="请选择会员，或填写对象姓名",
            ),
            models.CheckConstraint(
                condition=Q(cash_amount__gt=0) | Q(goods_amount__gt=0),
                name="visit_gives_something",
                violation_error_message="慰问金和慰问品至少填写一项",
            ),
            models.CheckConstraint(
                condition=Q(reached__isnull=True) | Q(recipient=Recipient.TEAM, reached__gte=1),
                name="visit_size_of_group",
                violation_error_message="只有慰问一线班组的才填慰问人数，至少1人",
            ),
            models.CheckConstraint(
                condition=Q(earlier__isnull=True, reached_before__isnull=True)
                | Q(earlier__isnull=False, reached_before__gte=1, reached_before__lte=F("reached")),
                name="visit_repeats_part_of_group",
                violation_error_message="前次集体慰问和其中已慰问的人数要一起填，不能多于这次的慰问人数",
            ),
        ]

    def __str__(self) -> str:
        """Who is ill and whose child was visited stands in no title: titles show in histories of the whole office."""
        if self.occasion in SENSITIVE or self.recipient in CHILDREN or self.is_under_fourteen:
            return f"{self.visited_on}{self.get_occasion_display()}慰问"
        return f"{self.get_occasion_display()}慰问{self.name or self.member}"
