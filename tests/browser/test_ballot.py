"""The ballot on a phone: every choice within one tap wherever the page is scrolled to, with and without JavaScript."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from evaluations.models import Evaluation, Prompt, Run
from tests.browser.conftest import SCREENSHOTS
from tests.factories import STORY, TEXT, make_run
from votes.models import Vote

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"width": 390, "height": 844}
LEAST_TARGET = 24  # CSS pixels, WCAG 2.2, 2.5.8


@pytest.fixture
def run() -> Run:
    evaluation = Evaluation.objects.create(slug="phone", name="Phone")
    Prompt.objects.create(evaluation=evaluation, system_text="x")
    return make_run(evaluation, open_for_voting=True, texts=[f"{TEXT}\n{STORY}\n\n{STORY}"])


def open_ballot(chromium: Any, live_server: Any, run: Run, **options: Any) -> Any:
    page = chromium.new_context(viewport=PHONE, has_touch=True, **options).new_page()
    page.goto(f"{live_server.url}/runs/{run.pk}/ballot/", wait_until="load")
    return page


def out_of_reach(page: Any) -> list[str]:
    """The choices that a thumb cannot hit now."""
    missed = []
    for label in page.locator(".bar label, .bar button").all():
        box = label.bounding_box()
        inside = (
            box["y"] >= 0 and box["y"] + box["height"] <= PHONE["height"] and box["x"] + box["width"] <= PHONE["width"]
        )
        if not inside or min(box["width"], box["height"]) < LEAST_TARGET:
            missed.append(f"{label.inner_text()} at {box}")
    return missed


@pytest.mark.parametrize("java_script", [True, False])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_choice_is_within_one_tap_wherever_one_has_read_to(chromium, live_server, run, scheme, java_script):
    page = open_ballot(
        chromium, live_server, run, color_scheme=scheme, java_script_enabled=java_script, bypass_csp=True
    )
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    height = page.locator("main").bounding_box()["height"]
    assert height > 2 * PHONE["height"], "the control: there is something to scroll"
    assert page.locator(".bar label").count() == 6
    for part in range(6):
        assert out_of_reach(page) == [], part
        page.screenshot(path=SCREENSHOTS / f"ballot-phone-{scheme}-{part}.png")
        page.mouse.wheel(0, height / 6)
        page.wait_for_timeout(100)
    if java_script:
        violations = Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in violations] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("java_script", [True, False])
def test_this_one_at_a_report_and_the_bar_are_one_choice(chromium, live_server, run, java_script):
    page = open_ballot(chromium, live_server, run, java_script_enabled=java_script)
    page.locator(".bar-1").tap()
    picks, lit = page.locator(".pick label"), "one => getComputedStyle(one).boxShadow !== 'none'"
    picks.nth(1).tap()
    assert [one.evaluate(lit) for one in page.locator(".bar label").all()] == [False, True] + [False] * 4
    assert [one.evaluate(lit) for one in picks.all()] == [False, True, False, False]
    wanted = page.locator(".bar input").nth(1).get_attribute("value")
    page.locator(".grounds input").first.tap()
    page.screenshot(path=SCREENSHOTS / "ballot-phone-picked.png")
    page.get_by_role("button", name="Vote").tap()
    page.get_by_role("heading", name="Who wrote what").wait_for()
    vote = Vote.objects.select_related("choice__entry").get()
    assert (vote.choice.entry.blind_label, vote.grounds) == (wanted, "accurate")


def test_the_control_nothing_chosen_is_not_sent(chromium, live_server, run):
    page = open_ballot(chromium, live_server, run)
    page.get_by_role("button", name="Vote").tap()
    page.wait_for_timeout(300)
    assert page.locator(".bar").is_visible()
    assert not Vote.objects.exists()
