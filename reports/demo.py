"""The demo town's documents: the plans of both years, last year's summary in its final version, a form and a briefing."""

from datetime import date

from unionoffice.records.demo import DemoTown, loader

from . import demo_files, finalising, plans, revising
from .drafting import Order
from .periods import Period
from .placeholders import keeping
from .returns import binding, matching
from .returns.grid import Place
from .returns.opening import grid_of


@loader
def plans_of_both_years(town: DemoTown) -> None:
    for year in town.years:
        plans.take(plans.suggestions(year, None, date(year, 1, 1)), year, None)


@loader
def last_summary(town: DemoTown) -> None:
    """Written, checked and signed in the first days of this year."""
    writer = town.users["staff"]
    signed_on = min(town.today, date(town.today.year, 1, 5))
    order = Order(Period.of_year(town.first_day.year), signed_on, "both", signed_on=signed_on)
    report = revising.start(order, user=writer)
    report.signed_on = signed_on
    report.save()
    finalising.check(report, user=writer)
    finalising.finalise(report, user=writer)


@loader
def county_form(town: DemoTown) -> None:
    """The county's form with what its labels ask for, and its list."""
    writer, content = town.users["staff"], demo_files.county_form()
    form = binding.receive(content, "乡镇工会工作情况统计表.xlsx", user=writer).form
    grid = grid_of(content)
    binding.bind_all(form, matching.suggestions(grid, []).values(), user=writer)
    first = Place(0, len(demo_files.INDICATORS) + 5, 0)
    key = "grassroots.stars.new_five.names"
    kind = binding.list_type(key)
    columns = binding.likely_columns(kind, binding.list_columns(grid, first), writer)
    binding.bind_list(form, first, key, demo_files.LIST_ROWS, columns, user=writer)


@loader
def briefing(town: DemoTown) -> None:
    keeping.receive(demo_files.briefing(), "工会工作简报.docx", user=town.users["staff"])
