"""What a list page shows: filtered, sorted, one page of rows, and how many there are, in a fixed number of queries.

Large tables stay fast because the page is cut on ids first, a selective search is fetched as ids once (which also
counts it), and everything else is counted only up to a bound; the exact total is asked for separately.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet
from django.http import QueryDict

from unionoffice.organisation.models import User

from . import cells, filters
from .fact_rows import FactRows, fact_rows
from .searching import search
from .types import RecordType

PAGE_ROWS = 50
COUNTED = 10_000


@dataclass(frozen=True)
class ListColumn:
    key: str
    title: str
    kind: str
    sort_url: str = ""
    sorted: str = ""

    @property
    def numeric(self) -> bool:
        return self.kind == "number"


@dataclass(frozen=True)
class ListRow:
    pk: int
    url: str
    cells: Sequence[cells.Cell]


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
        self.q = params.get("q", "").strip()[:100]
        self.filters = filters.list_filters(kind, user, params)

    @cached_property
    def fact(self) -> FactRows | None:
        return fact_rows(self.kind, self.user, self.params)

    @cached_property
    def paths(self) -> list[str]:
        """Columns shown: the chosen ones, else the type's own."""
        chosen = [path for path in self.params.getlist("col") if path in self.every_path]
        return chosen or list(self.kind.columns)

    @cached_property
    def every_path(self) -> list[str]:
        """Columns that may be chosen."""
        fields = [name for name in self.kind.readable(self.user) if not self.kind.field(name).many_to_many]
        return list(dict.fromkeys((*self.kind.columns, *self.kind.annotations, *fields)))

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
        sought = {found.key for found in self.filters if found.active} | {self.sort[0]}
        return bool(self.q or sought & self.kind.identifying)

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
    def number(self) -> int:
        asked = self.params.get("page", "1")
        return max(1, int(asked)) if asked.isdigit() and len(asked) < 7 else 1

    @cached_property
    def _cut(self) -> tuple[list[int], int | None]:
        """(ids of this page's rows in order, exact total or None)."""
        offset = (self.number - 1) * PAGE_ROWS
        if self.fact is not None:
            ids = list(self.ordered(self.rows).values_list("pk", flat=True)[offset : offset + PAGE_ROWS])
            return ids, self.rows.count()
        if self.q:
            ids, count = self._hits(offset)
            if count <= COUNTED:
                return ids, count
            total = None
        else:
            counted = self.rows.values("pk")[: COUNTED + 1].count()
            total = counted if counted <= COUNTED else None
        return list(self.ordered(self.rows).values_list("pk", flat=True)[offset : offset + PAGE_ROWS]), total

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
        ids, total = self._cut
        first = (self.number - 1) * PAGE_ROWS + 1
        more = (total is None and len(ids) == PAGE_ROWS) or (
            total is not None and first - 1 + len(ids) < total
        )
        return Page(
            number=self.number,
            total=total,
            first=first if ids else 0,
            last=first - 1 + len(ids) if ids else 0,
            pages=None if total is None else max(1, -(-total // PAGE_ROWS)),
            prev_url=self._page_url(self.number - 1) if self.number > 1 else "",
            next_url=self._page_url(self.number + 1) if more else "",
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
                0, filters.Chip(f"搜索：{self.q}", filters.address(filters.without(self.params, "q")))
            )
        return found

    @cached_property
    def columns(self) -> list[ListColumn]:
        return [self._column(path) for path in self.paths]

    def _column(self, path: str) -> ListColumn:
        found = self.kind.resolve(path)
        sorted_by, descending = self.sort
        rest = filters.without(self.params, "sort")
        rest["sort"] = f"-{path}" if sorted_by == path and not descending else path
        shown = cells.kind_of(found) if found is not None else self._annotation_kind(path)
        sortable = shown != "masked"
        return ListColumn(
            path,
            self.kind.heading(path),
            shown,
            filters.address(rest) if sortable else "",
            ("desc" if descending else "asc") if sorted_by == path else "",
        )

    def _annotation_kind(self, path: str) -> str:
        rows = cells.annotated(self.kind.model.objects.all(), self.kind.annotations, [path])
        return cells.kind_of(rows.query.annotations[cells.look_up(path, None)].output_field)

    @cached_property
    def shown(self) -> list[ListRow]:
        """The rows of the page, ready for the template."""
        ids, _ = self._cut
        fields = [self.kind.resolve(path) for path in self.paths]
        look_ups = [cells.look_up(path, field) for path, field in zip(self.paths, fields, strict=True)]
        rows = cells.annotated(self.kind.model.objects.filter(pk__in=ids), self.kind.annotations, self.paths)
        found = rows.annotate(is_veiled=cells.veil_of(self.veil)).values_list("pk", "is_veiled", *look_ups)
        formats = [cells.formatter(field, self.user) for field in fields]
        kinds = [column.kind for column in self.columns]
        titles = [column.title for column in self.columns]
        base = self.kind.url("list")
        made = {}
        for pk, is_veiled, *values in found:
            texts = [form(value) for form, value in zip(formats, values, strict=True)]
            if is_veiled:
                named = self.kind.identifying
                texts = [
                    cells.ONLY_FOR_HANDLERS if path in named else text
                    for path, text in zip(self.paths, texts, strict=True)
                ]
            shown = zip(texts, kinds, titles, strict=True)
            made[pk] = ListRow(
                pk, f"{base}{pk}/", [cells.Cell(text, kind, label=title) for text, kind, title in shown]
            )
        return [made[pk] for pk in ids if pk in made]

    def total(self) -> int:
        """The exact number of rows, however large."""
        return self.rows.count()
