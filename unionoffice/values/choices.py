"""Yes or no, and choices from a list."""

import difflib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .text import Refused, clean_text, half_width, shown

_YES = ["是", "有", "对", "√", "✓", "✔", "☑", "1", "y", "yes", "true", "t", "是的", "已", "v"]
_NO = ["否", "无", "不是", "没有", "×", "✗", "✘", "✕", "☐", "0", "n", "no", "false", "f", "未", "x", "错"]
_UNKNOWN = ["未知", "不详", "不清楚", "未说明"]
_FLAGS: dict[str, bool | None] = (
    dict.fromkeys(_YES, True) | dict.fromkeys(_NO, False) | dict.fromkeys(_UNKNOWN, None)
)
_MOST_LISTED = 12


def _folded(raw: object) -> str:
    text = half_width(clean_text(raw) or "")
    return "".join(text.split()).casefold().replace("/", "").replace("、", "")


def clean_flag(raw: object) -> bool | None:
    """True, False, or None for an empty cell and for 未知."""
    if type(raw) is bool:
        return raw
    text = _folded(raw)
    if not text and clean_text(raw) is None:
        return None
    try:
        return _FLAGS[text]
    except KeyError:
        raise Refused("flag-unknown", f"{shown(raw)}看不懂，请填是或否") from None


def clean_choice(
    choices: Iterable[tuple[Any, str]], aliases: Mapping[str, Any] | None = None
) -> Callable[[object], Any]:
    """A cleaner that takes a label, a code or an alias and gives the code.

    Width, case, blanks and slashes do not matter; labels ending in 族 may be given without it.
    """
    pairs = [(code, str(label)) for code, label in choices if code not in (None, "")]
    known = {_folded(label): code for code, label in pairs}
    known |= {_folded(code): code for code, _ in pairs if _folded(code) not in known}
    for word, code in (aliases or {}).items():
        known.setdefault(_folded(word), code)
    for code, label in pairs:
        if label.endswith("族"):
            known.setdefault(_folded(label[:-1]), code)
        if str(code).isdecimal():  # a code 01 that a number cell has made 1
            known.setdefault(str(int(code)), code)
    labels = [label for _, label in pairs]

    def clean(raw: object) -> Any:
        text = _folded(raw)
        if text in known:
            return known[text]
        if clean_text(raw) is None:
            return None
        raise Refused("choice-unknown", _unknown(raw, labels))

    return clean


def _unknown(raw: object, labels: list[str]) -> str:
    near = difflib.get_close_matches(clean_text(raw) or "", labels, n=1, cutoff=0.5)
    if near:
        return f"{shown(raw)}不在可选范围内，是否为“{near[0]}”？"
    listed = "、".join(labels[:_MOST_LISTED]) + ("等" if len(labels) > _MOST_LISTED else "")
    return f"{shown(raw)}不在可选范围内，可填：{listed}"
