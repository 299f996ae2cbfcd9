"""Tables attached to a document: they list what the text counts."""

from datetime import date

import pytest

from reports.drafting import Order, prepare
from reports.periods import Period
from reports.tables import tables_of
from tests.grassroots.samples import rating, single
from unionoffice.organisation.models import Union

pytestmark = pytest.mark.django_db


def test_the_list_of_star_unions_has_every_level_the_text_counts(town: Union) -> None:
    five, four, one, _ = (single(town) for _ in range(4))
    for union, level in ((five, 5), (four, 4), (one, 1)):
        rating(union, level, "2024-03-01")
    order = Order(Period.of_year(2024), today=date(2024, 12, 31), tables=("stars",))

    draft = prepare(order)
    (table,) = tables_of(draft)

    assert [row[1:] for row in table.rows] == [
        ("五星级", five.name),
        ("四星级", four.name),
        ("一星级", one.name),
    ]
    text = "".join(paragraph.text for paragraph in draft.summary.paragraphs)
    assert "星级基层工会3家，其中五星级1家、四星级1家、一星级1家。" in text
