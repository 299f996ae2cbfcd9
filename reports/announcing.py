"""The targets of next year's plan in its document: one sentence for each line, with its figure, its day and its owner."""

from collections.abc import Iterator
from dataclasses import replace

from unionoffice import facts
from unionoffice.organisation.models import Union

from . import wording
from .outline import Chapter, Document, Section, Sentence, Variant
from .plan_items import PlanItem
from .plans import aim
from .reckoning import items_of, plain_words


def with_targets(document: Document, year: int, union: Union | None) -> Document:
    """The document whose last part, the plan, ends with the targets of that year; as it was where none is listed."""
    lines = tuple((_sentence(item),) for item in items_of(year, union) if not item.cancelled_on)
    if not lines:
        return document
    *others, plan = document.parts
    chapter = Chapter("明确目标任务", (Section("逐项列明目标", lines),))
    return replace(document, parts=(*others, replace(plan, chapters=(*plan.chapters, chapter))))


def _sentence(item: PlanItem) -> Sentence:
    clauses = "，".join(_clauses(item))
    text = f"{plain_words(item.wording)}：{clauses}。"
    return Sentence(f"plan.target.{item.pk}", (Variant(text),), stands_alone=True)


def _clauses(item: PlanItem) -> Iterator[str]:
    """What is to be reached, by when, and who sees to it."""
    fact = facts.registry.get(item.key)
    if fact is not None and item.target is not None:
        yield f"{fact.label}{aim(item.measure, item.target, fact)}"
    yield f"{wording.as_of(item.due_on)}前完成"
    if item.owner:
        yield f"由{plain_words(item.owner)}负责"
