"""Tags every page may use."""

from collections.abc import Iterable, Sequence
from functools import cache
from html import escape

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from ..filters import ListFilter
from ..listing import ListColumn
from ..tables import Column, Row
from ..types import Tone

register = template.Library()
FREQUENT_FILTERS = 4
SORTED = {
    "": ("arrows-sort", ""),
    "asc": ("sort-ascending", ' aria-sort="ascending"'),
    "desc": ("sort-descending", ' aria-sort="descending"'),
}


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """The named drawing of static/img/icons.svg, hidden from screen readers: its neighbour text says what it means."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        static("img/icons.svg"),
        name,
    )


@register.simple_tag
def table_rows(columns: Sequence[Column], rows: Iterable[Row], can_tick: bool = False) -> SafeString:
    """The rows of a table: the first cell heads its row and leads to the record, each other says its column.

    Made here and not by the template engine, which takes most of a list page's time for the same text.
    """
    cells = [f'<td class="{column.kind}" data-label="{escape(column.title)}">' for column in columns[1:]]
    marks = [{escape(text): _tag(text, tone) for text, tone in c.tones.items()} for c in columns[1:]]
    made = []
    for row in rows:
        name, *texts = map(escape, row.texts)
        made.append(f"<tr>{_tick(row.pk, name) if can_tick else ''}")
        made.append(f'<th scope="row"><a href="{row.url}">{name}</a></th>')
        for cell, mark, text in zip(cells, marks, texts, strict=True):
            made.append(f"{cell}{mark.get(text, text)}</td>")
        made.append("</tr>\n")
    return mark_safe("".join(made))


def _tag(text: str, tone: Tone) -> str:
    return f'<span class="tag {tone}">{escape(text)}</span>'


def _tick(pk: int, name: str) -> str:
    """The cell by which a row is chosen for a bulk edit."""
    return (
        f'<td class="tick"><input type="checkbox" name="pk" value="{pk}" form="bulk" data-tick '
        f'aria-label="选择：{name}"></td>'
    )


@register.simple_tag
def column_heads(columns: Iterable[ListColumn]) -> SafeString:
    """The heads of a list's columns, each a link that sorts by it where that is possible."""
    return mark_safe("".join(map(_head, columns)))


def _head(column: ListColumn) -> str:
    number = ' class="number"' if column.numeric else ""
    title = escape(column.title)
    if not column.sort_url:
        return f'<th scope="col"{number}>{title}</th>'
    drawing, sort = SORTED[column.sorted]
    return (
        f'<th scope="col"{number}{sort}><a href="{escape(column.sort_url)}">{title}{icon(drawing)}</a></th>'
    )


@register.simple_tag
def filter_menus(filters: Sequence[ListFilter], query: str) -> SafeString:
    """The filters of a list, closed; each fetches what it offers when it is opened. Behind the first few stands a button
    that shows the rest."""
    made = []
    for number, found in enumerate(filters):
        place = " active" if found.active else " rare" if number >= FREQUENT_FILTERS else ""
        made.append(
            f'<details class="menu{place}" name="filter"><summary class="btn">{escape(found.title)}'
            f'{icon("chevron-down")}</summary><div class="pop" hx-get="filters/{escape(found.key)}/{escape(query)}" '
            'hx-trigger="toggle from:closest details once" aria-live="polite"></div></details>'
        )
    if len(filters) > FREQUENT_FILTERS:
        made.append(
            '<button type="button" class="btn rare-toggle" data-toggle aria-controls="filters" '
            f'aria-expanded="false">{icon("filter")}更多</button>'
        )
    return mark_safe("".join(made))
