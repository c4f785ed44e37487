"""A run that leaves one installation and arrives in another."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluations import contexts
from evaluations.errors import BadInputError, RunRefusedError
from evaluations.manifests import checks, documents, exports, imports, shape
from evaluations.manifests.documents import DamagedError, Document, parts_of, seal_document, to_bytes
from evaluations.models import (
    Attempt,
    Budget,
    Evaluation,
    LockedContext,
    Prompt,
    QueryAnswer,
    Report,
    Run,
    RunEntry,
    Score,
    Source,
)
from evaluations.pipeline import runs
from evaluations.pipeline.start import start
from evaluations.scoring import version
from tests.environment import ROOT

VERSION = version.SCORER_VERSION

pytestmark = [pytest.mark.database, pytest.mark.django_db, pytest.mark.usefixtures("quick_sandbox")]


def made(**fields: Any) -> Run:
    """A run of the sandbox, one of its models failing."""
    evaluation = Evaluation.objects.get(slug="sandbox")
    evaluation.roster.exclude(slug__in=["brief", "inventor", "slow"]).delete()
    evaluation.roster.filter(slug="slow").update(max_tokens=16)
    hold = start(evaluation)
    runs.execute(hold)
    Report.objects.filter(entry__slug="slow").update(
        state="unknown_outcome", error="worker_stopped", text="", flags=[], finish_reason="", cost_usd=None
    )
    Attempt.objects.filter(report__entry__slug="slow").update(state="unknown", body=None, cost_usd=None)
    Score.objects.filter(report__entry__slug="slow").delete()
    return found(hold.run.pk)


def found(number: int) -> Run:
    return Run.objects.select_related("evaluation", "prompt", "context").get(pk=number)


def exported(run: Run) -> bytes:
    return to_bytes(exports.manifest(run))


def elsewhere() -> None:
    """As if this were another installation: no run, no context, and numbers that begin elsewhere."""
    Run.objects.update(slot=None)
    for model in (Score, Attempt, Report, RunEntry):
        model.objects.all().delete()
    for run in Run.objects.all():
        run.answers.all().delete()
    Budget.objects.all().delete()
    Run.objects.all().delete()
    LockedContext.objects.all().delete()


@pytest.fixture
def run() -> Run:
    return made()


def test_an_exported_run_is_what_the_database_holds_and_the_same_bytes_every_time(run: Run) -> None:
    first = exported(run)
    assert exported(found(run.pk)) == first
    document = documents.read(first)
    assert first == contexts.canonical(document) + b"\n"
    assert document["context"]["payload"] == contexts.read(bytes(run.context.payload))
    assert document["prompt"]["system_message"] == run.system_message
    assert document["prompt"]["output_format"]["title"] is True
    brief = document["reports"]["brief"]["1"]
    assert brief["text"] == Report.objects.get(entry__slug="brief").text
    assert brief["attempts"]["1"]["messages_sha256"] == Attempt.objects.first().messages_sha256
    assert brief["attempts"]["1"]["generation_id"]
    assert brief["scores"][VERSION]["groundedness"]["evidence"]["sentences"]
    assert document["entries"]["brief"]["parameters"]["max_tokens"] == 2048
    assert set(document["software"]) == {"python", "django", "scorer", "renderer"}
    assert exports.verify(run).differences == checks.check(document).differences == []


def test_it_verifies_and_imports_elsewhere_and_leaves_there_as_it_came(run: Run) -> None:
    payload = exported(run)
    number = run.pk
    elsewhere()
    imported, _ = imports.import_run(payload)
    assert imported.pk != number
    assert imported.provenance == f"run {number} of http://127.0.0.1:8000"
    here = found(imported.pk)
    assert exported(here) == payload
    assert exports.verify(here).differences == []
    assert (here.state, here.voting_opens_at) == ("published", None)
    assert list(here.entries.values_list("slug", flat=True)) == ["brief", "inventor", "slow"]
    assert Report.objects.get(entry__slug="brief").html


def test_an_absent_evaluation_is_made_and_a_changed_prompt_is_kept_aside(run: Run) -> None:
    payload = exported(run)
    elsewhere()
    Evaluation.objects.get(slug="sandbox").prompts.create(system_text="Ours.")
    Prompt.objects.filter(version=1).delete()
    ours = Evaluation.objects.get(slug="sandbox").prompt
    imported, _ = imports.import_run(payload)
    assert Evaluation.objects.get(slug="sandbox").prompt == ours
    assert imported.prompt.imported
    elsewhere()
    Evaluation.objects.get(slug="sandbox").delete()
    evaluation = imports.import_run(payload)[0].evaluation
    assert (evaluation.slug, evaluation.sandbox, evaluation.scheduled) == ("sandbox", True, False)
    assert evaluation.prompt == Run.objects.get().prompt


def test_importing_twice_is_refused_with_the_number_of_the_first(run: Run) -> None:
    payload = exported(run)
    with pytest.raises(BadInputError, match=f"as run {run.pk};"):
        imports.import_run(payload)
    elsewhere()
    first, _ = imports.import_run(payload)
    with pytest.raises(BadInputError, match=f"as run {first.pk};"):
        imports.import_run(payload)
    with pytest.raises(BadInputError, match=f"as run {first.pk};"):
        imports.import_run(exported(found(first.pk)))
    assert Run.objects.count() == 1


def test_an_imported_run_is_not_resumed(run: Run) -> None:
    Run.objects.update(state="paused", published_at=None)
    payload = exported(found(run.pk))
    elsewhere()
    imported, _ = imports.import_run(payload)
    with pytest.raises(RunRefusedError, match="imported"):
        runs.resume(imported)


def test_a_sandbox_run_never_becomes_part_of_a_real_evaluation(run: Run) -> None:
    payload = exported(run)
    elsewhere()
    Evaluation.objects.filter(slug="sandbox").update(sandbox=False)
    with pytest.raises(BadInputError, match="never mixed"):
        imports.import_run(payload)
    assert not Run.objects.exists()


def test_no_address_with_a_password_and_no_key_leaves(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUR_KEY", "test-canary")
    run.entries.update(base_url="https://me:test-canary@models.example/v1", api_key_variable="OUR_KEY")
    payload = exported(run)
    assert b"test-canary" not in payload
    assert b"OUR_KEY" not in payload
    assert b"https://models.example/v1" in payload


def test_a_run_under_way_or_never_locked_is_not_exported(run: Run) -> None:
    Run.objects.update(state="scoring")
    with pytest.raises(RunRefusedError, match="under way"):
        exports.manifest(found(run.pk))
    Run.objects.update(state="failed", context=None)
    with pytest.raises(RunRefusedError, match="never locked"):
        exports.manifest(found(run.pk))


LEFT_BEHIND = {
    "Run": "context evaluation id idle_hand_overs imported_at imported_sha256 lease_expires_at lease_token listed "
    "network_salt no_vote_because origin paused_until prompt prompt_sha256 slot system_message voting_closes_at "
    "voting_opens_at withdrawn_note",
    "RunEntry": "api_key_variable config id other_names provider run",
    "Report": "entry html id renderer_version share",
    "Attempt": "body id ordered_by report",
    "Score": "id metric report scorer_version",
    "Source": "context id",
    "QueryAnswer": "failure_detail id results run",
    "LockedContext": "created_at id",
}


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (Run, shape.RUN),
        (RunEntry, shape.ENTRY),
        (Report, shape.REPORT),
        (Attempt, shape.ATTEMPT),
        (Score, shape.SCORE),
        (Source, shape.SOURCE),
        (QueryAnswer, shape.QUERY),
        (LockedContext, shape.CONTEXT),
    ],
)
def test_a_new_field_is_exported_or_left_behind_on_purpose(model: Any, fields: Any) -> None:
    """What stands elsewhere in the manifest, belongs to one installation, or could tell a secret stays."""
    names = {field.name for field in model._meta.concrete_fields}
    assert names - set(fields) == set(LEFT_BEHIND[model.__name__].split())


# Lies: somebody who changed a document and its hashes


def lied_about(document: Document, path: str, value: Any) -> list[str]:
    """What `checks` says of a document where one value was changed and every hash made to fit."""
    changed: Any = json.loads(json.dumps(document))
    holder = changed
    *steps, last = path.split(".")
    for step in steps:
        holder = holder[step]
    assert holder[last] != value
    holder[last] = value
    return checks.check(documents.read(to_bytes(seal_document(changed)))).differences


LIES: list[tuple[str, Any, str]] = [
    ("prompt.system_message", "Another.", "prompt.system_message: its SHA-256"),
    ("prompt.sha256", "0" * 64, "prompt.system_message: its SHA-256"),
    ("context.sha256", "0" * 64, "context.payload: its SHA-256"),
    ("context.payload.locked_at", "2020-01-01T00:00:00Z", "context.payload: its SHA-256"),
    ("context.sources.1.title", "Another", "context.sources.1.title"),
    ("context.sources.1.has_text", True, "context.sources.1.has_text"),
    ("reports.brief.1.attempts.1.messages_sha256", "0" * 64, "reports.brief.1.attempts.1.messages_sha256"),
    ("reports.brief.1.text", "Nothing of it is true in 1931.", f"reports.brief.1.scores.{VERSION}.groundedness"),
    (
        f"reports.brief.1.scores.{VERSION}.groundedness.value",
        0.99,
        f"reports.brief.1.scores.{VERSION}.groundedness.value: stored",
    ),
    (
        f"reports.brief.1.scores.{VERSION}.words.evidence.value",
        9,
        f"reports.brief.1.scores.{VERSION}.words.evidence.value",
    ),
    ("reports.brief.1.flags", ["refusal"], "reports.brief.1.flags"),
    ("reports.brief.1.cost_usd", "9", f"reports.brief.1.scores.{VERSION}.cost_per_1000_grounded_words"),
    ("reports.brief.1.sample", 2, "reports.brief.1.sample"),
    ("entries.brief.slug", "other", "entries.brief.slug"),
    ("entries.brief.slug", "../x", "entries.brief.slug: not of the right kind"),
    ("run.samples", "many", "run.samples: not of the right kind"),
    ("run.created_at", "yesterday", "run.created_at"),
    ("prompt.output_format", {"min_wrods": 5}, "no score can be computed"),
    ("context.payload.sources", 5, "context"),
]


def test_a_lie_with_hashes_that_fit_is_found_by_computing_again(run: Run, subtests: pytest.Subtests) -> None:
    document = exports.manifest(run)
    for path, value, named in LIES:
        with subtests.test(path):
            differences = lied_about(document, path, value)
            assert any(named in difference for difference in differences), differences


def test_a_file_that_lies_is_not_imported(run: Run) -> None:
    document = exports.manifest(run)
    document["reports"]["brief"]["1"]["scores"][VERSION]["groundedness"]["value"] = 0.99
    payload = to_bytes(seal_document(document))
    elsewhere()
    with pytest.raises(DamagedError, match="groundedness"):
        imports.import_run(payload)
    document["run"]["state"] = "fetching"
    with pytest.raises(DamagedError):
        imports.import_run(to_bytes(seal_document(document)))
    assert not Run.objects.exists()


def test_what_was_changed_in_the_database_is_named(run: Run) -> None:
    Score.objects.filter(report__entry__slug="brief", metric="words").update(value=1)
    Report.objects.filter(entry__slug="inventor").update(text="Other words.")
    differences = exports.verify(found(run.pk)).differences
    assert f"reports.brief.1.scores.{VERSION}.words.value: stored 1.0, computed again" in " ".join(differences)
    assert "reports.inventor.1.text: not what the provider's stored answer says" in differences


def test_what_was_changed_after_an_import_is_named(run: Run) -> None:
    payload = exported(run)
    elsewhere()
    imported, _ = imports.import_run(payload)
    RunEntry.objects.filter(slug="brief").update(parameters={"temperature": 2})
    Run.objects.update(withdrawn_at=datetime.now(UTC))
    assert exports.verify(found(imported.pk)).differences == ["entries.brief.parameters: changed"]


def test_scores_of_another_version_are_said_not_to_be_computed_again(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(version, "SCORER_VERSION", "next")
    result = exports.verify(run)
    assert (result.differences, result.scores) == ([], 0)
    assert result.notes == [f"Scores of version {VERSION} were not computed again: today's scorers have version next."]


def test_after_retention_the_date_is_said_and_nothing_fails(run: Run) -> None:
    whole = exported(run)
    LockedContext.objects.update(payload=b"", purged_at=datetime(2026, 3, 14, tzinfo=UTC))
    purged = found(run.pk)
    result = exports.verify(purged)
    assert result.differences == []
    assert "Sources purged on 2026-03-14" in result.notes[0]
    payload = exported(purged)
    assert checks.check(documents.read(payload)).differences == []
    assert checks.check(documents.read(whole)).scores == 14  # what was exported before still verifies whole
    elsewhere()
    imported, result = imports.import_run(payload)
    assert "Sources purged on 2026-03-14" in result.notes[0]
    assert imported.context.sources.count() > 4
    assert exported(found(imported.pk)) == payload


def test_an_imported_run_may_be_purged_and_rescored_and_verifies(run: Run) -> None:
    payload = exported(run)
    elsewhere()
    imported, _ = imports.import_run(payload)
    LockedContext.objects.update(payload=b"", purged_at=datetime(2026, 3, 14, tzinfo=UTC))
    for score in Score.objects.all():
        Score.objects.filter(pk=score.pk).update(evidence={})
    assert exports.verify(found(imported.pk)).differences == []


def test_pages_say_that_a_run_was_imported(run: Run, client: Any) -> None:
    payload = exported(run)
    assert "Imported" not in client.get(f"/runs/{run.pk}/").content.decode()
    elsewhere()
    imported, _ = imports.import_run(payload)
    for address in (f"/runs/{imported.pk}/", "/runs/"):
        assert "Imported" in client.get(address).content.decode(), address


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_any_changed_field_of_an_exported_file_is_named(run: Run, data: st.DataObject) -> None:
    document = exports.manifest(run)
    path = data.draw(st.sampled_from(sorted(path for path, _ in parts_of(document))))
    changed = put(document, path, data.draw(st.sampled_from([None, True, 7, "x", [], {}])))
    if to_bytes(changed) == to_bytes(document):
        return
    with pytest.raises(DamagedError) as caught:
        documents.read(to_bytes(changed))
    outermost = path.partition("sha256.parts")[1] or path
    assert all(difference.startswith(outermost) for difference in caught.value.differences), caught.value.differences


def put(document: Any, path: str, value: Any) -> Any:
    """A copy with another value at that path; keys may have dots, so every prefix is tried."""
    if not path:
        return value
    if isinstance(document, list):
        place, _, rest = path[1:].partition("]")
        return [put(one, rest.removeprefix("."), value) if str(n) == place else one for n, one in enumerate(document)]
    for name in sorted(document, key=len, reverse=True):
        quoted = documents.join_path("", name)
        if path == quoted or path.startswith((f"{quoted}.", f"{quoted}[")):
            rest = path[len(quoted) :].removeprefix(".")
            return document | {name: put(document[name], rest, value)}
    raise AssertionError(path)


# The commands, as processes, over two databases


type Manage = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def manage(tmp_path: Path) -> Manage:
    def call(database: str, *words: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *map(str, words)],
            env=os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path / database}"},
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
        )

    return call


@pytest.mark.slow
def test_the_commands_carry_a_run_from_one_installation_to_another(manage: Manage, tmp_path: Path) -> None:
    assert manage("one", "migrate", "-v0").returncode == 0
    shutil.copy(tmp_path / "one", tmp_path / "two")
    assert manage("one", "run_evaluation", "--sandbox", "--models", "brief,inventor", "--no-progress").returncode == 0
    file = tmp_path / "run.json"
    assert manage("one", "export_run", 1, "--output", file).returncode == 0
    assert manage("one", "export_run", 1).stdout == file.read_text()
    assert manage("one", "verify_run", 1).returncode == 0
    elsewhere = manage("two", "verify_run", file)
    assert (elsewhere.returncode, elsewhere.stderr) == (0, "")
    assert "14 scores were computed again" in elsewhere.stdout
    assert "as run 1" in manage("two", "import_run", file).stdout
    again = manage("two", "import_run", file)
    assert (again.returncode, again.stdout) == (1, "")
    assert "here already, as run 1" in again.stderr
    assert manage("two", "verify_run", 1).returncode == 0
    assert manage("two", "export_run", 1).stdout == file.read_text()
    damaged = file.read_bytes()
    place = damaged.index(b'"model_id":"sandbox/brief"') + 15
    file.write_bytes(damaged[:place] + b"X" + damaged[place + 1 :])
    named = manage("two", "verify_run", file)
    assert (named.returncode, named.stdout) == (1, "entries.brief.model_id: changed\n")
    assert manage("two", "verify_run", 99).returncode == 1
    assert manage("two", "verify_run", tmp_path / "nowhere").returncode == 1
