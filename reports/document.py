"""Summary -> .docx laid out as GB/T 9704-2012 asks. Page and styles come from the reference document.

Every figure in the text is a content control whose tag is the fact's key; an attachment lists them all.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, time
from io import BytesIO
from itertools import chain

import docx
from docx.parts.document import DocumentPart

from . import wording
from .summary import Figure, Run, Summary, Table
from .word import blocks, charts, issuing, photos
from .word.layout import CHARACTERS, LINE, TITLE_CHARACTERS
from .word.package import without_times
from .word.reference import FILES, FOLDER
from .word.styles import indent, lines
from .word.tracing import traced
from .word.xml import Element, w

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ATTACHMENT = "主要数据一览表"
CHARTS = "主要数据图"
PHOTOS = "工作照片"
# Headings and widths in parts of the text width.
COLUMNS = (("序号", 7), ("指标", 16), ("数值", 25), ("口径", 25), ("时间", 18), ("记录数", 9))
# A last paragraph of up to ten lines moves with the signature, which must not stand on a page alone.
SHORT = 10 * CHARACTERS


def write(summary: Summary, mark: str = "", pictures: Mapping[str, bytes] | None = None) -> bytes:
    """The Word file; the same summary gives the same bytes. `mark` tells an edited file which one it was.

    pictures  the photos' contents by digest; KeyError for one that is not among them"""
    document = docx.Document(str(FOLDER / FILES[summary.numbering]))
    section = document.element.body.sectPr
    for element in _body(summary, document.part, pictures or {}):
        section.addprevious(element)
    properties = document.core_properties
    properties.title, properties.author = summary.title, summary.signer
    properties.last_modified_by = summary.signer
    properties.keywords = mark
    properties.created = properties.modified = datetime.combine(summary.signed_on, time(), UTC)
    buffer = BytesIO()
    document.save(buffer)
    return without_times(buffer)


def _body(summary: Summary, part: DocumentPart, pictures: Mapping[str, bytes]) -> Iterator[Element]:
    if summary.issue:
        yield from issuing.head(summary.issue, summary.signer, for_upper=bool(summary.addressee))
    below_rule = (issuing.below_rule(),) if summary.issue else ()
    yield blocks.paragraph("Title", *_title(summary.phrases), properties=below_rule)
    if summary.addressee:
        yield blocks.paragraph("Salutation", blocks.run(f"{summary.addressee}："))
    for paragraph in summary.paragraphs:
        moves = paragraph is summary.paragraphs[-1] and blocks.width(paragraph.text) <= SHORT
        yield blocks.paragraph(
            f"Heading{paragraph.level}" if paragraph.level else "BodyText",
            *(element for run in paragraph.runs for element in _inline(run)),
            properties=(w("keepNext"),) if moves else (),
        )
    attachments = list(_attachments(summary, part, pictures))
    yield from _attachment_note([title for title, _ in attachments])
    sign = _sealed if summary.issue else _signature
    yield from sign(summary.signer, wording.full_day(summary.signed_on))
    for number, (title, content) in enumerate(attachments, 1):
        yield blocks.paragraph("AttachmentMark", blocks.run(f"附件{number if len(attachments) > 1 else ''}"))
        yield blocks.paragraph("AttachmentTitle", blocks.run(title))
        yield from content
    if summary.issue:
        yield from issuing.imprint(summary.issue, summary.signer, summary.signed_on)


def _attachments(
    summary: Summary, part: DocumentPart, pictures: Mapping[str, bytes]
) -> Iterator[tuple[str, Iterable[Element]]]:
    """Titles and contents: the figures, the tables, then the charts together and the photos together."""
    for table in (_ledger(summary), *summary.tables):
        yield table.title, (blocks.table(table), blocks.room(20))
    if summary.charts:
        drawn = (charts.place(chart, number, part) for number, chart in enumerate(summary.charts, 1))
        yield CHARTS, chain.from_iterable(drawn)
    if summary.photos:
        shown = (
            photos.place(photo, pictures[photo.sha256], number, part)
            for number, photo in enumerate(summary.photos, 1)
        )
        yield PHOTOS, chain.from_iterable(shown)


def _attachment_note(titles: list[str]) -> Iterator[Element]:
    """附件：and the titles, numbered where there are several, each below the other."""
    if len(titles) == 1:
        yield blocks.paragraph("AttachmentNote", blocks.run(f"附件：{titles[0]}"))
        return
    yield blocks.paragraph("AttachmentNote", blocks.run(f"附件：1.{titles[0]}"))
    for number, title in enumerate(titles[1:], 2):
        below = (lines(LINE), indent(left=6, hanging=1))
        yield blocks.paragraph("AttachmentNote", blocks.run(f"{number}.{title}"), properties=below)


def _ledger(summary: Summary) -> Table:
    """Every figure of the text with its meaning, its time and how many records stand behind it."""
    rows = (
        (
            str(number),
            figure.label,
            f"{figure.exact}（{figure.note}）" if figure.note else figure.exact,
            figure.definition,
            figure.span,
            str(figure.records),
        )
        for number, figure in enumerate(summary.ledger(), 1)
    )
    return Table(ATTACHMENT, COLUMNS, tuple(rows))


def _title(phrases: tuple[str, ...]) -> Iterator[Element]:
    """The title on as few lines as hold it, broken between phrases."""
    wrapped: list[str] = []
    for phrase in phrases:
        if wrapped and blocks.width(wrapped[-1] + phrase) <= TITLE_CHARACTERS:
            wrapped[-1] += phrase
        else:
            wrapped.append(phrase)
    yield blocks.run(wrapped[0])
    for line in wrapped[1:]:
        yield w("r", w("br"))
        yield blocks.run(line)


def _inline(run: Run) -> Iterator[Element]:
    """A run; a figure so that it is found again."""
    if isinstance(run, Figure):
        yield from traced(blocks.run(run.text, "Figure"), run.number, run.key, run.label)
    else:
        yield blocks.run(run.text)


def _sealed(name: str, day: str) -> Iterator[Element]:
    """Name and date under a seal: the date four characters from the right edge, the name centred over it."""
    over = max(0.0, 4 + (blocks.width(day) - blocks.width(name)) / 2)
    yield blocks.paragraph("Signature", blocks.run(name), properties=(indent(right=over),))
    yield blocks.paragraph("Date", blocks.run(day), properties=(indent(right=4),))


def _signature(name: str, day: str) -> Iterator[Element]:
    """Name and date without a seal: the name two characters from the right edge, the date's beginning two
    further right; where the date would come too near the edge, it keeps two and the name moves left."""
    date_gap = blocks.width(name) - blocks.width(day)
    name_gap = 2.0
    if date_gap < 2:
        name_gap, date_gap = 2 + 2 - date_gap, 2.0
    yield blocks.paragraph("Signature", blocks.run(name), properties=(indent(right=name_gap),))
    yield blocks.paragraph("Date", blocks.run(day), properties=(indent(right=date_gap),))
