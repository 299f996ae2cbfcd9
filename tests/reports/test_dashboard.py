"""The dashboard's figures and bars are those of the lists behind them, of what the reader may see."""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from activities.choices import Kind
from activities.models import Activity
from tests.welfare.samples import visit
from unionoffice.organisation.models import Union, User

Login = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda *_: date(2026, 5, 20))


@pytest.fixture
def year(union: Union, other_union: Union) -> None:
    for keeper, title, day, came in (
        (union, "三月健步走", "2026-03-08", 40),
        (union, "五月球赛", "2026-05-10", 10),
        (other_union, "别家球赛", "2026-03-09", 25),
        (union, "去年健步走", "2025-03-08", 30),
        (union, "去年秋游", "2025-10-08", 99),
    ):
        Activity.objects.create(union=keeper, title=title, kind=Kind.OTHER, starts_on=day, came=came)
    visit(union, "2026-03-01", name="王师傅")


def shown(client: Client, query: str = "") -> tuple[dict[str, tuple[str, str]], dict[str, dict[str, str]]]:
    """(figure and comparison by fact, value above each month's bar by fact)."""
    context = client.get(f"/dashboard/{query}").context
    tiles = {tile.found.fact.key: (tile.shown, tile.change) for tile in context["tiles"]}
    bars = {
        panel.fact.key: {bar.month: bar.value for bar in panel.bars if bar.value}
        for panel in context["panels"]
    }
    return tiles, bars


@pytest.mark.usefixtures("year")
def test_year_is_compared_with_the_same_days_of_the_year_before(cast: SimpleNamespace, login: Login) -> None:
    tiles, bars = shown(login(cast.leader))

    assert tiles["activities.held.count"] == ("3", "比上年同期增加2场")
    assert tiles["welfare.visits.persons"] == ("1", "")
    assert bars["activities.attendance.person_times"] == {"3月": "65", "5月": "10"}


@pytest.mark.usefixtures("year")
def test_chair_sees_the_own_union_alone(cast: SimpleNamespace, login: Login) -> None:
    tiles, bars = shown(login(cast.chair))

    assert tiles["activities.attendance.person_times"] == ("50", "比上年同期增加20人次")
    assert bars["activities.held.count"] == {"3月": "1", "5月": "1"}


@pytest.mark.usefixtures("year")
def test_bar_leads_to_its_rows(cast: SimpleNamespace, login: Login) -> None:
    client = login(cast.leader)
    panels = client.get("/dashboard/?year=2026").context["panels"]
    held = next(panel for panel in panels if panel.fact.key == "activities.held.count")

    listed = client.get(held.bars[2].url)

    assert held.bars[2].said == "3月举办活动场次2场"
    assert sorted(row.texts[0] for row in listed.context["rows"]) == ["三月健步走", "别家球赛"]


@pytest.mark.parametrize(("role", "status"), [("administrator", 403), ("mediator", 403), ("auditor", 200)])
def test_who_reads_documents_reads_the_dashboard(
    role: str, status: int, cast: SimpleNamespace, login: Login
) -> None:
    assert login(getattr(cast, role)).get("/dashboard/?year=abc").status_code == status
