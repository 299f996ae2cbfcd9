"""Text as it comes from a cell or a form: blanks, full-width characters, names."""

import re
from datetime import date, datetime
from decimal import Decimal

_CONTROLS = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ud800-\udfff]+"
)
_LINE_BREAKS = re.compile(r"[ \t\u00a0]*(?:\r\n|[\n\r\t\v\f\x1c-\x1e\x85\u2028\u2029])[ \t\u00a0]*")
_ODD_BLANKS = re.compile(r"[\u00a0\u1680\u2000-\u200a\u202f\u205f]")
_BLANKS = re.compile(r"\s+")
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xFFE5: 0xA5}
_HALF_WIDTH_ALPHANUMERIC = {code: half for code, half in _HALF_WIDTH.items() if chr(half).isalnum()}
_BRACKETS = re.compile(r"[(（]([^()（）]*[^\x00-\x7f][^()（）]*)[)）]")
_MIDDLE_DOTS = re.compile(r"\s*[\u2022\u30fb\uff65\u2027\u2219\u22c5\u25cf\u00b7]\s*")
_HAN = r"\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\ue000-\uf8ff\U00020000-\U0003ffff"
_PLAIN_NAME = re.compile(r"[\u4e00-\u9fff]{2,25}").fullmatch
_DOT_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}])\s*[.．]\s*(?=[{_HAN}])")
_BLANK_BESIDE_HAN = re.compile(rf"(?<=[{_HAN}])\s+|\s+(?=[{_HAN}])")
_NAME_CHARACTERS = re.compile(rf"[^\W\d_]|[{_HAN}\u0300-\u036f\ufe00-\ufe0f\U000e0100-\U000e01ef· .'’()-]")
_VARIATION_SELECTORS = re.compile(r"[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


class Refused(ValueError):
    """A value that cannot be used: a code for programs and one Chinese line: what is wrong, how to mend."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Refused) and (self.code, self.message) == (other.code, other.message)

    def __hash__(self) -> int:
        return hash((self.code, self.message))

    def __repr__(self) -> str:
        return f"Refused({self.code!r}, {self.message!r})"


def shown(raw: object) -> str:
    """A cell as a message quotes it: one line, at most 20 characters."""
    text = _BLANKS.sub(" ", str(raw)).strip()
    return f"“{text[:20]}…”" if len(text) > 20 else f"“{text}”"


def half_width(text: str) -> str:
    """The text with full-width ASCII characters, the ideographic space and ￥ made half-width."""
    return text if text.isascii() else text.translate(_HALF_WIDTH)


def compact(raw: object) -> str:
    """A code or number as text: half-width, without any blank, without a leading apostrophe."""
    text = raw if type(raw) is str else clean_text(raw) or ""
    if not text.isascii():
        text = _CONTROLS.sub("", text.translate(_HALF_WIDTH))
    if not text.isalnum():
        text = _CONTROLS.sub("", _BLANKS.sub("", text)).lstrip("'‘’")
    return text


def clean_text(raw: object) -> str | None:
    """One line of text: outer blanks of every kind, zero-width and control characters removed."""
    if type(raw) is str:
        if not raw.isprintable():
            raw = _ODD_BLANKS.sub(" ", _CONTROLS.sub("", _LINE_BREAKS.sub(" ", raw)))
        return raw.strip() or None
    if raw is None:
        return None
    return clean_text(_as_text(raw))


def clean_paragraphs(raw: object) -> str | None:
    """Text of several lines: each line as `clean_text` leaves it, blank lines at both ends dropped."""
    if not isinstance(raw, str):
        return clean_text(raw)
    lines = [clean_text(line) or "" for line in raw.splitlines()]
    return "\n".join(lines).strip("\n") or None


def _as_text(raw: object) -> str:
    match raw:
        case bool():
            return "TRUE" if raw else "FALSE"
        case float():
            return str(int(raw)) if raw.is_integer() and abs(raw) < 1e21 else repr(raw)
        case Decimal():
            return format(raw, "f")
        case datetime():
            return raw.isoformat(" ", "seconds") if raw.time() != raw.min.time() else raw.date().isoformat()
        case date():
            return raw.isoformat()
    return str(raw)


def clean_name(raw: object) -> str | None:
    """A person's name of 2 to 25 characters: no blanks beside Chinese characters, one kind of middle dot."""
    if type(raw) is str and _PLAIN_NAME(raw):
        return raw
    name = clean_text(raw)
    if name is None:
        return None
    name = _MIDDLE_DOTS.sub("·", name.translate(_HALF_WIDTH))
    name = _DOT_BETWEEN_HAN.sub("·", name)
    name = _BLANKS.sub(" ", _BLANK_BESIDE_HAN.sub("", name)).strip(" ·")
    if "?" in name or "\ufffd" in name:
        raise Refused("name-characters-lost", f"姓名{shown(name)}中有字显示为问号，请补上原字")
    if any(c.isdigit() for c in name):
        raise Refused("name-digits", f"姓名{shown(name)}中有数字，请核对")
    odd = _NAME_CHARACTERS.sub("", name)
    if odd:
        raise Refused("name-characters", f"姓名{shown(name)}中有不能用的字符{shown(odd)}，请核对")
    length = len(_VARIATION_SELECTORS.sub("", name))
    if not 2 <= length <= 25:
        raise Refused("name-length", f"姓名应为2至25个字，现有{length}个字")
    return name


def clean_title(raw: object) -> str | None:
    """The name of a body or a thing: no blanks beside Chinese, half-width letters, one bracket."""
    title = clean_text(raw)
    if title is None or title.isalpha():
        return title
    title = _BLANKS.sub(" ", _BLANK_BESIDE_HAN.sub("", title.translate(_HALF_WIDTH_ALPHANUMERIC)))
    return _BRACKETS.sub(r"（\1）", title)
