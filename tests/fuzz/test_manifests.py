"""Whatever stands in a file that somebody sealed, importing it ends in a run that can be shown, or in our own words."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from evaluations.errors import BadInputError
from evaluations.manifests import documents, exports, imports
from evaluations.manifests.documents import seal_document, to_bytes
from evaluations.models import Attempt, Evaluation, Report, Run
from evaluations.pipeline import runs
from evaluations.pipeline.start import start
from tests.fuzz.conftest import PARTS, Border
from tests.fuzz.oddities import ODD, Mutant, Path, encoded, nodes, with_node
from tests.pipeline.conftest import quick_sandbox

__all__ = ["quick_sandbox"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_sandbox")]

# Beside the odd values of every border, what is odd in a manifest.
MOMENTS = (
    "0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00", "9999-12-30T00:00:00+00:00", "2026-01-01T00:00:00Z",
    "2026-01-01T00:00:00+02:00", "20260101T000000+0000", "2026-W01-1T00:00:00+00:00", "2026-01-01", "20260101",
    "2026-01-01T00:00:00.000000001+00:00", "1e-3", "0.10", "+1", "1E+2", "0.0000000001", "١", -0.0, 1e308, 5e-324,
    1e22, {"spam": 1}, "grounded", "published", "javascript:alert(1)", "é",
)  # fmt: skip


def content_of(run: Run) -> dict[str, Any]:
    document = exports.manifest(Run.objects.select_related("evaluation", "prompt", "context").get(pk=run.pk))
    return {name: value for name, value in document.items() if name != "sha256"} | {"site": "http://elsewhere.example"}


def of_older_scorers(content: dict[str, Any]) -> dict[str, Any]:
    """The same document with scores that nobody computes again: pages show them as they stand."""
    (scores,) = content["reports"]["brief"]["1"]["scores"].values()
    return with_node(content, ("reports", "brief", "1", "scores"), {"0": scores})


def mutants(content: dict[str, Any]) -> Iterator[Mutant]:
    for path in nodes(content):
        for value in (*ODD, *MOMENTS):
            if path:
                yield Mutant(with_node(content, path, value), ".".join(map(str, path)), value)


def resealed(mutant: Mutant) -> bytes:
    """The file with hashes that fit, as somebody would make it who wants us to read it."""
    try:
        return to_bytes(seal_document(mutant.document))
    except (TypeError, ValueError, RecursionError, AttributeError):
        return encoded({**mutant.document, "sha256": {"parts": {}, "whole": ""}})


@pytest.fixture
def run() -> Run:
    """A published run with sources and scores, and a report of which nobody knows what became of it."""
    evaluation = Evaluation.objects.get(slug="sandbox")
    evaluation.roster.exclude(slug__in=["brief", "inventor"]).delete()
    evaluation.queries.exclude(position=1).delete()
    run = runs.execute(start(evaluation))
    unknown = Report.objects.filter(entry__slug="inventor")
    Attempt.objects.filter(report__in=unknown).update(state="unknown", body=None, cost_usd=None)
    unknown.first().scores.all().delete()
    unknown.update(state="unknown_outcome", error="deadline", text="", flags=[], finish_reason="", cost_usd=None)
    return run


@pytest.mark.parametrize("part", range(PARTS))
def test_resealed_manifests(border: Border, run: Run, part: int) -> None:
    content = content_of(run)
    whole = Run.objects.count()
    for mutant in border.take(chain(mutants(content), mutants(of_older_scorers(content))), 0.085 / PARTS, part):
        try:
            with transaction.atomic():
                take_in(mutant)
                transaction.set_rollback(True)
        except BadInputError:
            pass
        except Exception as error:  # noqa: BLE001 - counted
            border.escapes.append(f"{mutant}: {type(error).__name__}: {error}"[:300])
    assert Run.objects.count() == whole
    border.hold()


def take_in(mutant: Mutant) -> None:
    """Import it; what is imported verifies, and every page of it can be read."""
    imported, _ = imports.import_run(resealed(mutant))
    Evaluation.objects.filter(pk=imported.evaluation_id).update(public=True)
    found = exports.verify(Run.objects.select_related("evaluation", "prompt", "context").get(pk=imported.pk))
    assert not found.differences, found.differences[:3]
    client = Client(raise_request_exception=True)
    query = f"?evaluation={imported.evaluation.slug}"
    for address in (f"/runs/{imported.pk}/", f"/runs/{imported.pk}/context/", f"/api/runs/{imported.pk}/", "/"):
        answer = client.get(address + query)
        assert answer.status_code in (200, 301, 302, 404), (address, answer.status_code)
    assert f"/runs/{imported.pk}/" not in client.get("/" + query).get("Location", "")


def test_the_control_the_untouched_document_is_imported(run: Run) -> None:
    content = content_of(run)
    take_in(Mutant(content, "", ""))
    take_in(Mutant(of_older_scorers(content), "", ""))
    assert Run.objects.count() == 3


def test_the_control_a_border_that_lets_everything_through_is_found(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    content = content_of(run)
    moment: Path = ("run", "published_at")
    late = Mutant(with_node(content, moment, "0001-01-01T00:00:00+05:00"), "run.published_at", "")
    with pytest.raises(BadInputError, match=r"run\.published_at"):
        imports.import_run(resealed(late))
    monkeypatch.setattr("evaluations.manifests.checks.misfits", lambda _document: iter(()))
    with pytest.raises((OverflowError, ValueError)):
        imports.import_run(resealed(late))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("run", "published_at"), "9999-12-30T00:00:00+00:00"),
        (("run", "published_at"), "0001-01-01T00:00:00+05:00"),
        (("run", "created_at"), "2026-01-01T00:00:00Z"),
        (("run", "work_seconds"), 10**309),
        (("run", "max_usd_per_call"), "5E-1"),
        (("run", "partial"), 0),
        (("reports", "brief", "1", "flags"), [{"spam": 1}]),
        (("reports", "brief", "1", "flags"), {"spam": 1}),
        (("entries", "brief", "slug"), "brìef"),
    ],
)
def test_what_no_export_would_write_is_refused_by_its_path(path: Path, value: Any, run: Run) -> None:
    content = content_of(run)
    with pytest.raises(BadInputError, match=r"\.".join(path[:2])):
        imports.import_run(resealed(Mutant(with_node(content, path, value), "", value)))
    assert Run.objects.count() == 1


def test_a_file_of_another_kind_is_called_what_it_is() -> None:
    for payload, words in ((b"# Futbol Report\n\nRead me.", "it is not JSON"), (b"\xff\xfe", "it is not UTF-8")):
        with pytest.raises(BadInputError, match=f"This is no manifest of a run.*{words}"):
            documents.read(payload)
