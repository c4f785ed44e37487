"""Without collected static files no page could be shown: a site with DEBUG=false says so at its start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import clear_script_prefix, set_script_prefix
from pytest_django import Settings

from futbolreport.static_files import StaticFiles
from tests.environment import ROOT

SETTINGS = """
from futbolreport.settings import *
STATIC_ROOT = {root!r}
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A site with a folder of its own for its static files."""
    (tmp_path / "own_settings.py").write_text(SETTINGS.format(root=str(tmp_path / "static")))
    named = {"DJANGO_SETTINGS_MODULE": "own_settings", "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}", "DEBUG": "false"}
    return os.environ | named


def python(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """A process of ours."""
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


START = ("-W", "ignore", "-c", "import futbolreport.wsgi")


def test_a_start_without_them_says_what_to_type(environment: dict[str, str]) -> None:
    done = python(environment, *START)
    assert done.returncode == 1
    assert "manage.py collectstatic --noinput" in done.stderr.splitlines()[-1]
    assert "DEBUG=true" in done.stderr.splitlines()[-1]


def test_runserver_says_it_in_one_line(environment: dict[str, str]) -> None:
    done = python(environment, "-W", "ignore", "manage.py", "runserver", "--noreload", "0")
    assert done.returncode == 1
    assert "collectstatic --noinput" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_collected_or_for_development_it_starts(environment: dict[str, str]) -> None:
    assert python(environment | {"DEBUG": "true"}, *START).returncode == 0
    assert python(environment, "manage.py", "collectstatic", "--noinput", "-v0").returncode == 0
    done = python(environment, *START)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.django_db  # closing an answer looks after connections
@pytest.mark.parametrize("first", ["/", "/production/"])
def test_a_file_is_found_behind_whatever_prefix_the_first_one_was_asked_for(
    first: str, tmp_path: Path, settings: Settings
) -> None:
    (tmp_path / "site.css").write_text("b { }")
    settings.STATIC_ROOT = str(tmp_path)
    files = StaticFiles(lambda _: HttpResponse(status=404))
    try:
        for prefix in (first, "/"):
            set_script_prefix(prefix)
            found = files(RequestFactory().get("/static/site.css"))
            assert (found.status_code, found.getvalue()) == (200, b"b { }")
            found.close()
    finally:
        clear_script_prefix()
    assert files(RequestFactory().get("/static/other.css")).status_code == 404
