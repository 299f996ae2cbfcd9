"""`manage.py start`: the whole office on one machine."""

import argparse
import errno
import json
import os
import shlex
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus

import django
import psutil

from unionoffice.running.console import say
from unionoffice.running.errors import RunningError
from unionoffice.running.folder import Folder, write_private
from unionoffice.running.services import Services
from unionoffice.running.supervisor import Child, Supervisor, end_left_overs

PATIENCE, ACCOUNTS = 60, "accounts.txt"
HEALTH_ANSWERS = (HTTPStatus.OK, HTTPStatus.SERVICE_UNAVAILABLE)
EVERYWHERE = ("0.0.0.0", "::")
WORKER = shlex.split(
    "-m celery --quiet -A unionoffice.celery worker -B --pool threads --concurrency 2 "
    "--without-mingle --without-gossip --loglevel WARNING"
)
WEB = shlex.split(
    "-m granian --interface wsgi --no-ws --workers 2 --blocking-threads 4 --respawn-failed-workers "
    "--workers-kill-timeout 10 --log-level warning"
)


def run(arguments: list[str]) -> int:
    """Run the office until Ctrl-C or a signal; the exit status."""
    options = parse(arguments)
    folder = Folder.from_environment()
    with the_only_one(folder, address(options)):
        end_left_overs(folder)
        require_free_port(options.host, options.port)
        prepare_environment(folder, options.host)
        with Services(folder) as services:
            django.setup()
            # Only now do the settings have what they need.
            from unionoffice.running import preparation

            if accounts := preparation.prepare(demo=options.demo, say=say):
                write_private(folder / ACCOUNTS, f"{accounts}\n")
            # Pages and worker never learn of the role that could change the tables.
            os.environ.pop("DATABASE_OWNER_URL", None)
            children = processes(folder, options)
            open_yet = partial(is_open, options, time.monotonic() + PATIENCE)
            Supervisor(folder, services, children).run(open_yet, partial(announce, options, folder, accounts))
    say("The office is closed.")
    return 0


def parse(arguments: list[str]) -> argparse.Namespace:
    """The options of the command line."""
    parser = argparse.ArgumentParser(
        prog="manage.py start", description="Run the whole office on this machine."
    )
    parser.add_argument("--port", type=int, default=8000, help="port of the pages (8000)")
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on; 0.0.0.0: the whole network"
    )
    parser.add_argument("--no-demo", dest="demo", action="store_false", help="leave a new database empty")
    options = parser.parse_args(arguments)
    if not 1 <= options.port <= 65535:
        parser.error(f"argument --port: {options.port} is not between 1 and 65535")
    return options


@contextmanager
def the_only_one(folder: Folder, url: str) -> Iterator[None]:
    """Hold the right to run this data folder's office; refuse when another process has it."""
    lock = folder.try_lock("start.lock")
    if lock is None:
        holder = (folder / "start.lock").read_text().strip()
        raise RunningError(f"the office of {folder} already runs{' ' + holder if holder else ''}")
    with lock:
        lock.truncate(0)
        lock.write(f"at {url} (process {os.getpid()})")
        lock.flush()
        yield


def require_free_port(host: str, port: int) -> None:
    """Refuse to start when the pages could not be served."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise RunningError(f"port {port} is in use; choose another with --port") from error
            raise RunningError(f"cannot listen on {host} port {port}: {error.strerror}") from error


def prepare_environment(folder: Folder, host: str) -> None:
    """What the settings read, where the environment does not say otherwise."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "unionoffice.settings")
    os.environ["DATA_DIR"] = str(folder)
    os.environ["PYTHONUNBUFFERED"] = os.environ["PYTHONUTF8"] = "1"
    allowed = os.environ.get("ALLOWED_HOSTS", "").split(",") + own_names(host)
    os.environ["ALLOWED_HOSTS"] = ",".join(filter(None, allowed))
    # Celery warns root at every start; the office's own user is for the unit files.
    os.environ.setdefault("PYTHONWARNINGS", "ignore:You're running the worker with superuser privileges")
    folder.provide_keys()


def own_names(host: str) -> list[str]:
    """The names and addresses under which browsers may ask for the pages."""
    names = {"127.0.0.1", "localhost", "[::1]"}
    if host in EVERYWHERE:
        return sorted(names | {socket.gethostname(), socket.getfqdn(), *network_addresses()})
    return sorted(names | {host})


def network_addresses() -> list[str]:
    """This machine's addresses in the network."""
    entries = [entry for interface in psutil.net_if_addrs().values() for entry in interface]
    addresses = {entry.address for entry in entries if entry.family == socket.AF_INET}
    return sorted(address for address in addresses if not address.startswith("127."))


def processes(folder: Folder, options: argparse.Namespace) -> list[Child]:
    """Worker (with the scheduler) and web."""
    logs = folder / "logs"
    logs.mkdir(exist_ok=True, mode=0o700)
    schedule = ["--schedule", str(folder / "schedule")]
    web = [*WEB, "--host", options.host, "--port", str(options.port), "unionoffice.wsgi:application"]
    return [
        Child("worker", [sys.executable, *WORKER, *schedule], logs / "worker.log"),
        Child("web", [sys.executable, *web], logs / "web.log"),
    ]


def address(options: argparse.Namespace) -> str:
    """Where this machine's browser finds the office."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(options.host, options.host)
    return f"http://{f'[{host}]' if ':' in host else host}:{options.port}/"


def health(options: argparse.Namespace) -> dict[str, str]:
    """What the pages say of each part; empty while they are not served."""
    # Behind a proxy with TLS the pages would send us there.
    request = urllib.request.Request(f"{address(options)}healthz", headers={"X-Forwarded-Proto": "https"})
    try:
        try:
            response = urllib.request.urlopen(request, timeout=5)
        except urllib.error.HTTPError as error:
            response = error
        with response:
            return json.load(response) if response.status in HEALTH_ANSWERS else {}
    except (OSError, ValueError):
        return {}


def is_open(options: argparse.Namespace, patience_until: float) -> bool:
    """Whether the pages are served and every part works; after a while the pages alone are enough."""
    # Reads the settings, which had to wait for the environment.
    from unionoffice.running import heartbeat

    impatient = time.monotonic() > patience_until
    # The pages would log a failure each time they are asked before the worker is up.
    if not heartbeat.beats() and not impatient:
        return False
    parts = health(options)
    return bool(parts) and (set(parts.values()) == {"ok"} or impatient)


def announce(options: argparse.Namespace, folder: Folder, accounts: str) -> None:
    """Print where the office is, what does not work and, after the first run, who can log in."""
    say(f"\n工会工作台已就绪 · the office is open:  {address(options)}")
    for each in network_addresses() if options.host in EVERYWHERE else []:
        say(f"本单位其他电脑 · from other computers:  http://{each}:{options.port}/")
    for part, state in health(options).items():
        if state != "ok":
            say(f"{part}: {state}")
    if accounts:
        say(accounts)
    if (folder / ACCOUNTS).exists():
        say(f"首次运行时的账号记在 · the first accounts are noted in  {folder / ACCOUNTS}")
    say("按 Ctrl-C 停止 · Ctrl-C stops it\n")
