"""Every record type in workbooks: what goes out comes in again as unchanged, masked or in full, and the empty sheet fits."""

import io
from collections.abc import Callable

import openpyxl
import pytest
from django.test import Client

from tests.every_record import SAMPLES, create
from unionoffice.organisation.models import Union, User
from unionoffice.records.exporting import Export
from unionoffice.records.importing.findings import Tally
from unionoffice.records.importing.workbook import find, judge
from unionoffice.records.models import Disclosure
from unionoffice.records.resources import resource_for
from unionoffice.records.types import RecordType, registry
from unionoffice.sheets.reading import open_book

pytestmark = pytest.mark.django_db
KINDS = [kind for kind in registry if kind.slug in SAMPLES]
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.slug)


@pytest.fixture
def office(staff: User, login: Callable[[User], Client]) -> Client:
    return login(staff)


def judged(content: bytes, user: User, kind: RecordType) -> tuple[Tally, list[str]]:
    with open_book(io.BytesIO(content), "again.xlsx") as book:
        judgement = judge(book, find(book, user, kind), user)[kind]
    return judgement.tally, [found.message for found in judgement.findings]


@every_kind
@pytest.mark.parametrize("full", [False, True], ids=["masked", "full"])
def test_what_was_exported_imports_as_unchanged(
    kind: RecordType, full: bool, office: Client, union: Union, staff: User
) -> None:
    for n in range(3):
        create(office, kind, union, n)
    file = io.BytesIO()

    count = Export(kind, staff, every=True, full=full, purpose="核对").write(file)

    assert count >= 3
    assert judged(file.getvalue(), staff, kind) == (Tally(unchanged=count), [])


@every_kind
def test_list_as_it_stands_imports_as_unchanged(
    kind: RecordType, office: Client, union: Union, staff: User
) -> None:
    create(office, kind, union, 0)

    answer = office.post(kind.url("export"), {"columns": "shown"})

    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    tally, findings = judged(answer.content, staff, kind)
    assert (tally.new, tally.changed, tally.refused, findings) == (0, 0, 0, [])
    assert tally.unchanged >= 1


@every_kind
def test_template_has_every_column_and_is_understood(kind: RecordType, office: Client, staff: User) -> None:
    answer = office.get(kind.url("template"))

    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))[kind.title]
    headings = [cell.value for cell in sheet[1]]
    assert headings == [column.heading for column in resource_for(kind).columns if column.key != "pk"]
    assert judged(answer.content, staff, kind) == (Tally(), [])


@every_kind
def test_nothing_shown_in_full_goes_unnoted(
    kind: RecordType, office: Client, union: Union, staff: User
) -> None:
    create(office, kind, union, 0)
    before = Disclosure.objects.count()
    export = Export(kind, staff, every=True, full=True, purpose="互助保障参保")

    count = export.write(io.BytesIO())

    revealed = [column.key for column in export.columns() if column.reveals]
    noted = Disclosure.objects.order_by("pk")[before:]
    assert [(note.count, note.columns, note.purpose) for note in noted] == (
        [(count, revealed, "互助保障参保")] if revealed else []
    )
