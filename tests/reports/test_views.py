"""The summary on a page and as a file: who reads which, and that every figure leads to its rows."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from types import SimpleNamespace
from urllib.parse import unquote, urlsplit

import docx
import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from activities.choices import Kind, State
from activities.models import Activity
from members.choices import EventKind
from members.choices import State as MemberState
from members.models import Member, MembershipEvent
from reports.drafting import Order, draft
from reports.periods import Period
from unionoffice import facts
from unionoffice.organisation.models import OfficeSetting, Union, User
from unionoffice.records.fact_rows import fact_rows
from unionoffice.records.types import registry
from welfare.choices import Occasion
from welfare.models import CareVisit

Login = Callable[[User], Client]
YEAR = 2024


def join(union: Union, number: str, name: str) -> Member:
    member = Member.objects.create(name=name, id_number=number, union=union, joined_on="2020-01-01", sex="2")
    MembershipEvent.objects.create(
        member=member, on="2020-01-01", kind=EventKind.JOIN, union=union, state=MemberState.ACTIVE
    )
    return member


@pytest.fixture
def ledgers(town: Union, union: Union, other_union: Union) -> SimpleNamespace:
    """A year of records: `union` has more of everything than `other_union`."""
    OfficeSetting.objects.create(key="office.name", value="青溪镇总工会", valid_from="2020-01-01")
    members = [join(union, "11010519491231002X", "王秀英"), join(other_union, "440524188001010014", "李桂兰")]
    for holder, title, came in ((union, "“迎春”环湖健步走", 189), (other_union, "秋季健步走", 40)):
        Activity.objects.create(
            union=holder, title=title, kind=Kind.WALKING, starts_on="2024-03-05", came=came
        )
    Activity.objects.create(
        union=union,
        title="取消的讲座",
        kind=Kind.LECTURE,
        starts_on="2024-06-01",
        state=State.CANCELLED,
        cancel_reason="台风",
    )
    for holder, name, cash in (
        (union, "张师傅", 600),
        (union, "陈师傅", 500),
        (other_union, "赵师傅", 20000),
    ):
        CareVisit.objects.create(
            union=holder,
            occasion=Occasion.MAY_DAY,
            visited_on="2024-04-28",
            name=name,
            cash_amount=Decimal(cash),
        )
    return SimpleNamespace(members=members)


def text_of(content: bytes) -> str:
    document = docx.Document(BytesIO(content))
    return "\n".join("".join(p._p.itertext("{*}t")) for p in document.paragraphs)


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("staff", 200),
        ("leader", 200),
        ("auditor", 200),
        ("chair", 200),
        ("mediator", 403),
        ("administrator", 403),
    ],
)
@pytest.mark.parametrize("address", ["/reports/", f"/reports/{YEAR}/", f"/reports/{YEAR}/document.docx"])
def test_documents_open_by_role(
    cast: SimpleNamespace, ledgers: SimpleNamespace, login: Login, address: str, role: str, status: int
) -> None:
    assert login(getattr(cast, role)).get(address).status_code == status


def test_the_town_counts_everything_and_a_chair_the_own_union(
    cast: SimpleNamespace, ledgers: SimpleNamespace, login: Login
) -> None:
    address = f"/reports/{YEAR}/document.docx"
    town = text_of(login(cast.leader).get(address).content)
    own = text_of(login(cast.chair).get(address).content)

    assert town.startswith("青溪镇总工会2024年度工作总结")
    assert "全年走访慰问3次（按慰问批次所属年度统计，下同），慰问职工及家属3名，送上慰问款物2.11万元" in town
    assert "组织健步走活动2场（“迎春”环湖健步走、“秋季健步走”），吸引近230人次参加。" in town
    assert own.startswith("宏达机械有限公司工会委员会2024年度工作总结")
    assert "全年走访慰问2次（按慰问批次所属年度统计，下同），慰问职工及家属2名，送上慰问款物1100元" in own
    assert "组织健步走活动1场（“迎春”环湖健步走），吸引近190人次参加。" in own
    assert "秋季" not in own


def test_a_chair_finds_no_other_union(
    cast: SimpleNamespace, ledgers: SimpleNamespace, login: Login, other_union: Union, union: Union
) -> None:
    client = login(cast.chair)

    assert client.get(f"/reports/{YEAR}/?union={other_union.pk}").status_code == 404
    assert client.get(f"/reports/{YEAR}/document.docx?union={other_union.pk}").status_code == 404
    assert client.get(f"/reports/{YEAR}/?union={union.pk}").status_code == 200


def test_staff_reads_one_union(
    cast: SimpleNamespace, ledgers: SimpleNamespace, login: Login, other_union: Union
) -> None:
    summary = login(cast.staff).get(f"/reports/{YEAR}/?union={other_union.pk}").context["summary"]

    assert summary.title == "金河村联合工会委员会2024年度工作总结"
    assert any("慰问款物2万元" in paragraph.text for paragraph in summary.paragraphs)


@pytest.mark.parametrize("role", ["staff", "chair"])
@pytest.mark.parametrize("kind", ["summary", "both"])
def test_every_figure_leads_to_as_many_rows(
    cast: SimpleNamespace, ledgers: SimpleNamespace, login: Login, role: str, kind: str
) -> None:
    user = getattr(cast, role)
    response = login(user).get(f"/reports/{YEAR}/?kind={kind}")
    figures = list(response.context["summary"].figures())

    assert len(figures) > 8
    for figure in figures:
        address = urlsplit(figure.url)
        listed = fact_rows(registry[address.path.strip("/")], user, QueryDict(address.query))
        assert listed is not None
        assert listed.rows.count() == figure.records
        assert (
            listed.answer.value
            == facts.compute([figure.key], listed.answer.scope.at(as_ofs=()))[figure.key].value
        )


def test_figures_on_the_page_are_links(cast: SimpleNamespace, ledgers: SimpleNamespace, login: Login) -> None:
    response = login(cast.staff).get(f"/reports/{YEAR}/")
    page = response.content.decode()
    figures = list(response.context["summary"].figures())

    assert page.count('<a class="figure"') == len(figures)
    for figure in figures:
        assert f'href="{figure.url.replace("&", "&amp;")}"' in page


def test_an_auditor_gets_links_to_money_only(
    cast: SimpleNamespace, ledgers: SimpleNamespace, login: Login
) -> None:
    page = login(cast.auditor).get(f"/reports/{YEAR}/").content.decode()

    assert '<a class="figure" href="/care-visits/' in page
    assert '<a class="figure" href="/membership-events/' not in page
    assert '<span class="figure"' in page


def test_left_out_sentences_are_named(cast: SimpleNamespace, ledgers: SimpleNamespace, login: Login) -> None:
    response = login(cast.staff).get(f"/reports/{YEAR}/")
    reasons = {reason for omission in response.context["left_out"] for reason in omission.reasons}

    assert "招聘会：没有记录" in reasons
    assert "没有写入的句子" in response.content.decode()


def test_the_file_is_a_word_file_named_as_a_draft(
    cast: SimpleNamespace, ledgers: SimpleNamespace, login: Login
) -> None:
    response = login(cast.staff).get(f"/reports/{YEAR}/document.docx?kind=both&numbering=local&for_upper=on")
    paragraphs = docx.Document(BytesIO(response.content)).paragraphs

    assert response["Content-Type"].endswith("wordprocessingml.document")
    assert "青溪镇总工会2024年度工作总结和2025年工作计划（草稿）.docx" in unquote(
        response["Content-Disposition"]
    )
    assert paragraphs[1].text == "县总工会："


@pytest.mark.parametrize(
    "address", ["/reports/2024/?kind=poem", "/reports/2024/?numbering=roman", "/reports/2024/?union=x"]
)
def test_an_impossible_choice_is_no_page(
    cast: SimpleNamespace, ledgers: SimpleNamespace, login: Login, address: str
) -> None:
    assert login(cast.staff).get(address).status_code == 404


def test_a_year_that_has_not_begun_is_told(cast: SimpleNamespace, login: Login) -> None:
    year = timezone.localdate().year
    response = login(cast.staff).get(f"/reports/{year + 1}/")

    assert f"{year + 1}年不能编写，请选择2000年至{year}年" in response.content.decode()
    assert login(cast.staff).get(f"/reports/{year + 1}/document.docx").status_code == 404


def test_the_form_leads_to_the_page(cast: SimpleNamespace, login: Login, union: Union) -> None:
    response = login(cast.staff).get(f"/reports/?year=2024&kind=plan&union={union.pk}&numbering=official")

    assert response.status_code == 302
    assert response["Location"] == f"/reports/2024/?kind=plan&union={union.pk}&numbering=official"


def test_the_form_tells_a_wrong_year(cast: SimpleNamespace, login: Login) -> None:
    response = login(cast.staff).get("/reports/?year=今年")

    assert response.context["form"].errors["year"] == ["输入整数。"]


def test_a_running_year_compares_with_the_same_days_of_the_last(
    ledgers: SimpleNamespace, union: Union
) -> None:
    """On 10 April 2025 the visits of 28 April 2024 are not yet due for comparison, the walk of March is."""
    Activity.objects.create(union=union, title="登山", kind=Kind.ECO_HIKING, starts_on="2025-03-01", came=30)
    summary = draft(Order(Period.of_year(2025), today=date(2025, 4, 10)))
    said = "".join(paragraph.text for paragraph in summary.paragraphs)

    assert "今年以来共举办各类职工活动1场，30人次参加，活动场次比上年同期减少1场。" in said
    assert "走访慰问" not in said


def test_facts_and_document_take_few_queries(
    ledgers: SimpleNamespace, django_assert_max_num_queries: Callable
) -> None:
    with django_assert_max_num_queries(45):
        draft(Order(Period.of_year(YEAR), today=date(2025, 1, 5), kind="both"))
