"""The demo town's own form and briefing ask for what the office has."""

from reports import demo_files
from reports.placeholders.reading import Meaning, open_word, spots, understand
from reports.returns import filling, matching
from reports.returns.models import ReturnBinding
from reports.returns.opening import grid_of


def test_the_form_is_understood_by_its_labels() -> None:
    grid = grid_of(demo_files.county_form())
    found = matching.suggestions(grid, [])
    bound = [
        ReturnBinding(sheet=p.sheet, row=p.row, column=p.column, blank=p.blank, source=s.source, key=s.key)
        for p, s in found.items()
    ]

    left = [(lack.place.name, lack.is_list) for lack in filling.unbound(grid, bound)]

    assert left == [("C14", False), ("A17", True)]


def test_every_placeholder_of_the_briefing_is_known() -> None:
    found = [understand(spot, {}) for spot in spots(open_word(demo_files.briefing()))]

    assert len(found) == 11
    assert all(isinstance(meaning, Meaning) for meaning in found)


def test_the_files_are_the_same_every_time() -> None:
    assert demo_files.county_form() == demo_files.county_form()
    assert demo_files.briefing() == demo_files.briefing()
