"""What a document's time is called."""

from datetime import date

import pytest

from reports.periods import CHOICES, Period


@pytest.mark.parametrize(
    ("start", "end", "kind", "name", "title"),
    [
        ("2024-01-01", "2024-12-31", "year", "2024年", "2024年度"),
        ("2024-01-01", "2024-06-30", "half", "2024年上半年", "2024年上半年"),
        ("2024-07-01", "2024-12-31", "half", "2024年下半年", "2024年下半年"),
        ("2024-04-01", "2024-06-30", "quarter", "2024年第二季度", "2024年第二季度"),
        ("2024-02-01", "2024-02-29", "month", "2024年2月", "2024年2月份"),
        ("2024-02-01", "2024-04-30", "window", "2024年2月1日至4月30日", "2024年2月1日至4月30日"),
        ("2023-07-01", "2024-06-30", "window", "2023年7月1日至2024年6月30日", "2023年7月1日至2024年6月30日"),
    ],
)
def test_periods_have_names(start: str, end: str, kind: str, name: str, title: str) -> None:
    period = Period(date.fromisoformat(start), date.fromisoformat(end))

    assert (period.kind, period.name, period.title) == (kind, name, title)


@pytest.mark.parametrize("choice", [choice for choice in CHOICES if choice != "window"])
def test_a_choice_gives_a_period_of_that_choice(choice: str) -> None:
    assert Period.chosen(2024, choice).choice == choice


@pytest.mark.parametrize(
    ("choice", "today", "words"),
    [
        ("year", "2025-01-05", "全年"),
        ("year", "2024-09-01", "今年以来"),
        ("half1", "2024-09-01", "上半年"),
        ("half2", "2024-09-01", "7月以来"),
        ("quarter3", "2024-10-01", "三季度"),
        ("month3", "2024-10-01", "当月"),
    ],
)
def test_what_stands_for_the_whole_time(choice: str, today: str, words: str) -> None:
    assert Period.chosen(2024, choice).throughout(date.fromisoformat(today)) == words
