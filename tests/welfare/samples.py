"""Care visits made by hand, and the rules asked about one row or several."""

from decimal import Decimal
from typing import Any

from unionoffice import facts
from unionoffice.facts import Scope
from unionoffice.organisation.models import OfficeSetting, Union
from unionoffice.records.rules import Batch, judge
from unionoffice.values import clean_day, clean_lines
from welfare.choices import Occasion, Recipient
from welfare.models import CareVisit
from welfare.records import VISITS

GOODS = "大米|2|袋|45.00；食用油|1|桶|60.00"  # 150 yuan


def visit(union: Union, visited_on: str = "2026-01-20", **fields: Any) -> CareVisit:
    """A stored visit with 500 yuan in cash to 王师傅 unless told otherwise."""
    values = {
        "occasion": Occasion.SPRING_FESTIVAL,
        "visited_on": clean_day(visited_on),
        "visitors": "工会主席",
        "cash_amount": Decimal(500),
    }
    if "member" not in fields and "name" not in fields:
        values["name"] = "王师傅"
    values |= fields
    for name in ("paid_on", "consent_on"):
        values[name] = clean_day(values.get(name))
    values["goods"] = clean_lines(values.get("goods")) or ()
    made = CareVisit.objects.create(union=union, **values)
    made.refresh_from_db()
    return made


def row(union: Union, **fields: Any) -> dict[str, Any]:
    """A faultless row as form or import would hand it to the rules."""
    values: dict[str, Any] = dict.fromkeys(VISITS.fields)
    values |= {
        "union": union.pk,
        "recipient": Recipient.TEAM,
        "name": "环卫一班",
        "occasion": Occasion.HEAT,
        "campaign": "",
        "visited_on": "2026-07-20",
        "visitors": "工会主席",
        "reason": "",
        "cash_amount": Decimal(500),
        "goods": clean_lines("") or (),
    }
    values |= fields
    if values["recipient"] == Recipient.TEAM and "reached" not in fields:
        values["reached"] = 12
    for name in ("visited_on", "paid_on", "consent_on"):
        values[name] = clean_day(values[name])
    if isinstance(values["goods"], str):
        values["goods"] = clean_lines(values["goods"])
    return values


def batch(*rows: dict[str, Any], pks: tuple[int | None, ...] = ()) -> Batch:
    columns = {name: [values[name] for values in rows] for name in rows[0]}
    return Batch(columns, pks or (None,) * len(rows), today=clean_day("2026-11-20"))


def problems(*rows: dict[str, Any], pks: tuple[int | None, ...] = ()) -> list[tuple[int, str, str, str]]:
    """(row, field, verdict, code) of everything the rules of a visit find."""
    found = judge(VISITS.rules, batch(*rows, pks=pks))
    return [(problem.index, problem.field, problem.verdict, problem.code) for problem in found]


def ceilings(*rows: tuple[str, str, str], valid_from: str = "2020-01-01") -> None:
    """Rows of (occasion, per time, per year)."""
    table = [{"事由": o, "每次": time, "每年": year, "依据": ""} for o, time, year in rows]
    OfficeSetting.objects.create(key="welfare.ceilings", value=table, valid_from=valid_from)


def figures(scope: Scope, *keys: str) -> list[Any]:
    """Values of these facts; what each counts is what its list would show."""
    found = facts.compute(keys, scope)
    for key in keys:
        fact, computed = found[key].fact, found[key]
        assert fact.rows(computed.scope).count() == computed.records, key
    return [found[key].value for key in keys]
