"""What the papers of a deployment promise: every variable explained, no secret in them, no forgotten service."""

import re
from pathlib import Path

import pytest
from django.urls import reverse

ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLE = ROOT / "deploy" / "office.env.example"


def read_by_settings() -> set[str]:
    return set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (ROOT / "unionoffice" / "settings.py").read_text()))


def explained_in_readme() -> set[str]:
    rows = re.findall(r"^\| (`[A-Z_`, ]+) \|", (ROOT / "README.md").read_text(), re.MULTILINE)
    return set(re.findall(r"`([A-Z_]+)`", " ".join(rows)))


def test_readme_explains_every_variable_the_settings_read():
    assert len(read_by_settings()) > 15
    assert read_by_settings() - explained_in_readme() == set()


def test_readme_explains_no_variable_that_nobody_reads():
    sources = [*(ROOT / "unionoffice").rglob("*.py"), ROOT / "tests" / "settings.py", ROOT / "manage.py"]
    text = "\n".join(path.read_text() for path in sources)

    assert {name for name in explained_in_readme() if f'"{name}"' not in text} == set()


def test_the_example_environment_is_explained_and_holds_no_key():
    lines = dict(line.split("=", 1) for line in EXAMPLE.read_text().splitlines() if re.match(r"[A-Z]", line))

    assert set(lines) <= explained_in_readme()
    assert (lines["SECRET_KEY"], lines["DATA_KEY"]) == ("", "")


@pytest.mark.parametrize("unit", ["web", "worker", "scheduler"])
def test_units_and_compose_run_the_same_programs(unit):
    service = (ROOT / "deploy" / "systemd" / f"unionoffice-{unit}.service").read_text()
    compose = (ROOT / "compose.yaml").read_text() + (ROOT / "Dockerfile").read_text().replace('", "', " ")
    started = re.search(r"^ExecStart=\S+ -m (\w+) .*?(unionoffice[.:\w]+)(?: (\w+))?", service, re.MULTILINE)

    assert started
    program, application, command = started.groups()
    assert program in compose
    assert application in compose
    assert command is None or f"{program} -A {application} {command}" in compose


def test_the_proxy_lets_nobody_flood_the_login():
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    guarded = re.findall(r"location = (\S+) \{\s+limit_req zone=login", text)

    assert guarded == [reverse("login")]
    assert "limit_req_status 429;" in text
