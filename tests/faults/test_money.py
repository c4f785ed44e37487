"""Money that nobody knows of is said to be unknown, and a refusal says what holds it and how to go on."""

import json
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from evaluations.management.figures import total
from evaluations.management.summaries import summary
from evaluations.management.tables import print_table
from evaluations.models import Attempt, Budget, Evaluation, Report, Run
from evaluations.pipeline import runs
from evaluations.pipeline.budgets import cost_of_run
from evaluations.pipeline.retry import lost_reports, retry
from evaluations.pipeline.start import start
from tests.faults.conftest import ANSWER_USD, Services, answer_of, go
from tests.pipeline.provider import Answer, response

pytestmark = pytest.mark.django_db


def without_cost(model: str) -> Answer:
    """A good answer of a server that states neither cost nor tokens."""
    document = answer_of(model)
    del document["usage"]
    return response(body=json.dumps(document).encode())


@pytest.fixture
def silent(services: Services) -> Services:
    """Services whose middle model says nothing about its cost."""
    services.script = lambda model, _number: without_cost(model) if model == "maker/middle" else None
    return services


def test_a_cost_that_nobody_knows_is_unknown_and_never_zero(evaluation: Evaluation, silent: Services) -> None:
    evaluation.roster.filter(slug="middle").update(usd_per_million_input=None, usd_per_million_output=None)
    run = go(evaluation)
    document, table = summary(run), StringIO()
    rows = {row["model"]: row["cost_usd"] for row in document["reports"]}
    assert (document["cost_usd"], rows["middle"], rows["first"]) == (None, None, float(ANSWER_USD))
    print_table(table, document)
    (line,) = [line for line in table.getvalue().splitlines() if "middle" in line]
    assert line.rstrip().endswith("unknown")
    assert total(cost_of_run(run)) == f"not known: at least ${2 * ANSWER_USD:.4f}, and 1 call of unknown cost"
    assert Budget.objects.get(run=run).reserved_usd == Attempt.objects.get(report__entry__slug="middle").reserved_usd


def test_the_control_known_costs_are_summed(evaluation: Evaluation, services: Services) -> None:
    run = go(evaluation)
    assert summary(run)["cost_usd"] == pytest.approx(float(3 * ANSWER_USD))
    assert total(cost_of_run(run)) == f"${3 * ANSWER_USD:.4f}"


def test_a_free_server_costs_nothing_and_holds_nothing(evaluation: Evaluation, silent: Services) -> None:
    evaluation.roster.filter(slug="middle").update(usd_per_million_input=0, usd_per_million_output=0)
    run = go(evaluation)
    attempt = Attempt.objects.get(report__entry__slug="middle")
    assert (attempt.reserved_usd, attempt.cost_usd) == (0, 0)
    assert summary(run)["cost_usd"] == pytest.approx(float(2 * ANSWER_USD))
    assert Budget.objects.get(run=run).reserved_usd == 0


def test_a_refusal_names_the_ceiling_what_is_held_by_what_and_the_way_out(
    evaluation: Evaluation, silent: Services
) -> None:
    Evaluation.objects.update(max_usd_per_call=Decimal("0.50"), max_usd_per_run=2, max_usd_per_day=Decimal("0.55"))
    evaluation.refresh_from_db()
    evaluation.roster.exclude(slug="middle").update(usd_per_million_input=0, usd_per_million_output=0)
    evaluation.roster.filter(slug="middle").update(usd_per_million_input=None, usd_per_million_output=None)
    first, second = (runs.execute(start(evaluation)) for _ in range(2))
    report = Report.objects.get(entry__run=second, entry__slug="middle")
    assert report.error == "ceiling_of_run_or_day"
    for words in (
        "Asking may cost 0.5000 USD; nothing was sent",
        "over the ceiling of 0.55 USD per day",
        "0.5000 held by calls under way or of unknown cost",
        f"run {first.pk}, middle: 1",
        "0 where it is free",
        "Raise that ceiling in admin, or wait until 00:00 UTC",
    ):
        assert words in report.error_detail, report.error_detail


def test_a_refusal_by_the_ceiling_of_a_call_names_it(evaluation: Evaluation, services: Services) -> None:
    evaluation.roster.filter(slug="middle").update(usd_per_million_input=1, usd_per_million_output=10_000)
    run = go(evaluation)
    detail = Report.objects.get(entry__run=run, entry__slug="middle").error_detail
    assert "over the ceiling of 0.50 USD per call" in detail
    assert "lower the model's max_tokens" in detail


@pytest.mark.parametrize("error", ["certificate", "bad_key", "no_credit"])
def test_what_the_preflight_refused_may_be_asked_for_once_it_is_mended(
    error: str, evaluation: Evaluation, services: Services
) -> None:
    run = go(evaluation)
    report = Report.objects.get(entry__slug="middle")
    report.attempts.all().delete()
    Report.objects.filter(pk=report.pk).update(state="failed", error=error, text="", cost_usd=None)
    Run.objects.update(partial=True)
    assert lost_reports(Run.objects.get(pk=run.pk)) == [report]
    retry(Report.objects.get(pk=report.pk))
    assert (Report.objects.get(pk=report.pk).state, Run.objects.get(pk=run.pk).partial) == ("succeeded", False)


def test_the_command_says_that_a_cost_is_unknown(evaluation: Evaluation, silent: Services, capsys: Any) -> None:
    evaluation.roster.filter(slug="middle").update(usd_per_million_input=None, usd_per_million_output=None)
    call_command("run_evaluation", evaluation.slug, "--no-progress")
    assert "cost not known: at least $" in capsys.readouterr().out


def test_pages_and_json_say_that_a_cost_is_unknown(evaluation: Evaluation, silent: Services, client: Any) -> None:
    evaluation.roster.filter(slug="middle").update(usd_per_million_input=None, usd_per_million_output=None)
    Evaluation.objects.filter(pk=evaluation.pk).update(voting_hours=0, public=True)
    evaluation.refresh_from_db()
    run = go(evaluation)
    page = client.get(f"/runs/{run.pk}/").content.decode()
    assert page.count("cost not known") == 1
    assert "at least $0.002" in page
    document = client.get(f"/api/runs/{run.pk}/").json()
    assert [report["cost_usd"] for report in document["reports"]] == [0.001, None, 0.001]
