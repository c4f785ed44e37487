"""A run goes on as it began, whatever editors change meanwhile, and they are told so."""

from typing import Any

import pytest
from django.test import Client

from evaluations.models import Evaluation, Report, Run
from evaluations.pipeline import runs
from evaluations.pipeline.start import start
from tests.test_admin import address, save

pytestmark = pytest.mark.django_db

TOLD = "is under way and goes on as it began: what you saved is for the next run."


@pytest.fixture
def sandbox(settings: Any) -> Evaluation:
    settings.SANDBOX_ANSWER_SECONDS = 0
    return Evaluation.objects.get(slug="sandbox")


def words_after(client: Client, thing: object, **changes: object) -> str:
    """The page that follows a save."""
    return save(client, address(thing), **changes).content.decode()


def change_everything(client: Client, evaluation: Evaluation) -> list[str]:
    """Another model under a name that takes part, other words to write by, other queries; what each save said."""
    model, query, prompt = evaluation.roster.all()[0], evaluation.queries.all()[0], evaluation.prompt
    renamed = words_after(client, model, name="Renamed", model_id="sandbox/freeform")
    asked = words_after(client, evaluation, **{"queries-0-text": f"{query.text} tomorrow", "voting_hours": "1"})
    written = words_after(client, prompt, system_text="Write one word.", _publish="1")
    return [renamed, asked, written]


def test_a_run_under_way_keeps_model_words_and_queries_and_each_save_says_so(
    editors_browser: Client, sandbox: Evaluation
) -> None:
    hold = start(sandbox)
    began = {"message": hold.run.system_message, "queries": list(hold.run.answers.values_list("query", flat=True))}
    entry = hold.run.entries.all()[0]
    renamed, asked, written = change_everything(editors_browser, sandbox)
    assert TOLD in renamed
    assert TOLD in asked
    assert "in force from the next run on" in written
    runs.execute(hold)
    run = Run.objects.get(pk=hold.run.pk)
    assert (run.state, run.partial, run.system_message) == ("published", False, began["message"])
    assert list(run.answers.values_list("query", flat=True)) == began["queries"]
    kept = run.entries.get(pk=entry.pk)
    assert (kept.name, kept.model_id) == (entry.name, entry.model_id)
    assert Report.objects.get(entry=kept).text
    following = start(sandbox).run
    assert following.entries.filter(name="Renamed", model_id="sandbox/freeform").exists()
    assert "Write one word." in following.system_message


def test_a_model_that_is_retired_in_the_middle_still_ends_its_report(
    editors_browser: Client, sandbox: Evaluation
) -> None:
    hold = start(sandbox)
    model = sandbox.roster.all()[0]
    editors_browser.post(
        "/admin/evaluations/modelconfig/", {"action": "retire", "_selected_action": model.pk}, follow=True
    )
    model.refresh_from_db()
    assert model.retired_at
    runs.execute(hold)
    assert Report.objects.get(entry__run=hold.run, entry__slug=model.slug).state == "succeeded"
    assert not start(sandbox).run.entries.filter(slug=model.slug).exists()


def test_nothing_is_said_of_runs_where_none_is_under_way(editors_browser: Client, sandbox: Evaluation) -> None:
    assert TOLD not in words_after(editors_browser, sandbox.roster.all()[0], name="Renamed")
