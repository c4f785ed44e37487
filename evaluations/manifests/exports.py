"""From a stored run to its manifest, and what a stored run says that its own records do not."""

import platform
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import django
from django.conf import settings

from evaluations import contexts
from evaluations.errors import BadInputError, RunRefusedError
from evaluations.models import Attempt, LockedContext, Report, Run
from evaluations.presentation.versions import RENDERER_VERSION
from evaluations.providers.completions import read_completion
from evaluations.providers.registry import provider_of
from evaluations.scoring import version
from evaluations.wire.failures import Code

from . import checks, documents, shape
from .checks import Findings
from .documents import Document
from .shape import dump_record

# What may change after a run was imported: where it stands here, and further scores.
CHANGES_HERE = ("form", "site", "software.", "run.", "evaluation.", "prompt.version")


def manifest(run: Run) -> Document:
    """The run's manifest: the same bytes for the same rows. Raises RunRefusedError where it is under way."""
    if run.state in Run.LIVE:
        raise RunRefusedError(f"{run} is under way; export it when it has ended.")
    if run.context is None:
        raise RunRefusedError(f"{run} was never locked: there is nothing to export.")
    return documents.seal_document(
        {
            "form": documents.FORM,
            "site": run.origin.get("site", settings.SITE_URL),
            "software": run.origin.get("software", software()),
            "run": run_record(run),
            "evaluation": dump_record(run.evaluation, shape.EVALUATION),
            "prompt": prompt_record(run),
            "context": context_record(run.context),
            "queries": {
                # Its reason in one text, as the locked context has it.
                str(answer.position): dump_record(answer, shape.QUERY) | {"failure": str(answer.why or "")}
                for answer in run.answers.all()
            },
            "entries": {entry.slug: entry_record(entry) for entry in run.entries.all()},
            "reports": report_records(run),
        }
    )


def software() -> dict[str, str]:
    """The versions of what made the run's numbers."""
    return {
        "python": platform.python_version(),
        "django": django.get_version(),
        "scorer": version.SCORER_VERSION,
        "renderer": RENDERER_VERSION,
    }


def run_record(run: Run) -> dict[str, Any]:
    """The run itself; an imported one has the number that it had where it was made."""
    own = {"number": run.pk, "replay_of": run.replay_of_id}
    if run.imported_at:
        own = {"number": run.origin["run"], "replay_of": run.origin["replay_of"]}
    fields = {name: kind for name, kind in shape.RUN.items() if name not in own}
    # Where files lie on this machine is nobody's business; their name and hash are among the parameters.
    options = {name: value for name, value in run.search_options.items() if name != "path"}
    return dump_record(run, fields) | own | {"search_options": options}


def prompt_record(run: Run) -> dict[str, Any]:
    """The prompt as it was frozen."""
    return {
        "version": run.origin.get("prompt_version", run.prompt.version),
        "system_text": run.prompt.system_text,
        "output_format": run.prompt.output_format,
        "system_message": run.system_message,
        "sha256": run.prompt_sha256,
    }


def context_record(context: LockedContext) -> dict[str, Any]:
    """The material: as JSON where it is as it was locked, as bare text where somebody changed it."""
    payload: dict[str, Any] | str | None = None
    if not context.purged_at:
        try:
            payload = contexts.read(bytes(context.payload))
        except BadInputError:
            payload = bytes(context.payload).decode(errors="replace")
    return {
        "sha256": context.sha256,
        "purged_at": shape.json_value(context.purged_at),
        "payload": payload,
        "sources": {str(source.rank): dump_record(source, shape.SOURCE) for source in context.sources.all()},
    }


def entry_record(entry: Any) -> dict[str, Any]:
    """The model as it took part; an address without the user and password that may stand in it."""
    address = urlsplit(entry.base_url)
    bare = address._replace(netloc=address.netloc.rpartition("@")[2]).geturl()
    return dump_record(entry, shape.ENTRY) | {"base_url": bare}


def report_records(run: Run) -> dict[str, dict[str, Any]]:
    """Every report with its attempts and scores, by model and sample."""
    records: dict[str, dict[str, Any]] = {}
    reports = Report.objects.filter(entry__run=run).in_roster_order()
    for report in reports.prefetch_related("attempts", "scores").defer("html"):
        scores: dict[str, Any] = {}
        for score in report.scores.all():
            scores.setdefault(score.scorer_version, {})[score.metric] = dump_record(score, shape.SCORE)
        attempts = {str(attempt.number): dump_record(attempt, shape.ATTEMPT) for attempt in report.attempts.all()}
        record = dump_record(report, shape.REPORT) | {"attempts": attempts, "scores": scores}
        records.setdefault(report.entry.slug, {})[str(report.sample)] = record
    return records


def verify(run: Run) -> Findings:
    """Recompute all that a stored run claims, and compare it with the answers and the manifest behind it."""
    document = manifest(run)
    found = checks.check(document)
    found.differences += text_differences(run)
    if run.imported_at:
        found.differences += import_differences(run, document)
    return found


def text_differences(run: Run) -> Iterator[str]:
    """Reports whose text is not what the provider's stored answer says."""
    paid = Attempt.objects.filter(report__entry__run=run, state=Attempt.State.PAID, body__isnull=False)
    last: dict[int, Attempt] = {attempt.report_id: attempt for attempt in paid.order_by("number")}
    read = (
        Report.objects.filter(pk__in=last).exclude(state=Report.State.UNKNOWN_OUTCOME).exclude(error=Code.ANSWER_LOST)
    )
    for report in read.in_roster_order():
        entry = report.entry
        body, provider = bytes(last[report.pk].body or b""), provider_of(entry.provider_kind)
        answer = read_completion(body, entry.model_id, entry.other_names, provider)
        if report.text != answer.text:
            path = documents.join_path("reports", report.entry.slug)
            yield f"{path}.{report.sample}.text: not what the provider's stored answer says"


def import_differences(run: Run, document: Document) -> list[str]:
    """Parts of an imported run that are not as they were in its manifest."""
    now = document["sha256"]["parts"]
    purged = document["context"]["purged_at"] is not None
    return documents.differences_between(
        {path: seal for path, seal in run.origin["parts"].items() if is_lasting(path, purged)},
        {path: seal for path, seal in now.items() if path in run.origin["parts"] and is_lasting(path, purged)},
    )


def is_lasting(path: str, purged: bool) -> bool:
    """Whether a part stays as it was imported."""
    if purged and (path.startswith(("context.payload", "context.purged_at")) or path.endswith(".evidence")):
        return False
    return not path.startswith(CHANGES_HERE) and ".withheld_" not in path and not path.endswith(".flags")
