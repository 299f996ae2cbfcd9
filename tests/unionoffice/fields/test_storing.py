"""What stands in the database and what comes back."""

import pickle
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import FieldError, ValidationError
from django.db import connection, models
from pytest_django.fixtures import Settings

from unionoffice import crypto
from unionoffice.fields import Secret, derived_fields, with_derived
from unionoffice.values import Line, Lines

NUMBER, OTHER = "11010519491231002X", "440524188001010014"


def stored(*columns: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"select {', '.join(columns)} from card_card order by id")
        return [tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in cursor.fetchall()]


def test_row_comes_back_as_it_was_saved(card: type[models.Model]) -> None:
    goods = Lines([Line("大米", Decimal(2), "袋", Decimal("45.00"))])
    card(
        name="曾小乐",
        unit="重庆机械厂",
        id_number=NUMBER,
        bank="6222021234567890",
        illness="高血压",
        born_on=date(1949, 12, 31),
        mobile="13812345678",
        paid=Decimal("12.50"),
        is_migrant=True,
        goods=goods,
    ).save()

    row = card.objects.get()

    found = {
        f.name: getattr(row, f.name) for f in card._meta.fields if f.name not in ("id", "id_hash", "id_tail")
    }
    assert found == {
        "name": "曾小乐",
        "name_pinyin": "zengxiaole",
        "name_initials": "zxl",
        "name_sort": "zeng1 xiao3 le4",
        "unit": "重庆机械厂",
        "unit_pinyin": "chongqingjixiechang",
        "id_number": NUMBER,
        "passport": None,
        "bank": "6222021234567890",
        "illness": "高血压",
        "born_on": date(1949, 12, 31),
        "mobile": "13812345678",
        "phone": "",
        "union_code": "",
        "paid": Decimal("12.50"),
        "is_migrant": True,
        "goods": goods,
    }
    assert row.goods.total == Decimal("90.00")


def test_empty_row_comes_back_empty(card: type[models.Model]) -> None:
    card(name="张三").save()

    row = card.objects.get()

    assert (row.id_number, row.id_hash, row.id_tail, row.is_migrant, row.goods) == (
        None,
        None,
        None,
        None,
        Lines(),
    )
    assert stored("goods::text", "id_number", "id_hash") == [("[]", None, None)]


def test_secrets_stand_encrypted_and_hashes_keyed(card: type[models.Model]) -> None:
    card(name="张三", id_number=NUMBER, illness="高血压").save()

    ((number, index, tail, illness),) = stored("id_number", "id_hash", "id_tail", "illness")

    assert (crypto.decrypt(number), crypto.decrypt(illness)) == (NUMBER, "高血压")
    assert index == crypto.blind_index(NUMBER, "id_number:")
    assert tail == crypto.blind_index("002X", "id_number:4")


def test_bulk_create_and_bulk_update_write_derived_columns(card: type[models.Model]) -> None:
    rows = card.objects.bulk_create([card(name="张三", id_number=NUMBER), card(name="单雄信")])
    rows[0].name, rows[0].id_number = "李四", OTHER

    card.objects.bulk_update(rows, with_derived(card, ["name", "id_number"]))

    assert list(card.objects.order_by("id").values_list("name", "name_initials", "id_hash", "id_tail")) == [
        ("李四", "ls", crypto.blind_index(OTHER, "id_number:"), crypto.blind_index("0014", "id_number:4")),
        ("单雄信", "sxx", None, None),
    ]


def test_derived_columns_follow_their_source_at_once(card: type[models.Model]) -> None:
    row = card(name="张三")
    row.name = "欧阳娜"

    assert (row.name_pinyin, row.name_sort) == ("ouyangna", "ou1 yang2 na4")


def test_derived_column_alone_is_read_from_the_database(card: type[models.Model]) -> None:
    card(name="张三").save()

    assert card.objects.only("name_pinyin").get().name_pinyin == "zhangsan"
    assert card.objects.defer("name").get().name == "张三"


def test_with_derived_names_columns_of_the_named_sources(card: type[models.Model]) -> None:
    assert with_derived(card, ["name", "paid"]) == [
        "name",
        "paid",
        "name_pinyin",
        "name_initials",
        "name_sort",
    ]
    assert with_derived(card, ["paid"]) == ["paid"]
    assert [field.name for field in derived_fields(card)] == [
        "name_pinyin",
        "name_initials",
        "name_sort",
        "unit_pinyin",
        "id_hash",
        "id_tail",
    ]


def test_saving_again_leaves_ciphertexts_as_they_were(card: type[models.Model]) -> None:
    card(name="张三", id_number=NUMBER, bank="6222021234567890", illness="高血压").save()
    before = stored("id_number", "bank", "illness")

    row = card.objects.get()
    row.name = "李四"
    row.save()

    assert stored("id_number", "bank", "illness") == before


def test_equal_numbers_have_equal_ciphertexts_but_equal_texts_do_not(card: type[models.Model]) -> None:
    for _ in range(2):
        card(name="张三", id_number=NUMBER, illness="高血压").save()

    (number, illness), (same, other) = stored("id_number", "illness")

    assert number == same
    assert illness != other


@pytest.mark.parametrize("typed", [NUMBER, NUMBER.lower(), " 110105 19491231 002Ｘ "])
def test_hash_is_found_by_the_plain_text(card: type[models.Model], typed: str) -> None:
    row = card.objects.create(name="张三", id_number=NUMBER)
    card.objects.create(name="李四", id_number=OTHER)
    field = card._meta.get_field("id_hash")

    assert card.objects.get(id_hash=typed) == row
    assert card.objects.get(id_hash=field.index_of(typed)) == row
    assert card.objects.get(id_hash__in=[typed, "none of them"]) == row


def test_hash_of_the_last_four_is_found_by_them_and_by_the_whole(card: type[models.Model]) -> None:
    row = card.objects.create(name="张三", id_number=NUMBER)
    card.objects.create(name="李四", id_number=OTHER)

    assert card.objects.get(id_tail="002x") == row
    assert card.objects.get(id_tail=NUMBER) == row
    assert not card.objects.filter(id_tail="9999").exists()


def test_hash_of_an_old_key_is_still_found(card: type[models.Model], settings: Settings) -> None:
    row = card.objects.create(name="张三", id_number=NUMBER)
    settings.DATA_KEY_OLD = [settings.DATA_KEY]
    settings.DATA_KEY = "another key of more than thirty-two characters"
    new = card.objects.create(name="李四", id_number=OTHER)

    assert card.objects.get(id_hash=NUMBER) == row
    assert card.objects.get(id_hash=OTHER) == new
    assert card.objects.get(id_hash=NUMBER).id_number == NUMBER


def test_rows_without_a_number_are_found(card: type[models.Model]) -> None:
    card.objects.create(name="张三", id_number=NUMBER)
    empty = card.objects.create(name="李四")

    assert list(card.objects.filter(id_number=None)) == [empty]
    assert list(card.objects.filter(id_number__isnull=True)) == [empty]
    assert list(card.objects.filter(id_hash=None)) == [empty]


def test_values_are_looked_up_as_they_are_cleaned(card: type[models.Model]) -> None:
    row = card.objects.create(name="张三", mobile="138 1234 5678", born_on="1949年12月31日", paid="1,200元")

    assert card.objects.get(mobile="+86 13812345678", name=" 张　三") == row
    assert card.objects.get(born_on="1949.12.31", paid__in=["1200元", Decimal("-1")], paid__gt=-5) == row
    assert not card.objects.filter(mobile__in=["no number", "138"]).exists()
    assert card.objects.get(mobile__startswith="138") == row


@pytest.mark.parametrize(
    ("name", "value"), [("mobile", "138"), ("paid", Decimal("-1")), ("born_on", "2024-02-30")]
)
def test_values_that_are_none_are_not_saved(card: type[models.Model], name: str, value: Any) -> None:
    with pytest.raises(ValidationError):
        card(name="张三", **{name: value}).save()


@pytest.mark.parametrize("lookup", ["id_number", "id_number__contains", "illness__startswith", "bank__in"])
def test_encrypted_columns_cannot_be_searched(card: type[models.Model], lookup: str) -> None:
    with pytest.raises(FieldError, match="HashField"):
        list(card.objects.filter(**{lookup: [NUMBER] if lookup.endswith("in") else NUMBER}))


def test_secret_shows_itself_masked(card: type[models.Model]) -> None:
    card(name="张三", id_number=NUMBER).save()
    row = card.objects.get()

    assert isinstance(row.id_number, Secret)
    assert repr(row.id_number) == "<secret **************002X>"
    assert NUMBER not in repr(vars(row))
    assert NUMBER not in repr(list(card.objects.values()))
    assert pickle.loads(pickle.dumps(row.id_number)) == NUMBER


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("小", ["张小明", "小林·海波"]),
        ("小明", ["张小明"]),
        ("张小明", ["张小明"]),
        ("张明", []),
        ("林·海", ["小林·海波"]),
        ("小林·海波", ["小林·海波"]),
        ("john", ["John Smith"]),
        ("N S", ["John Smith"]),
        ("", ["张小明", "小林·海波", "欧阳娜娜", "John Smith"]),
        ("阳娜娜", ["欧阳娜娜"]),
        ("娜娜娜", []),
        ("小%", []),
        ("%小明", []),
        ("小_明", []),
    ],
)
def test_grams_find_characters_anywhere_in_a_name(
    card: type[models.Model], text: str, names: list[str]
) -> None:
    for name in ["张小明", "小林·海波", "欧阳娜娜", "John Smith"]:
        card.objects.create(name=name)

    assert list(card.objects.filter(name__grams=text).order_by("id").values_list("name", flat=True)) == names


@pytest.mark.parametrize("length", range(8))
def test_name_grams_are_all_pieces_of_one_and_two_characters(db: None, length: int) -> None:
    name = "甲乙丙丁戊己庚"[:length]
    with connection.cursor() as cursor:
        cursor.execute("select name_grams(%s)", [name])
        (found,) = cursor.fetchone()

    pieces = [name[i : i + n] for n in (1, 2) for i in range(length - n + 1)]
    assert sorted(found or []) == sorted(pieces)


def test_grams_are_served_by_the_index(card: type[models.Model]) -> None:
    card.objects.bulk_create([card(name=f"张小{chr(0x4E00 + i)}") for i in range(2000)])
    with connection.cursor() as cursor:
        cursor.execute("analyze card_card")
        cursor.execute("set local enable_seqscan = off")

    assert "card_name_grams" in card.objects.filter(name__grams="张小一").explain()
