"""The one place that decides who sees which rows and who may do what.

Two questions: which unions may this user see, and may this user do this action to this kind of record.
"""

from collections.abc import Sequence
from typing import Any, Protocol

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import Model, QuerySet

from .choices import Role
from .models import Record, User

VIEW, ADD, CHANGE, DELETE = "view", "add", "change", "delete"
IMPORT, EXPORT, EXPORT_FULL, REVEAL, TAKE_BACK, HISTORY = (
    "import",
    "export",
    "export_full",
    "reveal",
    "take_back",
    "history",
)
WHOLE_TOWN = frozenset({Role.STAFF, Role.LEADER, Role.MEDIATOR, Role.AUDITOR, Role.ADMINISTRATOR})
WRITING = frozenset({CHANGE, DELETE})
MAKING = frozenset({ADD, IMPORT})


class Guarded(Protocol):
    """What access needs to know of a record type."""

    area: str
    model: type[Record]
    chair_may: frozenset[str]
    holds_money: bool
    made_by_steps: bool


def may(user: User, action: str, kind: Guarded) -> bool:
    """Whether the user's role allows the action on this kind of record at all."""
    if kind.made_by_steps and action in MAKING:
        return False
    match user.role:
        case Role.STAFF:
            return True
        case Role.LEADER:
            return action in {VIEW, EXPORT, HISTORY}
        case Role.CHAIR:
            return action in kind.chair_may
        case Role.MEDIATOR:
            return kind.area == "mediation" and action != EXPORT_FULL
        case Role.AUDITOR:
            return action == HISTORY or (kind.holds_money and action in {VIEW, EXPORT})
        case _:
            return False


def demand(user: User, action: str, kind: Guarded) -> None:
    """Raise PermissionDenied (403) unless the user may."""
    if not may(user, action, kind):
        raise PermissionDenied(f"{user.username} may not {action} {kind.model.__name__}")


def sees_whole_town(user: User) -> bool:
    """Whether no union bounds the user's sight; a role not named here sees its own union, and none without one."""
    return user.role in WHOLE_TOWN


def unions_of(user: User) -> frozenset[int] | None:
    """Ids of the unions whose rows the user may see; None is the whole town. Asked once per request and kept on the user."""
    if sees_whole_town(user):
        return None
    if not hasattr(user, "_unions"):
        user._unions = subtree(user.union_id) if user.union_id else frozenset()
    return user._unions


def subtree(union_id: int) -> frozenset[int]:
    """Ids of a union and of every union below it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "with recursive below(id) as (select %s::bigint union "
            "select u.id from organisation_union u join below b on u.parent_id = b.id) select id from below",
            [union_id],
        )
        return frozenset(row[0] for row in cursor.fetchall())


def rows(user: User, model: type[Record]) -> QuerySet:
    """The rows of a model that the user may see; a row outside them does not exist for the user."""
    return model.objects.all().within(unions_of(user))


def kept(user: User, rows: QuerySet) -> QuerySet:
    """Of these rows the ones the user may change: a chair sees some that another union keeps."""
    unions = unions_of(user)
    return rows if unions is None else rows.filter(rows.model.kept_by(unions))


def union_column(model: type[Record]) -> str:
    """The column by which alone a row belongs to a union; empty where other rows have a say in who sees it."""
    is_shared = model.within.__func__ is not Record.within.__func__
    if is_shared or "__" in model.union_path or model.union_path == "pk":
        return ""
    return model._meta.get_field(model.union_path).column


def past_seen(user: User, row: Record, moves: Sequence[tuple[int, int]]) -> list[tuple[int, int]] | None:
    """Which part of a row's history the user may read; None is all of it.

    What a union did and wrote while the row was its own is not for the union that has it now. moves: newest first,
    the number of each change that took the row to another union, and the union it had been in. Gives stretches of
    changes, newest first: from the number of each move into sight to that of the move out of it, 0 where there is none.
    """
    unions = unions_of(user)
    if unions is None or not moves:
        return None
    found: list[tuple[int, int]] = []
    last, union = 0, getattr(row, union_column(type(row)))
    for number, before in [*moves, (0, None)]:
        if union in unions:
            since = found.pop()[1] if found and found[-1][0] == last else last
            found.append((number, since))
        last, union = number, before
    return found


def narrow(user: User, model: type[Model]) -> QuerySet:
    """Rows to choose from in a form: the user's own for records, all for anything else."""
    return rows(user, model) if issubclass(model, Record) else model._default_manager.all()


def colleagues(user: User) -> QuerySet[User]:
    """The accounts with the same boundary of sight: those of one union, or those that see the whole town."""
    if sees_whole_town(user):
        return User.objects.filter(role__in=WHOLE_TOWN)
    return User.objects.filter(role=user.role, union=user.union_id)


def personal_data_masked(user: User) -> bool:
    """Leaders, auditors and administrators see phone numbers masked too."""
    return user.role not in {Role.STAFF, Role.CHAIR, Role.MEDIATOR}


def may_read_sensitive(user: User, kind: Guarded) -> bool:
    """Illness, income, family, children: only those who handle the case, who are those that may change it."""
    return may(user, CHANGE, kind)


def may_administer(user: User) -> bool:
    """Accounts, settings of the system, backups."""
    return user.role == Role.ADMINISTRATOR


def may_set(user: User) -> bool:
    """The office's settings (names, ceilings, brands): its staff and the administrator."""
    return user.role in {Role.STAFF, Role.ADMINISTRATOR}


def may_read_all_history(user: User) -> bool:
    return user.role in {Role.STAFF, Role.AUDITOR, Role.LEADER}


def may_read_act(user: User, author: int | None) -> bool:
    """One act with all it changed: whoever reads the whole history, otherwise only the author."""
    return may_read_all_history(user) or author == user.pk


def may_oversee(user: User) -> bool:
    """Who looked at which numbers in full: the auditor, the administrator, and the office's staff."""
    return user.role in {Role.STAFF, Role.AUDITOR, Role.ADMINISTRATOR}


def may_check(user: User) -> bool:
    """The page of data-quality findings: staff over the town, chairs over their own."""
    return user.role in {Role.STAFF, Role.CHAIR}


def may_read_documents(user: User) -> bool:
    """Summaries: of the town for staff, leader and auditor; of the own union for a chair."""
    return user.role in {Role.STAFF, Role.LEADER, Role.AUDITOR, Role.CHAIR}


def may_write_documents(user: User) -> bool:
    """Drafting, checking and finalising documents: the office's staff."""
    return user.role == Role.STAFF


def describe(user: Any) -> str:
    """How the user stands in history and logs."""
    return f"{user.name}（{user.role_label}）" if user and user.is_authenticated else "系统"
