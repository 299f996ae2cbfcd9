"""What an installation knows of itself."""

from typing import ClassVar

from django.db import models


class Installation(models.Model):
    """The one row that says which DATA_KEY the stored numbers need."""

    key_fingerprint = models.CharField(max_length=16)

    class Meta:
        verbose_name = "系统运行"
        verbose_name_plural = "系统运行"

    def __str__(self) -> str:
        return self.key_fingerprint


class NightlyBackup(models.Model):
    """One run of the scheduler's backup: the archive it wrote, or what went wrong."""

    at = models.DateTimeField("时间", auto_now_add=True)
    file_name = models.CharField("文件名", max_length=100, blank=True)
    size = models.PositiveBigIntegerField("大小", default=0)
    problem = models.CharField("问题", max_length=300, blank=True)

    class Meta:
        verbose_name = "每晚备份"
        verbose_name_plural = "每晚备份"
        ordering: ClassVar = ["-at"]

    def __str__(self) -> str:
        return self.file_name or self.problem
