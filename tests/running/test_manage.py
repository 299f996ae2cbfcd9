"""`manage.py` before any package is there."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
# The Python below the environment of the tests.
PYTHON = os.path.realpath(sys.executable)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with a lock nobody can satisfy: its folder of packages is empty."""
    shutil.copy(ROOT / "manage.py", tmp_path)
    (tmp_path / "requirements.lock").write_text(f"nothing-of-the-kind==1.0 --hash=sha256:{'0' * 64}\n")
    (tmp_path / "wheels").mkdir()
    return tmp_path


def run(checkout: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [PYTHON, str(checkout / "manage.py"), "start"]
    return subprocess.run(command, env=os.environ | environment, capture_output=True, text=True)


def test_packages_that_cannot_be_had_end_in_one_line(checkout):
    done = run(checkout)

    assert done.returncode == 1
    assert done.stderr == (
        "manage.py: the packages could not be installed (no network, or an incomplete wheels folder?), "
        f"see {checkout}/var/install.log\n"
    )


def test_a_missing_venv_module_is_named_with_its_remedy(checkout, tmp_path):
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.modules['ensurepip'] = None\n")

    done = run(checkout, PATH="/usr/bin:/bin", PYTHONPATH=str(tmp_path))

    assert done.returncode == 1
    assert done.stderr.endswith("as root run: apt-get install python3-venv\n")
    assert "Traceback" not in done.stderr
