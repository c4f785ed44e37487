"""Real input: what real models answered to real questions goes through the whole pipeline over TCP."""

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from evaluations.models import Evaluation, Provider, Report, Run
from evaluations.pipeline import runs
from evaluations.pipeline.start import start
from evaluations.wire.text import clean
from tests import environment, recordings
from tests.pipeline.conftest import Serve, lead_to

QUESTIONS_PER_RUN = 4


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The recordings file made of the labelled data."""
    data = environment.ROOT.parent / "shared" / "data" / "mtrag_train.jsonl.gz"
    if not data.exists():
        pytest.skip("MISSING PART: ../shared/data/mtrag_train.jsonl.gz, the labelled data beside the project")
    return recordings.write_recordings(data, tmp_path_factory.mktemp("recordings") / "mtrag.json")


def words_of(html: str) -> set[str]:
    """The words that a reader of the page sees; a mark inside a word does not part it."""
    unmarked = re.sub(r"</?(?:mark|span)[^>]*>|<sup>.*?</sup>", "", html)
    return set(re.findall(r"\w+", unescape(re.sub(r"<[^>]*>", " ", unmarked))))


def words_of_markdown(text: str) -> set[str]:
    """The words of a report without what is markup: numbers of list items, addresses of links."""
    text = re.sub(r"^\s*\d+[.)]\s", "", text, flags=re.MULTILINE)
    return set(re.findall(r"\w+", re.sub(r"\]\([^)]*\)", "]", text)))


def evaluation_on(queries: list[str], models: list[str], number: int) -> Evaluation:
    """An evaluation without voting that asks the recorded questions of the recorded models."""
    evaluation = Evaluation.objects.create(name=f"Recorded {number}", slug=f"recorded-{number}", voting_hours=0)
    evaluation.prompts.create(system_text="Answer from the material.")
    for position, text in enumerate(queries, 1):
        evaluation.queries.create(position=position, text=text)
    for position, model in enumerate(models, 1):
        evaluation.roster.create(
            position=position,
            slug=f"model-{position}",
            name=model,
            model_id=model,
            provider=Provider.objects.get(slug="openrouter"),
        )
    return evaluation


@pytest.mark.django_db
@pytest.mark.slow
def test_every_recorded_answer_of_a_real_model_is_complete_side_by_side_on_the_page(
    recorded: Path, serve_sandbox: Serve, settings: Any, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    material = json.loads(recorded.read_text())
    questions = [question["query"] for question in material["questions"]]
    answers = {(row["model"], row["query"]): row["text"] for row in material["answers"]}
    models = sorted({model for model, _ in answers})
    assert (len(questions), len(models), len(answers)) == (79, 3, 237)
    lead_to(serve_sandbox("--recordings", recorded), settings, monkeypatch)
    for number, first in enumerate(range(0, len(questions), QUESTIONS_PER_RUN)):
        queries = questions[first : first + QUESTIONS_PER_RUN]
        hold = start(evaluation_on(queries, models, number))
        runs.execute(hold)
        run = Run.objects.get(pk=hold.run.pk)
        assert (run.state, run.partial) == ("published", False)
        written = {report.entry.model_id: report.text for report in Report.objects.filter(entry__run=run)}
        expected = {model: clean("\n\n".join(answers[model, query] for query in queries)).strip() for model in models}
        assert written == expected
        html = client.get(run.get_absolute_url()).content.decode()
        for model in models:
            assert model in html
            assert words_of_markdown(expected[model]) <= words_of(html)
