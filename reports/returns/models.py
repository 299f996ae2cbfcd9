"""Superiors' forms and what their cells are bound to."""

from collections.abc import Iterable, Iterator
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse

from reports.office_files import OfficeFile
from unionoffice.organisation.models import Record

from .grid import Place


class ReturnForm(OfficeFile):
    """上报表: a blank form of a superior, as uploaded.

    labels      what it is known by when it is seen again
    """

    labels = ArrayField(models.TextField(), verbose_name="表中文字", default=list)
    taken_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, verbose_name="取数沿用", related_name="+"
    )

    class Meta:
        verbose_name = "上报表"
        verbose_name_plural = "上报表"
        ordering: ClassVar = ["-created_at", "-pk"]

    def get_absolute_url(self) -> str:
        return reverse("returns:form", args=[self.pk])


class Source(models.TextChoices):
    FACT = "fact", "数据"
    WORD = "word", "词语"
    TEXT = "text", "固定文字"
    LIST = "list", "名单"


class ReturnBinding(Record):
    """取数: what one cell of a form is filled with, or for a list the rows from this cell down.

    key         the fact, or the word; of a list the fact whose rows it shows
    text        the fixed text
    height      of a list: how many rows the form leaves for it
    columns     of a list: by column of the form, the path of the record type's column
    """

    is_part: ClassVar[bool] = True

    form = models.ForeignKey(ReturnForm, models.CASCADE, verbose_name="上报表", related_name="bindings")
    sheet = models.PositiveSmallIntegerField("工作表")
    row = models.PositiveIntegerField("行")
    column = models.PositiveSmallIntegerField("列")
    blank = models.PositiveSmallIntegerField("空", default=0)
    source = models.CharField("来源", max_length=4, choices=Source)
    key = models.CharField("指标", max_length=400, blank=True)
    text = models.CharField("文字", max_length=200, blank=True)
    of_year_before = models.BooleanField("取上年同期", default=False)
    in_wan = models.BooleanField("以万元填写", default=False)
    fills_zero = models.BooleanField("没有记录就填0", default=False)
    height = models.PositiveSmallIntegerField("行数", default=1)
    columns = models.JSONField("名单各列", default=dict, blank=True)

    class Meta:
        verbose_name = "上报表取数"
        verbose_name_plural = "上报表取数"
        ordering: ClassVar = ["sheet", "row", "column", "blank"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["form", "sheet", "row", "column", "blank"], name="return_cell_bound_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.place.name}"

    @classmethod
    def within(cls, unions: frozenset[int]) -> Q:
        return Q(form__is_shared=True)

    @property
    def place(self) -> Place:
        return Place(self.sheet, self.row, self.column, self.blank)


class Bound:
    """Which binding a place belongs to, found without asking each of them."""

    def __init__(self, bindings: Iterable[ReturnBinding]) -> None:
        self._places: dict[Place, ReturnBinding] = {}
        for binding in bindings:
            for place in _places(binding):
                self._places.setdefault(place, binding)

    def at(self, place: Place) -> ReturnBinding | None:
        """The binding of a cell or of a blank within it; a list takes the whole cell."""
        found = self._places.get(place)
        if found is None and place.blank:
            whole = self._places.get(place.at(place.row, place.column))
            found = whole if whole is not None and whole.source == Source.LIST else None
        return found


def _places(binding: ReturnBinding) -> Iterator[Place]:
    if binding.source != Source.LIST:
        yield binding.place
        return
    for row in range(binding.row, binding.row + binding.height):
        yield from (Place(binding.sheet, row, int(column)) for column in binding.columns)
