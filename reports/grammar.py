"""The small language in which the office's sentences are written.

{members.active.count}        the figure of a fact with its counter: 8000名
{activities.walking.person_times|nearly}   a figure with an option, see OPTIONS
{year}                        a word of the document: names and days, see `drafting`
[，其中女会员{…}]              a clause that vanishes when one of its figures has nothing to say
[、|女会员{…}|农民工会员{…}]    a series: items vanish one by one, the rest is joined by what stands before
                              the first bar; an empty series takes what encloses it away
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache

OPTIONS: dict[str, str] = {
    "nearly": "近N（向上取整）",
    "over": "N余（向下取整）",
    "above": "N以上（向下取整）",
    "change": "与上年比较",
    "names": "名单，写出前几个",
    "titles": "活动名称，写出前几个",
    "noun": "名单总数后的名词",
}
NUMBERED = {"names", "titles"}


class GrammarError(ValueError):
    """A sentence that cannot be read; the message is one Chinese line naming the place."""


@dataclass(frozen=True)
class Literal:
    text: str


@dataclass(frozen=True)
class Token:
    """A fact (its key has dots) or a word of the document."""

    name: str
    options: tuple[tuple[str, str], ...] = ()

    @property
    def is_fact(self) -> bool:
        return "." in self.name

    def option(self, name: str) -> str | None:
        return dict(self.options).get(name)

    @property
    def source(self) -> str:
        """The token as it is written in a sentence."""
        options = (f"{name}:{argument}" if argument else name for name, argument in self.options)
        return f"{{{'|'.join((self.name, *options))}}}"


@dataclass(frozen=True)
class Clause:
    parts: tuple["Part", ...]


@dataclass(frozen=True)
class Series:
    separator: str
    items: tuple[tuple["Part", ...], ...]


Part = Literal | Token | Clause | Series


class Empty(Exception):
    """A figure that must stand here has nothing to say."""

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        super().__init__(", ".join(token.name for token in tokens))
        self.tokens = tokens


@cache
def parse(text: str) -> tuple[Part, ...]:
    """The parts of a sentence; GrammarError when brackets or options are wrong."""
    reader = _Reader(text)
    branches = reader.branches()
    if reader.at < len(text):
        raise GrammarError(f"第{reader.at + 1}个字：多出“{text[reader.at]}”")
    if len(branches) > 1:
        raise GrammarError("“|”只能写在方括号或花括号里")
    return branches[0]


@dataclass
class _Reader:
    text: str
    at: int = 0

    def branches(self) -> list[tuple[Part, ...]]:
        """Parts up to the closing bracket or the end, cut at every bar."""
        found: list[list[Part]] = [[]]
        while self.at < len(self.text) and self.text[self.at] not in "]}":
            match self.text[self.at]:
                case "{":
                    found[-1].append(self._token())
                case "[":
                    found[-1].append(self._bracket())
                case "|":
                    self.at += 1
                    found.append([])
                case _:
                    found[-1].append(self._literal())
        return [tuple(parts) for parts in found]

    def _literal(self) -> Literal:
        start = self.at
        while self.at < len(self.text) and self.text[self.at] not in "{}[]|":
            self.at += 1
        return Literal(self.text[start : self.at])

    def _token(self) -> Token:
        end = self.text.find("}", self.at)
        if end < 0:
            raise GrammarError(f"第{self.at + 1}个字：“{{”没有对应的“}}”")
        name, *options = (part.strip() for part in self.text[self.at + 1 : end].split("|"))
        if not name:
            raise GrammarError(f"第{self.at + 1}个字：“{{}}”里没有指标")
        self.at = end + 1
        return Token(name, tuple(_option(option) for option in options))

    def _bracket(self) -> Clause | Series:
        start = self.at
        self.at += 1
        branches = self.branches()
        if self.text[self.at : self.at + 1] != "]":
            raise GrammarError(f"第{start + 1}个字：“[”没有对应的“]”")
        self.at += 1
        if len(branches) == 1:
            return Clause(branches[0])
        separator = "".join(part.text for part in branches[0] if isinstance(part, Literal))
        return Series(separator, tuple(branches[1:]))


def _option(text: str) -> tuple[str, str]:
    name, _, argument = text.partition(":")
    if name not in OPTIONS:
        raise GrammarError(f"不认识的写法“{name}”，可用：{'、'.join(OPTIONS)}")
    if name in NUMBERED and not (argument.isdigit() and int(argument)):
        raise GrammarError(f"“{name}”后面要写个数，如“{name}:3”")
    return name, argument


def tokens(parts: tuple[Part, ...]) -> Iterator[Token]:
    """Every token in the parts, clauses and series included."""
    for part in parts:
        match part:
            case Token():
                yield part
            case Clause(inner):
                yield from tokens(inner)
            case Series(_, items):
                for item in items:
                    yield from tokens(item)


@dataclass
class Kept:
    """What stays of a sentence, flat, and the tokens whose clauses vanished."""

    parts: list[Literal | Token] = field(default_factory=list)
    vanished: list[Token] = field(default_factory=list)

    def try_to_add(self, parts: tuple[Part, ...], speaks: Callable[[Token], bool], before: str = "") -> bool:
        """Add the parts if they have something to say, else remember what they lacked."""
        try:
            inner = keep(parts, speaks)
        except Empty as empty:
            self.vanished += empty.tokens
            return False
        self.parts += ([Literal(before)] if before else []) + inner.parts
        self.vanished += inner.vanished
        return True


def keep(parts: tuple[Part, ...], speaks: Callable[[Token], bool]) -> Kept:
    """What stays when `speaks` tells which tokens have something to say.

    Raises Empty when a token outside every clause, or a whole series, is silent.
    """
    kept = Kept()
    for part in parts:
        match part:
            case Token() if not speaks(part):
                raise Empty((part,))
            case Literal() | Token():
                kept.parts.append(part)
            case Clause(inner):
                kept.try_to_add(inner, speaks)
            case Series(separator, items):
                said = 0
                for item in items:
                    said += kept.try_to_add(item, speaks, separator if said else "")
                if not said:
                    raise Empty(tuple(token for item in items for token in tokens(item)))
    return kept
