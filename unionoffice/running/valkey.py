"""An own Valkey server in the data folder: the queue of background work and the cache."""

import contextlib
import secrets
import subprocess
import time

import psutil
import redis

from unionoffice.running import binaries
from unionoffice.running.errors import RunningError
from unionoffice.running.folder import Folder, write_private
from unionoffice.running.postgres import free_port, is_process

# noeviction: a queue must refuse work rather than lose it.
SETTINGS = """
bind 127.0.0.1
port {port}
requirepass {password}
dir {home}
save 60 1
maxmemory 256mb
maxmemory-policy noeviction
daemonize no
"""
NAMES = ("valkey-server", "redis-server")
# Seconds in which a server at work answers, and in which one that was told to ends.
PATIENCE, ENDING = 10, 15
# What the server logs of a dump it cannot read.
UNREADABLE_DUMP = ("RDB ERROR", "RDB format", "loading DB", "loading the DB")


class Valkey:
    """The server of one data folder."""

    def __init__(self, folder: Folder) -> None:
        self.home = folder / "valkey"
        self.home.mkdir(mode=0o700, exist_ok=True)
        self.log = self.home / "valkey.log"
        self.port: int | None = None

    @property
    def url(self) -> str:
        """REDIS_URL of the running server."""
        return f"redis://:{self._password()}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Make sure the server runs, and only one: one that no longer answers is ended first."""
        if self.alive():
            return
        self.stop()
        port = self.port or free_port()
        write_private(
            self.home / "valkey.conf", SETTINGS.format(port=port, password=self._password(), home=self.home)
        )
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("w") as log:
            process = subprocess.Popen(
                [binaries.valkey_program(), self.home / "valkey.conf"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.home,
                start_new_session=True,
            )
        write_private(self.home / "valkey.pid", f"{process.pid} {port}")
        if not self.alive():
            process.poll()
            raise RunningError(f"Valkey does not start: {self._last_words()}")

    @property
    def pid(self) -> int:
        """The process last started, 0 before the first."""
        return self._kept()[0]

    def stop(self) -> None:
        """Stop every server of this folder; what waits in the queue is written to disk first."""
        # Not only the one whose number is kept: that file may be damaged.
        running = [each for each in psutil.process_iter() if is_process(each.pid, NAMES, self.home)]
        for process in running:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.terminate()
        _, stubborn = psutil.wait_procs(running, timeout=ENDING)
        for process in stubborn:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(stubborn, timeout=ENDING)

    def alive(self) -> bool:
        """Whether the server runs and answers; waits a little while it is coming up."""
        pid, port = self._kept()
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and is_process(pid, NAMES, self.home):
            if self._answers(port):
                self.port = port
                return True
            time.sleep(0.01)
        return False

    def _answers(self, port: int) -> bool:
        with redis.Redis(port=port, password=self._password(), socket_timeout=2, retry=None) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False

    def _last_words(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()
        if any(word in line for line in lines for word in UNREADABLE_DUMP):
            return (
                f"{self.home / 'dump.rdb'} cannot be read; move it away and start again, "
                "work that waits is taken up from the database"
            )
        return lines[-1] if lines else f"no word in {self.log}"

    def _kept(self) -> tuple[int, int]:
        try:
            pid, port = map(int, (self.home / "valkey.pid").read_text().split())
        except (FileNotFoundError, ValueError):
            return 0, 0
        return pid, port

    def _password(self) -> str:
        path = self.home / "password"
        if not path.exists():
            write_private(path, secrets.token_urlsafe(32))
        return path.read_text()
