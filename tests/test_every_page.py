"""Every address of the office, asked for and sent to by people it is not for; a new page is tried without being named here."""

import logging
import re
from collections.abc import Callable, Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.test import Client
from django.urls import get_resolver

from members.models import Member, TransferRequest
from reports.models import Report, ReturnedCopy, ReturnForm, WordTemplate
from reports.plan_items import PlanItem
from tests.every_record import SAMPLES, create
from tests.members.samples import new_member
from tests.reports.placeholders.files import word
from tests.reports.returns.forms import workbook_form
from tests.roster import messy_roster
from tests.test_architecture import patterns
from unionoffice.organisation.choices import UnionKind
from unionoffice.organisation.models import OfficeSetting, Union, User
from unionoffice.records.blobs import store
from unionoffice.records.models import Act, Attachment, Change, Disclosure, ImportRun, Job, SavedView
from unionoffice.records.types import registry

pytestmark = pytest.mark.django_db
Login = Callable[[User], Client]
PLACE = re.compile(r"<(?:\w+:)?(\w+)>")
CLOSED = {403, 404, 405}
# What an address is about, by how its pattern begins; the pages of a record type are about its records.
ABOUT: dict[str, type[Model]] = {
    "accounts/": User,
    "settings/values/": OfficeSetting,
    "reports/drafts/": Report,
    "plan/items/": PlanItem,
    "returns/": ReturnForm,
    "word/": WordTemplate,
    "acts/": Act,
    "files/": Attachment,
    "imports/": ImportRun,
    "jobs/": Job,
    "members/": Member,
    "<slug:slug>/views/": SavedView,
}
OTHER_PARTS = {
    "year": "2024",
    "field": "id_number",
    "code": "0-3-2",
    "level": "chapter",
    "row": "3",
    "do": "done",
    "copy": "1",
}
# Own pages of whoever is logged in.
OWN = ("", "go/", "login/", "logout/", "favicon.ico", "me/password/", "healthz", "calendar/", "history/")
ADMINISTRATION = ("accounts/", "settings/", "disclosures/", "system/")


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """A thousand refusals are not worth a thousand tracebacks in the log."""
    log = logging.getLogger("django.request")
    log.disabled = True
    yield
    log.disabled = False


@pytest.fixture
def addresses(cast: SimpleNamespace, union: Union, login: Login) -> list[tuple[str, str]]:
    """(pattern, address) of every page, in an office where all that has a page is of the first union."""
    clerk = login(cast.staff)
    for slug in SAMPLES:
        create(clerk, registry[slug], union, 0)
    visit = registry["care-visits"].model.objects.get()
    receipt = SimpleUploadedFile("发票.pdf", b"%PDF-1.4 receipt")
    clerk.post(f"/care-visits/{visit.pk}/attach/", {"kind": "invoice", "files": receipt})
    file = Attachment.objects.get()
    Attachment.objects.update(thumbnail=file.blob)
    clerk.post("/members/import/", {"file": SimpleUploadedFile("花名册.xlsx", messy_roster(union))})
    clerk.post("/members/views/", {"title": "我的", "query": "state=active"})
    clerk.post("/returns/upload/", {"file": SimpleUploadedFile("统计表.xlsx", workbook_form())})
    clerk.post("/word/upload/", {"file": SimpleUploadedFile("简报.docx", word("{{会员总数}}"))})
    Job.objects.create(kind="export", owner=cast.staff, title="导出会员", result=file.blob, result_name="x")
    OfficeSetting.objects.create(key="office.name", value="青溪镇总工会", valid_from="2020-01-01")
    _documents(union, cast.staff)
    third = Union.objects.create(name="河口联合工会", kind=UnionKind.JOINT, parent=union.parent)
    moving = new_member(union, name="陆机密")
    TransferRequest.objects.create(member=moving, from_union=union, to_union=third, on="2024-01-01")
    return [(route, address) for route, _ in patterns(get_resolver()) for address in _filled(route)]


def _documents(union: Union, clerk: User) -> None:
    year = {"start": date(2024, 1, 1), "end": date(2024, 12, 31)}
    report = Report.objects.create(kind="summary", title="总结", union=union, created_by=clerk, **year)
    edited = store(word("总结"), "application/x-word")
    ReturnedCopy.objects.create(pk=1, report=report, name="改过.docx", file=edited, returned_by=clerk)
    PlanItem.objects.create(union=union, year=2024, wording="办健步走", measure="step", due_on="2024-12-01")


def _filled(route: str) -> list[str]:
    """The addresses of a pattern: one for each record type and step where it has a place for them."""
    found = []
    for kind in registry if "<slug:slug>" in route else [registry["members"]]:
        model = next((about for start, about in ABOUT.items() if route.startswith(start)), kind.model)
        has_steps = "<slug:slug>" in route and "<slug:step>" in route
        for step in [step.key for step in kind.steps] if has_steps else ["check"]:
            parts = OTHER_PARTS | {"slug": kind.slug, "step": step, "key": "x"}
            if "pk>" in route:
                parts["pk"] = str(model._default_manager.order_by("pk").last().pk)
            found.append("/" + PLACE.sub(lambda place, parts=parts: parts[place[1]], route))
    return found


def kept() -> tuple[Any, ...]:
    """All that a page could have changed, counted."""
    tables = (Change, Act, Disclosure, ImportRun, User, Attachment)
    return (*(table.objects.count() for table in tables), set(SavedView.objects.values_list("pk", "owner")))


def test_nothing_of_another_union_has_a_page_for_its_chair_or_a_mediator(
    addresses: list[tuple[str, str]], cast: SimpleNamespace, login: Login
) -> None:
    foreign = [address for route, address in addresses if "pk>" in route]
    before = kept()

    open_pages = {
        (stranger.role, ask.__name__, address): answer.status_code
        for stranger in (cast.other_chair, cast.mediator)
        for client in [login(stranger)]
        for ask in (client.get, client.post)
        for address in foreign
        if (answer := ask(address)).status_code not in CLOSED
    }

    assert len(foreign) > 200
    assert open_pages == {}
    assert kept() == before


def test_no_page_tells_a_chair_of_another_union(
    addresses: list[tuple[str, str]], cast: SimpleNamespace, login: Login
) -> None:
    stranger, clerk = login(cast.other_chair), login(cast.staff)
    shared = [address for route, address in addresses if "pk>" not in route and route != "logout/"]

    telling = [address for address in shared if tells(stranger, address)]

    assert telling == []
    assert tells(clerk, "/members/") and tells(clerk, "/unions/choices/")


def tells(client: Client, address: str) -> bool:
    """Whether an answer names the first union or somebody in it."""
    answer = client.get(address)
    is_json = answer.headers.get("Content-Type") == "application/json"
    text = str(answer.json()) if is_json else answer.content.decode(errors="ignore")
    return any(name in text for name in ("宏达机械", "陆机密", "张小一", "李小一"))


def test_whoever_only_reads_changes_nothing_whatever_is_sent(
    addresses: list[tuple[str, str]], cast: SimpleNamespace, login: Login
) -> None:
    sent = {"reason": "核对", "purpose": "核对", "on": "2024-01-01", "save": "1"}
    before = kept()

    for reader in (login(cast.leader), login(cast.auditor)):
        for route, address in addresses:
            if route not in ("logout/", "<slug:slug>/views/"):
                reader.post(address, sent)

    assert kept() == before


def test_administrator_sees_accounts_and_settings_only(
    addresses: list[tuple[str, str]], cast: SimpleNamespace, login: Login
) -> None:
    administrator = login(cast.administrator)
    closed = [a for route, a in addresses if route not in OWN and not route.startswith(ADMINISTRATION)]
    before = kept()

    open_pages = {
        address
        for address in closed
        for ask in (administrator.get, administrator.post)
        if ask(address).status_code not in CLOSED
    }

    assert open_pages == set()
    assert kept() == before


def test_no_page_is_kept_by_a_browser(
    addresses: list[tuple[str, str]], cast: SimpleNamespace, login: Login
) -> None:
    clerk, administrator = login(cast.staff), login(cast.administrator)

    kept_pages = {
        (ask.__name__, address): answer.headers.get("Cache-Control")
        for route, address in addresses
        if route != "logout/"
        for client in [administrator if route.startswith(ADMINISTRATION) else clerk]
        for ask in (client.get, client.post)
        if (answer := ask(address)).headers.get("Cache-Control") != "no-store"
    }

    assert kept_pages == {}


def test_logging_out_drops_what_the_browser_kept(cast: SimpleNamespace, login: Login) -> None:
    assert login(cast.staff).post("/logout/").headers["Clear-Site-Data"] == '"cache"'
