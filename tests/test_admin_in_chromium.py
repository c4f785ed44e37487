"""The admin in a real browser: it works under the site's strict policy, and asks no other host for anything."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from evaluations.models import ModelConfig
from tests.factories import MODELS, make_evaluation, make_run

pytestmark = pytest.mark.django_db(transaction=True)


class Desk:
    """An editor's browser, with everything that went wrong in it."""

    def __init__(self, browser: Any, site: str, session: str) -> None:
        self.site = site
        context = browser.new_context()
        context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
        context.set_default_timeout(10_000)
        self.page = context.new_page()
        self.troubles: list[str] = []
        self.page.on("console", self.note_complaint)
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("request", self.note_foreign_request)

    def note_complaint(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.troubles.append(message.text)

    def note_foreign_request(self, request: Any) -> None:
        if not request.url.startswith((self.site, "data:")):
            self.troubles.append(f"request to {request.url}")

    def open(self, name: str, *args: Any) -> Any:
        answer = self.page.goto(self.site + reverse(f"admin:{name}", args=args), wait_until="networkidle")
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        return self.page


@pytest.fixture
def desk(live_server: Any, chromium: Any, admin_user: User) -> Desk:
    client = Client()
    client.force_login(admin_user)
    return Desk(chromium, live_server.url, client.cookies["sessionid"].value)


def test_editing_works_in_a_browser_without_one_console_message(desk: Desk) -> None:
    evaluation = make_evaluation("desk")
    run = make_run(evaluation)

    page = desk.open("evaluations_evaluation_change", evaluation.pk)
    page.get_by_text("Add another Search query").click()
    page.locator("[name=queries-0-text]").fill("injuries")
    page.get_by_text("Today", exact=True).first.click()
    page.get_by_text("Now", exact=True).first.click()
    page.locator("[name=scheduled]").check()
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_load_state("networkidle")
    evaluation.refresh_from_db()
    assert "was changed successfully" in page.content()
    assert (evaluation.scheduled, [query.text for query in evaluation.queries.all()]) == (True, ["injuries"])

    page = desk.open("evaluations_modelconfig_add")
    page.locator("[name=name]").press_sequentially("Llama Four")
    assert page.locator("[name=slug]").input_value() == "llama-four"

    assert evaluation.prompt
    page = desk.open("evaluations_prompt_change", evaluation.prompt.pk)
    page.locator("[name=system_text]").fill("One line.\nAnother.")
    page.get_by_role("button", name="Save and publish").click()
    page.wait_for_load_state("networkidle")
    assert evaluation.prompt
    assert (evaluation.prompt.version, evaluation.prompt.system_text) == (2, "One line.\nAnother.")

    desk.open("evaluations_run_change", run.pk)
    entry = run.entries.get(slug=MODELS[0])
    desk.open("evaluations_report_change", entry.reports.get().pk)
    desk.open("evaluations_modelconfig_changelist")
    desk.open("votes_vote_changelist")
    desk.open("auth_user_add")
    desk.open("index")
    assert desk.troubles == []
    assert ModelConfig.objects.filter(slug="llama-four").count() == 0


def test_an_inline_script_in_the_admin_would_be_stopped_and_noticed(desk: Desk) -> None:
    page = desk.open("index")
    page.evaluate(
        "() => { const script = document.createElement('script'); script.textContent = 'window.ran = true';"
        " document.body.append(script); }"
    )
    assert page.evaluate("() => window.ran") is None
    assert any("Content Security Policy" in trouble for trouble in desk.troubles)
