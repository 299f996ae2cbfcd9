"""Passwords that a stranger tries first: usual ones, years and runs of keys, and the names of user and office."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from django.core.exceptions import ValidationError

from unionoffice import pinyin

from .models import User
from .office import setting

USUAL = Path(__file__).with_name("usual_passwords.txt")
LOOKS_LIKE = str.maketrans("@4301!$5", "aaeoiiss")
YEAR = re.compile(r"(?:19|20)\d\d")
KEYS = (
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "!@#$%^&*()",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
)
RUN = 3  # so many neighbouring or equal keys are a run
LEAST = 5  # so many letters and digits must remain without years, runs and usual words
LONG_ENOUGH = 4  # a name with fewer letters is refused alone, not inside another word
ORGANISATION = re.compile(r"(?:镇|乡|街道|县|市|区)?(?:总工会|联合工会委员会|工会委员会|联合工会|工会)?$")
BRAND = 2  # characters by which a place or a firm is called before its trade: 宏达机械
OFFICE_NAMES = ("office.name", "town.short_name", "county.short_name", "county.office_name", "app.name")


class GuessableValidator:
    """Refuses a password that another person could guess from what hangs on the office's door and from the calendar."""

    def validate(self, password: str, user: User | None = None) -> None:
        if is_usual(password) or is_regular(password) or holds_name(password, names_of(user)):
            raise ValidationError(self.get_help_text(), code="password-guessable")

    def get_help_text(self) -> str:
        return "密码太容易猜到：不能含姓名、登录名、手机号或单位名称，也不能是常见密码、年份和连号的组合。"


@cache
def usual_passwords() -> frozenset[str]:
    return frozenset(USUAL.read_text("utf-8").split())


def is_usual(password: str) -> bool:
    """Whether it is a usual password, perhaps with digits and signs around it or letters replaced by such."""
    return bool(usual_passwords() & {_letters_and_digits(password.lower()), *_words(password)})


def is_regular(password: str) -> bool:
    """Whether little is left of it without years, runs of keys and usual words: Abc123456!, Chun@2026, G0nghui.x9."""
    rest = YEAR.sub(" ", password.lower())
    for run in _runs(rest):
        rest = rest.replace(run, " ")
    return any(
        len(_letters_and_digits(_without_usual(text))) < LEAST for text in (rest, rest.translate(LOOKS_LIKE))
    )


def _without_usual(text: str) -> str:
    for word in sorted(usual_passwords(), key=len, reverse=True):
        if len(word) >= LONG_ENOUGH:
            text = text.replace(word, " ")
    return text


def holds_name(password: str, names: Iterable[str]) -> bool:
    words, text = _words(password), password.lower()
    return any(
        name in words
        or (len(name) >= LONG_ENOUGH and any(name in word for word in (*words, text)))
        or (not name.isascii() and name in text)
        for name in names
    )


def names_of(user: User | None) -> set[str]:
    """What user, union and office are called, in characters, pinyin and initials, in lower case."""
    found = set(_spellings(filter(None, map(setting, OFFICE_NAMES)), person=False))
    if user is not None:
        union = (user.union.name, user.union.short_name) if user.union else ()
        found |= {user.username.lower(), user.phone}
        found |= {*_spellings([user.name, user.name[-2:]], person=True), *_spellings(union, person=False)}
    return found - {""}


def _spellings(names: Iterable[str], person: bool) -> Iterator[str]:
    for name in names:
        stem = name if person else ORGANISATION.sub("", name)
        for called in {name, stem, stem[:BRAND] if not person else stem} - {""}:
            yield from (
                called.lower(),
                pinyin.name_pinyin(called, person),
                pinyin.name_initials(called, person),
            )


def _words(password: str) -> set[str]:
    """Its letters, and the word inside its digits and signs with look-alikes read as the letters they stand for."""
    text = password.lower()
    inside = re.sub(r"^[^a-z]+|[^a-z]+$", "", text)
    return {re.sub(r"[^a-z]", "", text), re.sub(r"[^a-z]", "", inside.translate(LOOKS_LIKE))} - {""}


def _letters_and_digits(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _runs(text: str) -> list[str]:
    """The runs of keys in it, longest first."""
    found = {match[0] for match in re.finditer(r"(.)\1{2,}", text)}
    for keys in KEYS:
        for line in (keys, keys[::-1]):
            for start in range(len(text) - RUN + 1):
                end = start + RUN
                while end <= len(text) and text[start:end] in line:
                    found.add(text[start:end])
                    end += 1
    return sorted(found, key=len, reverse=True)
