"""What is said in more than one place is said the same everywhere."""

import ast
import itertools
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands
from django.utils.module_loading import import_string

from tests.environment import ROOT

FIXED = """
    SECRET_KEY DEBUG ALLOWED_HOSTS CSRF_TRUSTED_ORIGINS TASKS_BACKEND
    SITE_URL PUBLISHER LOG_FORMAT DATABASE_URL REDIS_URL REPORT_TTL_DAYS CONTEXT_RETENTION_DAYS
    BRAVE_API_KEY BRAVE_BASE_URL OPENROUTER_API_KEY OPENROUTER_BASE_URL FIRECRAWL_API_KEY FIRECRAWL_BASE_URL
    TRUSTED_PROXIES SECRETS_ID NOTIFY_WEBHOOK NOTIFY_EMAIL VOTING_HOURS VOTES_PER_NETWORK REPORTS_PER_WORKER
"""

# settings.py, how it reads, what joins the environment, and the name under which Lambda knows this very function.
READERS = ("settings.py", "environment.py", "secrets.py", "invocations.py")

OUR_PYTHON = [path for package in ("futbolreport", "evaluations", "votes") for path in (ROOT / package).rglob("*.py")]


def variables_read_by(source: str) -> Iterator[str]:
    """Environment variables that a settings module reads: names given to a reader of `environment`, and keys."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name("environment")), args=[ast.Constant(name), *_]):
                yield name
            case ast.Assign(targets=[ast.Name(target)], value=ast.Constant(name)) if target.endswith("_KEY_VARIABLE"):
                yield name


def variables_in(path: Path) -> dict[str, str]:
    """Names and values of an environment file, those that are commented out included."""
    return dict(re.findall(r"^(?:# )?([A-Z][A-Z0-9_]+)=(.*)$", path.read_text(), re.MULTILINE))


def test_settings_read_exactly_the_fixed_variables() -> None:
    assert set(variables_read_by((ROOT / "futbolreport/settings.py").read_text())) == set(FIXED.split())


def test_a_variable_that_is_read_in_settings_does_not_go_unnoticed() -> None:
    planted = (
        'A = environment.number("NEW_LIMIT", 1, 9, 1)\nB = environment.text("NEW")\nNEW_KEY_VARIABLE = "NEW_KEY"\n'
    )
    assert set(variables_read_by(planted)) == {"NEW_LIMIT", "NEW", "NEW_KEY"}


@pytest.mark.parametrize("file", [".env.example", "deploy/production.env.example"])
def test_the_examples_name_every_variable_that_settings_read(file: str) -> None:
    assert set(variables_in(ROOT / file)) == set(FIXED.split())


def test_every_variable_in_the_example_is_described_in_one_line() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    for above, line in itertools.pairwise(lines):
        if re.match(r"(# )?[A-Z][A-Z0-9_]+=", line):
            assert re.fullmatch(r"# .{20,}\.", above), line


def test_settings_start_from_the_example_as_it_stands() -> None:
    values = dict(
        line.split("=", 1) for line in (ROOT / ".env.example").read_text().splitlines() if re.match("[A-Z]", line)
    )
    settings = subprocess.run(
        [sys.executable, "-c", "from futbolreport import settings; print(settings.SITE_URL, settings.VOTING_HOURS)"],
        env=os.environ | values,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert settings.stdout.split() == ["http://127.0.0.1:8000", "72"]


def test_the_readme_describes_every_variable() -> None:
    described = set(re.findall(r"^\| `([A-Z_]+)`", (ROOT / "README.md").read_text(), re.MULTILINE))
    assert described == set(FIXED.split())


@pytest.mark.parametrize("path", OUR_PYTHON, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_settings_reads_the_environment(path: Path) -> None:
    reads = re.findall(r"os\.environ(?!\.setdefault\(\"DJANGO_SETTINGS_MODULE\")|getenv", path.read_text())
    assert not reads or path in (ROOT / "futbolreport" / name for name in READERS)


def python_versions() -> Iterator[tuple[str, str]]:
    """Every place that names the Python version, and the version it names."""
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text())
    target = pyproject["tool"]["ruff"]["target-version"]
    yield ".python-version", (ROOT / ".python-version").read_text().strip()
    yield "pyproject.toml, ruff", target.replace("py3", "3.")
    yield "pyproject.toml, mypy", pyproject["tool"]["mypy"]["python_version"]
    for stage, settings in json.loads((ROOT / "zappa_settings.json").read_text()).items():
        if "extends" not in settings:
            yield f"zappa_settings.json, {stage}", settings["runtime"].removeprefix("python")
    for workflow in (ROOT / ".github/workflows").glob("*.yml"):
        for version in re.findall(r"python-version: \"?([0-9.]+)", workflow.read_text()):
            yield workflow.name, version
    for version in re.findall(r"--python(?:-version)? ([0-9.]+)", (ROOT / "Makefile").read_text()):
        yield "Makefile", version
    for version in re.findall(r"Python ([0-9.]+[0-9])", (ROOT / "README.md").read_text()):
        yield "README.md", version


def test_the_python_version_is_the_same_everywhere() -> None:
    versions = list(python_versions())
    assert {place.split(",")[0] for place, _ in versions} >= {"Makefile", "check.yml", "README.md"}
    assert {version for _, version in versions} == {f"{sys.version_info.major}.{sys.version_info.minor}"}, versions


def test_zappa_calls_a_task_that_is_there_every_hour() -> None:
    stages = json.loads((ROOT / "zappa_settings.json").read_text())
    for stage in stages.values():
        (event,) = (stages[stage["extends"]] | stage if "extends" in stage else stage)["events"]
        assert event["expression"] == "cron(0 * * * ? *)"
        task = import_string(event["function"])
        assert task.__code__.co_varnames[: task.__code__.co_argcount] == ("event", "context")
        assert not task.__defaults__


def test_every_workflow_pins_its_actions_by_commit() -> None:
    for workflow in (ROOT / ".github/workflows").glob("*.yml"):
        for action in re.findall(r"uses: (.+)", workflow.read_text()):
            assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v[0-9.]+", action), action


def test_every_make_target_in_the_readme_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(
        re.findall(r"`make ([a-z-]+)`", (ROOT / "README.md").read_text() + (ROOT / "CONTRIBUTING.md").read_text())
    )
    assert named <= targets


def test_every_command_in_the_readme_is_there() -> None:
    named = set(re.findall(r"manage\.py ([a-z_]+)", (ROOT / "README.md").read_text()))
    assert named <= set(get_commands())
