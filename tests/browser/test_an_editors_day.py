"""An editor in a real browser, beside a site and its worker as processes: no shell, no reload by hand, three clicks."""

import json
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe

from tests.environment import ROOT
from tests.pipeline.test_tasks import Site

PICTURES = ROOT / "build" / "desk"
MOST_CLICKS = 3
NAME, WORD = "ed", "test-horse and battery"
PEOPLE = (
    "from django.contrib.auth.models import Group, User; "
    f"ed = User.objects.create_user('{NAME}', password='{WORD}', is_staff=True); "
    "ed.groups.add(Group.objects.get(name='Editors')); "
    "from evaluations.models import Evaluation; "
    "Evaluation.objects.filter(slug='sandbox').update(review_before_publishing=True); "
    "Evaluation.objects.get(slug='sandbox').roster.exclude(slug__in=('brief', 'thorough', 'freeform')).delete()"
)


def free_port() -> int:
    with socket.socket() as there:
        there.bind(("127.0.0.1", 0))
        return int(there.getsockname()[1])


@contextmanager
def process(site: Site, *arguments: str) -> Iterator[None]:
    running = subprocess.Popen(
        site.command(*arguments), env=site.environment, cwd=site.folder, stdout=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        running.terminate()
        running.wait(60)


def wait_for(address: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            assert time.monotonic() < end, address
            time.sleep(0.2)


class Editor:
    """A person at a browser, who counts their clicks."""

    def __init__(self, browser: Any, address: str, pictures: str) -> None:
        context = browser.new_context(viewport={"width": 1440, "height": 900}, bypass_csp=False)
        context.set_default_timeout(30_000)
        self.page = context.new_page()
        self.address, self.pictures = address, pictures
        self.clicks, self.reloads = 0, 0
        self.troubles: list[str] = []
        self.page.on("console", lambda said: said.type == "error" and self.troubles.append(said.text))
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))

    def come_in(self) -> None:
        self.page.goto(f"{self.address}/admin/")
        self.page.fill("[name=username]", NAME)
        self.page.fill("[name=password]", WORD)
        self.page.click("[type=submit]")

    def begin(self, *at: str) -> None:
        """To where a thing begins: from here on clicks are counted."""
        if at:
            self.page.goto(f"{self.address}/admin/{'/'.join(at)}/")
        self.clicks = 0

    def click(self, text: str) -> None:
        self.clicks += 1
        linked = self.page.locator("#content a, #content button").filter(has_text=text)
        self.page.locator(f'input[type=submit][value^="{text}"]').or_(linked).first.click()

    def sees(self, text: str, seconds: float = 60) -> None:
        """It comes without a reload."""
        self.page.get_by_text(text).first.wait_for(state="visible", timeout=seconds * 1000)

    def state(self) -> str:
        return str(self.page.locator(".run-state").inner_text()).strip()

    def done(self, name: str) -> None:
        """Within three clicks; and a picture of what it looks like then, light and dark."""
        assert self.clicks <= MOST_CLICKS, f"{name}: {self.clicks} clicks"
        PICTURES.mkdir(parents=True, exist_ok=True)
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme)
            self.page.screenshot(path=PICTURES / f"{self.pictures}-{name}-{scheme}.png", full_page=True)
        self.page.emulate_media(color_scheme="light")


@contextmanager
def newsroom(folder: Path, database: str) -> Iterator[tuple[Site, str]]:
    """A site with an editor, its web server and its worker."""
    site, port = Site(folder, database), free_port()
    address = f"http://127.0.0.1:{port}"
    site.environment |= {"SITE_URL": address, "ALLOWED_HOSTS": "127.0.0.1"}
    site.manage("shell", "-v0", "-c", PEOPLE)
    with process(site, "run_due", "--watch"), process(site, "runserver", "--noreload", f"127.0.0.1:{port}"):
        wait_for(f"{address}/healthz")
        yield site, address


def test_an_editor_runs_reads_publishes_withholds_replays_and_asks_again_on_sqlite(
    tmp_path: Path, chromium: Any
) -> None:
    with newsroom(tmp_path, f"sqlite:///{tmp_path / 'site.sqlite3'}") as (site, address):
        work_a_day(Editor(chromium, address, "sqlite"), site)


def test_an_editor_runs_reads_publishes_withholds_replays_and_asks_again_on_postgresql(
    tmp_path: Path, chromium: Any, postgresql_url: str
) -> None:
    with newsroom(tmp_path, postgresql_url) as (site, address):
        work_a_day(Editor(chromium, address, "postgresql"), site)


def work_a_day(editor: Editor, site: Site) -> None:
    """All that an editor does with runs."""
    editor.come_in()
    sandbox = str(site.ask("Evaluation.objects.get(slug='sandbox').pk"))

    editor.begin("evaluations", "evaluation", sandbox, "change")
    editor.click("Run now…")
    editor.sees("All together, at most")
    editor.done("1-run-now-price")
    editor.click("Run now, for at most")
    editor.sees("Waits for review", 120)  # from the page that waits for a worker, over the run's page, to its end
    editor.done("2-run-in-review")
    first = str(site.ask("Run.objects.get().pk"))
    assert editor.page.url.endswith(f"/run/{first}/change/")

    editor.begin()
    editor.click("Publish…")
    editor.sees("What follows")
    editor.done("3-publish-question")
    editor.click("Publish")
    editor.sees("is published.")
    editor.done("4-published")
    assert editor.state().startswith("Published")

    editor.begin()
    editor.click("Withhold…")
    editor.page.fill("[name=withheld_note]", "It names a private person.")
    editor.done("5-withhold")
    editor.click("Save")
    editor.sees("is withheld: its note stands in its place")
    editor.done("6-withheld")
    editor.begin()
    editor.click("Undo: show it again")
    editor.sees("is shown again")
    editor.done("7-undone")

    editor.begin()
    editor.click("Replay…")
    editor.page.locator("input[value=brief]").uncheck()
    editor.page.locator("input[value=freeform]").uncheck()
    editor.click("Replay, for at most")
    editor.sees("this is the price now")
    editor.done("8-replay-price")
    editor.click("Replay, for at most")
    editor.sees("Waits for review", 120)
    editor.done("9-replay")
    models = "list(Run.objects.latest('pk').entries.values_list('slug', flat=True))"
    assert site.ask(f"[Run.objects.latest('pk').kind, {models}]") == ["replay", ["thorough"]]

    lose_an_answer(site, first)
    editor.begin("evaluations", "run", first, "change")
    assert editor.state().startswith("Published, partial")
    editor.done("A-partial")
    editor.click("Ask Brief (sandbox) again…")
    editor.sees("Its answer never came")
    editor.done("B-retry-price")
    editor.click("Ask again, for at most")
    whole = editor.page.locator(".run-state").filter(has_text="3 of 3 reports").filter(has_not_text="partial")
    whole.wait_for(timeout=60_000)
    editor.done("C-answered")

    editor.begin()
    editor.click("Unpublish…")
    editor.sees("What follows")
    editor.click("Unpublish")
    editor.sees("is withdrawn.")
    editor.click("Undo: show it again")
    editor.sees("is shown again.")
    editor.done("D-shown-again")

    editor.begin("evaluations", "run")
    editor.done("E-list")
    assert editor.troubles == []


LOST = "{'state': 'unknown_outcome', 'error': 'timeout', 'text': '', 'html': '', 'cost_usd': None}"


def lose_an_answer(site: Site, run: str) -> None:
    """What a provider that never answered leaves."""
    brief = f"Report.objects.filter(entry__run={run}, entry__slug='brief')"
    site.ask(f"Attempt.objects.filter(report__in={brief}).update(state='unknown', cost_usd=None)")
    site.ask(f"Score.objects.filter(report__in={brief}).delete()[0]")
    site.ask(f"{brief}.update(**{LOST})")
    site.ask(f"Run.objects.filter(pk={run}).update(partial=True)")


def rules_broken(page: Any) -> set[str]:
    """What axe finds, by its rule."""
    found = Axe().run(page).response["violations"]
    return {violation["id"] for violation in found}


def test_axe_finds_nothing_on_the_pages_of_runs_beyond_djangos_own(tmp_path: Path, chromium: Any) -> None:
    with newsroom(tmp_path, f"sqlite:///{tmp_path / 'site.sqlite3'}") as (site, address):
        site.manage("run_evaluation", "--sandbox", "--no-progress")
        editor = Editor(chromium, address, "axe")
        editor.page.context.close()
        context = chromium.new_context(bypass_csp=True)  # axe is put in as a script
        editor.page = context.new_page()
        editor.come_in()
        stock = set()
        for path in ("evaluations/provider", "evaluations/provider/1/change"):
            editor.begin(path)
            stock |= rules_broken(editor.page)
        report = site.ask("Report.objects.first().pk")
        paths = ("run", "run/1/change", "run/1/replay", "run/1/decide/publish", f"report/{report}/change",
                 f"run/start/{site.ask('Run.objects.get().evaluation_id')}")  # fmt: skip
        found: dict[str, list[str]] = {}
        for path in paths:
            for scheme in ("light", "dark"):
                editor.page.emulate_media(color_scheme=scheme)
                editor.begin("evaluations", path)
                if own := rules_broken(editor.page) - stock:
                    found[f"{path} {scheme}"] = sorted(own)
        assert found == {}, json.dumps(found, indent=1)
