"""What a list page shows: filtered, sorted, one page of rows, and how many there are, in a fixed number of queries.

Large tables stay fast because the page is cut on ids first, a selective search is fetched as ids once (which also
counts it), and everything else is counted only up to a bound; the exact total is asked for separately.
"""

from dataclasses import dataclass
from functools import cached_property

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet
from django.http import QueryDict

from unionoffice.identity import without_numbers
from unionoffice.organisation.models import User

from . import cells, filters
from .conditions import fields_read
from .fact_rows import FactRows, fact_rows
from .searching import opened, search
from .tables import Column, Row, Table, table
from .types import RecordType

PAGE_ROWS = 50
COUNTED = 10_000


@dataclass(frozen=True)
class ListColumn(Column):
    """A column and its sorting: the address that sorts by it ("" for none), and "asc" or "desc" if it is sorted so."""

    sort_url: str = ""
    sorted: str = ""


@dataclass(frozen=True)
class Page:
    """first and last are the positions of the page's rows; total is None where the bound was exceeded."""

    number: int
    total: int | None
    first: int
    last: int
    pages: int | None
    prev_url: str
    next_url: str

    @property
    def jump(self) -> bool:
        return bool(self.prev_url or self.next_url)

    @property
    def total_text(self) -> str:
        return f"超过 {COUNTED:,} 条" if self.total is None else f"共 {self.total:,} 条" if self.total else ""


class Listing:
    """The list of one type for one user and one address."""

    def __init__(self, kind: RecordType, user: User, params: QueryDict) -> None:
        self.kind, self.user, self.params = kind, user, params
        self.q = opened(params.get("q", "").strip()[:500])[:100]
        self.filters = filters.list_filters(kind, user, params)

    @cached_property
    def fact(self) -> FactRows | None:
        return fact_rows(self.kind, self.user, self.params)

    @cached_property
    def paths(self) -> list[str]:
        """Columns shown: the chosen ones, else the type's own."""
        chosen = [path for path in self.params.getlist("col") if path in self.every_path]
        return chosen or [path for path in self.kind.columns if path in self.every_path]

    @cached_property
    def every_path(self) -> list[str]:
        """Columns that may be chosen."""
        fields = [name for name in self.kind.fields if not self.kind.field(name).many_to_many]
        every = dict.fromkeys((*self.kind.columns, *self.kind.annotations, *fields))
        return [path for path in every if self.kind.may_read(self.user, path)]

    @cached_property
    def sort(self) -> tuple[str, bool]:
        """(column, descending) asked for; ("", False) for the type's own order."""
        asked = self.params.get("sort", "")
        path = asked.removeprefix("-")
        return (path, asked.startswith("-")) if path in self.every_path else ("", False)

    @cached_property
    def rows(self) -> QuerySet:
        """All rows that fit, unordered."""
        found = self.kind.rows(self.user).filter(filters.condition(self.filters) & search(self.kind, self.q))
        if self.fact is not None:
            found = found.filter(pk__in=self.fact.rows.order_by().values("pk"))
        if self.veil is not None and self.asks_for_somebody:
            found = found.exclude(self.veil)
        return found.order_by()

    @cached_property
    def veil(self) -> Q | None:
        return self.kind.veiled(self.user)

    @property
    def asks_for_somebody(self) -> bool:
        """Whether the address looks for what identifies a person."""
        sought = {path for found in self.filters for path in fields_read(found.where)} | {self.sort[0]}
        return bool(self.q) or any(map(self.kind.identifies, sought))

    def ordered(self, rows: QuerySet) -> QuerySet:
        path, descending = self.sort
        if not path:
            return rows.order_by(*self.kind.ordering)
        rows = cells.annotated(rows, self.kind.annotations, [path])
        look_up = self.sort_path(path)
        return rows.order_by(("-" if descending else "") + look_up, "-pk")

    def sort_path(self, path: str) -> str:
        """Names are sorted by their pinyin where the model keeps it."""
        found = self.kind.resolve(path)
        look_up = cells.look_up(path, found)
        if found is None:
            return look_up
        model, name = self.kind.model, look_up.rpartition("__")[2]
        if found.related_model:
            model = found.related_model
        names = {field.name for field in model._meta.concrete_fields}
        pinyin = next((other for other in (f"{name}_sort", f"{name}_pinyin") if other in names), None)
        return look_up[: -len(name)] + pinyin if pinyin else look_up

    @property
    def problems(self) -> list[str]:
        """What of the address means nothing here, and was left out."""
        found = [one.problem for one in self.filters if one.problem]
        asked = self.params.get("sort", "")
        return found + ([filters.ignored("排序", asked)] if asked and not self.sort[0] else [])

    @cached_property
    def _cut(self) -> tuple[int, list[int], int | None]:
        """(number of the page, ids of its rows in order, exact total or None). Behind the last page comes the last."""
        asked = self.params.get("page", "1")
        number = max(1, int(asked)) if asked.isdecimal() and len(asked) < 7 else 1
        ids, total = self._at(number)
        if not ids and number > 1:
            number = max(1, -(-(self.total() if total is None else total) // PAGE_ROWS))
            ids, total = self._at(number)
        return number, ids, total

    def _at(self, number: int) -> tuple[list[int], int | None]:
        offset = (number - 1) * PAGE_ROWS
        if self.q and self.fact is None:
            ids, count = self._hits(offset)
            if count <= COUNTED:
                return ids, count
        ids, count = self._page_and_count(offset)
        return ids, count if self.fact is not None or count <= COUNTED else None

    def _page_and_count(self, offset: int) -> tuple[list[int], int]:
        """(ids of a page of all rows, in order; how many there are), asked for in one statement.

        Rows of a fact are counted whatever their number, others up to one more than are counted; a whole table of
        which PostgreSQL itself reckons that it holds far more is not counted at all.
        """
        page = self.ordered(self.rows).values_list("pk")[offset : offset + PAGE_ROWS]
        every = self.rows.values_list("pk")
        counted = every if self.fact is not None else every[: COUNTED + 1]
        try:
            ids_sql, ids_params = page.query.sql_with_params()
            count_sql, count_params = counted.query.sql_with_params()
        except EmptyResultSet:  # the conditions exclude each other
            return [], 0
        count = f"(select count(*) from ({count_sql}) as counted)"
        if not every.query.where:
            reckoned = (
                f"select reltuples from pg_class where oid = '{self.kind.model._meta.db_table}'::regclass"
            )
            count = f"case when ({reckoned}) > {2 * COUNTED} then {COUNTED + 1} else {count} end"
        with connection.cursor() as cursor:
            cursor.execute(f"select array({ids_sql}), {count}", (*ids_params, *count_params))
            return cursor.fetchone()

    def _hits(self, offset: int) -> tuple[list[int], int]:
        """(ids of a page of the rows found, in order; how many were found, at most one more than are counted).

        They are cut before they are sorted, so that PostgreSQL never walks a whole table in order to find a few.
        """
        names = self.ordered(self.rows).query.order_by
        rows = cells.annotated(self.rows, self.kind.annotations, [self.sort[0]])
        found = rows.values_list("pk", *(name.removeprefix("-") for name in names))[: COUNTED + 1]
        try:
            sql, params = found.query.sql_with_params()
        except EmptyResultSet:  # the conditions exclude each other, or nothing bears such a name
            return [], 0
        columns = [f"key_{number}" for number, _ in enumerate(names)]
        keys = ", ".join(f"{c} desc" if n.startswith("-") else c for c, n in zip(columns, names, strict=True))
        with connection.cursor() as cursor:
            cursor.execute(
                f"with found(pk, {', '.join(columns)}) as materialized ({sql}) select array(select pk from found "
                f"order by {keys} limit {PAGE_ROWS} offset {offset}), (select count(*) from found)",
                params,
            )
            return cursor.fetchone()

    @cached_property
    def page(self) -> Page:
        number, ids, total = self._cut
        first = (number - 1) * PAGE_ROWS + 1
        more = (total is None and len(ids) == PAGE_ROWS) or (
            total is not None and first - 1 + len(ids) < total
        )
        return Page(
            number=number,
            total=total,
            first=first if ids else 0,
            last=first - 1 + len(ids) if ids else 0,
            pages=None if total is None else max(1, -(-total // PAGE_ROWS)),
            prev_url=self._page_url(number - 1) if number > 1 else "",
            next_url=self._page_url(number + 1) if more else "",
        )

    def _page_url(self, number: int) -> str:
        rest = self.params.copy()
        rest["page"] = number
        return filters.address(rest)

    @property
    def chips(self) -> list[filters.Chip]:
        found = list(filters.iter_chips(self.filters))
        if self.q:
            found.insert(
                0,
                filters.Chip(
                    f"搜索：{without_numbers(self.q)}", filters.address(filters.without(self.params, "q"))
                ),
            )
        return found

    @cached_property
    def table(self) -> Table:
        return table(self.kind, self.paths, self.user)

    @cached_property
    def columns(self) -> list[ListColumn]:
        rest = filters.without(self.params, "sort")
        return [self._column(column, rest) for column in self.table.columns]

    def _column(self, column: Column, rest: QueryDict) -> ListColumn:
        sorted_by, descending = self.sort
        is_sorted = sorted_by == column.path
        rest["sort"] = f"-{column.path}" if is_sorted and not descending else column.path
        return ListColumn(
            column.path,
            column.title,
            column.kind,
            column.tones,
            filters.address(rest) if column.kind != "masked" else "",
            ("desc" if descending else "asc") if is_sorted else "",
        )

    @cached_property
    def shown(self) -> list[Row]:
        """The rows of the page, ready for the template."""
        _, ids, _ = self._cut
        rows = self.table.rows(self.kind.model.objects.filter(pk__in=ids), self.veil)
        made = {row.pk: row for row in rows}
        return [made[pk] for pk in ids if pk in made]

    def total(self) -> int:
        """The exact number of rows, however large."""
        return self.rows.count()
