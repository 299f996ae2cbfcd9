"""WordprocessingML elements: `w("jc", val="center")` is <w:jc w:val="center"/>."""

from lxml import etree

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
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


def text(content: str) -> Element:
    element = w("t")
    element.text = content
    element.set(PRESERVE_SPACE, "preserve")
    return element


def serialize(element: Element) -> bytes:
    return etree.tostring(element, xml_declaration=True, encoding="UTF-8", standalone=True)
