"""Text as it comes from a cell or a form: blanks, full-width characters, names."""

import re
from datetime import date, datetime
from decimal import Decimal

_CONTROLS = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]+"
)
_LINE_BREAKS = re.compile(r"[ \t\u00a0]*(?:\r\n|[\n\r\t\v\f\x1c-\x1e\x85\u2028\u2029])[ \t\u00a0]*")
_ODD_BLANKS = re.compile(r"[\u00a0\u1680\u2000-\u200a\u202f\u205f]")
_BLANKS = re.compile(r"\s+")
_FAILED_FORMULA = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)").fullmatch
_APOSTROPHES = "'‘’＇"

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xFFE5: 0xA5}
_FIRST_FULL_WIDTH = "\uff01"
_HALF_WIDTH_ALPHANUMERIC = {code: half for code, half in _HALF_WIDTH.items() if chr(half).isalnum()}

_HAN = r"\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\ue000-\uf8ff\U00020000-\U0003ffff"
_BLANK_BESIDE_HAN = re.compile(rf"(?<=[{_HAN}])\s+|\s+(?=[{_HAN}])")
_BRACKETS = re.compile(r"[(（]([^()（）]*[^\x00-\x7f][^()（）]*)[)）]")

_PLAIN_NAME = re.compile(r"[\u4e00-\u9fff]{2,25}").fullmatch
_MIDDLE_DOTS = re.compile(r"\s*[\u2022\u30fb\uff65\u2027\u2219\u22c5\u25cf\u00b7]\s*")
_DOT_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}])\s*[.．]\s*(?=[{_HAN}])")
_NAME_CHARACTERS = re.compile(rf"[^\W\d_]|[{_HAN}\u0300-\u036f\ufe00-\ufe0f\U000e0100-\U000e01ef· .'’()-]")
_VARIATION_SELECTORS = re.compile(r"[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_SHORTEST_NAME, _LONGEST_NAME = 2, 25


class Refused(ValueError):
    """A value that cannot be used: a code for programs and one Chinese line on what is wrong and its mending."""

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

    def __reduce__(self) -> tuple[type["Refused"], tuple[str, str]]:
        return Refused, (self.code, self.message)


def shown(raw: object) -> str:
    """A cell as a message quotes it: one line, at most 20 characters."""
    text = _BLANKS.sub(" ", str(raw)).strip()
    return f"“{text[:20]}…”" if len(text) > 20 else f"“{text}”"


def half_width(text: str) -> str:
    """The text with full-width ASCII characters, the ideographic space and ￥ made half-width."""
    return text if text.isascii() else text.translate(_HALF_WIDTH)


def compact(raw: object) -> str:
    """A code or a number as text: half-width, without any blank, without a leading apostrophe."""
    text = raw if type(raw) is str else clean_text(raw) or ""
    if not text.isascii():
        text = text.translate(_HALF_WIDTH)
    if not text.isalnum():
        text = _CONTROLS.sub("", _BLANKS.sub("", text)).lstrip(_APOSTROPHES)
    return text


def clean_text(raw: object) -> str | None:
    """One line of text: outer blanks of every kind, zero-width and control characters removed."""
    if type(raw) is str:
        if not raw.isprintable():
            raw = _ODD_BLANKS.sub(" ", _CONTROLS.sub("", _LINE_BREAKS.sub(" ", raw)))
        text = raw.strip()
        if text[:1] == "#" and _FAILED_FORMULA(text):
            raise Refused("formula-error", f"单元格中的公式出错（{text}），请改为实际内容")
        return text or None
    return None if raw is None else clean_text(_as_text(raw))


def clean_paragraphs(raw: object) -> str | None:
    """Text of several lines: each line as `clean_text` leaves it, blank lines at both ends dropped."""
    if not isinstance(raw, str):
        return clean_text(raw)
    lines = [clean_text(line) or "" for line in raw.splitlines()]
    return "\n".join(lines).strip("\n") or None


def _as_text(raw: object) -> str:
    match raw:
        case str():
            return str.__str__(raw)
        case bool():
            return "TRUE" if raw else "FALSE"
        case float():
            return str(int(raw)) if raw.is_integer() and abs(raw) < 1e21 else repr(raw)
        case Decimal():
            return format(raw, "f")
        case datetime():
            midnight = raw.time() == datetime.min.time()
            return raw.date().isoformat() if midnight else raw.isoformat(" ", "minutes")
        case date():
            return raw.isoformat()
    return str(raw)


def clean_title(raw: object) -> str | None:
    """A body's or a thing's name: no blanks beside Chinese, half-width letters and digits, brackets as （）."""
    title = clean_text(raw)
    if title is None or (title.isalpha() and max(title) < _FIRST_FULL_WIDTH):
        return title
    title = _BLANKS.sub(" ", _BLANK_BESIDE_HAN.sub("", title.translate(_HALF_WIDTH_ALPHANUMERIC)))
    return _BRACKETS.sub(r"（\1）", title)


def clean_name(raw: object) -> str | None:
    """A person's name of 2 to 25 characters: no blanks beside Chinese characters, one kind of middle dot."""
    if type(raw) is str and _PLAIN_NAME(raw):
        return raw
    name = clean_text(raw)
    if name is None:
        return None
    name = _DOT_BETWEEN_HAN.sub("·", _MIDDLE_DOTS.sub("·", name.translate(_HALF_WIDTH)))
    name = _BLANKS.sub(" ", _BLANK_BESIDE_HAN.sub("", name)).strip(" ·")
    if "?" in name or "\ufffd" in name:
        raise Refused("name-characters-lost", f"姓名{shown(name)}中有字显示为问号，请补上原字")
    if any(character.isdigit() for character in name):
        raise Refused("name-digits", f"姓名{shown(name)}中有数字，请核对")
    if odd := _NAME_CHARACTERS.sub("", name):
        raise Refused("name-characters", f"姓名{shown(name)}中有不能用的字符{shown(odd)}，请核对")
    length = len(_VARIATION_SELECTORS.sub("", name))
    if not _SHORTEST_NAME <= length <= _LONGEST_NAME:
        raise Refused("name-length", f"姓名应为{_SHORTEST_NAME}至{_LONGEST_NAME}个字，现有{length}个字")
    return name
