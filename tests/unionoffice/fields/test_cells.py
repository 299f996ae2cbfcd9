"""Cells of every kind of model field, and fields in migrations."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.migrations.writer import MigrationWriter

import unionoffice.fields
from unionoffice.fields import (
    BankAccountField,
    CellField,
    CreditCodeField,
    DayField,
    FlagField,
    HashField,
    IdNumberField,
    LinesField,
    MobileField,
    MoneyField,
    NameGramsIndex,
    PersonNameField,
    PinyinField,
    TitleField,
    cell_for,
    cleaner_for,
)
from unionoffice.values import Line, Lines, Refused

SEX = [("1", "男"), ("2", "女")]
CHINA = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    ("field", "raw", "value"),
    [
        (models.CharField(max_length=5), " 东湖\u00a0", "东湖"),
        (models.TextField(), "一 \n二　", "一\n二"),
        (models.IntegerField(), "12人", 12),
        (models.PositiveIntegerField(), 12.0, 12),
        (models.DecimalField(max_digits=5, decimal_places=1), "12.5", Decimal("12.5")),
        (models.FloatField(), "1.5", 1.5),
        (models.BooleanField(), "√", True),
        (models.DateField(), "2024年3月5日", date(2024, 3, 5)),
        (models.DateTimeField(), "2024-03-05 14:30", datetime(2024, 3, 5, 14, 30, tzinfo=CHINA)),
        (models.DateTimeField(), datetime(2024, 3, 5, 14, 30), datetime(2024, 3, 5, 14, 30, tzinfo=CHINA)),
        (models.DateTimeField(), "2024年3月5日", datetime(2024, 3, 5, tzinfo=CHINA)),
        (models.CharField(max_length=1, choices=SEX), " 女", "2"),
        (models.IntegerField(choices=[(110, "国有企业"), (170, "私营企业")]), 170.0, 170),
        (models.ForeignKey("organisation.Union", models.PROTECT), " 东湖村联合工会 ", "东湖村联合工会"),
        (PersonNameField(), "张　三", "张三"),
        (TitleField(), "东湖 (集团)", "东湖（集团）"),
        (IdNumberField(), "11010519491231002x", "11010519491231002X"),
        (IdNumberField(kind="kind"), "e12345678", "E12345678"),
        (BankAccountField(), "6222 0212 3456 7890", "6222021234567890"),
        (DayField(), 45356.0, date(2024, 3, 5)),
        (MobileField(), 13812345678.0, "13812345678"),
        (CreditCodeField(), "91350100m000100y43", "91350100M000100Y43"),
        (MoneyField(), "0.12万元", Decimal("1200.00")),
        (FlagField(), "否", False),
        (LinesField(), "大米|2|袋|45", Lines([Line("大米", Decimal(2), "袋", Decimal("45.00"))])),
    ],
)
def test_cleaner_of_every_kind_of_field(field: models.Field, raw: Any, value: Any) -> None:
    clean = cleaner_for(field)

    assert clean(raw) == value
    assert clean("") is None
    assert clean(None) is None


@pytest.mark.parametrize(
    ("field", "raw", "refused"),
    [
        (models.CharField(max_length=3), "东湖村会", Refused("too-long", "最多3个字，现有4个字")),
        (models.TextField(max_length=3), "东湖村会", Refused("too-long", "最多3个字，现有4个字")),
        (TitleField(max_length=3), "东湖村会", Refused("too-long", "最多3个字，现有4个字")),
        (models.PositiveIntegerField(), "-1", Refused("min_value", "确保该值大于或等于0。")),
        (
            models.IntegerField(validators=[MinValueValidator(5)]),
            4,
            Refused("min_value", "确保该值大于或等于5。"),
        ),
        (
            models.CharField(max_length=9, validators=[RegexValidator(r"\d+", "应为数字", "digits")]),
            "x",
            Refused("digits", "应为数字"),
        ),
        (
            models.CharField(max_length=1, choices=SEX),
            "未知",
            Refused("choice-unknown", "“未知”不在可选范围内，可填：男、女"),
        ),
        (
            models.DateTimeField(),
            "昨天",
            Refused("date-unreadable", "日期“昨天”看不懂，请写成2024-03-05这样的年月日"),
        ),
    ],
)
def test_cleaner_keeps_to_the_limits_of_the_field(field: models.Field, raw: Any, refused: Refused) -> None:
    with pytest.raises(Refused) as caught:
        cleaner_for(field)(raw)

    assert caught.value == refused


def test_cleaner_takes_the_aliases_of_a_field() -> None:
    field = models.CharField(max_length=1, choices=SEX)
    field.aliases = {"先生": "1"}

    assert cleaner_for(field)("先生") == "1"


def test_field_without_a_cleaner_is_a_mistake_of_the_developer() -> None:
    with pytest.raises(TypeError, match="no cleaner"):
        cleaner_for(models.BinaryField())


@pytest.mark.parametrize(
    ("field", "value", "cell"),
    [
        (models.CharField(max_length=5), "东湖", "东湖"),
        (models.CharField(max_length=1, choices=SEX), "2", "女"),
        (models.CharField(max_length=1, choices=SEX), "9", "9"),
        (models.BooleanField(), True, "是"),
        (models.DateField(), date(2024, 3, 5), date(2024, 3, 5)),
        (
            models.DateTimeField(),
            datetime(2024, 3, 5, 6, 30, tzinfo=UTC),
            datetime(2024, 3, 5, 14, 30),
        ),
        (MoneyField(), Decimal("12.50"), Decimal("12.50")),
        (FlagField(), False, "否"),
        (IdNumberField(), "11010519491231002X", "110***********002X"),
        (BankAccountField(), "6222021234567890", "************7890"),
        (LinesField(), Lines([Line("大米", Decimal(2), "袋", Decimal("45.00"))]), "大米|2|袋|45.00"),
        (LinesField(), Lines(), None),
    ],
)
def test_cell_of_every_kind_of_field(field: models.Field, value: Any, cell: Any) -> None:
    assert cell_for(field)(value) == cell
    assert cell_for(field)(None) is None


@pytest.mark.parametrize(
    "field",
    [
        models.CharField(max_length=1, choices=SEX),
        models.BooleanField(),
        models.DateTimeField(),
        FlagField(),
        LinesField(),
        MoneyField(),
        DayField(),
    ],
)
def test_cell_reads_back_as_the_value(field: models.Field) -> None:
    samples = {
        models.CharField: "2",
        models.BooleanField: True,
        models.DateTimeField: datetime(2024, 3, 5, 14, 30, tzinfo=CHINA),
        FlagField: False,
        LinesField: Lines([Line("肉", Decimal("2.5"), "斤", Decimal("19.90"))]),
        MoneyField: Decimal("19.90"),
        DayField: date(2024, 3, 5),
    }
    value = samples[type(field)]

    assert cleaner_for(field)(cell_for(field)(value)) == value


def test_model_validation_speaks_the_same_lines() -> None:
    with pytest.raises(ValidationError) as caught:
        MobileField("手机号码").clean("1381234567", None)

    assert caught.value.messages == ["手机号码“1381234567”应为11位数字，现有10位"]


@pytest.mark.parametrize(
    ("made", "written"),
    [
        (PersonNameField("姓名"), "PersonNameField(max_length=30, verbose_name='姓名')"),
        (TitleField("单位", max_length=50), "TitleField(max_length=50, verbose_name='单位')"),
        (
            PinyinField(of="name", style="sort"),
            "PinyinField(blank=True, editable=False, max_length=250, of='name', style='sort')",
        ),
        (
            PinyinField(of="title", person=False),
            "PinyinField(blank=True, editable=False, max_length=250, of='title', person=False, style='full')",
        ),
        (IdNumberField(kind="id_kind"), "IdNumberField(kind='id_kind')"),
        (
            HashField(of="id_number", last=4),
            "HashField(blank=True, db_index=True, editable=False, last=4, null=True, of='id_number')",
        ),
        (
            HashField(of="id_number", unique=True, null=False, purpose="person"),
            "HashField(blank=True, db_index=True, editable=False, null=False, of='id_number', "
            "purpose='person', unique=True)",
        ),
        (CreditCodeField(holder="union"), "CreditCodeField(holder='union', max_length=18)"),
        (MoneyField("金额"), "MoneyField(decimal_places=2, max_digits=12, verbose_name='金额')"),
        (FlagField(), "FlagField(blank=True, null=True)"),
        (FlagField(null=False, default=False), "FlagField(blank=True, default=False, null=False)"),
        (LinesField(), "LinesField(blank=True)"),
        (DayField(null=True), "DayField(null=True)"),
    ],
)
def test_field_in_a_migration(made: models.Field, written: str) -> None:
    text, imports = MigrationWriter.serialize(made)

    assert (text, imports) == (f"unionoffice.fields.{written}", {"import unionoffice.fields"})
    again = eval(text, {"unionoffice": unionoffice})
    assert again.deconstruct()[1:] == made.deconstruct()[1:]


def test_index_in_a_migration() -> None:
    index = NameGramsIndex("name", name="member_name_grams")

    text, imports = MigrationWriter.serialize(index)

    assert text == "unionoffice.fields.NameGramsIndex('name', name='member_name_grams')"
    assert imports == {"import unionoffice.fields"}
    assert index.grams_of == "name"


def test_every_cell_field_has_a_chinese_description() -> None:
    kinds = [
        kind
        for kind in vars(unionoffice.fields).values()
        if isinstance(kind, type) and issubclass(kind, CellField)
    ]

    assert len(kinds) > 10
    assert [kind for kind in kinds if kind is not CellField and kind.description.isascii()] == []
