"""The tags of every page: what they show, and that nobody's text becomes markup."""

from django.http import QueryDict

from unionoffice.records.filters import ListFilter
from unionoffice.records.listing import ListColumn
from unionoffice.records.tables import Column, Row
from unionoffice.records.templatetags.office import column_heads, filter_menus, icon, table_rows

EVIL = '"><script>alert(1)</script>'


def test_rows_lead_to_their_records_and_name_their_columns() -> None:
    columns = [
        Column("name", "姓名", "text"),
        Column("age", "年龄", "number"),
        Column("note", "备注", "text"),
    ]
    assert table_rows(columns, [Row(1, "/members/1/", ("王芳", "7", ""))]) == (
        '<tr><th scope="row"><a href="/members/1/">王芳</a></th>'
        '<td class="number" data-label="年龄">7</td><td class="text" data-label="备注"></td></tr>\n'
    )


def test_what_stands_out_is_a_tag() -> None:
    columns = [Column("name", "姓名", "text"), Column("state", "状态", "text", {"已开除": "bad"})]
    shown = table_rows(columns, [Row(1, "/m/1/", ("王芳", "正常")), Row(2, "/m/2/", ("李明", "已开除"))])
    assert '<td class="text" data-label="状态">正常</td>' in shown
    assert '<td class="text" data-label="状态"><span class="tag bad">已开除</span></td>' in shown


def test_rows_that_can_be_ticked_say_whom_they_choose() -> None:
    shown = table_rows([Column("name", "姓名", "text")], [Row(5, "/members/5/", ("王芳",))], can_tick=True)
    assert 'name="pk" value="5" form="bulk" data-tick aria-label="选择：王芳"' in shown


def test_heads_sort_where_that_is_possible_and_say_how_it_is_sorted() -> None:
    columns = [
        ListColumn("name", "姓名", "text", {}, "?sort=-name", "asc"),
        ListColumn("age", "年龄", "number", {}, "?sort=age"),
        ListColumn("id_number", "证件号码", "masked"),
    ]
    name, age, number = column_heads(columns).split("</th>")[:3]
    assert name.startswith('<th scope="col" aria-sort="ascending"><a href="?sort=-name">姓名<svg')
    assert age.startswith('<th scope="col" class="number"><a href="?sort=age">年龄<svg')
    assert number == '<th scope="col">证件号码'


def test_no_text_becomes_markup() -> None:
    column = ListColumn(EVIL, EVIL, "text", {EVIL: "bad"}, EVIL)
    shown = table_rows([column, column], [Row(1, "/x/1/", (EVIL, EVIL))], can_tick=True) + column_heads(
        [column]
    )
    shown += filter_menus([ListFilter(EVIL, EVIL, QueryDict())], EVIL)
    assert "<script>" not in shown
    assert shown.count("&lt;script&gt;") == 9


def test_icon_points_into_the_sprite() -> None:
    assert icon("users").endswith('img/icons.svg#users"/></svg>')
