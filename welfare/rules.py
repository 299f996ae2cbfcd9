"""Rules of care visits: V13 (refuse), V14 and V25 (domain, rule list)."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from members.models import MembershipEvent
from unionoffice.organisation.models import Union
from unionoffice.organisation.office import SettingKey, declare, setting_by_day
from unionoffice.records.rules import Batch, Problem, refused, warned
from unionoffice.values import Refused, clean_money, clean_name

from .choices import CHILDREN, REPEATED, THEMSELVES, Occasion, Recipient
from .models import CareVisit
from .queries import person_of, season_year

OCCASIONS = {str(label): value for value, label in Occasion.choices}


def _ceilings_readable(rows: list[dict[str, str]]) -> str:
    """What is wrong with the table of ceilings, empty if nothing."""
    for row in rows:
        if row["事由"] not in OCCASIONS:
            return f"事由“{row['事由']}”不在慰问事由中，请写：{'、'.join(OCCASIONS)}"
        for column in ("每次", "每年"):
            try:
                clean_money(row[column])
            except Refused as refusal:
                return f"{row['事由']}的{column}上限：{refusal.message}"
    return ""


declare(
    SettingKey(
        "welfare.campaigns",
        "慰问批次名称",
        "lines",
        [],
        "每行一个，以年份开头，如“2026年元旦春节送温暖”：这一批慰问都计入该年，登记时可以直接选",
        "慰问帮扶",
    ),
    SettingKey(
        "welfare.ceilings",
        "慰问标准上限",
        "table",
        [],
        "事由写“慰问事由”中的名称，每次、每年为元；空着的不检查。超过上限须写明原因",
        "慰问帮扶",
        ("事由", "每次", "每年", "依据"),
        check=_ceilings_readable,
    ),
)


def complete_union(columns: dict[str, list[Any]]) -> None:
    """A member is visited by the own union of that day unless another one is named."""
    wanted = {
        index: (member, day)
        for index, (member, union, day) in enumerate(
            zip(columns["member"], columns["union"], columns["visited_on"], strict=True)
        )
        if member and day and not union
    }
    unions = _unions_of({member for member, _ in wanted.values()})
    for index, (member, day) in wanted.items():
        columns["union"][index] = unions(member, day)


def complete(columns: dict[str, list[Any]]) -> None:
    """The union of a member; and rosters that write 1 for each person mean nothing by it."""
    complete_union(columns)
    for index, (recipient, reached) in enumerate(zip(columns["recipient"], columns["reached"], strict=True)):
        if reached == 1 and recipient != Recipient.TEAM:
            columns["reached"][index] = None


def _unions_of(members: set[int]) -> Callable[[int, date], int | None]:
    """A function giving the union in which one of these members stood on a day, None for none; one query."""
    events: dict[int, list[tuple[date, date | None, int]]] = defaultdict(list)
    if members:
        rows = MembershipEvent.objects.filter(member__in=members)
        for member, on, until, union in rows.values_list("member", "on", "until", "union"):
            events[member].append((on, until, union))

    def union_on(member: int, day: date) -> int | None:
        spells = events[member]
        return next(
            (union for on, until, union in spells if on <= day and not (until and until <= day)), None
        )

    return union_on


def something_given(batch: Batch) -> Iterator[Problem]:
    """V13: a visit gives cash or goods of some value, to somebody, at somebody's hands, for a reason."""
    columns = ("cash_amount", "goods", "member", "name", "visitors", "occasion", "reason")
    for index, (cash, goods, member, name, visitors, occasion, reason) in batch.rows(*columns):
        if not cash and not goods:
            yield refused(index, "cash_amount", "visit-empty", "慰问金和慰问品至少填写一项")
        elif not cash and not goods.total:
            yield refused(index, "goods", "visit-worthless", "慰问品的单价都是0，请按购买价或市场价填写")
        if not member and not name:
            yield refused(index, "member", "visit-nobody", "请选择会员，或填写对象姓名")
        if not visitors:
            yield refused(index, "visitors", "visit-visitors", "请填写慰问人及职务")
        if occasion == Occasion.OTHER and not reason:
            yield refused(index, "reason", "visit-reason", "慰问事由选“其他”的，请写明慰问原因")


def recipient_is_clear(batch: Batch) -> Iterator[Problem]:
    """A visit is to one: the member, or the named child, relative or team, who may belong to a member."""
    for index, (recipient, member, name) in batch.rows("recipient", "member", "name"):
        label = Recipient(recipient or Recipient.MEMBER).label
        if member and name and (recipient or Recipient.MEMBER) in THEMSELVES:
            yield refused(index, "name", "visit-two-persons", f"慰问{label}本人的，选了会员就不用再填姓名")
        elif member and not name and recipient not in (None, "", *THEMSELVES):
            yield refused(index, "name", "visit-whose", f"慰问的是{label}，请填写名称，不要只选会员")
        elif name and recipient != Recipient.TEAM:
            try:
                clean_name(name)
            except Refused as refusal:
                yield refused(index, "name", refusal.code, refusal.message)


def groups_are_counted(batch: Batch) -> Iterator[Problem]:
    """Of a group is said how many people it has, and how many of them which earlier visit to a group had reached."""
    columns = ("recipient", "reached", "earlier", "reached_before")
    named = {earlier for _, (_, _, earlier, _) in batch.rows(*columns) if earlier}
    earlier_visits = CareVisit.objects.in_bulk(named) if named else {}
    for index, (recipient, reached, earlier, before) in batch.rows(*columns):
        if recipient != Recipient.TEAM:
            for field, value in (("reached", reached), ("earlier", earlier), ("reached_before", before)):
                if value is not None:
                    yield refused(index, field, "visit-no-group", "只有慰问一线班组的才填这一项")
        elif reached is None:
            yield warned(index, "reached", "visit-group-size", "没有填慰问人数，这次慰问不计入慰问人数")
        elif reached == 0:
            yield refused(index, "reached", "visit-group-empty", "慰问人数至少为1")
        if recipient == Recipient.TEAM and (earlier or before is not None):
            yield from _repeated(batch, index, earlier_visits.get(earlier))


def _repeated(batch: Batch, index: int, earlier: CareVisit | None) -> Iterator[Problem]:
    """What is wrong with the people whom the visit named there had reached already."""
    before, reached = batch.column("reached_before")[index], batch.column("reached")[index]
    day, pk = batch.column("visited_on")[index], batch.pks[index]
    if earlier is None:
        yield refused(index, "earlier", "visit-earlier", "请选择前次集体慰问")
    elif earlier.pk == pk or earlier.recipient != Recipient.TEAM:
        yield refused(index, "earlier", "visit-earlier", "前次集体慰问要选另一次慰问一线班组的记录")
    elif (day and earlier.visited_on > day) or (pk and earlier.earlier_id == pk):
        yield refused(index, "earlier", "visit-earlier", "前次集体慰问不能晚于这一次")
    elif not before:
        yield refused(index, "reached_before", "visit-repeated", "请填写其中前次已慰问的人数，至少1人")
    elif before > min(reached or 0, earlier.reached or 0):
        text = f"不能多于这次的{reached or 0}人和前次的{earlier.reached or 0}人"
        yield refused(index, "reached_before", "visit-repeated", text)


def signed_by_proxy(batch: Batch) -> Iterator[Problem]:
    """Who signs for somebody else is named (domain §7)."""
    for index, (is_proxy, proxy) in batch.rows("is_proxy_signed", "proxy_name"):
        if is_proxy and not proxy:
            yield refused(index, "proxy_name", "visit-proxy", "由他人代签的，须填写代签人")


def child_with_consent(batch: Batch) -> Iterator[Problem]:
    """V25: data of a child under 14 needs the guardian's consent (个人信息保护法 31)."""
    for index, (recipient, under, consent) in batch.rows("recipient", "is_under_fourteen", "consent_on"):
        if under and consent is None:
            yield refused(index, "consent_on", "child-consent", "对象不满14周岁，须填写监护人同意日期")
        elif recipient in CHILDREN and under is None:
            yield warned(index, "is_under_fourteen", "child-age", "对象是子女，请注明是否不满14周岁")


def member_of_union(batch: Batch) -> Iterator[Problem]:
    """A member is visited by the own union of that day, or by one above it, or the office says why not."""
    wanted = {pk for pk in batch.column("member") if pk}
    unions = _unions_of(wanted)
    parents = dict(Union.objects.values_list("pk", "parent")) if wanted else {}
    for index, (member, union, day) in batch.rows("member", "union", "visited_on"):
        if not (member and union and day):
            continue
        own = unions(member, day)
        if own is None:
            yield warned(index, "member", "visit-no-member-yet", f"该会员在{day}还没有入会，请核对")
        elif not _at_or_above(union, own, parents):
            yield warned(index, "member", "visit-other-union", f"该会员在{day}不在这个工会，请核对")


def _at_or_above(union: int, below: int | None, parents: dict[int, int | None]) -> bool:
    seen: set[int] = set()
    while below is not None and below not in seen:
        if below == union:
            return True
        seen.add(below)
        below = parents.get(below)
    return False


@dataclass(frozen=True)
class Visit:
    """A visit as V14 compares it: of a row of the batch, or a stored one."""

    person: str
    occasion: str
    campaign: str
    season: int
    paid_on: date
    value: Decimal

    @property
    def kind(self) -> tuple[str, str, int, str]:
        """Two visits of one kind are the same thing done twice."""
        return (
            self.person,
            self.occasion,
            self.season,
            self.campaign if self.occasion in REPEATED else "",
        )

    @property
    def account(self) -> tuple[str, str, int]:
        """What counts together against the ceiling of a year."""
        return self.person, self.occasion, self.paid_on.year


def _typed(batch: Batch) -> dict[int, Visit]:
    """The rows of the batch that name a person and a day."""
    columns = (
        "member",
        "union",
        "name",
        "occasion",
        "campaign",
        "visited_on",
        "paid_on",
        "cash_amount",
        "goods",
    )
    found = {}
    for index, values in batch.rows(*columns):
        member, union, name, occasion, campaign, visited_on, paid_on, cash, goods = values
        person = person_of(member, union, name or "")
        if person and visited_on:
            value = (cash or Decimal(0)) + (goods.total if goods else Decimal(0))
            season = season_year(campaign, visited_on)
            found[index] = Visit(person, occasion, campaign or "", season, paid_on or visited_on, value)
    return found


def _stored(batch: Batch, typed: dict[int, Visit]) -> list[Visit]:
    """The stored visits to the persons of the batch that the batch itself does not change, in one query."""
    rows = CareVisit.objects.filter(person__in={visit.person for visit in typed.values()})
    rows = rows.exclude(pk__in=[pk for pk in batch.pks if pk])
    columns = ("person", "occasion", "campaign", "season_on", "counted_on", "amount")
    return [
        Visit(person, occasion, campaign, season_on.year, counted_on, amount)
        for person, occasion, campaign, season_on, counted_on, amount in rows.values_list(*columns)
    ]


def within_ceilings(batch: Batch) -> Iterator[Problem]:
    """V14: above the ceiling of a time or of a year, as the settings of the day paid have them.

    What a person got in the year is what is stored and what earlier rows of the batch add."""
    table = setting_by_day("welfare.ceilings")
    typed = _typed(batch)
    if not any(table(visit.paid_on) for visit in typed.values()):
        return
    spent: dict[tuple[str, str, int], Decimal] = defaultdict(Decimal)
    for visit in _stored(batch, typed):
        spent[visit.account] += visit.value
    for index, visit in typed.items():
        spent[visit.account] += visit.value
        field = "cash_amount" if batch.column("cash_amount")[index] else "goods"
        per_time, per_year = _ceiling(table, visit)
        if per_time is not None and visit.value > per_time:
            text = f"本次{visit.value:.2f}元，超过每次上限{per_time:.2f}元"
            yield warned(index, field, "visit-over-time", text)
        if per_year is not None and spent[visit.account] > per_year:
            text = f"本年累计{spent[visit.account]:.2f}元，超过每年上限{per_year:.2f}元"
            yield warned(index, field, "visit-over-year", text)


def _ceiling(
    table: Callable[[date], list[dict[str, str]]], visit: Visit
) -> tuple[Decimal | None, Decimal | None]:
    """(per time, per year) for the occasion of a visit."""
    for row in table(visit.paid_on):
        if OCCASIONS.get(row["事由"]) == visit.occasion:
            return clean_money(row["每次"]), clean_money(row["每年"])
    return None, None


def not_twice(batch: Batch) -> Iterator[Problem]:
    """V14: the same person for the same occasion twice in a year, stored already or earlier in this batch."""
    typed = _typed(batch)
    seen = {visit.kind for visit in _stored(batch, typed)}
    for index, visit in typed.items():
        if visit.kind in seen:
            field = "name" if batch.column("name")[index] else "member"
            yield warned(index, field, "visit-twice", "同一对象同一事由本年已慰问过")
        seen.add(visit.kind)
