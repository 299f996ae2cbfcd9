"""An own PostgreSQL server in the data folder: made, started, adopted after a crash, stopped."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import psycopg

from unionoffice.running import binaries, owner, roles
from unionoffice.running.errors import RunningError
from unionoffice.running.folder import Folder, write_private

OWNER, OFFICE, DATABASE = "app", "office", "unionoffice"
SETTINGS = {
    "listen_addresses": "'127.0.0.1'",
    "unix_socket_directories": "''",
    "password_encryption": "'scram-sha-256'",
    "max_connections": "100",
    "shared_buffers": "'128MB'",
    "work_mem": "'16MB'",
    "maintenance_work_mem": "'128MB'",
    "max_wal_size": "'2GB'",
    "random_page_cost": "1.1",
    "jit": "off",
    # Else its log would quote refused rows and the statements that held them.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "timezone": "'UTC'",
}
# A test cluster may be lost at any time.
FLEETING = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
CHARACTER_TYPE = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
SMALL_SHARED_MEMORY = 256 * 1024 * 1024


def free_port() -> int:
    """A TCP port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_process(pid: int, names: tuple[str, ...], folder: Path) -> bool:
    """Whether the pid is a living process of one of these names at work in this folder."""
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE or not any(name in process.name() for name in names):
            return False
        return Path(process.cwd()) == folder
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


class Postgres:
    """The server of one data folder."""

    def __init__(self, folder: Folder, *, durable: bool = True) -> None:
        self.account = owner.server_account()
        self.home = owner.home_of(folder.path, self.account)
        self.cluster = self.home / "cluster"
        self.log = self.home / "postgres.log"
        self.durable = durable
        self.port: int | None = None

    @property
    def url(self) -> str:
        """DATABASE_URL of the running server: the office's role."""
        return self._url(OFFICE)

    @property
    def owner_url(self) -> str:
        """DATABASE_OWNER_URL of the running server."""
        return self._url(OWNER)

    def start(self) -> None:
        """Make sure the server runs and has the office's database and role."""
        if not self.cluster.exists():
            self._initialise()
        if not self.alive():
            self._launch()
        self._create_database()
        self._create_role()

    def stop(self) -> None:
        """Stop the server; open connections are ended, committed work is safe."""
        # pg_ctl would signal whatever process bears the number in the pid file.
        if is_process(self._pid(), ("postgres",), self.cluster):
            self._run("pg_ctl", "-D", self.cluster, "-m", "fast", "-w", "-t", "60", "stop", check=False)

    def alive(self) -> bool:
        """Whether the server runs and answers; waits while it is coming up."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if not (pid := self._pid()):
                return False
            if not is_process(pid, ("postgres",), self.cluster):
                self._drop_recycled_pid_file(pid)
                return False
            lines = self._pid_lines()
            if len(lines) > 7 and lines[7].strip() == "ready":
                self.port = int(lines[3])
                if self._answers():
                    return True
            time.sleep(0.05)
        raise RunningError(f"PostgreSQL does not answer, see {self.log}")

    def _initialise(self) -> None:
        programs = owner.reachable_programs(binaries.postgres_folder(), self.account)
        draft, password = self.home / "cluster.new", self.home / "password"
        shutil.rmtree(draft, ignore_errors=True)
        write_private(password, secrets.token_urlsafe(32))
        self._give(password)
        # To the character type C full-width letters have no case: names would not be found by them.
        locale = ["--locale=C", f"--lc-ctype={CHARACTER_TYPE}"]
        if binaries.major_version(programs / "postgres") >= 17:
            locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        access = ["-U", OWNER, "-A", "scram-sha-256", "--pwfile", password]
        sync = [] if self.durable else ["--no-sync"]
        self._run("initdb", "-D", draft, "-E", "UTF8", *access, *locale, *sync)
        with (draft / "postgresql.conf").open("a") as file:
            file.write("include 'unionoffice.conf'\n")
        draft.rename(self.cluster)

    def _launch(self) -> None:
        settings = SETTINGS if self.durable else SETTINGS | FLEETING
        shared_memory = Path("/dev/shm")
        if shared_memory.exists() and shutil.disk_usage(shared_memory).total < SMALL_SHARED_MEMORY:
            settings = settings | {"max_parallel_workers_per_gather": "0"}
        included = self.cluster / "unionoffice.conf"
        included.write_text("".join(f"{name} = {value}\n" for name, value in settings.items()))
        self._give(included)
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".log.1"))
        for _ in range(5):
            waiting = ["-w", "-t", "60", "-l", self.log, "-o", f"-p {self.port or free_port()}"]
            if self._run("pg_ctl", "-D", self.cluster, *waiting, "start", check=False) and self.alive():
                return
            # After kill -9 the last workers of the old server hold its shared memory for a moment.
            time.sleep(1)
        raise RunningError(f"PostgreSQL does not start: {self._last_words()}")

    def _create_database(self) -> None:
        with self._connect("postgres") as connection:
            found = connection.execute("select 1 from pg_database where datname = %s", [DATABASE]).fetchone()
        if found:
            return
        with self._connect("postgres") as connection:
            connection.execute(f"create database {DATABASE}")

    def _create_role(self) -> None:
        path = self._password_file(OFFICE)
        if not path.exists():
            write_private(path, secrets.token_urlsafe(32))
        with self._connect("postgres") as connection:
            roles.make(connection, OFFICE, path.read_text())

    def _connect(self, database: str) -> psycopg.Connection:
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=OWNER,
            password=self._password_file(OWNER).read_text(),
            dbname=database,
            autocommit=True,
            connect_timeout=5,
        )

    def _answers(self) -> bool:
        try:
            self._connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def _drop_recycled_pid_file(self, pid: int) -> None:
        # PostgreSQL clears the file of a dead process itself, after checking that none of the old
        # server's workers remain; it is only fooled by another process that now bears the number.
        if not psutil.pid_exists(pid):
            return
        everything = psutil.process_iter()
        remaining = [each for each in everything if is_process(each.pid, ("postgres",), self.cluster)]
        psutil.wait_procs(remaining, timeout=10)
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)

    def _pid_lines(self) -> list[str]:
        try:
            return (self.cluster / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []

    def _pid(self) -> int:
        lines = self._pid_lines()
        return int(lines[0]) if lines and lines[0].strip().isdigit() else 0

    def _url(self, role: str) -> str:
        password = self._password_file(role).read_text()
        return f"postgres://{role}:{password}@127.0.0.1:{self.port}/{DATABASE}"

    def _password_file(self, role: str) -> Path:
        return self.home / ("password" if role == OWNER else f"{role}.password")

    def _give(self, path: Path) -> None:
        if self.account:
            os.chown(path, self.account.pw_uid, self.account.pw_gid)

    def _last_words(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        spoken = [line for line in lines if "FATAL" in line or "PANIC" in line] or lines
        return spoken[-1] if spoken else f"no word in {self.log}"

    def _run(self, program: str, *arguments: object, check: bool = True) -> bool:
        made = self.cluster / "PG_VERSION"
        folder = binaries.postgres_folder(int(made.read_text()) if made.exists() else None)
        command = [str(owner.reachable_programs(folder, self.account) / program), *map(str, arguments)]
        environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "HOME": str(self.home)}
        # A pipe would be inherited by the server and never close.
        output = self.home / f"{program}.log"
        with output.open("w") as file:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                env=environment,
                cwd=self.home,
                start_new_session=True,
                **owner.identity(self.account),
            )
        if check and done.returncode:
            lines = output.read_text(errors="replace").splitlines()
            raise RunningError(f"{program} failed: {lines[-1] if lines else 'without a word'}")
        return done.returncode == 0
