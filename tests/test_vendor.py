"""The front end carries what it needs: vendored files unchanged, every icon drawn, nothing inline, nothing from outside."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from django.urls import get_resolver

from unionoffice.records import desk

ROOT = Path(__file__).resolve().parent.parent
STATIC, TEMPLATES = ROOT / "static", ROOT / "templates"
VENDORED = {
    name: (entry, checksum)
    for entry in json.loads((STATIC / "vendor" / "VENDOR.json").read_text(encoding="utf-8"))
    for name, checksum in entry["files"].items()
}
PAGES = sorted(TEMPLATES.rglob("*.html"))
OWN = sorted([*STATIC.glob("css/*.css"), *STATIC.glob("js/*.js"), *STATIC.glob("img/*.svg")])
ICON_IN_TEMPLATE = re.compile(r"""{% icon ["']([\w-]+)["']""")
ICON_DEFAULT = re.compile(r"""{% icon [\w.]+\|default:["']([\w-]+)["']""")
ICON_IN_SCRIPT = re.compile(r"""icon\("([\w-]+)"\)""")
ICON_IN_PYTHON = re.compile(r"""\bicon=["']([\w-]+)["']""")
SOURCES = [
    path
    for folder in ROOT.iterdir()
    if folder.is_dir() and folder.name not in {".git", "static", "tests", "var"}
    for path in folder.rglob("*.py")
]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("name", sorted(VENDORED))
def test_vendored_file_has_the_recorded_sum(name: str) -> None:
    assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == VENDORED[name][1]


def test_every_vendored_file_is_recorded() -> None:
    found = {path.relative_to(STATIC).as_posix() for path in (STATIC / "vendor").rglob("*") if path.is_file()}
    own = {"vendor/VENDOR.json", "vendor/update.py"}
    assert {name for name in found - own if "__pycache__" not in name} == {
        name for name in VENDORED if name.startswith("vendor/")
    }


def test_every_package_states_version_and_licence() -> None:
    for entry, _ in VENDORED.values():
        assert re.fullmatch(r"\d+\.\d+\.\d+", entry["version"])
        assert entry["licence"] in {"Apache-2.0", "MIT"}


@pytest.mark.parametrize("path", sorted(STATIC.rglob("*.js")) + sorted(STATIC.rglob("*.css")), ids=name_of)
def test_no_pointer_to_a_source_map(path: Path) -> None:
    """The manifest storage would look for the map file and stop collectstatic."""
    assert "sourceMappingURL" not in path.read_text(encoding="utf-8")


def test_every_icon_that_is_used_is_drawn() -> None:
    drawn = set(
        re.findall(r'<symbol id="([\w-]+)"', (STATIC / "img" / "icons.svg").read_text(encoding="utf-8"))
    )
    used = {
        name
        for path in PAGES
        for pattern in (ICON_IN_TEMPLATE, ICON_DEFAULT)
        for name in pattern.findall(path.read_text(encoding="utf-8"))
    }
    used |= {
        name for path in STATIC.glob("js/*.js") for name in ICON_IN_SCRIPT.findall(path.read_text("utf-8"))
    }
    used |= {name for path in SOURCES for name in ICON_IN_PYTHON.findall(path.read_text("utf-8"))}
    assert get_resolver().url_patterns, "the pages of the menu register themselves beside their addresses"
    used |= {page.icon for page in desk.PAGES}
    assert len(used) > 40
    assert used - drawn == set()


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_page_has_no_inline_script_or_style(path: Path) -> None:
    """The Content-Security-Policy forbids them: the browser would drop them silently."""
    page = path.read_text(encoding="utf-8")
    assert re.findall(r"<style\b", page) == []
    assert re.findall(r"<script\b(?![^>]*\bsrc=)", page) == []
    assert re.findall(r"""<[^>{]*\s(style|on\w+|hx-on[\w:-]*)=""", page) == []


@pytest.mark.parametrize("path", [*PAGES, *OWN], ids=name_of)
def test_nothing_is_loaded_from_outside(path: Path) -> None:
    page = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert re.findall(r"(?:https?:)?//[\w-]+(?:\.[\w-]+)+", page) == []
