"""Fields on a page: the import's cleaners, the rule told beforehand, secrets masked."""

from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.db import models
from django.forms.models import modelform_factory

from unionoffice.fields import MobileField
from unionoffice.values import Line, Lines

NUMBER = "11010519491231002X"


@pytest.fixture
def form(card: type[models.Model]) -> type[forms.ModelForm]:
    return modelform_factory(card, fields="__all__")


def test_entries_are_cleaned_as_an_import_cleans_cells(form: type[forms.ModelForm]) -> None:
    sent = form(
        {
            "name": " 张　三",
            "unit": "东湖(集团)公司",
            "id_number": "11010519491231002x",
            "passport": "",
            "bank": "6222 0212 3456 7890",
            "born_on": "1949年12月31日",
            "mobile": "+86 138 1234 5678",
            "phone": "(0574)65712345",
            "paid": "1,200元",
            "is_migrant": "True",
            "goods": "大米|2|袋|45",
        }
    )

    assert sent.errors == {}
    assert sent.cleaned_data == {
        "name": "张三",
        "unit": "东湖（集团）公司",
        "id_number": NUMBER,
        "passport": None,
        "bank": "6222021234567890",
        "illness": None,
        "born_on": date(1949, 12, 31),
        "mobile": "13812345678",
        "phone": "0574-65712345",
        "union_code": "",
        "paid": Decimal("1200.00"),
        "is_migrant": True,
        "goods": Lines([Line("大米", Decimal(2), "袋", Decimal("45.00"))]),
    }


def test_errors_are_the_lines_of_the_cleaners(form: type[forms.ModelForm]) -> None:
    sent = form(
        {
            "name": "",
            "unit": "长" * 101,
            "id_number": "11010519491231002",
            "born_on": "2024-02-30",
            "mobile": "1381234",
            "union_code": "91350100M000100Y43",
            "paid": "12.345",
            "is_migrant": "也许",
            "goods": "大米",
        }
    )

    assert {
        name: [(e.code, e.message) for e in errors.as_data()] for name, errors in sent.errors.items()
    } == {
        "name": [("required", "请填写")],
        "unit": [("too-long", "最多100个字，现有101个字")],
        "id_number": [("id-length", "身份证号码应为18位，现有17位")],
        "born_on": [("date-impossible", "2024年2月没有30日，日应为1至29")],
        "mobile": [("mobile-landline", "“1381234”像是固定电话，手机号码应为以1开头的11位数字")],
        "union_code": [("credit-code-holder", "这像是用人单位的代码，工会自己的代码以81或89开头")],
        "paid": [("money-fraction", "金额“12.345”不足一分，最多保留两位小数")],
        "is_migrant": [("flag-unknown", "“也许”看不懂，请填是或否")],
        "goods": [("goods-unreadable", "第1种物品“大米”应写成：名称|数量|单位|单价")],
    }


def test_rules_are_told_before_the_mistake(form: type[forms.ModelForm]) -> None:
    rules = {name: field.help_text for name, field in form().fields.items() if field.help_text}

    assert rules == {
        "name": "2至25个字，少数民族姓名中间用“·”",
        "id_number": "18位，末位可为X",
        "passport": "身份证18位，末位可为X；其他证件照证件填写",
        "bank": "8至30位数字",
        "born_on": "如2024-03-05",
        "mobile": "11位数字",
        "phone": "如0574-65712345，或手机号码",
        "union_code": "18位，以81或89开头",
        "paid": "单位：元，最多两位小数",
        "goods": "每种物品一段：名称|数量|单位|单价，几种之间用分号隔开，如：大米|2|袋|45.00；食用油|1|桶|60.00",
    }


def test_help_text_of_the_model_wins_over_the_rule() -> None:
    assert MobileField("手机号码", help_text="本人的号码").formfield().help_text == "本人的号码"


def test_stored_values_are_shown_ready_to_be_sent_back(
    card: type[models.Model], form: type[forms.ModelForm]
) -> None:
    row = card.objects.create(
        name="张三",
        id_number=NUMBER,
        bank="6222021234567890",
        born_on=date(1949, 12, 31),
        paid=Decimal("1200.50"),
        is_migrant=False,
        goods=Lines([Line("大米", Decimal(2), "袋", Decimal("45.00"))]),
    )
    shown = form(instance=card.objects.get())
    sent = {name: shown[name].value() for name in shown.fields}

    assert {name: value for name, value in sent.items() if value} == {
        "name": "张三",
        "id_number": "110***********002X",
        "bank": "************7890",
        "born_on": "1949-12-31",
        "paid": "1200.50",
        "is_migrant": "False",
        "goods": "大米|2|袋|45.00",
    }
    assert NUMBER not in shown.as_p()
    assert 'type="date"' in str(shown["born_on"])
    again = form({name: value or "" for name, value in sent.items()}, instance=card.objects.get())
    assert (again.is_valid(), again.errors, again.changed_data) == (True, {}, [])
    assert again.save().id_number == NUMBER
    assert card.objects.get(pk=row.pk).bank == "6222021234567890"


def test_masked_number_of_somebody_else_is_refused(
    card: type[models.Model], form: type[forms.ModelForm]
) -> None:
    card.objects.create(name="张三", id_number=NUMBER)

    sent = form({"name": "张三", "id_number": "440***********0014"}, instance=card.objects.get())

    assert sent.errors["id_number"].as_data()[0].code == "masked"
    assert sent["id_number"].value() == "440***********0014"


def test_secret_is_replaced_by_a_new_number(card: type[models.Model], form: type[forms.ModelForm]) -> None:
    card.objects.create(name="张三", id_number=NUMBER)

    sent = form({"name": "张三", "id_number": "440524188001010014"}, instance=card.objects.get())

    assert sent.changed_data == ["id_number"]
    sent.save()
    assert card.objects.get(id_hash="440524188001010014").id_number == "440524188001010014"


@pytest.mark.parametrize(
    ("typed", "flag"),
    [("", None), ("True", True), ("False", False), ("是", True), ("否", False), ("未知", None)],
)
def test_flag_takes_three_answers(form: type[forms.ModelForm], typed: str, flag: bool | None) -> None:
    sent = form({"name": "张三", "is_migrant": typed})

    assert sent.is_valid()
    assert sent.cleaned_data["is_migrant"] is flag


def test_flag_offers_its_answers_in_chinese(form: type[forms.ModelForm]) -> None:
    assert form().fields["is_migrant"].choices == [("", "未知"), ("True", "是"), ("False", "否")]
