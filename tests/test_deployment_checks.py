"""`check --deploy` names what a public site would miss, each by an id and with a remedy."""

import os
import subprocess
import sys

import pytest

from tests.environment import ROOT

SOUND = {
    "SECRET_KEY": "test-only-and-long-enough-to-be-a-key-for-every-check-of-django",
    "DEBUG": "false",
    "SITE_URL": "https://futbol.example.org",
    "ALLOWED_HOSTS": "futbol.example.org",
    "DATABASE_URL": "postgres://futbolreport@db.example.org:5432/futbolreport?sslmode=require",
    "REDIS_URL": "rediss://cache.example.org:6379/0",
    "TASKS_BACKEND": "database",
    "TRUSTED_PROXIES": "10.0.0.0/8",
    "NOTIFY_EMAIL": "newsroom@example.org",
}


def check(**more: str) -> str:
    """What the command says of a sound environment with these changes."""
    command = [sys.executable, "manage.py", "check", "--deploy"]
    environment = {"PATH": os.defpath, **SOUND, **more}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    return done.stdout + done.stderr


def test_a_sound_environment_has_nothing_to_mend() -> None:
    assert "System check identified no issues" in check()


@pytest.mark.parametrize(
    ("changed", "number"),
    [
        ({"SITE_URL": "http://futbol.example.org"}, 1),
        ({"NOTIFY_EMAIL": ""}, 2),
        ({"TASKS_BACKEND": "lambda", "DATABASE_URL": "sqlite://:memory:"}, 3),
        ({"DATABASE_URL": "postgres://futbolreport@db.example.org:5432/futbolreport"}, 4),
        ({"REDIS_URL": ""}, 5),
        ({"REDIS_URL": "redis://cache.example.org:6379/0"}, 6),
        ({"TASKS_BACKEND": "immediate"}, 7),
        ({"TRUSTED_PROXIES": ""}, 8),
    ],
)
def test_what_is_missed_is_named_with_its_remedy(changed: dict[str, str], number: int) -> None:
    said = check(**changed)
    assert f"(futbolreport.W{number:03})" in said
    assert "HINT:" in said


def test_a_database_on_this_machine_needs_no_tls_and_lambda_no_proxy() -> None:
    said = check(
        DATABASE_URL="postgres://futbolreport@127.0.0.1:5432/futbolreport", TASKS_BACKEND="lambda", TRUSTED_PROXIES=""
    )
    assert "no issues" in said
