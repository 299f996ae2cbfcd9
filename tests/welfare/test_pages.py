"""Visits on their pages: whom a chair may choose and see, what the leader may not read, taking back."""

import io
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.test import Client

from members.models import Member
from tests.members.samples import new_member
from unionoffice import facts
from unionoffice.organisation.choices import UnionKind
from unionoffice.organisation.models import Union, User
from unionoffice.records.models import Act
from unionoffice.records.taking_back import take_back
from welfare.choices import Occasion, Recipient
from welfare.models import CareVisit

from .samples import GOODS, visit

Login = Callable[[User], Client]
NEW, QUICK, LIST = "/care-visits/new/", "/care-visits/quick/", "/care-visits/"
ILLNESS = "肝癌晚期住院"


def typed(**fields: Any) -> dict[str, Any]:
    """What somebody types for a visit to a team."""
    return {
        "recipient": "team",
        "name": "环卫一班",
        "reached": "12" if fields.get("recipient", "team") == "team" else "",
        "occasion": Occasion.HEAT,
        "visited_on": "2026-07-20",
        "cash_amount": "500",
        "visitors": "工会主席",
        "fund_source": "union",
    } | fields


def text_of(response: Any) -> str:
    return response.content.decode()


def test_goods_are_valued_and_never_typed(union: Union, staff: User, login: Login) -> None:
    answer = login(staff).post(
        NEW, typed(union=union.pk, goods=GOODS, goods_amount="9999", amount="9999", cash_amount="")
    )

    made = CareVisit.objects.get()
    assert answer["Location"] == f"/care-visits/{made.pk}/"
    assert (made.goods_amount, made.amount) == (150, 150)


def test_one_column_names_the_member_or_who_was_typed(union: Union, staff: User, login: Login) -> None:
    visit(union, "2026-01-21", member=new_member(union, name="赵敏"))
    visit(union, "2026-01-20", name="环卫一班")

    page = login(staff).get(LIST)

    assert page.context["columns"][0].title == "慰问对象"
    assert [row.texts[0] for row in page.context["rows"]] == ["赵敏", "环卫一班"]


@pytest.mark.parametrize("text", ["环卫", "hwyb", "huanwei", "赵敏", "zm"])
def test_search_finds_member_and_typed_name(text: str, union: Union, staff: User, login: Login) -> None:
    wanted = (
        visit(union, member=new_member(union, name="赵敏"))
        if text in ("赵敏", "zm")
        else visit(union, name="环卫一班")
    )
    visit(union, name="王师傅")

    page = login(staff).get(LIST, {"q": text})

    assert [row.pk for row in page.context["rows"]] == [wanted.pk]


def test_chair_sees_and_changes_own_visits_only(
    union: Union, other_union: Union, chair: User, login: Login
) -> None:
    own, foreign = visit(union, name="张师傅"), visit(other_union, name="李师傅")
    client = login(chair)

    page = client.get(LIST)

    assert [row.pk for row in page.context["rows"]] == [own.pk]
    assert "李师傅" not in text_of(page)
    assert client.get(f"/care-visits/{own.pk}/edit/").status_code == 200
    for part in ("", "edit/", "history/"):
        assert client.get(f"/care-visits/{foreign.pk}/{part}").status_code == 404


def test_chair_chooses_own_members_and_own_union_only(
    union: Union, other_union: Union, chair: User, login: Login
) -> None:
    own, foreign = new_member(union, name="赵敏"), new_member(other_union, name="赵明")
    client = login(chair)

    offered = client.get("/members/choices/", {"q": "zm"}).json()
    by_name = client.post(QUICK, typed(recipient="member", name="", member=foreign.pk))
    by_union = client.post(NEW, typed(union=other_union.pk))
    done = client.post(QUICK, typed(recipient="member", name="", member=own.pk))

    assert [choice["value"] for choice in offered] == [own.pk]
    assert list(by_name.context["form"].errors) == ["member"]
    assert list(by_union.context["form"].errors) == ["union"]
    assert done.status_code == 302
    assert [(made.member, made.union) for made in CareVisit.objects.all()] == [(own, union)]


def test_chair_of_a_federation_says_which_union(
    union: Union, town: Union, make_user: Callable[..., User], login: Login
) -> None:
    federation = Union.objects.create(name="工业园区工会联合会", kind=UnionKind.FEDERATION, parent=town)
    Union.objects.filter(pk=union.pk).update(parent=federation)
    client = login(make_user("chair", federation))

    client.post(QUICK, typed(union=union.pk))

    assert "union" in client.get(QUICK).context["form"].fields
    assert CareVisit.objects.get().union == union


def test_member_who_moved_on_stays_in_the_old_visit(
    union: Union, other_union: Union, chair: User, login: Login
) -> None:
    member = new_member(union)
    made = visit(union, member=member)
    member.union = other_union
    member.save()

    answer = login(chair).post(
        f"/care-visits/{made.pk}/edit/",
        typed(
            union=union.pk,
            recipient="member",
            name="",
            member=member.pk,
            occasion="spring_festival",
            visited_on="2026-01-20",
            note="已补签领表",
        ),
    )

    made.refresh_from_db()
    assert (answer.status_code, made.member, made.note) == (302, member, "已补签领表")


@pytest.mark.parametrize("role", ["leader", "auditor"])
def test_reason_is_read_only_by_those_who_handle_the_case(
    role: str, union: Union, staff: User, make_user: Callable[..., User], login: Login
) -> None:
    office, reader = login(staff), login(make_user(role))
    office.post(NEW, typed(union=union.pk, reason=ILLNESS, occasion=Occasion.ILLNESS))
    made = CareVisit.objects.get()
    record = f"/care-visits/{made.pk}/"
    changed = typed(union=union.pk, reason=f"{ILLNESS}，复查", occasion=Occasion.ILLNESS)
    assert office.post(f"{record}edit/", changed).status_code == 302
    pages = [LIST + "?col=reason&col=whom", f"{record}", f"{record}history/", "/history/", "/"]
    pages += [f"/acts/{act.pk}/" for act in Act.objects.all()] + [f"/go/?q={ILLNESS}"]

    assert all(ILLNESS in text_of(office.get(page)) for page in (record, f"{record}history/"))
    for page in pages:
        answer = reader.get(page)
        assert (page, answer.status_code) == (page, 200)
        assert ILLNESS not in text_of(answer), page
        assert "肝癌" not in text_of(answer), page


def test_title_of_a_visit_does_not_tell_who_is_ill(union: Union) -> None:
    assert str(visit(union, name="王师傅", occasion=Occasion.ILLNESS)) == "2026-01-20生病住院慰问"
    assert str(visit(union, name="王子轩", recipient=Recipient.CHILD)) == "2026-01-20春节慰问"
    assert str(visit(union, name="王师傅", occasion=Occasion.HEAT)) == "高温慰问王师傅"


@pytest.fixture
def discreet(union: Union) -> list[CareVisit]:
    """A visit to somebody ill, one to a child, and last one that anybody may know of."""
    return [
        visit(union, "2026-03-03", member=new_member(union, name="赵敏"), occasion=Occasion.ILLNESS),
        visit(union, "2026-03-02", name="钱子轩", recipient=Recipient.CHILD, occasion=Occasion.CHILDREN_DAY),
        visit(union, "2026-03-01", name="孙师傅"),
    ]


@pytest.mark.parametrize(
    ("role", "names"),
    [
        ("staff", ["赵敏", "钱子轩", "孙师傅"]),
        ("chair", ["赵敏", "钱子轩", "孙师傅"]),
        ("leader", ["仅经办人可见", "仅经办人可见", "孙师傅"]),
        ("auditor", ["仅经办人可见", "仅经办人可见", "孙师傅"]),
    ],
)
def test_who_is_ill_and_whose_child_it_is_reads_only_who_handles_the_case(
    role: str, names: list[str], discreet: list[CareVisit], cast: SimpleNamespace, login: Login
) -> None:
    client = login(getattr(cast, role))

    rows = client.get(LIST).context["rows"]
    table = openpyxl.load_workbook(
        io.BytesIO(client.post(f"{LIST}export/", {"columns": "shown"}).content)
    ).active

    assert [row.texts[0] for row in rows] == names
    assert [cell.value for cell in table["A"][1:]] == names
    assert {row.texts[4] for row in rows} == {"500.00"}


def test_reader_reaches_the_figures_rows_without_the_names(
    discreet: list[CareVisit], cast: SimpleNamespace, login: Login
) -> None:
    """Every page a leader can reach from the figure of illness, and every way to look for the person."""
    ill, child, _ = discreet
    office, leader = login(cast.staff), login(cast.leader)
    office.post(f"{LIST}{ill.pk}/edit/", typed(union=ill.union_id, occasion="illness", name="赵敏敏"))
    scope = facts.Scope(date(2026, 1, 1), date(2026, 12, 31), date(2026, 12, 31))
    fact = facts.compute(["welfare.visits.illness.visits"], scope)["welfare.visits.illness.visits"]
    pages = ["/history/", "/", *(f"/acts/{act.pk}/" for act in Act.objects.filter(kind="change"))]
    for made in (ill, child):
        pages += [f"{LIST}{made.pk}/", f"{LIST}{made.pk}/history/"]

    for page in pages:
        answer = leader.get(page)
        assert (page, answer.status_code) == (page, 200)
        assert not [name for name in ("赵敏", "钱子轩") if name in text_of(answer)], page
    (row,) = leader.get(fact.url).context["rows"]
    assert (list(row.texts[:3]), fact.value) == (
        ["仅经办人可见", "一线班组", "生病住院"],
        1,
    )
    assert "赵敏敏" in text_of(office.get(f"{LIST}{ill.pk}/"))


def test_reader_finds_nobody_by_looking_for_the_name(
    discreet: list[CareVisit], cast: SimpleNamespace, login: Login
) -> None:
    member = Member.objects.get(name="赵敏")

    def found(user: User, query: str) -> int:
        return len(login(user).get(LIST + query).context["rows"])

    def visits_of(user: User) -> list[Any]:
        parts = login(user).get(f"/members/{member.pk}/").context["related"]
        return next(part["rows"] for part in parts if part["title"] == "慰问")

    for query in ("?q=赵敏", "?q=qzx", f"?member={member.pk}"):
        assert (query, found(cast.staff, query), found(cast.leader, query)) == (query, 1, 0)
    assert found(cast.leader, "?q=孙师傅") == 1
    assert (len(visits_of(cast.staff)), visits_of(cast.leader)) == (1, [])
    for page in ("/go/?q=赵敏", "/care-visits/choices/?q=赵敏"):
        groups = [row for row in login(cast.leader).get(page).json() if "care-visits" in str(row)]
        assert groups == [], page


def test_doubt_needs_a_reason_which_is_not_the_reason_of_the_visit(
    union: Union, staff: User, login: Login
) -> None:
    visit(union, "2026-07-01", name="环卫一班", occasion=Occasion.HEAT)
    client = login(staff)

    asked = client.post(NEW, typed(union=union.pk, reason="连日高温"))
    told = client.post(NEW, typed(union=union.pk, reason="连日高温", act_reason="第二批"))

    assert (asked.status_code, told.status_code) == (422, 302)
    assert "本年已慰问过" in text_of(asked)
    assert CareVisit.objects.latest("pk").reason == "连日高温"
    assert Act.objects.latest("pk").reason == "第二批"


def test_act_is_taken_back_by_the_chair_who_did_it(
    union: Union, chair: User, other_chair: User, login: Login
) -> None:
    login(chair).post(QUICK, typed())
    act = Act.objects.get(kind="create")

    stranger = login(other_chair).post(f"/acts/{act.pk}/take-back/")
    own = login(chair).post(f"/acts/{act.pk}/take-back/")

    assert (stranger.status_code, own.status_code) == (404, 302)
    assert CareVisit.objects.count() == 0


def test_change_is_taken_back_with_its_computed_columns(union: Union, staff: User, login: Login) -> None:
    made = visit(union, name="环卫一班", goods=GOODS, campaign="2026年元旦春节送温暖")
    before = CareVisit.objects.filter(pk=made.pk).values().get()
    login(staff).post(
        f"/care-visits/{made.pk}/edit/", typed(union=union.pk, name="环卫二班", visited_on="2025-12-30")
    )

    take_back(Act.objects.get(kind="change"), user=staff)

    assert CareVisit.objects.filter(pk=made.pk).values().get() == before


def test_history_tells_goods_in_words_and_no_computed_columns(
    union: Union, staff: User, login: Login
) -> None:
    made = visit(union, "2026-07-20", name="环卫一班", goods=GOODS, occasion=Occasion.HEAT)
    client = login(staff)
    client.post(f"/care-visits/{made.pk}/edit/", typed(union=union.pk, goods="毛巾|3|条|12"))

    entry = client.get(f"/care-visits/{made.pk}/history/").context["timeline"][0]

    told = [(change.label, change.before, change.after) for change in entry.changes]
    assert ("慰问品", "大米 2袋×45.00元；食用油 1桶×60.00元", "毛巾 3条×12.00元") in told
    assert not {"合计金额", "慰问品价值", "入账日期", "统计日期", "对象识别码"} & {
        label for label, _, _ in told
    }


def test_record_page_shows_what_the_figures_follow(union: Union, staff: User, login: Login) -> None:
    made = visit(
        union,
        "2025-12-29",
        campaign="2026年元旦春节送温暖",
        paid_on="2025-12-26",
        goods=GOODS,
        cash_amount=500,
    )

    group = login(staff).get(f"/care-visits/{made.pk}/").context["groups"][0]

    assert [(field["label"], field["text"]) for field in group["fields"]] == [
        ("合计金额", "650.00"),
        ("慰问品价值", "150.00"),
        ("统计日期", "2026-01-01"),
        ("入账日期", "2025-12-26"),
    ]
