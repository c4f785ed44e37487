"""What editors look at: the first page, what the next run does, what queries bring back, and the money."""

import socket
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from evaluations.admin import queries as queries_of_admin
from evaluations.admin.next_run import next_slots
from evaluations.models import Attempt, Budget, Evaluation, Job, Prompt, Report, Run, SearchQuery, Slot
from evaluations.wire.failures import Code
from tests.elections import store_votes
from tests.factories import make_run
from tests.test_admin import address, save
from votes import closing
from votes.models import Computation

pytestmark = pytest.mark.django_db

MONEY = "/admin/money/"


@pytest.fixture
def evaluation() -> Evaluation:
    return Evaluation.objects.get(slug="futbol-report")


@pytest.fixture
def sandbox() -> Evaluation:
    return Evaluation.objects.get(slug="sandbox")


def words_on(response: Any) -> str:
    return " ".join(response.content.decode().split())


def next_run(client: Client, evaluation: Evaluation) -> Any:
    return client.get(reverse("admin:evaluations_evaluation_next", args=[evaluation.pk]))


# The next run


def test_the_next_three_slots_are_told_whenever_the_schedule_began(evaluation) -> None:
    evaluation.scheduled, evaluation.every_hours = True, 24
    now = timezone.now()
    evaluation.schedule_start = now - timedelta(days=10, hours=1)
    assert next_slots(evaluation, 3) == [now + timedelta(hours=23 + 24 * n) for n in range(3)]
    evaluation.schedule_start = now + timedelta(days=2)
    assert next_slots(evaluation, 2) == [now + timedelta(days=2), now + timedelta(days=3)]
    evaluation.scheduled = False
    assert next_slots(evaluation, 3) == []


def test_one_page_says_what_the_next_run_does_and_for_how_much(editors_browser, sandbox) -> None:
    sandbox.scheduled, sandbox.schedule_start = True, timezone.now() + timedelta(hours=1)
    sandbox.save()
    run = make_run(sandbox, finished_at=timezone.now())
    Budget.objects.create(run=run, spent_usd=Decimal("0.25"), sandbox=True)
    Budget.objects.create(day=datetime.now(UTC).date(), sandbox=True, spent_usd=Decimal("0.25"))
    page = next_run(editors_browser, sandbox)
    words = words_on(page)
    assert [call.model for call in page.context["plan"].calls] == [model.slug for model in sandbox.roster.all()]
    assert "about 0.2500 USD" in words
    assert f"at most {page.context['plan'].worst_usd:.4f} USD" in words
    assert "5.00 a day, of which 4.75 are left today" in words
    assert all(query.text in words for query in sandbox.queries.all())
    assert len(page.context["slots"]) == 3
    assert "version 1" in words


def test_what_stands_in_the_way_is_said_first(editors_browser, evaluation, sandbox) -> None:
    assert "OPENROUTER_API_KEY is not set." in words_on(next_run(editors_browser, evaluation))
    sandbox.roster.update(enabled=False)
    assert "It would not start: Sandbox has no enabled model" in words_on(next_run(editors_browser, sandbox))


def test_a_prompt_that_is_new_since_the_last_run_is_shown_as_that(editors_browser, sandbox) -> None:
    make_run(sandbox)
    assert "new since the last run" not in words_on(next_run(editors_browser, sandbox))
    Prompt.objects.create(evaluation=sandbox, system_text="Another.")
    assert "new since the last run" in words_on(next_run(editors_browser, sandbox))


def test_editors_change_the_cadence_and_see_its_slots(editors_browser, evaluation) -> None:
    schedule = {"schedule_start_0": "2090-12-01", "schedule_start_1": "06:00:00", "every_hours": "24"}
    save(editors_browser, address(evaluation), scheduled="on", **schedule)
    page = words_on(editors_browser.get(address(evaluation)))
    assert "Fri 2090-12-01 06:00 UTC, Sat 2090-12-02 06:00 UTC, Sun 2090-12-03 06:00 UTC" in page


# Queries


def try_query(client: Client, query: SearchQuery) -> Any:
    url = reverse("admin:evaluations_evaluation_queries", args=[query.evaluation_id])
    return client.post(url, {"query": query.pk})


def test_a_query_shows_what_it_brings_back_now(editors_browser, sandbox) -> None:
    query = sandbox.queries.all()[0]
    page = try_query(editors_browser, query)
    assert len(page.context["hits"].results) > 0
    assert page.context["hits"].results[0].title in words_on(page)
    assert Run.objects.count() == 0


def test_nothing_is_searched_before_somebody_asks(editors_browser, sandbox, monkeypatch) -> None:
    monkeypatch.setattr(queries_of_admin, "SEARCHES", {})
    url = reverse("admin:evaluations_evaluation_queries", args=[sandbox.pk])
    assert editors_browser.get(url).status_code == 200


def test_a_search_without_its_key_says_so(editors_browser, evaluation) -> None:
    page = words_on(try_query(editors_browser, evaluation.queries.all()[0]))
    assert "Not set: BRAVE_API_KEY." in page


def test_a_search_that_does_not_answer_in_time_is_given_up(editors_browser, evaluation, settings, monkeypatch) -> None:
    monkeypatch.setenv("BRAVE_API_KEY", "test-canary")
    monkeypatch.setattr(queries_of_admin, "SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.BRAVE_BASE_URL = f"http://127.0.0.1:{silent.getsockname()[1]}"
        page = words_on(try_query(editors_browser, evaluation.queries.all()[0]))
    assert Code.NO_TIME in page
    assert "test-canary" not in page


def test_a_query_of_another_evaluation_is_not_searched(editors_browser, evaluation, sandbox) -> None:
    url = reverse("admin:evaluations_evaluation_queries", args=[sandbox.pk])
    assert editors_browser.post(url, {"query": evaluation.queries.all()[0].pk}).status_code == 404


@pytest.mark.parametrize("key", ["-Infinity", "1.5", "", "٣", "9" * 30, "9" * 5000, "\0"])
def test_a_query_by_a_key_that_is_none_is_not_found(editors_browser, sandbox, key: str) -> None:
    url = reverse("admin:evaluations_evaluation_queries", args=[sandbox.pk])
    assert editors_browser.post(url, {"query": key}).status_code == 404


@pytest.mark.parametrize("year", ["-9223372036854775808", "99999999999999999999", "0", "one"])
def test_a_list_of_no_year_is_refused_and_nothing_breaks(editors_browser, year: str) -> None:
    for kind in ("lockedcontext", "run", "attempt", "job"):
        for field in ("created_at__year", "asked_at__year"):
            answer = editors_browser.get(f"/admin/evaluations/{kind}/", {field: year})
            assert answer.status_code in (302, 400), (kind, field)


def test_a_list_of_a_year_is_shown(editors_browser) -> None:
    """The control."""
    assert editors_browser.get("/admin/evaluations/run/", {"created_at__year": "2026"}).status_code == 200


# Money


@pytest.fixture
def spent(evaluation: Evaluation) -> Run:
    """A run of 1.25 USD today, with one call whose outcome nobody knows."""
    run = make_run(evaluation, finished_at=timezone.now())
    today = datetime.now(UTC).date()
    Budget.objects.create(run=run, spent_usd=Decimal("1.25"), reserved_usd=Decimal("0.10"))
    Budget.objects.create(day=today, spent_usd=Decimal("1.25"), reserved_usd=Decimal("0.10"))
    reports = Report.objects.filter(entry__run=run).order_by("pk")
    common = {"number": 1, "messages_sha256": "0" * 64, "day": today}
    states = Attempt.State
    Attempt.objects.create(report=reports[0], state=states.PAID, reserved_usd=2, cost_usd=Decimal("1.25"), **common)
    Attempt.objects.create(report=reports[1], state=states.UNKNOWN, reserved_usd=Decimal("0.10"), **common)
    return run


def test_the_money_is_told_by_day_month_model_and_run(editors_browser, spent) -> None:
    page = editors_browser.get(MONEY)
    facts = page.context
    assert facts["today"] == {"spent": Decimal("1.25"), "held": Decimal("0.10")}
    assert facts["month"]["spent"] == Decimal("1.25")
    named = {row["report__entry__name"]: (row["usd"], row["held"]) for row in facts["by_model"]}
    assert sorted(named.values(), key=str) == [(Decimal("1.25"), None), (None, Decimal("0.10"))]
    assert [budget.run for budget in facts["by_run"]] == [spent]


def test_invented_money_is_not_counted(editors_browser, sandbox) -> None:
    run = make_run(sandbox)
    Budget.objects.create(run=run, spent_usd=9, sandbox=True)
    Budget.objects.create(day=datetime.now(UTC).date(), spent_usd=9, sandbox=True)
    facts = editors_browser.get(MONEY).context
    assert (facts["today"]["spent"], list(facts["by_run"])) == (0, [])


def test_the_forecast_is_the_cadence_times_what_runs_cost_lately(editors_browser, evaluation, spent) -> None:
    evaluation.scheduled, evaluation.schedule_start = True, timezone.now() + timedelta(hours=1)
    evaluation.every_hours = 72
    evaluation.save()
    (line,) = editors_browser.get(MONEY).context["forecasts"]
    assert (line.runs, line.usd) == (10, Decimal("12.50"))


def test_who_moved_a_ceiling_is_told(editors_browser, evaluation) -> None:
    save(editors_browser, address(evaluation), max_usd_per_run="3")
    page = words_on(editors_browser.get(MONEY))
    assert "Max usd per run: 2 → 3" in page


def test_what_unknown_outcomes_hold_is_told_with_the_way_out(editors_browser, spent) -> None:
    (call,) = editors_browser.get(MONEY).context["held"]
    assert "Nobody can say any more" in call.way_out
    Attempt.objects.filter(pk=call.attempt.pk).update(generation_id="gen-1")
    (call,) = editors_browser.get(MONEY).context["held"]
    assert "is asked for the cost every hour until" in call.way_out
    Run.objects.filter(pk=spent.pk).update(state=Run.State.INFERRING)
    (call,) = editors_browser.get(MONEY).context["held"]
    assert "Under way" in call.way_out


def test_an_installation_without_a_run_has_its_money_page_too(editors_browser) -> None:
    assert "No call yet this month" in words_on(editors_browser.get(MONEY))


# The first page


def test_the_first_page_of_a_new_installation_says_what_to_do_first(editors_browser) -> None:
    page = words_on(editors_browser.get("/admin/"))
    assert "Nothing scheduled" in page
    assert "Open an evaluation, and look what a run would do." in page
    assert "Nothing: all is in order." in page


def test_the_first_page_tells_what_needs_somebody(editors_browser, evaluation, spent) -> None:
    review = make_run(evaluation, state=Run.State.AWAITING_REVIEW)
    paused = make_run(evaluation, state=Run.State.PAUSED, failure="Held back.")
    Job.objects.create(kind="run", state="failed", outcome="No key.", finished_at=timezone.now())
    Slot.objects.create(evaluation=evaluation, due_at=timezone.now(), skipped_because="nothing ran at the time")
    page = words_on(editors_browser.get("/admin/"))
    assert f"{review} waits for review." in page
    assert f"{paused} is paused, and goes on when somebody resumes it. Held back." in page
    assert "Calls of unknown outcome hold money: 1." in page
    assert "Run the evaluation failed: No key." in page
    assert "nothing ran at the time" in page
    assert "1.2500 today" in page


def test_a_key_that_a_schedule_needs_and_nobody_set_is_told(editors_browser, evaluation) -> None:
    Evaluation.objects.filter(pk=evaluation.pk).update(scheduled=True, schedule_start=timezone.now())
    assert "OPENROUTER_API_KEY is not set: scheduled runs need it." in words_on(editors_browser.get("/admin/"))


def test_staff_without_the_right_to_see_runs_get_no_figures(client, db, spent) -> None:
    client.force_login(User.objects.create_user("guest", is_staff=True))
    page = client.get("/admin/")
    assert page.status_code == 200
    assert "1.2500" not in page.content.decode()
    assert client.get(MONEY).status_code == 403


# Many rows, and keys


LISTS = (
    "evaluation", "modelconfig", "prompt", "provider", "run", "report", "runentry", "attempt", "budget", "slot", "job",
)  # fmt: skip


@pytest.mark.parametrize("page", ["/admin/", MONEY])
def test_the_overviews_take_few_queries(editors_browser, evaluation, spent, page: str) -> None:
    for _ in range(12):
        make_run(evaluation, state=Run.State.AWAITING_REVIEW)
    with CaptureQueriesContext(connection) as queries:
        editors_browser.get(page)
    assert len(queries) <= 30, [query["sql"][:120] for query in queries]


CANARY = "test-canary-of-a-key-0123456789abcdef"


def test_no_page_of_the_admin_shows_a_key_of_the_environment(visit, evaluation, sandbox, monkeypatch) -> None:
    for variable in ("OPENROUTER_API_KEY", "BRAVE_API_KEY", "FIRECRAWL_API_KEY"):
        monkeypatch.setenv(variable, CANARY)
    run = make_run(evaluation)
    root = visit("superuser")
    addresses = ["/admin/", MONEY, f"/admin/evaluations/evaluation/{sandbox.pk}/next/"]
    addresses += [f"/admin/evaluations/{kind}/" for kind in LISTS]
    assert evaluation.prompt
    model = evaluation.roster.all()[0]
    addresses += [address(thing) for thing in (evaluation, model, model.provider, evaluation.prompt, run)]
    addresses += [address(model.provider, "history")]
    addresses += [reverse("admin:evaluations_prompt_preview", args=[evaluation.prompt.pk])]
    for url in addresses:
        page = root.get(url)
        assert page.status_code == 200, url
        assert CANARY not in page.content.decode(), url


# Standings


def choose(client: Client, evaluation: Evaluation) -> Any:
    chosen = {"action": "compute_standings", "_selected_action": [evaluation.pk]}
    return client.post(reverse("admin:evaluations_evaluation_changelist"), chosen, follow=True)


def test_editors_have_standings_computed_from_the_votes_as_they_are(visit, editor: User, evaluation) -> None:
    run = make_run(evaluation, models=("claude", "kimi"))
    store_votes(run, {"claude": 9, "kimi": 3})
    closing.close(run)
    with TestCase.captureOnCommitCallbacks(execute=True):
        page = words_on(choose(visit("editor"), evaluation))
    job = Job.objects.get()
    assert (job.kind, job.asked_by, job.state) == ("standings", editor, "done")
    assert f'<a href="/admin/evaluations/job/{job.pk}/change/">' in page
    assert Computation.objects.get().votes == 12


def test_who_may_only_look_has_none_computed(evaluation) -> None:
    looks = User.objects.create_user("looks", is_staff=True)
    looks.user_permissions.add(Permission.objects.get(codename="view_evaluation"))
    browser = Client()
    browser.force_login(looks)
    page = choose(browser, evaluation)
    assert (page.status_code, str(evaluation) in page.content.decode()) == (200, True)
    assert not Job.objects.exists()
