"""The demo town's documents: the plans of both years, and last year's summary in its final version."""

from datetime import date

from unionoffice.records.demo import DemoTown, loader

from . import finalising, plans, revising
from .drafting import Order
from .periods import Period


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
