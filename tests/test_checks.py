"""`make check` stops what it is there to stop: each check is shown a planted fault."""

import re
import secrets
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.environment import ROOT

PACKAGES = ("futbolreport", "evaluations", "votes")


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of our packages, to plant in."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def import_contracts(house: Path) -> subprocess.CompletedProcess[str]:
    lint = shutil.which("lint-imports") or ROOT / ".venv/bin/lint-imports"
    return subprocess.run([lint, "--no-cache"], cwd=house, capture_output=True, text=True)


def test_the_house_keeps_its_import_contracts(house: Path) -> None:
    result = import_contracts(house)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("room", "planted", "contract"),
    [
        ("evaluations/models/planted.py", "import evaluations.pipeline.runs", "never backwards"),
        ("evaluations/scoring/planted.py", "import evaluations.models", "never backwards"),
        ("evaluations/errors.py", "import evaluations.scoring", "never backwards"),
        ("evaluations/models/money.py", "import votes.models", "only the doors know votes"),
        ("evaluations/new_room.py", "import votes.models", "only the doors know votes"),
        ("evaluations/views/runs.py", "import evaluations.pipeline.runs", "No public page can spend money"),
        ("votes/views.py", "import evaluations.pipeline", "No public page can spend money"),
        ("evaluations/presentation/markdown.py", "import evaluations.pipeline", "No public page can spend money"),
        ("evaluations/sources/search.py", "from django.conf import settings", "never import Django"),
        ("evaluations/sandbox/planted.py", "import evaluations.models.money", "never import Django"),
        ("votes/ranking.py", "import django", "never import Django"),
    ],
)
def test_a_planted_import_breaks_its_contract(house: Path, room: str, planted: str, contract: str) -> None:
    runs = house / "evaluations/pipeline/runs.py"
    runs.touch()
    with (house / room).open("a") as file:
        file.write(f"\n{planted}\n")
    result = import_contracts(house)
    broken = result.stdout.partition("Broken contracts")[2]
    assert contract in " ".join(broken.split()), result.stdout + result.stderr


def test_every_folder_stands_in_a_contract_by_its_own_name() -> None:
    contracts = (ROOT / "pyproject.toml").read_text().partition("[tool.importlinter]")[2]
    named = set(re.findall(r"evaluations\.(\w+)", contracts))
    folders = {path.parent.name for path in (ROOT / "evaluations").glob("*/__init__.py")} - {"migrations"}
    assert folders - named == set()
    inner = {name.replace(".", "/") for name in re.findall(r"evaluations\.\w+\.\w+", contracts)}
    assert {name for name in inner if not (ROOT / name / "__init__.py").exists()} == set()
    assert "ignore_imports" not in contracts


def scan(path: Path) -> int:
    return subprocess.run(["make", "check-secrets", f"FILES={path}"], cwd=ROOT, capture_output=True).returncode


@pytest.mark.parametrize(
    "planted",
    [
        f"the log said sk-or-v1-{secrets.token_hex(32)} was refused",
        f"BRAVE_API_KEY=BSA{secrets.token_hex(14)}",
        f"FIRECRAWL = 'fc-{secrets.token_hex(16)}'",
        f"AKIA{secrets.token_hex(8).upper()}",
        "-----BEGIN " + "PRIVATE KEY-----",
    ],
    ids=["openrouter", "brave", "firecrawl", "aws", "private key"],
)
def test_a_planted_key_is_found(tmp_path: Path, planted: str) -> None:
    (tmp_path / "notes.md").write_text(planted + "\n")
    assert scan(tmp_path / "notes.md") != 0


def test_a_variable_name_is_not_a_key(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("api_key_variable = 'OPENROUTER_API_KEY'\n")
    assert scan(tmp_path / "notes.md") == 0
