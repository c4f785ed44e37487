"""The first step of a run: the queries, and where it is to, the pages behind their results."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import asdict

from asgiref.sync import async_to_sync, sync_to_async
from django.utils import timezone

from evaluations import contexts
from evaluations.errors import RunFailedError, RunHandedOverError
from evaluations.models import Evaluation, Page, QueryAnswer, Run
from evaluations.sources import pages, search
from evaluations.wire.failures import Code, Failure
from evaluations.wire.text import clean

from . import materials
from .lease import Hold
from .worker import StepNews, Worker, quantity

BEAT_SECONDS = 7.5
LAST_SECONDS = 10.0  # of a worker's time: to keep what came, and to let go of the run
ENOUGH = 0.8  # of the queries; below, a run ends before a cent is spent


def fetch(hold: Hold, worker: Worker) -> None:
    """Ask every query that has no answer yet; keep each answer as it comes."""
    hold.move(Run.State.FETCHING, failure="")
    run, started = hold.run, time.monotonic()
    answers = {answer.position: answer for answer in run.answers.all()}
    open_queries = [(a.position, a.query) for a in answers.values() if a.state != QueryAnswer.State.ANSWERED]
    worker.watch(StepNews("fetch", quantity(len(open_queries), "query", "queries")))

    def keep(position: int, outcome: search.Hits | Failure) -> None:
        hold.write(lambda: store_answer(answers[position], outcome))

    async def ask() -> None:
        source = await materials.open_search(run)
        stopped, left = lambda: worker.stop.asked, time_left(worker)
        async with aclosing(source), heartbeat(hold):
            await search.ask_all(source, open_queries, sync_to_async(keep), stopped, left)

    async_to_sync(ask)()
    if worker.stop.asked:
        raise worker.end_error("Stopped while fetching; the answers that came are kept.")
    add_fetch_seconds(hold, started)
    require_asked(list(answers.values()))
    require_enough(list(answers.values()))


def time_left(worker: Worker) -> Callable[[], float]:
    """Seconds that fetching may still take in this worker."""
    return lambda: worker.seconds_left() - LAST_SECONDS


def require_asked(answers: Sequence[QueryAnswer]) -> None:
    """Raise RunHandedOverError where the worker's time was over before every query had its chance."""
    waiting = QueryAnswer.State.WAITING
    unasked = [answer for answer in answers if answer.state == waiting or answer.failure == Code.NO_TIME]
    if unasked and not any(answer.why and answer.why.fatal for answer in answers):
        raise RunHandedOverError(
            f"No time was left for {len(unasked)} of {len(answers)} queries; the answers that came are kept. The next "
            "tick goes on."
        )


@asynccontextmanager
async def heartbeat(hold: Hold) -> AsyncIterator[None]:
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


def store_answer(answer: QueryAnswer, outcome: search.Hits | Failure) -> None:
    """Keep what came of one query."""
    if isinstance(outcome, search.Hits):
        answer.state = QueryAnswer.State.ANSWERED
        answer.results = [asdict(result) for result in outcome.results]
        answer.seconds, answer.why = outcome.seconds, None
    else:
        answer.state, answer.why = QueryAnswer.State.FAILED, outcome
    answer.answered_at = timezone.now()
    answer.save()


def require_enough(answers: Sequence[QueryAnswer]) -> None:
    """Raise RunFailedError under 80 % of the queries answered, without any result, or without an account.

    A bad key or a spent quota ends the run even where enough was answered before: once that is mended, a
    resume asks what is missing.
    """
    answered = [answer for answer in answers if answer.state == QueryAnswer.State.ANSWERED]
    failures = "; ".join(f"“{a.query}”: {a.why}" for a in answers if a.why)
    fatal = any(answer.why and answer.why.fatal for answer in answers)
    if fatal or len(answered) < ENOUGH * len(answers):
        raise RunFailedError(
            f"Only {len(answered)} of {len(answers)} queries were answered ({failures}). No model was asked and "
            "nothing was spent; the answers that came are kept for a resume."
        )
    if not any(answer.results for answer in answered):
        raise RunFailedError("The search found nothing. No model was asked and nothing was spent.")


def read_pages(hold: Hold, worker: Worker) -> None:
    """Read the pages behind the first results, where the run is to; keep each as it comes.

    A page that cannot be read leaves its snippets, and never ends the run; one for which only this worker had no
    time is left to the next. Raises RunHandedOverError.
    """
    run, started = hold.run, time.monotonic()
    have = set(run.pages.values_list("url", flat=True))
    wanted = {name: url for name, url in wanted_pages(run).items() if name not in have}
    if not wanted:
        return
    worker.watch(StepNews("read", quantity(len(wanted), "page")))

    seconds = min(pages.MOST_SECONDS, time_left(worker)() / 2)
    left: list[str] = []

    def keep(name: str, page: pages.Page) -> None:
        if seconds < pages.MOST_SECONDS and page.failure and page.failure.code == Code.NO_TIME:
            left.append(name)
            return
        kept = {"text": clean(page.text), "why": page.failure, "seconds": page.seconds}
        hold.write(lambda: Page.objects.update_or_create(run=run, url=name, defaults=kept))

    async def read() -> None:
        reader = materials.open_reader(run)
        async with aclosing(reader), heartbeat(hold):
            await pages.read_all(reader, wanted, sync_to_async(keep), lambda: worker.stop.asked, seconds)

    if seconds >= search.LEAST_SECONDS:
        async_to_sync(read)()
    if worker.stop.asked:
        raise worker.end_error("Stopped while reading pages; those that came are kept.")
    add_fetch_seconds(hold, started)
    if left or seconds < search.LEAST_SECONDS:
        raise RunHandedOverError("No time was left for every page; those that came are kept. The next tick goes on.")


def wanted_pages(run: Run) -> dict[str, str]:
    """The pages that the run is to read: the name under which each is kept, and its URL."""
    options = run.search_options
    if options.get("full_text", Evaluation.FullText.NONE) == Evaluation.FullText.NONE:
        return {}
    return contexts.pages_wanted([outcome_of(answer) for answer in run.answers.all()], options["full_text_pages"])


def outcome_of(answer: QueryAnswer) -> contexts.QueryOutcome:
    """A stored answer in the form that the lock takes."""
    outcome: search.Hits | Failure
    if answer.state == QueryAnswer.State.ANSWERED:
        rows = [row | {"snippets": tuple(row["snippets"])} for row in answer.results]
        outcome = search.Hits(tuple(search.Result(**row) for row in rows))
    else:
        outcome = answer.why or Failure("")
    return contexts.QueryOutcome(answer.position, answer.query, outcome)
