"""The figures of care visits. Visits, persons and yuan are three counts.

Visits and persons follow the campaign's year where it names one, else the day of the visit; money follows the day paid.
"""

from collections.abc import Callable

from django.db.models import Q

from unionoffice.facts import ROWS, Fact, Names, Scope, Total, register

from . import queries
from .choices import Occasion, Recipient
from .models import CareVisit

SEASON = "；属于某年批次的计入该年"


def _fact(
    key: str, label: str, definition: str, unit: str, where: Callable[[Scope], Q], measure: object = ROWS
) -> Fact:
    return Fact(
        key=f"welfare.{key}",
        label=label,
        definition=definition,
        unit=unit,
        kind="list" if isinstance(measure, Names) else "flow",
        model=CareVisit,
        slug="care-visits",
        where=where,
        measure=measure,
        is_money=isinstance(measure, Total),
    )


def _visits(also: Q) -> Callable[[Scope], Q]:
    return lambda scope: queries.visited(scope.start, scope.end) & also


def _money(also: Q) -> Callable[[Scope], Q]:
    return lambda scope: queries.paid(scope.start, scope.end) & also


def _persons(also: Q) -> Callable[[Scope], Q]:
    def where(scope: Scope) -> Q:
        rows = (
            CareVisit.objects.all()
            .within(scope.unions)
            .filter(queries.visited(scope.start, scope.end) & also)
        )
        return Q(pk__in=queries.one_per_person(rows))

    return where


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
        _fact(
            f"{key}.persons",
            f"{words}人数",
            f"期内{words}的人数，同一人只计一次{SEASON}",
            "名",
            _persons(also),
        ),
        _fact(
            f"{key}.amount",
            f"{words}金额",
            f"期内支付的{words}金与慰问品价值之和",
            "元",
            _money(also),
            Total("amount"),
        ),
    )


register(
    _fact("visits.count", "慰问次数", f"期内走访慰问的次数，同一人两次计两次{SEASON}", "次", _visits(Q())),
    _fact("visits.persons", "慰问人数", f"期内走访慰问的人数，同一人只计一次{SEASON}", "名", _persons(Q())),
    _fact(
        "visits.amount", "慰问金额", "期内支付的慰问金与慰问品价值之和", "元", _money(Q()), Total("amount")
    ),
    _fact(
        "visits.cash.amount",
        "慰问金",
        "期内支付的慰问金，不含慰问品",
        "元",
        _money(Q(cash_amount__gt=0)),
        Total("cash_amount"),
    ),
    _fact(
        "visits.goods.amount",
        "慰问品价值",
        "期内发出的慰问品按数量乘单价计的价值",
        "元",
        _money(Q(goods_amount__gt=0)),
        Total("goods_amount"),
    ),
    _fact(
        "campaigns",
        "慰问批次",
        "期内走访慰问所属的活动批次",
        "个",
        _visits(~Q(campaign="")),
        Names("campaign", ("campaign",)),
    ),
    *_family("visits.hardship", "困难职工慰问", Q(recipient=Recipient.HARDSHIP)),
    *(
        fact
        for occasion in Occasion
        for fact in _family(f"visits.{occasion.value}", f"{occasion.label}慰问", Q(occasion=occasion))
    ),
)
