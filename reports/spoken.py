"""Sentences as people write them: {会员总数|近} in the browser, {members.active.count|nearly} in the database."""

import re
from collections.abc import Mapping
from functools import cache

from unionoffice.facts import key_of, registry
from unionoffice.organisation.office import SETTINGS

from .drafting import OFFICE_WORDS, WORD_LABELS
from .grammar import GrammarError, parse, tokens

SPOKEN_OPTIONS = {
    "nearly": "近",
    "over": "余",
    "above": "以上",
    "change": "与上年比",
    "names": "名单",
    "titles": "标题",
    "noun": "后缀",
}
OPTION_OF = {spoken: option for option, spoken in SPOKEN_OPTIONS.items()}
TOKEN = re.compile(r"\{([^{}]*)\}")
# What a Chinese keyboard gives for the signs of the grammar.
HALF_WIDTH = str.maketrans({"｛": "{", "｝": "}", "［": "[", "］": "]", "｜": "|"})


def words() -> dict[str, str]:
    """Words of the document by name, as people call them."""
    return WORD_LABELS | {word: SETTINGS[key].label for word, key in OFFICE_WORDS.items()}


@cache
def _names() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Label by name and name by label, of facts and words."""
    labels = {fact.key: fact.label for fact in registry} | words()
    return labels, {label: name for name, label in labels.items()}


def to_spoken(text: str) -> str:
    """A sentence with Chinese names in its tokens."""
    labels, _ = _names()

    def say(found: re.Match[str]) -> str:
        name, *options = found[1].split("|")
        fact = None if name in labels else registry.get(name)
        spoken = [labels.get(name, fact.label if fact else name)]
        for option in options:
            kind, colon, argument = option.partition(":")
            spoken.append(f"{SPOKEN_OPTIONS.get(kind, kind)}{colon}{argument}")
        return f"{{{'|'.join(spoken)}}}"

    return TOKEN.sub(say, text)


def from_spoken(text: str) -> str:
    """The sentence as it is kept. GrammarError, one Chinese line, for what cannot be read or nobody offers."""
    text = text.translate(HALF_WIDTH)
    text = " ".join(text.split()) if text.isascii() else "".join(text.splitlines()).strip()
    kept = TOKEN.sub(lambda found: f"{{{_kept_token(found[1])}}}", text)
    parts = parse(kept)
    for token in tokens(parts):
        fact = registry.get(token.name)
        if fact is not None and fact.kind in ("list", "text") and token.option("change") is not None:
            raise GrammarError(f"“{fact.label}”不是数字，不能与上年比")
    return kept


def _cut_key(name: str) -> str:
    """The key of a cut, written as one or by its label; empty for what nobody offers."""
    fact = registry.get(name)
    return fact.key if fact else key_of(name, registry) or ""


def _kept_token(inner: str) -> str:
    labels, names = _names()
    name, *options = (part.strip() for part in inner.split("|"))
    kept = [name if name in labels else names.get(name) or _cut_key(name)]
    if not kept[0]:
        raise GrammarError(
            f"没有“{name}”这个数据，请从列表里选择" if name else "“{}”里没有数据，请从列表里选择"
        )
    for option in options:
        kind, _, argument = option.replace("：", ":").partition(":")
        if kind not in OPTION_OF and kind not in SPOKEN_OPTIONS:
            raise GrammarError(f"“{name}”后面的“{kind}”不认识，可用：{'、'.join(OPTION_OF)}")
        kept.append(OPTION_OF.get(kind, kind) + (f":{argument}" if argument else ""))
    return "|".join(kept)
