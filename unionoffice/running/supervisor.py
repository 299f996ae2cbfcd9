"""Keeps the office's processes running, and ends every one of them."""

import contextlib
import json
import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterable
from logging.handlers import RotatingFileHandler
from pathlib import Path

import psutil

from unionoffice.running.console import say
from unionoffice.running.errors import RunningError
from unionoffice.running.folder import ROOT, Folder, write_private
from unionoffice.running.services import Services

LONGEST_PAUSE, SETTLED, FAILURES_AT_START = 30, 60, 3
PATIENCE = 25


def this_boot() -> str:
    """What tells this run of the machine from every other; setting the clock does not change it on Linux."""
    kept = Path("/proc/sys/kernel/random/boot_id")
    return kept.read_text().strip() if kept.exists() else f"{psutil.boot_time():.0f}"


def age_at_boot(process: psutil.Process) -> float:
    """Seconds from the start of the machine to that of the process; setting the clock moves both."""
    return process.create_time() - psutil.boot_time()


def session_members(leader: int, since: float) -> list[psutil.Process]:
    """The living processes of a session whose leader was started then."""
    with contextlib.suppress(psutil.NoSuchProcess):
        if abs(age_at_boot(psutil.Process(leader)) - since) > 2:
            return []
    members = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if os.getsid(process.pid) == leader and process.status() != psutil.STATUS_ZOMBIE:
                members.append(process)
    return members


def end_sessions(leaders: Iterable[tuple[int, float]], patience: float = PATIENCE) -> None:
    """Ask the leaders to end, wait, then kill whatever is left of their sessions."""
    leaders = list(leaders)
    living = [process for leader in leaders for process in session_members(*leader)]
    told = {pid for pid, _ in leaders}
    family = {process.pid for process in living}
    for process in living:
        with contextlib.suppress(psutil.NoSuchProcess):
            # A leader ends its own children in order; orphans are told directly.
            if process.pid in told or process.ppid() not in family:
                process.terminate()
    _, stubborn = psutil.wait_procs(living, timeout=patience)
    for process in stubborn + [late for leader in leaders for late in session_members(*leader)]:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()


class Child:
    """One process of the office in a session of its own, its lines printed and kept in a log file."""

    def __init__(self, name: str, command: list[str], log: Path) -> None:
        self.name, self.command = name, command
        self.failures, self.due = 0, 0.0
        self.process: subprocess.Popen[str] | None = None
        self.started = self.since = 0.0
        # Ten megabytes six times over: weeks of an office, and the disk does not fill.
        self.log = RotatingFileHandler(log, maxBytes=10_000_000, backupCount=5, encoding="utf-8", delay=True)
        if log.exists():
            self.log.doRollover()

    def start(self) -> None:
        """Start the process; its output is read by a thread."""
        self.process = subprocess.Popen(
            self.command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
        self.started, self.since = age_at_boot(psutil.Process(self.process.pid)), time.monotonic()
        self.reader = threading.Thread(target=self._read, args=(self.process,), daemon=True)
        self.reader.start()

    @property
    def leader(self) -> tuple[int, float]:
        """Process number and start time of its session's leader."""
        return (self.process.pid if self.process else 0), self.started

    def ended(self) -> bool:
        """Whether it was started and has ended."""
        return self.process is not None and self.process.poll() is not None

    def _read(self, process: subprocess.Popen[str]) -> None:
        for line in process.stdout or ():
            words = line.rstrip("\n")
            say(f"{self.name:<8}| {words}")
            self.log.emit(logging.LogRecord(self.name, logging.INFO, "", 0, words, None, None))


class Supervisor:
    """Runs the children beside the servers until a signal comes."""

    def __init__(self, folder: Folder, services: Services, children: list[Child]) -> None:
        self.folder, self.services, self.children = folder, services, children
        self.stopping = threading.Event()
        self.ready = False

    def run(self, is_ready: Callable[[], bool], announce: Callable[[], None]) -> None:
        """Start all, announce when ready, restart what ends; returns after everything was stopped."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stopping.set())
        try:
            for child in self.children:
                child.start()
            self._keep_record()
            watched = time.monotonic()
            while not self.stopping.wait(0.2):
                self._restart_ended()
                if not self.ready and is_ready():
                    self.ready = True
                    announce()
                if time.monotonic() - watched > 5:
                    self._watch_servers()
                    watched = time.monotonic()
        finally:
            self._stop()

    def _restart_ended(self) -> None:
        now = time.monotonic()
        for child in self.children:
            if not child.ended():
                continue
            if not child.due:
                if now - child.since > SETTLED:
                    child.failures = 0
                child.failures += 1
                if not self.ready and child.failures >= FAILURES_AT_START:
                    raise RunningError(f"{child.name} does not start, see {self.folder / 'logs'}")
                pause = min(LONGEST_PAUSE, 2**child.failures)
                say(f"{child.name:<8}| ended, starts again in {pause} seconds")
                child.due = now + pause
            elif now >= child.due:
                end_sessions([child.leader], patience=2)
                child.due = 0.0
                child.start()
                self._keep_record()

    def _watch_servers(self) -> None:
        try:
            self.services.revive()
        except RunningError as error:
            say(f"{'servers':<8}| {error}")

    def _keep_record(self) -> None:
        record = {"boot": this_boot(), "leaders": [child.leader for child in self.children]}
        write_private(self.folder / "run.json", json.dumps(record))

    def _stop(self) -> None:
        say("Stopping …")
        end_sessions(child.leader for child in self.children if child.process)
        for child in self.children:
            if child.process:
                child.process.wait()
                child.reader.join(timeout=2)
        (self.folder / "run.json").unlink(missing_ok=True)


def end_left_overs(folder: Folder) -> None:
    """End the processes of a supervisor that was killed before it could."""
    path = folder / "run.json"
    if not path.exists():
        return
    try:
        record = json.loads(path.read_text())
        boot, leaders = record["boot"], [(int(pid), float(since)) for pid, since in record["leaders"] if pid]
    except (ValueError, TypeError, KeyError) as error:
        raise RunningError(
            f"{path} is damaged: restart the machine, or end what an earlier start left running, "
            "then delete the file and start again"
        ) from error
    # After a restart of the machine the numbers mean other processes.
    if boot == this_boot():
        end_sessions(leaders, patience=5)
    path.unlink()
