"""What the rules of activities refuse, and what they let pass for a reason (V24, V26)."""

from typing import Any

import pytest

from .samples import problems

CANCELLED = {"state": "cancelled", "came": None, "cancel_reason": "台风"}
PLANNED = {"state": "planned", "came": None, "starts_on": "2026-12-01"}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"starts_on": "2026-11-21"}, ("starts_on", "refused", "activity-in-future")),
        ({"starts_on": "2026-11-21", "state": None}, ("starts_on", "refused", "activity-in-future")),
        (PLANNED | {"starts_on": "2026-11-19"}, ("state", "warned", "activity-overdue")),
        (PLANNED | {"came": 30}, ("came", "refused", "activity-planned-came")),
        (CANCELLED | {"cancel_reason": ""}, ("cancel_reason", "refused", "activity-cancel-reason")),
        (CANCELLED | {"came": 30}, ("came", "refused", "activity-cancelled-came")),
        (CANCELLED | {"cancelled_on": "2026-11-21"}, ("cancelled_on", "refused", "date-in-future")),
        ({"cancel_reason": "台风"}, ("cancel_reason", "refused", "activity-not-cancelled")),
        ({"cancelled_on": "2026-05-01"}, ("cancelled_on", "refused", "activity-not-cancelled")),
        ({"theme": ""}, ("theme", "warned", "activity-no-theme")),
        ({"sessions": 0}, ("sessions", "refused", "activity-no-session")),
        ({"came": None}, ("came", "warned", "activity-no-attendance")),
        ({"came": 0, "state": None}, ("came", "warned", "activity-no-attendance")),
        ({"came": 2, "participants": [1, 2, 3]}, ("came", "refused", "activity-fewer-than-list")),
        ({"answered": 10, "satisfied": 11}, ("satisfied", "refused", "activity-satisfied")),
        ({"satisfied": 1}, ("satisfied", "refused", "activity-satisfied")),
        ({"visitors": 10, "hires": 11}, ("hires", "refused", "activity-hires")),
        ({"union": 7, "co_organisers": [8, 7]}, ("co_organisers", "refused", "activity-own-partner")),
    ],
)
def test_fault_is_found(fields: dict[str, Any], expected: tuple[str, str, str]) -> None:
    assert problems(**fields) == [expected]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"starts_on": "2026-11-20"},
        PLANNED,
        PLANNED | {"starts_on": "2026-11-20"},
        CANCELLED | {"cancelled_on": "2026-05-01"},
        CANCELLED | {"starts_on": "2026-12-24"},
        {"came": 3, "participants": [1, 2, 3]},
        {"answered": 10, "satisfied": 10},
        {"hires": 5},
        {"union": 7, "co_organisers": [8]},
    ],
)
def test_what_is_in_order_passes(fields: dict[str, Any]) -> None:
    assert problems(**fields) == []
