"""`manage.py summary YEAR --output FILE.docx`: the summary of a year or a part of it, the plan or both as a Word file."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports import document
from reports.drafting import CannotDraft, Order, draft
from reports.outlines import KINDS
from reports.periods import CHOICES, Period
from reports.summary import NUMBERINGS
from unionoffice.organisation.choices import UnionKind
from unionoffice.organisation.models import Union
from unionoffice.records.due import bring_up_to_date


class Command(BaseCommand):
    help = "把全年或其中一段的工作总结、下年工作计划或两者写成 Word 文件（草稿）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("year", type=int, help="总结的年度；计划写下一年")
        spans = [span for span in CHOICES if span != "window"]
        parser.add_argument(
            "--span", choices=spans, default="year", help="半年、季度或月，如 half1、quarter2、month3"
        )
        parser.add_argument("--from", dest="start", type=_day, help="自选时期的起始日期；不给就是该年1月1日")
        parser.add_argument("--to", dest="end", type=_day, help="自选时期的截止日期；不给就是该年12月31日")
        parser.add_argument("--output", required=True, type=Path, help="写入的 .docx 文件")
        parser.add_argument("--kind", choices=KINDS, default="summary", help="总结、计划或两者")
        parser.add_argument("--union", default="", help="只写一个工会，给出全称或简称；不给就是全镇")
        parser.add_argument("--numbering", choices=NUMBERINGS, default="official", help="标题编号")

    def handle(self, *args: Any, **options: Any) -> None:
        bring_up_to_date()
        path: Path = options["output"]
        if path.suffix.lower() != ".docx":
            raise CommandError(f"输出文件要以 .docx 结尾：{path}")
        if not path.absolute().parent.is_dir():
            raise CommandError(f"没有这个文件夹：{path.parent}")
        order = Order(
            period=_period(options["year"], options["span"], options["start"], options["end"]),
            today=timezone.localdate(),
            kind=options["kind"],
            union=_union(options["union"]) if options["union"] else None,
            numbering=options["numbering"],
        )
        try:
            summary = draft(order)
            _save(path, document.write(summary))
        except CannotDraft as problem:
            raise CommandError(str(problem)) from problem
        except OSError as problem:
            raise CommandError(f"不能写入 {path}：{problem.strerror}") from problem
        left_out = sum(omission.whole_sentence for omission in summary.omissions)
        self.stdout.write(
            f"{summary.title}：{len(summary.ledger())}个数据，{left_out}句因没有数据未写入，已存为 {path}"
        )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise ArgumentTypeError(f"“{text}”不是日期，请写成 2026-03-05") from problem


def _period(year: int, span: str, start: date | None, end: date | None) -> Period:
    """The part of the year, or the days from one to the other."""
    try:
        whole = Period.of_year(year)
    except ValueError as problem:
        raise CommandError(f"{year}不是年度") from problem
    if start is None and end is None:
        return Period.chosen(year, span)
    if span != "year":
        raise CommandError("--span 和 --from、--to 只能用一种")
    period = Period(start or whole.start, end or whole.end)
    if period.end < period.start:
        raise CommandError(f"截止日期{period.end}早于起始日期{period.start}")
    return period


def _save(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    unfinished = path.with_name(f".{path.name}.part")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _union(name: str) -> Union | None:
    """The union of this name or short name; None for the township union, whose document is the town's."""
    found = list(Union.objects.filter(name=name) or Union.objects.filter(short_name=name)[:2])
    if not found:
        raise CommandError(f"没有名为“{name}”的工会")
    if len(found) > 1:
        raise CommandError(f"有多个工会的简称是“{name}”，请写全称")
    return None if found[0].kind == UnionKind.TOWNSHIP else found[0]
