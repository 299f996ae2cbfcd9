"""Tags every page may use."""

from collections.abc import Sequence
from functools import cache
from html import escape

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from ..cells import Cell

register = template.Library()


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
def cells(row: Sequence[Cell], url: str) -> SafeString:
    """The cells of a table row: the first heads the row and leads to `url`, each other says its column.

    Made here and not by the template engine, which takes most of a list page's time for the same text.
    """
    first, *others = row
    head = f'<th scope="row"><a href="{escape(url)}">{escape(first.text)}</a></th>'
    return mark_safe(head + "".join(map(_cell, others)))


@register.simple_tag
def tick(pk: int, name: str) -> SafeString:
    """The cell by which a row of a list is chosen for a bulk edit; `name` is what its first cell says."""
    return mark_safe(
        f'<td class="tick"><input type="checkbox" name="pk" value="{pk}" form="bulk" data-tick '
        f'aria-label="选择：{escape(name)}"></td>'
    )


def _cell(cell: Cell) -> str:
    text = escape(cell.text)
    if cell.url:
        text = f'<a href="{escape(cell.url)}">{text}</a>'
    elif cell.tone:
        text = f'<span class="tag {escape(cell.tone)}">{text}</span>'
    blank = "" if cell.text else " blank"
    return f'<td class="{escape(cell.kind)}{blank}" data-label="{escape(cell.label)}">{text}</td>'
