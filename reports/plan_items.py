"""A line of the year's plan as it is kept."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from unionoffice.fields import DayField
from unionoffice.organisation.models import Record, Union


class Measure(models.TextChoices):
    REACH = "reach", "达到"
    AT_MOST = "at_most", "不超过"
    DATE = "date", "期限前办成，看台账"
    STEP = "step", "办成一件事，自己登记"


class PlanItem(Record):
    """One line of the year's plan: a target bound to a fact, something the records show done by its day, or a step
    that is done or not.

    carries_rest  of a yearly count: what is left of it goes into the next plan
    """

    is_part: ClassVar[bool] = True

    year = models.PositiveSmallIntegerField("年度")
    union = models.ForeignKey(
        Union, models.PROTECT, verbose_name="工会", null=True, blank=True, related_name="plan_items"
    )
    wording = models.CharField("工作内容", max_length=200)
    measure = models.CharField("怎样算完成", max_length=8, choices=Measure, default=Measure.REACH)
    key = models.CharField("按哪个数据", max_length=400, blank=True)
    target = models.DecimalField("目标数", max_digits=16, decimal_places=2, null=True, blank=True)
    due_on = DayField("完成期限")
    owner = models.CharField("责任人", max_length=60, blank=True)
    done_on = DayField("办成日期", null=True, blank=True)
    carries_rest = models.BooleanField("没完成的部分结转下年", default=False)
    lag_reason = models.CharField("没有全部完成的原因", max_length=200, blank=True)
    cancelled_on = DayField("取消日期", null=True, blank=True)
    cancel_reason = models.CharField("取消原因", max_length=200, blank=True)
    carried_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, verbose_name="上年结转自", related_name="carried_to"
    )
    created_at = models.DateTimeField("列入时间", auto_now_add=True)

    class Meta:
        verbose_name = "计划项目"
        verbose_name_plural = "计划项目"
        ordering: ClassVar = ["due_on", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(measure="step", key="", target__isnull=True)
                | Q(measure="date", target__isnull=True) & ~Q(key="")
                | ~Q(measure__in=("step", "date")) & ~Q(key="") & Q(target__isnull=False),
                name="plan_target_is_whole",
                violation_error_message="要选数据并填目标数；看台账办成的只选数据，自己登记的都不填",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_on__isnull=True) | ~Q(cancel_reason=""),
                name="plan_cancelled_with_reason",
                violation_error_message="取消要写原因",
            ),
        ]

    def __str__(self) -> str:
        return self.wording
