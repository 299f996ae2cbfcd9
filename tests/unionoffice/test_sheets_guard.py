"""Reading a file from outside ends, whatever the file has the reader do."""

import threading

import pytest

from unionoffice.sheets.cells import SheetRefused, column_letters
from unionoffice.sheets.guard import bounded
from unionoffice.sheets.limits import MEGABYTE


def spin() -> None:
    turns = 0
    while True:
        try:
            turns += 1
        except Exception:
            continue


def grow() -> None:
    held = []
    while True:
        held.append(bytes(MEGABYTE))


@pytest.mark.parametrize(("work", "code"), [(spin, "too-slow"), (grow, "too-much-memory")])
def test_work_without_end_is_refused_in_one_line(work: object, code: str) -> None:
    with pytest.raises(SheetRefused) as refused:
        bounded(seconds=1 if work is spin else 60, memory=200 * MEGABYTE)(work)()

    assert refused.value.code == code


def test_what_ends_in_time_is_left_alone() -> None:
    before = threading.active_count()

    with bounded(), bounded(seconds=60):
        read = list(range(1000))

    assert (len(read), threading.active_count()) == (1000, before)


def test_the_inner_of_two_limits_ends_its_own_work_only() -> None:
    with bounded(seconds=60):
        with pytest.raises(SheetRefused, match="规定的时间"), bounded(seconds=0.5):
            spin()
        assert column_letters(26) == "AA"


@pytest.mark.parametrize("index", [-1, -6])
def test_there_is_no_column_before_the_first(index: int) -> None:
    with bounded(seconds=10), pytest.raises(ValueError, match="no column"):
        column_letters(index)
