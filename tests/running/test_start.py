"""`manage.py start`: one at a time, on a free port, closed as a whole."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil
import pytest

from unionoffice.running import start
from unionoffice.running.errors import RunningError
from unionoffice.running.folder import Folder
from unionoffice.running.postgres import free_port

ROOT = Path(__file__).resolve().parent.parent.parent


def test_second_start_names_the_first_and_refuses(tmp_path):
    folder = Folder(tmp_path / "data")

    with (
        start.the_only_one(folder, "http://127.0.0.1:8000/"),
        pytest.raises(RunningError) as refusal,
        start.the_only_one(folder, "http://127.0.0.1:9000/"),
    ):
        pass
    with start.the_only_one(folder, "http://127.0.0.1:9000/"):
        pass

    assert str(refusal.value) == (
        f"the office of {folder} already runs at http://127.0.0.1:8000/ (process {os.getpid()})"
    )


def test_a_port_in_use_is_refused():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(RunningError, match=f"^port {port} is in use; choose another with --port$"):
            start.require_free_port("127.0.0.1", port)


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(RunningError, match=r"^cannot listen on 192\.0\.2\.1 port 8000: "):
        start.require_free_port("192.0.2.1", 8000)


@pytest.mark.parametrize("port", ["0", "65536", "eight"])
def test_an_odd_port_is_refused(port, capsys):
    with pytest.raises(SystemExit) as ending:
        start.parse(["--port", port])

    assert ending.value.code == 2
    assert "argument --port:" in capsys.readouterr().err


class Office:
    """A started office, its lines in a file."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.lines = folder / "lines"
        environment = {key: value for key, value in os.environ.items() if key not in FROM_TESTS}
        environment |= {"DATA_DIR": str(folder / "data"), "STATIC_ROOT": str(folder / "static")}
        self.command = [
            sys.executable,
            str(ROOT / "manage.py"),
            "start",
            "--no-demo",
            "--port",
            str(self.port),
        ]
        self.environment = environment
        with self.lines.open("w") as file:
            self.process = subprocess.Popen(
                self.command, env=environment, stdout=file, stderr=subprocess.STDOUT
            )

    def wait_until_open(self) -> str:
        """What was printed until the office was open."""
        until = time.monotonic() + 120
        while "Ctrl-C" not in self.lines.read_text():
            assert self.process.poll() is None and time.monotonic() < until, self.lines.read_text()
            time.sleep(0.2)
        return self.lines.read_text()


FROM_TESTS = (
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "DATA_KEY",
    "HTTPS",
    "DJANGO_SETTINGS_MODULE",
)


def family(office: Office) -> list[psutil.Process]:
    """Every process that works for this office."""
    home = str(Path(office.environment["DATA_DIR"]))
    found = []
    for process in psutil.process_iter():
        try:
            ours = home in (process.cwd(), *process.cmdline()) or process.cwd().startswith(home)
            ours = ours or process.environ().get("DATA_DIR") == home
        except psutil.Error:
            continue
        if ours and process.status() != psutil.STATUS_ZOMBIE:
            found.append(process)
    return found


def test_the_office_opens_survives_kill_9_and_closes_as_a_whole(place):
    killed = Office(place)
    first_lines = killed.wait_until_open()
    second = subprocess.run(killed.command, env=killed.environment, capture_output=True, text=True)
    killed.process.kill()
    killed.process.wait()
    office = Office(place)
    second_lines = office.wait_until_open()
    with urllib.request.urlopen(f"http://127.0.0.1:{office.port}/healthz") as response:
        health = json.load(response)
    knowing = [each.name() for each in family(office) if "DATABASE_OWNER_URL" in each.environ()]
    office.process.send_signal(signal.SIGTERM)

    assert re.search(r"系统管理员  登录名 admin  一次性密码 \w{12}\n", first_lines)
    assert second.returncode == 1
    assert re.fullmatch(
        r"manage.py start: the office of \S+ already runs at \S+ \(process \d+\)\n", second.stderr
    )
    assert "一次性密码" not in second_lines
    assert health == dict.fromkeys(("database", "key", "broker", "worker", "disk"), "ok")
    assert knowing == [], "only the commands that change tables know the owner"
    assert office.process.wait(timeout=60) == 0
    assert family(office) == []
