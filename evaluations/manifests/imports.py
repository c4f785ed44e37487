"""From a manifest to a stored run: checked first, then written in one transaction."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from evaluations.errors import BadInputError, FutbolReportError
from evaluations.models import (
    Attempt,
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
from evaluations.models.bulk import update_rows
from evaluations.presentation import markdown, versions
from evaluations.wire.failures import Failure

from . import checks, documents, exports, shape
from .checks import Findings
from .documents import DamagedError, Document
from .shape import load_record


def import_run(payload: bytes) -> tuple[Run, Findings]:
    """Store the run of an exported file, under a new number, and say what could not be checked.

    Raises BadInputError where the file is damaged or is here already; nothing is stored then.
    """
    document = documents.read(payload)
    found = checks.check(document)
    if found.differences:
        raise DamagedError(found.differences)
    require_known_states(document)
    refuse_duplicate(document)
    try:
        with transaction.atomic():
            run = store(document)
            if lost := exports.import_differences(run, exports.manifest(run)):
                raise DamagedError(lost)  # what would not come back as it came
    except IntegrityError as error:
        refuse_duplicate(document)  # another process was faster
        raise BadInputError(f"The manifest contradicts itself: {error}") from error
    except DatabaseError as error:
        raise BadInputError(f"The manifest holds a value that the database refuses: {error}") from error
    return run, found


def require_known_states(document: Document) -> None:
    """Refuse states and kinds that this version does not have, and runs under way."""
    settled = set(Run.State.values) - set(Run.LIVE)
    places = [("run.state", document["run"]["state"], settled), ("run.kind", document["run"]["kind"], Run.Kind.values)]
    for path, report in checks.reports_of(document):
        places.append((f"{path}.state", report["state"], Report.State.values))
        places += [
            (f"{path}.attempts.{number}.state", attempt["state"], Attempt.State.values)
            for number, attempt in report["attempts"].items()
        ]
    if unknown := [f"{path}: {value!r} is not known here" for path, value, known in places if value not in known]:
        raise DamagedError(unknown)


def refuse_duplicate(document: Document) -> None:
    """Refuse a run that is here already, imported or made here."""
    whole = document["sha256"]["whole"]
    known = Run.objects.filter(imported_sha256=whole).first() or original_of(document, whole)
    if known:
        raise BadInputError(f"This run is here already, as run {known.pk}; nothing was imported.")


def original_of(document: Document, whole: str) -> Run | None:
    """The run of this installation that the file was exported from."""
    same_number = Run.objects.filter(pk=document["run"]["number"], imported_at=None)
    for run in same_number.for_work():
        try:
            if exports.manifest(run)["sha256"]["whole"] == whole:
                return run
        except FutbolReportError:
            return None
    return None


def store(document: Document) -> Run:
    """Write every row of the run."""
    evaluation = evaluation_of(document)
    fields = load_record(document["run"], {name: kind for name, kind in shape.RUN.items() if name in STORED})
    if evaluation.review_before_publishing and fields["state"] == Run.State.PUBLISHED:
        fields |= {"state": Run.State.AWAITING_REVIEW, "published_at": None}
    run = Run.objects.create(
        **fields,
        evaluation=evaluation,
        prompt=prompt_of(evaluation, document["prompt"]),
        system_message=document["prompt"]["system_message"],
        prompt_sha256=document["prompt"]["sha256"],
        context=context_of(document["context"]),
        imported_at=timezone.now(),
        imported_sha256=document["sha256"]["whole"],
        origin=origin_of(document),
    )
    Run.objects.filter(pk=run.pk).update(created_at=fields["created_at"])
    QueryAnswer.objects.bulk_create(
        QueryAnswer(run=run, **load_record(query, shape.QUERY) | failure_of(query["failure"]))
        for query in document["queries"].values()
    )
    entries = {
        slug: RunEntry(run=run, **load_record(entry, shape.ENTRY)) for slug, entry in document["entries"].items()
    }
    RunEntry.objects.bulk_create(entries.values())
    for slug, samples in document["reports"].items():
        for report in samples.values():
            store_report(entries[slug], report)
    run.refresh_from_db()
    return run


STORED = shape.RUN.keys() - {"number", "replay_of"}


def failure_of(text: str) -> dict[str, str]:
    """The fields of the reason that a manifest writes in one text."""
    failure = Failure.read(text)
    return {"failure": failure.code, "failure_detail": failure.detail}


def origin_of(document: Document) -> dict[str, Any]:
    """What the manifest says of the run that has no place of its own here."""
    return {
        "site": document["site"],
        "run": document["run"]["number"],
        "replay_of": document["run"]["replay_of"],
        "prompt_version": document["prompt"]["version"],
        "software": document["software"],
        "parts": document["sha256"]["parts"],
    }


def evaluation_of(document: Document) -> Evaluation:
    """The evaluation of that slug; made where there is none, with the schedule off and without a roster."""
    fields = document["evaluation"]
    evaluation, _ = Evaluation.objects.get_or_create(slug=fields["slug"], defaults=fields)
    if evaluation.sandbox != fields["sandbox"]:
        here, there = ("a sandbox", "real") if evaluation.sandbox else ("real", "a sandbox's")
        raise BadInputError(f"{evaluation} is {here} here, and the run is {there}; these are never mixed.")
    return evaluation


def prompt_of(evaluation: Evaluation, record: Mapping[str, Any]) -> Prompt:
    """The prompt with these words; a new one does not become the current one of an evaluation that has one."""
    words = {"system_text": record["system_text"], "output_format": record["output_format"]}
    for prompt in evaluation.prompts.filter(system_text=words["system_text"]):
        if prompt.output_format == words["output_format"]:
            return prompt
    return Prompt.objects.create(evaluation=evaluation, imported=evaluation.prompt is not None, **words)


def context_of(record: Mapping[str, Any]) -> LockedContext:
    """The locked material: the one that is here already where it has the same bytes."""
    material = checks.material_of({"context": record}) or b""
    purged_at = shape.CONTEXT["purged_at"].load(record["purged_at"])  # type: ignore[union-attr]
    context = LockedContext.objects.filter(sha256=record["sha256"], purged_at=purged_at).first()
    if context is None:
        context = LockedContext.objects.create(sha256=record["sha256"], payload=material, purged_at=purged_at)
        Source.objects.bulk_create(
            Source(context=context, **load_record(source, shape.SOURCE)) for source in record["sources"].values()
        )
    return context


def store_report(entry: RunEntry, record: Mapping[str, Any]) -> None:
    """Write a report, its attempts and its scores; it is rendered as today's renderer does it."""
    report = Report.objects.create(
        entry=entry,
        html=markdown.to_html(record["text"]) if record["text"] else "",
        renderer_version=versions.RENDERER_VERSION,
        **load_record(record, shape.REPORT),
    )
    attempts = [Attempt(report=report, **load_record(row, shape.ATTEMPT)) for row in record["attempts"].values()]
    scores = [
        Score(report=report, metric=metric, scorer_version=version, **load_record(row, shape.SCORE))
        for version, metrics in record["scores"].items()
        for metric, row in metrics.items()
    ]
    create_with_moments(Attempt, attempts, "written_at")
    create_with_moments(Score, scores, "computed_at")


def create_with_moments(model: type[Attempt] | type[Score], rows: Sequence[Any], moment: str) -> None:
    """Create rows with their own moment, where creating would stamp them with the time of day."""
    moments = [getattr(row, moment) for row in rows]
    model._default_manager.bulk_create(rows)
    for row, at in zip(rows, moments, strict=True):
        setattr(row, moment, at)
    update_rows(rows, [moment])
