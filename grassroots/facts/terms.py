"""Re-elections done, due and overdue."""

from collections.abc import Callable
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from unionoffice.facts import Scope, register

from .. import queries
from .making import Where, flow, listed, standing, stock


def _reelected(scope: Scope) -> Q:
    return Q(pk__in=queries.reelected(scope.start, scope.end).values("union"))


def _reelected_firms(scope: Scope) -> Q:
    return _reelected(scope) & queries.firms_unions()


def _terms_ending(first: Callable[[Scope], date | None], last: Callable[[Scope], date]) -> Where:
    """Unions whose committee of the as-of day runs out between two days."""

    def where(scope: Scope) -> Q:
        terms: QuerySet = queries.terms_on(scope.as_of).filter(ends_on__lte=last(scope))
        start = first(scope)
        return Q(pk__in=(terms if start is None else terms.filter(ends_on__gte=start)).values("union"))

    return where


_due_next_year = _terms_ending(lambda s: date(s.year + 1, 1, 1), lambda s: date(s.year + 1, 12, 31))
_overdue = _terms_ending(lambda s: None, lambda s: s.as_of - timedelta(days=1))
DONE = "换届结果在期内批复的企业工会（第二届起，建会单位为企业的单独基层工会），每个工会计一次"
DUE = "截止日在册、现届委员会在次年内届满的工会"


register(
    flow("grassroots.reelection.done.count", "完成换届企业工会数", DONE, _reelected_firms),
    listed("grassroots.reelection.done.names", "完成换届企业工会", DONE, _reelected_firms),
    flow(
        "grassroots.reelection.all.count",
        "完成换届工会数",
        "换届结果在期内批复的工会（第二届起），每个工会计一次",
        _reelected,
    ),
    stock("grassroots.reelection.due_next_year.count", "次年任期届满工会数", DUE, _due_next_year, slot="end"),
    listed(
        "grassroots.reelection.due_next_year.names",
        "次年任期届满工会",
        DUE,
        lambda scope: standing(scope) & _due_next_year(scope),
        on_day=True,
    ),
    stock(
        "grassroots.reelection.overdue.count",
        "超期未换届工会数",
        "截止日在册、现届委员会任期已届满而未选出新一届的工会，经批准延期的按延期后的日期算",
        _overdue,
        slot="end",
    ),
)
