"""The limit of time and memory under which everything that reads a file from outside works.

What C code does in one call (unpacking, parsing) is bounded by `limits.Limits` and the like before it begins; this ends
what runs in Python, whatever a mangled file has it do.
"""

import ctypes
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .cells import SheetRefused
from .limits import MEGABYTE

SECONDS, BYTES = 30.0, 1024 * MEGABYTE
INTERVAL = 0.1
PAGES = Path("/proc/self/statm")


class _Stopped(BaseException):
    """Raised in the reading thread by its watch; no `except Exception` on the way may take it for a fault of the file."""


class _OutOfTime(_Stopped):
    pass


class _OutOfMemory(_Stopped):
    pass


@contextmanager
def bounded(seconds: float = SECONDS, memory: int = BYTES) -> Iterator[None]:
    """Ends what runs inside, with a SheetRefused, after so many seconds or when the process grew by so many bytes.

    For reading only, as `with` or as a decorator: nothing that talks to the database may be broken off halfway.
    """
    watch = _Watch(seconds, memory)
    try:
        try:
            yield
        finally:
            watch.end()
    except _OutOfTime as stopped:
        raise SheetRefused(
            "too-slow", "文件太复杂，规定的时间内没有读完，请删去多余的内容、另存后再上传"
        ) from stopped
    except _OutOfMemory as stopped:
        raise SheetRefused(
            "too-much-memory", "文件太大，读它要占的内存超过限度，请删去多余的内容、另存后再上传"
        ) from stopped


class _Watch:
    """Looks after one thread until `end`; stops it at most once."""

    def __init__(self, seconds: float, memory: int) -> None:
        self.reader = threading.get_ident()
        self.latest, self.most = time.monotonic() + seconds, _held() + memory
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._look, name="reading watch", daemon=True)
        self.thread.start()

    def end(self) -> None:
        """The work is done: nothing is raised any more, also not what was about to be."""
        self.over.set()
        self.thread.join()
        _raise_in(self.reader, None)

    def _look(self) -> None:
        while not self.over.wait(INTERVAL):
            if time.monotonic() > self.latest:
                return _raise_in(self.reader, _OutOfTime)
            if _held() > self.most:
                return _raise_in(self.reader, _OutOfMemory)
        return None


def _held() -> int:
    """Bytes of memory the process holds; 0 where the system does not say."""
    try:
        return int(PAGES.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def _raise_in(thread: int, error: type[BaseException] | None) -> None:
    """Let a thread raise this at its next step; None takes back what it has not raised yet."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread), None if error is None else ctypes.py_object(error)
    )
