"""Every command of the office where no table is made yet: it does its work or says in one line what is missing."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.core.management import get_commands
from django.db import connection
from psycopg import sql
from pytest_django import DjangoDbBlocker

from unionoffice.running import clients, commands, roles

ROOT = Path(__file__).resolve().parents[2]
OURS = ("unionoffice", "members", "grassroots", "welfare", "mediation", "activities", "reports")
WITHOUT_TABLES = {
    "backup": ["{folder}/office.zip"],
    "check_records": [],
    "create_administrator": [],
    "demo_town": [],
    "export_records": ["{folder}/out.xlsx"],
    "facts": ["2026"],
    "import_records": [str(ROOT / "tests" / "fixtures" / "sheets" / "roster.xlsx")],
    "restore": ["{folder}/none.zip"],
    "rotate_data_key": [],
    "summary": ["2026", "--output", "{folder}/out.docx"],
}
NEED_NONE = {"migrate", "flush"}


def test_every_command_is_tried_here():
    own = {name for name, app in get_commands().items() if app.split(".")[0] in OURS}

    assert own == set(WITHOUT_TABLES) | NEED_NONE


@pytest.fixture
def empty_office(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """A data folder whose database has no tables."""
    original = connection.settings_dict["NAME"]
    name = f"{original}_empty"
    drop = sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    # The tests keep their own handlers.
    monkeypatch.setattr(commands.signal, "signal", lambda number, handler: None)
    with roles.as_owner():
        parameters = clients.parameters("postgres")
    with django_db_blocker.unblock(), psycopg.connect(**parameters, autocommit=True) as server:
        server.execute(drop)
        server.execute(sql.SQL("create database {} template template0").format(sql.Identifier(name)))
        connection.close()
        connection.settings_dict["NAME"] = name
        yield tmp_path
        connection.close()
        connection.settings_dict["NAME"] = original
        server.execute(drop)


@pytest.mark.parametrize("command", WITHOUT_TABLES)
def test_command_says_in_one_line_that_there_are_no_tables(
    empty_office: Path, command: str, capfd: pytest.CaptureFixture[str]
):
    arguments = [each.format(folder=empty_office) for each in WITHOUT_TABLES[command]]

    try:
        status = commands.main(["manage.py", command, *arguments])
    except SystemExit as ending:
        status = ending.code

    said = capfd.readouterr().err.strip().splitlines()
    assert (status, len(said)) == (1, 1), said
    assert "Traceback" not in said[0]
