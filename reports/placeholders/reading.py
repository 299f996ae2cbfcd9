"""Placeholders in a .docx: where each stands and what it means, or why it means nothing and what may be meant."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

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


@refusing()
def spots(package: Package) -> list[Spot]:
    """Every placeholder in the order of the text. SheetRefused where there is none."""
    found = [spot for part, called in parts_of(package) for spot in _spots_in(package, part, called)]
    if not found:
        raise SheetRefused(
            "no-placeholder", "文件里没有占位符，请在要填数的地方写上两层花括号，如 {{会员总数}}"
        )
    return found


def _spots_in(package: Package, part: str, called: str) -> Iterator[Spot]:
    for number, paragraph in enumerate(paragraphs(package, part)):
        text = spans.text(paragraph).translate(HALF_WIDTH)
        if "{{" not in text and "}}" not in text:
            continue
        is_copy = next(paragraph.iterancestors(FALLBACK), None) is not None
        where = f"{called}{_place(paragraph, package.tree(part))}"
        matches = [(m.start(), m.end(), m[1]) for m in PLACEHOLDER.finditer(text)]
        rest = PLACEHOLDER.sub(lambda m: " " * len(m[0]), text)
        # Braces without their partners are named too; they have no inside.
        matches += [(m.start(), m.end(), "") for m in LEFT_OVER.finditer(rest)]
        for start, end, inner in sorted(matches):
            around = text[max(0, start - AROUND // 2) : end + AROUND // 2].strip()
            yield Spot(part, number, start, end, inner.strip(), text[start:end], where, around, is_copy)


def _place(paragraph: Element, root: Element) -> str:
    """Where a paragraph stands, as people count: 表格1第2行第3列, 第5段."""
    cell = next(paragraph.iterancestors(f"{W}tc"), None)
    if cell is not None:
        row = next(cell.iterancestors(f"{W}tr"))
        table = next(row.iterancestors(f"{W}tbl"))
        numbers = [
            list(root.iter(f"{W}tbl")).index(table) + 1,
            list(table.iter(f"{W}tr")).index(row) + 1,
            list(row.iter(f"{W}tc")).index(cell) + 1,
        ]
        return "，表格{}第{}行第{}列".format(*numbers)
    outside = (p for p in root.iter(f"{W}p") if next(p.iterancestors(f"{W}tc"), None) is None)
    said = [p for p in outside if spans.text(p).strip()]
    return f"第{said.index(paragraph) + 1}段"


def offered() -> list[tuple[str, str]]:
    """(key, label) of everything a placeholder may name: facts, and words of documents and forms."""
    named = [*words().items(), *form_words.LABELS.items()]
    once = {label: key for key, label in reversed(named)}
    return [(fact.key, fact.label) for fact in registry] + [(key, label) for label, key in once.items()]


def understand(spot: Spot, aliases: Mapping[str, str]) -> Meaning | Unknown:
    """What a placeholder means; `aliases` tell it of names nobody offers."""
    name, *options = (part.strip() for part in spot.inner.split("|"))
    known = dict(offered())
    keys = {label: key for key, label in offered()}
    key = name if name in known else keys.get(name) or aliases.get(name, "")
    if not name:
        return Unknown(spot, "花括号不成对，或里面没有名称；要写成 {{会员总数}} 这样")
    if key not in known:
        return Unknown(spot, f"没有“{name}”这个数据", nearest(name))
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
    known = dict(offered())
    keys = {label: key for key, label in offered()} | {key: key for key in known}
    close = get_close_matches(name, keys, NEAREST, ALIKE)
    within = [label for label in keys if len(name) > 1 and name in label]
    found = dict.fromkeys(keys[match] for match in [*close, *within])
    return tuple((key, known[key]) for key in list(found)[:NEAREST])
