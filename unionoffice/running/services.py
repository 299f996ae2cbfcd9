"""The servers an installation lacks, shared by every command that runs on its data folder."""

import os
from types import TracebackType
from typing import IO

from unionoffice.running.folder import Folder
from unionoffice.running.postgres import Postgres
from unionoffice.running.valkey import Valkey


class Services:
    """Starts what DATABASE_URL and REDIS_URL do not name; the last command to leave stops it.

    While entered, the environment has both variables, and DATABASE_OWNER_URL for an own database.
    """

    def __init__(self, folder: Folder, *, durable: bool = True, queue: bool = True) -> None:
        self.folder = folder
        self.postgres = None if os.environ.get("DATABASE_URL") else Postgres(folder, durable=durable)
        self.valkey = Valkey(folder) if queue and not os.environ.get("REDIS_URL") else None
        self._share: IO[str] | None = None
        self._provided: list[str] = []

    def __enter__(self) -> "Services":
        with self.folder.locked("services.lock"):
            self._share = self.folder.share("users.lock")
            try:
                self._start()
            except BaseException:
                self._leave()
                raise
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        with self.folder.locked("services.lock"):
            self._leave()

    def revive(self) -> None:
        """Start again, on the same port, what was killed."""
        for server in (self.postgres, self.valkey):
            if server and not server.alive():
                server.start()

    def _start(self) -> None:
        if self.postgres:
            self.postgres.start()
            self._provide("DATABASE_URL", self.postgres.url)
            self._provide("DATABASE_OWNER_URL", self.postgres.owner_url)
        if self.valkey:
            self.valkey.start()
            self._provide("REDIS_URL", self.valkey.url)

    def _provide(self, variable: str, url: str) -> None:
        os.environ[variable] = url
        self._provided.append(variable)

    def _leave(self) -> None:
        for variable in self._provided:
            os.environ.pop(variable, None)
        if self._share:
            self._share.close()
        alone = self.folder.try_lock("users.lock")
        if not alone:
            return
        with alone:
            for server in (self.valkey, self.postgres):
                if server:
                    server.stop()
