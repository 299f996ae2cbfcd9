"""Long lists as parameters: what is spelled in one piece means the same as element by element."""

from datetime import date

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("bigint", [1, None, -5, 2**40]),
        ("text", ["张三", "", "NULL", "null", None, 'a"b', "c\\d", "{e,f}", " g ", "\n"]),
        ("date", [date(2024, 2, 29), None, date(1900, 1, 1)]),
        ("bytea", [b"", b"\x00\\\"'", None, bytes(range(256))]),
        ("boolean", [True, None, False]),
    ],
)
@pytest.mark.parametrize("times", [1, 40])
def test_list_arrives_as_it_was(kind: str, values: list[object], times: int) -> None:
    sent = values * times

    with connection.cursor() as cursor:
        cursor.execute(f"select %s::{kind}[]", [sent])
        arrived = cursor.fetchone()[0]

    assert arrived == sent
