"""A Word file of the office's own goes in, is understood, and comes out filled."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from types import SimpleNamespace
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from members.models import Member
from reports.models import WordTemplate
from reports.placeholders import keeping
from tests.members.samples import new_member
from tests.reports.placeholders.files import controls, everywhere, opened, said, word
from tests.reports.returns.forms import workbook_form
from unionoffice.organisation.models import Union, User
from unionoffice.records.models import Act

Login = Callable[[User], Client]
YEAR = "year=2024&span=year"


@pytest.fixture
def clerk(cast: SimpleNamespace, login: Login) -> Client:
    return login(cast.staff)


@pytest.fixture
def member(union: Union) -> Member:
    return new_member(union)


def send(client: Client, content: bytes, address: str = "/word/upload/", name: str = "简报.docx") -> str:
    file = SimpleUploadedFile(name, content)
    return client.post(address, {"file": file}, follow=True).content.decode()


def template(client: Client, content: bytes) -> WordTemplate:
    send(client, content)
    return WordTemplate.objects.latest("pk")


def test_figures_stand_where_their_placeholders_stood(
    clerk: Client, member: Member, union: Union, other_union: Union
) -> None:
    kept = template(clerk, word("{{时期}}，{{填报单位}}有{{会员总数}}。", change=everywhere))

    answer = clerk.get(f"/word/{kept.pk}/filled.docx?{YEAR}")
    document = opened(answer.content)

    assert [said(paragraph) for paragraph in document.paragraphs] == [
        "2024年，镇总工会有1名。",
        "全镇有2家，很好。",
    ]
    assert "简报 2024年.docx" in unquote(answer["Content-Disposition"])
    assert said(document.sections[0].header.paragraphs[0]) == "镇总工会"
    assert said(document.sections[0].footer.paragraphs[0]) == "会员1人"
    assert controls(document)[:2] == [("members.active.count", "1名"), ("grassroots.unions.count", "2家")]


@pytest.mark.parametrize(
    "paragraphs",
    [["{{会员总数}}，" * 3000], ["共{{会员总数}}"] * 3000],
    ids=["in one paragraph", "a paragraph each"],
)
def test_thousands_of_placeholders_are_filled_within_the_limit(
    clerk: Client, member: Member, paragraphs: list[str]
) -> None:
    kept = template(clerk, word(*paragraphs, *(f"{{{{没有这个数{number}}}}}" for number in range(1000))))

    page = clerk.get(f"/word/{kept.pk}/?{YEAR}")
    document = opened(clerk.get(f"/word/{kept.pk}/filled.docx?{YEAR}").content)

    assert len(page.context["done"].unknown) == 1000
    assert controls(document) == [("members.active.count", "1名")] * 3000
    assert said(document.paragraphs[0]).startswith(paragraphs[0].replace("{{会员总数}}", "1名"))


def test_a_figure_looks_as_its_placeholder_began(clerk: Client, union: Union) -> None:
    kept = template(clerk, word(change=everywhere))

    document = opened(clerk.get(f"/word/{kept.pk}/filled.docx?{YEAR}").content)
    (run,) = next(document.element.iter(qn("w:sdt"))).iter(qn("w:r"))

    assert run.find(qn("w:rPr")).find(qn("w:b")) is not None
    assert run.find(qn("w:rPr")).find(qn("w:i")) is None
    assert not [run for run in document.paragraphs[0].runs if run.italic]


def test_every_control_and_bookmark_has_a_number_of_its_own(clerk: Client, union: Union) -> None:
    kept = template(clerk, word(*["{{基层工会数}}、{{会员总数|可为0}}"] * 3))

    document = opened(clerk.get(f"/word/{kept.pk}/filled.docx?{YEAR}").content)
    numbers = [e.get(qn("w:val")) for s in document.element.iter(qn("w:sdtPr")) for e in s.iter(qn("w:id"))]
    marks = [e.get(qn("w:id")) for e in document.element.iter(qn("w:bookmarkStart"))]

    assert len(numbers) == len(set(numbers)) == 6
    assert len(marks) == len(set(marks)) == 6


def test_what_has_no_data_is_marked_and_listed_and_never_zero(clerk: Client, union: Union) -> None:
    kept = template(clerk, word("会员{{会员总数}}，建会率{{建会率}}，退会{{会员减员|可为0}}。"))

    page = clerk.get(f"/word/{kept.pk}/?{YEAR}").content.decode()
    (paragraph,) = opened(clerk.get(f"/word/{kept.pk}/filled.docx?{YEAR}").content).paragraphs
    marked = [run.text for run in paragraph.runs if run.font.highlight_color == WD_COLOR_INDEX.YELLOW]

    assert said(paragraph) == (
        "会员〔会员总数：没有记录〕，建会率〔建会率：分母“单位数”为零，无法计算〕，退会0名。"
    )
    assert marked == ["〔会员总数：没有记录〕", "〔建会率：分母“单位数”为零，无法计算〕"]
    assert page.count("正文第1段；文件里用黄底标出") == 2


def test_the_filters_say_the_number_or_the_time(clerk: Client, union: Union) -> None:
    kept = template(clerk, word("{{基层工会数|数值}}（{{基层工会数|时间}}）"))

    (paragraph,) = opened(clerk.get(f"/word/{kept.pk}/filled.docx?{YEAR}").content).paragraphs

    assert said(paragraph) == "2（截至2024年12月31日）"


def test_unknown_placeholders_are_named_with_their_place_and_explained_once(
    clerk: Client, member: Member
) -> None:
    page = send(clerk, word("共有会员{{会员总人数}}。"))
    kept = WordTemplate.objects.get()
    before = opened(clerk.get(f"/word/{kept.pk}/filled.docx?{YEAR}").content).paragraphs[0]
    clerk.post(f"/word/{kept.pk}/explain/", {"name": "会员总人数", "key": "members.active.count"})
    after = opened(clerk.get(f"/word/{kept.pk}/filled.docx?{YEAR}").content).paragraphs[0]

    assert "认不出的占位符" in page
    assert "正文第1段" in page
    assert "没有“会员总人数”这个数据" in page
    assert 'value="members.active.count">会员总数</button>' in page
    assert said(before) == "共有会员{{会员总人数}}。"
    assert said(after) == "共有会员1名。"


def test_two_explanations_given_at_once_are_both_kept(clerk: Client, cast: SimpleNamespace) -> None:
    kept = template(clerk, word("{{甲数}}{{乙数}}"))
    as_opened = WordTemplate.objects.get(pk=kept.pk)

    for row, name in ((kept, "甲数"), (as_opened, "乙数")):
        keeping.explain(row, name, "members.active.count", user=cast.staff)

    assert set(WordTemplate.objects.get(pk=kept.pk).aliases) == {"甲数", "乙数"}


def test_only_names_of_the_file_and_known_facts_can_be_explained(clerk: Client) -> None:
    kept = template(clerk, word("{{会员总人数}}"))

    answers = [
        clerk.post(f"/word/{kept.pk}/explain/", {"name": name, "key": key}).status_code
        for name, key in (("别的", "members.active.count"), ("会员总人数", "no.such.fact"))
    ]

    assert answers == [404, 404]
    assert WordTemplate.objects.get().aliases == {}


def test_another_file_takes_the_place_and_keeps_what_was_explained(clerk: Client, member: Member) -> None:
    kept = template(clerk, word("{{会员总人数}}"))
    clerk.post(f"/word/{kept.pk}/explain/", {"name": "会员总人数", "key": "members.active.count"})

    send(clerk, word("新版：{{会员总人数}}"), f"/word/{kept.pk}/replace/", "新版.docx")
    refused = send(clerk, workbook_form(), f"/word/{kept.pk}/replace/", "表.xlsx")
    (paragraph,) = opened(clerk.get(f"/word/{kept.pk}/filled.docx?{YEAR}").content).paragraphs

    assert WordTemplate.objects.count() == 1
    assert "这是 Excel 文件" in refused
    assert said(paragraph) == "新版：1名"


def test_a_placeholder_in_a_control_for_plain_text_gets_no_control_inside(
    clerk: Client, union: Union
) -> None:
    def controlled(document: object) -> None:
        paragraph = document.add_paragraph("共{{基层工会数}}")
        run = paragraph.runs[0]._r
        control, properties, content = (OxmlElement(f"w:{tag}") for tag in ("sdt", "sdtPr", "sdtContent"))
        properties.append(OxmlElement("w:text"))
        control.extend([properties, content])
        run.addprevious(control)
        content.append(run)

    kept = template(clerk, word(change=controlled))

    document = opened(clerk.get(f"/word/{kept.pk}/filled.docx?{YEAR}").content)

    assert len(list(document.element.iter(qn("w:sdt")))) == 1
    assert said(document.paragraphs[0]) == "共2家"


def test_a_text_box_is_filled_in_both_its_forms_and_told_once(clerk: Client, union: Union) -> None:
    def boxed(document: object) -> None:
        box = "<w:txbxContent><w:p><w:r><w:t>共{{基层工会数}}{{没有的}}</w:t></w:r></w:p></w:txbxContent>"
        run = document.add_paragraph("看框").add_run()._r
        run.append(
            parse_xml(
                f'<mc:AlternateContent {nsdecls("w")} xmlns:mc="http://schemas.openxmlformats.org/'
                f'markup-compatibility/2006"><mc:Choice Requires="wps">{box}</mc:Choice>'
                f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent>"
            )
        )

    kept = template(clerk, word(change=boxed))

    page = clerk.get(f"/word/{kept.pk}/?{YEAR}").content.decode()
    document = opened(clerk.get(f"/word/{kept.pk}/filled.docx?{YEAR}").content)

    boxes = ["".join(box.itertext(qn("w:t"))) for box in document.element.iter(qn("w:txbxContent"))]
    assert boxes == ["共2家{{没有的}}"] * 2
    assert page.count("没有“没有的”这个数据") == 2  # among the unknown and among what was not filled


def test_the_rest_of_the_file_stays_byte_for_byte(clerk: Client, union: Union) -> None:
    content = word("{{基层工会数}}")
    kept = template(clerk, content)
    done = clerk.get(f"/word/{kept.pk}/filled.docx?{YEAR}").content

    with zipfile.ZipFile(BytesIO(content)) as before, zipfile.ZipFile(BytesIO(done)) as after:
        changed = {name for name in before.namelist() if before.read(name) != after.read(name)}

    assert changed == {"word/document.xml"}
    assert clerk.get(f"/word/{kept.pk}/original.docx").content == content


def test_who_may_do_what(cast: SimpleNamespace, login: Login, clerk: Client, union: Union) -> None:
    kept = template(clerk, word("{{基层工会数}}"))
    pages = (
        "/word/",
        f"/word/{kept.pk}/",
        f"/word/{kept.pk}/filled.docx",
        "/word/upload/",
        f"/word/{kept.pk}/settings/",
    )
    seen = {
        name: tuple(login(getattr(cast, name)).get(page).status_code for page in pages)
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


@pytest.mark.parametrize("step", ["explain", "replace", "settings", "delete"])
def test_a_reader_changes_nothing(cast: SimpleNamespace, login: Login, clerk: Client, step: str) -> None:
    kept = template(clerk, word("{{会员总人数}}"))

    answer = login(cast.leader).post(
        f"/word/{kept.pk}/{step}/", {"name": "会员总人数", "key": "members.active.count"}
    )

    assert answer.status_code == 403
    assert WordTemplate.objects.get().aliases == {}


def test_a_chair_fills_a_shared_template_for_the_own_union_only(
    cast: SimpleNamespace, login: Login, clerk: Client, member: Member, other_union: Union
) -> None:
    new_member(other_union)
    kept = template(clerk, word("{{填报单位}}：{{会员总数}}"))
    clerk.post(f"/word/{kept.pk}/settings/", {"name": "简报", "is_shared": "on"})
    chair = login(cast.chair)

    (own,) = opened(chair.get(f"/word/{kept.pk}/filled.docx?{YEAR}").content).paragraphs
    (town,) = opened(clerk.get(f"/word/{kept.pk}/filled.docx?{YEAR}").content).paragraphs

    assert (said(own), said(town)) == (f"{member.union.name}：1名", "镇总工会：2名")
    assert chair.get(f"/word/{kept.pk}/filled.docx?{YEAR}&union={other_union.pk}").status_code == 404


def test_a_deleted_template_can_be_brought_back(clerk: Client) -> None:
    kept = template(clerk, word("{{基层工会数}}"))

    clerk.post(f"/word/{kept.pk}/delete/")
    gone = not WordTemplate.objects.exists()
    clerk.post(f"/acts/{Act.objects.latest('pk').pk}/take-back/")

    assert gone
    assert WordTemplate.objects.filter(pk=kept.pk).exists()
