"""Damaged files at every place that takes files: each is read or refused in words, none ends in an error page."""

import io
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.forms import BaseForm, FileField
from django.test import Client
from django.urls import get_resolver
from PIL import Image

from reports.models import Report
from tests.damaged import variants
from tests.reports.conftest import report, walk, writing
from tests.reports.placeholders.files import everywhere, word
from tests.reports.returns.forms import word_form, workbook_form
from tests.roster import messy_roster
from tests.welfare.samples import visit
from unionoffice.organisation.models import Union
from unionoffice.records.resources import resource_for
from unionoffice.records.types import RecordType, registry

pytestmark = pytest.mark.django_db
__all__ = ["report", "walk", "writing"]
SHEETS = Path(__file__).parent / "fixtures" / "sheets"
EACH = 5  # variants of each file at each place
ODD_CELLS = ("9" * 5000, "-" + "9" * 20, "0." + "9" * 4000, "1e999", "工" * 2000, "9999-99-99", "٣", "=1+1")
PAGE = {"title": "核查", "partner": "税务所", "checked_on": "2024-05-01"}


def picture(form: str) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((60, 40), 80).convert("RGB").save(out, form)
    return out.getvalue()


@pytest.fixture
def kinds_of_file(writing: Client, report: Report, union: Union) -> dict[str, bytes]:
    """A whole file of each kind, by a name that says the kind."""
    sheets = {path.name: path.read_bytes() for path in SHEETS.iterdir()}
    pictures = {f"照片.{form.lower()}": picture(form) for form in ("JPEG", "PNG", "GIF", "WEBP", "BMP")}
    document = writing.get(f"/reports/drafts/{report.pk}/document.docx").content
    return (
        sheets
        | pictures
        | {
            "花名册.xlsx": messy_roster(union),
            "名单.csv": "单位名称,统一社会信用代码,人数\n甲厂,,12\n乙厂,,7\n".encode("gb18030"),
            "报表.xlsx": workbook_form(),
            "报表.docx": word_form(),
            "模板.docx": word("{{会员总数}}", change=everywhere),
            "总结.docx": document,
        }
    )


@pytest.fixture
def uploads(report: Report, union: Union) -> dict[str, tuple[str, Callable[[SimpleUploadedFile], dict]]]:
    """Every place that takes files: what kinds of file are meant for it, its address, what is sent."""
    seen = visit(union, name="王师傅")
    return {
        "/members/import/": ("xlsx xls ods csv", lambda file: {"file": file}),
        "/roster-checks/new/": ("xlsx xls ods csv", lambda file: PAGE | {"workbook": file}),
        "/returns/upload/": ("xlsx docx", lambda file: {"file": file}),
        "/word/upload/": ("docx", lambda file: {"file": file}),
        f"/reports/drafts/{report.pk}/returned/": ("docx", lambda file: {"file": file}),
        f"/care-visits/{seen.pk}/attach/": (
            "jpeg png gif webp bmp",
            lambda file: {"kind": "photo", "files": [file]},
        ),
        "/care-visits/quick/": ("jpeg", lambda file: {"photos_photo": [file]}),
    }


def fields_that_take_files() -> Iterator[str]:
    kinds = [BaseForm]
    assert get_resolver().url_patterns  # whose views load the forms
    for kind in kinds:
        kinds += kind.__subclasses__()
        is_made_for_a_type = kind.__module__.startswith("django.")  # of the form that is named beside it
        takes_files = any(isinstance(field, FileField) for field in getattr(kind, "base_fields", {}).values())
        if takes_files and not is_made_for_a_type:
            yield f"{kind.__module__}.{kind.__name__}"


def test_every_form_that_takes_a_file_is_tried_here() -> None:
    assert set(fields_that_take_files()) == {
        "members.forms.RosterCheckForm",
        "reports.views.placeholders.UploadForm",
        "reports.views.returned.UploadForm",
        "reports.views.returns.UploadForm",
        "unionoffice.records.views.importing.UploadForm",
    }


def test_damaged_file_never_ends_in_an_error(
    writing: Client, kinds_of_file: dict[str, bytes], uploads: dict[str, tuple[str, Callable]]
) -> None:
    answers = []
    for place, (meant, sent) in uploads.items():
        for name, content in kinds_of_file.items():
            count = EACH if name.rpartition(".")[2] in meant.split() else 1
            for variant in islice(variants(content, count, len(answers)), count):
                with transaction.atomic():
                    answer = writing.post(place, sent(SimpleUploadedFile(name, variant)))
                    answers.append((place, name, answer.status_code))
                    transaction.set_rollback(True)

    assert len(answers) > 200
    assert [answer for answer in answers if answer[-1] not in (200, 302, 422)] == []


@pytest.mark.parametrize("kind", list(registry), ids=lambda kind: kind.slug)
def test_cell_no_record_can_hold_is_refused_in_words(kind: RecordType, writing: Client, union: Union) -> None:
    if kind.made_by_steps:
        return
    headings = [column.heading for column in resource_for(kind).columns]
    rows = [",".join([cell] * len(headings)) for cell in ODD_CELLS]
    content = "\n".join([",".join(headings), *rows]).encode()

    answer = writing.post(kind.url("import"), {"file": SimpleUploadedFile("表.csv", content)}, follow=True)

    assert answer.status_code == 200
    assert {row["verdict_label"] for row in answer.context["rows"]} == {"拒收"}


def test_list_with_a_number_no_unit_has_is_refused_in_words(writing: Client) -> None:
    for number in ("9" * 5000, "9999999999"):
        file = SimpleUploadedFile("名单.csv", f"单位名称,人数\n甲厂,{number}\n".encode())
        answer = writing.post("/roster-checks/new/", PAGE | {"workbook": file})

        assert answer.status_code == 422
        assert "“甲厂”的人数" in answer.context["form"].errors["workbook"][0]
