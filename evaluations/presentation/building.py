"""From the database to cards: words, marks, evidence, and what a voter reads. Only who builds cards needs this."""

import html
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Prefetch
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from evaluations.models import LockedContext, Report, Run, RunEntry, Score, Source
from evaluations.scoring.context.documents import Document, UnreadableContextError, read_documents

from .cards import Card, CitedSource, Note, Scores, verdict
from .differences import statements
from .evidence import notes_for
from .hosts import host_of
from .markdown import preformat, to_html
from .marks import link_notes, without_marks
from .masking.masks import mask
from .masking.names import Author
from .masking.self_naming import self_namings
from .masking.sources import Sources
from .versions import version_for
from .wording.plain_lines import shorten

# Bytes of HTML, in a column and of a report at least: a page has twelve columns, and AWS Lambda passes answers of at
# most 6 MB on. A report of 2,048 tokens has about 20,000.
LARGEST_COLUMN, SMALLEST_SHARE = 300_000, 30_000
LONGEST_ESCAPE = len("&amp;")
LONGEST_BLIND = 100_000  # characters of a report while its vote is open; one of 2,048 tokens has about 8,000
READ_FOR_OPENING = 1_500  # characters
SHORTEST_OPENING, LONGEST_OPENING = 60, 160
TAG = re.compile(r"<[^>]*>")
BLOCK_END = re.compile(r"</(?:p|li|h\d|td|th|tr|pre|blockquote)>|<br>")


def build_cards(run: Run) -> list[Card]:
    """The card of every report of a run, from the database."""
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
    cards = [
        with_words(make_card(entry, report), entry, report, of_report, documents)
        for (entry, report), of_report in zip(rows, notes, strict=True)
    ]
    if not run.is_blind:  # masking takes longer than all the rest
        return cards
    told = Sources((f"{one.title}\n{one.text}" for one in documents), (one.url for one in documents))
    return [blind(card, told) for card in cards]


def blind(card: Card, sources: Sources) -> Card:
    """The card with what everybody reads of it while nobody is told who wrote what."""
    if not card.on_ballots:
        return card._replace(masked=True)
    author = Author(card.name, card.model_id, (card.served_model,))
    text = card.text if len(card.text) <= LONGEST_BLIND else f"{card.text[:LONGEST_BLIND]}\n\n…"
    masked = mask(text, author, sources)
    markup = to_html(masked.text)
    if masked.cuts and self_namings(in_view(markup), author, sources):  # what only rendering brought together
        markup = preformat(mask(in_view(markup), author, sources).text)
    shown = shown_part(markup, masked.text, LARGEST_COLUMN)
    opening = opening_of(masked.text)
    return card._replace(masked=True, blind_text=masked.text, blind_html=shown, blind_opening=opening)


def opening_of(text: str) -> str:
    """The first statement of a report that is long enough to be read alone."""
    found = [statement.words for statement in statements(text[:READ_FOR_OPENING])]
    first = next((words for words in found if len(words) >= SHORTEST_OPENING), next(iter(found), ""))
    return shorten(first, LONGEST_OPENING)


def in_view(markup: str) -> str:
    """What a reader sees of a report's HTML."""
    return html.unescape(TAG.sub("", BLOCK_END.sub("\n", markup)))


def make_card(entry: RunEntry, report: Report) -> Card:
    """What is known of a report besides its words; an unsaved one stands for a model without any."""
    withheld = report.withheld_at is not None
    return Card(
        run=entry.run_id,
        model=entry.slug,
        sample=report.sample,
        report=report.pk,
        state=report.state if report.pk else "missing",
        withheld=withheld,
        withheld_note=report.withheld_note if withheld else "",
        readable=bool(report.pk) and report.readable,
        purged=bool(entry.run.context and entry.run.context.purged_at),
        name=entry.name,
        model_id=entry.model_id,
        provider=entry.provider_slug,
        parameters=entry.parameters,
        blind_label=entry.blind_label,
        blind_position=entry.blind_position,
        served_model=report.served_model,
        served_provider=report.served_provider,
        finish_reason=report.finish_reason,
        error=report.error,
        input_tokens=report.input_tokens,
        output_tokens=report.output_tokens,
        seconds=report.latency_seconds,
        cost_usd=report.cost_usd,
        answered_at=report.answered_at.isoformat() if report.answered_at else None,
        scores=Scores() if withheld else Scores.of(report),
    )


def with_words(
    card: Card, entry: RunEntry, report: Report, notes: Sequence[Note], documents: Sequence[Document]
) -> Card:
    """The card with what its report says, plain and marked, and the evidence; without where it is withheld."""
    if card.withheld:
        return card
    room = max(LARGEST_COLUMN // max(1, len(entry.reports.all())), SMALLEST_SHARE)
    marked = shown_part(html_of(report), report.text, room)
    if "<sup>" not in marked:  # too costly to mark: the evidence would belong to nothing that can be seen
        notes = ()
    # Short, because it stands four times beside every sentence; of the two positions only this one is unique.
    anchor = f"e{card.blind_position}" if card.sample == 1 else f"e{card.blind_position}-{card.sample}"
    labels = [f"{number}: {verdict(note.band, note.missing)}" for number, note in enumerate(notes, 1)]
    return card._replace(
        text=report.text,
        html=without_marks(marked),
        marked=link_notes(marked, anchor, labels) if notes else "",
        anchor=anchor,
        notes=tuple(notes),
        sources=cited_sources(notes, documents),
        flags=tuple(report.flags),
    )


def cited_sources(notes: Iterable[Note], documents: Sequence[Document]) -> dict[int, CitedSource]:
    """The sources that the notes name, by their number."""
    numbers = sorted({note.source for note in notes if note.source is not None})
    return {
        number: CitedSource(documents[number].title, documents[number].url, host_of(documents[number].url) or "")
        for number in numbers
    }


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
    version = Scores.of(report).version
    rows = [score for score in report.grounding if score.scorer_version == version]  # type: ignore[attr-defined]
    sentences: list[dict[str, Any]] = rows[-1].evidence.get("sentences", []) if rows else []
    return sentences


def html_of(report: Report) -> str:
    """The report's HTML as today's renderer makes it, with the marks of its newest scores."""
    sentences = sentences_of(report)
    version = version_for(Scores.of(report).version if sentences else "")
    return report.html if report.renderer_version == version else to_html(report.text, sentences)


def shown_part(markup: str, text: str, room: int) -> str:
    """A report's HTML as a page has room for it: whole, or its beginning as plain text and how much more there is."""
    if len(markup.encode()) <= room:
        return markup
    beginning = text[: room // LONGEST_ESCAPE]
    if beginning == text:
        return preformat(text)
    more = f"{len(text) - len(beginning):,}".replace(",", "\u2009")
    note = _("The report goes on for {more} characters: more than a page can hold.").format(more=more)
    return f"{preformat(beginning)}<p><small>{escape(note)}</small></p>\n"
