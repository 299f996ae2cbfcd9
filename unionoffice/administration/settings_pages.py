"""The office's settings, each value valid from a day on; older values stay for older documents."""

import re
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views import View

from unionoffice.fields import DayField
from unionoffice.organisation import access
from unionoffice.organisation.models import OfficeSetting
from unionoffice.organisation.office import SETTINGS, SettingKey, setting, settings_on
from unionoffice.records.context import ask_for_name_again
from unionoffice.records.history import act
from unionoffice.records.models import ActKind

SPARE_ROWS = 4
CELL = re.compile(r"cell_([0-9]{1,4})_[0-9]+")
LONGEST = 3650  # every number among the settings counts days or months


class SettingsPage(View):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not access.may_set(request.user):
            raise PermissionDenied(f"{request.user.username} may not change settings")
        return super().dispatch(request, *args, **kwargs)


class SettingList(SettingsPage):
    """All settings with their value of today, by group."""

    def get(self, request: HttpRequest) -> HttpResponse:
        groups: dict[str, list[dict[str, Any]]] = {}
        values = settings_on(tuple(SETTINGS), timezone.localdate())
        for spec in SETTINGS.values():
            entry = {"spec": spec, "text": as_text(spec, values[spec.key])}
            groups.setdefault(spec.group, []).append(entry)
        return render(request, "administration/settings.html", {"groups": groups})


class SettingPage(SettingsPage):
    """One setting: its values by date, and a new one from a day on."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if kwargs["key"] not in SETTINGS:
            raise Http404(f"no setting {kwargs['key']}")
        self.spec = SETTINGS[kwargs["key"]]

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        today = timezone.localdate()
        return self.show(request, value_form(self.spec, initial={"valid_from": today}, value=setting(key)))

    def post(self, request: HttpRequest, key: str) -> HttpResponse:
        form = value_form(self.spec, request.POST)
        if not form.is_valid():
            return self.show(request, form, status=422)
        chosen = form.cleaned_data
        with act(ActKind.SETTING, user=request.user, summary=self.spec.label, reason=chosen["note"]):
            OfficeSetting.objects.update_or_create(
                key=key,
                valid_from=chosen["valid_from"],
                defaults={"value": form.value(), "note": chosen["note"]},
            )
        ask_for_name_again()
        messages.success(request, f"已保存“{self.spec.label}”，自{chosen['valid_from']}起生效。")
        return redirect("settings")

    def show(self, request: HttpRequest, form: "ValueForm", status: int = 200) -> HttpResponse:
        rows = OfficeSetting.objects.filter(key=self.spec.key).order_by("-valid_from")
        values = [{"row": row, "text": as_text(self.spec, row.value)} for row in rows]
        context = {"spec": self.spec, "form": form, "values": values}
        return render(request, "administration/setting.html", context, status=status)


class RemoveValue(SettingsPage):
    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(OfficeSetting, pk=pk)
        label = SETTINGS[row.key].label if row.key in SETTINGS else row.key
        with act(ActKind.SETTING, user=request.user, summary=f"{label} 删除{row.valid_from}起的值"):
            row.delete()
        ask_for_name_again()
        messages.success(request, f"已删除“{label}”自{row.valid_from}起的值，可在操作记录里撤回。")
        return redirect("settings")


class ValueForm(forms.Form):
    """A new value of a setting. The value's own fields depend on the kind of setting."""

    spec: SettingKey
    valid_from = DayField("生效日期").formfield(help_text="这一天起的文件和检查用新值，此前的仍用旧值。")
    note = forms.CharField(label="依据或原因", max_length=200, required=False, help_text="如文件名、文号。")

    def plain_fields(self) -> list[forms.BoundField]:
        """Every field but the cells of a table."""
        return [self[name] for name in self.fields if not name.startswith("cell_")]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and (fault := self.spec.check(self.value())):
            raise forms.ValidationError(fault)
        return cleaned

    def value(self) -> Any:
        """What is stored."""
        return self.cleaned_data["value"]


class LinesForm(ValueForm):
    def value(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["value"].splitlines() if line.strip()]


class TableForm(ValueForm):
    rows = 0

    def cells(self) -> list[list[tuple[str, forms.BoundField]]]:
        """Each row's cells with the heading of their column."""
        return [
            [(name, self[f"cell_{r}_{c}"]) for c, name in enumerate(self.spec.columns)]
            for r in range(self.rows)
        ]

    def value(self) -> list[dict[str, str]]:
        made = []
        for r in range(self.rows):
            row = {
                name: self.cleaned_data[f"cell_{r}_{c}"].strip() for c, name in enumerate(self.spec.columns)
            }
            if any(row.values()):
                made.append(row)
        return made


class DayOfYearField(forms.CharField):
    """A day that comes every year, as 月-日."""

    def clean(self, value: Any) -> str:
        text = super().clean(value).replace("月", "-").replace("日", "").replace("/", "-").replace(".", "-")
        month, _, day = text.partition("-")
        try:
            found = date(2023, int(month), int(day))
        except ValueError:
            raise forms.ValidationError("请写成 月-日，如 10-31。") from None
        return f"{found:%m-%d}"


def value_form(
    spec: SettingKey, data: Any = None, initial: dict[str, Any] | None = None, value: Any = None
) -> ValueForm:
    """The form for one setting, with its present value."""
    if spec.kind == "table":
        return _table_form(spec, data, initial, value)
    kinds: dict[str, tuple[type[ValueForm], forms.Field]] = {
        "text": (ValueForm, forms.CharField(max_length=200)),
        "integer": (ValueForm, forms.IntegerField(min_value=0, max_value=LONGEST)),
        "day_of_year": (ValueForm, DayOfYearField()),
        "lines": (LinesForm, forms.CharField(widget=forms.Textarea(attrs={"rows": 8}), required=False)),
    }
    base, field = kinds[spec.kind]
    form = base(
        data, initial=(initial or {}) | {"value": "\n".join(value) if isinstance(value, list) else value}
    )
    field.label, field.help_text = spec.label, spec.help or ("每行一项。" if spec.kind == "lines" else "")
    form.fields = {"value": field} | form.fields
    form.spec = spec
    return form


def _table_form(spec: SettingKey, data: Any, initial: dict[str, Any] | None, value: Any) -> TableForm:
    stored = value or []
    count = len(stored) + SPARE_ROWS
    if data is not None:
        count = 1 + max((int(cell[1]) for name in data if (cell := CELL.fullmatch(name))), default=0)
    cells = {
        f"cell_{r}_{c}": str(row.get(name, ""))
        for r, row in enumerate(stored)
        for c, name in enumerate(spec.columns)
    }
    form = TableForm(data, initial=(initial or {}) | cells)
    form.spec, form.rows = spec, min(count, 500)
    for r in range(form.rows):
        for c, name in enumerate(spec.columns):
            form.fields[f"cell_{r}_{c}"] = forms.CharField(
                label=f"第{r + 1}行 {name}", required=False, max_length=200
            )
    return form


def as_text(spec: SettingKey, value: Any) -> str:
    """A value as one line."""
    if spec.kind == "lines":
        return "、".join(value)
    if spec.kind == "table":
        return "；".join(" ".join(filter(None, (row.get(name) for name in spec.columns))) for row in value)
    return str(value)
