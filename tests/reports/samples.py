"""Facts and their values made by hand: what a document is assembled from, without a database."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q

from reports.assemble import Setting
from reports.figures import Values
from unionoffice.facts import Fact, FactValue, Rate, Scope
from unionoffice.organisation.models import Union

SCOPE = Scope(
    date(2024, 1, 1),
    date(2024, 12, 31),
    date(2024, 12, 31),
    as_ofs=(("organisation", date(2024, 10, 31)), ("year_end", date(2024, 12, 31))),
)
WORDS = {
    "office": "青溪镇总工会",
    "town": "青溪镇",
    "county": "宁海县",
    "upper": "宁海县总工会",
    "app": "",
    "year": "2024年",
    "next_year": "2025年",
    "period": "2024年",
    "title_period": "2024年度",
    "throughout": "全年",
    "org_throughout": "全年",
    "org_day": "10月底",
    "mediation_day": "11月底",
    "year_end_day": "年底",
    "anniversary": "75",
}
SETTING = Setting(WORDS, signed_on=date(2025, 1, 5))


class HandMadeFact(Fact):
    """A fact whose list has a plain address, so that no page needs to be there."""

    def url(self, scope: Scope) -> str:
        return f"/list/?fact={self.key}&as_of={scope.as_of}"


def value(key: str, amount: Any, unit: str = "名", **changes: Any) -> FactValue:
    """A computed fact; a pair (part, whole) makes a rate."""
    fields: dict[str, Any] = {
        "kind": "flow",
        "slot": "end",
        "label": f"【{key}】",
        "definition": f"{key}的口径",
    }
    records = len(amount) if isinstance(amount, tuple) else 7
    extra: dict[str, Any] = {}
    if unit == "%" and isinstance(amount, tuple):
        part, whole = amount
        fields |= {"kind": "rate", "measure": Rate("part", "whole", "部分÷全部")}
        extra = {"numerator": part, "denominator": whole}
        amount = (Decimal(part) * 100 / whole).quantize(Decimal("0.1")) if whole else None
    elif isinstance(amount, tuple):
        fields["kind"] = "list"
    warning = changes.pop("warning", "")
    fields |= changes
    fact = HandMadeFact(key=key, unit=unit, model=Union, slug="unions", where=lambda scope: Q(), **fields)
    return FactValue(fact, SCOPE.for_slot(fact.slot), amount, records, warning=warning, **extra)


def values(*now: FactValue, before: tuple[FactValue, ...] = (), against: str = "上年") -> Values:
    return Values(_by_key(now), _by_key(before), against)


def _by_key(found: tuple[FactValue, ...]) -> Mapping[str, FactValue]:
    return {item.fact.key: item for item in found}
