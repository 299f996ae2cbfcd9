"""Columns computed from another field of the same row whenever it is saved."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.utils.functional import cached_property

from unionoffice import pinyin

from .cells import public_path
from .simple import PersonNameField


class DerivedAttribute(DeferredAttribute):
    """Always computed from the source, so that no write of an instance can leave it behind."""

    def __get__(self, instance: models.Model | None, cls: type[models.Model] | None = None) -> Any:
        if instance is not None and self.field.of in instance.__dict__:
            return self.field.compute(instance.__dict__[self.field.of])
        return super().__get__(instance, cls)

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class DerivedField(models.Field):
    """A column computed from the field `of` of the same row, never set by hand."""

    descriptor_class = DerivedAttribute

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        kwargs = {"editable": False, "blank": True} | kwargs
        super().__init__(*args, **kwargs)
        self.of = of

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, public_path(self), args, kwargs | {"of": self.of}

    def compute(self, value: Any) -> Any:
        """The column's value for a value of the source field."""
        raise NotImplementedError

    def compute_all(self, values: Iterable[Any]) -> list[Any]:
        """The column for a column of the source field."""
        return list(map(self.compute, values))


class PinyinField(DerivedField, models.CharField):
    """The pinyin of the name in the field `of`: style "full", "initials" or "sort" (`unionoffice.pinyin`).

    With `person` the name is read with its surname, else by phrases; unless given, it is so for a
    PersonNameField.
    """

    description = "拼音"
    styles = {"full": pinyin.name_pinyin, "initials": pinyin.name_initials, "sort": pinyin.sort_key}

    def __init__(
        self,
        *args: Any,
        of: str,
        style: str = "full",
        person: bool | None = None,
        max_length: int = 250,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, of=of, max_length=max_length, **kwargs)
        self.style = style
        self.person = person

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs["style"] = self.style
        if self.person is not None:
            kwargs["person"] = self.person
        return name, path, args, kwargs

    def compute(self, value: str | None) -> str:
        return self.styles[self.style](value or "", self.reads_surname)[: self.max_length]

    def compute_all(self, values: Iterable[str | None]) -> list[str]:
        spell, person, longest = self.styles[self.style], self.reads_surname, self.max_length
        return [spell(value or "", person)[:longest] for value in values]

    @cached_property
    def reads_surname(self) -> bool:
        if self.person is not None:
            return self.person
        return isinstance(self.model._meta.get_field(self.of), PersonNameField)


def derived_fields(model: type[models.Model]) -> list[DerivedField]:
    """The derived columns of a model."""
    return [field for field in model._meta.concrete_fields if isinstance(field, DerivedField)]


def with_derived(model: type[models.Model], names: Iterable[str]) -> list[str]:
    """Names of fields about to be written (update_fields, bulk_update) with the columns derived from them."""
    names = list(names)
    return names + [f.name for f in derived_fields(model) if f.of in names and f.name not in names]
