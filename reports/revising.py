"""What the office does to a draft: starts it, changes its words, order and figures, keeps its wording for later."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from django.utils import timezone

from unionoffice.organisation.models import User
from unionoffice.records.history import act
from unionoffice.records.models import ActKind

from .assemble import Writer
from .drafting import Order, prepare, standard
from .editing import OWN, Edit, Edits, Level, arrange
from .models import FigureOverride, Report, ReportText, TemplateText
from .outline import Document, Sentence
from .plan_items import PlanItem


def start(order: Order, *, user: User) -> Report:
    """A new draft, worded as the office's template says. CannotDraft where nothing can be written about."""
    title = prepare(order).summary.title
    with act(ActKind.CREATE, user=user, summary=f"起草 {title}"):
        report = Report.objects.create(
            kind=order.kind,
            start=order.period.start,
            end=order.period.end,
            union=order.union,
            title=title,
            numbering=order.numbering,
            for_upper=order.for_upper,
            tables=_usual_tables(order),
            created_by=user,
        )
        template = TemplateText.objects.filter(union=order.union)
        ReportText.objects.bulk_create(ReportText(report=report, **text.values()) for text in template)
    return report


def _usual_tables(order: Order) -> list[str]:
    """A year's summary reconciles its plan line by line, where there was one."""
    planned = PlanItem.objects.filter(year=order.year, union=order.union)
    return ["plan"] if order.tells_plan and planned.exists() else []


def change(report: Report, edit: Edit, *, user: User) -> None:
    """Put one edit in place of the one there was; an edit that changes nothing is dropped."""
    with act(ActKind.CHANGE, user=user, summary=f"修改文字 {report}"):
        _put(report, [edit])


def _put(report: Report, edits: Iterable[Edit]) -> None:
    for edit in edits:
        row = ReportText.objects.filter(report=report, level=edit.level, key=edit.key)
        if edit == Edit(edit.level, edit.key):
            row.delete()
        else:
            values = {name: value for name, value in vars(edit).items() if name not in ("level", "key")}
            ReportText.objects.update_or_create(
                report=report, level=edit.level, key=edit.key, defaults=values
            )


def add_sentence(
    report: Report, section: str, text: str, *, user: User, behind: str | None = None, starts: bool = False
) -> str:
    """A sentence of the office's own, behind another (at the head where that is empty), or at the end of a section;
    returns its key. starts: whether it begins a paragraph."""
    key = f"{OWN}{uuid.uuid4().hex[:12]}"
    edits = _edits(report)
    document = arranged(report, edits)
    keys = siblings(document, "sentence", section)
    own = Edit("sentence", key, section, len(keys), starts, text)
    if behind is None or keys[-1:] == [behind]:
        change(report, own, user=user)
        return key
    keys.insert(keys.index(behind) + 1 if behind in keys else 0, key)
    placed = _placed(
        Edits([*edits.all, own]), "sentence", keys, _starting(document) | ({key} if starts else set())
    )
    with act(ActKind.CHANGE, user=user, summary=f"修改文字 {report}"):
        _put(report, placed)
    return key


def begin_paragraph(report: Report, key: str, begins: bool, *, user: User) -> None:
    """Let a sentence begin a paragraph, or the paragraph it stands in follow on the one before."""
    edits = _edits(report)
    document = arranged(report, edits)
    first = next(
        (sentences[0].key for sentences in _paragraphs(document) if key in {s.key for s in sentences}), key
    )
    edit = edits.of("sentence", key if begins else first)
    change(report, replace(edit, starts_paragraph=begins), user=user)


def remove(report: Report, edit: Edit, *, user: User) -> None:
    """Drop an edit: the standard comes back, a sentence of the office's own goes."""
    with act(ActKind.CHANGE, user=user, summary=f"恢复标准文字 {report}"):
        ReportText.objects.filter(report=report, level=edit.level, key=edit.key).delete()


def restore_standard(report: Report, *, user: User) -> None:
    """Drop every edit of the wording."""
    with act(ActKind.CHANGE, user=user, summary=f"全部恢复标准文字 {report}"):
        report.texts.all().delete()


def keep_as_template(report: Report, *, user: User) -> None:
    """The wording of this document becomes that of those to come on the same subject."""
    with act(ActKind.SETTING, user=user, summary=f"存为模板 {report}"):
        TemplateText.objects.filter(union=report.union).delete()
        TemplateText.objects.bulk_create(
            TemplateText(union=report.union, **text.values()) for text in report.texts.all()
        )


def move(report: Report, level: Level, key: str, step: int, *, user: User) -> None:
    """One place up (-1) or down (1) among its neighbours; at the end nothing happens."""
    edits = _edits(report)
    document = arranged(report, edits)
    keys = siblings(document, level, parent_of(document, level, key))
    place = keys.index(key)
    if not 0 <= place + step < len(keys):
        return
    keys.insert(place + step, keys.pop(place))
    with act(ActKind.CHANGE, user=user, summary=f"调整次序 {report}"):
        _put(report, _placed(edits, level, keys, _starting(document)))


def _placed(edits: Edits, level: Level, keys: list[str], starting: set[str]) -> list[Edit]:
    """Nodes of one parent in this order, the sentences with whether they begin a paragraph."""
    return [
        replace(
            edits.of(level, name),
            position=number,
            starts_paragraph=name in starting if level == "sentence" else None,
        )
        for number, name in enumerate(keys)
    ]


def type_over(report: Report, key: str, value: Decimal | tuple[str, ...], reason: str, *, user: User) -> None:
    """A figure typed over that of the records."""
    number, names = (None, list(value)) if isinstance(value, tuple) else (value, [])
    with act(ActKind.CHANGE, user=user, summary=f"填写数字 {report}", reason=reason):
        FigureOverride.objects.update_or_create(
            report=report, key=key, defaults={"number": number, "names": names, "reason": reason}
        )


def take_figure_back(report: Report, key: str, *, user: User) -> None:
    """The figure of the records again."""
    with act(ActKind.CHANGE, user=user, summary=f"恢复台账数字 {report}"):
        FigureOverride.objects.filter(report=report, key=key).delete()


def variant_written(report: Report, key: str) -> int:
    """Which variant of a sentence is written today; the first where none is."""
    found = prepare(report.order(timezone.localdate()), everything=True)
    node = next((sentence for sentence in found.everything.sentences if sentence.key == key), None)
    return (Writer(found.values, found.setting).fitting(node) or 0) if node else 0


def _edits(report: Report) -> Edits:
    return Edits(text.edit() for text in report.texts.all())


def arranged(report: Report, edits: Edits) -> Document:
    """The outline in the office's order, with what it left out."""
    return arrange(standard(report.order(timezone.localdate())), edits, everything=True)


def parent_of(document: Document, level: Level, key: str) -> str:
    """Key of the part, chapter or section that holds a node. KeyError where there is none."""
    for part in document.parts:
        if level == "chapter" and key in siblings(document, level, part.key):
            return part.key
        holders = [part.key] if level == "sentence" else []
        for chapter in part.chapters:
            holders += [chapter.key] if level == "section" else [s.key for s in chapter.sections]
        for holder in holders:
            if level != "chapter" and key in siblings(document, level, holder):
                return holder
    raise KeyError(key)


def siblings(document: Document, level: Level, parent: str) -> list[str]:
    """Keys of the nodes of a level below one parent, in order."""
    for part in document.parts:
        if part.key == parent:
            return [node.key for node in (part.chapters if level == "chapter" else part.opening)]
        for chapter in part.chapters:
            if level == "section" and chapter.key == parent:
                return [section.key for section in chapter.sections]
            for section in chapter.sections:
                if level == "sentence" and section.key == parent:
                    return [sentence.key for paragraph in section.paragraphs for sentence in paragraph]
    raise KeyError(parent)


def _paragraphs(document: Document) -> Iterator[tuple[Sentence, ...]]:
    for part in document.parts:
        for chapter in part.chapters:
            for section in chapter.sections:
                yield from section.paragraphs


def _starting(document: Document) -> set[str]:
    """Sentences that start a paragraph."""
    return {sentences[0].key for sentences in _paragraphs(document)}
