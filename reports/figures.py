"""One figure of a text: whether it has something to say, how it reads, and what traces it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from unionoffice.facts import FactValue, Rate, registry

from . import wording
from .grammar import Token
from .summary import Figure

NAMES_IN_A_CELL = 3


@dataclass(frozen=True)
class Values:
    """Computed facts of the period and, for comparisons, of the same period a year earlier.

    notes tell, by key, of figures that were typed over those of the records; counted holds the records' own.
    """

    now: Mapping[str, FactValue]
    before: Mapping[str, FactValue] = field(default_factory=dict)
    against: str = "上年"
    notes: Mapping[str, str] = field(default_factory=dict)
    counted: Mapping[str, FactValue] = field(default_factory=dict)

    def speaks(self, token: Token) -> bool:
        """Whether the token's figure has something to print. KeyError for a fact nobody computed."""
        if wording.is_empty(self.now[token.name].value):
            return False
        return token.option("change") is None or not wording.is_empty(self.before[token.name].value)

    def reason(self, token: Token) -> str:
        """Why a silent token is silent, in one line."""
        found = self.now[token.name]
        if not wording.is_empty(found.value):
            return f"{found.fact.label}：没有{self.against}数据可比"
        return f"{found.fact.label}：{found.warning or ('没有数据' if found.value is None else '没有记录')}"

    def label(self, token: Token) -> str:
        """What the figure is called in lists."""
        label = self.now[token.name].fact.label
        return label if token.option("change") is None else f"{label}（与{self.against}比）"

    def figure(self, token: Token, number: int) -> Figure:
        """The figure as it stands in the text; `number` counts the figures of the document."""
        found = self.now[token.name]
        compared = token.option("change") is not None
        before = self.before[token.name] if compared else None
        return Figure(
            number=number,
            key=token.name,
            text=self._compared(found, before) if before else _worded(token, found),
            label=self.label(token),
            definition=found.fact.definition,
            exact=f"{exact(found)}，{self.against}{exact(before)}" if before else brief(found),
            span=span(found),
            as_of=found.scope.as_of,
            records=found.records,
            url=found.url,
            source=token.source,
            note=self.notes.get(token.name, ""),
        )

    def _compared(self, found: FactValue, before: FactValue) -> str:
        return wording.change(_number(found), _number(before), found.fact.unit, self.against)


def _worded(token: Token, found: FactValue) -> str:
    value, unit = found.value, found.fact.unit
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        if shown := token.option("titles"):
            return wording.titles(value, int(shown))
        return wording.names(
            value, int(token.option("names") or len(value)), unit, token.option("noun") or ""
        )
    for option, word in (("nearly", wording.nearly), ("over", wording.over), ("above", wording.above)):
        if token.option(option) is not None:
            return word(_number(found), unit)
    return wording.amount(_number(found), unit)


def _number(found: FactValue) -> int | Decimal:
    """The number, a rate to its last digit: rounding twice could turn 99.96% into 100%."""
    if isinstance(found.fact.measure, Rate) and found.denominator:
        return Decimal(found.numerator or 0) * 100 / Decimal(found.denominator)
    if not isinstance(found.value, int | Decimal):
        raise TypeError(f"{found.fact.key} is no number")
    return found.value


def exact(found: FactValue) -> str:
    """The value without any rounding a text may do: 123456元, 98.5%（197÷200）, every name of a list."""
    value, unit = found.value, found.fact.unit
    if isinstance(value, tuple):
        return "、".join(value)
    if isinstance(value, str):
        return value
    if isinstance(found.fact.measure, Rate) and found.denominator:
        sides = (wording.plain(Decimal(side)) for side in (found.numerator or 0, found.denominator or 0))
        return f"{wording.amount(_number(found), unit)}（{'÷'.join(sides)}）"
    return f"{wording.plain(Decimal(_number(found)))}{unit}"


def brief(found: FactValue) -> str:
    """The exact value; of a long list the first names and how many there are, as fits the cell of a table."""
    if isinstance(found.value, tuple):
        return wording.names(found.value, NAMES_IN_A_CELL, found.fact.unit)
    return exact(found)


def span(found: FactValue) -> str:
    """The day a standing figure holds for, or the period of one that happened."""
    scope = found.scope
    if registry.holds_on_a_day(found.fact):
        return f"截至{wording.full_day(scope.as_of)}"
    return wording.span(scope.start, scope.end)
