"""A file of the office that is filled again and again."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from unionoffice.organisation.models import Record
from unionoffice.records.models import Blob


class OfficeFile(Record):
    """The file as it came, with what the office calls it.

    is_shared   chairs may fill it too, for their own unions
    """

    is_part: ClassVar[bool] = True

    name = models.CharField("名称", max_length=120)
    file = models.ForeignKey(Blob, models.PROTECT, verbose_name="文件", related_name="+")
    file_name = models.CharField("文件名", max_length=200)
    is_shared = models.BooleanField("基层工会也能用", default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="上传人", related_name="+"
    )
    created_at = models.DateTimeField("上传时间", auto_now_add=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @classmethod
    def within(cls, unions: frozenset[int]) -> Q:
        return Q(is_shared=True)
