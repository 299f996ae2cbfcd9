"""Every record type, whatever it is: its list, form, record page, history, and what strangers to it may not do."""

import io
import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from tests.every_record import MADE_BY_STEPS, SAMPLES, create, newest_act, with_reason
from unionoffice.organisation import access
from unionoffice.organisation.models import Union, User
from unionoffice.records.forms import OWN_FIELDS
from unionoffice.records.models import Act, Attachment, Change
from unionoffice.records.taking_back import take_back
from unionoffice.records.types import RecordType, registry

pytestmark = pytest.mark.django_db
KINDS = [kind for kind in registry if kind.slug in SAMPLES]
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.slug)


@pytest.fixture
def office(staff: User, login: Callable[[User], Client]) -> Client:
    return login(staff)


def test_every_type_has_a_sample() -> None:
    assert {kind.slug for kind in registry} == set(SAMPLES) | set(MADE_BY_STEPS)
    assert {kind.slug for kind in registry if kind.made_by_steps} == set(MADE_BY_STEPS)


@pytest.mark.parametrize("slug", MADE_BY_STEPS)
def test_type_made_by_steps_is_neither_added_nor_imported_by_anybody(
    slug: str, cast: SimpleNamespace, login: Callable[[User], Client]
) -> None:
    kind = registry[slug]
    for user in vars(cast).values():
        client = login(user)
        pages = [client.get(kind.url(page)).status_code for page in ("new", "import", "template")]
        posts = [client.post(kind.url(page), {}).status_code for page in ("new", "import")]
        assert {*pages, *posts} == {403}, user.role

    shown = login(cast.staff).get(kind.url("list")).content.decode()
    assert kind.url("new") not in shown
    assert kind.url("import") not in shown
    assert kind.url("template") not in shown


@every_kind
def test_list_costs_the_same_for_one_row_and_for_three(
    kind: RecordType, office: Client, union: Union
) -> None:
    create(office, kind, union, 0)
    office.get(kind.url("list"))
    with CaptureQueriesContext(connection) as one:
        office.get(kind.url("list"))
    create(office, kind, union, 1)
    create(office, kind, union, 2)
    office.get(kind.url("list"))

    with CaptureQueriesContext(connection) as three:
        page = office.get(kind.url("list"))

    assert len(page.context["rows"]) >= 3
    assert len(three) == len(one)


@every_kind
@pytest.mark.usefixtures("owner")
def test_naming_three_rows_costs_the_same_as_naming_one(
    kind: RecordType, office: Client, union: Union, staff: User
) -> None:
    """In pickers, and on the page of an act that touched them."""

    def costs() -> list[int]:
        touched = Act.objects.create(kind="bulk", user=staff)
        for pk in kind.model.objects.values_list("pk", flat=True):
            Change.objects.create(act=touched, table=kind.model._meta.db_table, row=pk, kind="U", after={})
        found = []
        for address in (kind.url("choices"), f"/acts/{touched.pk}/"):
            office.get(address)
            with CaptureQueriesContext(connection) as asked:
                office.get(address)
            found.append(len(asked))
        return found

    create(office, kind, union, 0)
    one = costs()
    create(office, kind, union, 1)
    create(office, kind, union, 2)

    assert costs() == one


@every_kind
def test_every_column_sorts_and_every_filter_answers(kind: RecordType, office: Client, union: Union) -> None:
    create(office, kind, union, 0)
    page = office.get(kind.url("list"))
    addresses = [column.sort_url for column in page.context["columns"] if column.sort_url]
    for found in page.context["filters"]:
        menu = office.get(kind.url("filter_menu", key=found.key)).context["menu"]
        addresses += [option.url for option in menu.options]

    answers = {address: office.get(kind.url("list") + address).status_code for address in addresses}

    assert set(answers.values()) <= {200}, answers
    assert page.context["columns"][0].title in office.get(kind.url("column_menu")).content.decode()


@every_kind
@pytest.mark.parametrize("query", ["?q=%25%27", "?q=没有的", "?sort=nix", "?page=abc", "?page=999999"])
def test_list_answers_whatever_the_address_asks(
    kind: RecordType, query: str, office: Client, union: Union
) -> None:
    create(office, kind, union, 0)

    assert office.get(kind.url("list") + query).status_code == 200


def test_text_no_database_holds_is_refused(office: Client) -> None:
    assert office.get("/members/?q=%00").status_code == 400
    assert office.post("/members/views/", {"title": "\0"}).status_code == 400


@every_kind
def test_created_record_is_found_shown_and_noted(kind: RecordType, office: Client, union: Union) -> None:
    record = create(office, kind, union, 0)

    assert Change.objects.filter(
        table=kind.model._meta.db_table, row=record.pk, kind="I", act__kind="create"
    ).exists()
    page = office.get(kind.url("record", record.pk))
    assert page.context["record_title"] == str(record)
    assert record.pk in [row.pk for row in office.get(kind.url("list")).context["rows"]]
    assert office.get(kind.url("history", record.pk)).context["timeline"]


@every_kind
def test_edit_form_sent_back_unchanged_changes_nothing(
    kind: RecordType, office: Client, union: Union
) -> None:
    record = create(office, kind, union, 0)
    form = office.get(kind.url("edit", record.pk)).context["form"]
    data = {bound.html_name: bound.value() for bound in form if bound.value() not in (None, "", False)}

    response = office.post(kind.url("edit", record.pk), with_reason(data))

    assert response.status_code == 302, response.context["form"].errors.as_json()
    assert list(newest_act().changes.values_list("table", "kind", "before", "after")) == []


@every_kind
def test_deleted_record_comes_back_as_it_was(
    kind: RecordType, office: Client, union: Union, staff: User
) -> None:
    record = create(office, kind, union, 0)
    before = kind.model.objects.filter(pk=record.pk).values().get()
    office.post(kind.url("delete", record.pk))
    if kind.model.objects.filter(pk=record.pk).exists():
        pytest.skip("others need this record, so it is not deleted")

    take_back(newest_act(), user=staff)

    assert kind.model.objects.filter(pk=record.pk).values().get() == before


@every_kind
def test_same_submission_twice_makes_one_record(kind: RecordType, office: Client, union: Union) -> None:
    data = with_reason(SAMPLES[kind.slug](union, 0)) | {"submission": "7f0c7c3e-3f5b-4c55-9a0a-0d4b1c2d3e4f"}
    before = kind.model.objects.count()

    answers = [office.post(kind.url("new"), data) for _ in range(2)]

    assert {answer["Location"] for answer in answers} == {
        kind.url("record", kind.model.objects.latest("pk").pk)
    }
    assert kind.model.objects.count() == before + 1


KEY = "7f0c7c3e-3f5b-4c55-9a0a-0d4b1c2d3e4f"


@every_kind
def test_same_key_with_another_content_drops_nothing(kind: RecordType, office: Client, union: Union) -> None:
    first, second = (with_reason(SAMPLES[kind.slug](union, n)) | {"submission": KEY} for n in (0, 1))
    office.post(kind.url("new"), first)
    saved = kind.model.objects.latest("pk")

    both = office.post(kind.url("new"), second)

    assert both.status_code == 409
    assert both.context["saved"]["url"] == kind.url("record", saved.pk)
    assert str(saved) in both.content.decode()
    assert both.context["conflict"]
    form = both.context["form"]
    assert {name: str(form[name].value() or "") for name in second if name not in OWN_FIELDS} == {
        name: str(value) for name, value in second.items() if name not in OWN_FIELDS
    }
    again = office.post(kind.url("new"), second | {"submission": form["submission"].value()})
    assert again["Location"] == kind.url("record", kind.model.objects.latest("pk").pk)
    assert kind.model.objects.latest("pk") != saved


@every_kind
def test_what_was_sent_twice_differently_can_change_the_record_it_made(
    kind: RecordType, office: Client, union: Union
) -> None:
    first, second = (with_reason(SAMPLES[kind.slug](union, n)) | {"submission": KEY} for n in (0, 1))
    office.post(kind.url("new"), first)
    saved = kind.model.objects.latest("pk")
    before = kind.model.objects.count()
    form = office.post(kind.url("new"), second).context["form"]
    own = {name: form[name].value() for name in ("submission", "seen")}

    answer = office.post(kind.url("new"), second | own | {"into": saved.pk})

    if answer.status_code == 302:
        assert answer["Location"] == kind.url("record", saved.pk)
        assert newest_act().kind == "change"
    else:  # the type refuses such a change: it is told beside the fields, on a form that still means this record
        assert answer.context["form"].errors
        assert answer.context["into"] == saved.pk
    assert kind.model.objects.count() == before


@every_kind
def test_key_of_a_sent_form_belongs_to_its_user(
    kind: RecordType,
    office: Client,
    union: Union,
    make_user: Callable[..., User],
    login: Callable[[User], Client],
) -> None:
    first, second = (with_reason(SAMPLES[kind.slug](union, n)) | {"submission": KEY} for n in (0, 1))
    office.post(kind.url("new"), first)
    saved = kind.model.objects.latest("pk")

    answer = login(make_user("staff", username="staff2")).post(kind.url("new"), second)

    assert answer["Location"] == kind.url("record", kind.model.objects.latest("pk").pk)
    assert kind.model.objects.latest("pk") != saved


@every_kind
def test_choice_of_several_offers_no_empty_one(kind: RecordType, office: Client) -> None:
    """Without a script it would be sent, and refused."""
    page = office.get(kind.url("new")).content.decode()

    several = re.findall(r"<select[^>]*\bmultiple\b.*?</select>", page, re.DOTALL)

    assert [select for select in several if 'value=""' in select] == []


def own_pages(kind: RecordType, pk: int) -> Iterator[str]:
    for page in ("record", "edit", "history"):
        yield kind.url(page, pk)


@every_kind
def test_chair_of_another_union_sees_nothing_of_it(
    kind: RecordType, office: Client, union: Union, other_chair: User, login: Callable[[User], Client]
) -> None:
    if not access.may(other_chair, access.VIEW, kind):
        assert login(other_chair).get(kind.url("list")).status_code == 403
        return
    record = create(office, kind, union, 0)
    stranger = login(other_chair)

    assert record.pk not in [row.pk for row in stranger.get(kind.url("list")).context["rows"]]
    assert {stranger.get(page).status_code for page in own_pages(kind, record.pk)} <= {404, 403}
    assert stranger.get(kind.url("record", record.pk)).status_code == 404


@every_kind
def test_leader_reads_but_changes_nothing(
    kind: RecordType,
    office: Client,
    union: Union,
    make_user: Callable[..., User],
    login: Callable[[User], Client],
) -> None:
    record = create(office, kind, union, 0)
    leader = login(make_user("leader"))

    assert leader.get(kind.url("record", record.pk)).status_code == 200
    refused = [leader.get(kind.url("new")), leader.get(kind.url("edit", record.pk))]
    refused += [leader.post(kind.url("delete", record.pk)), leader.post(kind.url("bulk"), {"pk": record.pk})]
    assert {answer.status_code for answer in refused} == {403}


@every_kind
def test_files_open_for_those_alone_who_see_whom_the_record_is_about(
    kind: RecordType, cast: SimpleNamespace, union: Union, login: Callable[[User], Client]
) -> None:
    """Person and place of a discreet row are hidden from readers; its photos and papers would show both."""
    if not kind.evidence:
        return
    office = login(cast.staff)
    record = create(office, kind, union, 0)
    file = attach_photo(office, kind, record.pk, "赵阿婆住院.jpg")
    if kind.discreet is not None:
        assert kind.model.objects.filter(kind.discreet, pk=record.pk).exists(), "the sample must be discreet"

    for user in vars(cast).values():
        if not access.may(user, access.VIEW, kind) or not kind.rows(user).filter(pk=record.pk).exists():
            continue
        client, opens = login(user), kind.discreet is None or access.may(user, access.CHANGE, kind)
        pages = [
            kind.url("record", record.pk),
            kind.url("history", record.pk),
            f"/acts/{newest_act().pk}/",
            "/history/",
        ]
        shown = "".join(client.get(page).content.decode() for page in pages)
        answers = {client.get(page).status_code for page in (f"/files/{file}/", f"/files/{file}/thumbnail/")}

        assert answers == ({200} if opens else {403}), user.role
        assert ("赵阿婆住院" in shown) is opens, user.role
        assert (f"/files/{file}/" in shown) is opens, user.role


def attach_photo(client: Client, kind: RecordType, pk: int, name: str) -> int:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(out, "JPEG")
    sent = {"kind": kind.evidence[0].kind, "files": [SimpleUploadedFile(name, out.getvalue())]}
    assert client.post(kind.url("attach", pk), sent).status_code == 302
    return Attachment.objects.latest("pk").pk


@every_kind
def test_administrator_sees_no_records(
    kind: RecordType, make_user: Callable[..., User], login: Callable[[User], Client]
) -> None:
    administrator = login(make_user("administrator"))

    assert administrator.get(kind.url("list")).status_code == 403


@every_kind
def test_empty_form_is_refused_beside_its_fields(kind: RecordType, office: Client, union: Union) -> None:
    response = office.post(kind.url("new"), {})

    assert response.status_code == 422
    assert response.context["form"].errors
    assert not newest_changes(kind)


def newest_changes(kind: RecordType) -> bool:
    return Change.objects.filter(table=kind.model._meta.db_table, act__kind="create").exists()


def test_what_is_typed_wrong_is_never_a_traceback(office: Client) -> None:
    addresses = (
        "/no-such-type/",
        "/units/999999/",
        "/units/?page=abc",
        "/units/?sort=nothing",
        "/units/?staff_total_from=x",
    )

    answers = {address: office.get(address).status_code for address in addresses}

    assert answers == dict(zip(addresses, (404, 404, 200, 200, 200), strict=True))


def test_sign_that_is_a_digit_but_no_number_is_never_a_traceback(office: Client, union: Union) -> None:
    """`²` is a digit to `str.isdigit` and no number to `int`."""
    member = create(office, registry["members"], union, 0)
    asked = ("/members/new/?union=²", "/plan/2024/?union=²", f"/members/{member.pk}/merge/?with=²")
    sent = (
        ("/members/bulk/", {"pk": "²"}),
        ("/members/new/", {"union": "²"}),
        ("/members/duplicates/?pk=²", {"name": "甲", "union": "²"}),
        ("/activities/new/", {"co_organisers": "²"}),
    )

    answers = [office.get(address).status_code for address in asked]
    answers += [office.post(address, typed).status_code for address, typed in sent]

    assert answers == [200, 404, 404, 302, 422, 200, 422]
