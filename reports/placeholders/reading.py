"""Placeholders in a .docx: where each stands and what it means, or why it means nothing and what may be meant."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache

from reports.grammar import GrammarError, Token, parse
from reports.returns import words as form_words
from reports.spoken import HALF_WIDTH, from_spoken, words
from reports.uploaded import Package
from reports.word import spans
from reports.word.xml import NAMESPACE, Element
from unionoffice.facts import registry
from unionoffice.sheets.cells import SheetRefused
from unionoffice.sheets.faults import refusing
from unionoffice.sheets.guard import bounded

W = f"{{{NAMESPACE}}}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
BODY = "word/document.xml"
PLACEHOLDER = re.compile(r"\{\{([^{}]*)\}\}")
LEFT_OVER = re.compile(r"\{\{|\}\}")
PARTS = {"header": "页眉", "footer": "页脚", "footnotes": "脚注", "endnotes": "尾注"}
NUMBER, WHEN, ZERO = "数值", "时间", "可为0"
FILTERS = {NUMBER: "只写数字，不带单位", WHEN: "截止日或时期", ZERO: "没有记录时写0"}
NEAREST, ALIKE = 3, 0.4
AROUND = 60
# More placeholders are no text of an office; of names nobody offers, so many are told what may be meant.
MOST_SPOTS, MOST_GUESSED = 5000, 50


@dataclass(frozen=True)
class Spot:
    """One placeholder: the part and paragraph it stands in, from where to where, and what it says.

    is_copy: it repeats another for old programs, as Word does with text boxes"""

    part: str
    paragraph: int
    start: int
    end: int
    inner: str
    raw: str
    where: str
    around: str
    is_copy: bool = False

    @property
    def name(self) -> str:
        return self.inner.partition("|")[0].strip()


@dataclass(frozen=True)
class Meaning:
    """A figure or a word, and how it is to be written."""

    token: Token
    filters: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Unknown:
    """A placeholder without a meaning: why, and which facts or words may be meant, as (key, label)."""

    spot: Spot
    why: str
    nearest: tuple[tuple[str, str], ...] = ()


@refusing()
@bounded()
def open_word(content: bytes) -> Package:
    """An uploaded .docx. SheetRefused, with one Chinese line, for anything else."""
    package = Package(content)
    if package.kind != "docx":
        raise SheetRefused("unsupported", "这是 Excel 文件，请上传带占位符的 .docx；Excel 报表请用“一表通”")
    return package


def parts_of(package: Package) -> Iterator[tuple[str, str]]:
    """(part, what people call it) of everything in a text that may hold placeholders."""
    yield BODY, "正文"
    for _, kind, part in package.relations(BODY):
        if kind in PARTS:
            yield part, PARTS[kind]


def paragraphs(package: Package, part: str) -> list[Element]:
    return list(package.tree(part).iter(f"{W}p"))


@bounded()
@refusing()
def spots(package: Package) -> list[Spot]:
    """Every placeholder in the order of the text. SheetRefused where there is none, or more than a text has."""
    found = [spot for part, called in parts_of(package) for spot in _spots_in(package, part, called)]
    if len(found) > MOST_SPOTS:
        raise SheetRefused(
            "too-many-placeholders", f"文件里有 {len(found)} 处占位符，最多 {MOST_SPOTS} 处，请拆成几个文件"
        )
    if not found:
        raise SheetRefused(
            "no-placeholder", "文件里没有占位符，请在要填数的地方写上两层花括号，如 {{会员总数}}"
        )
    return found


def _spots_in(package: Package, part: str, called: str) -> Iterator[Spot]:
    places = _Places(package.tree(part))
    for number, paragraph in enumerate(paragraphs(package, part)):
        text = spans.text(paragraph).translate(HALF_WIDTH)
        if "{{" not in text and "}}" not in text:
            continue
        is_copy = next(paragraph.iterancestors(FALLBACK), None) is not None
        where = f"{called}{places.of(paragraph)}"
        matches = [(m.start(), m.end(), m[1]) for m in PLACEHOLDER.finditer(text)]
        rest = PLACEHOLDER.sub(lambda m: " " * len(m[0]), text)
        # Braces without their partners are named too; they have no inside.
        matches += [(m.start(), m.end(), "") for m in LEFT_OVER.finditer(rest)]
        for start, end, inner in sorted(matches):
            around = text[max(0, start - AROUND // 2) : end + AROUND // 2].strip()
            yield Spot(part, number, start, end, inner.strip(), text[start:end], where, around, is_copy)


class _Places:
    """Where the paragraphs of a part stand, as people count: 表格1第2行第3列, 第5段."""

    def __init__(self, root: Element) -> None:
        self.numbers: dict[Element, int] = {}
        counted: dict[Element | None, int] = {}
        for kind, holder in (("tbl", None), ("tr", f"{W}tbl"), ("tc", f"{W}tr")):
            for element in root.iter(f"{W}{kind}"):
                around = None if holder is None else next(element.iterancestors(holder), None)
                # Tables are counted in the part, rows in their table, cells in their row.
                counted[around] = self.numbers[element] = counted.get(around, 0) + 1
        said = 0
        for paragraph in root.iter(f"{W}p"):
            if next(paragraph.iterancestors(f"{W}tc"), None) is None and spans.text(paragraph).strip():
                said += 1
                self.numbers[paragraph] = said

    def of(self, paragraph: Element) -> str:
        """The place of a paragraph that says something."""
        cell = next(paragraph.iterancestors(f"{W}tc"), None)
        if cell is None:
            return f"第{self.numbers[paragraph]}段"
        row = next(cell.iterancestors(f"{W}tr"))
        table = next(row.iterancestors(f"{W}tbl"))
        return "，表格{}第{}行第{}列".format(*(self.numbers[element] for element in (table, row, cell)))


@cache
def offered() -> tuple[tuple[str, str], ...]:
    """(key, label) of everything a placeholder may name: facts, and words of documents and forms."""
    named = [*words().items(), *form_words.LABELS.items()]
    once = {label: key for key, label in reversed(named)}
    return (*((fact.key, fact.label) for fact in registry), *((key, label) for label, key in once.items()))


@cache
def _labels() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Label by key and key by label of everything offered."""
    return dict(offered()), {label: key for key, label in offered()}


@bounded()
def meanings(found: Iterable[Spot], aliases: Mapping[str, str]) -> list[tuple[Spot, Meaning | Unknown]]:
    """Each placeholder with what it means; the same words are looked up once, and not everything is guessed at."""
    known: dict[str, Meaning | Unknown] = {}
    told: list[tuple[Spot, Meaning | Unknown]] = []
    unheard = 0
    for spot in found:
        if spot.inner not in known:
            known[spot.inner] = understand(spot, aliases, guesses=unheard < MOST_GUESSED)
            unheard += isinstance(known[spot.inner], Unknown)
        meaning = known[spot.inner]
        told.append((spot, replace(meaning, spot=spot) if isinstance(meaning, Unknown) else meaning))
    return told


def understand(spot: Spot, aliases: Mapping[str, str], *, guesses: bool = True) -> Meaning | Unknown:
    """What a placeholder means; `aliases` tell it of names nobody offers. guesses: say what an unknown one may mean."""
    name, *options = (part.strip() for part in spot.inner.split("|"))
    known, keys = _labels()
    key = name if name in known else keys.get(name) or aliases.get(name, "")
    if not name:
        return Unknown(spot, "花括号不成对，或里面没有名称；要写成 {{会员总数}} 这样")
    if key not in known:
        return Unknown(spot, f"没有“{name}”这个数据", nearest(name) if guesses else ())
    filters = frozenset(option for option in options if option in FILTERS)
    rest = [option for option in options if option not in FILTERS]
    fact = registry.get(key)
    if fact is None:
        return Unknown(spot, f"“{name}”是词语，后面不能加“{options[0]}”") if options else Meaning(Token(key))
    if filters & {NUMBER, ZERO} and fact.kind in ("list", "text"):
        return Unknown(spot, f"“{fact.label}”不是数字，不能加“{NUMBER}”或“{ZERO}”")
    try:
        (token,) = parse(from_spoken(f"{{{'|'.join((key, *rest))}}}"))
    except (GrammarError, ValueError) as problem:
        return Unknown(spot, str(problem) if isinstance(problem, GrammarError) else "看不懂这个占位符")
    if not isinstance(token, Token):
        return Unknown(spot, "看不懂这个占位符")
    return Meaning(token, filters)


def nearest(name: str) -> tuple[tuple[str, str], ...]:
    """Facts and words whose names come near, as (key, label)."""
    known, keys = _labels()
    keys = {**keys, **{key: key for key in known}}
    close = get_close_matches(name, keys, NEAREST, ALIKE)
    within = [label for label in keys if len(name) > 1 and name in label]
    found = dict.fromkeys(keys[match] for match in [*close, *within])
    return tuple((key, known[key]) for key in list(found)[:NEAREST])
