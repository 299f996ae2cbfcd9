"""Who may import whom, and that no door stands open."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parent.parent
AREAS = ("grassroots", "welfare", "mediation", "activities")
PLAIN = (
    "values",
    "identity",
    "pinyin",
    "crypto",
    "goods",
    "sheets",
    "fields",
    "formats",
    "settings",
    "celery",
)
# room -> rooms it may import; every room may import itself
MAY_IMPORT = {
    **{f"unionoffice.{name}": tuple(f"unionoffice.{other}" for other in PLAIN) for name in PLAIN},
    "unionoffice.organisation": tuple(f"unionoffice.{name}" for name in PLAIN),
    "unionoffice.facts": (*(f"unionoffice.{name}" for name in PLAIN), "unionoffice.organisation"),
    "unionoffice.records": (
        *(f"unionoffice.{name}" for name in PLAIN),
        "unionoffice.organisation",
        "unionoffice.facts",
    ),
    "unionoffice.administration": (
        *(f"unionoffice.{name}" for name in PLAIN),
        "unionoffice.organisation",
        "unionoffice.records",
    ),
    "unionoffice.running": (
        *(f"unionoffice.{name}" for name in PLAIN),
        "unionoffice.organisation",
        "unionoffice.facts",
        "unionoffice.records",
        "unionoffice.celery",
    ),
    "members": ("unionoffice",),
    **dict.fromkeys(AREAS, ("unionoffice", "members")),
    "reports": ("unionoffice",),
    "unionoffice.celery": ("unionoffice.running",),
}
TOP = ("unionoffice", "members", *AREAS, "reports")
OPEN_TO_STRANGERS = {"login", "healthz", "favicon"}
# rooms that run before Django is set up, and the one place that discovers the areas
MAY_IMPORT_LATE = ("unionoffice/running/", "unionoffice/celery.py", "unionoffice/records/apps.py")


def sources() -> Iterator[Path]:
    for top in TOP:
        yield from (ROOT / top).rglob("*.py")


def room_of(module: str) -> str:
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "unionoffice" else parts[0]


def imports_of(path: Path) -> Iterator[tuple[str, int, bool]]:
    """(module imported, line, whether inside a function) of every import of our own code."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    package = ".".join(path.relative_to(ROOT).parent.parts)
    inside = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
    }
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*parents, node.module] if node.module else parents)
            names = [f"{base}.{alias.name}" for alias in node.names] if base in TOP else [base]
        for name in names:
            if name.split(".")[0] in TOP:
                yield name, node.lineno, id(node) in inside


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def test_imports_point_one_way() -> None:
    wrong = []
    for path in sources():
        room = room_of(module_of(path))
        for name, line, _ in imports_of(path):
            other = room_of(name)
            allowed = MAY_IMPORT.get(room)
            if other == room or allowed is None:
                continue
            if not any(other == a or other.startswith(f"{a}.") or name == a for a in allowed):
                wrong.append(f"{path.relative_to(ROOT)}:{line} {room} imports {name}")

    assert wrong == []


def test_no_import_hides_inside_a_function() -> None:
    late = [
        f"{path.relative_to(ROOT)}:{line} {name}"
        for path in sources()
        if "migrations" not in path.parts
        for name, line, inside in imports_of(path)
        if inside and not path.relative_to(ROOT).as_posix().startswith(MAY_IMPORT_LATE)
    ]

    assert late == []


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for part in resolver.url_patterns:
        if isinstance(part, URLResolver):
            yield from patterns(part, prefix + str(part.pattern))
        else:
            yield prefix + str(part.pattern), part


@pytest.mark.django_db
def test_every_page_is_closed_to_strangers() -> None:
    samples = {"<int:pk>": "1", "<slug:slug>": "units", "<slug:field>": "name", "<slug:step>": "x"}
    uuid = "00000000-0000-0000-0000-000000000000"
    open_pages = []
    for route, pattern in patterns(get_resolver()):
        if pattern.name in OPEN_TO_STRANGERS:
            continue
        address = "/" + route
        for part, value in samples.items():
            address = address.replace(part, value)
        while "<" in address:
            start, _, rest = address.partition("<")
            kind, _, rest = rest.partition(">")
            address = start + (uuid if kind.startswith("uuid") else "1") + rest
        response = Client().get(address)
        if response.status_code != 302 or "/login/" not in response["Location"]:
            open_pages.append((address, response.status_code))

    assert open_pages == []


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_lock_files_name_no_host() -> None:
    for lock in ROOT.glob("*.lock"):
        assert "://" not in lock.read_text(encoding="utf-8"), lock.name
