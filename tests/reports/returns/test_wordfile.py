"""A .docx form read as a grid and written back."""

from decimal import Decimal
from io import BytesIO

import docx
from docx.oxml.ns import qn

from reports.returns.grid import Entry, Grid, Place
from reports.returns.opening import open_form
from tests.reports.returns.forms import word_form


def cells_of(content: bytes) -> list[list[str]]:
    table = docx.Document(BytesIO(content)).tables[0]
    return [["".join(c._tc.itertext(qn("w:t"))) for c in row.cells] for row in table.rows]


def test_cells_merged_across_and_down_are_one() -> None:
    grid = Grid(open_form(word_form()).sheets)
    sheet = grid.sheets[0]

    across, down = grid.cell(Place(0, 4, 0)), grid.cell(Place(0, 1, 0))

    assert sheet.note == "附件2\n工会工作情况报送表"
    assert (across.text, across.columns) == ("换届情况", 4)
    assert (down.text, down.rows) == ("组织建设", 2)
    assert grid.asked(Place(0, 2, 2)) == "基层工会数"


def test_a_figure_is_traceable_and_the_rest_stays() -> None:
    blank = word_form()
    form = open_form(blank)

    form.put(Place(0, 1, 2), Entry("7073", Decimal(7073), "members.active.count", "会员总数"))
    form.put(Place(0, 0, 1), Entry("青溪镇总工会"))
    form.put(Place(0, 3, 0, 1), Entry("无"))
    document = docx.Document(BytesIO(form.saved()))

    controls = [
        (c.find(qn("w:sdtPr")).find(qn("w:tag")).get(qn("w:val")), "".join(c.itertext(qn("w:t"))))
        for c in document.element.iter(qn("w:sdt"))
    ]
    assert controls == [("members.active.count", "7073")]
    before, after = cells_of(blank), cells_of(form.saved())
    changed = {
        (r, c): text for r, row in enumerate(after) for c, text in enumerate(row) if text != before[r][c]
    }
    assert set(changed.values()) == {"青溪镇总工会", "7073", "备注：无"}
    assert [p.text for p in document.paragraphs if p.text] == [
        "附件2",
        "工会工作情况报送表",
        "填表说明：数字填到年底。",
    ]


def test_a_row_grows_as_often_as_asked_with_its_format() -> None:
    form = open_form(word_form())

    form.grow(0, 6, 2)
    for row in range(3):
        form.put(Place(0, 6 + row, 1), Entry(f"工会{row}"))
    table = docx.Document(BytesIO(form.saved())).tables[0]

    assert [row.cells[1].text for row in table.rows[6:]] == ["工会0", "工会1", "工会2"]
    spans = {tuple(tc.grid_span for tc in row._tr.tc_lst) for row in table.rows[6:]}
    assert spans == {(1, 2, 1)}
