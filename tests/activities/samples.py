"""Activities made by hand, and the rules asked about one row."""

from typing import Any

from activities.choices import Kind
from activities.models import Activity
from activities.records import ACTIVITIES
from unionoffice import facts
from unionoffice.facts import Scope
from unionoffice.organisation.models import Union
from unionoffice.records.rules import Batch, judge
from unionoffice.values import clean_day

LINKS = ("co_organisers", "participants", "partners")


def activity(union: Union, starts_on: str = "2026-05-10", **fields: Any) -> Activity:
    """A stored activity with 40 person-times unless told otherwise."""
    values = {
        "title": "健步走",
        "kind": Kind.WALKING,
        "theme": "向祖国报到",
        "starts_on": clean_day(starts_on),
        "came": 40,
    }
    values |= fields
    linked = {name: values.pop(name) for name in LINKS if name in values}
    made = Activity.objects.create(union=union, **values)
    for name, rows in linked.items():
        getattr(made, name).set(rows)
    return made


def problems(**fields: Any) -> list[tuple[str, str, str]]:
    """(field, verdict, code) of what the rules find in an activity that is faultless but for these fields."""
    values: dict[str, Any] = dict.fromkeys(ACTIVITIES.fields) | {
        "title": "健步走",
        "theme": "向祖国报到",
        "starts_on": "2026-05-10",
        "state": "held",
        "sessions": 1,
        "came": 40,
    }
    values |= fields
    for name in ("starts_on", "ends_on", "cancelled_on"):
        values[name] = clean_day(values[name])
    columns = {name: [value] for name, value in values.items()}
    batch = Batch(columns, (None,), today=clean_day("2026-11-20"))
    return [(found.field, found.verdict, found.code) for found in judge(ACTIVITIES.rules, batch)]


def figures(scope: Scope, *keys: str) -> list[Any]:
    """Values of these facts; what each counts is what its list would show."""
    found = facts.compute(keys, scope)
    for key in keys:
        fact, computed = found[key].fact, found[key]
        assert fact.rows(computed.scope).count() == computed.records, key
    return [found[key].value for key in keys]
