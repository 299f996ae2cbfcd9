"""`manage.py summary YEAR --output FILE.docx`: the annual summary, the plan or both as a Word file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports import document
from reports.drafting import CannotDraft, Order, draft
from reports.outlines import KINDS
from reports.periods import Period
from reports.summary import NUMBERINGS
from unionoffice.organisation.choices import UnionKind
from unionoffice.organisation.models import Union


class Command(BaseCommand):
    help = "把年度工作总结、下年工作计划或两者写成 Word 文件（草稿）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("year", type=int, help="总结的年度；计划写下一年")
        parser.add_argument("--output", required=True, type=Path, help="写入的 .docx 文件")
        parser.add_argument("--kind", choices=KINDS, default="summary", help="总结、计划或两者")
        parser.add_argument("--union", default="", help="只写一个工会，给出全称或简称；不给就是全镇")
        parser.add_argument("--numbering", choices=NUMBERINGS, default="official", help="标题编号")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["output"]
        if path.suffix.lower() != ".docx":
            raise CommandError(f"输出文件要以 .docx 结尾：{path}")
        if not path.absolute().parent.is_dir():
            raise CommandError(f"没有这个文件夹：{path.parent}")
        order = Order(
            period=Period.of_year(options["year"]),
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
