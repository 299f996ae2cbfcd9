"""Elements of Office Open XML: `w("jc", val="center")` is <w:jc w:val="center"/>, `x("a:off", x=0)` <a:off x="0"/>."""

from collections.abc import Mapping

from lxml import etree

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
NAMESPACES = {
    "w": NAMESPACE,
    "r": RELATIONSHIPS,
    "a": f"{DRAWING}/main",
    "wp": f"{DRAWING}/wordprocessingDrawing",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "c": f"{DRAWING}/chart",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
}
PRESERVE_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_NAMES = {"w": NAMESPACE, "r": RELATIONSHIPS}

Element = etree._Element


def w(tag: str, *children: Element | None, **attributes: object) -> Element:
    """An element with its children; None among them is left out."""
    element = etree.Element(
        f"{{{NAMESPACE}}}{tag}",
        {f"{{{NAMESPACE}}}{name}": str(value) for name, value in attributes.items()},
        nsmap=_NAMES,
    )
    element.extend(child for child in children if child is not None)
    return element


def x(
    name: str, /, *children: Element | str | None, given: Mapping[str, object] | None = None, **plain: object
) -> Element:
    """An element of any of NAMESPACES; a text among the children is its content.

    Attributes without a prefix stand as keywords, those with one (`r:id`) in `given`."""
    attributes = {key: str(value) for key, value in plain.items()}
    attributes |= {_qualified(key): str(value) for key, value in (given or {}).items()}
    element = etree.Element(_qualified(name), attributes, nsmap=NAMESPACES)
    for child in children:
        if isinstance(child, str):
            element.text = child
        elif child is not None:
            element.append(child)
    return element


def _qualified(name: str) -> str:
    prefix, key = name.split(":")
    return f"{{{NAMESPACES[prefix]}}}{key}"


def text(content: str) -> Element:
    element = w("t")
    element.text = content
    element.set(PRESERVE_SPACE, "preserve")
    return element


def serialize(element: Element) -> bytes:
    return etree.tostring(element, xml_declaration=True, encoding="UTF-8", standalone=True)
