"""Files of a record: judged by content, photos cleaned, served and removed only where their record allows it."""

import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone
from PIL import Image

from tests.activities.samples import activity
from tests.members.samples import new_member
from tests.welfare.samples import visit
from unionoffice.organisation.models import Union, User
from unionoffice.records.attachments import AttachmentRefused, attach
from unionoffice.records.history import act
from unionoffice.records.models import Act, ActKind, Attachment, Blob
from welfare.models import CareVisit

Login = Callable[[User], Client]
ORIENTATION, GPS, TAKEN_AT, DETAILS, MAKER = 0x0112, 0x8825, 0x9003, 0x8769, 0x010F


def photo(
    size: tuple[int, int] = (60, 40), form: str = "JPEG", turned: int = 0, located: bool = False
) -> bytes:
    """A photo whose left third is red, with the EXIF data a phone writes."""
    image = Image.new("RGB", size, "white")
    image.paste((200, 16, 46), (0, 0, size[0] // 3, size[1]))
    exif = Image.Exif()
    if turned:
        exif[ORIENTATION] = turned
    if located:
        exif[MAKER] = "Phone of Zhang"
        exif.get_ifd(GPS).update({1: "N", 2: (29.0, 17.0, 30.0), 3: "E", 4: (121.0, 25.0, 0.0)})
        exif.get_ifd(DETAILS)[TAKEN_AT] = "2026:05:10 09:30:00"
    out = io.BytesIO()
    image.save(out, form, **({"exif": exif} if form == "JPEG" else {}))
    return out.getvalue()


def upload(content: bytes, name: str = "现场.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/octet-stream")


def stored(file: Attachment) -> Image.Image:
    return Image.open(io.BytesIO(file.blob.read()))


def packed(name: str = "word/document.xml") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, "<x/>")
    return out.getvalue()


@pytest.fixture
def made(union: Union) -> CareVisit:
    return visit(union, name="王师傅")


@pytest.fixture
def attached(made: CareVisit, chair: User) -> Attachment:
    return attach(made, upload(photo()), "photo", chair)


def test_photo_loses_place_and_maker_and_keeps_its_time(made: CareVisit, chair: User) -> None:
    content = photo(located=True)
    assert b"Phone of Zhang" in content and Image.open(io.BytesIO(content)).getexif().get_ifd(GPS)

    file = attach(made, upload(content), "photo", chair)

    for blob in (file.blob, file.thumbnail):
        kept = blob.read()
        assert b"Phone of Zhang" not in kept
        assert dict(Image.open(io.BytesIO(kept)).getexif()) == {}
    assert timezone.make_naive(file.taken_at) == datetime(2026, 5, 10, 9, 30)
    assert file.blob.content_type == "image/jpeg"


@pytest.mark.parametrize(
    ("turned", "size", "red"),
    [(0, (60, 40), (5, 20)), (6, (40, 60), (20, 5)), (3, (60, 40), (55, 20)), (8, (40, 60), (20, 55))],
)
def test_photo_stands_upright(
    made: CareVisit, chair: User, turned: int, size: tuple[int, int], red: tuple[int, int]
) -> None:
    image = stored(attach(made, upload(photo(turned=turned)), "photo", chair))

    assert image.size == size
    assert image.getpixel(red)[0] > 150 > image.getpixel(red)[1]


def test_large_photo_is_shrunk_and_has_a_thumbnail(made: CareVisit, chair: User) -> None:
    file = attach(made, upload(photo((4000, 3000))), "photo", chair)

    assert stored(file).size == (2000, 1500)
    assert Image.open(io.BytesIO(file.thumbnail.read())).size == (320, 240)


@pytest.mark.parametrize("form", ["PNG", "WEBP", "GIF", "BMP"])
def test_other_pictures_become_jpeg_whatever_they_are_called(made: CareVisit, chair: User, form: str) -> None:
    file = attach(made, upload(photo(form=form), "截图.dat"), "photo", chair)

    assert (stored(file).format, file.blob.content_type) == ("JPEG", "image/jpeg")
    assert file.name == "截图.jpg"


def test_signature_on_nothing_becomes_black_on_white(made: CareVisit, chair: User) -> None:
    image = Image.new("RGBA", (40, 20), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (0, 0, 10, 20))
    out = io.BytesIO()
    image.save(out, "PNG")

    kept = stored(attach(made, upload(out.getvalue(), "签名.png"), "signature", chair))

    assert max(kept.getpixel((3, 10))) < 20 and min(kept.getpixel((30, 10))) > 235


def test_content_is_encrypted_at_rest_and_kept_once(union: Union, made: CareVisit, chair: User) -> None:
    content = b"%PDF-1.7 " + b"x" * 100
    other = visit(union, name="李师傅")

    files = [attach(record, upload(content, "签领表.pdf"), "signature", chair) for record in (made, other)]

    assert Blob.objects.count() == 1
    assert b"PDF" not in bytes(Blob.objects.get().data)
    assert [file.blob.read() for file in files] == [content, content]


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("签领表.pdf", b"%PDF-1.7\n", "application/pdf"),
        ("签领表.PDF", b"%PDF-1.7\n", "application/pdf"),
        ("方案.docx", packed(), "application/zip"),
        ("名单.xlsx", packed("xl/workbook.xml"), "application/zip"),
        ("公文.ofd", packed("OFD.xml"), "application/zip"),
        ("名单.xls", b"\xd0\xcf\x11\xe0" + bytes(600), "application/x-ole-storage"),
        ("方案.wps", b"\xd0\xcf\x11\xe0" + bytes(600), "application/x-ole-storage"),
    ],
)
def test_office_documents_are_kept_as_they_are(
    made: CareVisit, chair: User, name: str, content: bytes, content_type: str
) -> None:
    file = attach(made, upload(content, name), "notice", chair)

    assert (file.blob.read(), file.blob.content_type, file.thumbnail) == (content, content_type, None)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("照片.jpg", b"<html><script>alert(1)</script>", "内容须与扩展名一致"),
        ("病毒.exe", b"MZ\x90\x00", "只能上传"),
        ("签领表.pdf", b"PK\x03\x04", "内容须与扩展名一致"),
        ("压缩包.zip", packed(), "只能上传"),
        ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "只能上传"),
        ("空.jpg", b"", "文件是空的"),
        ("IMG_1.HEIC", bytes(4) + b"ftypheic" + bytes(40), "HEIC照片请先转成JPG"),
        ("断.jpg", photo()[:200], "图片已损坏"),
    ],
)
def test_what_is_no_photo_or_document_is_refused(
    made: CareVisit, chair: User, name: str, content: bytes, reason: str
) -> None:
    with pytest.raises(AttachmentRefused, match=reason):
        attach(made, upload(content, name), "photo", chair)

    assert not Attachment.objects.exists()


def test_size_is_limited(made: CareVisit, chair: User, settings: LazySettings) -> None:
    settings.UPLOAD_MAX_BYTES = 1024 * 1024

    attach(made, upload(b"%PDF-" + bytes(1024 * 1024 - 5), "满.pdf"), "notice", chair)
    with pytest.raises(AttachmentRefused, match="文件超过1MB"):
        attach(made, upload(b"%PDF-" + bytes(1024 * 1024 - 4), "超.pdf"), "notice", chair)


def test_picture_of_too_many_pixels_is_refused(
    made: CareVisit, chair: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("unionoffice.records.pictures.MOST_PIXELS", 60 * 40 - 1)

    with pytest.raises(AttachmentRefused, match="像素过大"):
        attach(made, upload(photo()), "photo", chair)


def test_upload_on_the_page_and_what_is_still_lacking(made: CareVisit, chair: User, login: Login) -> None:
    client, page = login(chair), f"/care-visits/{made.pk}/"
    before = client.get(page).context["lacks"]

    client.post(
        f"{page}attach/", {"kind": "signature", "files": [upload(photo(), "1.jpg"), upload(b"x", "2.txt")]}
    )

    after = client.get(page)
    assert (before, after.context["lacks"]) == (["签领表"], [])
    assert [file["name"] for file in after.context["attachments"]] == ["1.jpg"]
    assert "2.txt：只能上传" in after.content.decode()


def test_unknown_kind_of_evidence_is_refused(made: CareVisit, chair: User, login: Login) -> None:
    answer = login(chair).post(f"/care-visits/{made.pk}/attach/", {"kind": "x", "files": [upload(photo())]})

    assert (answer.status_code, Attachment.objects.count()) == (404, 0)


def addresses(file: Attachment) -> list[str]:
    return [f"/files/{file.pk}/", f"/files/{file.pk}/thumbnail/"]


def test_file_is_served_so_that_nobody_runs_or_keeps_it(
    attached: Attachment, chair: User, login: Login
) -> None:
    for address in addresses(attached):
        answer = login(chair).get(address)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
        assert answer["Content-Disposition"].startswith("inline; filename*=UTF-8''")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert "no-store" in answer["Cache-Control"]


def test_pdf_is_shown_by_the_browser_and_runs_nothing(made: CareVisit, chair: User, login: Login) -> None:
    """Inside a sandbox of ours the browsers of many offices show no PDF at all; they have one of their own."""
    file = attach(made, upload(b"%PDF-1.7\n", "签领表.pdf"), "signature", chair)

    answer = login(chair).get(f"/files/{file.pk}/")

    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert answer["Content-Disposition"].startswith("inline;")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "sandbox" not in policy and "script-src" not in policy


def test_document_is_downloaded_not_shown(made: CareVisit, chair: User, login: Login) -> None:
    document = packed()
    file = attach(made, upload(document, "方案.docx"), "notice", chair)

    answer = login(chair).get(f"/files/{file.pk}/")

    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer.content == document


def test_file_of_a_foreign_record_does_not_exist(
    attached: Attachment, other_chair: User, login: Login
) -> None:
    client = login(other_chair)

    assert {client.get(address).status_code for address in addresses(attached)} == {404}
    assert client.post(f"/files/{attached.pk}/delete/").status_code == 404
    assert client.post(f"/care-visits/{attached.row}/attach/", {"kind": "photo"}).status_code == 404
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize(
    ("role", "status"), [("leader", 200), ("auditor", 200), ("mediator", 403), ("administrator", 403)]
)
def test_readers_look_but_neither_attach_nor_remove(
    role: str, status: int, attached: Attachment, make_user: Callable[..., User], login: Login
) -> None:
    client = login(make_user(role))

    assert {client.get(address).status_code for address in addresses(attached)} == {status}
    tries = [
        client.post(f"/care-visits/{attached.row}/attach/", {"kind": "photo", "files": [upload(photo())]}),
        client.post(f"/files/{attached.pk}/delete/"),
    ]
    assert [answer.status_code for answer in tries] == [403, 403]
    assert Attachment.objects.count() == 1


def test_file_of_a_deleted_record_is_gone_with_it(attached: Attachment, staff: User, login: Login) -> None:
    client = login(staff)
    client.post(f"/care-visits/{attached.row}/delete/")

    assert client.get(f"/files/{attached.pk}/").status_code == 404


def told(client: Client, record: Any, number: int = 0) -> list[tuple[str, str, str]]:
    entries = client.get(f"/care-visits/{record.pk}/history/").context["timeline"]
    return [(change.label, change.before, change.after) for change in entries[number].changes]


def test_removed_file_stands_in_the_history_and_comes_back(
    made: CareVisit, attached: Attachment, chair: User, login: Login
) -> None:
    client = login(chair)
    assert told(client, made) == [("材料", "", "照片 现场.jpg")]

    client.post(f"/files/{attached.pk}/delete/")
    entry = client.get(f"/care-visits/{made.pk}/history/").context["timeline"][0]
    assert told(client, made) == [("材料", "照片 现场.jpg", "已去掉")]
    page = client.get(entry.act_url)
    back = client.post(entry.take_back_url)

    assert [row.title for row in page.context["rows"]] == [f"慰问 {made}的材料"]
    assert back.status_code == 302
    assert Attachment.objects.get().blob.read() == attached.blob.read()


def test_others_do_not_take_a_removal_back(
    attached: Attachment, chair: User, other_chair: User, make_user: Callable[..., User], login: Login
) -> None:
    login(chair).post(f"/files/{attached.pk}/delete/")
    url = f"/acts/{Act.objects.get(kind='delete').pk}/take-back/"

    assert login(other_chair).post(url).status_code == 404
    assert login(make_user("leader")).post(url).status_code == 403
    assert not Attachment.objects.exists()


def test_links_to_other_records_stand_in_the_history(
    union: Union, other_union: Union, staff: User, chair: User, login: Login
) -> None:
    """Who was put on a list and taken off it; a chair reads only the names of the own union."""
    zhao, qian = new_member(union, name="赵敏"), new_member(other_union, name="钱进")
    with act(ActKind.LOAD):
        walk = activity(union, participants=[zhao, qian])
    typed = {
        "title": "健步走",
        "kind": "walking",
        "theme": "向祖国报到",
        "starts_on": "2026-05-10",
        "came": "40",
        "state": "held",
        "sessions": "1",
        "union": union.pk,
        "participants": [qian.pk],
    }
    login(staff).post(f"/activities/{walk.pk}/edit/", typed)

    def changes(user: User) -> list[tuple[str, str, str]]:
        entries = login(user).get(f"/activities/{walk.pk}/").context["timeline"]
        return [
            (c.label, c.before, c.after) for entry in entries for c in entry.changes if c.label == "签到会员"
        ]

    assert changes(staff)[0] == ("签到会员", "赵敏", "已去掉")
    assert changes(staff)[1] == ("签到会员", "", "赵敏、钱进")
    assert changes(chair)[1] == ("签到会员", "", "其他工会的一项、赵敏")
    assert login(staff).post(f"/acts/{Act.objects.get(kind='change').pk}/take-back/").status_code == 302
    assert set(walk.participants.all()) == {zhao, qian}


def test_reason_for_a_refused_file_is_not_scrolled_past(made: CareVisit, staff: User, login: Login) -> None:
    url, client = f"/care-visits/{made.pk}/", login(staff)

    good = client.post(f"{url}attach/", {"kind": "photo", "files": [upload(photo())]})
    mixed = client.post(
        f"{url}attach/", {"kind": "photo", "files": [upload(photo()), upload(b"no photo", "假.jpg")]}
    )
    shown = client.get(mixed.headers["Location"]).content.decode()

    assert (good.headers["Location"], mixed.headers["Location"]) == (f"{url}#attachments", url)
    assert "假.jpg：" in shown


def test_acts_kept_from_before_lose_the_names_of_files(owner: None, made: CareVisit, staff: User) -> None:
    """They are read by the whole office; the change itself still has the name."""
    old = "2024-03-01住院慰问 附件 赵阿婆住院 附件 2.jpg"
    acts = [Act.objects.create(kind=kind, user=staff, summary=old) for kind in ("change", "delete", "step")]

    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        for statement in import_module("unionoffice.records.migrations.0006_acts_name_no_files").STATEMENTS:
            cursor.execute(statement)

    for kept in acts:
        kept.refresh_from_db()
    assert [kept.summary for kept in acts] == ["2024-03-01住院慰问 附件"] * 2 + [old]
    with pytest.raises(DatabaseError, match="history is kept"):
        Act.objects.update(summary="")
