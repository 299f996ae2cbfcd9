"""The tags of every page: what they show, and that nobody's text becomes markup."""

from unionoffice.records.cells import Cell
from unionoffice.records.templatetags.office import cells, icon


def test_cells_head_the_row_and_name_their_columns() -> None:
    row = [Cell("王芳", label="姓名"), Cell("7", "number", label="年龄"), Cell("", label="备注")]
    assert cells(row, "/members/1/") == (
        '<th scope="row"><a href="/members/1/">王芳</a></th>'
        '<td class="number" data-label="年龄">7</td>'
        '<td class="text blank" data-label="备注"></td>'
    )


def test_cells_show_links_and_states() -> None:
    row = [
        Cell("1"),
        Cell("甲工会", url="/unions/3/", label="工会"),
        Cell("已取消", "status", tone="bad", label="状态"),
    ]
    assert cells(row, "/activities/1/").endswith(
        '<td class="text" data-label="工会"><a href="/unions/3/">甲工会</a></td>'
        '<td class="status" data-label="状态"><span class="tag bad">已取消</span></td>'
    )


def test_cells_escape_every_value() -> None:
    evil = '"><script>alert(1)</script>'
    row = [Cell(evil), Cell(evil, url=evil, label=evil), Cell(evil, tone=evil), Cell(evil, kind=evil)]
    shown = cells(row, evil)
    assert "<script>" not in shown
    assert shown.count("&lt;script&gt;") == 9


def test_icon_points_into_the_sprite() -> None:
    assert icon("users").endswith('img/icons.svg#users"/></svg>')
