"""What the first page of a new container costs, beside what `startproject` makes in the same runtime."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command

from deploy.package import compile_all
from tests.aws.conftest import HOST
from tests.aws.runtime import Container, page_v2

ROUNDS = 9
OURS = {"evaluations", "votes", "futbolreport", "templates", "build"}
AT_MOST, MEGABYTES = 1.35, 110
ADDRESS = """
from django.http import HttpResponse
urlpatterns.append(path("", lambda request: HttpResponse("empty")))
"""


@pytest.fixture(scope="module")
def empty(code: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same packages and handler, with an empty Django project in our place."""
    folder = tmp_path_factory.mktemp("empty")
    for entry in code.iterdir():
        if entry.name not in OURS | {"zappa_settings.py", "__pycache__", "manage.py"}:
            (folder / entry.name).symlink_to(entry)
    shutil.copytree(code / "__pycache__", folder / "__pycache__", ignore=shutil.ignore_patterns("zappa_settings*"))
    settings = (code / "zappa_settings.py").read_text()
    assert "'futbolreport.settings'" in settings
    (folder / "zappa_settings.py").write_text(settings.replace("'futbolreport.settings'", "'empty.settings'"))
    call_command("startproject", "empty", str(folder))
    (folder / "manage.py").unlink()
    with (folder / "empty" / "urls.py").open("a") as addresses:
        addresses.write(ADDRESS)
    with (folder / "empty" / "settings.py").open("a") as more:
        more.write('\nDEBUG, ALLOWED_HOSTS = False, ["*"]\n')
    compile_all(folder / "empty")
    return folder


def first_page(container: Container) -> tuple[float, float]:
    """CPU seconds and megabytes of a new container up to its first page."""
    answer = container.invoke(page_v2("/", HOST)).answer
    assert answer["statusCode"] == 200, answer
    return container.cpu_seconds(), container.peak_megabytes()


def test_a_cold_start_costs_little_more_than_that_of_an_empty_project(
    start: Callable[..., Container], empty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # The first of each warms the disk's cache and does not count; then in turns, the best of each.
    ours, bare = [], []
    for _ in range(ROUNDS + 1):
        ours.append(first_page(start()))
        bare.append(first_page(start(folder=empty)))
    best, least = min(cpu for cpu, _ in ours[1:]), min(cpu for cpu, _ in bare[1:])
    memory = max(megabytes for _, megabytes in ours)
    with capsys.disabled():
        print(f"\nCold start to the first page: {best:.3f} s CPU, {best / least:.2f} times an empty project's")
        print(f"({least:.3f} s); {memory:.0f} MB at most.")
    assert best <= AT_MOST * least
    assert memory < MEGABYTES
