"""An edited Word file held against what was handed out: figures changed by hand, figures the data moved, new words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from typing import Literal

from unionoffice.sheets.cells import SheetRefused
from unionoffice.sheets.faults import refusing
from unionoffice.sheets.guard import bounded
from unionoffice.sheets.limits import MEGABYTE

from .outlines import DOCUMENTS
from .summary import Figure, Run, Summary
from .uploaded import LIMITS as FORM_LIMITS
from .uploaded import Package
from .word.tracing import BOOKMARK
from .word.xml import NAMESPACE, Element

W = f"{{{NAMESPACE}}}"
# A form has no photos.
LIMITS = replace(FORM_LIMITS, file_bytes=20 * MEGABYTE)
NOT_WORD = "这不是 Word 文档（.docx），请另存为 .docx 再上传"
BODY, CORE = "word/document.xml", "docProps/core.xml"
HEADING = re.compile(r"^(heading\s*|标题\s*)?([1-4])$", re.IGNORECASE)
# Where the text ends: what follows is made anew for every file.
OPENINGS = {part.key for document in DOCUMENTS.values() for part in document.parts}  # of one paragraph each
END_STYLES = {"AttachmentNote", "AttachmentMark"}
SKIPPED_STYLES = {"HeadMark", "DocumentNumber", "Rule", "Title", "Salutation", "Signature", "Date"}
CLAUSE = re.compile(r"[^。！？]*[。！？]?[”’）]*")
# Signs of the sentence grammar have no place in an edited text; their full-width forms read the same.
FULL_WIDTH = str.maketrans({"[": "［", "]": "］", "|": "｜", "{": "｛", "}": "｝"})


@dataclass(frozen=True)
class Piece:
    """A heading or a clause of the text, tokens standing for figures. starts: whether it begins a paragraph."""

    text: str
    level: int = 0
    key: str = ""  # of the chapter, section or sentence it was handed out as
    section: str = ""
    starts: bool = False


@dataclass(frozen=True)
class ReturnedText:
    """What an edited file says. figures: by number, as each stands first; repeated: what those say that come again."""

    keywords: str
    pieces: tuple[Piece, ...] = ()
    figures: dict[int, "_Spoken"] = field(default_factory=dict)
    repeated: dict[int, list[str]] = field(default_factory=dict)

    def says(self, number: int) -> str | None:
        """What a figure says; None for one that is gone."""
        return self.figures[number].text if number in self.figures else None


@dataclass(frozen=True)
class FigureChange:
    """A figure that reads otherwise in the file (found) or today (now) than when handed out (given).

    found is None where the control is gone from the file, now where the text no longer has the figure."""

    key: str
    label: str
    given: str
    found: str | None
    now: str | None

    @property
    def is_typed(self) -> bool:
        return self.found is not None and self.found != self.given

    @property
    def is_stale(self) -> bool:
        return self.now is not None and self.now != self.given


@dataclass(frozen=True)
class WordingChange:
    """A sentence or heading in other words, left out, or new (its key is then empty); or a sentence that now begins a
    paragraph or no longer does.

    behind  of a new sentence, the one it stands behind; empty at the head of its section
    starts  of a new sentence, whether it begins a paragraph
    """

    kind: Literal["changed", "left_out", "added", "parted", "joined"]
    level: Literal["chapter", "section", "sentence"]
    key: str
    section: str
    before: str
    after: str
    behind: str = ""
    starts: bool = False


@refusing()
@bounded()
def read(content: bytes) -> ReturnedText:
    """The text of an edited file up to its attachments. SheetRefused where it is none."""
    package = _opened(content)
    keywords = "".join(package.tree(CORE).itertext("{*}keywords")) if CORE in package.names else ""
    found = ReturnedText(keywords)
    return replace(found, pieces=tuple(_pieces(package.tree(BODY), found)))


def _opened(content: bytes) -> Package:
    try:
        package = Package(content, LIMITS)
    except SheetRefused as refusal:
        if refusal.code != "unsupported":
            raise
        raise SheetRefused("unsupported", NOT_WORD) from refusal
    if package.kind != "docx":
        raise SheetRefused("unsupported", NOT_WORD)
    return package


def _pieces(document: Element, found: ReturnedText) -> Iterator[Piece]:
    for paragraph in document.iterfind(f"{W}body/{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        name = "" if style is None else style.get(f"{W}val", "")
        text = _Words(found).read(paragraph).strip()
        if name in END_STYLES or text.startswith("附件："):
            return
        heading = HEADING.match(name)
        if heading and text:
            yield Piece(text, int(heading[2]))
        elif text and name not in SKIPPED_STYLES:
            yield from (Piece(clause, starts=not number) for number, clause in enumerate(_clauses(text)))


@dataclass
class _Spoken:
    """A figure where it stands in a paragraph, with what it says there."""

    number: int
    text: str = ""


class _Words:
    """Reads the text of a paragraph; each of our figures becomes ⟦number⟧, what it says is noted beside.

    A figure is known by its bookmark or, where a program dropped that, by its control. An empty one is none; one that
    comes again is the same figure if it says the same, else mere text."""

    def __init__(self, found: ReturnedText) -> None:
        self.found = found
        self.open: dict[str, _Spoken] = {}  # bookmarks begun, by their id
        self.parts: list[str | _Spoken] = []

    def read(self, paragraph: Element) -> str:
        self._read(paragraph)
        return "".join(part if isinstance(part, str) else self._told(part) for part in self.parts)

    def _told(self, spoken: _Spoken) -> str:
        if not spoken.text.strip():
            return ""
        first = self.found.figures.setdefault(spoken.number, spoken)
        if first is not spoken:
            self.found.repeated.setdefault(spoken.number, []).append(spoken.text)
        return f"⟦{spoken.number}⟧" if spoken.text == first.text else spoken.text.translate(FULL_WIDTH)

    def _read(self, element: Element) -> None:
        for child in element:
            self._child(child)

    def _child(self, child: Element) -> None:
        name = child.get(f"{W}name", "")
        if child.tag == f"{W}bookmarkStart" and name.startswith(BOOKMARK):
            number = name.removeprefix(BOOKMARK)
            if number.isdecimal():
                self.open[child.get(f"{W}id", "")] = self._begin(int(number))
        elif child.tag == f"{W}bookmarkEnd":
            self.open.pop(child.get(f"{W}id", ""), None)
        elif child.tag == f"{W}sdt" and child.find(f"{W}sdtPr/{W}showingPlcHdr") is not None:
            pass  # an emptied control shows words of the program's own
        elif child.tag == f"{W}sdt" and not self.open and (number := _control(child)):
            self._begin(number).text = "".join(child.itertext(f"{W}t"))
        elif child.tag == f"{W}t":
            self._say(child.text or "")
        else:
            self._read(child)

    def _begin(self, number: int) -> _Spoken:
        spoken = _Spoken(number)
        self.parts.append(spoken)
        return spoken

    def _say(self, text: str) -> None:
        if self.open:
            next(reversed(self.open.values())).text += text
        else:
            self.parts.append(text.translate(FULL_WIDTH))


def _control(control: Element) -> int:
    """The number of a figure's content control; 0 for any other control, and for one that holds several."""
    number, tag = control.find(f"{W}sdtPr/{W}id"), control.find(f"{W}sdtPr/{W}tag")
    is_ours = number is not None and tag is not None and "." in tag.get(f"{W}val", "")
    holds_others = any(_control(other) for other in control.iterdescendants(f"{W}sdt"))
    value = number.get(f"{W}val", "") if is_ours and not holds_others else ""
    return int(value) if value.isdecimal() else 0


def _clauses(text: str) -> Iterator[str]:
    yield from (clause for clause in CLAUSE.findall(text) if clause)


def given_pieces(summary: Summary) -> Iterator[Piece]:
    """The same pieces of what was handed out, with the keys they came from."""
    section = ""
    for paragraph in summary.paragraphs:
        if paragraph.level:
            section = paragraph.key
            yield Piece(_marked(paragraph.runs), paragraph.level, paragraph.key)
        starts = True
        for said in paragraph.said:
            for clause in _clauses(_marked(said.runs)):
                yield Piece(clause, 0, said.key, paragraph.key or section, starts)
                starts = False


def _marked(runs: tuple[Run, ...]) -> str:
    return "".join(
        f"⟦{run.number}⟧" if isinstance(run, Figure) else run.text.translate(FULL_WIDTH) for run in runs
    )


def figure_changes(given: Summary, found: ReturnedText, now: Summary | None) -> list[FigureChange]:
    """Figures changed by hand or by the data since the file was handed out."""
    today: dict[tuple[str, str], str] = {}
    for figure in now.figures() if now else ():
        today.setdefault((figure.key, figure.source), figure.text)
    changes = {}
    for figure in given.figures():
        change = FigureChange(
            figure.key,
            figure.label,
            figure.text,
            found.says(figure.number),
            today.get((figure.key, figure.source)) if now else figure.text,
        )
        if change.is_typed or change.is_stale:
            changes.setdefault((figure.key, change.found, change.now), change)
    return list(changes.values())


def wording_changes(given: Summary, found: ReturnedText) -> list[WordingChange]:
    """What to do to the draft's wording so that it reads as the file does."""
    before, around = list(given_pieces(given)), _around(given)
    after = [piece for piece in found.pieces if piece.level or piece.text not in around]
    sources = {figure.number: figure for figure in given.figures()}
    return list(_Comparison(before, after, sources, found, _levels(given)).changes())


@dataclass(frozen=True)
class Repeat:
    """A figure whose control stands in the file more than once: what it says first, and what the others say."""

    label: str
    first: str
    others: tuple[str, ...]


def repeats(given: Summary, found: ReturnedText) -> list[Repeat]:
    """The figures that came back more than once, in the order of the text."""
    return [
        Repeat(figure.label, found.says(figure.number) or "", tuple(found.repeated[figure.number]))
        for figure in given.figures()
        if figure.number in found.repeated
    ]


def _around(summary: Summary) -> set[str]:
    """Lines that are no text; LibreOffice renames the styles they are known by."""
    lines = {summary.title, f"{summary.addressee}："}
    if issue := summary.issue:
        lines |= {f"{summary.signer}文件", issue.number, f"{issue.number}签发人：{issue.approver}"}
    return lines


def _levels(summary: Summary) -> dict[int, Literal["chapter", "section"]]:
    """Which heading level is a chapter and which a section: parts push both one down."""
    has_parts = any(paragraph.level == 1 and not paragraph.key for paragraph in summary.paragraphs)
    return {1 + has_parts: "chapter", 2 + has_parts: "section"}


@dataclass(frozen=True)
class _Comparison:
    before: list[Piece]
    after: list[Piece]
    sources: dict[int, Figure]
    found: ReturnedText
    levels: dict[int, Literal["chapter", "section"]]

    def changes(self) -> Iterator[WordingChange]:
        now, added = self._aligned()
        yield from self._of_given(now)
        yield from self._new(added)

    def _aligned(self) -> tuple[dict[int, list[Piece]], list[tuple[int, Piece]]]:
        """What stands in the place of each piece handed out, and what is new, each with the place it stands behind."""
        now: dict[int, list[Piece]] = {place: [] for place in range(len(self.before))}
        added: list[tuple[int, Piece]] = []
        matcher = SequenceMatcher(
            None, [(p.level, p.text) for p in self.before], [(p.level, p.text) for p in self.after], False
        )
        for kind, i1, i2, j1, j2 in matcher.get_opcodes():
            for step in range(max(i2 - i1, j2 - j1)):
                place, piece = i1 + step, self.after[j1 + step] if j1 + step < j2 else None
                if (
                    kind != "insert"
                    and place < i2
                    and piece
                    and bool(self.before[place].level) == bool(piece.level)
                ):
                    now[place].append(piece)
                elif piece and not piece.level:
                    added.append((max(min(place, i2) - 1, 0), piece))
        return now, added

    def _of_given(self, now: dict[int, list[Piece]]) -> Iterator[WordingChange]:
        """Changes of what was handed out, the clauses of one sentence together."""
        grouped: dict[tuple[int, str], list[int]] = {}
        for place, piece in enumerate(self.before):
            grouped.setdefault((piece.level, piece.key), []).append(place)
        starts = False  # whether a sentence left out began the paragraph
        for (level, key), places in grouped.items():
            first = self.before[places[0]]
            old = "".join(self.before[place].text for place in places)
            found = [piece for place in places for piece in now[place]]
            new = "".join(piece.text for piece in found)
            starts = first.starts or (starts and not level)
            if not key:
                continue
            about = (self.levels[level] if level else "sentence", key, first.section, self._shown(old))
            if old != new:
                yield WordingChange("changed" if new else "left_out", *about, self._kept(new))
            if found and not level:
                if found[0].starts != starts and first.section not in OPENINGS:
                    yield WordingChange("parted" if found[0].starts else "joined", *about, "")
                starts = False

    def _new(self, added: list[tuple[int, Piece]]) -> Iterator[WordingChange]:
        """The new sentences; those of one paragraph that stand together are one."""
        joined: list[tuple[int, bool, str]] = []
        for place, piece in added:
            if joined and joined[-1][0] == place and not piece.starts:
                joined[-1] = (place, joined[-1][1], joined[-1][2] + piece.text)
            else:
                joined.append((place, piece.starts, piece.text))
        for place, starts, text in joined:
            before, section = self.before[place], self._section(place)
            if section:
                behind = "" if before.level else before.key
                starts = starts and section not in OPENINGS
                yield WordingChange(
                    "added", "sentence", "", section, "", self._kept(text), behind=behind, starts=starts
                )

    def _section(self, place: int) -> str:
        piece = self.before[place]
        # A chapter is known by the key of its first section.
        return piece.section or (piece.key if piece.level else "")

    def _kept(self, text: str) -> str:
        """Marks as the tokens they stand for."""
        return re.sub(r"⟦(\d+)⟧", lambda m: self._figure(m, "source"), text)

    def _shown(self, text: str) -> str:
        return re.sub(r"⟦(\d+)⟧", lambda m: self._figure(m, "text"), text)

    def _figure(self, found: re.Match[str], name: str) -> str:
        figure = self.sources.get(int(found[1]))
        # A figure of another document is mere text here.
        return getattr(figure, name) if figure else self.found.says(int(found[1])) or ""
