"""What stands on a user's desk: reminders and tiles that work areas offer, in the order of their registration."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.http import QueryDict

from unionoffice.organisation import access
from unionoffice.organisation.models import User

from .listing import Listing
from .types import RecordType, Tone

NAMED = 3


@dataclass(frozen=True)
class Reminder:
    """Something to be done: title, one sentence, the address where it is done, how urgent it is.

    count  how many rows the page at the address shows; None where it is about one record
    """

    title: str
    text: str
    url: str
    tone: Tone = ""
    count: int | None = None


def of_list(
    user: User, kind: RecordType, query: str, title: str, tone: Tone, *, names: str = "", text: str = ""
) -> Iterator[Reminder]:
    """One reminder for all rows of a list, told to whoever may open it; nothing for an empty one.

    title  says {count}, the number of rows
    names  look-up of what each row is about, told below the title in place of a text
    """
    if not access.may(user, access.VIEW, kind):
        return
    listing = Listing(kind, user, QueryDict(query))
    if names:
        about = list(listing.ordered(listing.rows).values_list(names, flat=True))
        count, text = len(about), named(about)
    else:
        count = listing.total()
    if count:
        url = f"{kind.url('list')}?{query}"
        yield Reminder(title.format(count=count), text, url, tone, count)


def named(names: list[str]) -> str:
    """The first few names, and how many there are in all."""
    shown = "、".join(names[:NAMED])
    return shown if len(names) <= NAMED else f"{shown}等{len(names)}家"


@dataclass(frozen=True)
class Shortcut:
    """A button on the desk, e.g. the chair's 记慰问. Frequent ones come first and stand at the bottom of a phone."""

    label: str
    url: str
    icon: str = "plus"
    is_frequent: bool = False


@dataclass(frozen=True)
class MenuPage:
    """A page beside the record types that stands in the menu for those who may open it."""

    title: str
    url_name: str
    icon: str
    allowed: Callable[[User], bool]
    section: str


Reminders = Callable[[User], Iterable[Reminder]]
Shortcuts = Callable[[User], Iterable[Shortcut]]
TILES: list[str] = []  # keys of the facts shown as tiles
PAGES: list[MenuPage] = []
_reminders: list[Reminders] = []
_shortcuts: list[Shortcuts] = []


def register_reminders(offer: Reminders) -> Reminders:
    _reminders.append(offer)
    return offer


def register_shortcuts(offer: Shortcuts) -> Shortcuts:
    _shortcuts.append(offer)
    return offer


def register_tiles(*fact_keys: str) -> None:
    TILES.extend(fact_keys)


def register_page(
    title: str, url_name: str, icon: str, allowed: Callable[[User], bool], section: str = "核对和管理"
) -> None:
    PAGES.append(MenuPage(title, url_name, icon, allowed, section))


def reminders(user: User) -> list[Reminder]:
    """Everything that waits for this user, the urgent first."""
    found = [reminder for offer in _reminders for reminder in offer(user)]
    urgency = {"bad": 0, "warn": 1, "info": 2, "": 3}
    return sorted(found, key=lambda reminder: urgency[reminder.tone])


def shortcuts(user: User) -> list[Shortcut]:
    found = [shortcut for offer in _shortcuts for shortcut in offer(user)]
    return sorted(found, key=lambda shortcut: not shortcut.is_frequent)
