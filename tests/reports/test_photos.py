"""Photos of the period as the last attachment: which are offered, what keeps one out, how they stand on paper."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from types import SimpleNamespace

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from activities.choices import Kind, State
from activities.models import Activity
from reports import document
from reports.attachments import PICTURE_SIDE
from reports.finalising import check, finalise, new_version
from reports.handing_out import hand_out
from reports.models import Report
from reports.photos import Choice, choose, offered
from reports.storing import restored, summary_as_json
from reports.summary import Photo
from reports.views import photos as views
from unionoffice.organisation.choices import Role
from unionoffice.organisation.models import Union, User
from unionoffice.records.attachments import attach
from unionoffice.records.models import Attachment
from unionoffice.records.photos import photos
from welfare.choices import Occasion, Recipient
from welfare.models import CareVisit

from .test_document import SUMMARY, body

YEAR = (date(2024, 1, 1), date(2024, 12, 31))


def jpeg(colour: str, size: tuple[int, int] = (400, 300)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def add(staff: User) -> Callable[..., Attachment]:
    def attach_photo(
        record: object, colour: str, kind: str = "photo", size: tuple = (400, 300)
    ) -> Attachment:
        return attach(record, SimpleUploadedFile("p.jpg", jpeg(colour, size)), kind, staff)

    return attach_photo


@pytest.fixture
def walk(union: Union) -> Activity:
    return Activity.objects.create(
        union=union, title="环湖健步走", kind=Kind.WALKING, starts_on="2024-03-05", came=40
    )


def visit(union: Union, **changes: object) -> CareVisit:
    fields = {"occasion": Occasion.MAY_DAY, "visited_on": "2024-04-28", "name": "张师傅", "cash_amount": 500}
    return CareVisit.objects.create(union=union, **fields | changes)


@pytest.fixture
def report(staff: User, town: Union) -> Report:
    return Report.objects.create(
        kind="summary", start=YEAR[0], end=YEAR[1], title="2024年度工作总结", created_by=staff
    )


@pytest.fixture
def album(walk: Activity, other_union: Union, add: Callable) -> SimpleNamespace:
    return SimpleNamespace(walk=add(walk, "red"), visit=add(visit(other_union), "blue", size=(3000, 2000)))


def captions(user: User | None = None, unions: frozenset[int] | None = None) -> list[str]:
    return [photo.caption for photo in photos(*YEAR, unions, user)]


def pictures(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if "/media/" in name}


def test_captions_say_what_where_and_when_but_name_nobody(album: SimpleNamespace) -> None:
    assert captions() == ["环湖健步走（宏达机械，2024年3月5日）", "五一慰问（金河村，2024年4月28日）"]


@pytest.mark.parametrize(
    "changes",
    [
        {"occasion": Occasion.ILLNESS},
        {"occasion": Occasion.DEATH},
        {"occasion": Occasion.ACCIDENT},
        {"occasion": Occasion.CHILDREN_DAY},
        {"occasion": Occasion.MARRIAGE_BIRTH},
        {"recipient": Recipient.CHILD},
        {"recipient": Recipient.MIGRANT_CHILD},
        {"recipient": Recipient.FAMILY},
        {"is_under_fourteen": True, "consent_on": "2024-04-01"},
        {"visited_on": "2023-12-31"},
        {"visited_on": "2025-01-01"},
    ],
)
def test_what_tells_of_illness_children_or_another_year_is_offered_to_nobody(
    union: Union, add: Callable, staff: User, changes: dict
) -> None:
    add(visit(union, **changes), "red")

    assert captions(staff) == captions() == []


def test_only_photos_of_what_was_held_are_offered(walk: Activity, union: Union, add: Callable) -> None:
    add(walk, "red", kind="sign_in")
    planned = Activity.objects.create(
        union=union, title="讲座", kind=Kind.LECTURE, starts_on="2024-05-05", state=State.PLANNED
    )
    add(planned, "blue")

    assert captions() == []


def test_photos_of_other_unions_are_not_offered(
    album: SimpleNamespace, chair: User, make_user: Callable, union: Union
) -> None:
    walk = "环湖健步走（宏达机械，2024年3月5日）"

    assert captions(chair) == [walk]
    assert captions(None, frozenset({union.pk})) == [walk]
    assert captions(make_user(Role.MEDIATOR)) == []


def test_a_document_of_one_union_shows_its_own_photos(
    album: SimpleNamespace, report: Report, union: Union, staff: User
) -> None:
    report.union = union

    assert [photo.file for photo in offered(report.order(date(2025, 1, 5)), staff)] == [album.walk]


@pytest.fixture
def chosen(album: SimpleNamespace, report: Report, staff: User) -> Report:
    choose(report, [Choice(album.visit.pk, "五一慰问"), Choice(album.walk.pk, "健步走")], user=staff)
    return report


def test_photos_stand_two_to_a_page_with_their_captions_last(chosen: Report, staff: User) -> None:
    opened = docx.Document(BytesIO(hand_out(chosen, user=staff)))
    shapes = opened.inline_shapes
    texts = [p.text for p in opened.paragraphs if p.style.name == "图题"]
    line = 29 * 25.4 / 72

    assert texts == ["五一慰问", "健步走"]
    assert body(hand_out(chosen, user=staff), "AttachmentNote") == ["附件：1.主要数据一览表", "2.工作照片"]
    assert [(round(s.width.mm), round(s.height.mm)) for s in shapes] == [(116, 77), (103, 77)]
    # Mark, title with a line before and after, two photos with caption and a quarter of a line: at most a page.
    heading = line + 2 * line + 35 * 25.4 / 72
    assert heading + 2 * (77 + 1.25 * line) <= 225
    assert opened.styles["图"].paragraph_format.keep_with_next


def test_photos_are_made_as_small_as_paper_allows_and_differ_in_nothing_else(
    chosen: Report, staff: User
) -> None:
    content = hand_out(chosen, user=staff)
    sizes = [Image.open(BytesIO(data)).size for data in pictures(content).values()]

    assert sizes == [(PICTURE_SIDE, PICTURE_SIDE * 2 // 3), (400, 300)]
    assert hand_out(chosen, user=staff) == content


def test_a_photo_taken_off_its_record_is_left_out(
    chosen: Report, album: SimpleNamespace, staff: User
) -> None:
    album.visit.delete()

    assert body(hand_out(chosen, user=staff), "PictureTitle") == ["健步走"]


def test_a_visit_that_turns_out_to_tell_of_illness_takes_its_photo_along(chosen: Report, staff: User) -> None:
    CareVisit.objects.update(occasion=Occasion.ILLNESS)

    assert body(hand_out(chosen, user=staff), "PictureTitle") == ["健步走"]


def test_a_final_document_keeps_its_photos_whatever_becomes_of_them(
    chosen: Report, album: SimpleNamespace, staff: User
) -> None:
    check(chosen, user=staff)
    final = finalise(chosen, user=staff)
    before = hand_out(final, user=staff)
    album.visit.delete()
    Activity.objects.all().delete()

    assert hand_out(final, user=staff) == before
    assert len(pictures(before)) == 2
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update reports_reportphoto set caption = 'x'")


def test_a_new_version_shows_the_same_photos(chosen: Report, staff: User) -> None:
    check(chosen, user=staff)
    second = new_version(finalise(chosen, user=staff), user=staff)

    assert list(second.photos.values_list("file", "caption")) == list(
        chosen.photos.values_list("file", "caption")
    )


def test_photos_are_kept_with_the_text() -> None:
    pictured = replace(SUMMARY, photos=(Photo("健步走", "0" * 64),))

    assert restored(summary_as_json(pictured)) == pictured
    with pytest.raises(KeyError):
        document.write(pictured)


def test_page_offers_chosen_first_and_a_month_of_the_others(
    album: SimpleNamespace, report: Report, staff: User, login: Callable[[User], Client]
) -> None:
    choose(report, [Choice(album.visit.pk, "五一慰问")], user=staff)
    client = login(staff)
    address = f"/reports/drafts/{report.pk}/photos/"
    everything = client.get(address).context["lines"]
    april = client.get(f"{address}?month=2024-04").context["lines"]

    assert [(line.photo.file, line.use.initial) for line in everything] == [
        (album.visit, True),
        (album.walk, False),
    ]
    assert [line.photo.file for line in april] == [album.visit]
    assert f"/files/{album.walk.pk}/thumbnail/" in client.get(address).content.decode()


def test_page_keeps_order_and_captions(
    album: SimpleNamespace, report: Report, staff: User, login: Callable[[User], Client]
) -> None:
    walk, visited = album.walk.pk, album.visit.pk
    answer = login(staff).post(
        f"/reports/drafts/{report.pk}/photos/",
        {
            "shown": [walk, visited],
            f"use_{walk}": "on",
            f"caption_{walk}": "健步走\r\n现场",
            f"use_{visited}": "on",
            f"caption_{visited}": "慰问",
            f"place_{visited}": "1",
        },
    )

    assert answer.status_code == 302
    assert list(report.photos.values_list("file", "caption")) == [(visited, "慰问"), (walk, "健步走现场")]


def test_what_another_page_shows_stays_as_it_is(
    album: SimpleNamespace,
    report: Report,
    staff: User,
    login: Callable[[User], Client],
    walk: Activity,
    add: Callable,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(views, "PER_PAGE", 1)
    late = add(visit(walk.union, visited_on="2024-12-01"), "green")
    client, address = login(staff), f"/reports/drafts/{report.pk}/photos/"
    shown = [
        [line.photo.file for line in client.get(f"{address}?page={page}").context["lines"]]
        for page in (1, 2, 3)
    ]
    for file in (late, album.walk):
        kept = report.photos.values_list("file", "caption")
        data = {f"use_{pk}": "on" for pk, _ in kept} | {f"caption_{pk}": caption for pk, caption in kept}
        client.post(
            address, data | {"shown": file.pk, f"use_{file.pk}": "on", f"caption_{file.pk}": f"照片{file.pk}"}
        )

    assert shown == [[album.walk], [album.visit], [late]]
    assert set(report.photos.values_list("file", flat=True)) == {late.pk, album.walk.pk}


def test_page_costs_the_same_for_one_photo_and_for_three(
    walk: Activity,
    union: Union,
    report: Report,
    staff: User,
    login: Callable[[User], Client],
    add: Callable,
    django_assert_num_queries: Callable,
) -> None:
    client, address = login(staff), f"/reports/drafts/{report.pk}/photos/"
    add(walk, "red")
    client.get(address)  # settings are read once
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for colour in ("green", "blue"):
        add(visit(union, name=f"{colour}师傅"), colour)
        add(
            Activity.objects.create(union=union, title=colour, kind=Kind.OTHER, starts_on="2024-06-01"),
            colour,
        )

    with django_assert_num_queries(len(one) + 1):  # the second kind of record is read too
        assert len(client.get(address).context["lines"]) == 5


def test_page_says_what_is_wrong_and_keeps_nothing(
    album: SimpleNamespace, report: Report, staff: User, login: Callable[[User], Client]
) -> None:
    walk = album.walk.pk
    answer = login(staff).post(
        f"/reports/drafts/{report.pk}/photos/",
        {"shown": walk, f"use_{walk}": "on", f"caption_{walk}": " "},
    )

    assert answer.context["form"].errors == {f"caption_{walk}": ["写上照片的说明"]}
    assert report.photos.count() == 0


def test_page_is_for_writers_only(report: Report, cast_of: Callable, login: Callable) -> None:
    address = f"/reports/drafts/{report.pk}/photos/"

    assert login(cast_of(Role.LEADER)).get(address).status_code == 403
    assert login(cast_of(Role.CHAIR)).get(address).status_code == 403


@pytest.fixture
def cast_of(make_user: Callable, union: Union) -> Callable[[str], User]:
    return lambda role: make_user(role, union if role == Role.CHAIR else None)
