"""A run from end to end: fetch, lock, infer, score, publish. The only room that knows all five.

Each step starts from what is stored, so that a run can stop anywhere and go on: what is there is not fetched
again, asked again or paid again.
"""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import httpx
from asgiref.sync import async_to_sync, sync_to_async
from django.utils import timezone

from evaluations import cache, rendering, scoring
from evaluations.errors import RunFailedError, RunPausedError, RunRefusedError
from evaluations.models import LockedContext, QueryAnswer, Report, Run, RunEntry, Score, Source
from evaluations.scoring import value

from . import contexts, search, services
from .inference import Call, Messages, Wave
from .leases import RESUMABLE, Hold
from .ledger import Ledger
from .progress import StepNews, Watch, nobody

ENOUGH = 0.8  # of the queries; below, a run ends before a cent is spent


@dataclass
class Stop:
    """A wish to stop: no new call starts, what is under way may finish, the run is paused."""

    asked: bool = False
    _wake: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = field(default_factory=list)

    def ask(self) -> None:
        """Ask for the stop; safe in a signal handler."""
        self.asked = True
        for loop, event in self._wake:
            with suppress(RuntimeError):  # its wave is over, and its loop closed
                loop.call_soon_threadsafe(event.set)

    def attach(self, event: asyncio.Event) -> None:
        """Set `event`, of the running loop, when the stop is asked for."""
        self._wake.append((asyncio.get_running_loop(), event))
        if self.asked:
            event.set()


def resume(run: Run) -> Hold:
    """Take an unfinished run that no other worker holds. Raises RunRefusedError."""
    if run.state not in RESUMABLE:
        raise RunRefusedError(f"{run} is {run.get_state_display().lower()}: there is nothing left to do.")
    return Hold.take(run)


def execute(hold: Hold, watch: Watch = nobody, stop: Stop | None = None, at_once: int | None = None) -> Run:
    """Take the run through every step that is left and let go of it.

    Returns the run published or awaiting review. Raises RunFailedError or RunPausedError, with the run's state
    saying the same; any other exception leaves the state as it is, to be resumed.
    """
    stop = stop or Stop()
    run, started = hold.run, time.monotonic()
    try:
        if run.context is None:
            fetch(hold, watch, stop)
            lock(hold, watch)
        infer(hold, watch, stop, at_once)
        score(hold, watch)
        publish(hold, watch)
    except RunFailedError as error:
        hold.move(Run.State.FAILED, failure=str(error), finished_at=timezone.now())
        raise
    except RunPausedError as error:
        hold.move(Run.State.PAUSED, failure=str(error))
        raise
    finally:
        hold.release(work_seconds=(run.work_seconds or 0.0) + time.monotonic() - started)
    return run


def fetch(hold: Hold, watch: Watch, stop: Stop) -> None:
    """Ask every query that has no answer yet; keep each answer as it comes."""
    hold.move(Run.State.FETCHING, failure="")
    run, started = hold.run, time.monotonic()
    answers = {answer.position: answer for answer in run.answers.all()}
    open_queries = [(a.position, a.query) for a in answers.values() if a.state != QueryAnswer.State.ANSWERED]
    watch(StepNews("fetch", f"{len(open_queries)} queries"))

    def keep(position: int, outcome: search.Answer | search.Failure) -> None:
        hold.write(lambda: store_answer(answers[position], outcome))

    async def ask() -> None:
        async with httpx.AsyncClient(transport=services.sandbox_transport(run)) as client:
            await search.ask_all(services.search_of(run, client), open_queries, sync_to_async(keep))

    async_to_sync(ask)()
    if stop.asked:
        raise RunPausedError("Stopped while fetching; the answers that came are kept.")
    require_enough(list(answers.values()))
    hold.write(lambda: Run.objects.filter(pk=run.pk).update(fetch_seconds=time.monotonic() - started))


def store_answer(answer: QueryAnswer, outcome: search.Answer | search.Failure) -> None:
    """Keep what came of one query."""
    if isinstance(outcome, search.Answer):
        answer.state = QueryAnswer.State.ANSWERED
        answer.results = [asdict(result) for result in outcome.results]
        answer.seconds, answer.failure = outcome.seconds, ""
    else:
        answer.state, answer.failure = QueryAnswer.State.FAILED, str(outcome)[:300]
    answer.answered_at = timezone.now()
    answer.save()


def require_enough(answers: Sequence[QueryAnswer]) -> None:
    """Raise RunFailedError under 80 % of the queries answered, or without any result."""
    answered = [answer for answer in answers if answer.state == QueryAnswer.State.ANSWERED]
    failures = "; ".join(f"“{a.query}”: {a.failure}" for a in answers if a.failure)
    if len(answered) < ENOUGH * len(answers):
        raise RunFailedError(
            f"Only {len(answered)} of {len(answers)} queries were answered ({failures}). No model was asked and "
            "nothing was spent; the answers that came are kept for a resume."
        )
    if not any(answer.results for answer in answered):
        raise RunFailedError("The search found nothing. No model was asked and nothing was spent.")


def lock(hold: Hold, watch: Watch) -> None:
    """Freeze the material and store it, before any model is called."""
    run = hold.run
    options: dict[str, Any] = run.search_options
    locked = contexts.lock(
        datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        options["source"],
        {name: option for name, option in options.items() if name != "source"},
        [outcome_of(answer) for answer in run.answers.all()],
        budget_tokens=options["context_tokens"],
    )
    hold.write(lambda: store_lock(run, locked))
    run.refresh_from_db(fields=["context", "locked_at", "state"])
    watch(
        StepNews(
            "lock",
            f"{len(locked.document['sources'])} sources, {len(locked.payload):,} bytes, SHA-256 {locked.sha256[:12]}",
        )
    )


def store_lock(run: Run, locked: contexts.Locked) -> None:
    """Write the material and that the run is locked, unless a commit of unknown end has done so."""
    if Run.objects.filter(pk=run.pk, context__isnull=False).exists():
        return
    context = LockedContext.objects.create(sha256=locked.sha256, payload=locked.payload)
    Source.objects.bulk_create(
        Source(context=context, **{name: row[name] for name in SOURCE_FIELDS}) for row in locked.document["sources"]
    )
    Run.objects.filter(pk=run.pk).update(context=context, locked_at=timezone.now(), state=Run.State.LOCKED)


SOURCE_FIELDS = ("rank", "kind", "title", "url", "publisher", "published", "queries")


def outcome_of(answer: QueryAnswer) -> contexts.QueryOutcome:
    """A stored answer in the form that the lock takes."""
    outcome: search.Answer | search.Failure
    if answer.state == QueryAnswer.State.ANSWERED:
        rows = [row | {"snippets": tuple(row["snippets"])} for row in answer.results]
        outcome = search.Answer(tuple(search.Result(**row) for row in rows))
    else:
        outcome = search.Failure.parse(answer.failure)
    return contexts.QueryOutcome(answer.position, answer.query, outcome)


def infer(hold: Hold, watch: Watch, stop: Stop, at_once: int | None = None) -> None:
    """Ask every model for the reports that are still open, all at once."""
    run = hold.run
    hold.move(Run.State.INFERRING, failure="")
    messages = Messages(run.system_message, context_of(run).text)
    ledger = Ledger(hold, messages, watch)
    ledger.recover()
    calls = open_calls(run)
    watch(StepNews("infer", f"{len(calls)} reports, {len(messages.serialised):,} bytes each"))

    async def ask() -> Wave:
        wave = Wave(messages, sync_to_async(ledger.commit), at_once)
        stop.attach(wave.stopping)
        await wave.ask(calls)
        return wave

    wave = async_to_sync(ask)()
    if open_reports(run).exists():
        ledger.recover()  # of what was cut off after the grace time nobody knows the end
        hold.write(lambda: open_reports(run).update(state=Report.State.WAITING))
    if open_reports(run).exists():
        raise RunPausedError(why_held_back(wave))


def context_of(run: Run) -> LockedContext:
    """The run's material. Raises RunRefusedError where it was purged."""
    context = run.context
    if context is None or context.purged_at:
        when = context.purged_at if context else None
        raise RunRefusedError(
            f"{run} has no material: sources purged on {when:%Y-%m-%d}." if when else f"{run} is not locked."
        )
    return context


def open_reports(run: Run) -> Any:
    """Reports without an outcome."""
    return Report.objects.filter(entry__run=run).exclude(state__in=Report.SETTLED)


def open_calls(run: Run) -> list[Call]:
    """One call for every report without an outcome, in roster order."""
    reports = (
        open_reports(run).select_related("entry").prefetch_related("attempts").order_by("entry__position", "sample")
    )
    transport = services.sandbox_transport(run)
    return [
        Call(
            report=report.pk,
            endpoint=services.endpoint_of(report.entry, transport),
            parameters=report.entry.parameters,
            number=1 + max((attempt.number for attempt in report.attempts.all()), default=0),
            deadline=run.call_deadline_seconds,
        )
        for report in reports
    ]


def why_held_back(wave: Wave) -> str:
    """Why some calls were not sent, and what to do."""
    if wave.tripped:
        trips = ", ".join(f"{provider}: {error}" for provider, error in sorted(wave.tripped.items()))
        return f"Calls not yet sent were held back ({trips}). Mend that, then resume the run."
    if wave.paused:
        return f"Calls not yet sent were held back ({wave.paused}). Resume the run later."
    return "Stopped on request; what had arrived is kept. Resume the run to finish it."


def score(hold: Hold, watch: Watch) -> None:
    """Score and render every report that is not scored by today's scorers."""
    run = hold.run
    hold.move(Run.State.SCORING)
    left = list(
        Report.objects.filter(entry__run=run, state=Report.State.SUCCEEDED)
        .exclude(scores__scorer_version=scoring.SCORER_VERSION)
        .select_related("entry")
    )
    watch(StepNews("score", f"{len(left)} reports"))
    if not left:
        return
    index = scoring.index_context(contexts.read(bytes(context_of(run).payload)))
    for report in left:
        scores = scoring.score_report(
            index,
            report.text,
            run.prompt.output_format,
            finish_reason=report.finish_reason,
            own_names=own_names(report.entry),
        )
        html = rendering.to_html(report.text)
        hold.write(partial(store_scored, report, scores, html))


def store_scored(report: Report, scores: scoring.Scores, html: str) -> None:
    """Keep a report's scores, flags and HTML together."""
    store_scores(report, scores)
    flags = sorted({*report.flags, *(flag.name for flag in scores.flags)})
    Report.objects.filter(pk=report.pk).update(html=html, renderer_version=rendering.RENDERER_VERSION, flags=flags)


def own_names(entry: RunEntry) -> list[str]:
    """Names by which a report could give its author away; a bare word such as "brief" says nothing."""
    short = entry.model_id.split("/")[-1]
    return [entry.name, entry.model_id, *([short] if "-" in short else [])]


def store_scores(report: Report, scores: scoring.Scores) -> None:
    """Keep every computed metric with its evidence, under today's scorer version."""
    evidence = scores.as_dict()
    per_thousand = value.cost_per_1000_grounded_words(scores, report.cost_usd)
    rows: dict[str, Any] = {
        name: (evidence[name] or {}).get("value")
        for name in ("groundedness", "context_utilization", "format_compliance", "words")
    }
    rows["cost_per_1000_grounded_words"] = None if per_thousand is None else float(per_thousand)
    found = [
        Score(
            report=report,
            metric=metric,
            value=number,
            scorer_version=scoring.SCORER_VERSION,
            evidence=evidence.get(metric) or {},
        )
        for metric, number in rows.items()
    ]
    # The same scorers find the same: what a commit of unknown end has written may stay.
    Score.objects.bulk_create(found, ignore_conflicts=True)


def publish(hold: Hold, watch: Watch) -> None:
    """Finalise the run: show it, or wait for an editor. Raises RunFailedError without a single report."""
    run = hold.run
    reports = Report.objects.filter(entry__run=run)
    succeeded = reports.filter(state=Report.State.SUCCEEDED).count()
    if not succeeded:
        raise RunFailedError(f"None of {reports.count()} reports succeeded: {'; '.join(reasons(run))}.")
    now = timezone.now()
    fields: dict[str, Any] = {"partial": succeeded < reports.count(), "finished_at": now}
    if run.evaluation.review_before_publishing:
        hold.move(Run.State.AWAITING_REVIEW, **fields)
    else:
        hold.move(Run.State.PUBLISHED, **fields, **publication(run, now))
        cache.store_reports(run)
    watch(StepNews("publish", f"{succeeded} of {reports.count()} reports"))


def publication(run: Run, now: datetime) -> dict[str, Any]:
    """When the run is published and when its voting opens and closes."""
    hours = run.evaluation.voting_hours
    opens = now if hours and run.votable else None
    return {
        "published_at": now,
        "voting_opens_at": opens,
        "voting_closes_at": opens + timedelta(hours=hours) if opens else None,
    }


def reasons(run: Run) -> list[str]:
    """Why each report failed, once per reason."""
    failed = Report.objects.filter(entry__run=run).exclude(state=Report.State.SUCCEEDED)
    rows = failed.values_list("entry__slug", "error", "error_detail").order_by("entry__position")
    return list(
        dict.fromkeys(f"{slug}: {error} ({detail})" if detail else f"{slug}: {error}" for slug, error, detail in rows)
    )
