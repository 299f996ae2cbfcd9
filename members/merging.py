"""Two records of one person become one: fields chosen one by one, events woven into one chain, every link moved.

All of it is one act and can be taken back.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Literal

from django.apps import apps
from django.db import IntegrityError, models, transaction

from unionoffice.fields import with_derived
from unionoffice.organisation.models import User
from unionoffice.records.history import act
from unionoffice.records.models import ActKind, Attachment
from unionoffice.records.steps import StepRefused

from .choices import ENDED_STATES, EventKind, State
from .models import Member, MembershipEvent

Side = Literal["keep", "drop"]
# The identity number stays with the record that is kept (keep the other one to have the other number); union, state
# and day of joining follow from the events.
NOT_CHOSEN = {"id", "id_number", "union", "state", "joined_on"}


def chosen_fields() -> list[models.Field]:
    """The fields of which the person merging says whose value stays."""
    return [
        field
        for field in Member._meta.concrete_fields
        if field.editable and not field.generated and field.name not in NOT_CHOSEN and field.name != "id_kind"
    ]


def proposal(keep: Member, drop: Member) -> dict[str, Side]:
    """Where only the dropped record says something, its value is proposed; the employer goes with the later event."""
    empty = (None, "", False)
    found: dict[str, Side] = {
        field.name: "drop"
        if getattr(keep, field.attname) in empty and getattr(drop, field.attname) not in empty
        else "keep"
        for field in chosen_fields()
    }
    if drop.unit_id and _latest(drop) > _latest(keep):
        found["unit"] = "drop"
    return found


def _latest(member: Member) -> date:
    """The day of a member's last event that still counts; the beginning of time for none."""
    active = member.events.filter(state=State.ACTIVE).order_by("-on").values_list("on", flat=True)
    return active.first() or date.min


def merge_members(
    keep: Member, drop: Member, *, choices: Mapping[str, Side], by: User | None, reason: str = ""
) -> Member:
    """Merge `drop` into `keep`: choices says per field whose value stays (unnamed ones as proposed).

    ValueError for the same record twice or a field that is not for choosing; StepRefused where one of them is gone.
    """
    if keep.pk == drop.pk:
        raise ValueError("a member cannot be merged with itself")
    if unknown := choices.keys() - {field.name for field in chosen_fields()}:
        raise ValueError(f"not for choosing: {', '.join(sorted(unknown))}")
    summary = f"会员 {drop} 并入 {keep}"
    with act(ActKind.MERGE, user=by, summary=summary, reason=reason):
        held = Member.objects.held().order_by("pk")
        locked = held.in_bulk([keep.pk, drop.pk])
        if len(locked) < 2:
            raise StepRefused("其中一条记录刚被合并或删除，请重新查找。")
        keep, drop = locked[keep.pk], locked[drop.pk]
        taken = [name for name, side in (proposal(keep, drop) | dict(choices)).items() if side == "drop"]
        _weave(keep, drop)
        for model, field in links():
            _move(model, field, keep, drop)
        Attachment.objects.filter(table=Member._meta.db_table, row=drop.pk).update(row=keep.pk)
        drop.delete()
        keep.refresh_from_db()
        if taken:
            for name in taken:
                setattr(keep, name, getattr(drop, name))
            keep.save(update_fields=with_derived(Member, taken))
    return keep


def links() -> Iterator[tuple[type[models.Model], models.Field]]:
    """Every column of the database that points to a member, the events apart."""
    for model in apps.get_models(include_auto_created=True):
        if model is MembershipEvent or model._meta.proxy or not model._meta.managed:
            continue
        for field in model._meta.concrete_fields:
            if field.is_relation and field.related_model is Member:
                yield model, field


def linked_counts(member: Member) -> list[tuple[str, int]]:
    """What hangs on a member: Chinese name of the records and how many, without the empty ones."""
    found = [
        (str(m._meta.verbose_name), m._base_manager.filter(**{f.name: member.pk}).count()) for m, f in links()
    ]
    return [(name, count) for name, count in found if count]


def _move(model: type[models.Model], field: models.Field, keep: Member, drop: Member) -> None:
    """Point rows to the kept member; a row that the kept member already has (the same activity twice) goes."""
    for row in model._base_manager.filter(**{field.name: drop.pk}):
        rows = model._base_manager.filter(pk=row.pk)
        try:
            with transaction.atomic():
                rows.update(**{field.name: keep.pk})
        except IntegrityError:
            rows.delete()


def _weave(keep: Member, drop: Member) -> None:
    """Write the one chain. On a day where both have an event the kept member's row takes what stays, so that at no
    time, also when the merge is taken back, a member has two events on one day."""
    chain, superfluous = woven(keep.events.order_by("on"), drop.events.order_by("on"))
    own = {event.on: event for event in superfluous if event.member_id == keep.pk}
    goes = {event.pk for event in superfluous}
    for event, kind in chain:
        values = {"kind": kind}
        row = event
        if event.member_id == drop.pk and event.on in own:
            row = own[event.on]
            goes ^= {row.pk, event.pk}
            values |= {"union": event.union_id, "state": event.state, "reason": event.reason}
        if row is not event or event.kind != kind:
            MembershipEvent.objects.filter(pk=row.pk).update(**values)
    MembershipEvent.objects.filter(pk__in=goes).delete()
    MembershipEvent.objects.filter(member=drop).update(member=keep)


def woven(
    kept: Iterable[MembershipEvent], dropped: Iterable[MembershipEvent]
) -> tuple[list[tuple[MembershipEvent, str]], list[MembershipEvent]]:
    """(events that stay, with the kind they have in the one chain; events that go).

    The person is where the latest active event says. An end in one record counts only while the other record has not
    taken the person over. Of two events on one day the active one stays, then that of the kept record.
    """
    marked = [(event, "keep") for event in kept] + [(event, "drop") for event in dropped]
    marked.sort(key=lambda pair: (pair[0].on, pair[0].state != State.ACTIVE, pair[1] == "drop"))
    chain: list[tuple[MembershipEvent, str]] = []
    gone: list[MembershipEvent] = []
    current: tuple[MembershipEvent, str] | None = None
    for event, side in marked:
        if current is None:
            chain.append((event, event.kind))
        elif _adds_nothing(event, side, current):
            gone.append(event)
            continue
        else:
            chain.append((event, _kind_after(current[0], event)))
        current = (event, side)
    return chain, gone


def _adds_nothing(event: MembershipEvent, side: str, current: tuple[MembershipEvent, str]) -> bool:
    standing, owner = current
    if event.on == standing.on or (event.union_id, event.state) == (standing.union_id, standing.state):
        return True
    return event.state != State.ACTIVE and standing.state == State.ACTIVE and owner != side


def _kind_after(before: MembershipEvent, event: MembershipEvent) -> str:
    """A second entry in the chain is a transfer, a rejoining or a resumption."""
    if event.state != State.ACTIVE:
        return event.kind
    if before.state == State.ACTIVE:
        return EventKind.TRANSFER
    if event.kind in (EventKind.REJOIN, EventKind.RESUME, EventKind.MOVE_IN):
        return event.kind
    return EventKind.REJOIN if before.state in ENDED_STATES else EventKind.RESUME
