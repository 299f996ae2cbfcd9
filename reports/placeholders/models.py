"""The office's own Word files with placeholders."""

from typing import ClassVar

from django.db import models
from django.urls import reverse

from reports.office_files import OfficeFile


class WordTemplate(OfficeFile):
    """Word 模板: a .docx of the office with placeholders.

    aliases     what the office said a placeholder nobody offers stands for: its name -> key of a fact or word
    """

    aliases = models.JSONField("占位符的意思", default=dict, blank=True)

    class Meta:
        verbose_name = "Word 模板"
        verbose_name_plural = "Word 模板"
        ordering: ClassVar = ["name", "pk"]

    def get_absolute_url(self) -> str:
        return reverse("placeholders:show", args=[self.pk])
