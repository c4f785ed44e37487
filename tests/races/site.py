"""The site as it is served: gunicorn before a database of its own, with a run that is voted on and a closed one."""

import os
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests import servers

ROOT = Path(__file__).resolve().parent.parent.parent
PREPARE = """
import django
django.setup()
from tests.factories import make_run
print(make_run(models=[f"model-{n}" for n in range(6)], open_for_voting=True).pk, make_run().pk)
"""


@dataclass(frozen=True)
class Site:
    """Where it is, and its two runs."""

    address: str
    run: int
    closed: int


def serve(stack: ExitStack, database: str, **variables: str) -> Site:
    """The site, until the stack is closed."""
    environment = os.environ | {
        "SECRET_KEY": "test-only-and-long-enough-to-be-a-key", "DATABASE_URL": database, "REDIS_URL": "",
        "ALLOWED_HOSTS": "127.0.0.1", "TRUSTED_PROXIES": "127.0.0.1", "SITE_URL": "http://127.0.0.1:8000",
        "DEBUG": "false", "SECRETS_ID": "", "DJANGO_SETTINGS_MODULE": "tests.races.settings", **variables,
    }  # fmt: skip
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], env=environment, cwd=ROOT, check=True)
    made = subprocess.run(
        [sys.executable, "-c", PREPARE], env=environment, cwd=ROOT, check=True, capture_output=True, text=True
    )
    run, closed = map(int, made.stdout.split())
    port = servers.free_port()
    command = [sys.executable, "-m", "gunicorn", "-w", "2", "--threads", "8", "--log-level", "critical",
               "--bind", f"127.0.0.1:{port}", "futbolreport.wsgi:application"]  # fmt: skip
    site = stack.enter_context(subprocess.Popen(command, env=environment, cwd=ROOT, stderr=subprocess.DEVNULL))
    stack.callback(site.terminate)
    servers.wait_until_open(port, site, 60)
    return Site(f"http://127.0.0.1:{port}", run, closed)
