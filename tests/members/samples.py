"""Members made by hand, with numbers that hold and belong to nobody."""

from datetime import date
from itertools import count
from typing import Any

from members.choices import STATE_AFTER, EventKind
from members.models import Member, MembershipEvent
from members.roster import follow_roster
from unionoffice.identity import FEMALE, MALE, id_check_character
from unionoffice.organisation.models import Union

_serials = count(1)


def id_number(born: date, sex: str, serial: int | None = None) -> str:
    """A citizen's number with this birthday and sex, a new one each time unless the serial is given."""
    body = f"330226{born:%Y%m%d}{(serial or next(_serials)) % 99:02}{1 if sex == MALE else 2}"
    return body + id_check_character(body)


def new_member(
    union: Union,
    joined_on: date | str = "2020-01-01",
    *,
    name: str = "张小明",
    born_on: date = date(1985, 6, 15),
    sex: str = MALE,
    **fields: Any,
) -> Member:
    """A member as the form would store one: complete real-name data, an event of joining."""
    values = {
        "name": name,
        "sex": sex,
        "born_on": born_on,
        "phone": f"138{next(_serials):08}",
        "is_migrant": False,
        "new_form_group": "courier",
        "joined_on": joined_on,
        "union": union,
    }
    values |= fields
    if "id_number" not in values:
        values["id_number"] = id_number(born_on, sex)
    member = Member.objects.create(**values)
    follow_roster([member.pk])
    member.refresh_from_db()
    return member


def woman(union: Union, joined_on: date | str = "2020-01-01", **fields: Any) -> Member:
    return new_member(union, joined_on, **({"name": "李芳", "sex": FEMALE} | fields))


def event(member: Member, kind: EventKind, on: date | str, union: Union | None = None) -> MembershipEvent:
    """An event written straight into the table, as an import or a late entry does."""
    made = MembershipEvent.objects.create(
        member=member, kind=kind, on=on, union=union or member.union, state=STATE_AFTER[kind]
    )
    member.refresh_from_db()
    return made


def chain(member: Member) -> list[tuple[str, str, str | None, str]]:
    """The events of a member in order: day, kind, next day, union's short name."""
    rows = member.events.order_by("on").values_list("on", "kind", "until", "union__short_name")
    return [(str(on), kind, until and str(until), union) for on, kind, until, union in rows]
