"""What is in Redis, under which key, for how long.

`report:{run}:{model}` (further samples `:{n}`)   all that pages show of one report, for REPORT_TTL_DAYS
`runs:index`                                      the ids of the published runs, newest first, without expiry
`page:{run}`                                      the side-by-side page of a closed run as bytes, for a minute
`ballots:{network}`                               how many ballots a network asked for, for a minute

The database is the truth. Nothing here fails because Redis is slow, full, read-only, gone, or holds something
that we did not put there: what cannot be read is built again from the database.
"""

import json
import logging
from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.core.cache import cache, caches
from django.core.cache.backends.locmem import LocMemCache
from django.db.models import F, Prefetch
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from evaluations.evidence import Note, notes_for
from evaluations.marks import anchored, without_marks
from evaluations.models import LockedContext, Report, Run, RunEntry, Score, Source
from evaluations.rendering import RENDERER_VERSION, host_of, plain, to_html, version_for
from evaluations.scoring.documents import Document, UnreadableContextError, read_documents

INDEX = "runs:index"
BANDS = {"grounded": _("found in the sources"), "partly": _("partly found in the sources")}
BANDS |= {"not_found": _("not found in the sources")}
FORM = 3  # of the cached value; a value of another form is built again
DAY = 86_400

# Bytes of HTML, in a column and of a report at least: a page has twelve columns, and AWS Lambda passes answers of at
# most 6 MB on. A report of 2,048 tokens has about 20,000.
LARGEST_COLUMN, SMALLEST_SHARE = 300_000, 30_000
LONGEST_ESCAPE = len("&amp;")

# What the serializer lets through: JSONDecodeError and UnicodeDecodeError are ValueErrors, and JSON nested too
# deep is a RecursionError.
UNREADABLE = (ValueError, RecursionError)

UNSCORED: dict[str, Any] = {"scorer_version": "", "scores": {}}

logger = logging.getLogger(__name__)
Shown = dict[str, Any]


def page_key(run: int) -> str:
    """The key of a ready-made page (`evaluations.ready_made`)."""
    return f"page:{run}"


def store_reports(run: Run) -> None:
    """Put every report of a run into the cache, a published run on the index, and take its ready-made page away.

    Called when a run is published, and again whenever a report of it changes: rescored, withheld, settled. A cache
    that ends with this process is only emptied: what a command puts there, nobody reads.
    """
    if not outlives_this_process():
        forget(run)
        return
    fresh = {key_of(shown): shown for shown in built(run)}
    if ignoring_failures(f"storing run {run.pk}", lambda: store(fresh) and forget_page(run)):
        store_index()


def reports(run: Run) -> list[Shown]:
    """All that pages show of each report of a run, in roster order, samples in theirs.

    One read from the cache. What is missing there, out of date, or not ours is built from the database and
    stored again. A model that took part without any report has an entry with the state "missing".
    """
    wanted = wanted_reports(run)
    found = ignoring_failures(f"reading run {run.pk}", lambda: read(list(wanted)))
    good = {key: value for key, value in (found or {}).items() if is_current(value, wanted[key]) and is_ours(value)}
    if len(good) == len(wanted):
        return [good[key] for key in wanted]
    fresh = {key_of(shown): shown for shown in built(run)}
    if found is not None:  # a cache that could not be read is not asked again
        repaired = {key: shown for key, shown in fresh.items() if key not in good}
        ignoring_failures(f"storing run {run.pk} again", lambda: store(repaired))
    return list(fresh.values())


def forget(run: Run) -> None:
    """Take a run out of the cache, because it is withdrawn or purged."""
    keys = list(wanted_reports(run))
    ignoring_failures(f"forgetting run {run.pk}", lambda: cache.delete_many(keys))
    ignoring_failures(f"forgetting the page of run {run.pk}", lambda: forget_page(run))
    store_index()


def forget_page(run: Run) -> bool:
    """Take the ready-made page of a run away: the next reader gets a new one."""
    cache.delete(page_key(run.pk))
    return True


def count_ballot(network: str) -> int:
    """How many ballots this network has asked for within a minute, this one included; 0 where nobody counts."""
    key = f"ballots:{network}"

    def counted() -> int:
        cache.add(key, 0, timeout=60)
        return int(cache.incr(key))

    try:
        return ignoring_failures("counting a ballot", counted) or 0
    except ValueError:  # it expired between the two
        return 1


def outlives_this_process() -> bool:
    """Whether what is stored is there for others, and later."""
    return not isinstance(caches["default"], LocMemCache)


# Keys and values


def report_key(run: int, model: str, sample: int = 1) -> str:
    """The key of one report."""
    return f"report:{run}:{model}" if sample == 1 else f"report:{run}:{model}:{sample}"


def key_of(shown: Shown) -> str:
    """The key under which this value belongs."""
    return report_key(shown["run"], shown["model"], shown["sample"])


def wanted_reports(run: Run) -> dict[str, Shown]:
    """Every key of a run in roster order, each with what its value has to say to be up to date."""
    purged = bool(run.context and run.context.purged_at)
    rows = (
        RunEntry.objects.filter(run=run)
        .annotate(sample=F("reports__sample"), state=F("reports__state"), withheld_at=F("reports__withheld_at"))
        .order_by("position", "pk", "sample")
        .values_list("slug", "sample", "state", "withheld_at")
    )
    return {
        report_key(run.pk, slug, sample or 1): {
            "form": FORM,
            "renderer": RENDERER_VERSION,
            "run": run.pk,
            "model": slug,
            "sample": sample or 1,
            "state": state or "missing",
            "withheld": withheld_at is not None,
            "purged": purged,
        }
        for slug, sample, state, withheld_at in rows
    }


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
        sealed(as_shown(entry, report) | words_of(entry, report, of_report, documents))
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
    except (UnreadableContextError, *UNREADABLE):
        return ()


def sentences_of(report: Report) -> list[dict[str, Any]]:
    """The scored sentences of a report, by the newest scorer; none where it has no text or no scores."""
    if not report.pk or not report.text:
        return []
    version = scores_of(report)["scorer_version"]
    rows = [score for score in report.grounding if score.scorer_version == version]  # type: ignore[attr-defined]
    sentences: list[dict[str, Any]] = rows[-1].evidence.get("sentences", []) if rows else []
    return sentences


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
    labels = [f"{number}: {BANDS[note['band']]}" for number, note in enumerate(notes, 1)]
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


# The seal: only this site's own values become part of a page


def seal_of(shown: Shown) -> str:
    """A signature of the value under the site's key."""
    content = json.dumps({key: value for key, value in shown.items() if key != "seal"}, sort_keys=True)
    return salted_hmac("evaluations.cache", content, algorithm="sha256").hexdigest()


def sealed(shown: Shown) -> Shown:
    """The value with its signature."""
    return shown | {"seal": seal_of(shown)}


def is_ours(value: Shown) -> bool:
    """Whether this value was put there by this site, unchanged since."""
    return constant_time_compare(str(value.get("seal", "")), seal_of(value))


def is_current(value: Any, wanted: Shown) -> bool:
    """Whether this is a report at all, of the right form, and says what the database says."""
    return isinstance(value, dict) and wanted.items() <= value.items()


# How anything is read and written


def read(keys: list[str]) -> Shown:
    """What the cache has under these keys; nothing where one value is not even JSON."""
    try:
        return dict(cache.get_many(keys))
    except UNREADABLE as error:
        logger.warning("Cache: something unreadable under one of %s (%s).", keys, error)
        return {}


def store(values: dict[str, Shown]) -> bool:
    """Write reports, each for as long as REPORT_TTL_DAYS says."""
    if values:
        cache.set_many(values, timeout=(settings.REPORT_TTL_DAYS or 0) * DAY)
    return True


def store_index() -> None:
    """Write the index of published runs."""
    ids = list(Run.objects.published().values_list("pk", flat=True))
    ignoring_failures("storing the index of runs", lambda: cache.set(INDEX, ids, timeout=None))


def server_errors() -> tuple[type[Exception], ...]:
    """What django-redis lets through: errors of the server, the connection, the socket.

    Asked for when something failed: redis takes a tenth of a command's start to import, and most never need it.
    """
    from redis.exceptions import RedisError

    return (RedisError, OSError)


def ignoring_failures[T](doing: str, ask: Callable[[], T]) -> T | None:
    """What the cache answers; None, and one line in the log, where it does not."""
    try:
        return ask()
    except server_errors() as error:
        logger.warning("Cache: %s failed (%s: %s).", doing, type(error).__name__, error)
        return None
