"""Documents kept: the draft with the office's wording, and what a final one froze.

A final document is never changed nor deleted; the database itself refuses (migration 0002).
"""

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from unionoffice.fields import DayField
from unionoffice.organisation.models import Record, Union
from unionoffice.records.models import Attachment, Blob

from .drafting import SLOTS, Order, Override
from .editing import Edit, Edits
from .outlines import KINDS
from .periods import Period
from .placeholders.models import WordTemplate  # noqa: F401
from .plan_items import PlanItem  # noqa: F401
from .returns.models import ReturnBinding, ReturnForm  # noqa: F401
from .summary import NUMBERINGS, Issue

USER = settings.AUTH_USER_MODEL


class State(models.TextChoices):
    DRAFT = "draft", "草稿"
    CHECKED = "checked", "已核对"
    FINAL = "final", "定稿"


class Report(Record):
    """年度总结、计划 or a summary of another period: of the town (no union) or of one union.

    days          own as-of days by slot, ISO; a slot not named keeps the office's setting
    frozen        of a final one: the text as paragraphs of runs and the settings it was written with
    """

    is_part: ClassVar[bool] = True

    kind = models.CharField("种类", max_length=8, choices=list(KINDS.items()))
    start = DayField("起始日期")
    end = DayField("截止日期")
    union = models.ForeignKey(
        Union, models.PROTECT, verbose_name="工会", null=True, blank=True, related_name="reports"
    )
    title = models.CharField("标题", max_length=120)
    state = models.CharField("状态", max_length=8, choices=State, default=State.DRAFT)
    version = models.PositiveSmallIntegerField("版次", default=1)
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, verbose_name="取代", related_name="superseded_by"
    )
    numbering = models.CharField(
        "标题编号", max_length=8, choices=list(NUMBERINGS.items()), default="official"
    )
    for_upper = models.BooleanField("写主送机关（报上级工会）", default=False)
    signed_on = DayField("成文日期", null=True, blank=True)
    days = models.JSONField("数据截止日", default=dict, blank=True)
    tables = ArrayField(models.CharField(max_length=16), verbose_name="附表", default=list, blank=True)
    charts = ArrayField(models.CharField(max_length=16), verbose_name="附图", default=list, blank=True)
    issue_number = models.CharField("发文字号", max_length=60, blank=True)
    approver = models.CharField("签发人", max_length=30, blank=True)
    copies_to = models.CharField("抄送", max_length=300, blank=True)
    printed_by = models.CharField("印发机关", max_length=60, blank=True)
    printed_on = DayField("印发日期", null=True, blank=True)
    created_by = models.ForeignKey(USER, models.PROTECT, verbose_name="起草人", related_name="+")
    created_at = models.DateTimeField("起草时间", auto_now_add=True)
    checked_by = models.ForeignKey(
        USER, models.PROTECT, verbose_name="核对人", null=True, blank=True, related_name="+"
    )
    checked_at = models.DateTimeField("核对时间", null=True, blank=True)
    finalised_by = models.ForeignKey(
        USER, models.PROTECT, verbose_name="定稿人", null=True, blank=True, related_name="+"
    )
    finalised_at = models.DateTimeField("定稿时间", null=True, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    file = models.ForeignKey(Blob, models.PROTECT, verbose_name="文件", null=True, related_name="+")
    frozen = models.JSONField("定稿内容", null=True)

    class Meta:
        verbose_name = "总结和计划"
        verbose_name_plural = "总结和计划"
        ordering: ClassVar = ["-end", "-created_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(end__gte=F("start")),
                name="report_ends_after_start",
                violation_error_message="截止日期不能早于起始日期",
            ),
            models.CheckConstraint(
                condition=~Q(state="final")
                | Q(
                    file__isnull=False,
                    frozen__isnull=False,
                    finalised_by__isnull=False,
                    finalised_at__isnull=False,
                )
                & ~Q(sha256=""),
                name="final_report_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}（第{self.version}版）" if self.version > 1 else self.title

    def get_absolute_url(self) -> str:
        return reverse("reports:draft", args=[self.pk])

    @property
    def period(self) -> Period:
        return Period(self.start, self.end)

    @property
    def is_draft(self) -> bool:
        return self.state == State.DRAFT

    @property
    def is_final(self) -> bool:
        return self.state == State.FINAL

    @property
    def successor(self) -> "Report | None":
        """The version that took this one's place."""
        return Report.objects.filter(supersedes=self).first()

    @property
    def issue(self) -> Issue | None:
        """Red head and 版记; None as long as the document has no number."""
        if not self.issue_number:
            return None
        return Issue(self.issue_number, self.approver, self.copies_to, self.printed_by, self.printed_on)

    def order(self, today: date) -> Order:
        """What the document is made from as it stands today."""
        return Order(
            period=self.period,
            today=today,
            kind=self.kind,
            title=self.title,
            union=self.union,
            numbering=self.numbering,
            for_upper=self.for_upper,
            signed_on=self.signed_on,
            tables=tuple(self.tables),
            charts=tuple(self.charts),
            photos=tuple(self.photos.values_list("file", "caption")),
            issue=self.issue,
            days=tuple((slot, date.fromisoformat(self.days[slot])) for slot in SLOTS if self.days.get(slot)),
            edits=Edits(text.edit() for text in self.texts.all()),
            overrides={row.key: row.override() for row in self.overrides.all()},
        )


class OutlineText(models.Model):
    """What the office changed of one chapter, section or sentence; see `editing.Edit`."""

    LEVELS: ClassVar = [("chapter", "章"), ("section", "节"), ("sentence", "句子")]

    level = models.CharField("层次", max_length=8, choices=LEVELS)
    key = models.CharField("句子", max_length=80)
    section = models.CharField("所在的节", max_length=80, blank=True)
    position = models.PositiveSmallIntegerField("次序", null=True, blank=True)
    starts_paragraph = models.BooleanField("另起一段", null=True, blank=True)
    text = models.TextField("文字", blank=True)
    is_included = models.BooleanField("写入", default=True)
    variant = models.PositiveSmallIntegerField("说法", default=0)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.key

    def edit(self) -> Edit:
        return Edit(**self.values())

    def values(self) -> dict[str, Any]:
        """The columns both tables of texts share."""
        return {field.name: getattr(self, field.name) for field in OutlineText._meta.fields}


class ReportText(OutlineText, Record):
    """The office's wording in one document."""

    is_part: ClassVar[bool] = True
    union_path = "report__union"

    report = models.ForeignKey(Report, models.CASCADE, verbose_name="文件", related_name="texts")

    class Meta:
        verbose_name = "文件文字"
        verbose_name_plural = "文件文字"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "level", "key"], name="report_text_once")
        ]


class TemplateText(OutlineText, Record):
    """The office's wording kept for the documents to come: the town's (no union) or one union's."""

    is_part: ClassVar[bool] = True

    union = models.ForeignKey(Union, models.CASCADE, verbose_name="工会", null=True, related_name="+")

    class Meta:
        verbose_name = "文字模板"
        verbose_name_plural = "文字模板"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["union", "level", "key"], name="template_text_once", nulls_distinct=False
            )
        ]


class FigureOverride(Record):
    """A figure typed over that of the records; the reason stands in the attachment, not in the text."""

    is_part: ClassVar[bool] = True
    union_path = "report__union"

    report = models.ForeignKey(Report, models.CASCADE, verbose_name="文件", related_name="overrides")
    key = models.CharField("指标", max_length=400)
    number = models.DecimalField("数值", max_digits=16, decimal_places=2, null=True, blank=True)
    names = ArrayField(models.CharField(max_length=200), verbose_name="名单", default=list, blank=True)
    reason = models.CharField("原因", max_length=200)

    class Meta:
        verbose_name = "人工填写的数字"
        verbose_name_plural = "人工填写的数字"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "key"], name="figure_override_once")
        ]

    def __str__(self) -> str:
        return self.key

    def override(self) -> Override:
        return Override(tuple(self.names) if self.number is None else self.number, self.reason)


class ReportPhoto(Record):
    """A photo of a record that a document shows. One whose file or record is gone is left out when it is written."""

    is_part: ClassVar[bool] = True
    union_path = "report__union"

    report = models.ForeignKey(Report, models.CASCADE, verbose_name="文件", related_name="photos")
    file = models.ForeignKey(
        Attachment, models.DO_NOTHING, verbose_name="照片", db_constraint=False, related_name="+"
    )
    caption = models.CharField("说明", max_length=80)
    position = models.PositiveSmallIntegerField("次序")

    class Meta:
        verbose_name = "文件照片"
        verbose_name_plural = "文件照片"
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["report", "file"], name="report_photo_once")]

    def __str__(self) -> str:
        return self.caption


class FrozenFigure(Record):
    """A figure of a final document: what it said, what the records said that day, and which rows were counted.

    printed      as it stands in the ledger of the file, a list with all its names; counted is the records' own value, as text
    compared     whether it is the figure of the year before, used for a comparison
    """

    is_part: ClassVar[bool] = True
    union_path = "report__union"

    report = models.ForeignKey(Report, models.CASCADE, verbose_name="文件", related_name="figures")
    key = models.CharField("指标", max_length=400)
    compared = models.BooleanField("上年数字", default=False)
    label = models.CharField("名称", max_length=120)
    definition = models.TextField("口径")
    unit = models.CharField("单位", max_length=12)
    printed = models.TextField("数值")
    counted = models.TextField("台账数值")
    numerator = models.DecimalField("分子", max_digits=16, decimal_places=2, null=True)
    denominator = models.DecimalField("分母", max_digits=16, decimal_places=2, null=True)
    as_of = DayField("截止日")
    start = DayField("起始日期")
    end = DayField("截止日期")
    record_ids = ArrayField(models.BigIntegerField(), verbose_name="记录", default=list)
    url = models.CharField("列表地址", max_length=2000)
    note = models.CharField("人工填写的说明", max_length=500, blank=True)

    class Meta:
        verbose_name = "定稿数字"
        verbose_name_plural = "定稿数字"
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "key", "compared"], name="frozen_figure_once")
        ]

    def __str__(self) -> str:
        return self.label


class FinalPdf(models.Model):
    """The PDF of a final document: made once from its Word file and kept beside it for ever."""

    report = models.OneToOneField(
        Report, models.PROTECT, primary_key=True, verbose_name="文件", related_name="pdf"
    )
    sha256 = models.CharField("SHA-256", max_length=64)
    file = models.ForeignKey(Blob, models.PROTECT, verbose_name="PDF", related_name="+")
    made_at = models.DateTimeField("生成时间", auto_now_add=True)

    class Meta:
        verbose_name = "定稿 PDF"
        verbose_name_plural = "定稿 PDF"

    def __str__(self) -> str:
        return f"{self.report}.pdf"


class Ask(Record):
    """A request to a union's chair to enter what a document lacks; it rests when the records answer it."""

    is_part: ClassVar[bool] = True

    union = models.ForeignKey(Union, models.CASCADE, verbose_name="工会", related_name="+")
    key = models.CharField("指标", max_length=400)
    start = DayField("起始日期")
    end = DayField("截止日期")
    asked_by = models.ForeignKey(USER, models.PROTECT, verbose_name="提出人", related_name="+")
    asked_at = models.DateTimeField("提出时间", auto_now_add=True)

    class Meta:
        verbose_name = "补登请求"
        verbose_name_plural = "补登请求"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["union", "key", "start", "end"], name="ask_once")
        ]

    def __str__(self) -> str:
        return self.key


class HandedCopy(models.Model):
    """A Word file as it was handed out before the document was final, so that an edited one can be told from it."""

    report = models.ForeignKey(Report, models.CASCADE, verbose_name="文件", related_name="copies")
    sha256 = models.CharField("文字的 SHA-256", max_length=64)
    summary = models.JSONField("内容")
    handed_to = models.ForeignKey(USER, models.PROTECT, verbose_name="下载人", related_name="+")
    handed_at = models.DateTimeField("下载时间", auto_now_add=True)

    class Meta:
        verbose_name = "下载的文件"
        verbose_name_plural = "下载的文件"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "sha256"], name="handed_copy_once")
        ]

    def __str__(self) -> str:
        return f"{self.report} {self.handed_at:%Y-%m-%d}"


class ReturnedCopy(models.Model):
    """An edited Word file that came back. copy: the one it was made from, where the file still says so."""

    report = models.ForeignKey(Report, models.CASCADE, verbose_name="文件", related_name="returned")
    copy = models.ForeignKey(HandedCopy, models.CASCADE, null=True, related_name="+")
    name = models.CharField("文件名", max_length=200)
    file = models.ForeignKey(Blob, models.PROTECT, verbose_name="文件", related_name="+")
    returned_by = models.ForeignKey(USER, models.PROTECT, verbose_name="上传人", related_name="+")
    returned_at = models.DateTimeField("上传时间", auto_now_add=True)

    class Meta:
        verbose_name = "改过的文件"
        verbose_name_plural = "改过的文件"

    def __str__(self) -> str:
        return self.name
