"""The data folder: keys only its owner reads, locks that keep commands apart."""

import os
import stat

import pytest

from unionoffice.running.errors import RunningError
from unionoffice.running.folder import Folder


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path / "data")


def test_keys_are_made_once_and_only_the_owner_reads_them(folder):
    keys = folder.keys()

    assert sorted(keys) == ["DATA_KEY", "SECRET_KEY"]
    assert all(len(key) >= 32 for key in keys.values())
    assert keys["DATA_KEY"] != keys["SECRET_KEY"]
    assert stat.S_IMODE((folder / "keys.env").stat().st_mode) == 0o600
    assert Folder(folder.path).keys() == keys


def test_keys_laid_open_are_closed_again(folder):
    keys = folder.keys()
    (folder / "keys.env").chmod(0o644)

    assert folder.keys() == keys
    assert stat.S_IMODE((folder / "keys.env").stat().st_mode) == 0o600


def test_keys_of_the_environment_win(folder, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "a key of the environment, long enough")
    monkeypatch.delenv("DATA_KEY", raising=False)

    folder.provide_keys()

    assert os.environ["SECRET_KEY"] == "a key of the environment, long enough"
    assert os.environ["DATA_KEY"] == folder.keys()["DATA_KEY"]


@pytest.fixture
def no_keys_given(monkeypatch):
    for key in ("SECRET_KEY", "DATA_KEY"):
        monkeypatch.delenv(key, raising=False)


WHOLE = f"SECRET_KEY={'s' * 64}\nDATA_KEY={'d' * 64}\n"
DAMAGED = {
    "empty": b"",
    "without the data key": WHOLE.split()[0].encode(),
    "cut in a key": WHOLE[:90].encode(),
    "cut in a name": WHOLE[:80].encode(),
    "zeros": b"\0" * 140,
    "no text": bytes(range(128, 256)),
    "another text": b"the keys are in the safe",
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_damaged_keys_are_told_and_never_made_anew(folder, no_keys_given, content):
    path = folder / "keys.env"
    path.write_bytes(content)

    with pytest.raises(RunningError, match=r"^\S+/keys\.env is (damaged|empty or cut short): put your copy"):
        folder.provide_keys()

    assert path.read_bytes() == content
    assert "DATA_KEY" not in os.environ


@pytest.mark.parametrize("elsewhere", [False, True])
def test_lost_keys_are_never_made_anew_beside_a_database(folder, no_keys_given, tmp_path, elsewhere):
    home = tmp_path / "elsewhere" if elsewhere else folder / "postgres"
    (home / "cluster").mkdir(parents=True)
    if elsewhere:
        (folder / "postgres.path").write_text(f"{home}\n")

    with pytest.raises(RunningError, match=r"^\S+/keys\.env is missing beside a database: put your copy"):
        folder.provide_keys()

    assert not (folder / "keys.env").exists()


def test_a_key_the_environment_gives_need_not_be_kept(folder, no_keys_given, monkeypatch):
    (folder / "keys.env").write_text(f"DATA_KEY={'d' * 64}\n")
    monkeypatch.setenv("SECRET_KEY", "s" * 64)

    folder.provide_keys()

    assert os.environ["DATA_KEY"] == "d" * 64


def test_a_lock_is_held_once_and_free_after_closing(folder):
    first = folder.try_lock("some.lock")

    assert first is not None
    assert folder.try_lock("some.lock") is None
    first.close()
    assert folder.try_lock("some.lock") is not None


def test_nobody_locks_what_others_share(folder):
    with folder.share("users.lock"), folder.share("users.lock"):
        assert folder.try_lock("users.lock") is None

    assert folder.try_lock("users.lock") is not None


def test_a_data_folder_that_is_a_file_is_refused_in_one_line(tmp_path):
    (tmp_path / "data").write_text("")

    with pytest.raises(RunningError, match=r"^the data folder .*/data cannot be used: File exists$"):
        Folder(tmp_path / "data")
