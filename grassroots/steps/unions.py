"""Steps on a union: confirm, contact data, units, re-election, renaming, merging, dissolving."""

import hashlib
from dataclasses import asdict
from typing import Any

from django import forms
from django.utils import timezone

from members.choices import ENDED_STATES
from members.models import MembershipEvent
from members.queries import in_force
from unionoffice.fields import CreditCodeField, PhoneField, TitleField
from unionoffice.organisation.choices import UnionKind
from unionoffice.organisation.models import Union, User, in_being
from unionoffice.organisation.today import Today
from unionoffice.records.pickers import PickerField
from unionoffice.records.steps import count_field, day_field
from unionoffice.records.types import RowAction

from ..actions import confirmation, lifecycle, units
from ..models import UnionConfirmation
from ..queries import lasting

# Actions of their own, which chairs may do though they may not change the union.
CONFIRM, CONTACT, COVER = "confirm", "contact", "cover"


def text_field(label: str, length: int = 60, **options: Any) -> forms.Field:
    """A form field for one line of text, cleaned as everywhere."""
    return TitleField(label, max_length=length).formfield(**options)


def unions_in_being(label: str, **options: Any) -> PickerField:
    return PickerField(Union.objects.on_day(Today()), label=label, **options)


def standing(union: Union) -> bool:
    return not union.has_ended


def base(union: Union) -> bool:
    return standing(union) and union.kind != UnionKind.TOWNSHIP


def lasting_base(union: Union) -> bool:
    """One of which no end is noted yet."""
    return base(union) and union.dissolved_on is None


def has_room(union: Union) -> bool:
    """Whether the union may cover one more unit: a group covers none, a single union one."""
    if not base(union) or union.kind == UnionKind.GROUP:
        return False
    return (
        union.kind != UnionKind.SINGLE
        or not union.coverages.filter(lasting("started_on", "ended_on", timezone.localdate())).exists()
    )


def shown_number(label: str) -> forms.Field:
    """A figure to be looked at, not typed."""
    return forms.IntegerField(label=label, disabled=True, required=False, widget=forms.TextInput)


class ConfirmForm(forms.Form):
    """The numbers as they stand; a click confirms exactly these."""

    members = shown_number("会员数")
    declared_members = shown_number("上报会员数")
    units = shown_number("涵盖单位数")
    staff = shown_number("职工数")
    chair = forms.CharField(label="主席", disabled=True, required=False)
    term_ends_on = forms.DateField(
        label="任期届满日期", disabled=True, required=False, widget=forms.DateInput(format="%Y-%m-%d")
    )
    note = text_field("情况说明", 200, required=False, help_text="数字有出入的，请先改正再确认，或在这里说明")
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("seen") != self.initial["seen"]:
            self.data = self.data.copy()
            self.data["seen"] = self.initial["seen"]
            raise forms.ValidationError("数据刚有变动，请核对上面的最新数字后再确认。")
        return cleaned


def _shown(union: Union) -> dict[str, Any]:
    numbers = asdict(confirmation.numbers_of(union))
    return numbers | {"seen": hashlib.sha256(repr(numbers).encode()).hexdigest()[:16]}


def _unconfirmed(union: Union) -> bool:
    return (
        base(union)
        and not UnionConfirmation.objects.filter(union=union, period=confirmation.present_period()).exists()
    )


def _confirm(union: Union, cleaned: dict[str, Any], user: User) -> str:
    names = ("members", "declared_members", "units", "staff", "chair", "term_ends_on")
    shown = confirmation.Shown(**{name: cleaned[name] for name in names})
    made = confirmation.confirm(union, shown=shown, by=user, note=cleaned["note"])
    return f"已确认{made.period}的数据。"


class ContactForm(forms.Form):
    address = text_field("地址", 200, required=False)
    phone = PhoneField("办公电话", blank=True).formfield()
    declared_members = count_field("上报会员数", required=False, help_text="年报或县级系统中上报的会员数")


def _contact(union: Union, cleaned: dict[str, Any], user: User) -> str:
    for name in ContactForm.base_fields:
        setattr(union, name, cleaned[name])
    union.save(update_fields=list(ContactForm.base_fields))
    return "已更新联系信息。"


class CoverForm(forms.Form):
    name = text_field("单位名称", 120)
    credit_code = CreditCodeField("统一社会信用代码", holder="employer", null=True, blank=True).formfield()
    on = day_field("涵盖起始日期")
    staff_total = count_field("职工人数", required=False)


def _cover(union: Union, cleaned: dict[str, Any], user: User) -> str:
    link = units.cover(union, by=user, **cleaned_only(cleaned, CoverForm))
    return f"已登记涵盖单位“{link.unit}”。"


class RenameForm(forms.Form):
    name = text_field("新名称", 120)
    short_name = text_field("新简称", 60, required=False)
    on = day_field("更名日期")
    document_no = text_field("批复文号", required=False)


def _rename(union: Union, cleaned: dict[str, Any], user: User) -> str:
    former = lifecycle.rename(union, by=user, **cleaned_only(cleaned, RenameForm))
    return f"已更名为“{cleaned['name']}”，曾用名“{former}”保留。"


class MergeForm(forms.Form):
    into = unions_in_being("并入工会", help_text="会员、涵盖单位和下级工会都转到该工会")
    on = day_field("合并日期")
    reason = forms.CharField(label="原因", max_length=200, help_text="可填批复文号")


def _merge(union: Union, cleaned: dict[str, Any], user: User) -> str:
    moved = lifecycle.merge(union, by=user, **cleaned_only(cleaned, MergeForm))
    return f"已登记并入“{cleaned['into']}”，{cleaned['on']}起生效，转移会员{moved}名。{_accounts(union)}"


class DissolveForm(forms.Form):
    on = day_field("撤销日期")
    receiver = unions_in_being(
        "接收会员的工会", required=False, help_text="还有会员的，选会籍转到哪个工会，或勾选下面的“转出本镇”"
    )
    leaves_town = forms.BooleanField(label="会员转出本镇", required=False, help_text="去向写在原因里")
    reason = forms.CharField(label="原因", max_length=200, help_text="可填批复文号")


def _dissolve(union: Union, cleaned: dict[str, Any], user: User) -> str:
    moved = lifecycle.dissolve(union, by=user, **cleaned_only(cleaned, DissolveForm))
    told = f"，转移会员{moved}名" if moved else ""
    return f"已登记撤销“{union}”，{cleaned['on']}起生效{told}。{_accounts(union)}"


def _accounts(union: Union) -> str:
    """What remains to be done by the administrator."""
    names = "、".join(union.users.filter(is_active=True).values_list("name", flat=True))
    return f"请通知系统管理员停用或调整账号：{names}。" if names else ""


def standing_now(union: Union) -> str:
    """What ending the union would move or end."""
    today = timezone.localdate()
    members = MembershipEvent.objects.filter(in_force(today), union=union).exclude(state__in=ENDED_STATES)
    units = union.coverages.filter(lasting("started_on", "ended_on", today))
    posts = union.posts.filter(lasting("started_on", "ended_on", today))
    children = union.children.filter(in_being(today))
    return (
        f"现有会员{members.count()}名（含保留会籍）、涵盖单位{units.count()}个、"
        f"在任干部{posts.count()}人次、下级工会{children.count()}个。"
    )


def cleaned_only(cleaned: dict[str, Any], form: type[forms.Form]) -> dict[str, Any]:
    """The form's own fields, without what every step page adds."""
    return {name: cleaned[name] for name in form.base_fields}


UNION_STEPS = (
    RowAction(
        "confirm",
        "确认数据",
        ConfirmForm,
        _confirm,
        shown=_unconfirmed,
        initial=_shown,
        needs=CONFIRM,
        help="请核对下列数字，与实际一致就点“确认数据”；确认时的数字会一并保存。",
    ),
    RowAction(
        "contact",
        "更新联系信息",
        ContactForm,
        _contact,
        shown=standing,
        initial=lambda union: {name: getattr(union, name) for name in ContactForm.base_fields},
        needs=CONTACT,
    ),
    RowAction(
        "cover",
        "登记涵盖单位",
        CoverForm,
        _cover,
        shown=has_room,
        needs=COVER,
        help="填写信用代码的，系统中已有这个单位就直接关联，没有则新建。",
    ),
    RowAction(
        "rename",
        "更名",
        RenameForm,
        _rename,
        shown=standing,
        initial=lambda union: {"name": union.name, "short_name": union.short_name},
        help="旧名称和更名日期会保留，历史数据不变。",
    ),
    RowAction(
        "merge",
        "并入其他工会",
        MergeForm,
        _merge,
        shown=lasting_base,
        tone="danger",
        help="本工会从合并之日起终止，任职和届次同时结束；可在变更记录里撤回。",
        tells=standing_now,
    ),
    RowAction(
        "dissolve",
        "撤销工会",
        DissolveForm,
        _dissolve,
        shown=lasting_base,
        tone="danger",
        help="涵盖关系、任职和届次同时结束，下级工会转由上级工会管理；可在变更记录里撤回。",
        tells=standing_now,
    ),
)
