"""The key of a figure: a measure and a cut, as text that people can read and programs make.

    welfare.visits.persons[occasion=may_day,recipient=hardship+model_worker]

Dimensions stand in the order of their names, the values of one in theirs (any of them counts), each once. A sign that is
no letter, digit, `_`, `.` or `-` is written as in an address (%2B), so that one figure has one key.
"""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote, unquote

Cut = tuple[tuple[str, tuple[str, ...]], ...]  # dimension and the values that count, in canonical order
KEY = re.compile(r"([^\[\]]+)\[([^\[\]]+)\]")
SIGN = re.compile(r"[^\w.\-]")


class BadKey(ValueError):
    """A key that cannot be read; the message is one English line."""


def cut_of(values: Mapping[str, str | Iterable[str]]) -> Cut:
    """The cut in canonical order: {"occasion": "may_day"} -> (("occasion", ("may_day",)),)."""
    many = {name: (found,) if isinstance(found, str) else tuple(found) for name, found in values.items()}
    if empty := [name for name, found in many.items() if not found]:
        raise BadKey(f"the dimension {empty[0]} has no value")
    return tuple((name, tuple(sorted(set(many[name])))) for name in sorted(many))


def join(measure: str, cut: Cut) -> str:
    """The key of a measure cut so; the measure's own key for no cut."""
    if not cut:
        return measure
    return f"{measure}[{','.join(f'{name}={_written(values)}' for name, values in cut)}]"


def split(key: str) -> tuple[str, Cut]:
    """The measure's key and the cut, in canonical order. BadKey for what is no such key."""
    if "[" not in key and "]" not in key:
        return key, ()
    parts = KEY.fullmatch(key)
    if parts is None:
        raise BadKey(f"{key}: write a cut as measure[dimension=value,dimension=value]")
    values: dict[str, list[str]] = {}
    for pair in parts[2].split(","):
        name, is_cut, written = pair.partition("=")
        if not (name and is_cut and written):
            raise BadKey(f"{key}: {pair} is no dimension=value")
        if name in values:
            raise BadKey(f"{key}: {name} stands twice; several values are written a+b")
        values[name] = [unquote(value) for value in written.split("+")]
    return parts[1], cut_of(values)


def _written(values: Iterable[str]) -> str:
    return "+".join(SIGN.sub(lambda sign: quote(sign[0], safe=""), value) for value in values)
