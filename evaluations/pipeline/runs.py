"""A run from end to end: fetch, lock, infer, score, publish. The only room that knows all five.

Each step starts from what is stored, so that a run can stop anywhere and go on: what is there is not fetched
again, asked again or paid again.
"""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from asgiref.sync import async_to_sync, sync_to_async
from django.utils import timezone

from evaluations import cache, notices
from evaluations.errors import RunFailedError, RunHandedOverError, RunPausedError, RunRefusedError
from evaluations.models import Evaluation, LockedContext, Page, QueryAnswer, Report, Run, Source

from . import contexts, extraction, search, services
from .inference import Call, Messages, Wave
from .leases import RESUMABLE, Hold
from .ledger import Ledger
from .plain import clean
from .progress import StepNews, Watch, nobody
from .scores import context_of, score_reports, unscored

BEAT_SECONDS = 15.0
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
    if run.imported_at:
        raise RunRefusedError(f"{run} was imported: it can be finished only where it was made, as {run.provenance}.")
    if run.state not in RESUMABLE:
        raise RunRefusedError(f"{run} is {run.get_state_display().lower()}: there is nothing left to do.")
    return Hold.take(run, to_resume=True)


@dataclass
class Worker:
    """How a run is carried out: who watches, how it is stopped, how many calls at once, how long it may take."""

    watch: Watch = nobody
    stop: Stop = field(default_factory=Stop)
    at_once: int | None = None
    seconds_left: Callable[[], float] = lambda: math.inf


def execute(hold: Hold, worker: Worker | None = None) -> Run:
    """Take the run through every step that is left and let go of it.

    Returns the run published or awaiting review. Raises RunFailedError or RunPausedError, with the run's state
    saying the same, and RunHandedOverError or any other exception with the state as it is, to be resumed.
    """
    with notices.about(hold.run):
        return carry_through(hold, worker or Worker())


def carry_through(hold: Hold, worker: Worker) -> Run:
    """All steps that are left, and the run's state as they leave it."""
    run, started = hold.run, time.monotonic()
    try:
        if run.context is None:
            fetch(hold, worker)
            read_pages(hold, worker)
            lock(hold, worker)
        infer(hold, worker)
        score(hold, worker)
        publish(hold, worker)
    except RunFailedError as error:
        hold.move(Run.State.FAILED, failure=str(error), finished_at=timezone.now())
        raise
    except RunHandedOverError:
        raise
    except RunPausedError as error:
        hold.move(Run.State.PAUSED, failure=str(error))
        raise
    finally:
        hold.release(work_seconds=(run.work_seconds or 0.0) + time.monotonic() - started)
    return run


def fetch(hold: Hold, worker: Worker) -> None:
    """Ask every query that has no answer yet; keep each answer as it comes."""
    hold.move(Run.State.FETCHING, failure="")
    run, started = hold.run, time.monotonic()
    answers = {answer.position: answer for answer in run.answers.all()}
    open_queries = [(a.position, a.query) for a in answers.values() if a.state != QueryAnswer.State.ANSWERED]
    worker.watch(StepNews("fetch", f"{len(open_queries)} queries"))

    def keep(position: int, outcome: search.Answer | search.Failure) -> None:
        hold.write(lambda: store_answer(answers[position], outcome))

    transport = services.search_transport(run)

    async def ask() -> None:
        async with httpx.AsyncClient(transport=transport) as client:
            source = services.search_of(run, client)
            async with beating(hold):
                await search.ask_all(source, open_queries, sync_to_async(keep), lambda: worker.stop.asked)

    async_to_sync(ask)()
    if worker.stop.asked:
        raise RunPausedError("Stopped while fetching; the answers that came are kept.")
    require_enough(list(answers.values()))
    add_fetch_seconds(hold, started)


@asynccontextmanager
async def beating(hold: Hold) -> AsyncIterator[None]:
    """Keep the hold while something outside takes its time."""

    async def beats() -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            await sync_to_async(hold.write)(lambda: None)

    heart = asyncio.create_task(beats())
    try:
        yield
    finally:
        heart.cancel()


def add_fetch_seconds(hold: Hold, started: float) -> None:
    """Add the time since `started` to what fetching has taken, in this worker and those before."""
    run = hold.run
    run.fetch_seconds = (run.fetch_seconds or 0) + time.monotonic() - started
    hold.write(lambda: Run.objects.filter(pk=run.pk).update(fetch_seconds=run.fetch_seconds))


def read_pages(hold: Hold, worker: Worker) -> None:
    """Read the pages behind the first results, where the run is to; keep each as it comes.

    A page that cannot be read leaves its snippets, and never ends the run.
    """
    run, started = hold.run, time.monotonic()
    have = set(run.pages.values_list("url", flat=True))
    wanted = {name: url for name, url in wanted_pages(run).items() if name not in have}
    if not wanted:
        return
    worker.watch(StepNews("read", f"{len(wanted)} pages"))

    def keep(name: str, page: extraction.Page) -> None:
        kept = {"text": clean(page.text), "failure": clean(page.failure)[:300], "seconds": page.seconds}
        hold.write(lambda: Page.objects.update_or_create(run=run, url=name, defaults=kept))

    async def read() -> None:
        reader = services.page_reader(run)
        assert reader is not None
        seconds = max(0.0, min(extraction.MOST_SECONDS, worker.seconds_left() / 2))
        try:
            async with beating(hold):
                await extraction.read_all(reader, wanted, sync_to_async(keep), lambda: worker.stop.asked, seconds)
        finally:
            await reader.aclose()

    async_to_sync(read)()
    if worker.stop.asked:
        raise RunPausedError("Stopped while reading pages; those that came are kept.")
    add_fetch_seconds(hold, started)


def wanted_pages(run: Run) -> dict[str, str]:
    """The pages that the run is to read: the name under which each is kept, and its URL."""
    options = run.search_options
    if options.get("full_text", Evaluation.FullText.NONE) == Evaluation.FullText.NONE:
        return {}
    return contexts.pages_wanted([outcome_of(answer) for answer in run.answers.all()], options["full_text_pages"])


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
    """Raise RunFailedError under 80 % of the queries answered, without any result, or without an account.

    A bad key or a spent quota ends the run even where enough was answered before: once that is mended, a
    resume asks what is missing.
    """
    answered = [answer for answer in answers if answer.state == QueryAnswer.State.ANSWERED]
    failures = "; ".join(f"“{a.query}”: {a.failure}" for a in answers if a.failure)
    fatal = any(search.Failure.parse(answer.failure).code in search.FATAL for answer in answers)
    if fatal or len(answered) < ENOUGH * len(answers):
        raise RunFailedError(
            f"Only {len(answered)} of {len(answers)} queries were answered ({failures}). No model was asked and "
            "nothing was spent; the answers that came are kept for a resume."
        )
    if not any(answer.results for answer in answered):
        raise RunFailedError("The search found nothing. No model was asked and nothing was spent.")


def lock(hold: Hold, worker: Worker) -> None:
    """Freeze the material and store it, before any model is called."""
    run = hold.run
    options: dict[str, Any] = run.search_options
    full_text = {name: str(options[name]) for name in ("full_text", "full_text_pages") if wanted_pages(run)}
    locked = contexts.lock(
        datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        options["source"],
        options["parameters"] | full_text,
        [outcome_of(answer) for answer in run.answers.all()],
        {page.url: extraction.Page(page.text, page.failure) for page in run.pages.all()},
        contexts.Budget(options["context_tokens"], options["bytes_per_token"]),
    )
    hold.write(lambda: store_lock(run, locked))
    run.refresh_from_db(fields=["context", "locked_at", "state"])
    worker.watch(
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
        Source(
            context=context,
            **{name: row[name] for name in SOURCE_FIELDS},
            has_text=bool(row["text"]),
            text_failure=row.get("text_failure", ""),
        )
        for row in locked.document["sources"]
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


def infer(hold: Hold, worker: Worker) -> None:
    """Ask every model for the reports that are still open, all at once."""
    run = hold.run
    hold.move(Run.State.INFERRING, failure="")
    messages = Messages(run.system_message, context_of(run).text)
    ledger = Ledger(hold, messages, worker.watch)
    ledger.recover()
    ledger.close_too_small()
    calls = open_calls(run)
    worker.watch(StepNews("infer", f"{len(calls)} reports, {len(messages.serialised):,} bytes each"))

    async def ask() -> Wave:
        wave = Wave(messages, sync_to_async(ledger.commit), worker.at_once, seconds_left=worker.seconds_left)
        worker.stop.attach(wave.stopping)
        await wave.ask(calls)
        return wave

    wave = async_to_sync(ask)()
    if open_reports(run).exists():
        ledger.recover()  # of what was cut off after the grace time nobody knows the end
        hold.write(lambda: open_reports(run).update(state=Report.State.WAITING))
    if open_reports(run).exists():
        raise why_held_back(run, wave)


def open_reports(run: Run) -> Any:
    """Reports without an outcome."""
    return Report.objects.filter(entry__run=run).exclude(state__in=Report.SETTLED)


def open_calls(run: Run) -> list[Call]:
    """One call for every report without an outcome, in roster order."""
    reports = (
        open_reports(run).select_related("entry").prefetch_related("attempts").order_by("entry__position", "sample")
    )
    transport = services.sandbox_transport(run.evaluation)
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


def why_held_back(run: Run, wave: Wave) -> RunPausedError:
    """Why some calls were not sent, and what to do."""
    if wave.tripped:
        trips = ", ".join(f"{provider}: {error}" for provider, error in sorted(wave.tripped.items()))
        return RunPausedError(f"Calls not yet sent were held back ({trips}). Mend that, then resume the run.")
    if wave.paused:
        return RunPausedError(f"Calls not yet sent were held back ({wave.paused}). Resume the run later.")
    if wave.out_of_time:
        return RunHandedOverError(f"The time of this worker is over; the next tick goes on with {run}.")
    return RunPausedError("Stopped on request; what had arrived is kept. Resume the run to finish it.")


def score(hold: Hold, worker: Worker) -> None:
    """Score and render every report that is not scored by today's scorers."""
    hold.move(Run.State.SCORING)
    left = unscored(hold.run)
    worker.watch(StepNews("score", f"{len(left)} reports"))
    score_reports(hold, left)


def publish(hold: Hold, worker: Worker) -> None:
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
    worker.watch(StepNews("publish", f"{succeeded} of {reports.count()} reports"))


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
