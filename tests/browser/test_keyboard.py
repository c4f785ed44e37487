"""With nothing but a keyboard: every control of every page is reached, seen to be reached, left again, and works."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from evaluations.models import Run
from evaluations.views import archive
from tests.browser.test_looks import DESK, PHONE, Reader, site  # noqa: F401 - a fixture
from tests.factories import make_run

pytestmark = pytest.mark.django_db(transaction=True)

# What a browser lets Tab come to, as far as it is there to be seen; of a group of choices one, arrows do the rest.
CONTROLS = """() => [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
  .filter(one => !one.disabled && one.checkVisibility({visibilityProperty: true}))
  .map((one, number) => (one.dataset.number ??= String(number), one))
  .filter(one => one.type !== 'radio' || one === one.form.querySelector(`input[name="${one.name}"]`))
  .map(one => one.dataset.number)"""
FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body || one === document.documentElement) return null;
  const style = getComputedStyle(one), box = one.getBoundingClientRect();
  const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  const there = box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0
    && box.top < innerHeight && box.left < innerWidth;
  const mark = one.type === 'radio' ? one.form.querySelector(`input[name="${one.name}"]`) : one;
  return {number: mark.dataset.number ?? one.outerHTML.slice(0, 90), ring, there, html: one.outerHTML.slice(0, 120)};
}"""


def walk(page: Any) -> list[dict[str, Any]]:
    """What Tab comes to, one after the other, until it leaves the page or is back at the start."""
    page.evaluate("document.querySelector('.skip')?.focus()")
    stops: list[dict[str, Any]] = [page.evaluate(FOCUSED)] if page.locator(".skip").count() else []
    for _ in range(2_000):
        page.keyboard.press("Tab")
        page.wait_for_timeout(1)
        stop = page.evaluate(FOCUSED)
        if stop is None or (stops and stop["number"] == stops[0]["number"]):
            return stops
        stops.append(stop)
    raise AssertionError("Tab never leaves this page")


def open_all(page: Any) -> None:
    """Open everything that opens, with Enter."""
    for summary in page.locator("summary").all():
        if summary.is_visible() and not summary.evaluate("one => one.parentElement.open"):
            summary.focus()
            page.keyboard.press("Enter")
            assert summary.evaluate("one => one.parentElement.open")
    page.keyboard.press("Escape")


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_every_control_is_reached_seen_and_left_again(chromium, live_server, site, viewport):  # noqa: F811
    reader = Reader(chromium, live_server.url, bypass_csp=False, viewport=viewport, reduced_motion="reduce")
    faults, count = [], 0
    for name, address in site.items():
        page = reader.open(name, address)
        page.keyboard.press("Tab")
        if "skip" not in page.evaluate(FOCUSED)["html"]:
            faults.append((name, "the first stop is not the way to the content", ""))
        open_all(page)
        wanted = set(page.evaluate(CONTROLS))
        stops = walk(page)
        count += len(stops)
        faults += [(name, "no ring", stop["html"]) for stop in stops if not stop["ring"]]
        faults += [(name, "out of sight", stop["html"]) for stop in stops if not stop["there"]]
        for number in wanted - {stop["number"] for stop in stops}:
            faults.append((name, "not reached", page.locator(f'[data-number="{number}"]').evaluate("e => e.outerHTML")))
    print(f"\n{count} stops on {len(site)} pages: {len(faults)} faults")
    assert faults == []


def test_the_walk_would_notice_what_cannot_be_reached_or_seen(chromium):
    page = chromium.new_context().new_page()
    page.set_content(
        "<style>a:focus { outline: 2px solid } #b:focus { outline: none }</style>"
        '<a id="a" href="#">a</a><button id="b">b</button>'
        '<button id="c" tabindex="-1">c</button><a id="d" href="#" style="position: fixed; left: -99px">d</a>'
    )
    wanted, stops = set(page.evaluate(CONTROLS)), walk(page)
    assert wanted - {stop["number"] for stop in stops} == {"2"}
    assert [(stop["ring"], stop["there"]) for stop in stops] == [(True, True), (False, True), (True, False)]


def reach(page: Any, selector: str) -> None:
    """Press Tab until this has the focus."""
    for _ in range(300):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"Tab does not come to {selector}")


def open_page(chromium: Any, live_server: Any, address: str, viewport: dict[str, int] = DESK) -> Any:
    return Reader(chromium, live_server.url, bypass_csp=False, viewport=viewport).open("", address)


def test_the_first_stop_leads_past_the_menu(chromium, live_server, site):  # noqa: F811
    page = open_page(chromium, live_server, site["closed"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_tabs_of_the_reports_appear_for_the_keyboard_and_lead_to_them(chromium, live_server, site):  # noqa: F811
    page = open_page(chromium, live_server, site["closed"])
    tabs = page.locator(".jump")
    assert tabs.bounding_box()["height"] <= 1
    reach(page, '.jump a[href="#report-qwen"]')
    assert tabs.bounding_box()["height"] > 20
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('article').id") == "report-qwen"


def test_evidence_is_entered_with_enter_and_left_with_escape_or_tab(chromium, live_server, site):  # noqa: F811
    page = open_page(chromium, live_server, site["closed"])
    reach(page, ".report sup a")
    number = page.evaluate("document.activeElement.id")
    for leaving in ("Escape", "Enter", "Tab"):
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "passage"
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.matches('#passage a[href^=http]')")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.matches('#passage button')")
        page.keyboard.press(leaving)
        assert page.evaluate("document.activeElement.id") == number
        assert not page.locator("#passage").is_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.id") == number


def test_models_and_a_baseline_are_chosen_and_stand_in_the_address(chromium, live_server, site):  # noqa: F811
    page = open_page(chromium, live_server, site["closed"])
    reach(page, 'input[value="kimi"]')
    page.keyboard.press("Space")
    reach(page, 'input[value="qwen"]')
    page.keyboard.press("Space")
    reach(page, 'select[name="baseline"]')
    page.keyboard.type("Kimi")
    reach(page, 'input[name="marks"]')
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**baseline=kimi**")
    assert "models=kimi&models=qwen" in page.url
    assert "marks=off" in page.url
    assert "differences from Kimi" in page.inner_text("main")
    assert page.locator("article.column").count() == 2


def test_the_archive_is_searched_and_leafed_through(chromium, live_server, site, monkeypatch):  # noqa: F811
    monkeypatch.setattr(archive, "RUNS_A_PAGE", 2)
    page = open_page(chromium, live_server, "/runs/")
    reach(page, 'a[rel="next"]')
    page.keyboard.press("Enter")
    page.wait_for_url("**page=2**")
    reach(page, "#q")
    page.keyboard.type("rovers")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=rovers**")
    assert page.locator(".runs li").count() == 2


def test_a_run_of_many_models_is_leafed_through_and_nothing_in_it_scrolls_but_the_page(chromium, live_server, site):  # noqa: F811
    published = timezone.now() - timedelta(days=30)
    run = make_run(models=[f"m{number}" for number in range(14)], published_at=published)
    page = open_page(chromium, live_server, f"/runs/{run.pk}/")
    boxes = """[...document.querySelectorAll('main, main *')].filter(one =>
        one.scrollHeight > one.clientHeight + 1 && ['auto', 'scroll'].includes(getComputedStyle(one).overflowY))"""
    assert page.evaluate(f"{boxes}.map(one => one.outerHTML.slice(0, 80))") == []
    reach(page, 'a[rel="next"]')
    page.keyboard.press("Enter")
    page.wait_for_url("**page=2**")
    assert page.locator("article.column").count() == 2


@pytest.mark.parametrize("key", ["ArrowDown", "Space"])
def test_a_vote_is_cast(chromium, live_server, site, key):  # noqa: F811
    page = open_page(chromium, live_server, site["ballot"])
    reach(page, 'input[name="choice"]')
    page.keyboard.press(key)
    chosen = page.evaluate("document.querySelector('input[name=choice]:checked').value")
    reach(page, "form.ballot button")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Who wrote what")
    assert f"You chose report {chosen}" in page.inner_text("main")
    assert Run.objects.get(pk=int(site["ballot"].split("/")[2])).votes.count() == 1
    assert page.evaluate("document.activeElement === document.body")
    assert {stop["there"] for stop in walk(page)} == {True}


def test_on_a_phone_the_tab_of_the_report_in_view_is_marked(chromium, live_server, site):  # noqa: F811
    page = open_page(chromium, live_server, site["closed"], PHONE)
    current = page.locator(".jump a[aria-current]")
    assert current.inner_text() == "Claude"
    page.locator('.jump a[href="#report-qwen"]').click()
    page.wait_for_function("() => document.querySelector('.jump a[aria-current]').hash === '#report-qwen'")
    page.locator("#report-claude").evaluate("one => one.scrollIntoView({behavior: 'instant'})")
    page.wait_for_function("() => document.querySelector('.jump a[aria-current]').hash === '#report-claude'")
    assert current.count() == 1
