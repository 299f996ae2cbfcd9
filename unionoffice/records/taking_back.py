"""Taking an act back: all its inserts, updates and deletes are reversed, or nothing is done and the obstacles are named."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import IntegrityError, connection
from django.db.models import Count

from unionoffice.organisation.models import User

from .history import act, tracked_models
from .importing.bulk import FEWEST, large_removal
from .models import Act, ActKind, Change


@dataclass(frozen=True)
class Obstacle:
    """What stands in the way: a later change of a row, or a row that still refers to what would be deleted.

    row is None where the database itself refused.
    """

    act: Act | None
    table: str
    row: int | None
    message: str


class CannotTakeBack(Exception):
    def __init__(self, obstacles: list[Obstacle]) -> None:
        super().__init__(obstacles[0].message if obstacles else "")
        self.obstacles = obstacles


LATER = """
from records_change mine
join records_change later on later."table" = mine."table" and later."row" = mine."row"
  and later.id > mine.id and later.act_id <> mine.act_id
where mine.act_id = %s
  and (mine.kind <> 'U' or later.kind <> 'U'
       or later.before ?| array(select jsonb_object_keys(mine.after)))
"""
LATER_ACTS = f"select distinct later.act_id {LATER}"
LATER_ROWS = f"""
select distinct later.act_id, later."table", later."row" {LATER} and later.act_id = any(%s)
order by later.act_id, 2, 3 limit %s
"""
STEPS = """
select "table", kind, array_agg(id order by id desc) from (
  select c.id, c."table", c.kind, row_number() over (partition by "table", "row" order by id desc) as rank
  from records_change c where c.act_id = %s
) ranked group by rank, "table", kind order by rank, kind, "table"
"""
AT_A_TIME = 5_000  # rows
SHOWN_OBSTACLES = 50
TAKEN_BACK = "该操作已经撤回过。"


def obstacles(done: Act) -> list[Obstacle]:
    """Later changes of the same rows and columns that are still in force, the first few of them. Empty when the act can
    be taken back."""
    with connection.cursor() as cursor:
        cursor.execute(LATER_ACTS, [done.pk])
        later = Act.objects.filter(pk__in=[pk for (pk,) in cursor.fetchall()]).select_related("user")
        in_force = {act.pk: act for act in later if _counts(act, done)}
        cursor.execute(LATER_ROWS, [done.pk, list(in_force), SHOWN_OBSTACLES])
        found = cursor.fetchall()
    return [Obstacle(in_force[pk], table, row, f"又有改动：{in_force[pk]}") for pk, table, row in found]


def obstacles_met(done: Act) -> list[Obstacle]:
    """What still stands in the way of an act that could not be taken back; empty once all of it is out of the way."""
    return obstacles(done) or _still_used(done)


def _void(some: Act) -> bool:
    back = Act.objects.filter(takes_back=some).first()
    return back is not None and not _void(back)


def _counts(later: Act, done: Act) -> bool:
    """A later act stands in the way unless it was taken back, or only took back something that came later too."""
    if _void(later):
        return False
    return later.takes_back_id is None or later.takes_back_id < done.pk


def _no_progress(done: int, total: int) -> None:
    pass


def take_back(
    done: Act, *, user: User, reason: str = "", progress: Callable[[int, int], None] = _no_progress
) -> Act:
    """Reverse an act as an act of its own. Raises CannotTakeBack, with nothing changed, when something stands in the way."""
    if not may_be_taken_back(done):
        raise CannotTakeBack([Obstacle(None, "", None, TAKEN_BACK)])
    try:
        with act(ActKind.TAKE_BACK, user=user, summary=str(done), reason=reason, takes_back=done) as back:
            with large_removal(_greatly_reduced(done)):
                _hold(done)
                if standing := obstacles(done):
                    raise CannotTakeBack(standing)
                _reverse(done, progress)
            with connection.cursor() as cursor:
                cursor.execute("set constraints all immediate")
                cursor.execute("set constraints all deferred")
        return back
    except IntegrityError as error:
        message = _named(error) if may_be_taken_back(done) else TAKEN_BACK
        raise CannotTakeBack(_still_used(done) or [Obstacle(None, "", None, message)]) from error


def _hold(done: Act) -> None:
    """Keep the rows the act touched as they stand, in one order for all: an edit now being saved is waited for and seen."""
    tables = done.changes.order_by("table").values_list("table", flat=True).distinct()
    with connection.cursor() as cursor:
        for table in tables:
            rows = 'select "row" from records_change where act_id = %s and "table" = %s'
            held = f"select from {connection.ops.quote_name(table)} where id in ({rows}) order by id for no key update"
            cursor.execute(f"select count(*) from ({held}) held", [done.pk, table])


def _greatly_reduced(done: Act) -> list[str]:
    """The tables that lose so many rows that their references are checked all at once."""
    made = done.changes.filter(kind=Change.Kind.INSERT).order_by().values("table").annotate(rows=Count("id"))
    return sorted(made.filter(rows__gte=FEWEST).values_list("table", flat=True))


def _reverse(done: Act, progress: Callable[[int, int], None]) -> None:
    """Latest changes of each row first, by table, kind and depth, in statements of many rows. Tells progress in rows."""
    models = {model._meta.db_table: model for model in tracked_models()}
    with connection.cursor() as cursor:
        cursor.execute(STEPS, [done.pk])
        steps = cursor.fetchall()
        reversed_, total = 0, sum(len(changes) for _, _, changes in steps)
        for table, kind, changes in steps:
            columns = [f.column for f in models[table]._meta.concrete_fields if not f.generated]
            statement = _statement(table, kind, columns)
            for start in range(0, len(changes), AT_A_TIME):
                progress(reversed_, total)
                some = changes[start : start + AT_A_TIME]
                cursor.execute(statement, [some])
                reversed_ += len(some)


def _statement(table: str, kind: str, columns: list[str]) -> str:
    """Reverses the changes whose ids are its parameter."""
    quote = connection.ops.quote_name
    # A key is never set anew, not even to what it is.
    named = [quote(c) for c in columns if kind == Change.Kind.DELETE or c != "id"]
    listed, values = ", ".join(named), ", ".join(f"p.{c}" for c in named)
    target = quote(table)
    if kind == Change.Kind.INSERT:
        return f'delete from {target} t using records_change c where c.id = any(%s) and t.id = c."row"'
    if kind == Change.Kind.DELETE:
        return (
            f"insert into {target} ({listed}) select {values} from records_change c, "
            f"jsonb_populate_record(null::{target}, c.before) p where c.id = any(%s)"
        )
    return (
        f"update {target} t set ({listed}) = (select {values} from jsonb_populate_record(t, c.before) p) "
        f'from records_change c where c.id = any(%s) and t.id = c."row"'
    )


def _still_used(done: Act) -> list[Obstacle]:
    """Rows of other acts that refer to rows this one made."""
    made = done.changes.filter(kind=Change.Kind.INSERT)
    tables = set(made.values_list("table", flat=True))
    found: list[Obstacle] = []
    for model in tracked_models():
        table = model._meta.db_table
        for field in model._meta.concrete_fields:
            target = field.related_model._meta.db_table if field.related_model else ""
            if target not in tables:
                continue
            users = model._base_manager.filter(
                **{f"{field.name}__in": made.filter(table=target).values("row")}
            )
            others = users.exclude(pk__in=made.filter(table=table).values("row"))
            for pk in others.order_by("pk").values_list("pk", flat=True)[:SHOWN_OBSTACLES]:
                latest = Change.objects.filter(table=table, row=pk).select_related("act__user").last()
                message = f"这条{model._meta.verbose_name}还在使用这次新增的数据"
                found.append(Obstacle(latest and latest.act, table, pk, message))
    return found


def _named(error: IntegrityError) -> str:
    """One Chinese line for what the database refused."""
    diagnosis = getattr(error.__cause__, "diag", None)
    table = getattr(diagnosis, "table_name", "") or ""
    titles = {model._meta.db_table: str(model._meta.verbose_name) for model in tracked_models()}
    return f"有其他“{titles.get(table, table or '记录')}”仍在使用这些数据，或数据已被占用，不能撤回。"


def may_be_taken_back(done: Act) -> bool:
    """Whether it makes sense to offer the button; the obstacles are looked for when it is pressed."""
    return not Act.objects.filter(takes_back=done).exists()
