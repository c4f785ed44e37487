"""What is no report: names, titles, addresses, queries, notes, errors. Each field with an attack of its own, through
the real pipeline, looked at on every page of the site and of the admin, in the three modes of test_payloads.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.forms.renderers import get_default_renderer
from django.template import engines
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from evaluations.models import Evaluation, ModelConfig, Prompt, Report, Run
from evaluations.presentation import cache
from evaluations.sources import brave_results
from evaluations.views import runs as run_pages
from tests.browser.conftest import Canary, make_sandbox, run_to_the_end, services_that
from tests.browser.test_payloads import Look, filled
from tests.elections import make_standings
from tests.pages.test_rendering import payloads

admin.autodiscover()  # else there is no page of the admin before one is asked for
pytestmark = pytest.mark.django_db(transaction=True)

# The fields that pages show, each by the name under which its attack calls out.
SHOWN = (
    "evaluation.name", "evaluation.description", "model.name", "prompt.text", "provider.model", "provider.name",
    "query.text", "report.error", "report.note", "run.failure", "run.site", "source.date", "source.publisher",
    "source.title", "source.url", "standing.name",
)  # fmt: skip
# No page shows these as they came: reports are rendered (test_payloads), snippets quoted where a report uses them.
NOT_SHOWN = (
    "source.snippet", "source.language", "source.thumbnail", "provider.reasoning", "provider.finish", "report.text",
)  # fmt: skip
IN_THE_FILE = {
    "search_title": "source.title", "search_url": "source.url", "search_snippet": "source.snippet",
    "search_thumbnail": "source.thumbnail", "search_language": "source.language",
    "provider_model_echo": "provider.model", "provider_finish_reason": "provider.finish",
    "provider_reasoning": "provider.reasoning", "prompt_text": "prompt.text", "page_meta_description": "report.text",
    "json_script": "report.text", "feed_item": "report.text", "csv_export": "report.text", "api_json": "report.text",
}  # fmt: skip


def attack(field: str) -> str:
    """Leaves attributes, text areas and titles, and calls out under the name of its field."""
    if field == "source.url":
        return f"javascript:__xss('{field}')//https://e.example/"
    if field == "source.date":  # has room for 40 characters
        return f"<svg onload=__xss('{field}')>"
    return f"{field} \"'></title></textarea><img src=x onerror=\"__xss('{field}')\">"


def attacks(canary: Canary) -> dict[str, list[str]]:
    """What each field says: the attack that is its own, then the payloads that the file has for it."""
    found = {field: [attack(field)] for field in SHOWN + NOT_SHOWN}
    for case in payloads():
        if case["vector"] != "report_markdown":  # test_payloads; a vector that nobody knows fails here
            found[IN_THE_FILE[case["vector"]]].append(filled(case["payload"], case["id"], canary))
    return found


def make_site(canary: Canary) -> tuple[Evaluation, list[Run]]:
    """An evaluation all of whose fields are attacks, with a closed and an open run made by the pipeline."""

    texts = attacks(canary)

    def say(field: str, number: int = 0) -> str:
        return texts[field][number % len(texts[field])]

    def change(model: str, document: dict[str, Any]) -> None:
        if model:
            number = int(model.rpartition("-")[2])
            document["model"], document["provider"] = say("provider.model", number), say("provider.name", number)
            choice = document["choices"][0]
            choice["finish_reason"] = say("provider.finish", number)
            choice["message"]["reasoning"] = say("provider.reasoning", number)
            choice["message"]["content"] += "".join(f"\n\n{text}" for text in texts["report.text"])
        for number, result in enumerate(document.get("web", {}).get("results", [])):
            result |= {"title": say("source.title", number), "description": say("source.snippet", number)}
            result |= {"language": say("source.language", number), "page_age": say("source.date", number)}
            result["profile"] = {"name": say("source.publisher", number)}
            result["url"] = (*texts["source.url"], result["url"])[number % (len(texts["source.url"]) + 1)]
            picture = say("source.thumbnail", number)
            result["thumbnail"] = {"src": picture, "original": picture}
            result.pop("article", None)

    evaluation = make_sandbox(3, description=say("evaluation.description"))
    Evaluation.objects.filter(pk=evaluation.pk).update(name=say("evaluation.name"))
    Prompt.objects.create(evaluation=evaluation, version=2, system_text=say("prompt.text")).publish(None)
    evaluation.queries.filter(position=1).update(text="recent football fixtures " + say("query.text"))
    ModelConfig.objects.filter(evaluation=evaluation).update(name=say("model.name"))
    evaluation.refresh_from_db()

    def run_of_day(number: int) -> Run:
        """A run on material of its own: an open vote hides imported runs on the same."""
        evaluation.queries.filter(position=2).update(text=f"transfers, day {number}")
        return run_to_the_end(evaluation)

    with services_that(change):
        closed, imported, still_open = map(run_of_day, range(3))
    first, second, _ = Report.objects.filter(entry__run=closed).order_by("entry__position")
    Report.objects.filter(pk=first.pk).update(withheld_at=timezone.now(), withheld_note=say("report.note"))
    Report.objects.filter(pk=second.pk).update(state="failed", error=say("report.error"))
    Run.objects.filter(pk__in=(closed.pk, imported.pk)).update(
        failure=say("run.failure"), voting_closes_at=timezone.now()
    )
    origin = {"run": 7, "site": say("run.site")}
    Run.objects.filter(pk=imported.pk).update(origin=origin, imported_at=timezone.now())
    later = timezone.now() + timedelta(hours=9)
    Run.objects.filter(pk=still_open.pk).update(voting_opens_at=timezone.now(), voting_closes_at=later)
    for run in (closed, imported, still_open):
        run.refresh_from_db()
        cache.refresh(run)
    for runs in (2, 3):  # a history
        make_standings(
            evaluation, {f"m{number}": say("standing.name", number) for number in range(3)}, range(1, 1 + runs)
        )
    return evaluation, [closed, imported, still_open]


def addresses(evaluation: Evaluation, runs: list[Run]) -> Iterator[str]:
    """Every page that shows something of them; those of the admin too."""
    query = f"?evaluation={evaluation.slug}"
    for one in ("/", "/runs/", "/models/", "/models/m0/", "/models/m2/", "/standings/", "/feed/", "/api/runs/"):
        yield one + query
    yield from (f"/runs/{query}&q=goal", "/api/standings/" + query, "/sitemap.xml")
    closed, imported, still_open = runs
    for run in (closed, still_open):
        yield from (f"/runs/{run.pk}/", f"/runs/{run.pk}/context/", f"/api/runs/{run.pk}/")
    yield from (f"/runs/{imported.pk}/", f"/runs/{closed.pk}/progress/", f"/runs/{still_open.pk}/ballot/")
    yield from (f"/runs/{closed.pk}/?baseline=m2&models=m0,m2", "/admin/")
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        try:
            yield reverse(f"{name}_changelist")
        except NoReverseMatch:
            continue
        for one in model._default_manager.order_by("-pk")[:1]:
            yield reverse(f"{name}_change", args=[one.pk])
    yield from (reverse("admin:evaluations_run_change", args=[run.pk]) for run in (closed, imported))
    for report in Report.objects.filter(entry__run=closed):
        yield reverse("admin:evaluations_report_change", args=[report.pk])


class Desk(Look):
    """The look of somebody who may see everything."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        staff = Client()
        staff.force_login(User.objects.create_superuser("editor"))
        session = staff.cookies["sessionid"].value
        self.context.add_cookies([{"name": "sessionid", "value": session, "url": self.site}])
        self.words = ""

    def handle(self, page: Any, address: str, *, click: bool) -> set[str]:
        self.words += page.evaluate(
            "() => document.body.innerText + [...document.querySelectorAll('input, textarea')].map(one => one.value)"
        )
        hits = super().handle(page, address, click=False)
        page.evaluate(
            """() => { for (const link of document.querySelectorAll('a[href]'))
              if (!/^(https?|mailto):/.test(link.href)) { link.removeAttribute('target'); link.click(); } }"""
        )
        page.wait_for_timeout(60)
        return hits | set(page.evaluate("window.__hits || []"))


@pytest.fixture
def unescaped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Templates that escape nothing, titles as the search service marks them up, every address a link."""
    monkeypatch.setattr(engines["django"].engine, "autoescape", False)
    monkeypatch.setattr(get_default_renderer().engine.engine, "autoescape", False)  # forms of the admin
    monkeypatch.setattr(brave_results, "from_markup", lambda text: text)
    monkeypatch.setattr(run_pages, "host_of", lambda address: address)


def looked_at(look: Desk, canary: Canary) -> dict[str, Any]:
    """Every page, and what came of looking at it."""
    evaluation, runs = make_site(canary)
    seen = {address: look.at(address, click=False) for address in list(addresses(evaluation, runs))}
    look.reveal(f"/runs/{runs[-1].pk}/ballot/")
    assert "Who wrote what" in look.title
    return seen | {"/revealed/": look.at(f"/runs/{runs[-1].pk}/ballot/", click=False)}


def test_escaped_without_a_policy_no_field_fires_on_any_page_and_all_can_be_read(chromium, live_server, canary):
    look = Desk(chromium, live_server.url, canary, policy=False)
    seen = looked_at(look, canary)
    wrong = [
        (address, found.__dict__)
        for address, found in seen.items()
        if found.fired or not (found.landmarks or re.match("/admin/|/api/|/feed/|/sitemap", address))
    ]
    unread = [field for field in SHOWN if field not in look.words]
    print(f"\n(a) {sum(map(len, attacks(canary).values()))} attacks in fields on {len(seen)} pages: {len(wrong)} wrong")
    assert wrong == []
    assert unread == []


@pytest.mark.usefixtures("unescaped")
def test_the_policy_alone_stops_what_fields_say(chromium, live_server, canary):
    seen = looked_at(Desk(chromium, live_server.url, canary, policy=True), canary)
    wrong = [(address, found.__dict__) for address, found in seen.items() if found.fired]
    print(f"\n(b) {len(seen)} pages that escape nothing, under the policy: {len(wrong)} fired")
    assert wrong == []


@pytest.mark.usefixtures("unescaped")
def test_in_the_control_every_field_that_is_shown_fires(chromium, live_server, canary):
    seen = looked_at(Desk(chromium, live_server.url, canary, policy=False), canary)
    fired = {hit for found in seen.values() for hit in found.hits}
    print(f"\n(c) fired: {sorted(fired)}; never: {sorted({*SHOWN, *NOT_SHOWN} - fired)}")
    assert set(SHOWN) <= fired
