"""What a manifest claims, computed again: hashes of prompt, material and messages, and every score."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from evaluations.contexts import canonical, digest
from evaluations.manifests.documents import Document, join_path
from evaluations.manifests.shape import has_good_sentences, misfits
from evaluations.providers.batch import Messages
from evaluations.scoring import version as scorer
from evaluations.scoring.context.documents import UnreadableContextError
from evaluations.scoring.context.index import ContextIndex, index_context
from evaluations.scoring.format.schema import FormatError, validate
from evaluations.scoring.measures import FLAGS, Measures, language_of, measure, own_names


@dataclass
class Findings:
    """What differs, by path; what could not be computed again, and why; how many scores were."""

    differences: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    scores: int = 0


def check(document: Document) -> Findings:
    """Recompute all that the document claims. Its own hashes are not looked at: `documents.read` has done that."""
    found = Findings(sorted(misfits(document)) or sorted(odd_sentences(document)))
    if found.differences:
        return found
    found.differences += [*name_differences(document), *hash_differences(document)]
    if found.differences:
        return found
    context = document["context"]
    try:
        validate(document["prompt"]["output_format"])
        if context["payload"] is not None:
            check_scores(document, found)
    except (FormatError, UnreadableContextError) as error:
        found.differences.append(f"prompt or context: no score can be computed from it: {error}")
    if context["payload"] is None:
        found.notes.append(
            f"Sources purged on {context['purged_at'][:10]}: neither the messages nor the scores can be computed again."
            if context["purged_at"]
            else "The run never had material: there is nothing to compute again."
        )
    return found


def odd_sentences(document: Document) -> Iterator[str]:
    """Evidence that pages could not mark a report with."""
    for path, report in reports_of(document):
        for version, scores in report["scores"].items():
            if not has_good_sentences(scores.get("groundedness", {}).get("evidence", {})):
                yield f"{join_path(f'{path}.scores', version)}.groundedness.evidence.sentences: not of the right kind"


def material_of(document: Document) -> bytes | None:
    """The bytes that every model read; None where they were purged."""
    payload = document["context"]["payload"]
    return canonical(payload) if isinstance(payload, dict) else payload and payload.encode()


def name_differences(document: Document) -> Iterator[str]:
    """Records that stand under another name than their own, and reports of models that did not take part."""
    yield from (f"entries.{name}.slug: another" for name, entry in document["entries"].items() if entry["slug"] != name)
    yield from (f"entries.{slug}: missing" for slug in document["reports"] if slug not in document["entries"])
    for path, report in reports_of(document):
        if path.rpartition(".")[2] != str(report["sample"]):
            yield f"{path}.sample: another"
        yield from (
            f"{path}.attempts.{name}.number: another"
            for name, attempt in report["attempts"].items()
            if name != str(attempt["number"])
        )


def hash_differences(document: Document) -> Iterator[str]:
    """Hashes of prompt, material and messages that are not those of the texts, and sources not in the material."""
    prompt, context = document["prompt"], document["context"]
    if digest(prompt["system_message"].encode()) != prompt["sha256"]:
        yield "prompt.system_message: its SHA-256 is not prompt.sha256"
    material = material_of(document)
    if material is None:
        return
    if digest(material) != context["sha256"]:
        yield "context.payload: its SHA-256 is not context.sha256"
    if isinstance(context["payload"], dict):
        yield from source_differences(context)
    messages = Messages(prompt["system_message"], material.decode()).sha256
    for path, report in reports_of(document):
        for number, attempt in report["attempts"].items():
            if attempt["messages_sha256"] != messages:
                yield f"{path}.attempts.{number}.messages_sha256: not the SHA-256 of prompt and material"


def source_differences(context: Mapping[str, Any]) -> Iterator[str]:
    """Sources that are not as they stand in the material."""
    rows = context["payload"].get("sources")
    if not isinstance(rows, list):
        yield "context.payload.sources: not a list"
        return
    locked = {str(row.get("rank")): row for row in rows if isinstance(row, dict)}
    for rank in sorted(locked.keys() | context["sources"].keys(), key=lambda rank: (len(rank), rank)):
        listed = context["sources"].get(rank)
        if listed is None or rank not in locked:
            yield f"context.sources.{rank}: {'missing' if listed is None else 'not in the material'}"
            continue
        row = locked[rank]
        row = {"text_failure": "", **row, "has_text": bool(row.get("text"))}
        for name, value in listed.items():
            if row.get(name) != value:
                yield f"context.sources.{rank}.{name}: not as in the material"


def reports_of(document: Document) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every report with its path."""
    for slug, samples in document["reports"].items():
        for sample, report in samples.items():
            yield join_path(join_path("reports", slug), sample), report


def check_scores(document: Document, found: Findings) -> None:
    """Compute every score of today's version again."""
    language = language_of(document["prompt"]["output_format"])
    index, older = index_context(document["context"]["payload"], language), set()
    for slug, samples in document["reports"].items():
        entry = document["entries"][slug]
        for sample, report in samples.items():
            path = join_path(join_path("reports", slug), sample)
            others = report["scores"].keys() - {scorer.SCORER_VERSION}
            older |= others
            if stored := report["scores"].get(scorer.SCORER_VERSION):
                measured = remeasure(index, document, entry, report)
                found.scores += len(stored)
                found.differences += score_differences(f"{path}.scores.{scorer.SCORER_VERSION}", stored, measured)
                if not others and set(report["flags"]) & FLAGS != measured.flags:
                    found.differences.append(f"{path}.flags: the scorers flag {sorted(measured.flags) or 'nothing'}")
    found.notes += [
        f"Scores of version {version} were not computed again: today's scorers have version {scorer.SCORER_VERSION}."
        for version in sorted(older)
    ]


def remeasure(index: ContextIndex, document: Document, entry: Mapping[str, Any], report: Mapping[str, Any]) -> Measures:
    """The scores that today's scorers give the report."""
    return measure(
        index,
        report["text"],
        document["prompt"]["output_format"],
        finish_reason=report["finish_reason"],
        own_names=own_names(entry["name"], entry["model_id"]),
        cost_usd=None if report["cost_usd"] is None else Decimal(report["cost_usd"]),
    )


def score_differences(path: str, stored: Mapping[str, Any], measured: Measures) -> Iterator[str]:
    """Metrics whose value or evidence is not what today's scorers compute."""
    for metric in sorted(stored.keys() | measured.metrics.keys()):
        if metric not in stored or metric not in measured.metrics:
            yield f"{path}.{metric}: {'missing' if metric in measured.metrics else 'not known'}"
            continue
        value = measured.metrics[metric].value
        if stored[metric]["value"] != value:
            yield f"{path}.{metric}.value: stored {stored[metric]['value']}, computed again {value}"
        yield from differences_in(
            stored[metric]["evidence"], measured.metrics[metric].evidence, f"{path}.{metric}.evidence"
        )


def differences_in(stored: Any, computed: Any, path: str) -> Iterator[str]:
    """The innermost places where two JSON values differ."""
    if isinstance(stored, dict) and isinstance(computed, dict) and stored.keys() == computed.keys():
        for name in stored:
            yield from differences_in(stored[name], computed[name], join_path(path, name))
    elif isinstance(stored, list) and isinstance(computed, list) and len(stored) == len(computed):
        for place, (one, other) in enumerate(zip(stored, computed, strict=True)):
            yield from differences_in(one, other, f"{path}[{place}]")
    elif stored != computed:
        yield f"{path}: not what is computed again"
