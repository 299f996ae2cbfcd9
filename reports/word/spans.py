"""The text of a paragraph, however Word cut it into runs, and parts of it as runs of their own."""

import copy
from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate

from .xml import NAMESPACE, PRESERVE_SPACE, Element, w
from .xml import text as word_text

W = f"{{{NAMESPACE}}}"
SIGNS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
DELETED = {f"{W}del", f"{W}moveFrom"}


def pieces(paragraph: Element) -> Iterator[tuple[Element, str]]:
    """What makes up the text of a paragraph: elements within runs and what each says; no deleted text, and nothing
    of the text boxes anchored in it, whose paragraphs speak for themselves."""
    for child in paragraph:
        if child.tag == f"{W}t":
            yield child, child.text or ""
        elif child.tag in SIGNS:
            yield child, SIGNS[child.tag]
        elif child.tag not in DELETED and child.tag not in (f"{W}p", f"{W}pPr", f"{W}rPr"):
            yield from pieces(child)


def text(paragraph: Element) -> str:
    return "".join(said for _, said in pieces(paragraph))


def cut_out(paragraph: Element, start: int, end: int) -> Element:
    """Takes a part of the text away and returns an empty run in its place, formatted as that part began.

    The runs around it keep their formats; start == end gives an empty run at that place.
    """
    return Cutting(paragraph).cut_out(start, end)


class Cutting:
    """Several parts cut out of a paragraph, the last one first: its text is looked through once for all of them."""

    def __init__(self, paragraph: Element) -> None:
        self.paragraph = paragraph
        self.pieces = list(pieces(paragraph))
        self.ends = list(accumulate(len(said) for _, said in self.pieces))

    def cut_out(self, start: int, end: int) -> Element:
        """As `cut_out`; each further part ends before the one cut out before it begins."""
        number = bisect_left(self.ends, start)
        at = self.ends[number - 1] if number else 0
        holder = None
        for element, said in self.pieces[number : bisect_left(self.ends, end) + 1]:
            first, last = max(start - at, 0), min(end - at, len(said))
            is_here = holder is None and start == end and 0 <= start - at <= len(said)
            at += len(said)
            if is_here or first < last:
                holder = _cut(element, said, first, last, holder)
        self._forget(start)
        if holder is None:
            holder = w("r")
            self.paragraph.append(holder)
        return holder

    def _forget(self, start: int) -> None:
        """What stands at `start` and behind is not asked for again."""
        number = bisect_left(self.ends, start)
        if number < len(self.pieces):
            element, said = self.pieces[number]
            kept = said[: start - (self.ends[number] - len(said))]
            del self.pieces[number:], self.ends[number:]
            if kept:
                self.pieces.append((element, kept))
                self.ends.append(start)


def _cut(element: Element, said: str, first: int, last: int, holder: Element | None) -> Element:
    """Takes a part of a text element away; returns the run in its place, which is `holder` where that stands before."""
    rest = said[last:]
    if holder is None:
        return _split(element, said[:first], rest)
    if rest:
        element.text = rest
        element.set(PRESERVE_SPACE, "preserve")
    else:
        run = element.getparent()
        run.remove(element)
        _drop_if_empty(run)
    return holder


def _split(element: Element, before: str, after: str) -> Element:
    """Cuts a run in two at a text element; returns the empty run between them."""
    run = element.getparent()
    form = run.find(f"{W}rPr")
    holder, rest = w("r"), w("r")
    if form is not None:
        holder.append(copy.deepcopy(form))
        rest.append(copy.deepcopy(form))
    following = list(element.itersiblings())
    if after:
        rest.append(word_text(after))
    rest.extend(following)
    if not before:
        run.remove(element)
    elif element.tag == f"{W}t":
        element.text = before
        element.set(PRESERVE_SPACE, "preserve")
    run.addnext(holder)
    if len(rest) > (form is not None):
        holder.addnext(rest)
    _drop_if_empty(run)
    return holder


def _drop_if_empty(run: Element) -> None:
    if all(child.tag == f"{W}rPr" for child in run):
        run.getparent().remove(run)
