"""Jobs: what people ask for in admin, and how a worker does it.

A job is claimed by one conditional UPDATE, together with the lease on its run where it has one, and ends with that
run. A worker that is killed leaves a job that the next tick settles: what was asked of a model is never asked again.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from evaluations.errors import FutbolReportError, HeldElsewhereError, RunHandedOverError
from evaluations.models import Evaluation, Job, Report, Run
from evaluations.pipeline import runs
from evaluations.pipeline.infer import seconds_for_answers
from evaluations.pipeline.lease import LEASE, is_held
from evaluations.pipeline.retry import retry
from evaluations.pipeline.score import rescore
from evaluations.pipeline.start import Order, start
from evaluations.pipeline.worker import quantity
from votes import computation

FETCH_SECONDS = 60.0  # for queries and pages, before the first model is asked
LONGEST_CLAIM = timedelta(minutes=15)  # of a job without a run: no invocation lasts longer

type End = tuple[Job.State, str]  # how a job ended, and in words


def work_off(job: Job, worker: runs.Worker) -> int | None:
    """Do what a person asked for; the job's number, None where another worker took the job first.

    A run that is handed over keeps its job open: `settle_jobs` ends it with the run.
    """
    try:
        end = PERFORMERS[Job.Kind(job.kind)](job, worker)
    except RunHandedOverError:
        raise
    except HeldElsewhereError as error:
        refuse_or_wait(job, error)
        raise
    except FutbolReportError as error:
        record_end(job, Job.State.FAILED, str(error))
        raise
    if end is None:
        return None
    record_end(job, *end)
    return int(job.pk)


def refuse_or_wait(job: Job, error: HeldElsewhereError) -> None:
    """Of a job that met another worker: one that pays for a run is refused, another waits for the next tick."""
    if Job.objects.filter(pk=job.pk, state=Job.State.QUEUED).exists():
        record_end(job, Job.State.FAILED, str(error))
    elif job.is_repeatable:
        Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(state=Job.State.QUEUED, outcome=str(error))


# One for each kind


def perform_run(job: Job, worker: runs.Worker) -> End | None:
    """A new run of an evaluation."""
    evaluation = require_row(job.evaluation)
    require_time(worker, FETCH_SECONDS + seconds_for_answers(evaluation.call_deadline_seconds), str(job))
    return end_of(runs.execute(start(evaluation, order_of(job)), worker))


def perform_replay(job: Job, worker: runs.Worker) -> End | None:
    """The locked context of a run once more: a replay, or a trial, which stays private."""
    origin = require_row(Run.objects.filter(pk=job.arguments.get("replay")).first())
    require_time(worker, seconds_for_answers(origin.evaluation.call_deadline_seconds), str(job))
    return end_of(runs.execute(start(origin.evaluation, order_of(job, origin)), worker))


def order_of(job: Job, origin: Run | None = None) -> Order:
    """What a job asks of a run."""
    asked: Mapping[str, Any] = job.arguments
    return Order(
        kind=Run.Kind.TRIAL if job.kind == Job.Kind.TRIAL else Run.Kind.MANUAL,
        models=asked.get("models", ()),
        samples=asked.get("samples", 1),
        prompt_version=asked.get("prompt_version"),
        replay=origin,
        job=job,
    )


def perform_resume(job: Job, worker: runs.Worker) -> End | None:
    """What is missing of a run. Its lease is taken with the job: whoever is killed later leaves a live run."""
    run = require_row(job.run)
    require_time(worker, seconds_for_answers(run.call_deadline_seconds), str(job))
    with transaction.atomic():
        hold = runs.resume(run) if job.claim(run) else None
    return end_of(runs.execute(hold, worker)) if hold else None


def perform_retry(job: Job, worker: runs.Worker) -> End | None:
    """One lost report, asked for once more."""
    report = require_row(Report.objects.filter(pk=job.arguments.get("report")).first())
    run = report.entry.run
    require_time(worker, seconds_for_answers(run.call_deadline_seconds), str(job))
    if not job.claim(run):
        return None
    report = retry(report, worker, job.asked_by, asked_before=job.arguments.get("attempts"))
    state = Job.State.DONE if report.state == Report.State.SUCCEEDED else Job.State.FAILED
    return state, f"The {report} {report.get_state_display()}. {report.error_detail}".strip()


def perform_rescore(job: Job, worker: runs.Worker) -> End | None:
    """The reports of a run, scored with today's scorers."""
    run = require_row(job.run)
    if not job.claim(run):
        return None
    count = rescore(run)
    return Job.State.DONE, f"Scored with today's scorers: {quantity(count, 'report')} of {run}."


def perform_standings(job: Job, worker: runs.Worker) -> End | None:
    """The standings of an evaluation from the votes as they are."""
    evaluation = require_row(job.evaluation)
    if not job.claim(None):
        return None
    if (number := compute_standings(evaluation)) is None:
        return Job.State.DONE, f"No vote counts in {evaluation} yet: there are no standings to compute."
    return Job.State.DONE, f"The standings of {evaluation} were computed: computation {number}."


PERFORMERS: dict[Job.Kind, Callable[[Job, runs.Worker], End | None]] = {
    Job.Kind.RUN: perform_run,
    Job.Kind.RESUME: perform_resume,
    Job.Kind.REPLAY: perform_replay,
    Job.Kind.TRIAL: perform_replay,
    Job.Kind.RETRY: perform_retry,
    Job.Kind.RESCORE: perform_rescore,
    Job.Kind.STANDINGS: perform_standings,
}


def compute_standings(evaluation: Evaluation) -> int | None:
    """Compute standings anew; their number, or None where no vote counts."""
    computed = computation.compute(evaluation)
    return int(computed.pk) if computed else None


def require_time(worker: runs.Worker, seconds: float, name: str) -> None:
    """Raise RunHandedOverError where there is too little time to get as far as the answers."""
    if not worker.has_time(seconds):
        raise RunHandedOverError(f"{name} waits for the next tick: it takes {seconds:.0f} s to reach its answers.")


def require_row[Row](row: Row | None) -> Row:
    """The row that a job names."""
    if row is None:
        raise FutbolReportError("What the job was about is no longer there.")
    return row


# How jobs end


def settle_jobs() -> None:
    """End jobs whose worker is gone, with their run; those that can be done again are queued again."""
    for job in Job.objects.filter(state=Job.State.RUNNING).select_related("run__evaluation"):
        if job.run is None:
            queue_again(job, LONGEST_CLAIM)
        elif job.run.state in Run.LIVE or is_held(job.run):
            continue
        elif not job.is_repeatable:
            record_end(job, *end_of(job.run))
        elif not is_being_closed(job):
            queue_again(job, LEASE)


def is_being_closed(job: Job) -> bool:
    """Whether nobody has looked yet what became of the request that a killed worker left."""
    return Report.objects.filter(pk=job.arguments.get("report"), state__in=Report.UNSETTLED).exists()


def queue_again(job: Job, after: timedelta) -> None:
    """Let another worker take a job whose worker is gone: it has been claimed for so long, and nobody is at it."""
    lost = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, run=job.run)
    lost.filter(started_at__lt=timezone.now() - after).update(state=Job.State.QUEUED)


def end_of(run: Run) -> End:
    """How a job ends whose run stands so."""
    state = Job.State.DONE if run.state in Run.FINISHED else Job.State.FAILED
    return state, f"{run} is {run.state_in_words}. {run.failure}".strip()


def record_end(job: Job, state: Job.State, outcome: str) -> None:
    """Write how a job ended."""
    Job.objects.filter(pk=job.pk).update(state=state, outcome=outcome, finished_at=timezone.now())
