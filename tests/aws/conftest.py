"""The bundle, built once, and containers that run it. `make test-lambda`."""

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import awslambdaric
import pytest

from deploy import package
from tests import servers
from tests.aws.runtime import Container

HOST = "futbol.example.org"


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle as it would be deployed. BUNDLE names one that is built already."""
    if given := os.environ.get("BUNDLE"):
        return Path(given)
    subprocess.run([sys.executable, "-m", "deploy.package"], cwd=package.ROOT, check=True)
    return package.BUNDLE


@pytest.fixture(scope="session")
def code(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The bundle unpacked, in a folder that nobody can write."""
    folder = tmp_path_factory.mktemp("task")
    with zipfile.ZipFile(bundle) as packed:
        packed.extractall(folder)
    writable = [path for path in (folder, *folder.rglob("*")) if path.is_dir()]
    for path in writable:
        path.chmod(0o555)
    yield folder
    for path in writable:
        path.chmod(0o755)


@pytest.fixture(scope="session")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nothing but AWS's runtime client: the container must not see this environment's packages."""
    folder = tmp_path_factory.mktemp("runtime")
    shutil.copytree(Path(awslambdaric.__file__).parent, folder / "awslambdaric")
    for library in Path(awslambdaric.__file__).parent.parent.glob("runtime_client*"):
        shutil.copy(library, folder)
    for needed in ("simplejson", "snapshot_restore_py"):
        if (found := Path(awslambdaric.__file__).parent.parent / needed).exists():
            shutil.copytree(found, folder / needed)
    return folder


@pytest.fixture(scope="module")
def environment(code: Path) -> Iterator[dict[str, str]]:
    """A deployment of its own: PostgreSQL and Redis, migrated from the bundle itself."""
    with ExitStack() as stack:
        environment = {
            "SECRET_KEY": "test-only-and-long-enough-to-be-a-key-for-every-check-of-django",
            "DATABASE_URL": stack.enter_context(servers.postgresql()),
            "REDIS_URL": stack.enter_context(servers.own_redis()),
            "SITE_URL": f"https://{HOST}",
            "ALLOWED_HOSTS": HOST,
        }
        manage(code, environment, "migrate", "--verbosity", "0")
        yield environment


def manage(code: Path, environment: dict[str, str], *arguments: str) -> str:
    """A management command out of the bundle."""
    done = subprocess.run(
        [sys.executable, "-S", "-B", "manage.py", *arguments],
        cwd=code,
        env={"PATH": os.defpath, "PYTHONPATH": str(code)} | environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def start(code: Path, runtime: Path, environment: dict[str, str], tmp_path: Path) -> Iterator[Callable[..., Container]]:
    """Start containers; each ends with its test."""
    with ExitStack() as stack:

        def started(folder: Path = code, **more: str) -> Container:
            log = tmp_path / f"log-{len(list(tmp_path.iterdir()))}.txt"
            return stack.enter_context(Container(folder, runtime, environment | more, log))

        yield started
