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
    monkeypatch.setenv("SECRET_KEY", "from the environment")
    monkeypatch.delenv("DATA_KEY", raising=False)

    folder.provide_keys()

    assert os.environ["SECRET_KEY"] == "from the environment"
    assert os.environ["DATA_KEY"] == folder.keys()["DATA_KEY"]


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
