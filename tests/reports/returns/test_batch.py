"""One form for every union, in one archive."""

import io
import zipfile
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from reports.returns import binding
from reports.returns.batch import LACKS, start
from reports.returns.grid import Place
from reports.returns.models import ReturnForm, Source
from tests.members.samples import new_member
from tests.reports.returns.forms import sheet_of, workbook_form
from unionoffice.organisation.models import Union, User
from unionoffice.records.jobs import run_job
from unionoffice.records.models import Job

Login = Callable[[User], Client]
YEAR = {"year": 2024, "span": "year"}


@pytest.fixture
def form(cast: SimpleNamespace, union: Union) -> ReturnForm:
    new_member(union)
    form = binding.receive(workbook_form(), "统计表.xlsx", user=cast.staff).form
    binding.bind(
        form, Place(0, 3, 2), {"source": Source.FACT, "key": "members.active.count"}, user=cast.staff
    )
    return form


def result(job: Job) -> zipfile.ZipFile:
    run_job(str(job.pk))
    job.refresh_from_db()
    return zipfile.ZipFile(io.BytesIO(job.result.read()))


def test_every_union_gets_its_own_figures(
    form: ReturnForm, union: Union, other_union: Union, cast: SimpleNamespace
) -> None:
    job = start(form, YEAR, user=cast.staff)

    archive = result(job)
    sheets = {name: sheet_of(archive.read(name)) for name in archive.namelist()}
    lacks = sheets.pop(LACKS)

    assert {name: sheet["C4"].value for name, sheet in sheets.items()} == {
        "001宏达机械.xlsx": 1,
        "002金河村.xlsx": None,
    }
    assert (other_union.name, "C4") in {(row[0].value, row[2].value) for row in lacks.iter_rows()}
    assert (union.name, "C4") not in {(row[0].value, row[2].value) for row in lacks.iter_rows()}
    assert job.result_name == "统计表 2024年（每个工会一份）.zip"
    assert job.message.startswith("共 2 个工会")


def test_a_union_that_was_not_yet_founded_gets_none(
    form: ReturnForm, other_union: Union, cast: SimpleNamespace
) -> None:
    Union.objects.filter(pk=other_union.pk).update(founded_on="2025-02-01")

    assert result(start(form, YEAR, user=cast.staff)).namelist() == ["001宏达机械.xlsx", LACKS]


def test_a_form_that_is_gone_or_closed_is_told(form: ReturnForm, cast: SimpleNamespace) -> None:
    closed, early = (
        start(form, YEAR, user=cast.chair),
        start(form, {"year": 1990, "span": "year"}, user=cast.staff),
    )

    for job in (closed, early):
        run_job(str(job.pk))
        job.refresh_from_db()

    assert (closed.state, closed.message) == (Job.State.FAILED, "这张表已经不在，或者您现在不能填它。")
    assert (early.state, early.message[:5]) == (Job.State.FAILED, "1990年")


def test_the_page_offers_it_where_there_are_several_unions(
    form: ReturnForm, cast: SimpleNamespace, login: Login
) -> None:
    address = f"/returns/{form.pk}/"
    page = login(cast.staff).get(f"{address}fill/?year=2024&span=year").content.decode()
    ReturnForm.objects.update(is_shared=True)
    own = login(cast.chair).get(f"{address}fill/?year=2024&span=year").content.decode()

    started = login(cast.leader).post(f"{address}batch/?year=2024&span=year")

    assert "每个工会一份（2 份）" in page
    assert "每个工会一份" not in own
    assert started["Location"] == f"/jobs/{Job.objects.get(owner=cast.leader).pk}/"
    assert login(cast.mediator).post(f"{address}batch/").status_code == 403
