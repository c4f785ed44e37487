"""Every kind of page, light, dark, on a phone and printed: accessible, quiet, and kept as a picture to look at."""

from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from evaluations.models import Evaluation, Prompt, Run
from tests.browser.conftest import SCREENSHOTS
from tests.elections import make_standings
from tests.factories import MODELS, make_run, score_run

pytestmark = pytest.mark.django_db(transaction=True)

DESK, PHONE = {"width": 1400, "height": 1000}, {"width": 390, "height": 844}
MODES: dict[str, dict[str, Any]] = {
    "light": {"viewport": DESK},
    "dark": {"viewport": DESK, "color_scheme": "dark"},
    "phone": {"viewport": PHONE, "has_touch": True},
    "print": {"viewport": DESK},
}


@pytest.fixture
def site() -> dict[str, str]:
    """A site with something on every page: what each kind of page is called, and where it is."""
    evaluation = Evaluation.objects.create(slug="looks", name="Looks")
    Prompt.objects.create(evaluation=evaluation, system_text="x")
    for days in (9, 6):
        score_run(make_run(evaluation, published_at=timezone.now() - timedelta(days=days)))
    closed = score_run(make_run(evaluation, states=["failed"]))
    still_open = score_run(make_run(evaluation, open_for_voting=True, published_at=timezone.now()))
    made = make_run(evaluation, state=Run.State.INFERRING, published_at=None, states=["answering", "succeeded"])
    for number in (2, 3):  # a history
        make_standings(evaluation, {slug: slug.title() for slug in MODELS}, range(1, 1 + number))
    return {
        "latest": "/",
        "closed": f"/runs/{closed.pk}/",
        "baseline": f"/runs/{closed.pk}/?models=kimi,qwen&baseline=kimi",
        "unmarked": f"/runs/{closed.pk}/?marks=off",
        "blind": f"/runs/{still_open.pk}/",
        "ballot": f"/runs/{still_open.pk}/ballot/",
        "context": f"/runs/{closed.pk}/context/",
        "difference": f"/runs/{closed.pk}/difference/?a=kimi&b=qwen",
        "archive": "/runs/",
        "search": "/runs/?q=rovers",
        "models": "/models/",
        "model": "/models/kimi/",
        "standings": "/standings/",
        "about": "/about/",
        "scores": "/about/scores/",
        "missing": "/runs/999/",
        "progress": f"/runs/{made.pk}/progress/",
    }


class Reader:
    """A browser window that remembers everything that went wrong in it."""

    def __init__(self, browser: Any, root: str, *, bypass_csp: bool, **options: Any) -> None:
        self.root = root
        self.context = browser.new_context(bypass_csp=bypass_csp, **options)
        staff = Client()
        staff.force_login(User.objects.get_or_create(username="staff", is_staff=True)[0])
        self.session = {"name": "sessionid", "value": staff.cookies["sessionid"].value, "url": root}
        self.page = self.context.new_page()
        self.wrong: list[str] = []
        self.page.on("console", lambda message: self.wrong.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("request", lambda request: self.note(request.url))

    def note(self, url: str) -> None:
        if not url.startswith(self.root):
            self.wrong.append(f"requested {url}")

    def open(self, name: str, address: str) -> Any:
        self.context.clear_cookies()
        if name == "progress":
            self.context.add_cookies([self.session])
        self.page.goto(self.root + address, wait_until="load")
        if name == "missing":
            self.wrong = [line for line in self.wrong if "404" not in line]
        return self.page


@pytest.mark.parametrize("mode", MODES)
def test_every_page_is_accessible_quiet_and_worth_looking_at(chromium, live_server, site, mode):
    reader = Reader(chromium, live_server.url, bypass_csp=True, **MODES[mode])  # axe comes as a script
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    faults = []
    for name, address in site.items():
        page = reader.open(name, address)
        if mode == "print":
            page.emulate_media(media="print")
        violations = Axe().run(page).response["violations"]
        faults += [(name, one["id"], one["nodes"][0]["html"][:200]) for one in violations]
        if not page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
            faults.append((name, "scrolls sideways", ""))
        page.screenshot(path=SCREENSHOTS / f"{name}-{mode}.png", full_page=True)
    print(f"\n{mode}: {len(site)} pages, {len(faults)} faults, {len(reader.wrong)} complaints; see {SCREENSHOTS}")
    assert faults == []
    assert reader.wrong == []


def test_under_its_own_policy_no_page_complains(chromium, live_server, site):
    reader = Reader(chromium, live_server.url, bypass_csp=False, viewport=DESK)
    for name, address in site.items():
        page = reader.open(name, address)
        for note in page.locator(".report sup a").all()[:2]:
            note.focus()
    assert reader.wrong == []


def focused(page: Any) -> str:
    return str(page.evaluate("document.activeElement.outerHTML.slice(0, 200)"))


def test_evidence_is_read_with_nothing_but_a_keyboard(chromium, live_server, site):
    page = Reader(chromium, live_server.url, bypass_csp=False, viewport=DESK).open("closed", site["closed"])
    panel = page.locator("#passage")
    assert not panel.is_visible()
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.report sup a')"):
            break
    assert panel.is_visible(), focused(page)
    assert "in the sources" in panel.inner_text()
    box, note = panel.bounding_box(), page.evaluate("document.activeElement.getBoundingClientRect().bottom")
    assert note <= box["y"], "the panel covers the number that it belongs to"
    page.keyboard.press("Escape")
    assert not panel.is_visible()
    page.keyboard.press("Tab")
    assert panel.is_visible()


def test_a_click_on_a_sentence_shows_its_passage_and_closing_leads_back(chromium, live_server, site):
    page = Reader(chromium, live_server.url, bypass_csp=False, viewport=PHONE).open("closed", site["closed"])
    page.locator(".report .grounded").first.click()
    panel = page.locator("#passage")
    assert panel.is_visible()
    panel.get_by_role("button", name="Close").click()
    assert not panel.is_visible()


def test_a_number_at_the_foot_of_the_window_is_clicked_as_slowly_as_people_click(chromium, live_server, site):
    page = Reader(chromium, live_server.url, bypass_csp=False, viewport=DESK).open("closed", site["closed"])
    note, panel = page.locator(".report sup a").last, page.locator("#passage")
    note.evaluate("it => scrollBy({top: it.getBoundingClientRect().bottom + 15 - innerHeight, behavior: 'instant'})")
    box = note.bounding_box()
    assert box["y"] > DESK["height"] - 60, "it would not be covered by the panel"
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.wait_for_timeout(150)
    page.mouse.up()
    page.wait_for_timeout(600)
    assert panel.is_visible()
    assert note.bounding_box()["y"] < panel.bounding_box()["y"]


def test_without_scripts_a_number_leads_to_its_evidence(chromium, live_server, site):
    context = chromium.new_context(java_script_enabled=False, viewport=DESK)
    page = context.new_page()
    page.goto(live_server.url + site["closed"])
    page.locator(".report sup a").first.click()
    note = page.locator(".evidence li:target")
    assert note.is_visible()
    assert "in the sources" in note.inner_text()
    context.close()


def test_staff_see_a_run_fill_in_and_the_public_only_that_it_is_made(chromium, live_server, site):
    reader = Reader(chromium, live_server.url, bypass_csp=False, viewport=DESK)
    page = reader.open("progress", site["progress"])
    assert "3 of 4" in page.inner_text("#settled")
    run = Run.objects.get(state=Run.State.INFERRING)
    before = page.inner_text("#progress")
    run.entries.get(slug="claude").reports.update(state="failed", error="rate_limited")
    page.wait_for_function("before => document.querySelector('#progress').innerText !== before", arg=before)
    assert "rate_limited" in page.inner_text("#progress")
    assert "4 of 4" in page.inner_text("#settled")
    Run.objects.filter(pk=run.pk).update(state=Run.State.FAILED)
    page.wait_for_timeout(2_500)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(3_000)
    assert asked == []
    assert reader.wrong == []
