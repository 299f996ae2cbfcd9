"""数据透视: cells lead to their rows, margins are asked for, small numbers of private ledgers show to those who handle them."""

from decimal import Decimal
from io import BytesIO
from urllib.parse import urlencode

import pytest
from django.test import Client
from openpyxl import load_workbook

from reports.analysis import Cell, Line, hidden
from reports.plan_items import PlanItem
from tests.welfare.samples import visit
from unionoffice.organisation.models import Union, User
from welfare.choices import Occasion, Recipient

pytestmark = pytest.mark.django_db


@pytest.fixture
def visits(union: Union, other_union: Union) -> None:
    """王师傅 in spring (as one in hardship) and on May Day, 李师傅 on May Day in the other union; last year one visit."""
    visit(union, "2026-01-20", recipient=Recipient.HARDSHIP)
    visit(union, "2026-05-01", occasion=Occasion.MAY_DAY, campaign="=1+1")
    visit(other_union, "2026-05-02", name="李师傅", occasion=Occasion.MAY_DAY)
    visit(union, "2025-05-01", occasion=Occasion.MAY_DAY)


def address(**query: str) -> str:
    return "/analysis/?" + urlencode({"from": "2026-01-01", "to": "2026-12-31"} | query)


def table(client: Client, **query: str) -> dict[str, list[str]]:
    """Line by line what the page shows."""
    found = client.get(address(**query)).context["table"]
    return {line.title: [cell.text for cell in line.cells] for line in found.lines}


def test_persons_of_two_lines_are_one_person_in_the_total(login: object, staff: User, visits: None) -> None:
    client = login(staff)

    shown = table(client, measure="welfare.visits.persons", rows="occasion", columns="recipient")

    assert shown == {"春节": ["", "1", "1"], "五一": ["2", "", "2"], "合计": ["2", "1", "2"]}
    head = client.get(address(measure="welfare.visits.persons", rows="occasion", columns="recipient"))
    assert head.context["table"].heads == ("会员", "困难职工", "合计")


def test_every_number_opens_as_many_rows(login: object, staff: User, visits: None) -> None:
    client = login(staff)

    page = client.get(address(measure="welfare.visits.count", rows="union", columns="month"))

    cells = [cell for line in page.context["table"].lines for cell in line.cells if cell.url]
    assert len(cells) == 8
    for cell in cells:
        assert client.get(cell.url).context["page"].total == cell.number


def test_year_before_stands_beside(login: object, staff: User, visits: None) -> None:
    shown = table(login(staff), measure="welfare.visits.count", rows="occasion", compare="1")

    assert shown == {"春节": ["1", ""], "五一": ["2", "1"], "合计": ["3", "1"]}


def test_table_is_narrowed_to_a_value(login: object, staff: User, visits: None) -> None:
    shown = table(
        login(staff), measure="welfare.visits.count", rows="union", only="occasion", value="may_day"
    )

    assert shown == {"宏达机械": ["1"], "金河村": ["1"], "合计": ["2"]}


def test_chair_cuts_the_own_union_alone(login: object, chair: User, visits: None) -> None:
    assert table(login(chair), measure="welfare.visits.count", rows="union") == {
        "宏达机械": ["2"],
        "合计": ["2"],
    }


def test_workbook_holds_the_table_and_no_formula(login: object, staff: User, visits: None) -> None:
    answer = login(staff).get(address(measure="welfare.visits.amount", rows="campaign", format="xlsx"))

    sheet = load_workbook(BytesIO(answer.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    assert rows == [["未填", 1000], ["=1+1", 500], ["合计", 1500]]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}


@pytest.mark.parametrize(
    "query", [{"measure": "nothing"}, {"rows": "occasion"}, {"measure": "members.realname.rate"}]
)
def test_address_that_means_nothing_offers_the_choice(
    login: object, staff: User, query: dict[str, str]
) -> None:
    page = login(staff).get(address(**query))

    assert "table" not in page.context
    assert '<option value="welfare.visits.persons">' in page.content.decode()


def test_small_numbers_of_private_ledgers_are_hidden_from_a_leader(
    login: object, make_user: object, visits: None
) -> None:
    shown = table(login(make_user("leader")), measure="welfare.visits.count", rows="occasion")

    assert shown == {"春节": ["少于3"], "五一": ["少于3"], "合计": ["3"]}


def test_number_that_a_total_would_give_away_is_hidden_too() -> None:
    def line(title: str, *numbers: int) -> Line:
        return Line(title, tuple(Cell(str(number), "x", Decimal(number)) for number in numbers))

    lines = [line("a", 1, 9, 10), line("b", 8, 7, 15), line("c", 6, 5, 11), line("合计", 15, 21, 36)]

    grid = [[cell.text for cell in each.cells] for each in hidden(lines)]

    assert grid[0] == ["少于3", "—", "10"]
    assert grid[3] == ["15", "21", "36"]
    kept_back = [[text in ("少于3", "—") for text in row[:2]] for row in grid[:3]]
    assert 1 not in [sum(row) for row in kept_back] + [sum(column) for column in zip(*kept_back, strict=True)]


def test_what_was_narrowed_to_becomes_a_target_of_the_plan(login: object, staff: User, visits: None) -> None:
    client = login(staff)
    page = client.get(
        address(measure="welfare.visits.persons", rows="union", only="occasion", value="may_day")
    )
    form = client.get(page.context["target"]).context["form"]
    year = form.instance.year

    saved = client.post(
        page.context["target"],
        {
            "wording": "五一慰问20人",
            "measure": "reach",
            "key": form["key"].value(),
            "target": "20",
            "due_on": f"{year}-12-31",
        },
    )

    assert saved.status_code == 302
    item = PlanItem.objects.get()
    assert item.key == "welfare.visits.persons[occasion=may_day]"
    assert "慰问人数（慰问事由：五一）" in client.get(f"/plan/{year}/").content.decode()
