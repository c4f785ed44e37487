"""What the tests' process, and every process they start, sees as its environment.

A pytest plugin, loaded with `-p` in pyproject.toml: Django reads its settings before any conftest.py is
loaded.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests import servers

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(tempfile.mkdtemp(prefix="futbolreport-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)

ENVIRONMENT = {
    "SECRET_KEY": "test-only-and-long-enough-to-be-a-key-for-every-check-of-django",
    "DEBUG": "true",  # Static files as they lie; pytest-django sets settings.DEBUG to False all the same.
    "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
    "SITE_URL": "http://127.0.0.1:8000",
    "DATABASE_URL": f"sqlite:///{FOLDER / 'futbolreport.sqlite3'}",
    "REDIS_URL": "",
    "TASKS_BACKEND": "immediate",
    "SECRETS_ID": "",
}

_servers = ExitStack()


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--postgresql` puts the default database on PostgreSQL; without it, it is SQLite."""
    parser.addoption("--postgresql", action="store_true", help="run on PostgreSQL instead of SQLite")


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Fix the environment before pytest-django sets Django up."""
    forget_what_the_developer_has()
    os.environ.update(ENVIRONMENT)
    # WhiteNoise warns where there is no such folder, and warnings are errors here.
    (ROOT / "build" / "static").mkdir(parents=True, exist_ok=True)
    if early_config.known_args_namespace.postgresql:
        try:
            os.environ["DATABASE_URL"] = _servers.enter_context(servers.postgresql())
        except servers.MissingPartError as missing:
            pytest.exit(f"MISSING PART: {missing}", returncode=1 if in_ci() else 0)
    return (yield)


def forget_what_the_developer_has() -> None:
    """Empty every variable of .env and every key: no test may spend money or depend on them.

    Empty and not absent, because settings fill what is absent from .env.
    """
    dotenv = ROOT / ".env"
    lines = dotenv.read_text().splitlines() if dotenv.exists() else []
    names = {line.removeprefix("export ").split("=")[0].strip() for line in lines if "=" in line and line[0] != "#"}
    keys = {name for name in os.environ if name.endswith("_API_KEY")}
    for name in names | keys | {"BRAVE_API_KEY", "OPENROUTER_API_KEY", "FIRECRAWL_API_KEY"}:
        os.environ[name] = ""


def pytest_unconfigure() -> None:
    """Stop what was started."""
    _servers.close()


def in_ci() -> bool:
    """Whether a missing part is a failure."""
    return os.environ.get("CI", "").lower() == "true"
