"""A town of 500 members that an earlier version of the office kept: restored, brought up to date, counted again.

`fixtures/town_2026_11` holds its archive and what `manage.py facts` said of it then, and the key it was made with. Every
later change of tables runs over it.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOWN = ROOT / "tests" / "fixtures" / "town_2026_11"
KEYS = {
    "DATA_KEY": "a key that only ever opened the town of this folder",
    "SECRET_KEY": "sessions and signatures of a town that is restored in tests only",
}
YEARS = ("2025", "2026")
# Figures that count otherwise since then, each with what the change list says of it.
FROM_ENTRY = "没有建会日期的工会从最早的涵盖日期或登记之日起计入"
CORRECTED = dict.fromkeys(
    (
        "grassroots.confirmed.count",
        "grassroots.confirmed.rate",
        "grassroots.declared.total",
        "grassroots.legal_person.count",
        "grassroots.legal_person.rate",
        "grassroots.reelection.due_next_year.count",
        "grassroots.reelection.due_next_year.names",
        "grassroots.unions.all.count",
        "grassroots.unions.count",
        "grassroots.unions.joint.count",
    ),
    FROM_ENTRY,
)

Manage = Callable[..., str]


@pytest.fixture(scope="module")
def manage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Manage]:
    """Runs a command of the office that keeps the restored town; gives what it printed."""
    folder = tmp_path_factory.mktemp("earlier-town")
    environment = {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "TEST_DB")
    }
    environment |= KEYS | {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "unionoffice.settings"}

    def run(*arguments: str) -> str:
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    run("restore", str(TOWN / "town.zip"), "--unsigned")
    yield run


@pytest.mark.parametrize("year", YEARS)
def test_figures_of_an_earlier_version_are_counted_as_then(manage: Manage, year: str) -> None:
    then = json.loads((TOWN / "figures.json").read_text())[year]
    printed = manage("facts", year, "--as-of", f"{year}-10-31", "--json")
    now: dict[str, Any] = {fact["key"]: fact for fact in json.loads(printed)}

    assert set(then) - set(now) == set()
    differing = {
        key: (value, now[key]["value"])
        for key, (value, records, numerator, denominator) in then.items()
        if key not in CORRECTED
        and [value, records, numerator, denominator]
        != [now[key][name] for name in ("value", "records", "numerator", "denominator")]
    }
    assert differing == {}


WALKING = "from activities.models import Activity; print(Activity.objects.filter(kind='walking').count())"
TAKE_BACK = """
from unionoffice.organisation.models import User
from unionoffice.records.models import Act
from unionoffice.records.taking_back import take_back
for done in Act.objects.filter(reason__in=("录错了", "金额录错")):
    take_back(done, user=User.objects.get(role="staff"))
"""


def test_acts_of_an_earlier_version_are_taken_back(manage: Manage) -> None:
    before = int(manage("shell", "--verbosity", "0", "-c", WALKING))

    manage("shell", "--verbosity", "0", "-c", TAKE_BACK)

    assert int(manage("shell", "--verbosity", "0", "-c", WALKING)) == before + 2
