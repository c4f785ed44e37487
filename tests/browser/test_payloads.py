"""Every payload of xss_payloads.json, through the real pipeline, on the pages that show its field, in three modes.

(a) the sanitiser without the policy, (b) the policy without the sanitiser, (c) neither: the control, in which a
payload has to fire to count.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from markdown_it import MarkdownIt

from evaluations.models import Run
from evaluations.presentation import building, markdown
from tests.browser.conftest import PROBE, Canary, make_sandbox, run_saying, run_to_the_end, services_that
from tests.pages.test_rendering import payloads

pytestmark = pytest.mark.django_db(transaction=True)

BATCH = 12
# What a script does that reads the HTML of a report and writes it back, in a browser that leaves < and > in the
# values of attributes as they are (before 2025), and within a form's list: markup that is harmless when it is read
# once may turn into other markup.
WRITE_AGAIN = """() => { for (const report of document.querySelectorAll('.report')) {
  const place = document.createElement('div');
  document.body.append(place);
  for (const around of ['', '<select>', '<form>', '<svg>', '<table>']) {
    place.innerHTML = around + report.innerHTML;
    for (let time = 0; time < 2; time++)
      place.innerHTML = place.innerHTML.replace(
        /<[^>]+>/g, tag => tag.replaceAll('&lt;', '<').replaceAll('&gt;', '>'));
  }
  place.remove();
} }"""
FIRES = ("js", "request", "nav")
HARMLESS = "A harmless report beside it."
# A picture without a description: nothing of it is words, and pictures are not loaded.
NO_WORDS = re.compile(r"!\[\]\(\S+\)")
# A policy cannot forbid <meta http-equiv=refresh>: only the sanitiser stops it.
BEYOND_A_POLICY = {"X137"}
# What cannot fire in this browser, whatever the site does.
DEAD = {
    "X020": "there is no blob under that address, and Chromium opens none of another origin",
    "X022": "Chromium follows no link to view-source",
}


def markdown_payloads(canary: Canary) -> list[dict[str, Any]]:
    """The payloads of reports, with the canary's address in them."""
    return [
        case | {"text": filled(case["payload"], case["id"], canary)}
        for case in payloads()
        if case["vector"] == "report_markdown"
    ]


def filled(payload: str, name: str, canary: Canary) -> str:
    host = canary.url.removeprefix("http://")
    return payload.replace("{{C}}", canary.url).replace("{{C_HOST}}", host).replace("{{ID}}", name)


def control_html(markdown: str, *_: Any) -> str:
    """What a careless site would show: CommonMark with HTML, every link, nothing cleaned."""
    parser = MarkdownIt("commonmark", {"html": True})
    parser.validateLink = lambda _url: True  # type: ignore[method-assign]
    return str(parser.render(markdown))


def written_through(markdown: str, *_: Any) -> str:
    """What an even more careless one would: HTML as it came, addresses as they came."""
    if markdown.startswith("<"):
        return markdown
    parser = MarkdownIt("commonmark", {"html": True})
    parser.validateLink = lambda _url: True  # type: ignore[method-assign]
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    return str(parser.render(markdown))


@pytest.fixture
def careless(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """The pipeline without the sanitiser. All in this process: another one would render with it."""
    settings.PROCESSORS = 1
    monkeypatch.setattr(markdown, "to_html", control_html)
    monkeypatch.setattr(building, "to_html", control_html)


def runs_of(cases: list[dict[str, Any]], **fields: Any) -> Iterator[tuple[Run, dict[str, dict[str, Any]]]]:
    """Runs that hold the cases in portions, each beside a harmless report; the cases by model."""
    for start in range(0, len(cases), BATCH - 1):
        portion = cases[start : start + BATCH - 1]
        run = run_saying([*(case["text"] for case in portion), HARMLESS], **fields)
        yield run, {f"m{number}": case for number, case in enumerate(portion)}
        cache.clear()  # local memory, this test's own


class Look:
    """One page, looked at the way the procedure says, and what came of it."""

    def __init__(self, browser: Any, site: str, canary: Canary, *, policy: bool) -> None:
        self.context = browser.new_context(bypass_csp=not policy)
        self.context.set_default_timeout(4_000)
        self.site, self.canary, self.title = site, canary, ""
        self.context.route(lambda url: not url.startswith((site, canary.url)), lambda route: route.abort())

    def at(self, address: str, *, click: bool, pings: bool = False) -> "Seen":
        """Load, wait, hover and focus everything, write the reports again, click every link in them."""
        self.canary.called.clear()
        page = self.context.new_page()
        dialogs: list[str] = []
        said: list[str] = []
        page.add_init_script(PROBE)
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        page.on("console", lambda message: said.append(message.text))
        page.goto(self.site + address)
        page.wait_for_load_state("networkidle")
        moved = page.url.partition("#")[0] != (self.site + address)
        landmarks = not moved and all(
            page.locator(place).first.is_visible() for place in ("header.masthead", "footer.colophon", "main h1")
        )
        texts = [] if moved else page.locator(".report").all_inner_texts()
        loaded = list(self.canary.called)
        hits = set() if moved else self.handle(page, address, click=click)
        page.close()
        # A click on a link to the canary is the reader's own request, except where the control looks for pings.
        return Seen(hits, list(self.canary.called) if pings else loaded, moved, dialogs, said, landmarks, texts)

    def reveal(self, ballot: str) -> None:
        """Ask who wrote what, without voting: from here on the ballot's address says it."""
        page = self.context.new_page()
        page.goto(self.site + ballot)
        if page.locator("button[name=look]").count():
            page.locator("button[name=look]").click()
            page.wait_for_load_state("load")
        self.title = page.title()
        page.close()

    def handle(self, page: Any, address: str, *, click: bool) -> set[str]:
        hits = set(page.evaluate("window.__hits || []"))
        page.evaluate(
            """() => { for (const one of document.querySelectorAll('.report, .report *')) {
              for (const kind of ['pointerover', 'mouseover', 'mouseenter', 'mousemove'])
                one.dispatchEvent(new MouseEvent(kind, {bubbles: true}));
              if (one.focus) one.focus();
            } }"""
        )
        hits |= set(page.evaluate("window.__hits || []"))
        page.evaluate(WRITE_AGAIN)
        page.wait_for_timeout(60)
        hits |= set(page.evaluate("window.__hits || []"))
        links = page.locator(".report a:not(sup a)").count() if click else 0
        for number in range(links):
            page.evaluate("number => document.querySelectorAll('.report a:not(sup a)')[number].click()", number)
            page.wait_for_timeout(60)
            try:
                hits |= set(page.evaluate("window.__hits || []"))
            except Exception:  # noqa: BLE001 - the click led away from the page
                hits |= set()
            if page.url.partition("#")[0] != self.site + address:
                page.goto(self.site + address)
        return hits


class Seen:
    """What one look found."""

    def __init__(self, hits, loaded, moved, dialogs, said, landmarks, texts) -> None:
        self.hits, self.loaded, self.moved, self.dialogs = hits, loaded, moved, dialogs
        self.said, self.landmarks, self.texts = said, landmarks, texts

    @property
    def fired(self) -> bool:
        return bool(self.hits or self.loaded or self.moved or self.dialogs)


def test_sanitised_without_a_policy_nothing_fires_on_any_page(chromium, live_server, canary):
    look = Look(chromium, live_server.url, canary, policy=False)
    cases = [case for case in markdown_payloads(canary) if len(case["text"]) < 20_000]
    wrong, seen_pages = [], 0
    for run, by_model in runs_of(cases, voting_hours=0):
        last = f"m{len(by_model)}"
        pages = [f"/runs/{run.pk}/", *(f"/runs/{run.pk}/difference/?a={model}&b={last}" for model in by_model)]
        for address in pages:
            seen = look.at(address, click=address == pages[0])
            seen_pages += 1
            shown = zip(by_model.values(), seen.texts, strict=False)
            unread = [case["id"] for case, text in shown if not text.strip() and not NO_WORDS.fullmatch(case["text"])]
            if seen.fired or not seen.landmarks or unread:
                wrong.append((address, list(by_model.values()), seen.__dict__))
    print(f"\n(a) {len(cases)} payloads on {seen_pages} pages: {len(wrong)} wrong")
    assert wrong == []


def test_blind_pages_and_ballots_are_as_quiet(chromium, live_server, canary):
    look = Look(chromium, live_server.url, canary, policy=False)
    cases = [case for case in markdown_payloads(canary) if len(case["text"]) < 20_000]
    wrong = []
    for run, _ in runs_of(cases, voting_hours=72):
        ballot = f"/runs/{run.pk}/ballot/"
        for address in (f"/runs/{run.pk}/", ballot, ballot):
            seen = look.at(address, click=False)
            if seen.fired or not seen.landmarks:
                wrong.append((address, seen.__dict__))
            if address == ballot:
                look.reveal(ballot)
        assert "Who wrote what" in look.title
    print(f"\n(a) {len(cases)} payloads on blind pages, ballots and what they reveal: {len(wrong)} wrong")
    assert wrong == []


@pytest.mark.usefixtures("careless")
def test_the_policy_alone_stops_scripts_and_requests(chromium, live_server, canary):
    look = Look(chromium, live_server.url, canary, policy=True)
    cases = [case for case in markdown_payloads(canary) if case["control"] in FIRES]
    wrong = []
    for run, by_model in runs_of(cases, voting_hours=0):
        for model, case in by_model.items():
            seen = look.at(f"/runs/{run.pk}/?models={model}", click=case["click"], pings=case["control"] == "request")
            if seen.fired and case["id"] not in BEYOND_A_POLICY:
                wrong.append((case["id"], seen.__dict__))
    print(f"\n(b) {len(cases)} payloads under the policy alone: {len(wrong)} fired; beyond it: {BEYOND_A_POLICY}")
    assert wrong == []


@pytest.mark.usefixtures("careless")
def test_the_control_with_neither_the_payloads_fire(chromium, live_server, canary, monkeypatch):
    look = Look(chromium, live_server.url, canary, policy=False)
    cases = [case for case in markdown_payloads(canary) if case["control"] in FIRES]
    dead = dead_of(look, cases)
    monkeypatch.setattr(markdown, "to_html", written_through)
    monkeypatch.setattr(building, "to_html", written_through)
    still_dead = dead_of(look, dead)
    names = [case["id"] for case in still_dead]
    print(
        f"\n(c) {len(cases) - len(dead)} of {len(cases)} payloads fire in the control, {len(dead) - len(names)} more "
        f"where HTML is written through as it came; dead: {names}"
    )
    assert set(names) <= set(DEAD)


def dead_of(look: Look, cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The cases that do not fire in a run of theirs."""
    return [
        case
        for run, by_model in runs_of(cases, voting_hours=0)
        for model, case in by_model.items()
        if not look.at(f"/runs/{run.pk}/?models={model}", click=case["click"], pings=True).fired
    ]


# What is no report: titles, addresses and snippets of search results; what providers say about themselves

OF_SEARCH = {
    "search_title": "title",
    "search_url": "url",
    "search_snippet": "description",
    "search_language": "language",
}
OF_MODELS = ("provider_model_echo", "provider_finish_reason", "provider_reasoning")


def test_what_search_and_providers_say_is_text_on_every_page(chromium, live_server, canary):
    cases = [case | {"text": filled(case["payload"], case["id"], canary)} for case in payloads()]
    found = [case for case in cases if case["vector"] in OF_SEARCH]
    # Where the file has none, what any field may hold.
    said = {
        vector: " ".join(case["text"] for case in cases if case["vector"] == vector) or f"<b>{vector}</b>"
        for vector in OF_MODELS
    }
    other = [case["text"] for case in cases if case["vector"] in ("page_meta_description", "json_script", "feed_item")]

    def change(model: str, document: dict[str, Any]) -> None:
        if model:
            document["model"] = said["provider_model_echo"]
            document["choices"][0]["finish_reason"] = said["provider_finish_reason"]
            document["choices"][0]["message"]["reasoning"] = said["provider_reasoning"]
            document["choices"][0]["message"]["content"] += "\n\n" + "\n\n".join(other)
        elif "web" in document:
            for result, case in zip(document["web"]["results"], found, strict=False):
                result[OF_SEARCH[case["vector"]]] = case["text"]
                result["thumbnail"] = {"src": f"{canary.url}/thumbnail.jpg", "original": f"{canary.url}/original.jpg"}

    with services_that(change):
        run = run_to_the_end(make_sandbox(2, voting_hours=0))
    look = Look(chromium, live_server.url, canary, policy=False)
    addresses = [
        f"/runs/{run.pk}/", f"/runs/{run.pk}/context/", f"/runs/{run.pk}/difference/?a=m0&b=m1", "/models/",
        "/models/m0/", "/runs/?q=goal", "/feed/", f"/api/runs/{run.pk}/",
    ]  # fmt: skip
    address_of = f"?evaluation={run.evaluation.slug}"
    wrong = []
    for address in addresses:
        query = "" if address.startswith("/runs/") else address_of
        seen = look.at(address + query, click=False)
        if seen.fired:
            wrong.append((address, seen.__dict__))
    count = len(found) + len(said) + len(other)
    print(f"\n{count} payloads of other fields on {len(addresses)} pages: {len(wrong)} wrong")
    assert wrong == []
