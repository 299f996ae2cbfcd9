"""Figures: what the records of the work areas amount to. Desks, charts, plans and documents use them and nothing else.

A measure says what a record type can be counted by, a dimension how it may be cut; a figure is a measure and a cut. A
figure names the rows it counts, so that a list of exactly those rows can always be shown, and all figures of one record
type are computed in one statement.
"""

from .computing import Cell, Facts, FactValue, compute, register, registry
from .dimensions import BadCut, Dimension, computed, condition, text
from .keys import BadKey
from .measures import (
    IN_PERIOD,
    ROWS,
    Distinct,
    Fact,
    Kind,
    Measure,
    Names,
    People,
    Rate,
    Text,
    Total,
    Value,
    What,
    rate,
)
from .naming import key_of
from .scopes import AsOf, Scope, year_scope

__all__ = [
    "IN_PERIOD",
    "ROWS",
    "AsOf",
    "BadCut",
    "BadKey",
    "Cell",
    "Dimension",
    "Distinct",
    "Fact",
    "FactValue",
    "Facts",
    "Kind",
    "Measure",
    "Names",
    "People",
    "Rate",
    "Scope",
    "Text",
    "Total",
    "Value",
    "What",
    "compute",
    "computed",
    "condition",
    "key_of",
    "rate",
    "register",
    "registry",
    "text",
    "year_scope",
]
