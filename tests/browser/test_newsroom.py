"""An editor at work in a real browser: no shell, no reload by hand, and every page accessible in light and dark."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from evaluations.models import Evaluation, Job, Prompt, Report, Run
from tests.browser.conftest import SCREENSHOTS, make_sandbox, run_to_the_end
from tests.desk.people import make_editor
from tests.factories import make_run

pytestmark = pytest.mark.django_db(transaction=True)

DESK = {"width": 1300, "height": 900}


class Newsroom:
    """An editor's window: what was clicked, what went wrong, and what each step looked like."""

    def __init__(self, browser: Any, site: str, user: User, **options: Any) -> None:
        self.site = site
        self.context = browser.new_context(viewport=DESK, **options)
        self.context.set_default_timeout(15_000)
        self.log_in(user)
        self.page = self.context.new_page()
        self.wrong: list[str] = []
        self.clicks = 0
        self.page.on("console", lambda message: self.wrong.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))

    def log_in(self, user: User) -> None:
        client = Client()
        client.force_login(user)
        session = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": self.site}
        self.context.add_cookies([session])

    def open(self, address: str) -> Any:
        self.page.goto(self.site + address, wait_until="networkidle")
        self.clicks = 0
        return self.page

    def click(self, name: str, role: str = "button") -> None:
        self.page.get_by_role(role, name=name).first.click()
        self.page.wait_for_load_state("networkidle")
        self.clicks += 1


@pytest.fixture
def laboratory(settings: Any) -> Evaluation:
    settings.SANDBOX_ANSWER_SECONDS = 0
    evaluation = make_sandbox(2)
    for model, name in zip(evaluation.roster.all(), ("brief", "freeform"), strict=True):
        evaluation.roster.filter(pk=model.pk).update(model_id=f"sandbox/{name}")
    run_to_the_end(evaluation)
    return evaluation


@pytest.fixture
def editor() -> User:
    return make_editor()


def test_an_editor_adds_a_model_and_changes_tries_publishes_and_takes_back_a_prompt(
    chromium, live_server, laboratory, editor
):
    desk = Newsroom(chromium, live_server.url, editor)

    desk.open("/admin/evaluations/modelconfig/")
    desk.click("Choose from a provider's list", "link")
    desk.page.locator("#evaluation").select_option(str(laboratory.pk))
    desk.page.locator("#provider").select_option(label="Laboratory")
    desk.page.locator("#q").fill("thorough")
    desk.click("Show")
    desk.page.locator("table a.button").click()
    desk.page.wait_for_load_state("networkidle")
    desk.click("Save")
    added = laboratory.roster.get(model_id="sandbox/thorough")
    assert added.enabled

    first = laboratory.prompt
    assert first
    page = desk.open(reverse("admin:evaluations_prompt_change", args=[first.pk]))
    page.locator("[name=note]").fill("Shorter")
    page.locator("[name=sections-heading]").first.fill("Results")
    page.locator("[name=max_words]").fill("200")
    page.get_by_text("at most 200 words").wait_for()
    desk.click("Save as a draft")
    assert "a draft: preview it, try it, publish it" in page.content()
    draft = laboratory.prompts.get(version=2)
    assert (laboratory.prompt, draft.output_format["sections"][0]["heading"]) == (first, "Results")

    desk.click("Preview and try", "link")
    assert draft.text.splitlines()[0] in page.content()
    desk.click("Try: at most")
    trial = Job.objects.get(kind=Job.Kind.TRIAL)
    assert (trial.state, trial.asked_by) == (Job.State.DONE, editor)
    assert trial.run
    assert (trial.run.kind, trial.run.prompt) == (Run.Kind.TRIAL, draft)
    report = trial.run.entries.get().reports.get()
    page.get_by_text(report.text.splitlines()[0]).first.wait_for()
    page.get_by_text("with version 1").first.wait_for()
    assert desk.clicks <= 3

    desk.open(reverse("admin:evaluations_prompt_change", args=[draft.pk]))
    desk.click("Publish")
    assert (laboratory.prompt, desk.clicks) == (draft, 1)
    desk.open(reverse("admin:evaluations_prompt_change", args=[first.pk]))
    desk.click("Roll back to this")
    assert (laboratory.prompt, desk.clicks) == (first, 1)
    assert desk.wrong == []


def test_rows_of_the_format_are_added_moved_and_taken_out(chromium, live_server, laboratory, editor):
    desk = Newsroom(chromium, live_server.url, editor)
    stored = Prompt.objects.create(
        evaluation=laboratory, system_text="x", output_format={"sections": [{"heading": "A"}, {"heading": "B"}]}
    )
    page = desk.open(reverse("admin:evaluations_prompt_change", args=[stored.pk]))
    desk.click("Another section")
    page.locator("[name=sections-heading]").last.fill("C")
    page.locator("[data-up]").nth(1).click()
    page.locator("[data-clear]").nth(1).click()
    page.get_by_text('under the heading "## C"').wait_for()
    desk.click("Save as a draft")
    made = laboratory.prompts.order_by("-version")[0].output_format
    assert made["sections"] == [{"heading": "B"}, {"heading": "C"}]
    assert desk.wrong == []


def test_a_session_that_ends_in_the_middle_of_a_long_form_loses_nothing(chromium, live_server, laboratory, editor):
    desk = Newsroom(chromium, live_server.url, editor)
    assert laboratory.prompt
    address = reverse("admin:evaluations_prompt_change", args=[laboratory.prompt.pk])
    page = desk.open(address)
    page.locator("[name=system_text]").fill("An hour of work.")
    page.locator("[name=note]").fill("Long thought")
    Session.objects.all().delete()
    desk.click("Save as a draft")
    assert page.locator("#login-form").count() == 1
    desk.log_in(editor)
    page.goto(live_server.url + address, wait_until="networkidle")
    desk.click("Bring it back")
    assert page.locator("[name=system_text]").input_value() == "An hour of work."
    desk.click("Save as a draft")
    saved = laboratory.prompts.get(version=2)
    assert (saved.system_text, saved.note) == ("An hour of work.", "Long thought")
    page.goto(live_server.url + address, wait_until="networkidle")
    assert page.get_by_text("was not saved").count() == 0


def addresses_of(evaluation: Evaluation) -> dict[str, str]:
    """Every kind of page that editors work with here."""
    prompt, model = evaluation.prompts.order_by("-version")[0], evaluation.roster.all()[0]
    around = {name: reverse(f"admin:evaluations_prompt_{name}", args=[prompt.pk]) for name in ("difference", "preview")}
    return {
        "first-page": "/admin/",
        "money": "/admin/money/",
        "evaluations": "/admin/evaluations/evaluation/",
        "evaluation": reverse("admin:evaluations_evaluation_change", args=[evaluation.pk]),
        "next-run": reverse("admin:evaluations_evaluation_next", args=[evaluation.pk]),
        "queries": reverse("admin:evaluations_evaluation_queries", args=[evaluation.pk]),
        "roster": "/admin/evaluations/modelconfig/",
        "model": reverse("admin:evaluations_modelconfig_change", args=[model.pk]),
        "choose": f"/admin/evaluations/modelconfig/choose/?evaluation={evaluation.pk}",
        "prompts": "/admin/evaluations/prompt/",
        "prompt": reverse("admin:evaluations_prompt_change", args=[prompt.pk]),
        "changes": "/admin/admin/logentry/",
        **around,
        **addresses_of_runs(evaluation),
        **{f"{name}-add": f"/admin/evaluations/{name}/add/" for name in ("evaluation", "modelconfig", "prompt")},
    }


def addresses_of_runs(evaluation: Evaluation) -> dict[str, str]:
    """The pages of runs, of what was written in them and of what became of it."""
    run = evaluation.runs.order_by("pk")[0]
    report = Report.objects.filter(entry__run=run)[0]
    own = {name: reverse(f"admin:evaluations_run_{name}", args=[run.pk]) for name in ("change", "replay", "trial")}
    own["withdraw"] = reverse("admin:evaluations_run_decide", args=[run.pk, "withdraw"])
    lists = ("run", "report", "runentry", "attempt", "budget", "lockedcontext", "slot", "job", "provider")
    return {
        "start": reverse("admin:evaluations_run_start", args=[evaluation.pk]),
        **{f"run-{name}": address for name, address in own.items()},
        "report": reverse("admin:evaluations_report_change", args=[report.pk]),
        **{f"{name}-list": f"/admin/evaluations/{name}/" for name in lists},
        "attempt": reverse("admin:evaluations_attempt_change", args=[report.attempts.all()[0].pk]),
        "provider": reverse("admin:evaluations_provider_change", args=[evaluation.roster.all()[0].provider_id]),
    }


def faults_on(page: Any) -> set[tuple[str, str]]:
    """What axe finds: each rule, and the first place."""
    return {(one["id"], one["nodes"][0]["html"][:160]) for one in Axe().run(page).response["violations"]}


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_page_of_the_desk_is_as_accessible_as_stock_admin_and_quiet(
    chromium, live_server, laboratory, editor, mode
):
    Prompt.objects.create(evaluation=laboratory, system_text="Another.", note="New words", published_at=None)
    make_run(laboratory, state=Run.State.AWAITING_REVIEW)
    root = User.objects.create_superuser("root")
    options = {"bypass_csp": True, "color_scheme": mode}
    stock = Newsroom(chromium, live_server.url, root, **options)
    known = set()
    plain = ("/admin/auth/group/", "/admin/otp_static/staticdevice/add/", f"/admin/auth/user/{root.pk}/change/")
    for address in plain:
        known |= {rule for rule, _ in faults_on(stock.open(address))}
    desk = Newsroom(chromium, live_server.url, editor, **options)
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    found = []
    for name, address in addresses_of(laboratory).items():
        page = desk.open(address)
        page.screenshot(path=SCREENSHOTS / f"admin-{name}-{mode}.png", full_page=True)
        found += [(name, rule, place) for rule, place in faults_on(page) if rule not in known]
    print(f"\n{mode}: stock admin has {sorted(known)}; ours beyond that: {found}")
    assert found == []
    assert desk.wrong == []
