"""Draft -> checked -> final, and the version after it. What a final document says is frozen here."""

from collections.abc import Iterator
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from unionoffice.facts import FactValue, Value
from unionoffice.organisation.models import User
from unionoffice.records import blobs
from unionoffice.records.history import act
from unionoffice.records.models import ActKind

from . import document, wording
from .attachments import pictures, with_attachments
from .drafting import CannotDraft, Draft, prepare
from .figures import exact
from .handing_out import FINAL, mark
from .models import FigureOverride, FrozenFigure, Report, ReportPhoto, ReportText, State
from .storing import stored

OWN_FIELDS = (
    "kind",
    "start",
    "end",
    "union",
    "title",
    "numbering",
    "for_upper",
    "signed_on",
    "days",
    "tables",
    "charts",
    "issue_number",
    "approver",
    "copies_to",
    "printed_by",
    "printed_on",
)


class NotNow(ValueError):
    """The step does not fit the document's state; the message is one Chinese line."""


def check(report: Report, *, user: User) -> None:
    """Draft -> checked: somebody read it."""
    with act(ActKind.STEP, user=user, summary=f"核对 {report}"):
        report = _locked(report, State.DRAFT)
        report.state, report.checked_by, report.checked_at = State.CHECKED, user, timezone.now()
        report.save()


def reopen(report: Report, *, user: User) -> None:
    """Checked -> draft, to be changed once more."""
    with act(ActKind.STEP, user=user, summary=f"退回修改 {report}"):
        report = _locked(report, State.CHECKED)
        report.state, report.checked_by, report.checked_at = State.DRAFT, None, None
        report.save()


def finalise(report: Report, *, user: User) -> Report:
    """Checked -> final: text, figures, the rows behind them, settings and the file as they are now, for ever.

    CannotDraft where there is nothing to write."""
    with act(ActKind.STEP, user=user, summary=f"定稿 {report}"):
        report = _locked(report, State.CHECKED)
        if report.signed_on is None:
            report.signed_on = timezone.localdate()
        done = prepare(report.order(timezone.localdate()))
        if done.summary.is_empty:
            raise CannotDraft(f"{report.period.name}还没有可以写入的记录")
        FrozenFigure.objects.bulk_create(_figures(report, done))
        summary = with_attachments(done)
        file = blobs.store(
            document.write(summary, mark(report, FINAL), pictures(summary)), document.MEDIA_TYPE
        )
        report.file, report.sha256 = file, file.sha256
        report.frozen = stored(done, summary)
        report.state, report.finalised_by, report.finalised_at = State.FINAL, user, timezone.now()
        report.save()
    return report


def new_version(report: Report, *, user: User) -> Report:
    """A draft that will take the place of a final document, with its wording and the figures typed over."""
    with act(ActKind.STEP, user=user, summary=f"起草新版 {report}"):
        report = _locked(report, State.FINAL)
        if report.successor:
            raise NotNow("已经有了新版，请打开新版修改")
        made = Report.objects.create(
            version=report.version + 1,
            supersedes=report,
            created_by=user,
            **{name: getattr(report, name) for name in OWN_FIELDS},
        )
        ReportText.objects.bulk_create(
            ReportText(report=made, **text.values()) for text in report.texts.all()
        )
        FigureOverride.objects.bulk_create(
            FigureOverride(report=made, key=o.key, number=o.number, names=o.names, reason=o.reason)
            for o in report.overrides.all()
        )
        ReportPhoto.objects.bulk_create(
            ReportPhoto(report=made, file_id=p.file_id, caption=p.caption, position=p.position)
            for p in report.photos.all()
        )
    return made


def _locked(report: Report, state: State) -> Report:
    """The row as it stands in the database, held until the end of the transaction."""
    assert transaction.get_connection().in_atomic_block
    found = Report.objects.held().get(pk=report.pk)
    if found.state != state:
        raise NotNow(f"文件现在是“{found.get_state_display()}”，不能这样办理，请刷新页面")
    return found


def _figures(report: Report, done: Draft) -> Iterator[FrozenFigure]:
    """Every fact that stands in the text, and those of the year before it is compared with."""
    said = list(done.summary.figures())
    compared = {figure.key for figure in said if "|change" in figure.source}
    values = done.values
    for key in dict.fromkeys(figure.key for figure in said):
        note = values.notes.get(key, "")
        yield _frozen(report, values.now[key], values.counted.get(key, values.now[key]), note)
        if key in compared:
            yield _frozen(report, values.before[key], values.before[key], compared=True)


def _frozen(
    report: Report, found: FactValue, counted: FactValue, note: str = "", *, compared: bool = False
) -> FrozenFigure:
    scope = counted.scope
    return FrozenFigure(
        report=report,
        key=found.fact.key,
        compared=compared,
        label=found.fact.label,
        definition=found.fact.definition,
        unit=found.fact.unit,
        printed=exact(found),
        counted=as_text(counted.value),
        numerator=counted.numerator,
        denominator=counted.denominator,
        as_of=scope.as_of,
        start=scope.start,
        end=scope.end,
        record_ids=list(found.fact.rows(scope).values_list("pk", flat=True)),
        url=counted.url,
        note=note,
    )


def as_text(value: Value) -> str:
    """A fact's value as it is kept for comparison: names one below the other, numbers without trailing zeros."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return "\n".join(value)
    return value if isinstance(value, str) else wording.plain(Decimal(value))
