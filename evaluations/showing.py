"""All that pages show of one report, from the database: what the cache keeps and the columns are made of."""

import json
from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from evaluations.evidence import Note, notes_for
from evaluations.marks import anchored, without_marks
from evaluations.models import LockedContext, Report, Run, RunEntry, Score, Source
from evaluations.rendering import RENDERER_VERSION, host_of, plain, to_html, version_for
from evaluations.scoring.context.documents import Document, UnreadableContextError, read_documents

BANDS = {
    "grounded": _("found in the sources"),
    "mostly": _("found in the sources, but not every fact"),  # grounded as a whole, with a fact that is in no source
    "partly": _("partly found in the sources"),
    "not_found": _("not found in the sources"),
}
FORM = 3  # of the cached value; a value of another form is built again

# Bytes of HTML, in a column and of a report at least: a page has twelve columns, and AWS Lambda passes answers of at
# most 6 MB on. A report of 2,048 tokens has about 20,000.
LARGEST_COLUMN, SMALLEST_SHARE = 300_000, 30_000
LONGEST_ESCAPE = len("&amp;")
UNSCORED: dict[str, Any] = {"scorer_version": "", "scores": {}}

Shown = dict[str, Any]


def built(run: Run) -> list[Shown]:
    """Every report of a run as pages show it, from the database."""
    grounding = Score.objects.filter(metric="groundedness").order_by("computed_at", "pk")
    entries = (
        RunEntry.objects.filter(run=run)
        .select_related("run__context")
        .defer("run__context__payload", "run__system_message")
        .order_by("position", "pk")
        .prefetch_related(
            "reports",
            Prefetch("reports__scores", Score.objects.defer("evidence")),
            Prefetch("reports__scores", grounding, to_attr="grounding"),
        )
    )
    rows = [(entry, report) for entry in entries for report in entry.reports.all() or [Report()]]
    documents = documents_of(run)
    notes = notes_for([(report.text, sentences_of(report)) for _, report in rows], documents)
    return [
        as_shown(entry, report) | words_of(entry, report, of_report, documents)
        for (entry, report), of_report in zip(rows, notes, strict=True)
    ]


def documents_of(run: Run) -> Sequence[Document]:
    """The run's sources as the scorer read them; without their text where they were purged."""
    stored = LockedContext.objects.filter(runs=run.pk)
    payload = stored.values_list("payload", flat=True).first()
    if not payload:
        rows = Source.objects.filter(context=run.context_id).order_by("rank")
        return [Document(row.title, "", row.url) for row in rows]
    try:
        return read_documents(json.loads(bytes(payload)))
    except (UnreadableContextError, ValueError, RecursionError):
        return ()


def sentences_of(report: Report) -> list[dict[str, Any]]:
    """The scored sentences of a report, by the newest scorer; none where it has no text or no scores."""
    if not report.pk or not report.text:
        return []
    version = scores_of(report)["scorer_version"]
    rows = [score for score in report.grounding if score.scorer_version == version]  # type: ignore[attr-defined]
    sentences: list[dict[str, Any]] = rows[-1].evidence.get("sentences", []) if rows else []
    return sentences


def verdict(band: str, missing: Sequence[str]) -> Any:
    """In words how much of a sentence the sources say; `missing` are its facts that are in none of them."""
    return BANDS["mostly" if band == "grounded" and missing else band]


def shown_source(source: Document) -> Shown:
    """A source as a page links to it; an address that must not become a link has no host."""
    return {"title": source.title, "url": source.url, "host": host_of(source.url) or ""}


def words_of(entry: RunEntry, report: Report, notes: list[Note], documents: Sequence[Document]) -> Shown:
    """What a report says, plain and marked, with the evidence of its sentences; nothing where it is withheld."""
    if report.withheld_at is not None:
        return {}
    room = max(LARGEST_COLUMN // max(1, len(entry.reports.all())), SMALLEST_SHARE)
    marked = shown_part(html_of(report), report.text, room)
    if "<sup>" not in marked:  # too costly to mark: the evidence would belong to nothing that can be seen
        notes = []
    # Short, because it stands four times beside every sentence; of the two positions only this one is unique.
    anchor = f"e{entry.blind_position}" if report.sample == 1 else f"e{entry.blind_position}-{report.sample}"
    labels = [f"{number}: {verdict(note['band'], note['missing'])}" for number, note in enumerate(notes, 1)]
    return {
        "text": report.text,
        "html": without_marks(marked),
        "marked": anchored(marked, anchor, labels) if notes else "",
        "anchor": anchor,
        "notes": notes,
        "sources": {
            str(number): shown_source(documents[number])
            for number in sorted({note["source"] for note in notes if note["source"] is not None})
        },
        "flags": report.flags,
    }


def shown_part(markup: str, text: str, room: int) -> str:
    """A report's HTML as a page has room for it: whole, or its beginning as plain text and how much more there is."""
    if len(markup.encode()) <= room:
        return markup
    beginning = text[: room // LONGEST_ESCAPE]
    if beginning == text:
        return plain(text)
    more = f"{len(text) - len(beginning):,}".replace(",", "\u2009")
    note = _("The report goes on for {more} characters: more than a page can hold.").format(more=more)
    return f"{plain(beginning)}<p><small>{escape(note)}</small></p>\n"


def as_shown(entry: RunEntry, report: Report) -> Shown:
    """All that pages show of one report; an unsaved one stands for a model without any."""
    withheld = report.withheld_at is not None
    return {
        "form": FORM,
        "renderer": RENDERER_VERSION,
        "run": entry.run_id,
        "model": entry.slug,
        "sample": report.sample,
        "report": report.pk,
        "state": report.state if report.pk else "missing",
        "withheld": withheld,
        "withheld_note": report.withheld_note if withheld else "",
        "readable": bool(report.pk) and report.readable,
        "name": entry.name,
        "model_id": entry.model_id,
        "provider": entry.provider_slug,
        "parameters": entry.parameters,
        "blind_label": entry.blind_label,
        "blind_position": entry.blind_position,
        "served_model": report.served_model,
        "served_provider": report.served_provider,
        "finish_reason": report.finish_reason,
        "error": report.error,
        "input_tokens": report.input_tokens,
        "output_tokens": report.output_tokens,
        "seconds": report.latency_seconds,
        "cost_usd": None if report.cost_usd is None else str(report.cost_usd),
        "answered_at": report.answered_at.isoformat() if report.answered_at else None,
        "purged": bool(entry.run.context and entry.run.context.purged_at),
        **(UNSCORED if withheld else scores_of(report)),
    }


def html_of(report: Report) -> str:
    """The report's HTML as today's renderer makes it, with the marks of its newest scores."""
    sentences = sentences_of(report)
    version = version_for(scores_of(report)["scorer_version"] if sentences else "")
    return report.html if report.renderer_version == version else to_html(report.text, sentences)


def scores_of(report: Report) -> Shown:
    """The newest scores by metric, all of one scorer version."""
    scores = report.newest_scores()
    version = scores[0].scorer_version if scores else ""
    return {"scorer_version": version, "scores": {score.metric: score.value for score in scores}}
