"""The figures of care visits. Visits, persons and yuan are three counts.

Of a season: visits, persons and `season_amount` follow the campaign's year where it names one, else the day of the visit.
Cash of a period: `amount` follows the day paid.
"""

from django.db.models import Q

from unionoffice.facts import ROWS, Fact, Measure, Names, People, Total, What, register, text

from . import queries
from .choices import Occasion, Recipient
from .models import CareVisit

SEASON = "；属于某年批次的计入该年"


def _measure(
    key: str, label: str, definition: str, unit: str, what: What = ROWS, also: Q | None = None
) -> Measure:
    """A count of the visits of a season."""
    return Measure(
        key=f"welfare.{key}",
        label=label,
        definition=definition,
        unit=unit,
        kind="list" if isinstance(what, Names) else "season",
        model=CareVisit,
        slug="care-visits",
        where=lambda scope: queries.visited(scope.start, scope.end) & (also or Q()),
        measure=what,
        is_money=isinstance(what, Total),
        day="season_on",
        cut_by=("union.kind", text("campaign", "活动批次")),
        uncut=frozenset({"is_under_fourteen"}),
    )


def _money(key: str, label: str, what: str, field: str) -> tuple[Measure, Measure]:
    """Yuan: what was paid in the period, and what the visits of the season came to. Rows without any are none."""
    given = Q(**{f"{field}__gt": 0})
    season = _measure(
        f"{key}.season_amount",
        f"{label}（按批次年度）",
        f"期内慰问的{what}，与慰问次数、人数同一口径，不论何时支付{SEASON}",
        "元",
        Total(field),
        given,
    )
    paid = season.again(
        f"welfare.{key}.amount",
        label=label,
        definition=f"期内支付的{what}，按支付日期（没有填的按慰问日期）计入，不分批次",
        kind="flow",
        where=lambda scope: queries.paid(scope.start, scope.end) & given,
        day="counted_on",
    )
    return paid, season


VISITS = _measure("visits.count", "慰问次数", f"期内走访慰问的次数，同一人两次计两次{SEASON}", "次")
PERSONS = _measure(
    "visits.persons",
    "慰问人数",
    "期内走访慰问的人数，同一人只计一次；集体慰问按填写的慰问人数计，"
    f"减去前次集体慰问（也在统计范围内的）已慰问的{SEASON}",
    "名",
    People(
        by="person",
        groups=Q(recipient=Recipient.TEAM),
        size="reached",
        repeated="reached_before",
        earlier="earlier",
    ),
)
PAID, GIVEN = _money("visits", "慰问金额", "慰问金与慰问品价值之和", "amount")


def _family(name: str, words: str, cut: dict[str, str]) -> tuple[Fact, ...]:
    """Visits, persons and yuan of one kind of visit."""
    key = f"welfare.visits.{name}"
    return (
        VISITS.figure(cut, key=f"{key}.visits", label=f"{words}次数"),
        PERSONS.figure(cut, key=f"{key}.persons", label=f"{words}人数"),
        PAID.figure(cut, key=f"{key}.amount", label=f"{words}金额"),
        GIVEN.figure(cut, key=f"{key}.season_amount", label=f"{words}金额（按批次年度）"),
    )


register(
    VISITS,
    PERSONS,
    PAID,
    GIVEN,
    *_money("visits.cash", "慰问金", "慰问金（不含慰问品）", "cash_amount"),
    *_money("visits.goods", "慰问品价值", "慰问品按数量乘单价计的价值", "goods_amount"),
    _measure(
        "campaigns",
        "慰问批次",
        "期内走访慰问所属的活动批次",
        "个",
        Names("campaign", ("campaign",)),
        ~Q(campaign=""),
    ),
    *_family("hardship", "困难职工慰问", {"recipient": Recipient.HARDSHIP}),
    *(
        figure
        for occasion in Occasion
        for figure in _family(occasion.value, f"{occasion.label}慰问", {"occasion": occasion})
    ),
)
