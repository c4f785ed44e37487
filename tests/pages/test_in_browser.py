"""The pages in a real Chromium: light, dark, on a phone; by keyboard; under attack."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from evaluations.models import Evaluation, Prompt, Report, Run
from tests.factories import make_run
from tests.pages.test_rendering import payloads
from votes.models import Vote

pytestmark = pytest.mark.django_db(transaction=True)

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1400, "height": 1000}
PROBE = "window.__hits = []; window.__xss = function (x) { window.__hits.push(String(x)); }"
BATCH = 12


class Visit:
    """One reader's window, and all that went wrong in it."""

    def __init__(self, context: Any, root: str) -> None:
        self.page = context.new_page()
        self.root = root
        self.wrong: list[str] = []
        self.page.add_init_script(PROBE)
        self.page.on("console", lambda message: self.wrong.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("request", self.note)
        self.page.on("dialog", lambda dialog: self.wrong.append(f"dialog: {dialog.message}"))

    def note(self, request: Any) -> None:
        if not request.url.startswith(self.root):
            self.wrong.append(f"requested {request.url}")

    def open(self, address: str) -> "Visit":
        self.page.goto(self.root + address)
        self.page.wait_for_load_state("networkidle")
        return self

    @property
    def hits(self) -> list[str]:
        return self.page.evaluate("window.__hits")  # type: ignore[no-any-return]


@pytest.fixture
def visit(chromium: Any, live_server: Any, memory_cache: None) -> Iterator[Callable[..., Visit]]:
    contexts = []

    def new_visit(**options: Any) -> Visit:
        contexts.append(chromium.new_context(**{"viewport": DESK, **options}))
        return Visit(contexts[-1], live_server.url)

    yield new_visit
    for context in contexts:
        context.close()


@pytest.fixture
def evaluation(transactional_db: None) -> Evaluation:
    """An evaluation of the test's own: flushes between these tests empty the seeded ones."""
    evaluation = Evaluation.objects.create(slug="browser", name="Browser")
    Prompt.objects.create(evaluation=evaluation, system_text="x")
    return evaluation


def test_every_page_is_accessible_quiet_and_keeps_to_itself(visit, evaluation):
    """In the dark, on a phone; `make test-browser` takes every scheme and size."""
    closed = make_run(evaluation, states=["failed"])
    still_open = make_run(evaluation, open_for_voting=True)
    reader = visit(color_scheme="dark", viewport=PHONE, bypass_csp=True)  # axe is put in as a script
    for address in (
        "/", "/runs/", f"/runs/{closed.pk}/", f"/runs/{closed.pk}/context/", f"/runs/{still_open.pk}/ballot/",
        "/models/kimi/", "/standings/", "/about/", "/about/scores/",
    ):  # fmt: skip
        reader.open(address)
        violations = Axe().run(reader.page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in violations] == [], address
        assert reader.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    assert reader.wrong == []


def test_under_its_own_policy_no_page_complains(visit, evaluation):
    run = make_run(evaluation, open_for_voting=True)
    reader = visit()
    for address in ("/", f"/runs/{run.pk}/ballot/", "/about/", "/about/scores/"):
        reader.open(address)
    assert reader.wrong == []


def test_a_vote_needs_nothing_but_a_keyboard(visit, evaluation):
    run = make_run(evaluation, open_for_voting=True)
    reader = visit(viewport=PHONE).open(f"/runs/{run.pk}/")
    tab_to(reader.page, "Vote, then see who wrote what")
    reader.page.keyboard.press("Enter")
    reader.page.wait_for_url("**/ballot/")
    for _ in range(60):
        reader.page.keyboard.press("Tab")
        if reader.page.evaluate("document.activeElement.name === 'choice'"):
            break
    reader.page.keyboard.press("Space")
    tab_to(reader.page, "Vote", "button")
    reader.page.keyboard.press("Enter")
    reader.page.get_by_role("heading", name="Who wrote what").wait_for()
    assert Vote.objects.get().verdict == "choice"


def tab_to(page: Any, text: str, tag: str = "a") -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.evaluate("[document.activeElement.localName, document.activeElement.textContent.trim()]")
        if focused == [tag, text]:
            return
    pytest.fail(f"{text!r} cannot be reached with the Tab key.")


def test_moments_are_shown_in_the_readers_zone(visit, evaluation):
    run = make_run(evaluation)
    page = visit(timezone_id="Asia/Tokyo", locale="en-GB").open(f"/runs/{run.pk}/").page
    moment = page.locator("time[datetime*=T]").first
    assert moment.get_attribute("title") == run.published_at.strftime("%-d %B %Y, %H:%M UTC")
    assert moment.inner_text().endswith("GMT+9")


# Under attack. What the model wrote reaches the page unsanitised only where a test says so.


def attacked_run(evaluation: Evaluation, texts: list[str], *, sanitised: bool = True) -> Run:
    run = make_run(evaluation, models=[f"m{number}" for number in range(len(texts))], texts=texts)
    if not sanitised:
        for report in Report.objects.filter(entry__run=run):
            Report.objects.filter(pk=report.pk).update(html=report.text)
    return run


def attacks() -> list[str]:
    return [
        case["payload"].replace("{{C}}", "http://canary.invalid").replace("{{ID}}", case["id"])
        for case in payloads()
        if case["vector"] == "report_markdown" and len(case["payload"]) < 20_000
    ]


def test_no_payload_runs_loads_or_hides_anything_even_without_the_policy(visit, evaluation):
    texts = attacks()
    reader = visit(bypass_csp=True)
    for start in range(0, len(texts), BATCH):
        batch = texts[start : start + BATCH]
        reader.open(f"/runs/{attacked_run(evaluation, batch).pk}/")
        for link in reader.page.locator(".report a").all():
            link.hover(timeout=5_000)
            link.focus()
        assert reader.hits == []
        assert reader.page.locator("article.column > header").count() == len(batch)
        assert reader.page.locator("footer.colophon").is_visible()
    assert reader.wrong == []


SCRIPT = "<img src=x onerror=\"__xss('img')\"><svg onload=\"__xss('svg')\"></svg>"


def test_the_policy_alone_stops_what_the_sanitiser_would_have(visit, evaluation):
    run = attacked_run(evaluation, [SCRIPT], sanitised=False)
    reader = visit().open(f"/runs/{run.pk}/")
    assert reader.hits == []
    assert any("Content Security Policy" in line for line in reader.wrong)


def test_the_control_with_neither_the_payload_runs(visit, evaluation):
    run = attacked_run(evaluation, [SCRIPT], sanitised=False)
    assert sorted(visit(bypass_csp=True).open(f"/runs/{run.pk}/").hits) == ["img", "svg"]
