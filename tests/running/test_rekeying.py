"""A change of DATA_KEY: everything is readable and found by the new key alone, and taken back as before."""

import psycopg
import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from members.models import Member
from tests.members.samples import new_member
from unionoffice import crypto
from unionoffice.organisation.models import Union, User
from unionoffice.records.blobs import store
from unionoffice.records.history import act
from unionoffice.records.models import Act, ActKind, Blob, Change, Job
from unionoffice.records.taking_back import take_back
from unionoffice.running import archive, clients, key_guard, rekeying, roles
from unionoffice.running.models import Installation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("closed_office")]
NEW = "a new key of more than thirty-two characters"


@pytest.fixture
def members(union: Union) -> list[Member]:
    return [new_member(union, bank_account=f"622202110000000000{n}") for n in range(5)]


@pytest.fixture
def changed_key(settings: Settings) -> Settings:
    settings.DATA_KEY_OLD, settings.DATA_KEY = [settings.DATA_KEY], NEW
    return settings


def forget_old(settings: Settings) -> None:
    settings.DATA_KEY_OLD = []


def as_stored() -> list[tuple[str, str]]:
    return [(str(member.id_number), str(member.bank_account)) for member in Member.objects.order_by("pk")]


def test_numbers_are_read_and_found_by_the_new_key_alone(members: list[Member], settings: Settings) -> None:
    before = as_stored()
    settings.DATA_KEY_OLD, settings.DATA_KEY = [settings.DATA_KEY], NEW
    changes, acts = Change.objects.count(), Act.objects.count()

    call_command("rotate_data_key")
    forget_old(settings)

    assert as_stored() == before
    for member, (number, account) in zip(members, before, strict=True):
        assert Member.objects.get(id_hash=number).pk == member.pk
        assert member.pk in Member.objects.filter(id_tail=number[-4:]).values_list("pk", flat=True)
        assert Member.objects.get(bank_hash=account).pk == member.pk
    assert (Change.objects.count(), Act.objects.count()) == (changes, acts)
    assert Installation.objects.get().key_fingerprint == crypto.key_fingerprint()
    call_command("migrate", verbosity=0)


def test_history_is_taken_back_under_the_new_key(
    members: list[Member], staff: User, settings: Settings
) -> None:
    changed, deleted = members[:2]
    before, gone = as_stored(), deleted.pk
    with act(ActKind.CHANGE, user=staff, summary="改账号") as changing:
        Member.objects.filter(pk=changed.pk).update(bank_account=None, bank_hash=None)
    with act(ActKind.DELETE, user=staff, summary="删除") as deleting:
        deleted.events.all().delete()
        deleted.delete()
    settings.DATA_KEY_OLD, settings.DATA_KEY = [settings.DATA_KEY], NEW

    call_command("rotate_data_key")
    forget_old(settings)
    take_back(deleting, user=staff)
    take_back(changing, user=staff)

    assert as_stored() == before
    assert Member.objects.get(id_hash=before[1][0]).pk == gone
    assert Member.objects.get(bank_hash=before[0][1]).pk == changed.pk


def test_files_and_waiting_searches_are_read_by_the_new_key_alone(staff: User, settings: Settings) -> None:
    blob = store("附件".encode(), "text/plain")
    query = crypto.encrypt("q=张小").hex()
    job = Job.objects.create(kind="export", owner=staff, arguments={"slug": "members", "query": query})
    other = Job.objects.create(kind="judge-import", owner=staff, arguments={"run": "x"})
    settings.DATA_KEY_OLD, settings.DATA_KEY = [settings.DATA_KEY], NEW

    call_command("rotate_data_key")
    forget_old(settings)

    assert Blob.objects.get(pk=blob.pk).read() == "附件".encode()
    job.refresh_from_db()
    other.refresh_from_db()
    assert crypto.decrypt(bytes.fromhex(job.arguments["query"])) == "q=张小"
    assert other.arguments == {"run": "x"}


def test_interrupted_change_goes_on_and_leaves_no_batch_half_done(
    members: list[Member], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = as_stored()
    settings.DATA_KEY_OLD, settings.DATA_KEY = [settings.DATA_KEY], NEW
    monkeypatch.setattr(rekeying, "BATCH", 2)
    told: list[str] = []

    def interrupted(line: str) -> None:
        told.append(line)
        if len(told) == 2:
            raise KeyboardInterrupt

    again: list[str] = []
    with key_guard.any_key(), roles.as_owner():
        with pytest.raises(KeyboardInterrupt):
            rekeying.rotate(interrupted)
        assert rekeying.is_wanted()
        assert as_stored() == before, "both keys are given, so all is readable in between"
        rekeying.rotate(again.append)
    forget_old(settings)

    assert "会员：完成，共更换 1 条" in again
    assert as_stored() == before
    assert not rekeying.is_wanted()


def test_open_office_is_refused(members: list[Member], changed_key: Settings) -> None:
    with psycopg.connect(**clients.parameters()), pytest.raises(CommandError, match="还有 1 个连接"):
        call_command("rotate_data_key")

    with key_guard.any_key():
        assert rekeying.is_wanted()


def test_number_of_an_unknown_key_is_refused_in_one_line(members: list[Member], settings: Settings) -> None:
    settings.DATA_KEY_OLD, settings.DATA_KEY = [], NEW

    with pytest.raises(CommandError, match="cannot be decrypted"):
        call_command("rotate_data_key")


def test_backup_between_the_keys_asks_for_the_key_it_needs(
    members: list[Member], changed_key: Settings, tmp_path
) -> None:
    path = tmp_path / "office.zip"

    manifest = archive.write(path)

    assert manifest["key"] == crypto.key_fingerprints()[1]


def test_migrate_says_that_the_key_is_to_be_rotated(
    members: list[Member], changed_key: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    call_command("migrate", verbosity=0)
    call_command("rotate_data_key")
    call_command("migrate", verbosity=0)

    assert [line for line in caplog.messages if "rotate_data_key" in line] == [
        "DATA_KEY was changed: run rotate_data_key before the office opens"
    ]


def test_triggers_stand_again_afterwards(members: list[Member], changed_key: Settings, staff: User) -> None:
    call_command("rotate_data_key")
    changes = Change.objects.count()

    Member.objects.filter(pk=members[0].pk).update(job="焊工")

    assert Change.objects.count() == changes + 1
    with roles.as_owner(), pytest.raises(Exception, match="history is kept"):
        Change.objects.all().delete()
