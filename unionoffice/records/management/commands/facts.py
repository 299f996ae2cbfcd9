"""Print every fact of a year: key, label, unit, value and the address of the list behind it."""

import json
from argparse import ArgumentTypeError
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from unionoffice import facts
from unionoffice.organisation import access
from unionoffice.organisation.models import Union


class Command(BaseCommand):
    help = "Print every fact of a year, or of a period and a day."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("year", type=int)
        parser.add_argument("--as-of", type=_day, help="day of every stock, instead of each slot's own")
        parser.add_argument("--from", dest="start", type=_day, help="first day of the period")
        parser.add_argument("--to", dest="end", type=_day, help="last day of the period")
        parser.add_argument("--union", help="name of one union: it and all below it")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(
        self, *, year: int, as_of: date | None, start: date | None, end: date | None, **options: Any
    ) -> None:
        if not 1950 <= year <= 2200:
            raise CommandError(f"{year} is no year the office could report on")
        scope = facts.year_scope(year, _unions(options["union"]), timezone.localdate())
        if start or end:
            scope = scope.at(start=start or scope.start, end=end or scope.end)
            if scope.start > scope.end:
                raise CommandError(f"the period ends ({scope.end}) before it starts ({scope.start})")
        if as_of or end:
            scope = scope.at(as_of=as_of or scope.end, as_ofs=())
        keys = [fact.key for fact in facts.registry]
        values = facts.compute(keys, scope)
        if options["as_json"]:
            self.stdout.write(
                json.dumps([as_json(values[key]) for key in keys], ensure_ascii=False, indent=1)
            )
            return
        for key in keys:
            found = values[key]
            self.stdout.write(f"{key}\t{found.fact.label}\t{shown(found)}\t{found.records}\t{found.url}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text} is no day; write it as 2026-03-05") from error


def _unions(name: str | None) -> frozenset[int] | None:
    if not name:
        return None
    found = list(Union.objects.filter(name=name) or Union.objects.filter(short_name=name))
    if len(found) != 1:
        raise CommandError(f"no union is named {name}" if not found else f"{name} names {len(found)} unions")
    return access.subtree(found[0].pk)


def as_json(found: facts.FactValue) -> dict[str, Any]:
    """A fact as programs read it: money as a string of yuan, a list as a list of names."""
    fact, scope = found.fact, found.scope
    return {
        "key": fact.key,
        "label": fact.label,
        "definition": fact.definition,
        "unit": fact.unit,
        "kind": fact.kind,
        "value": _plain(found.value),
        "numerator": _plain(found.numerator),
        "denominator": _plain(found.denominator),
        "as_of": scope.as_of.isoformat(),
        "period": [scope.start.isoformat(), scope.end.isoformat()],
        "records": found.records,
        "url": found.url,
    }


def _plain(value: Any) -> Any:
    return f"{value}" if isinstance(value, Decimal) else list(value) if isinstance(value, tuple) else value


def shown(found: facts.FactValue) -> str:
    """A value with its unit; a dash where there is none."""
    if found.value is None:
        return "—"
    if isinstance(found.value, tuple):
        return "、".join(found.value)
    return f"{found.value}{found.fact.unit}"
