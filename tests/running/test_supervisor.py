"""The supervisor: ended children start again, killed supervisors leave nothing behind."""

import json
import subprocess
import sys
import time

import psutil
import pytest

from unionoffice.running.errors import RunningError
from unionoffice.running.folder import Folder
from unionoffice.running.supervisor import Child, Supervisor, age_at_boot, end_left_overs, this_boot

SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]
# A parent that dies at once and leaves a child in its session.
ORPHAN = [
    sys.executable,
    "-c",
    "import subprocess, sys; p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']); print(p.pid)",
]


class NoServers:
    def revive(self) -> None:
        """There is nothing to revive."""


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path / "data")


def record(folder, *leaders, boot=None):
    content = {"boot": boot or this_boot(), "leaders": leaders}
    (folder / "run.json").write_text(json.dumps(content))


def gone(pid):
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_a_child_that_ends_starts_again_and_its_lines_are_kept(folder, tmp_path, capsys):
    child = Child("web", [sys.executable, "-c", "print('好')"], tmp_path / "web.log")
    supervisor = Supervisor(folder, NoServers(), [child])
    supervisor.ready = True
    until = time.monotonic() + 15

    def enough():
        return (tmp_path / "web.log").exists() and (tmp_path / "web.log").read_text().count("好\n") >= 2

    supervisor.stopping.wait = lambda _: time.sleep(0.05) or enough() or time.monotonic() > until
    supervisor.run(is_ready=lambda: True, announce=lambda: None)

    assert enough()
    assert "web     | 好\n" in capsys.readouterr().out
    assert not (folder / "run.json").exists()


def test_a_child_that_never_comes_up_ends_the_start(folder, tmp_path, monkeypatch):
    monkeypatch.setattr("unionoffice.running.supervisor.LONGEST_PAUSE", 0.1)
    child = Child("web", [sys.executable, "-c", "raise SystemExit(1)"], tmp_path / "web.log")

    with pytest.raises(RunningError, match=r"^web does not start, see "):
        Supervisor(folder, NoServers(), [child]).run(is_ready=lambda: False, announce=lambda: None)


def test_what_a_killed_supervisor_left_is_ended(folder):
    process = subprocess.Popen(SLEEP, start_new_session=True)
    record(folder, [process.pid, age_at_boot(psutil.Process(process.pid))])

    end_left_overs(folder)

    assert gone(process.pid)
    assert not (folder / "run.json").exists()


def test_children_of_a_dead_leader_are_ended_too(folder):
    leader = subprocess.Popen(ORPHAN, start_new_session=True, stdout=subprocess.PIPE, text=True)
    started = age_at_boot(psutil.Process(leader.pid))
    orphan = int(leader.stdout.readline())
    leader.wait()
    record(folder, [leader.pid, started])

    end_left_overs(folder)

    assert gone(orphan)


def test_a_number_that_now_means_another_process_is_left_alone(folder):
    process = subprocess.Popen(SLEEP, start_new_session=True)
    record(folder, [process.pid, age_at_boot(psutil.Process(process.pid)) - 3600])

    end_left_overs(folder)

    assert process.poll() is None
    process.kill()
    process.wait()


def test_numbers_of_another_boot_are_not_believed(folder):
    process = subprocess.Popen(SLEEP, start_new_session=True)
    record(folder, [process.pid, age_at_boot(psutil.Process(process.pid))], boot="before")

    end_left_overs(folder)

    assert process.poll() is None
    process.kill()
    process.wait()


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", '{"boot": "x", "leaders": 3}', '{"boot": "x", "leaders": [["a", 1]]}']
)
def test_a_damaged_record_is_named_with_what_to_do(folder, content):
    (folder / "run.json").write_text(content)

    with pytest.raises(RunningError, match=r"^\S+/run\.json is damaged: restart the machine, or end what"):
        end_left_overs(folder)

    assert (folder / "run.json").read_text() == content
