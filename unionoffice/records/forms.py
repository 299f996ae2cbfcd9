"""The form of a record type: made from its declaration, judged by its rules, narrowed to what the user may choose."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import models
from django.db.models import Q
from django.forms.models import modelform_factory

from unionoffice.organisation import access
from unionoffice.organisation.models import User

from .batches import batch_of
from .pickers import PickerField, PickerMultipleField, SuggestInput
from .rules import Batch, Problem
from .types import RecordType

# Fields of the form itself; a record's own columns are never called so (checks.py).
OWN_FIELDS = ("act_reason", "seen", "submission")


class RecordForm(forms.ModelForm):
    """Base of every record form.

    kind, user    set by `form_class`
    warnings      what the rules found that may pass with a reason, after validation
    submission    key that makes sending twice harmless
    act_reason    why warnings may pass; stands in the history
    seen          newest change the user has seen of the record; later ones are a conflict
    """

    kind: RecordType
    user: User
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    # Browsers that fill forms in again after reloading would bring a used key back.
    submission = forms.UUIDField(widget=forms.HiddenInput({"autocomplete": "off"}), required=False)
    act_reason = forms.CharField(label="原因", max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.warnings: list[Problem] = []
        self.fields["submission"].initial = uuid.uuid4
        for name in self.kind.sensitive & self.fields.keys():
            self.fields[name].widget.attrs["data-sensitive"] = ""
        if self.instance.pk is not None:
            self.offer_what_stands()
        self.order_fields([*self.own_fields(), *OWN_FIELDS])

    def offer_what_stands(self) -> None:
        """A relation may stay as it is, also where the user could no longer choose it: a member who has moved on."""
        for name, field in self.fields.items():
            stored = getattr(self.instance, f"{name}_id", None)
            if stored and isinstance(field, PickerField):
                own = Q(pk__in=field.queryset.order_by().values("pk")) | Q(pk=stored)
                field.queryset = field.queryset.model._default_manager.filter(own)

    def own_fields(self) -> list[str]:
        return [name for name in self.fields if name not in OWN_FIELDS]

    def groups(self) -> list[dict[str, Any]]:
        """Bound fields by the declaration's groups; fields a subclass added come with the first."""
        named = {name for group in self.kind.groups for name in group.fields}
        extra = [name for name in self.own_fields() if name not in named]
        made = []
        for number, group in enumerate(self.kind.groups):
            names = ([*extra] if number == 0 else []) + [name for name in group.fields if name in self.fields]
            if names:
                made.append({"title": group.title, "fields": [self[name] for name in names]})
        return made

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors:
            self.keep_unseen(cleaned)
            self.complete(cleaned)
            self.judge(cleaned)
        return cleaned

    def keep_unseen(self, cleaned: dict[str, Any]) -> None:
        """Related rows that the user does not see stay related: the form could neither show nor remove them."""
        if self.instance.pk is None or access.unions_of(self.user) is None:
            return
        for name, field in self.fields.items():
            if isinstance(field, PickerMultipleField):
                stored = getattr(self.instance, name).order_by()
                unseen = stored.exclude(pk__in=field.queryset.order_by().values("pk"))
                chosen = Q(pk__in=[row.pk for row in cleaned[name]]) | Q(pk__in=unseen.values("pk"))
                cleaned[name] = field.queryset.model._default_manager.filter(chosen)

    def complete(self, cleaned: dict[str, Any]) -> None:
        """What the type can tell from other fields of the row, where nothing was typed or the form does not ask."""
        if self.kind.complete is None:
            return
        columns = {name: list(column) for name, column in self.batch(cleaned).values.items()}
        before = {name: column[0] for name, column in columns.items()}
        self.kind.complete(columns)
        for name, (value,) in columns.items():
            if value == before[name]:
                continue
            if name not in cleaned:
                setattr(self.instance, self.kind.field(name).attname, value)
            elif isinstance(self.fields.get(name), forms.ModelChoiceField):
                cleaned[name] = self.fields[name].queryset.filter(pk=value).first()
            else:
                cleaned[name] = value

    def judge(self, cleaned: dict[str, Any]) -> None:
        """Run the type's rules on this one row: refusals become errors, warnings need a reason."""
        for problem in self.kind.judge(self.batch(cleaned)):
            if problem.verdict == "refused":
                self.add_error(problem.field if problem.field in self.fields else None, problem.message)
            else:
                self.warnings.append(problem)
        if self.warnings and self.instance.pk is not None:
            known = self.known_doubts()
            self.warnings = [problem for problem in self.warnings if problem not in known]
        if self.warnings and not self.errors and not cleaned.get("act_reason"):
            self.add_error("act_reason", "请核对提醒，写明原因后再次保存。")

    def known_doubts(self) -> set[Problem]:
        """What the rules find in the record as it stands: it was let pass, and is not asked about again."""
        stored = self.kind.model._default_manager.get(pk=self.instance.pk)
        return set(self.kind.judge(batch_of(self.kind, [stored], self.user)))

    def batch(self, cleaned: dict[str, Any]) -> Batch:
        """This form as a batch of one: what is typed, and for fields it does not show what is stored."""
        values: dict[str, list[Any]] = {}
        for name in self.kind.fields:
            value = cleaned.get(name) if name in self.fields else self._stored(name)
            if isinstance(value, models.Model):
                value = value.pk
            elif isinstance(value, models.QuerySet | list) and not isinstance(value, str):
                value = [getattr(row, "pk", row) for row in value]
            values[name] = [value]
        for name in cleaned:
            if name not in values:
                values[name] = [getattr(cleaned[name], "pk", cleaned[name])]
        return Batch(values, [self.instance.pk], self.user)

    def _stored(self, name: str) -> Any:
        field = self.kind.field(name)
        if field.many_to_many:
            return list(getattr(self.instance, name).all()) if self.instance.pk else []
        return getattr(self.instance, field.attname, None)

    @property
    def is_only_doubted(self) -> bool:
        """Whether nothing is wrong but that a reason is wanted."""
        return set(self.errors) == {"act_reason"}

    def problems(self) -> list[str]:
        """Errors that belong to no field."""
        return list(self.errors.get(NON_FIELD_ERRORS, []))


def form_class(kind: RecordType, user: User, names: tuple[str, ...] | None = None) -> type[RecordForm]:
    """The form of a type for a user, over all its fields or some of them."""
    base = kind.form_class or RecordForm
    chosen = names or kind.fields

    def form_field(field: models.Field, **kwargs: Any) -> forms.Field | None:
        if isinstance(field, models.ForeignKey | models.OneToOneField):
            return relation_field(kind, user, field)
        if isinstance(field, models.ManyToManyField):
            return PickerMultipleField(
                access.narrow(user, field.related_model),
                required=not field.blank,
                label=field.verbose_name,
                help_text=field.help_text,
            )
        if isinstance(field, models.URLField):
            kwargs["assume_scheme"] = "https"
        if field.name in kind.suggests:
            kwargs["widget"] = SuggestInput(lambda: kind.suggests[field.name](user))
        return field.formfield(**kwargs)

    made = modelform_factory(kind.model, form=base, fields=chosen, formfield_callback=form_field)
    made.kind, made.user = kind, user
    return made


def relation_field(kind: RecordType, user: User, field: models.ForeignKey) -> PickerField:
    """A relation offers only what the user may see, and within that what the type allows."""
    rows = access.narrow(user, field.related_model)
    narrowing = kind.choices_shown.get(field.name)
    if narrowing is not None:
        rows = rows.filter(pk__in=narrowing(user).values("pk"))
    return PickerField(rows, required=not field.blank, label=field.verbose_name, help_text=field.help_text)
