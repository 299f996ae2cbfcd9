"""Long lists as parameters of SQL: spelled in one piece, where psycopg asks an adapter about every element."""

from collections.abc import Callable
from datetime import date
from typing import Any

from psycopg import adapters
from psycopg.types.array import ListDumper

SHORT = 50
QUOTED = str.maketrans({"\\": "\\\\", '"': '\\"'})


def _quoted(text: str) -> str:
    return f'"{text.translate(QUOTED)}"' if '"' in text or "\\" in text else f'"{text}"'


SPELLINGS: dict[type, Callable[[Any], str]] = {
    int: str,
    str: _quoted,
    date: date.isoformat,
    bytes: lambda value: f'"\\\\x{value.hex()}"',
}


class LongListDumper(ListDumper):
    """Spells long lists of numbers, texts, days or bytes itself and leaves every other list to psycopg."""

    def dump(self, obj: list[Any]) -> bytes | None:
        kinds = set(map(type, obj)) - {type(None)} if len(obj) > SHORT else set()
        spell = SPELLINGS.get(kinds.pop()) if len(kinds) == 1 else None
        if spell is None:
            return super().dump(obj)
        return f"{{{','.join(['NULL' if value is None else spell(value) for value in obj])}}}".encode()


def register() -> None:
    """Use it on every connection opened from now on."""
    adapters.register_dumper(list, LongListDumper)
