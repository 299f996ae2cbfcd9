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
        """Make sure the server runs."""
        if self.alive():
            return
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
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and process.poll() is None:
            if self.alive():
                return
            time.sleep(0.01)
        lines = self.log.read_text(errors="replace").splitlines()
        raise RunningError(f"Valkey does not start: {lines[-1] if lines else 'no word in ' + str(self.log)}")

    @property
    def pid(self) -> int:
        """The process last started, 0 before the first."""
        return self._kept()[0]

    def stop(self) -> None:
        """Stop the server; what waits in the queue is written to disk first."""
        pid = self.pid
        if not self._is_ours(pid):
            return
        with contextlib.suppress(psutil.NoSuchProcess):
            process = psutil.Process(pid)
            process.terminate()
            try:
                process.wait(timeout=15)
            except psutil.TimeoutExpired:
                process.kill()

    def alive(self) -> bool:
        """Whether the server runs and answers."""
        pid, port = self._kept()
        if not self._is_ours(pid):
            return False
        client = redis.Redis(port=port, password=self._password(), socket_timeout=5)
        try:
            client.ping()
        except redis.RedisError:
            return False
        finally:
            client.close()
        self.port = port
        return True

    def _is_ours(self, pid: int) -> bool:
        return bool(pid) and is_process(pid, ("valkey-server", "redis-server"), self.home)

    def _kept(self) -> tuple[int, int]:
        try:
            pid, port = (self.home / "valkey.pid").read_text().split()
        except FileNotFoundError:
            return 0, 0
        return int(pid), int(port)

    def _password(self) -> str:
        path = self.home / "password"
        if not path.exists():
            write_private(path, secrets.token_urlsafe(32))
        return path.read_text()
