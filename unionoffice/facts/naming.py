"""Figures by what people call them: a label leads back to its key."""

from unionoffice.organisation.models import Union

from .computing import Facts
from .dimensions import NONE, UNKNOWN, Dimension
from .keys import cut_of, join
from .measures import Measure

OR = "或"


def key_of(label: str, figures: Facts) -> str | None:
    """The key of the figure with this label; None for none: 慰问人数（对象类别：困难职工） is a measure and its cut."""
    named = {fact.label: fact for fact in figures}
    if label in named:
        return named[label].key
    if not label.endswith("）"):
        return None
    for fact in figures:
        if isinstance(fact, Measure) and label.startswith(f"{fact.label}（"):
            key = _cut_key(fact, label[len(fact.label) + 1 : -1])
            if key is not None:
                return key
    return None


def _cut_key(measure: Measure, words: str) -> str | None:
    by_label = {dimension.label: dimension for dimension in measure.dimensions.values()}
    cut: dict[str, list[str]] = {}
    for part in words.split("；"):
        name, _, called = part.partition("：")
        dimension = by_label.get(name)
        values = _values(dimension, called) if dimension else None
        if not (dimension and values):
            return None
        cut[dimension.key] = values
    key = join(measure.key, cut_of(cut))
    return key if _is_offered(measure, cut) else None


def _is_offered(measure: Measure, cut: dict[str, list[str]]) -> bool:
    try:
        measure.figure(cut)
    except ValueError:
        return False
    return True


def _values(dimension: Dimension, called: str) -> list[str] | None:
    """The values that these words name, `或` between several."""
    whole = _value(dimension, called)
    if whole is not None:
        return [whole]
    parts = [_value(dimension, part) for part in called.split(OR)]
    return [part for part in parts if part is not None] if None not in parts else None


def _value(dimension: Dimension, called: str) -> str | None:
    if called == UNKNOWN:
        return NONE
    if dimension.options:
        return next((value for value, label in dimension.options() if label == called), None)
    if dimension.sort == "union":
        found = Union.objects.filter(short_name=called) or Union.objects.filter(name=called)
        return str(found[0].pk) if len(found) == 1 else None
    return dimension.recall(called)
