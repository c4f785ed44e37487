"""What a report, a source or a provider may not do to the words beside it: turn them around, cover or hide them."""

from typing import Any

import pytest

from evaluations.models import Report, Run
from tests import factories
from tests.browser.conftest import SCREENSHOTS
from tests.factories import make_run, score_run

pytestmark = pytest.mark.django_db(transaction=True)

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1400, "height": 1000}
# A line's text is in written order where each character stands to the right of the one before it, or a line below.
OUT_OF_ORDER = """elements => elements.filter(element => {
  let before = null;
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) for (let place = 0; place < walker.currentNode.length; place++) {
    const range = document.createRange();
    range.setStart(walker.currentNode, place);
    range.setEnd(walker.currentNode, place + 1);
    const box = range.getBoundingClientRect();
    if (!box.width) continue;
    if (before && box.left < before.right - 1 && box.top < before.bottom - 2) return true;
    before = box;
  }
  return false;
}).map(element => element.textContent)"""
BIDI = {
    "override in a link": "Read [\u202eroper](https://moc.knab.live/x) and [\u202bmore](https://good.example/) today.",
    "isolate in a link": "Read [\u2067roper](https://moc.knab.live/x) and [\u2067more](https://good.example/) today.",
    "title": 'Read [roper](https://moc.knab.live/x "\u202etitle") and [more](https://good.example/ "\u2067x") today.',
    "before a link": "\u2067Read [roper](https://moc.knab.live/x) [more](https://good.example/) today.",
    "letters": "\u05d0\u05d1 [roper](https://moc.knab.live/x) [more](https://good.example/) \u05d0\u05d1.",
}


def opened(browser: Any, address: str, viewport: dict[str, int] = DESK) -> Any:
    page = browser.new_context(viewport=viewport, bypass_csp=True).new_page()
    page.goto(address)
    page.wait_for_load_state("networkidle")
    return page


def run_with(texts: list[str]) -> Run:
    return score_run(make_run(models=[f"m{number}" for number in range(len(texts))], texts=texts))


def test_hosts_stand_behind_their_links_and_in_their_order_whatever_stands_around_them(chromium, live_server):
    run = run_with(list(BIDI.values()))
    page = opened(chromium, f"{live_server.url}/runs/{run.pk}/")
    hosts = page.locator(".report small bdi")
    assert hosts.count() == 2 * len(BIDI)
    assert hosts.evaluate_all(OUT_OF_ORDER) == []
    behind = page.locator(".report small").evaluate_all(
        """notes => notes.map(note => {
          const before = one => one.compareDocumentPosition(note) & Node.DOCUMENT_POSITION_FOLLOWING;
          const links = [...note.parentNode.querySelectorAll('a')].filter(before);
          const link = [...links.at(-1).getClientRects()].at(-1), box = note.getClientRects()[0];
          return box.left >= link.right - 1 || box.top > link.top + link.height / 2;
        })"""
    )
    assert behind == [True] * 2 * len(BIDI)
    page.screenshot(path=SCREENSHOTS / "bidi.png")
    # Overrides are not even written into the page; were they, the style alone would hold them, and without it nothing.
    page.locator(".report a").evaluate_all("links => links.forEach(link => { link.textContent = '\u202eroper' })")
    assert hosts.evaluate_all(OUT_OF_ORDER) == []
    page.add_style_tag(content="* { unicode-bidi: normal !important }")
    assert "moc.knab.live" in page.locator(".report small bdi").evaluate_all(OUT_OF_ORDER)
    page.context.close()


def test_titles_of_sources_and_names_of_models_end_where_they_end(chromium, live_server, monkeypatch):
    turned = [("\u202eeltit", *rest) for _, *rest in factories.ARTICLES]
    monkeypatch.setattr(factories, "ARTICLES", turned)
    run = make_run(models=["m0"], texts=["Harbour Rovers signed the striker Ada Lund from Northgate in 1999."])
    Report.objects.filter(entry__run=run).update(served_model="\u202eledom", served_provider="Somewhere")
    page = opened(chromium, f"{live_server.url}/runs/{score_run(run).pk}/")
    page.locator(".evidence summary").click()
    assert "eltit" in page.locator(".evidence ol a").first.inner_text()
    ours = page.locator(".evidence ul small, .evidence b, .evidence mark")
    assert ours.count() > 2
    assert ours.evaluate_all(OUT_OF_ORDER) == []
    lefts = """names => names.map(name => { const all = document.createRange(); all.selectNodeContents(name.parentNode);
      return name.getBoundingClientRect().left - all.getBoundingClientRect().left })"""
    assert page.locator(".served bdi").evaluate_all(lefts) == [0]
    page.add_style_tag(content="* { unicode-bidi: normal !important }")
    assert page.locator(".served bdi").evaluate_all(lefts) != [0]
    page.context.close()


CELLS = "| Rovers " * 60 + "|\n"
LAYOUTS = {
    "long words": "x" * 500 + " `" + "y" * 500 + "` [" + "z" * 300 + "](https://" + "a." * 100 + "example/)",
    "code": "```" + "i" * 200 + "\n" + "x" * 500 + "\n```\n\n    " + "y" * 500,
    "columns": CELLS + "|-" * 60 + "|\n" + CELLS,
    "lists": "".join("  " * depth + f"- level {depth}\n" for depth in range(90)),
    "numbered lists": "".join("      " * depth + f"2026. level {depth}\n" for depth in range(40)),
    "quotations": "> " * 100 + "deep " * 20,
    "mixed": "".join(">" * (depth % 2) + " 1. - " * depth + "level\n\n" for depth in range(20)),
    "marks over others": "# Z" + "\u0300\u0301\u0335\u0489" * 100 + "\n\nA" + "\u0316\u0317" * 100 + " end",
    "numbers": "".join(f"{number}. Rovers\n" for number in (1, 3, 41, 380, 2026)) + "\n\nA\n\n1987. Cup",
    "results": "| Club | Played | Won | Lost | Points |\n|-|-:|-:|-:|-:|\n"
    "| Wolverhampton Wanderers | 20 | 12 | 5 | 41 |",
}
# Words that cannot be reached: left or right of a report, or of what can be scrolled in it.
UNREACHABLE = """reports => reports.flatMap(report => {
  const frame = report.getBoundingClientRect(), found = [];
  const walker = document.createTreeWalker(report, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    if (!walker.currentNode.data.trim()) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    const box = range.getBoundingClientRect();
    if (box.left < frame.left - 1 || box.right > frame.left + report.scrollWidth + 1)
      found.push(walker.currentNode.data.slice(0, 40));
  }
  return found;
})"""


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_nothing_reaches_out_of_its_report_and_nothing_is_out_of_reach(chromium, live_server, viewport):
    run = run_with(list(LAYOUTS.values()))
    page = opened(chromium, f"{live_server.url}/runs/{run.pk}/", viewport)
    reports = page.locator(".report")
    assert reports.evaluate_all(UNREACHABLE) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    hides = """reports => reports.map(
      report => [report.scrollWidth - report.clientWidth, getComputedStyle(report).overflowX])"""
    wide = {name: shown for name, shown in zip(LAYOUTS, reports.evaluate_all(hides), strict=True) if shown[0] > 1}
    assert set(wide) == {"columns", "marks over others"}
    assert {scrolls for _, scrolls in wide.values()} == {"auto"}
    high = "reports => reports.map(report => [report.clientHeight, getComputedStyle(report).overflowY])"
    heights = dict(zip(LAYOUTS, reports.evaluate_all(high), strict=True))
    assert {hidden for _, hidden in heights.values()} == {"hidden"}
    assert heights["quotations"][0] < 1_000  # deep text keeps a width to stand in
    page.screenshot(path=SCREENSHOTS / f"bounds-{viewport['width']}.png", full_page=True)
    page.context.close()


def test_the_numbers_of_a_list_stand_within_its_column(chromium, live_server):
    run = make_run(models=["m0", "m1"], texts=[LAYOUTS["numbers"], LAYOUTS["results"]])
    page = opened(chromium, f"{live_server.url}/runs/{run.pk}/", PHONE)
    room = """lists => lists.map(list => { const draw = document.createElement('canvas').getContext('2d');
      const style = getComputedStyle(list);
      draw.font = `${style.fontSize} ${style.fontFamily}`;
      return parseFloat(style.paddingLeft) - draw.measureText('2026. ').width })"""
    assert min(page.locator(".report ol").evaluate_all(room)) > 0
    lines = """cells => cells.map(cell => { const all = document.createRange(); all.selectNodeContents(cell);
      return all.getClientRects().length })"""
    assert page.locator(".report td.right").evaluate_all(lines) == [1] * 4
    page.context.close()
