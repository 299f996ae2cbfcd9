"""The office's own Word files with placeholders."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from unionoffice.organisation.models import Record
from unionoffice.records.models import Blob


class WordTemplate(Record):
    """Word 模板: a .docx of the office with placeholders.

    aliases     what the office said a placeholder nobody offers stands for: its name -> key of a fact or word
    is_shared   chairs may fill it too, for their own unions
    """

    is_part: ClassVar[bool] = True

    name = models.CharField("名称", max_length=120)
    file = models.ForeignKey(Blob, models.PROTECT, verbose_name="文件", related_name="+")
    file_name = models.CharField("文件名", max_length=200)
    aliases = models.JSONField("占位符的意思", default=dict, blank=True)
    is_shared = models.BooleanField("基层工会也能用", default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="上传人", related_name="+"
    )
    created_at = models.DateTimeField("上传时间", auto_now_add=True)

    class Meta:
        verbose_name = "Word 模板"
        verbose_name_plural = "Word 模板"
        ordering: ClassVar = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def within(cls, unions: frozenset[int]) -> Q:
        return Q(is_shared=True)

    def get_absolute_url(self) -> str:
        return reverse("placeholders:show", args=[self.pk])
