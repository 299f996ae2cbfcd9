"""The pages of superiors' forms: who may do what, and what a clerk goes through."""

from collections.abc import Callable
from types import SimpleNamespace
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from reports.models import ReturnBinding, ReturnForm
from tests.reports.returns.forms import sheet_of, spanning, word_form, workbook_form
from tests.unionoffice.sheet_files import zipped
from unionoffice.organisation.models import Union, User
from unionoffice.records import blobs
from unionoffice.records.models import Act

Login = Callable[[User], Client]


@pytest.fixture
def clerk(cast: SimpleNamespace, login: Login) -> Client:
    return login(cast.staff)


def send(client: Client, content: bytes, name: str = "统计表.xlsx") -> str:
    file = SimpleUploadedFile(name, content)
    return client.post("/returns/upload/", {"file": file}, follow=True).content.decode()


@pytest.fixture
def form(clerk: Client) -> ReturnForm:
    send(clerk, workbook_form())
    return ReturnForm.objects.get()


def test_a_form_is_taken_in_bound_and_filled(clerk: Client, form: ReturnForm, union: Union) -> None:
    page = clerk.get(f"/returns/{form.pk}/").content.decode()
    clerk.post(f"/returns/{form.pk}/cells/0-8-2/", {"pick": "fact:grassroots.unions.all.count"})
    answer = clerk.get(f"/returns/{form.pk}/filled/?year=2024&span=year")

    assert "基层工会数？" in page
    assert sheet_of(answer.content)["C9"].value == 2
    assert "统计表 2024年.xlsx" in unquote(answer["Content-Disposition"])


def test_nothing_is_bound_before_somebody_says_so(clerk: Client, form: ReturnForm) -> None:
    assert not ReturnBinding.objects.exists()

    clerk.post(f"/returns/{form.pk}/accept/", {"code": "0-3-2"})
    one = list(ReturnBinding.objects.values_list("row", "column", "key"))
    clerk.post(f"/returns/{form.pk}/accept/")

    assert one == [(3, 2, "members.active.count")]
    assert ReturnBinding.objects.count() == 13
    assert ReturnBinding.objects.get(row=6, column=3).in_wan


def test_a_cell_is_bound_anew_and_untied(clerk: Client, form: ReturnForm) -> None:
    cell = f"/returns/{form.pk}/cells/0-3-2/"

    def bound() -> list[tuple[str, str, str]]:
        return list(ReturnBinding.objects.values_list("source", "key", "text"))

    clerk.post(cell, {"pick": "fact:members.active.count", "in_wan": "on", "fills_zero": "on"})
    first = ReturnBinding.objects.get()
    clerk.post(cell, {"pick": "text:", "text": "不适用"})
    text = bound()
    told = clerk.post(cell, {"pick": "text:", "text": " "}).content.decode()
    clerk.post(cell, {"pick": "none"})

    assert (first.in_wan, first.fills_zero) == (False, True)
    assert text == [("text", "", "不适用")]
    assert "请写要填的文字" in told
    assert bound() == []


@pytest.mark.parametrize(
    "pick", ["fact:no.such", "word:no", "fact:office", "list:members.active.count", "", "x:y"]
)
def test_nothing_but_facts_and_words_can_be_picked(clerk: Client, form: ReturnForm, pick: str) -> None:
    assert clerk.post(f"/returns/{form.pk}/cells/0-3-2/", {"pick": pick}).status_code == 404
    assert not ReturnBinding.objects.exists()


@pytest.mark.parametrize("code", ["0-9-2", "0-0-1", "9-0-0", "0-3-2-1", "x", "0-1", "-1-2-3"])
def test_formulas_and_cells_that_are_not_there_cannot_be_bound(
    clerk: Client, form: ReturnForm, code: str
) -> None:
    assert clerk.get(f"/returns/{form.pk}/cells/{code}/").status_code == 404


def test_rows_are_bound_to_a_list_with_columns_found_by_their_headings(
    clerk: Client, form: ReturnForm
) -> None:
    address = f"/returns/{form.pk}/cells/0-12-0/list/"

    choose = clerk.get(address).content.decode()
    page = clerk.get(address + "?fact=welfare.visits.count").content.decode()
    chosen = {"column_0": "#", "column_3": "visited_on", "column_4": "secret"}
    too_many = clerk.post(address + "?fact=welfare.visits.count", chosen | {"height": "99"}).content.decode()
    clerk.post(address + "?fact=welfare.visits.count", chosen | {"height": "3"})
    bound = ReturnBinding.objects.get()

    assert "慰问次数" in choose
    assert '<option value="visited_on" selected>' in page
    assert "行数要在1到3之间" in too_many
    assert (bound.key, bound.height, bound.columns) == (
        "welfare.visits.count",
        3,
        {"0": "#", "3": "visited_on"},
    )


def test_a_cell_of_a_list_frees_the_whole_list(clerk: Client, form: ReturnForm) -> None:
    clerk.post(
        f"/returns/{form.pk}/cells/0-12-0/list/?fact=welfare.visits.count",
        {"column_0": "#", "column_3": "visited_on", "height": "3"},
    )

    clerk.post(f"/returns/{form.pk}/cells/0-13-3/", {"pick": "none"})

    assert not ReturnBinding.objects.exists()


def test_next_years_form_takes_over_what_was_bound(clerk: Client, form: ReturnForm) -> None:
    clerk.post(f"/returns/{form.pk}/accept/")

    page = send(clerk, workbook_form(2025), "统计表2025.xlsx")
    new = ReturnForm.objects.exclude(pk=form.pk).get()

    assert "认出这是“统计表”" in page
    assert "沿用了13处取数" in page
    assert new.taken_from == form
    assert list(new.bindings.values_list("row", "column", "key", "of_year_before")) == list(
        form.bindings.values_list("row", "column", "key", "of_year_before")
    )


def test_the_same_file_is_not_taken_twice(clerk: Client, form: ReturnForm) -> None:
    page = send(clerk, bytes(form.file.read()))

    assert "已经上传过" in page
    assert ReturnForm.objects.count() == 1


def test_a_refused_file_is_told_beside_the_field_and_not_kept(clerk: Client) -> None:
    page = send(clerk, zipped({"xl/workbook.xml": "<w/>", "xl/vbaProject.bin": "x"}))

    assert "文件带有宏" in page
    assert not ReturnForm.objects.exists()


def test_the_page_tells_before_downloading_what_stays_blank(clerk: Client, form: ReturnForm) -> None:
    clerk.post(f"/returns/{form.pk}/accept/", {"code": "0-3-2"})

    page = clerk.get(f"/returns/{form.pk}/fill/?year=2024&span=quarter1").content.decode()

    assert "会员总数：没有记录" in page
    assert "职工书屋" in page
    assert page.count('<span class="lacking" title="等2格还没有取数，空着">') == 10
    assert f"/returns/{form.pk}/filled/?year=2024&amp;span=quarter1" in page


def test_impossible_periods_are_told(clerk: Client, form: ReturnForm) -> None:
    page = clerk.get(f"/returns/{form.pk}/fill/?year=1990&span=year").content.decode()

    assert "1990年不能编写" in page
    assert clerk.get(f"/returns/{form.pk}/filled/?year=1990&span=year").status_code == 404


def test_who_may_do_what(cast: SimpleNamespace, login: Login, clerk: Client, form: ReturnForm) -> None:
    address = f"/returns/{form.pk}/"
    seen = {
        name: tuple(login(getattr(cast, name)).get(page).status_code for page in pages)
        for pages in [
            (
                "/returns/",
                f"{address}fill/",
                f"{address}filled/",
                f"{address}cells/0-3-2/",
                "/returns/upload/",
            )
        ]
        for name in ("staff", "leader", "auditor", "chair", "mediator", "administrator")
    }

    assert seen == {
        "staff": (200, 200, 200, 200, 200),
        "leader": (200, 200, 200, 403, 403),
        "auditor": (200, 200, 200, 403, 403),
        "chair": (200, 404, 404, 403, 403),
        "mediator": (403,) * 5,
        "administrator": (403,) * 5,
    }


@pytest.mark.parametrize("step", ["accept/", "delete/", "settings/", "cells/0-3-2/", "cells/0-3-2/list/"])
def test_a_reader_changes_nothing(cast: SimpleNamespace, login: Login, form: ReturnForm, step: str) -> None:
    answer = login(cast.leader).post(f"/returns/{form.pk}/{step}", {"pick": "fact:members.active.count"})

    assert answer.status_code == 403
    assert ReturnForm.objects.exists()
    assert not ReturnBinding.objects.exists()


def test_a_chair_fills_a_shared_form_for_the_own_union_only(
    cast: SimpleNamespace, login: Login, clerk: Client, form: ReturnForm, union: Union, other_union: Union
) -> None:
    clerk.post(f"/returns/{form.pk}/settings/", {"name": "统计表", "is_shared": "on"})
    clerk.post(f"/returns/{form.pk}/cells/0-5-2/", {"pick": "fact:grassroots.unions.count"})
    clerk.post(f"/returns/{form.pk}/cells/0-1-0-1/", {"pick": "word:office"})
    chair = login(cast.chair)

    own = sheet_of(chair.get(f"/returns/{form.pk}/filled/?year=2024&span=year").content)
    foreign = chair.get(f"/returns/{form.pk}/filled/?year=2024&span=year&union={other_union.pk}")
    town = sheet_of(clerk.get(f"/returns/{form.pk}/filled/?year=2024&span=year").content)

    assert (own["C6"].value, town["C6"].value) == (1, 2)
    assert f"填报单位（盖章）：{union.name}" in own["A2"].value
    assert foreign.status_code == 404
    assert chair.get(f"/returns/{form.pk}/", follow=True).redirect_chain[0][0] == f"/returns/{form.pk}/fill/"


def test_the_blank_form_comes_back_byte_for_byte(clerk: Client) -> None:
    content = word_form()
    send(clerk, content, "报送表.docx")

    answer = clerk.get(f"/returns/{ReturnForm.objects.get().pk}/blank/")

    assert answer.content == content
    assert "报送表.docx" in unquote(answer["Content-Disposition"])


@pytest.mark.parametrize("page", ["", "fill/", "filled/", "cells/0-0-0/"])
def test_a_form_kept_from_before_that_cannot_be_read_is_told_and_can_be_deleted(
    clerk: Client, cast: SimpleNamespace, page: str
) -> None:
    file = blobs.store(spanning("-5"), "application/x-form")
    kept = ReturnForm.objects.create(name="坏表", file=file, file_name="坏表.docx", created_by=cast.staff)

    told = clerk.get(f"/returns/{kept.pk}/{page}", follow=True).content.decode()
    refused = send(clerk, spanning("-5"), "坏表.docx")

    assert "文件已损坏" in told and f"/returns/{kept.pk}/delete/" in told
    assert "文件已损坏" in refused
    assert ReturnForm.objects.count() == 1


def test_a_deleted_form_can_be_brought_back(clerk: Client, form: ReturnForm, cast: SimpleNamespace) -> None:
    clerk.post(f"/returns/{form.pk}/accept/")

    clerk.post(f"/returns/{form.pk}/delete/")
    gone = ReturnForm.objects.exists() or ReturnBinding.objects.exists()
    clerk.post(f"/acts/{Act.objects.latest('pk').pk}/take-back/")

    assert not gone
    assert (ReturnForm.objects.count(), ReturnBinding.objects.count()) == (1, 13)
