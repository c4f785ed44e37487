"""People-shaped walks through the site as it is served: what each must have in view, and nothing that is wrong.

`make test-walks`. Each stop is photographed in light and dark (build/screenshots/walks) and checked by axe; the console
stays silent, nothing is asked of another site, and no page scrolls sideways.
"""

import http.server
import re
import threading
from itertools import combinations
from typing import Any

import pytest

# Where everything that is shown stands.
BOXES = """all => all.filter(one => one.checkVisibility()).map(one => {
  const box = one.getBoundingClientRect();
  return [box.left, box.top, box.right, box.bottom] })"""

BOTH = pytest.mark.parametrize("size", ["desk", "phone"])


def last_closed(walk: Any) -> str:
    """The address of the last decided run."""
    address = walk.page.locator(".story .acts a").get_attribute("href")
    return str(address)


@BOTH
def test_somebody_comes_for_the_first_time(walker, lived_in, size):
    walk = walker(lived_in, size)
    walk.open("/")
    assert walk.sees("h1")
    assert re.search("preferred|divided|closest", walk.page.inner_text("h1"))
    assert walk.sees(".what")
    assert walk.sees(".vote h2")
    assert walk.sees(walk.page.get_by_role("link", name="Read and vote"))
    if size == "desk":
        assert walk.sees(".story mark")
        assert "is in no source" in walk.page.inner_text(".story")
    assert walk.page.locator(".trend li").count() == 7
    walk.follow("How it works")
    assert walk.sees("h1")


@BOTH
def test_a_voter_votes_and_learns_who_wrote_what(walker, lived_in, size):
    walk = walker(lived_in, size)
    walk.open("/")
    walk.follow("Read and vote")
    assert walk.page.url.endswith("/ballot/")
    assert walk.page.locator("article.column").count() == 4
    walk.page.locator('input[name="choice"]').first.check()
    walk.page.locator("form.ballot button").first.click()
    walk.page.wait_for_selector("text=Who wrote what")
    walk.look()


@BOTH
def test_a_reader_compares_an_open_run_without_a_name(walker, lived_in, size):
    walk = walker(lived_in, size)
    walk.open("/")
    walk.follow("All side by side")
    assert walk.sees(walk.page.get_by_role("link", name=re.compile("^Vote")))
    assert not re.search("(?i)thorough|inventor|grounded", walk.page.inner_text("main"))


def test_a_closed_run_on_the_desk_begins_with_its_table(walker, lived_in):
    walk = walker(lived_in, "desk")
    walk.open("/")
    walk.follow("All reports with their scores and evidence")
    rows = walk.page.locator(".stats tbody tr")
    assert rows.count() == 8
    assert all(walk.sees(row) for row in rows.all())
    assert walk.sees('select[name="baseline"]')
    assert walk.sees(walk.page.get_by_role("button", name="Show what is ticked"))
    boxes = """[...document.querySelectorAll('main, main *')].filter(one => one.scrollHeight > one.clientHeight + 1
        && ['auto', 'scroll'].includes(getComputedStyle(one).overflowY)).length"""
    assert walk.page.evaluate(boxes) == 0


def test_its_table_is_sorted_with_and_without_scripts(walker, lived_in):
    orders = []
    for scripts in (True, False):
        walk = walker(lived_in, "desk", java_script_enabled=True)
        walk.open("/")
        address = last_closed(walk)
        if not scripts:
            walk.page.route("**/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
        walk.page.goto(lived_in + address)
        asked: list[str] = []
        walk.page.on("request", lambda request, asked=asked: asked.append(request.url))
        for _ in range(2):
            walk.page.locator(".stats thead a[data-key=cost_usd]").click()
            walk.page.wait_for_load_state("load")
        assert any("/runs/" in url for url in asked) is not scripts
        orders.append(walk.page.locator(".stats tbody th a").all_inner_texts())
        assert walk.page.locator(".stats th[aria-sort]").get_attribute("aria-sort") == "descending"
        assert "sort=-cost_usd" in walk.page.url
    assert orders[0] == orders[1]


def test_with_a_baseline_the_rows_of_scores_still_align(walker, lived_in):
    walk = walker(lived_in, "desk")
    walk.open("/")
    address = last_closed(walk)
    walk.page.goto(lived_in + address)
    walk.page.locator('select[name="baseline"]').select_option(index=1)
    walk.follow("Show what is ticked")
    tops = walk.page.locator(".flow .scores dd").evaluate_all(
        "all => all.map(one => Math.round(one.getBoundingClientRect().top))"
    )
    assert len(set(tops)) <= 2 * 2, "two rows of columns, each with two rows of scores"
    assert "differences from" in walk.page.inner_text("main")


def test_a_closed_run_on_a_phone_shows_the_first_sentence_of_a_report(walker, lived_in):
    walk = walker(lived_in, "phone")
    walk.open("/")
    walk.open(last_closed(walk))
    assert walk.sees("h1")
    first = walk.page.locator(".report").first.locator(":is(h3, p, li)").first
    assert walk.sees(first)
    assert walk.sees(walk.page.locator(".overview summary"))
    walk.page.locator(".overview summary").click()
    walk.look()
    assert walk.page.locator(".stats tbody tr").count() == 8


@BOTH
def test_a_reader_comes_back_and_searches(walker, lived_in, size):
    walk = walker(lived_in, size)
    walk.open("/runs/")
    assert walk.sees(walk.page.locator(".runs h2 a").first)
    walk.page.locator("#q").fill("contract")
    walk.page.locator("search button").click()
    walk.page.wait_for_load_state("load")
    walk.look()
    assert "contract" in walk.page.locator("mark.found").first.inner_text().lower()
    walk.page.locator(".runs h2 a").first.click()
    walk.page.wait_for_load_state("load")
    walk.look()


@BOTH
def test_an_editor_sends_a_link_to_a_replay(walker, lived_in, size):
    walk = walker(lived_in, size)
    walk.open("/")
    links = walk.page.locator(".trend .found a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    for link in links:
        walk.page.goto(lived_in + link)
        if walk.page.locator('a[href*="/replays/"]').count():
            break
    walk.page.locator('a[href*="/replays/"]').first.click()
    walk.page.wait_for_load_state("load")
    walk.look()
    assert walk.sees("h1")
    assert walk.page.locator("ins").count() > 0
    assert re.search(r"[+−±]\d", walk.page.locator(".compared-runs td small").first.inner_text())
    walk.page.locator(".kicker a").nth(1).click()
    walk.page.wait_for_load_state("load")
    assert "replay" in walk.page.inner_text("main").lower()


@BOTH
def test_somebody_chooses_a_model(walker, lived_in, size):
    walk = walker(lived_in, size)
    walk.open("/models/")
    assert walk.sees("h1")
    assert "kept closest" in walk.page.inner_text("h1")
    assert re.search("tell it apart|stands apart", walk.page.locator(".lead").first.inner_text())
    assert walk.sees(".lead")
    cells = walk.page.locator(".stats td").evaluate_all(
        "all => all.every(one => one.getBoundingClientRect().right <= innerWidth + 1)"
    )
    assert cells
    names = walk.page.locator(".chart .name").evaluate_all(BOXES)
    assert len(names) == 8
    assert [pair for pair in combinations(names, 2) if meet(*pair)] == []
    walk.page.locator(".stats tbody th a").first.click()
    walk.page.wait_for_load_state("load")
    walk.look()
    assert walk.sees("h1")


def meet(one: list[float], other: list[float]) -> bool:
    """Whether two boxes have more than an edge in common."""
    return one[0] < other[2] and other[0] < one[2] and one[1] + 3 < other[3] and other[1] + 3 < one[3]


def test_a_journalist_embeds_a_table_and_a_chart(walker, lived_in):
    walk = walker(lived_in, "desk")
    walk.open("/")
    walk.open(last_closed(walk))
    walk.page.locator(".share summary").click()
    code = walk.page.locator(".share code").first.inner_text()
    path = re.sub(r"https?://[^/]+", "", re.findall(r'src="([^"]+)"', code)[0])
    frames = "".join(
        f'<iframe src="{lived_in}{one}" title="x" width="320" height="480"></iframe>'
        for one in (path, "/models/embed/")
    )
    with foreign_page(f"<!doctype html><title>Elsewhere</title><h1>Elsewhere</h1>{frames}") as address:
        page = walk.context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(address, wait_until="load")
        for frame in page.frames[1:]:
            assert "Machine-written" in frame.locator("footer").inner_text()
            assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth")
            assert frame.locator("script").count() == 0
        page.screenshot(path=f"{pictures()}/a_journalist-frames.png")
        assert [line for line in complaints if "favicon" not in line and "404" not in line] == []


class foreign_page:  # noqa: N801 - a context manager
    """A page of another site, on another port of this machine."""

    def __init__(self, body: str) -> None:
        content = body.encode()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def __enter__(self) -> str:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_port}/"

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


def pictures() -> str:
    """Where the pictures lie."""
    from tests.walks.conftest import SCREENSHOTS

    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    return str(SCREENSHOTS)


@BOTH
def test_a_sceptic_asks_for_the_evidence(walker, lived_in, size):
    walk = walker(lived_in, size)
    walk.open("/")
    run = last_closed(walk)
    for address in (
        f"{run}context/",
        f"{run}prompt/",
        f"{run}difference/?a=thorough&b=brief",
        "/about/scores/",
        "/corrections/",
    ):
        walk.open(address)
        assert walk.sees("h1")
        assert "The Walkers" in walk.page.inner_text("footer")
    assert "correction" in walk.page.inner_text("main").lower()


@BOTH
def test_an_engineer_takes_the_data_away(walker, lived_in, size):
    walk = walker(lived_in, size)
    walk.open("/")
    run = last_closed(walk)
    walk.open("/standings/")
    for address, kind in (
        ("/api/runs/", "json"), (f"{run}reports.csv", "csv"), (f"{run}reports.json", "json"),
        ("/models/chart.svg", "svg"),
        ("/models/chart.png", "png"), ("/models/findings.csv", "csv"), ("/api/standings/", "json"),
        (f"{run}card.png", "png"), ("/feed/", "xml"), ("/corrections/feed/", "xml"),
    ):  # fmt: skip
        answer = walk.context.request.get(lived_in + address)
        assert answer.ok, address
        assert kind in answer.headers["content-type"], address


@BOTH
def test_an_operator_starts_for_the_first_time(walker, brand_new, size):
    walk = walker(brand_new, size)
    walk.open("/")
    assert walk.sees(walk.page.get_by_text("run_evaluation --sandbox"))
    for address in ("/runs/", "/standings/", "/models/", "/about/", "/corrections/"):
        walk.open(address)
        assert walk.sees("h1")


@BOTH
def test_somebody_follows_a_dead_link(walker, lived_in, size):
    walk = walker(lived_in, size)
    walk.open("/runs/9999/", 404)
    assert walk.page.inner_text("h1") == "Run 9999 has no such page"
    walk.expected_status = 200
    walk.follow("The latest run")
    assert walk.sees("h1")
