"""What one may type to make a record of each type: the only thing the tests over every type need to know of it.

A sample is a function of the union it shall belong to and a number that keeps samples apart; it gives the form's data.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from grassroots.models import CommitteeTerm
from members.models import RosterCheck
from tests.members.samples import id_number, new_member
from unionoffice.identity import MALE, credit_check_character
from unionoffice.organisation.choices import UnionKind
from unionoffice.organisation.models import Union, Unit
from unionoffice.records.models import Act
from unionoffice.records.types import RecordType

Data = dict[str, Any]
# Nobody made by `new_member` was born on this day, so that no number comes twice.
BORN = date(1986, 7, 16)
DIGITS = "一二三四五六七八九"


def credit_code(prefix: str, number: int) -> str:
    body = f"{prefix}330226{number:09}"
    return body + credit_check_character(body)


def member(union: Union, n: int) -> Data:
    return {
        "name": f"张小{DIGITS[n]}",
        "id_kind": "id_card",
        "id_number": id_number(BORN, MALE, n + 1),
        "phone": f"1380000{n:04}",
        "union": union.pk,
        "joined_on": "2020-01-01",
        "state": "active",
        "is_migrant": "0",
        "new_form_group": "courier",
        "sex": MALE,
        "born_on": BORN.isoformat(),
    }


def event(union: Union, n: int) -> Data:
    who = new_member(union, name=f"李小{DIGITS[n]}")
    return {"member": who.pk, "on": f"2021-03-0{n + 1}", "kind": "leave", "union": union.pk, "state": "left"}


def roster_check(union: Union, n: int) -> Data:
    return {"title": f"第{n + 1}次核查", "partner": "税务所", "checked_on": f"2024-05-0{n + 1}"}


def roster_check_line(union: Union, n: int) -> Data:
    check, _ = RosterCheck.objects.get_or_create(
        title="税务名单核查", partner="税务所", checked_on="2024-05-01"
    )
    return {
        "roster_check": check.pk,
        "unit_name": f"核查单位{DIGITS[n]}",
        "union": union.pk,
        "result": "agrees",
    }


def collection_task(union: Union, n: int) -> Data:
    return {"year": 2020 + n, "union": union.pk, "target": 100 + n}


def base_union(union: Union, n: int) -> Data:
    return {
        "name": f"石桥{DIGITS[n]}村联合工会委员会",
        "kind": UnionKind.JOINT,
        "parent": union.pk,
        "founded_on": "2018-01-01",
        "credit_code": credit_code("81", n),
    }


def union_name(union: Union, n: int) -> Data:
    return {"union": union.pk, "name": f"旧名{DIGITS[n]}工会", "used_until": f"2019-01-0{n + 1}"}


def unit(union: Union, n: int) -> Data:
    return {
        "name": f"宏大{DIGITS[n]}机械有限公司",
        "credit_code": credit_code("91", n),
        "category": 170,
        "state": "verified",
    }


def coverage(union: Union, n: int) -> Data:
    made = Unit.objects.create(name=f"涵盖单位{DIGITS[n]}")
    joint, _ = Union.objects.get_or_create(
        name="涵盖单位用联合工会",
        defaults={"kind": UnionKind.JOINT, "parent": union, "founded_on": "2010-01-01"},
    )
    return {"union": joint.pk, "unit": made.pk, "started_on": "2020-01-01"}


def post(union: Union, n: int) -> Data:
    who = new_member(union, name=f"王小{DIGITS[n]}")
    return {
        "union": union.pk,
        "member": who.pk,
        "name": who.name,
        "post": "member",
        "started_on": "2021-01-01",
    }


def term(union: Union, n: int) -> Data:
    return {
        "union": union.pk,
        "number": n + 1,
        "years": 3,
        "elected_on": f"{2016 + 3 * n}-06-01",
        "approved_on": f"{2016 + 3 * n}-06-10",
        "seats": 3,
        "candidates": 4,
        "due": 30,
        "present": 28,
    }


def reelection_step(union: Union, n: int) -> Data:
    running, _ = CommitteeTerm.objects.get_or_create(union=union, number=9, defaults={"years": 3})
    return {"term": running.pk, "kind": n + 1, "on": f"2024-05-0{n + 1}"}


def star(union: Union, n: int) -> Data:
    year = 2018 + 2 * n
    return {
        "union": union.pk,
        "kind": "new",
        "level": 4,
        "awarded_on": f"{year}-11-01",
        "award_body": "县总工会",
        "period_from": f"{year}-11-01",
        "period_to": f"{year + 2}-10-31",
    }


def confirmation(union: Union, n: int) -> Data:
    return {"union": union.pk, "period": f"{2022 + n}上半年", "confirmed_on": f"{2022 + n}-03-01"}


def care_visit(union: Union, n: int) -> Data:
    who = new_member(union, name=f"赵小{DIGITS[n]}")
    return {
        "union": union.pk,
        "recipient": "member",
        "member": who.pk,
        "occasion": "illness",
        "visited_on": f"2024-03-0{n + 1}",
        "visitors": "工会主席",
        "cash_amount": "500",
        "fund_source": "union",
    }


def activity(union: Union, n: int) -> Data:
    return {
        "title": f"职工运动会{DIGITS[n]}",
        "kind": "fun_games",
        "theme": "快乐工作",
        "union": union.pk,
        "starts_on": f"2024-04-0{n + 1}",
        "sessions": 1,
        "state": "held",
        "came": 30 + n,
    }


SAMPLES: dict[str, Callable[[Union, int], Data]] = {
    "members": member,
    "membership-events": event,
    "roster-checks": roster_check,
    "roster-check-lines": roster_check_line,
    "collection-tasks": collection_task,
    "unions": base_union,
    "union-names": union_name,
    "units": unit,
    "coverages": coverage,
    "posts": post,
    "terms": term,
    "reelection-steps": reelection_step,
    "stars": star,
    "confirmations": confirmation,
    "care-visits": care_visit,
    "activities": activity,
}
# Types made only by a step of their own, with the tests that try it.
MADE_BY_STEPS = {"transfer-requests": "tests/members/test_transfers.py"}


def with_reason(data: Data) -> Data:
    """The data with a reason, so that warnings pass."""
    return data | {"act_reason": "已核对"}


def create(client: Any, kind: RecordType, union: Union, n: int) -> Any:
    """A record made through its form; what was typed wrong fails the test with the page's own words."""
    response = client.post(kind.url("new"), with_reason(SAMPLES[kind.slug](union, n)))
    if response.status_code != 302:
        form = response.context["form"] if response.context else None
        raise AssertionError(
            f"{kind.slug}: {response.status_code} {form.errors.as_json() if form else response.content[:300]}"
        )
    return kind.model.objects.latest("pk")


def newest_act() -> Act:
    return Act.objects.latest("pk")
