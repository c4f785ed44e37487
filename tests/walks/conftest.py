"""The lived-in sandbox as it is served, and somebody who walks through it and notices everything that is wrong."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from benchmarks import pages
from tests.environment import ROOT

SCREENSHOTS = ROOT / "build" / "screenshots" / "walks"
SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
# Three more models for the sandbox's five, so that there are as many as a big roster has.
MORE_MODELS = """
from evaluations.models import Evaluation
roster = Evaluation.objects.get(slug="sandbox").roster
for place, (slug, name) in enumerate({"careful": "thorough", "terse": "brief", "tale": "inventor"}.items(), 6):
    model = roster.get(slug=name)
    model.pk, model.slug, model.name, model.position = None, slug, f"{slug.title()} (sandbox)", place
    model.parameters = {"seed": place}
    model.save()
"""


@pytest.fixture(scope="session")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of what `make demo` makes, with eight models, served as in production."""
    with served(tmp_path_factory.mktemp("lived-in"), ["shell", "-v0", "-c", MORE_MODELS], ["demo"]) as address:
        yield address


@pytest.fixture(scope="session")
def brand_new(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an installation in which nothing has happened."""
    with served(tmp_path_factory.mktemp("brand-new")) as address:
        yield address


class served:  # noqa: N801 - a context manager
    """A site with a database of its own, prepared by these commands."""

    def __init__(self, folder: Path, *commands: list[str]) -> None:
        self.environment = os.environ | {
            "DEBUG": "false", "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3", "TASKS_BACKEND": "immediate",
            "BENCH_STATIC_ROOT": str(folder / "static"), "DJANGO_SETTINGS_MODULE": "benchmarks.pages_settings",
            "PUBLISHER": "The Walkers, 1 Example Street, Exampletown", "REDIS_URL": "",
        }  # fmt: skip
        for command in (["migrate", "-v0"], ["collectstatic", "--no-input", "-v0"], *commands):
            debug = {"DEBUG": "true"} if command == ["demo"] else {}
            done = subprocess.run(
                [sys.executable, "manage.py", *command],
                env=self.environment | debug,
                cwd=ROOT,
                capture_output=True,
                text=True,
            )
            assert done.returncode == 0, f"{command[0]}: {done.stderr[-1500:]}"

    def __enter__(self) -> str:
        self.site = pages.site("granian", self.environment, 0)
        address, _ = self.site.__enter__()
        return address

    def __exit__(self, *failure: Any) -> None:
        self.site.__exit__(*failure)


class Walker:
    """A person at a screen. Every stop is photographed in light and dark, and checked for what nobody should meet."""

    def __init__(self, browser: Any, site: str, walk: str, size: str, **options: Any) -> None:
        self.site, self.walk, self.size, self.stops = site, walk, size, 0
        self.context = browser.new_context(viewport=SIZES[size], reduced_motion="reduce", **options)
        self.page = self.context.new_page()
        self.wrong: list[str] = []
        self.expected_status = 200
        self.page.on("console", lambda message: self.note(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.note(str(error)))
        self.page.on("request", lambda request: self.note_request(request.url))

    def note(self, line: str) -> None:
        if not (self.expected_status >= 400 and "Failed to load resource" in line):
            self.wrong.append(line)

    def note_request(self, url: str) -> None:
        if not url.startswith((self.site, "data:")):
            self.wrong.append(f"requested {url}")

    def open(self, address: str, status: int = 200) -> None:
        self.expected_status = status
        answer = self.page.goto(self.site + address, wait_until="load")
        assert answer.status == status, address
        self.look()

    def follow(self, name: str | re.Pattern[str]) -> None:
        """Click the first link or button of that name, and look around."""
        self.page.get_by_role("link", name=name).or_(self.page.get_by_role("button", name=name)).first.click()
        self.page.wait_for_load_state("load")
        self.look()

    def look(self) -> None:
        """Photograph the first screen in both schemes, and check what holds on every page."""
        self.stops += 1
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        here = f"{self.walk}, stop {self.stops}, {self.page.url}"
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme)
            self.page.screenshot(path=SCREENSHOTS / f"{self.walk}-{self.size}-{self.stops}-{scheme}.png")
            faults = Axe().run(self.page).response["violations"]
            self.wrong += [f"{here}, {scheme}: {one['id']} {one['nodes'][0]['html'][:160]}" for one in faults]
        self.page.emulate_media(color_scheme="light")
        if self.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            self.wrong.append(f"{here}: scrolls sideways")

    def sees(self, what: Any) -> bool:
        """Whether all of it is on the screen without scrolling."""
        located = self.page.locator(what) if isinstance(what, str) else what
        return bool(located.first.evaluate("""one => { const box = one.getBoundingClientRect();
            return one.checkVisibility() && box.height > 0 && box.top >= 0 && box.bottom <= innerHeight
                && box.left >= 0 && box.right <= innerWidth }"""))  # fmt: skip

    def leave(self) -> None:
        self.context.close()
        assert self.wrong == []


@pytest.fixture
def walker(chromium: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    """Makes walkers, and in the end asks each what was wrong."""
    walkers: list[Walker] = []

    def begin(site: str, size: str, **options: Any) -> Walker:
        name = re.sub(r"\W+", "-", request.node.originalname.removeprefix("test_"))
        walkers.append(Walker(chromium, site, name, size, **options))
        return walkers[-1]

    yield begin
    for one in walkers:
        one.leave()
