"""Re-elections done, due and overdue."""

from django.db.models import Q

from unionoffice.facts import Scope, register

from .. import queries
from .making import happened, named
from .unions import UNIONS


def _reelected(scope: Scope) -> Q:
    return Q(pk__in=queries.reelected(scope.start, scope.end).values("union"))


REELECTED = happened(
    "grassroots.reelection.all.count",
    "完成换届工会数",
    "换届结果在期内批复的工会（第二届起），每个工会计一次",
    _reelected,
)
NAMES = named(REELECTED, "grassroots.reelection.all.names", "完成换届工会")
FIRMS = {
    "definition": "换届结果在期内批复的企业工会（第二届起，建会单位为企业的单独基层工会），每个工会计一次"
}
IN_BEING = named(UNIONS, "grassroots.unions.names", "工会名称", on_day=True)

register(
    REELECTED,
    REELECTED.figure(
        {"firm": "yes"}, key="grassroots.reelection.done.count", label="完成换届企业工会数", **FIRMS
    ),
    NAMES,
    NAMES.figure({"firm": "yes"}, key="grassroots.reelection.done.names", label="完成换届企业工会"),
    IN_BEING,
    UNIONS.figure(
        {"due_next_year": "yes"},
        key="grassroots.reelection.due_next_year.count",
        label="次年任期届满工会数",
        slot="end",
    ),
    IN_BEING.figure(
        {"due_next_year": "yes"},
        key="grassroots.reelection.due_next_year.names",
        label="次年任期届满工会",
        slot="end",
    ),
    UNIONS.figure(
        {"overdue": "yes"},
        key="grassroots.reelection.overdue.count",
        label="超期未换届工会数",
        definition="截止日在册、现届委员会任期已届满而未选出新一届的工会，经批准延期的按延期后的日期算",
        slot="end",
    ),
)
