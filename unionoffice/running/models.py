"""What an installation knows of itself."""

from django.db import models


class Installation(models.Model):
    """The one row that says which DATA_KEY the stored numbers need, and how the last nightly backup went."""

    key_fingerprint = models.CharField(max_length=16)
    backed_up_at = models.DateTimeField("上次备份时间", null=True)
    backup_error = models.CharField("上次备份的问题", max_length=300, blank=True)

    class Meta:
        verbose_name = "系统运行"
        verbose_name_plural = "系统运行"

    def __str__(self) -> str:
        return self.key_fingerprint
