"""Every record type and all that writes it: settled rows stay as they are, and rules judge rows with all their fields."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import openpyxl
import pytest
from django.db import models
from django.test import Client

from members.choices import RequestState
from members.models import TransferRequest
from tests.every_record import SAMPLES, create, with_reason
from tests.test_every_step import asked
from unionoffice.fields import EncryptedField
from unionoffice.organisation.models import Record, Union, User
from unionoffice.records.exporting import Export
from unionoffice.records.importing.findings import Judgement
from unionoffice.records.importing.workbook import find, judge, write
from unionoffice.records.models import Change
from unionoffice.records.rules import Batch, Problem, refused, warned
from unionoffice.records.steps import StepRefused
from unionoffice.records.types import RecordType, RowAction, registry
from unionoffice.records.views.editing import StepPage
from unionoffice.sheets.reading import open_book

pytestmark = pytest.mark.django_db
KINDS = list(registry)
TYPED = [kind for kind in KINDS if kind.slug in SAMPLES]
SAID = "这一条已经了结"
Set = Callable[..., None]


@pytest.fixture
def office(staff: User, login: Callable[[User], Client]) -> Client:
    return login(staff)


@pytest.fixture
def declare() -> Iterator[Set]:
    """Declares something else of a type for the length of a test."""
    before: list[tuple[RecordType, str, Any]] = []

    def declare(kind: RecordType, **changed: Any) -> None:
        for name, value in changed.items():
            before.append((kind, name, getattr(kind, name)))
            object.__setattr__(kind, name, value)

    yield declare
    for kind, name, value in reversed(before):
        object.__setattr__(kind, name, value)


def made(office: Client, kind: RecordType, union: Union) -> Record:
    if kind.slug in SAMPLES:
        return create(office, kind, union, 0)
    TransferRequest.objects.filter(pk=asked(union).pk).update(state=RequestState.WAITING)
    return TransferRequest.objects.get()


def changeable(kind: RecordType) -> str:
    """A field that a colleague might correct: no key, no number of a person, no relation."""
    keys = {name for key in kind.import_key for name in key}
    free = [kind.field(name) for name in kind.fields if name not in keys | kind.not_in_bulk]
    plain = [f for f in free if not (f.is_relation or f.unique or f.choices or isinstance(f, EncryptedField))]
    texts = [f for f in plain if isinstance(f, models.CharField | models.TextField)]
    days = [f for f in plain if isinstance(f, models.DateField)]
    return (texts or days)[-1].name


def other_value(kind: RecordType, name: str) -> str:
    return "2021-02-03" if isinstance(kind.field(name), models.DateField) else "改过的字"


def corrected_file(kind: RecordType, record: Record, staff: User) -> bytes:
    """The type's own export with one cell of this record typed anew."""
    file = io.BytesIO()
    Export(kind, staff, every=True).write(file)
    book = openpyxl.load_workbook(file)
    sheet, name = book.active, changeable(kind)
    places = {cell.value: cell.column for cell in sheet[1]}
    [row] = [r[0].row for r in sheet.iter_rows(min_row=2) if r[places["系统编号"] - 1].value == record.pk]
    sheet.cell(row, places[kind.heading(name)]).value = other_value(kind, name)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def imported(kind: RecordType, content: bytes, do: Callable[..., Any] = judge, **more: Any) -> Judgement:
    with open_book(io.BytesIO(content), "改过.xlsx") as book:
        found = do(book, find(book, None, kind), None, **more)
    return (found[1] if isinstance(found, tuple) else found)[kind]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.slug)
def test_settled_row_is_changed_by_no_writer(
    kind: RecordType,
    office: Client,
    union: Union,
    staff: User,
    declare: Set,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    record = made(office, kind, union)
    name = changeable(kind)
    form = office.get(kind.url("edit", record.pk)).context["form"]
    opened = {bound.html_name: bound.value() for bound in form if bound.value() not in (None, "", False)}
    typed = with_reason(opened)
    file = corrected_file(kind, record, staff)
    declare(kind, settled=lambda row: SAID)
    monkeypatch.setattr(RowAction, "may_be_taken", lambda self, row: True)
    stored, changes = kind.model.objects.filter(pk=record.pk).values().get(), Change.objects.count()
    bulk = {"pk": record.pk, "save": "1", f"change_{name}": "on", f"to_{name}": other_value(kind, name)}
    pages = {
        "edit": office.post(kind.url("edit", record.pk), typed | {name: other_value(kind, name)}),
        "bulk": office.post(kind.url("bulk"), bulk | {"reason": "已核对"}),
        "delete": office.post(kind.url("delete", record.pk), follow=True),
    }
    judgement = imported(kind, file, write, summary="改过的")
    for step in kind.steps:
        page = StepPage()
        page.kind, page.step, page.kwargs = kind, step, {"pk": record.pk}
        with pytest.raises(StepRefused, match=SAID):
            page.take({})

    assert {page for page, answer in pages.items() if SAID not in answer.content.decode()} == set()
    assert [found.code for found in judgement.findings if found.verdict == "refused"] == ["settled"]
    assert kind.model.objects.filter(pk=record.pk).values().get() == stored
    assert Change.objects.count() == changes


@pytest.mark.parametrize("kind", TYPED, ids=lambda kind: kind.slug)
def test_bulk_edit_judges_rows_with_all_their_fields(
    kind: RecordType, office: Client, union: Union, declare: Set
) -> None:
    record, name, batches = made(office, kind, union), changeable(kind), []

    def rule(batch: Batch) -> Iterator[Problem]:
        batches.append(batch)
        yield refused(0, name, "tried", SAID)

    declare(kind, rules=(rule,))

    office.post(
        kind.url("bulk"), {"pk": record.pk, "save": "1", f"change_{name}": "on", f"to_{name}": "2021-02-03"}
    )

    assert batches
    assert {frozenset(batch.values) for batch in batches} == {frozenset(kind.fields)}


@pytest.mark.parametrize("kind", TYPED, ids=lambda kind: kind.slug)
def test_bulk_edit_asks_a_reason_only_for_doubts_it_raises(
    kind: RecordType, office: Client, union: Union, declare: Set
) -> None:
    """One doubt the row has had before; another comes with the new value."""
    record, name = made(office, kind, union), changeable(kind)
    before, value = getattr(record, name), other_value(kind, name)
    sent = {"pk": record.pk, "save": "1", f"change_{name}": "on", f"to_{name}": value}

    def old(batch: Batch) -> Iterator[Problem]:
        yield warned(0, kind.fields[0], "old", "早就有的提醒")

    def new(batch: Batch) -> Iterator[Problem]:
        if str(batch.column(name)[0] or "") == value:
            yield warned(0, name, "new", "新的提醒")

    declare(kind, rules=(old, new))
    doubted = office.post(kind.url("bulk"), sent)
    record.refresh_from_db()
    assert doubted.status_code == 422
    assert "新的提醒" in doubted.content.decode()
    assert "早就有的提醒" not in doubted.content.decode()
    assert getattr(record, name) == before

    declare(kind, rules=(old,))
    assert office.post(kind.url("bulk"), sent).status_code == 302
    record.refresh_from_db()
    assert str(getattr(record, name)) == value
