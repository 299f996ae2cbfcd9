"""Filters that look at what stands today: terms running out, stars, chairs, certificates, confirmations."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone

from unionoffice.organisation.choices import COUNTED_KINDS
from unionoffice.organisation.models import User, in_being
from unionoffice.organisation.today import Today
from unionoffice.records.types import Filter

from .. import queries
from ..actions.confirmation import present_period
from ..choices import StarLevel
from ..deadlines import CERTIFICATE_WARNING_DAYS, VACANT_MONTHS, WARNING_DAYS
from ..models import UnionConfirmation
from ..quality import certificate_expired, long_without_chair


def one_of(*pairs: tuple[str, str]) -> object:
    """Options that are the same for everybody."""
    return lambda user: pairs


def _terms_until(days: int) -> Q:
    """Terms of today that run out within so many days, not yet overdue."""
    today = timezone.localdate()
    running = queries.terms_on(today).filter(ends_on__range=(today, today + timedelta(days=days)))
    return Q(pk__in=running.values("pk"))


def term_where(value: str) -> Q:
    """A condition on terms by how near their end is."""
    today = timezone.localdate()
    match value:
        case "current":
            return Q(pk__in=queries.terms_on(today).values("pk"))
        case "overdue":
            return Q(pk__in=queries.terms_on(today).filter(ends_on__lt=today).values("pk"))
        case "prepared":
            return Q(pk__in=queries.terms_prepared().values("pk"))
        case "past":
            return Q(elected_on__isnull=False) & ~Q(pk__in=queries.terms_on(today).values("pk"))
        case _:
            return _terms_until(int(value))


TERM_OPTIONS = (
    ("overdue", "已超期"),
    *((str(days), f"{days}天内届满") for days in WARNING_DAYS),
    ("prepared", "换届筹备中"),
)
TERM = Filter("term", "届满情况", one_of(("current", "现届"), *TERM_OPTIONS, ("past", "往届")), term_where)


def _union_by_term(value: str) -> Q:
    if value == "none":
        seated = queries.terms_on(timezone.localdate()).values("union")
        return in_being(Today()) & Q(kind__in=COUNTED_KINDS) & ~Q(pk__in=seated)
    found = queries.CommitteeTerm.objects.filter(term_where(value))
    return Q(pk__in=found.values("union"))


UNION_TERM = Filter("term", "届满情况", one_of(*TERM_OPTIONS, ("none", "未登记届次")), _union_by_term)


def _union_by_star(value: str) -> Q:
    today = timezone.localdate()
    rated = queries.ratings_on(today)
    match value:
        case "none":
            return in_being(Today()) & ~Q(pk__in=rated.values("union"))
        case "review":
            return Q(pk__in=queries.ratings_to_review(today).values("union"))
        case _:
            return Q(pk__in=rated.filter(level=int(value)).values("union"))


LEVELS = tuple((str(level.value), level.label) for level in reversed(StarLevel))
UNION_STAR = Filter(
    "star", "现行星级", one_of(*LEVELS, ("review", "待复评"), ("none", "未评星")), _union_by_star
)


def _rating_by_state(value: str) -> Q:
    today = timezone.localdate()
    found = queries.ratings_on(today) if value == "current" else queries.ratings_to_review(today)
    return Q(pk__in=found.values("pk"))


RATING_STATE = Filter("now", "现况", one_of(("current", "现行"), ("review", "待复评")), _rating_by_state)


def _union_by_chair(value: str) -> Q:
    found = long_without_chair(None) if value == "long" else queries.headless(timezone.localdate())
    return Q(pk__in=found.order_by().values("pk"))


UNION_CHAIR = Filter(
    "chair", "主席", one_of(("none", "缺主席"), ("long", f"缺主席满{VACANT_MONTHS}个月")), _union_by_chair
)


def _union_by_certificate(value: str) -> Q:
    today = timezone.localdate()
    standing = in_being(Today()) & Q(kind__in=COUNTED_KINDS)
    match value:
        case "yes":
            return standing & queries.legal_persons(today)
        case "no":
            return standing & Q(legal_person_no="")
        case "expired":
            return Q(pk__in=certificate_expired(None).order_by().values("pk"))
        case _:
            return standing & expiring_certificates(today)


def expiring_certificates(today: date) -> Q:
    """Unions whose certificate runs out soon."""
    return ~Q(legal_person_no="") & Q(
        legal_person_until__range=(today, today + timedelta(days=CERTIFICATE_WARNING_DAYS))
    )


UNION_CERTIFICATE = Filter(
    "legal",
    "法人资格",
    one_of(
        ("yes", "有效"),
        ("expiring", f"{CERTIFICATE_WARNING_DAYS}天内到期"),
        ("expired", "已过期"),
        ("no", "未登记"),
    ),
    _union_by_certificate,
)


def _union_by_life(value: str) -> Q:
    match value:
        case "standing":
            return in_being(Today())
        case "coming":
            return Q(founded_on__gt=Today())
        case "merged":
            return Q(dissolved_on__lte=Today(), merged_into__isnull=False)
        case _:
            return Q(dissolved_on__lte=Today(), merged_into__isnull=True)


UNION_LIFE = Filter(
    "life",
    "存续",
    one_of(("standing", "在册"), ("coming", "尚未成立"), ("dissolved", "已撤销"), ("merged", "已并入")),
    _union_by_life,
)


def unconfirmed() -> Q:
    """Counted unions in being that have not confirmed their data in the present period."""
    today = timezone.localdate()
    done = queries.confirmed(present_period(), today)
    return in_being(Today()) & Q(kind__in=COUNTED_KINDS) & ~Q(pk__in=done)


def _union_by_confirmation(value: str) -> Q:
    if value == "no":
        return unconfirmed()
    return Q(pk__in=queries.confirmed(present_period(), timezone.localdate()))


UNION_CONFIRMED = Filter(
    "confirmed", "本期数据确认", one_of(("yes", "已确认"), ("no", "未确认")), _union_by_confirmation
)


def _periods(user: User) -> Iterable[tuple[str, str]]:
    found = UnionConfirmation.objects.order_by("-period").values_list("period", flat=True).distinct()
    return [(period, period) for period in found]


CONFIRMATION_PERIOD = Filter("period", "确认期", _periods, lambda value: Q(period=value))


def lasts(start: str, end: str, words: tuple[str, str]) -> Filter:
    """Whether something lasts today, by its two days."""

    def where(value: str) -> Q:
        found = queries.lasting(start, end, timezone.localdate())
        return found if value == "yes" else ~found

    return Filter("now", "现况", one_of(("yes", words[0]), ("no", words[1])), where)


def _unit_by_union(value: str) -> Q:
    today = timezone.localdate()
    covered = queries.links_on(today)
    match value:
        case "no":
            return (Q(closed_on__isnull=True) | Q(closed_on__gt=today)) & ~Q(pk__in=covered.values("unit"))
        case "yes":
            return Q(pk__in=covered.values("unit"))
        case _:
            return Q(pk__in=covered.filter(union__kind=value).values("unit"))


UNIT_UNION = Filter(
    "union",
    "建会情况",
    one_of(
        ("yes", "已建会"),
        ("no", "未建会"),
        ("single", "单独建会"),
        ("joint", "联合工会涵盖"),
        ("federation", "联合会直接涵盖"),
    ),
    _unit_by_union,
)
