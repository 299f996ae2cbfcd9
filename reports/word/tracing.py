"""How a figure is found again in a Word file: a content control with its fact's key, within a bookmark."""

import hashlib
from collections.abc import Iterator

from lxml import etree

from .xml import NAMESPACE, Element, w

W = f"{{{NAMESPACE}}}"
LONGEST = 64  # signs of a tag or title that Word takes
BOOKMARK = "_figure"  # followed by the figure's number; Word hides names that begin with a line

# What may follow a highlight among the properties of a run (ECMA-376, EG_RPrBase).
AFTER_HIGHLIGHT = {
    "u",
    "effect",
    "bdr",
    "shd",
    "fitText",
    "vertAlign",
    "rtl",
    "cs",
    "em",
    "lang",
    "eastAsianLayout",
    "specVanish",
    "oMath",
    "rPrChange",
}


def tag_of(key: str) -> str:
    """What a control bears for a figure: its key, of a long one a short id. The document resolves it by its number."""
    if len(key) <= LONGEST:
        return key
    return f"figure.{hashlib.blake2s(key.encode(), digest_size=8).hexdigest()}"


def traced(run: Element, number: int, key: str, label: str) -> Iterator[Element]:
    """The run as a content control within a bookmark, for programs that keep only one of the two.

    The control is rich text: LibreOffice writes what stands in a plain one several times over."""
    properties = w("sdtPr", w("alias", val=label[:LONGEST]), w("tag", val=tag_of(key)), w("id", val=number))
    yield w("bookmarkStart", id=number, name=f"{BOOKMARK}{number}")
    yield w("sdt", properties, w("sdtContent", run))
    yield w("bookmarkEnd", id=number)


def trace(run: Element, number: int, key: str, label: str) -> None:
    """Put a run of a text into such a control where it stands; within a control for plain text it stays as it is."""
    if any(control.find(f"{W}sdtPr/{W}text") is not None for control in run.iterancestors(f"{W}sdt")):
        return
    mark = w("r")
    run.addprevious(mark)
    for element in traced(run, number, key, label):
        mark.addprevious(element)
    mark.getparent().remove(mark)


def highlight(run: Element) -> None:
    """Make a run stand out in yellow."""
    form = run.find(f"{W}rPr")
    if form is None:
        form = w("rPr")
        run.insert(0, form)
    for old in form.findall(f"{W}highlight"):
        form.remove(old)
    later = next((child for child in form if etree.QName(child).localname in AFTER_HIGHLIGHT), None)
    if later is None:
        form.append(w("highlight", val="yellow"))
    else:
        later.addprevious(w("highlight", val="yellow"))


class NextNumber:
    """Numbers no control and no bookmark of a document bears yet; its headers and footers count too."""

    def __init__(self, *documents: Element) -> None:
        name, value = f"{W}id", f"{W}val"
        found = [e.get(value, "") for document in documents for e in document.iter(name)]
        found += [e.get(name, "") for document in documents for e in document.iter(f"{W}bookmarkStart")]
        self.taken = {int(number) for number in found if number.isdecimal()}
        self.last = 0

    def __call__(self) -> int:
        self.last += 1
        while self.last in self.taken:
            self.last += 1
        return self.last
