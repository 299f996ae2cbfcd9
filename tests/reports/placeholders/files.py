"""Word files of an office, with placeholders as people write them and as Word cuts them up."""

from collections.abc import Callable
from io import BytesIO

import docx
from docx.document import Document
from docx.oxml.ns import qn


def word(*paragraphs: str, change: Callable[[Document], None] | None = None) -> bytes:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if change is not None:
        change(document)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def everywhere(document: Document) -> None:
    """A placeholder in a table, in the header and in the footer, and one cut over three runs of different looks."""
    cut = document.add_paragraph("全镇有")
    first, second, third = (cut.add_run(text) for text in ("{{基层", "工会", "数}}"))
    first.bold, second.italic = True, True
    third.font.size = 200000
    cut.add_run("，很好。")
    table = document.add_table(2, 2)
    table.cell(1, 1).text = "合计{{涵盖单位数}}"
    section = document.sections[0]
    section.header.paragraphs[0].text = "{{填报单位}}"
    section.footer.paragraphs[0].text = "会员{{会员总数|数值}}人"


def opened(content: bytes) -> Document:
    return docx.Document(BytesIO(content))


def said(paragraph: object) -> str:
    """The text of a paragraph, content controls included."""
    return "".join(text.text or "" for text in paragraph._p.iter(qn("w:t")))


def controls(document: Document) -> list[tuple[str, str]]:
    """(key, text) of the content controls of the body."""
    return [
        (control.find(qn("w:sdtPr")).find(qn("w:tag")).get(qn("w:val")), "".join(control.itertext(qn("w:t"))))
        for control in document.element.iter(qn("w:sdt"))
    ]
