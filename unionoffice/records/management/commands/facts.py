"""Print every figure of a year, or one measure cut: key, label, unit, value and the address of the list behind it."""

import json
from argparse import ArgumentTypeError
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from unionoffice import facts
from unionoffice.organisation import access
from unionoffice.organisation.models import Union
from unionoffice.records.due import bring_up_to_date


class Command(BaseCommand):
    help = "Print every figure of a year, or of a period and a day; or one measure cut by dimensions."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("year", type=int)
        parser.add_argument("--as-of", type=_day, help="day of every stock, instead of each slot's own")
        parser.add_argument("--from", dest="start", type=_day, help="first day of the period")
        parser.add_argument("--to", dest="end", type=_day, help="last day of the period")
        parser.add_argument("--union", help="name of one union: it and all below it")
        parser.add_argument("--measure", metavar="KEY", help="one measure, cut by the next two")
        parser.add_argument("--by", metavar="DIMENSION[,DIMENSION]", help="a cell for each value of these")
        parser.add_argument(
            "--where", action="append", metavar="DIMENSION=VALUE", help="only these rows; several as a+b"
        )
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(
        self, *, year: int, as_of: date | None, start: date | None, end: date | None, **options: Any
    ) -> None:
        bring_up_to_date()
        if not 1950 <= year <= 2200:
            raise CommandError(f"{year} is no year the office could report on")
        scope = facts.year_scope(year, _unions(options["union"]), timezone.localdate())
        if start or end:
            scope = scope.at(start=start or scope.start, end=end or scope.end)
            if scope.start > scope.end:
                raise CommandError(f"the period ends ({scope.end}) before it starts ({scope.start})")
        if as_of or end:
            scope = scope.at(as_of=as_of or scope.end, as_ofs=())
        if options["by"] or options["where"] or options["measure"]:
            found = _cut(options["measure"], options["by"], options["where"], scope)
            return self.print_json(map(_cell_json, found)) if options["as_json"] else self.print_cells(found)
        keys = [fact.key for fact in facts.registry]
        values = facts.compute(keys, scope)
        if options["as_json"]:
            return self.print_json(as_json(values[key]) for key in keys)
        for key in keys:
            found = values[key]
            self.stdout.write(f"{key}\t{found.fact.label}\t{shown(found)}\t{found.records}\t{found.url}")
        return None

    def print_json(self, found: Iterable[dict[str, Any]]) -> None:
        self.stdout.write(json.dumps(list(found), ensure_ascii=False, indent=1))

    def print_cells(self, cells: Iterable[facts.Cell]) -> None:
        for cell in cells:
            cut = ",".join(f"{name}={value}" for name, value in cell.cut.items())
            self.stdout.write(f"{cut}\t{cell.found.fact.label}\t{shown(cell.found)}\t{cell.found.records}")


def _cut(key: str | None, by: str | None, where: list[str] | None, scope: facts.Scope) -> list[facts.Cell]:
    """The cells of a measure, or of a cut of it; the one cell of a measure uncut."""
    if not key:
        raise CommandError("--by and --where cut a measure: name it with --measure KEY")
    pairs = [part for text in where or () for part in text.split(",")]
    try:
        fact = facts.registry[f"{key}[{','.join(pairs)}]" if pairs else key]
        if by:
            return facts.registry.breakdown(fact, by.split(","), scope)
        return [facts.Cell({}, facts.compute([fact.key], scope)[fact.key])]
    except KeyError as error:
        raise CommandError(str(error.args[0])) from error
    except facts.BadKey as error:
        raise CommandError(str(error)) from error


def _cell_json(cell: facts.Cell) -> dict[str, Any]:
    """A cell as programs read it."""
    found = cell.found
    return {"cut": cell.cut, "value": _plain(found.value), "records": found.records, "url": found.url}


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
        "warning": found.warning,
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
