"""What a document still lacks, who can mend it, and asking them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from unionoffice import facts
from unionoffice.facts import Fact, FactValue, Rate, Scope
from unionoffice.organisation import access
from unionoffice.organisation.choices import Role
from unionoffice.organisation.models import Union, User
from unionoffice.records.history import act
from unionoffice.records.models import ActKind
from unionoffice.records.types import RecordType, registry

from . import wording
from .drafting import Draft, Order, prepare
from .figures import exact
from .models import Ask
from .outlines.shared import NO_LACK
from .summary import Figure

# A figure that fell below half or rose above twice that of the year before looks odd.
HALF, TWICE = Decimal("0.5"), Decimal(2)


@dataclass(frozen=True)
class Lack:
    """One fact without data, or without some of it: which sentences miss it, the ledger it comes from, and the chairs who
    keep that."""

    fact: Fact
    reason: str
    sentences: tuple[str, ...]
    whole: bool
    kind: RecordType | None
    unions: tuple[Union, ...] = ()
    is_short: bool = False

    @property
    def tag(self) -> str:
        return "整句不写" if self.whole else "数字不全" if self.is_short else "省去一部分"

    @property
    def url(self) -> str:
        """Where the records are kept."""
        return self.kind.url("list") if self.kind else ""


@dataclass(frozen=True)
class Odd:
    """A figure far from that of the year before."""

    now: FactValue
    before: FactValue

    @property
    def text(self) -> str:
        return f"{exact(self.now)}，上年{exact(self.before)}"


def lacks(draft: Draft, user: User) -> list[Lack]:
    """Facts for want of which sentences are left out or cut short, those of whole sentences first."""
    sentences: dict[str, list[str]] = {}
    whole: set[str] = set()
    for omission in sorted(draft.summary.omissions, key=lambda omission: not omission.whole_sentence):
        for key in omission.facts:
            if key not in NO_LACK and wording.is_empty(draft.values.now[key].value):
                sentences.setdefault(key, []).append(omission.text)
                whole |= {key} if omission.whole_sentence else set()
    holders = _unions_with_chairs(user)
    found = [_lack(draft, key, texts, key in whole, holders, user) for key, texts in sentences.items()]
    short = [_lack(draft, key, texts, False, holders, user) for key, texts in _short(draft).items()]
    found += [replace(lack, is_short=True) for lack in short]
    return sorted(found, key=lambda lack: not lack.whole)


def _short(draft: Draft) -> dict[str, list[str]]:
    """Figures of the text from which something is missing, with the sentences that say them."""
    found: dict[str, list[str]] = {}
    for paragraph in draft.summary.paragraphs:
        for said in paragraph.said:
            keys = {run.key for run in said.runs if isinstance(run, Figure)}
            for key in keys:
                if draft.values.now[key].warning:
                    found.setdefault(key, []).append("".join(run.text for run in said.runs))
    return found


def _lack(
    draft: Draft, key: str, texts: Iterable[str], whole: bool, holders: list[Union], user: User
) -> Lack:
    value = draft.values.now[key]
    fact = base(value.fact)
    kind = registry.get(fact.slug)
    if kind is not None and not access.may(user, access.VIEW, kind):
        kind = None
    reason = value.warning or ("没有数据" if value.value is None else "没有记录")
    asked = kind is not None and access.ADD in kind.chair_may and access.may_write_documents(user)
    return Lack(value.fact, reason, tuple(dict.fromkeys(texts)), whole, kind, tuple(holders) if asked else ())


def base(fact: Fact) -> Fact:
    """The fact whose rows are missing: of a rate its denominator."""
    return facts.registry[fact.measure.denominator] if isinstance(fact.measure, Rate) else fact


def _unions_with_chairs(user: User) -> list[Union]:
    """Unions of the user's with somebody to ask."""
    chairs = User.objects.filter(role=Role.CHAIR, is_active=True).values("union")
    return list(access.rows(user, Union).filter(pk__in=chairs).order_by("name"))


def odd_figures(draft: Draft) -> Iterator[Odd]:
    """Figures of the text that halved or doubled against the year before."""
    said = {figure.key for figure in draft.summary.figures()}
    before = facts.compute(said, draft.scope.before())
    for key in said:
        now, then = draft.values.now[key], before[key]
        if _is_number(now.value) and _is_number(then.value) and then.value:
            share = Decimal(now.value) / Decimal(then.value)
            if share < HALF or share > TWICE:
                yield Odd(now, then)


def _is_number(value: object) -> bool:
    return isinstance(value, int | Decimal)


def look_at(order: Order) -> Draft:
    """The document whose gaps are looked for. CannotDraft for a period that cannot be written about."""
    return prepare(order)


def ask(fact: Fact, unions: Iterable[Union], scope: Scope, *, user: User) -> int:
    """Put the request on the desks of these unions' chairs; returns how many were new."""
    new = 0
    with act(ActKind.STEP, user=user, summary=f"请补登：{fact.label}"):
        for union in unions:
            _, made = Ask.objects.get_or_create(
                union=union, key=fact.key, start=scope.start, end=scope.end, defaults={"asked_by": user}
            )
            new += made
    return new


def open_asks(user: User, today: date) -> Iterator[tuple[Ask, Fact, str]]:
    """Requests to this chair that the records do not answer yet, with the fact and where to enter it."""
    asks = list(access.rows(user, Ask).filter(end__gte=today.replace(month=1, day=1)).order_by("pk"))
    for asked in asks:
        fact = facts.registry.get(asked.key)
        kind = registry.get(base(fact).slug) if fact else None
        if fact is None or kind is None or not access.may(user, access.VIEW, kind):
            continue
        scope = Scope(asked.start, asked.end, min(asked.end, today), access.subtree(asked.union_id))
        found = facts.compute([asked.key], scope)[asked.key]
        if wording.is_empty(found.value) or found.warning:
            yield asked, fact, kind.url("list")
