"""The figures of care visits. Visits, persons and yuan are three counts.

Of a season: visits, persons and `season_amount` follow the campaign's year where it names one, else the day of the visit.
Cash of a period: `amount` follows the day paid.
"""

from collections.abc import Callable

from django.db.models import Q

from unionoffice.facts import ROWS, Fact, Kind, Names, People, Scope, Total, register

from . import queries
from .choices import Occasion, Recipient
from .models import CareVisit

SEASON = "；属于某年批次的计入该年"


def _fact(
    key: str,
    label: str,
    definition: str,
    unit: str,
    where: Callable[[Scope], Q],
    measure: object = ROWS,
    kind: Kind = "season",
) -> Fact:
    return Fact(
        key=f"welfare.{key}",
        label=label,
        definition=definition,
        unit=unit,
        kind=kind,
        model=CareVisit,
        slug="care-visits",
        where=where,
        measure=measure,
        is_money=isinstance(measure, Total),
    )


def _visits(also: Q) -> Callable[[Scope], Q]:
    return lambda scope: queries.visited(scope.start, scope.end) & also


def _paid(also: Q) -> Callable[[Scope], Q]:
    return lambda scope: queries.paid(scope.start, scope.end) & also


def _money(key: str, label: str, what: str, also: Q, field: str = "amount") -> tuple[Fact, Fact]:
    """Yuan of one kind of visit: what was paid in the period, and what the visits of the season came to."""
    return (
        _fact(
            f"{key}.amount",
            label,
            f"期内支付的{what}，按支付日期（没有填的按慰问日期）计入，不分批次",
            "元",
            _paid(also),
            Total(field),
            "flow",
        ),
        _fact(
            f"{key}.season_amount",
            f"{label}（按批次年度）",
            f"期内慰问的{what}，与慰问次数、人数同一口径，不论何时支付{SEASON}",
            "元",
            _visits(also),
            Total(field),
        ),
    )


PEOPLE = People(
    by="person",
    groups=Q(recipient=Recipient.TEAM),
    size="reached",
    repeated="reached_before",
    earlier="earlier",
)
HOW_COUNTED = "同一人只计一次；集体慰问按填写的慰问人数计，减去前次集体慰问（也在统计范围内的）已慰问的"


def _persons(key: str, words: str, also: Q) -> Fact:
    definition = f"期内{words}的人数，{HOW_COUNTED}{SEASON}"
    return _fact(f"{key}.persons", f"{words}人数", definition, "名", _visits(also), PEOPLE)


def _family(key: str, words: str, also: Q) -> tuple[Fact, ...]:
    """Visits, persons and yuan of one kind of visit."""
    return (
        _fact(
            f"{key}.visits",
            f"{words}次数",
            f"期内{words}的次数，同一人两次计两次{SEASON}",
            "次",
            _visits(also),
        ),
        _persons(key, words, also),
        *_money(key, f"{words}金额", f"{words}金与慰问品价值之和", also),
    )


register(
    _fact("visits.count", "慰问次数", f"期内走访慰问的次数，同一人两次计两次{SEASON}", "次", _visits(Q())),
    _persons("visits", "慰问", Q()),
    *_money("visits", "慰问金额", "慰问金与慰问品价值之和", Q()),
    *_money("visits.cash", "慰问金", "慰问金（不含慰问品）", Q(cash_amount__gt=0), "cash_amount"),
    *_money(
        "visits.goods", "慰问品价值", "慰问品按数量乘单价计的价值", Q(goods_amount__gt=0), "goods_amount"
    ),
    _fact(
        "campaigns",
        "慰问批次",
        "期内走访慰问所属的活动批次",
        "个",
        _visits(~Q(campaign="")),
        Names("campaign", ("campaign",)),
        "list",
    ),
    *_family("visits.hardship", "困难职工慰问", Q(recipient=Recipient.HARDSHIP)),
    *(
        fact
        for occasion in Occasion
        for fact in _family(f"visits.{occasion.value}", f"{occasion.label}慰问", Q(occasion=occasion))
    ),
)
