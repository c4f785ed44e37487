"""From cast votes to the standings, held against a recount by hand on page, JSON, CSV and file."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluations.models import ModelConfig, Provider, Report, Run
from evaluations.scheduled import run_due
from tests.elections import store_votes
from tests.factories import make_evaluation, make_run
from tests.votes.conftest import Voter
from votes.computation import compute
from votes.counting import vote_file
from votes.models import Closing, Computation, Standing, Vote

pytestmark = pytest.mark.django_db

MODELS = ("claude", "kimi", "qwen")


@pytest.fixture
def run(db) -> Run:
    return make_run(open_for_voting=True, models=MODELS)


def name_of(model: str) -> str:
    return make_evaluation().roster.get(slug=model).name


def words_of(response: HttpResponse) -> str:
    """What a page says, without its markup."""
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).split())


def letter_of(run: Run, model: str) -> str:
    return run.entries.get(slug=model).blind_label


def cast_by_browsers(run: Run, choices: dict[str, int]) -> None:
    """Votes by HTTP, each from a browser and network of its own; `choices` are models or other verdicts."""
    number = 0
    for choice, votes in choices.items():
        for _ in range(votes):
            number += 1
            letter = choice if choice in ("none", "cannot_tell") else letter_of(run, choice)
            assert Voter(run, address=f"198.51.100.{number}").vote(letter).status_code == 303


def end(run: Run) -> None:
    Run.objects.filter(pk=run.pk).update(voting_closes_at=timezone.now() - timedelta(seconds=1))


def closed_runs(number: int, choices: dict[str, int], **fields: object) -> list[Run]:
    runs = [make_run(models=MODELS, **fields) for _ in range(number)]
    for run in runs:
        store_votes(run, choices)
    return runs


def test_nine_votes_are_the_same_everywhere_as_counted_by_hand(run, client):
    cast_by_browsers(run, {"claude": 4, "kimi": 2, "none": 2, "cannot_tell": 1})
    end(run)
    done = run_due({}, None)
    assert done["closed"] == [run.pk]
    assert done["computed"] == [Computation.objects.get().pk]
    by_hand = {"claude": 4, "kimi": 2, "qwen": 0}

    page = client.get(f"/runs/{run.pk}/").content.decode()
    assert f"Readers preferred {name_of('claude')}: chosen on 4 of the 6 ballots that offered it." in page
    assert "2 of 9 voters (22 %) found none good enough, 1 could not tell." in " ".join(page.split())
    assert "That decides nothing" in page
    assert all(f"{name_of(model)} {votes} of 6" in page for model, votes in by_hand.items())

    text = words_of(client.get("/standings/"))
    assert "From 6 blind choices in one run." in text
    assert "Voters: 6 chose, 2 found none good enough, 1 could not tell, 0 only looked." in text
    for votes, share in ((4, "67 %"), (2, "33 %"), (0, "0 %")):
        assert f"{share} – {votes} of 6" in text

    api = client.get("/api/standings/").json()
    counted = [row for row in api["standings"] if not row["with_quarantine"]]
    assert {row["model_slug"]: row["votes"] for row in counted} == by_hand
    assert {row["model_slug"]: row["share"] for row in counted} == {"claude": 4 / 6, "kimi": 2 / 6, "qwen": 0}
    assert api["computation"]["verdicts"] == {"cannot_tell": 1, "choice": 6, "none": 2}

    table = list(csv.DictReader(io.StringIO(client.get("/standings/standings.csv").content.decode("utf-8-sig"))))
    assert {row["model_slug"]: int(row["votes"]) for row in table if row["with_quarantine"] == "False"} == by_hand

    document = client.get(f"/api/runs/{run.pk}/").json()
    assert document["vote"]["verdicts"] == {"cannot_tell": 1, "choice": 6, "none": 2}
    assert {report["model"]: (report["votes"], report["offered"]) for report in document["reports"]} == {
        model: (votes, 6) for model, votes in by_hand.items()
    }
    rows = list(csv.DictReader(io.StringIO(client.get(f"/runs/{run.pk}/reports.csv").content.decode("utf-8-sig"))))
    assert {row["model"]: int(row["votes"]) for row in rows} == by_hand


def test_a_vote_is_closed_once_and_its_salt_destroyed(run):
    end(run)
    assert run_due({}, None)["closed"] == [run.pk]
    assert Run.objects.get(pk=run.pk).network_salt is None
    closing = Closing.objects.get()
    assert run_due({}, None)["closed"] == []
    assert Closing.objects.get().closed_at == closing.closed_at


def test_an_open_vote_is_not_closed(run):
    assert run_due({}, None)["closed"] == []
    assert Run.objects.get(pk=run.pk).network_salt


def test_a_vote_that_arrives_after_the_closing_is_refused_whatever_the_hosts_clock_says(run):
    voter = Voter(run)
    voter.ask()
    end(run)
    run_due({}, None)
    Run.objects.filter(pk=run.pk).update(voting_closes_at=timezone.now() + timedelta(hours=1))
    assert voter.cast().status_code == 409
    assert not Vote.objects.filter(run=run).exists()


def test_a_replay_is_never_closed_because_it_is_never_voted_on(run):
    replay = make_run(models=MODELS, kind="replay", replay_of=run)
    run_due({}, None)
    assert not Closing.objects.filter(run=replay).exists()


def test_before_any_computation_it_says_so_and_leads_to_the_ballot(client):
    run = make_run(open_for_voting=True)
    text = client.get("/standings/").content.decode()
    assert "No standings have been computed yet" in text
    assert f'href="/runs/{run.pk}/ballot/"' in text


def test_the_same_votes_are_computed_once(run):
    closed_runs(3, {"claude": 20, "kimi": 9, "qwen": 4})
    run_due({}, None)
    assert run_due({}, None)["computed"] == []
    compute(make_evaluation())
    assert Computation.objects.count() == 1


def test_older_standings_stay_as_history(client):
    closed_runs(3, {"claude": 20, "kimi": 9, "qwen": 4})
    run_due({}, None)
    assert "Over time" not in client.get("/standings/").content.decode()
    closed_runs(1, {"claude": 2, "kimi": 9, "qwen": 14})
    assert len(run_due({}, None)["computed"]) == 1
    first, second = Computation.objects.order_by("pk")
    assert (first.runs, second.runs) == (3, 4)
    assert Standing.objects.filter(computation=first).exists()
    assert "Over time" in client.get("/standings/").content.decode()


def test_each_computation_keeps_its_method_and_the_hash_of_its_votes():
    closed_runs(2, {"claude": 20, "kimi": 9})
    run_due({}, None)
    found = Computation.objects.get()
    assert found.method == "plackett-luce-cv3l-2"
    assert found.inputs_sha256 == vote_file(make_evaluation()).sha256


def test_a_withheld_report_does_not_count_and_what_that_changed_is_said(client):
    runs = closed_runs(12, {"claude": 20, "kimi": 9, "qwen": 4})
    run_due({}, None)
    before = client.get("/standings/").content.decode()
    assert "Every vote counts" in before
    Report.objects.filter(entry__run__in=runs, entry__slug="claude").update(
        withheld_at=timezone.now(), withheld_note="Names somebody."
    )
    assert len(run_due({}, None)["computed"]) == 1
    text = words_of(client.get("/standings/"))
    assert "240 for a withheld report" in text
    names = ", ".join(map(name_of, MODELS))
    assert f"Had no report been withheld, the rank would be another one for {names}." in text
    assert {row["model"] for row in Computation.objects.first().figures["models"]} == {"kimi", "qwen"}
    page = client.get(f"/runs/{runs[0].pk}/").content.decode()
    assert f"Readers preferred {name_of('kimi')}: chosen on 9 of the 13" in page


def test_a_report_withheld_since_the_count_is_named_no_more(client):
    (run,) = closed_runs(1, {"claude": 20, "kimi": 9})
    run_due({}, None)
    Report.objects.filter(entry__run=run, entry__slug="claude").update(withheld_at=timezone.now(), withheld_note="x")
    text = client.get(f"/runs/{run.pk}/").content.decode()
    assert f"preferred {name_of('claude')}" not in text
    assert f"{name_of('claude')} 20 of" not in text
    assert f"{name_of('kimi')} 9 of" in text


def test_votes_in_quarantine_are_counted_apart(client):
    runs = closed_runs(3, {"claude": 20, "kimi": 9, "qwen": 4})
    store_votes(runs[0], {"qwen": 30}, quarantined=True)
    run_due({}, None)
    counted, suspicious = (
        Standing.objects.get(model_slug="qwen", with_quarantine=quarantine) for quarantine in (False, True)
    )
    assert (counted.votes, counted.excluded, suspicious.votes) == (12, 30, 42)
    text = client.get("/standings/").content.decode()
    assert "30 over the seats of their network" in text
    assert "With the votes in quarantine" in text


def test_a_withdrawn_run_does_not_count_and_its_votes_are_named(client):
    runs = closed_runs(3, {"claude": 20, "kimi": 9})
    run_due({}, None)
    Run.objects.filter(pk=runs[0].pk).update(withdrawn_at=timezone.now())
    run_due({}, None)
    assert Computation.objects.first().runs == 2
    assert "29 in a withdrawn run" in client.get("/standings/").content.decode()


def test_ranks_appear_with_a_second_run_and_models_stop_being_preliminary_with_the_tenth():
    for number in (1, 1, 8):
        closed_runs(number, {"claude": 30, "kimi": 9, "qwen": 4})
        run_due({}, None)
    first, second, tenth = Computation.objects.order_by("pk")
    ranks = [[row.rank for row in made.standings.filter(with_quarantine=False)] for made in (first, second, tenth)]
    assert ranks[0] == [None, None, None]
    assert ranks[1][0] == 1
    assert [made.figures["models"][0]["preliminary"] for made in (first, second, tenth)] == [True, True, False]


def test_a_model_that_is_asked_no_more_stays_listed_and_is_marked(client):
    evaluation = make_evaluation()
    provider, _ = Provider.objects.get_or_create(slug="openrouter", defaults={"name": "OpenRouter"})
    for slug in ("claude", "kimi", "qwen"):
        ModelConfig.objects.update_or_create(
            evaluation=evaluation, slug=slug,
            defaults={"name": slug.title(), "provider": provider, "model_id": f"m/{slug}", "enabled": slug != "kimi"},
        )  # fmt: skip
    closed_runs(2, {"claude": 20, "kimi": 9})
    run_due({}, None)
    rows = {row["model_slug"]: row for row in client.get("/api/standings/").json()["standings"]}
    assert [rows[slug]["retired"] for slug in MODELS] == [False, True, False]
    assert client.get("/standings/").content.decode().count("retired") == 1


def test_a_vote_file_reproduces_every_figure(tmp_path, capsys, client):
    closed_runs(4, {"claude": 20, "kimi": 9, "qwen": 4})
    run_due({}, None)
    file = tmp_path / "votes.jsonl"
    call_command("export_votes", output=str(file))
    call_command("compute_standings", "--from", str(file))
    assert json.loads(capsys.readouterr().out) == Computation.objects.get().figures
    public = client.get("/standings/standings.json").json()["computation"]
    figures = Computation.objects.get().figures
    assert all(figures[name] == value for name, value in public.items() if name != "computed_at")


def test_a_vote_file_has_no_identity_in_it(run, tmp_path):
    cast_by_browsers(run, {"claude": 2, "kimi": 1})
    identities = list(Vote.objects.values_list("voter", "network", "issued_at"))
    end(run)
    run_due({}, None)
    file = tmp_path / "votes.jsonl"
    call_command("export_votes", output=str(file))
    content = file.read_text()
    assert not [one for row in identities for one in row if str(one) in content]
    assert "198.51.100" not in content


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "no vote file"),
        ('{"form": 2, "evaluation": "x"}', "no vote file"),
        ('{"form": 1, "evaluation": "x"}\n{"run": 1}', "Line 2 is not a run"),
        ('{"form": 1, "evaluation": "x"}\n[[', "Line 2 is not JSON"),
        (
            """{"form": 1, "evaluation": "x"}
            {"run": 1, "closed_at": "", "withdrawn": false, "reports": {}, "answers": [[[], "choice", "c", "", 1]]}""",
            "Line 2 is not a run",
        ),
    ],
)
def test_a_file_that_is_no_vote_file_is_refused_with_its_line(content, why, tmp_path, capsys):
    file = tmp_path / "votes.jsonl"
    file.write_text(content)
    with pytest.raises(SystemExit):
        call_command("compute_standings", file=str(file))
    assert why in capsys.readouterr().err


def test_the_command_says_who_stands_where(capsys):
    closed_runs(2, {"claude": 20, "kimi": 9})
    run_due({}, None)
    call_command("compute_standings", "futbol-report")
    assert f"58 votes in 2 runs. 1 {name_of('claude')} (69%)" in capsys.readouterr().out


def test_the_page_asks_eight_questions_at_most_however_many_runs_there_are(client):
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert Client().get("/standings/").status_code == 200
        return len(asked)

    closed_runs(2, {"claude": 20, "kimi": 9})
    run_due({}, None)
    few = questions()
    closed_runs(3, {"claude": 20, "kimi": 9})
    run_due({}, None)
    assert questions() == few <= 8


HABITS = {
    "claude": "## News\n\nRovers – moreover – won.",
    "kimi": "1. Rovers won.\n2. End.",
    "qwen": "Rovers won, they say.",
}


def test_how_blind_the_votes_were_is_measured_and_published(client):
    closed_runs(3, {"claude": 2, "kimi": 1}, texts=tuple(HABITS.values()))
    run_due({}, None)
    assert Computation.objects.get().blindness == {
        "reports": 9,
        "runs": 3,
        "named": 1.0,
        "chance": pytest.approx(1 / 3),
    }
    text = words_of(client.get("/standings/"))
    said = "names the author of 100 % of 9 reports in 3 runs; guessing would name 33 %."
    assert said in text
    assert client.get("/api/standings/").json()["blindness"]["named"] == 1


def test_where_all_write_alike_the_rule_names_no_more_than_chance(client):
    closed_runs(
        3, {"claude": 2, "kimi": 1}, texts=("I am Claude. Rovers won.", "I am Kimi. Rovers won.", "Rovers won.")
    )
    run_due({}, None)
    blindness = Computation.objects.get().blindness
    assert blindness["named"] < 1, "names are masked for voters, so they are for the rule"


def test_after_one_run_nothing_is_said_of_blindness(client):
    closed_runs(1, {"claude": 2})
    run_due({}, None)
    assert Computation.objects.get().blindness == {}
    assert "How blind it was" not in client.get("/standings/").content.decode()
