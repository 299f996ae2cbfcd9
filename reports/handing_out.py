"""Word files handed out: each remembers what it said, by a mark in its keywords, so that it can come back edited."""

import hashlib
import json
import re

from django.utils import timezone

from unionoffice.organisation.models import User

from . import document
from .attachments import pictures, with_attachments
from .drafting import CannotDraft, prepare
from .models import HandedCopy, Report
from .storing import restored, summary_as_json
from .summary import Summary

MARK = re.compile(r"文件编号(\d+)-(\d+)")
FINAL = 0  # the copy number of a final document's own file


def mark(report: Report, copy: int) -> str:
    return f"文件编号{report.pk}-{copy}"


def hand_out(report: Report, *, user: User) -> bytes:
    """The file of a final document as it was stored; else as the document reads today. CannotDraft if it is empty."""
    if report.is_final:
        return report.file.read()
    summary = written(report)
    content = summary_as_json(summary)
    digest = hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    copy, _ = HandedCopy.objects.get_or_create(
        report=report, sha256=digest, defaults={"summary": content, "handed_to": user}
    )
    return document.write(summary, mark(report, copy.pk), pictures(summary))


def written(report: Report) -> Summary:
    """The document as it reads today, with its attachments. CannotDraft where there is nothing to write."""
    done = prepare(report.order(timezone.localdate()))
    if done.summary.is_empty:
        raise CannotDraft(f"{report.period.name}还没有可以写入的记录")
    return with_attachments(done)


def given(report: Report, keywords: str) -> tuple[HandedCopy | None, Summary]:
    """What an edited file of this report said when it was handed out. ValueError, one Chinese line, for another's file.

    A file without a mark is held against the final text, or against the document as it reads today."""
    found = MARK.search(keywords)
    if found and int(found[1]) != report.pk:
        raise ValueError("这是另一份文件的 Word 文档，请在那份文件的页面上传")
    copy = HandedCopy.objects.filter(report=report, pk=int(found[2])).first() if found else None
    if copy is not None:
        return copy, restored(copy.summary)
    if report.is_final:
        return None, restored(report.frozen["summary"])
    return None, written(report)
