"""How a figure is found again in a Word file: a content control with its fact's key, within a bookmark."""

from collections.abc import Iterator

from .xml import NAMESPACE, Element, w

BOOKMARK = "_figure"  # followed by the figure's number; Word hides names that begin with a line


def traced(run: Element, number: int, key: str, label: str) -> Iterator[Element]:
    """The run as a content control within a bookmark, for programs that keep only one of the two.

    The control is rich text: LibreOffice writes what stands in a plain one several times over."""
    properties = w("sdtPr", w("alias", val=label), w("tag", val=key), w("id", val=number))
    yield w("bookmarkStart", id=number, name=f"{BOOKMARK}{number}")
    yield w("sdt", properties, w("sdtContent", run))
    yield w("bookmarkEnd", id=number)


class NextNumber:
    """Numbers no control and no bookmark of a document bears yet."""

    def __init__(self, document: Element) -> None:
        name, value = (f"{{{NAMESPACE}}}{part}" for part in ("id", "val"))
        found = [e.get(value, "") for e in document.iter(name)]
        found += [e.get(name, "") for e in document.iter(f"{{{NAMESPACE}}}bookmarkStart")]
        self.taken = {int(number) for number in found if number.isdigit()}
        self.last = 0

    def __call__(self) -> int:
        self.last += 1
        while self.last in self.taken:
            self.last += 1
        return self.last
