"""A model with every field, in a table of its own that goes with the test."""

from django.db import connection, models
from django.test.utils import isolate_apps
from pytest import fixture

from unionoffice.fields import (
    BankAccountField,
    CreditCodeField,
    DayField,
    EncryptedField,
    FlagField,
    HashField,
    IdNumberField,
    LinesField,
    MobileField,
    MoneyField,
    NameGramsIndex,
    PersonNameField,
    PhoneField,
    PinyinField,
    TitleField,
)

with isolate_apps():

    class Card(models.Model):
        name = PersonNameField("姓名")
        name_pinyin = PinyinField(of="name")
        name_initials = PinyinField(of="name", style="initials")
        name_sort = PinyinField(of="name", style="sort")
        unit = TitleField("单位", blank=True)
        unit_pinyin = PinyinField(of="unit")
        id_number = IdNumberField("证件号码", null=True, blank=True)
        id_hash = HashField(of="id_number")
        id_tail = HashField(of="id_number", last=4)
        passport = IdNumberField("护照", kind="kind", null=True, blank=True)
        bank = BankAccountField("银行账号", null=True, blank=True)
        illness = EncryptedField("病情", null=True, blank=True)
        born_on = DayField("出生日期", null=True, blank=True)
        mobile = MobileField("手机号码", blank=True)
        phone = PhoneField("电话", blank=True)
        union_code = CreditCodeField("工会代码", holder="union", blank=True)
        paid = MoneyField("金额", null=True, blank=True)
        is_migrant = FlagField("农民工")
        goods = LinesField("物品")

        class Meta:
            app_label = "card"
            indexes = (NameGramsIndex("name", name="card_name_grams"),)

        def __str__(self) -> str:
            return self.name


@fixture
def card(owner: None, db: None) -> type[Card]:
    with connection.schema_editor() as editor:
        editor.create_model(Card)
    return Card
