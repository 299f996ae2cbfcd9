"""Rules of care visits: V13 (refuse), V14 and V25 (domain, rule list)."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q, Sum

from members.models import Member
from unionoffice.organisation.office import SettingKey, declare, setting
from unionoffice.records.rules import Batch, Problem, refused, warned

from .choices import CHILDREN, Occasion, Recipient
from .models import CareVisit
from .queries import same_person

declare(
    SettingKey(
        "welfare.campaigns", "慰问批次名称", "lines", [], "每行一个，如“2026年元旦春节送温暖”", "慰问帮扶"
    ),
    SettingKey(
        "welfare.ceilings",
        "慰问标准上限",
        "table",
        [],
        "事由写“慰问事由”中的名称，每次、每年为元；空着的不检查。超过上限须写明原因",
        "慰问帮扶",
        ("事由", "每次", "每年", "依据"),
    ),
)


def something_given(batch: Batch) -> Iterator[Problem]:
    """V13: a visit gives cash or goods, to somebody, at somebody's hands."""
    columns = batch.rows("cash_amount", "goods", "member", "name", "visitors")
    for index, (cash, goods, member, name, visitors) in columns:
        if not cash and not goods:
            yield refused(index, "cash_amount", "visit-empty", "慰问金和慰问品至少填写一项")
        if not member and not name:
            yield refused(index, "member", "visit-nobody", "请选择会员，或填写对象姓名")
        if not visitors:
            yield warned(index, "visitors", "visit-visitors", "没有填写慰问人")


def member_of_union(batch: Batch) -> Iterator[Problem]:
    """A member is visited by the own union, or the office says why not."""
    wanted = {pk for pk in batch.column("member") if pk}
    unions = dict(Member.objects.filter(pk__in=wanted).values_list("pk", "union"))
    for index, (member, union, recipient) in batch.rows("member", "union", "recipient"):
        if (
            member
            and union
            and unions.get(member) != union
            and recipient in (Recipient.MEMBER, Recipient.HARDSHIP)
        ):
            yield warned(index, "member", "visit-other-union", "该会员现在不在这个工会，请核对")


def child_with_consent(batch: Batch) -> Iterator[Problem]:
    """V25: data of a child under 14 needs the guardian's consent (个人信息保护法 31)."""
    for index, (recipient, under, consent) in batch.rows("recipient", "is_under_fourteen", "consent_on"):
        if under and consent is None:
            yield refused(index, "consent_on", "child-consent", "对象不满14周岁，须填写监护人同意日期")
        elif recipient in CHILDREN and under is None:
            yield warned(index, "is_under_fourteen", "child-age", "对象是子女，请注明是否不满14周岁")


def _ceilings(batch: Batch) -> dict[str, tuple[Decimal | None, Decimal | None]]:
    """Occasion -> (per time, per year) as the settings of the batch's day have them."""
    labels = {label: value for value, label in Occasion.choices}
    found = {}
    for row in setting("welfare.ceilings", batch.today):
        occasion = labels.get(row.get("事由", ""))
        if occasion:
            found[occasion] = (_yuan(row.get("每次")), _yuan(row.get("每年")))
    return found


def _yuan(text: Any) -> Decimal | None:
    try:
        return Decimal(str(text)) if text else None
    except InvalidOperation:
        return None


def under_ceilings(batch: Batch) -> Iterator[Problem]:
    """V14: above the ceiling of a time or of a year."""
    ceilings = _ceilings(batch)
    columns = ("occasion", "cash_amount", "goods", "member", "union", "name", "visited_on")
    for index, (occasion, cash, goods, member, union, name, visited_on) in batch.rows(*columns):
        per_time, per_year = ceilings.get(occasion, (None, None))
        value = (cash or Decimal(0)) + (goods.total if goods else Decimal(0))
        if per_time is not None and value > per_time:
            yield warned(index, "cash_amount", "visit-over-time", f"超过每次上限{per_time}元")
        if per_year is not None and visited_on:
            before = _others(batch, index, member, union, name, visited_on.year, occasion)
            spent = before.aggregate(total=Sum("amount"))["total"] or Decimal(0)
            if spent + value > per_year:
                yield warned(
                    index,
                    "cash_amount",
                    "visit-over-year",
                    f"本年累计{spent + value}元，超过每年上限{per_year}元",
                )


def _others(
    batch: Batch, index: int, member: int | None, union: int, name: str, year: int, occasion: str
) -> Any:
    """The person's other visits of a year for an occasion."""
    rows = CareVisit.objects.filter(
        same_person(member, union, name), visited_on__year=year, occasion=occasion
    )
    return rows.exclude(pk=batch.pks[index]) if batch.pks[index] else rows


def not_twice(batch: Batch) -> Iterator[Problem]:
    """V14: the same person for the same occasion twice in a year, stored already or twice in this batch."""
    seen: dict[tuple[Any, ...], int] = {}
    keys = {}
    for index, (member, union, name, occasion, day) in batch.rows(
        "member", "union", "name", "occasion", "visited_on"
    ):
        if day and (member or name):
            key = (member or (union, name), occasion, day.year)
            if key in seen:
                yield warned(index, "member", "visit-twice", "同一对象同一事由本年已慰问过")
            else:
                seen[key], keys[index] = index, key
    stored = _stored_keys(batch, seen)
    for index, key in keys.items():
        if stored.get(key, set()) - {batch.pks[index]}:
            yield warned(index, "member", "visit-twice", "同一对象同一事由本年已慰问过")


def _stored_keys(batch: Batch, seen: dict[tuple[Any, ...], int]) -> dict[tuple[Any, ...], set[int]]:
    """Keys of stored visits to the persons of the batch -> their ids, in one query."""
    members = {key[0] for key in seen if isinstance(key[0], int)}
    names = {key[0][1] for key in seen if not isinstance(key[0], int)}
    rows = CareVisit.objects.filter(Q(member__in=members) | Q(member__isnull=True, name__in=names))
    found: dict[tuple[Any, ...], set[int]] = {}
    for pk, member, union, name, occasion, day in rows.values_list(
        "pk", "member", "union", "name", "occasion", "visited_on"
    ):
        found.setdefault((member or (union, name), occasion, day.year), set()).add(pk)
    return found
