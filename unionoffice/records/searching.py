"""The search box: names by characters, pinyin or initials; numbers in full or by their last four; all words must fit."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator

from django.db.models import Field, Model, Q, Value
from django.db.models.functions import Right
from django.db.models.lookups import Exact
from django.http import QueryDict

from unionoffice import crypto
from unionoffice.fields import HashField, MobileField, PinyinField
from unionoffice.fields.grams import NameGrams
from unionoffice.identity import NUMBERS

from .types import RecordType

CHINESE = re.compile(r"[^\x00-\x7f]")
LATIN = re.compile(r"^[a-zA-Z·' ]+$")
LAST_FOUR = re.compile(r"^\d{3}[\dXx]$")
WHOLE_MOBILE = 11
SEALED = re.compile(r"~([\w-]{40,120})")
# Each word is a condition on every column that is searched.
MOST_WORDS = 12
WHOLE_NUMBER = re.compile(r"^[0-9A-Za-z()（）-]{8,25}$")


def sealed(text: str) -> str:
    """The text with every identity or bank number in it encrypted: so it may stand in an address."""
    return NUMBERS.sub(lambda found: f"~{_token(found[0])}", text)


def _token(number: str) -> str:
    return urlsafe_b64encode(crypto.encrypt(number, stable=True)).decode().rstrip("=")


def opened(text: str) -> str:
    """What was typed before it was sealed; what cannot be read any more stays as it is, and finds nothing."""

    def number(found: re.Match[str]) -> str:
        token = found[1]
        try:
            return crypto.decrypt(urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        except ValueError:
            return found[0]

    return SEALED.sub(number, text)


def without_persons_numbers(query: str) -> str:
    """An address without the numbers searched for in it."""
    params = QueryDict(query, mutable=True)
    if "q" in params:
        params["q"] = " ".join(NUMBERS.sub("", SEALED.sub("", params["q"])).split())
        if not params["q"]:
            del params["q"]
    return params.urlencode()


def search(kind: RecordType, text: str) -> Q:
    """The condition for what was typed; an empty Q for nothing. Nothing fits more words than anybody types."""
    found, words = Q(), text.split()
    if len(words) > MOST_WORDS:
        return Q(pk__in=())
    for word in words:
        either = Q()
        for condition in _word(kind, word):
            either |= condition
        found &= either if either else Q(pk__in=())
    return found


def _word(kind: RecordType, word: str) -> Iterator[Q]:
    for path in kind.search:
        field = kind.resolve(path)
        if field is not None:
            yield from _field(field, path.replace(".", "__"), word)


def _field(field: Field, path: str, word: str) -> Iterator[Q]:
    prefix = path[: -len(field.name)]
    match field:
        case HashField() if field.last:
            if LAST_FOUR.match(word):
                yield Q(**{path: word.upper()})
        case HashField():
            if WHOLE_NUMBER.match(word):
                yield Q(**{path: word.upper()})
        case MobileField():
            if word.isdigit():
                yield from _mobile(path, word)
        case _ if CHINESE.search(word):
            yield Q(**{f"{path}__{'grams' if _has_grams(field) else 'icontains'}": word})
        case _:
            if LATIN.match(word):
                yield from _pinyin(field, prefix, word.lower().replace("'", ""))
            if not _has_grams(field):
                yield Q(**{f"{path}__icontains": word})
            elif not LATIN.match(word):
                yield Q(**{f"{path}__grams": word})


def _mobile(path: str, digits: str) -> Iterator[Q]:
    """The last four, or the number from its start; a whole number by its last four too, which an index serves."""
    tail = Q(Exact(Right(path, 4), Value(digits[-4:])))
    if len(digits) == 4:
        yield tail
    elif len(digits) == WHOLE_MOBILE:
        yield tail & Q(**{path: digits})
    else:
        yield Q(**{f"{path}__startswith": digits})


def _has_grams(field: Field) -> bool:
    return any(
        isinstance(part, NameGrams) and part.source_expressions[0].name == field.name
        for index in field.model._meta.indexes
        for part in index.expressions
    )


def _pinyin(field: Field, prefix: str, word: str) -> Iterator[Q]:
    """A name by its pinyin or initials: from the start where an index serves that, anywhere on small tables."""
    for other in field.model._meta.concrete_fields:
        if isinstance(other, PinyinField) and other.of == field.name and other.style in ("full", "initials"):
            how = "startswith" if _indexed(field.model, other.name) else "contains"
            yield Q(**{f"{prefix}{other.name}__{how}": word})


def _indexed(model: type[Model], name: str) -> bool:
    return any(list(index.fields)[:1] == [name] for index in model._meta.indexes)
