"""The lock files: complete, hashed, and silent about where packages come from."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
LOCKS = sorted(ROOT.glob("*.lock"))


def pins(path: Path) -> set[str]:
    return set(re.findall(r"^([a-z0-9][^ ;\n]*==[^ ;\n]+)", path.read_text(), re.MULTILINE))


def test_there_is_a_lock_for_the_office_and_one_for_the_tests():
    assert [path.name for path in LOCKS] == ["requirements-test.lock", "requirements.lock"]


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_lock_holds_no_address(path):
    assert "://" not in path.read_text()


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_every_pin_has_a_hash(path):
    blocks = re.split(r"^(?=[a-z0-9])", path.read_text(), flags=re.MULTILINE)[1:]

    assert len(blocks) > 30
    assert [block for block in blocks if "--hash=sha256:" not in block] == []


def test_tests_use_the_very_versions_of_the_office():
    assert pins(ROOT / "requirements.lock") < pins(ROOT / "requirements-test.lock")
