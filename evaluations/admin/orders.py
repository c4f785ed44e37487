"""What people order in admin: each order is a job and its task, made in one transaction."""

from typing import Any

from django.db import transaction

from evaluations import tasks
from evaluations.models import Evaluation, Job, Report, Run


def order_run(evaluation: Evaluation, by: Any, **asked: Any) -> Job:
    """Have an evaluation run now. `asked`: `models` (slugs), `samples`, `prompt_version`."""
    return order(Job.Kind.RUN, by, evaluation, **asked)


def order_replay(run: Run, by: Any, **asked: Any) -> Job:
    """Have the material of a run read again, by other models or with another prompt; `asked` as above."""
    return order(Job.Kind.REPLAY, by, run.evaluation, replay=run.pk, **asked)


def order_trial(run: Run, by: Any, **asked: Any) -> Job:
    """The same in private: it is never public, nobody votes on it, and it counts in the ceilings."""
    return order(Job.Kind.TRIAL, by, run.evaluation, replay=run.pk, **asked)


def order_resume(run: Run, by: Any) -> Job:
    """Have the rest of a run done."""
    return order(Job.Kind.RESUME, by, run.evaluation, run)


def order_rescore(run: Run, by: Any) -> Job:
    """Have the reports of a run scored with today's scorers."""
    return order(Job.Kind.RESCORE, by, run.evaluation, run)


def order_retry(report: Report, by: Any) -> Job:
    """Have a lost report asked for once more: once, however often a worker is killed over it."""
    run = report.entry.run
    return order(Job.Kind.RETRY, by, run.evaluation, run, report=report.pk, attempts=report.attempts.count())


def order_standings(evaluation: Evaluation, by: Any) -> Job:
    """Have standings computed from the votes as they are."""
    return order(Job.Kind.STANDINGS, by, evaluation)


def order(kind: Job.Kind, by: Any, evaluation: Evaluation, run: Run | None = None, **arguments: Any) -> Job:
    """A job and its task: both, or neither. One that waits already is not made a second time."""
    with transaction.atomic():
        Evaluation.objects.select_for_update().get(pk=evaluation.pk)
        same = Job.objects.filter(kind=kind, evaluation=evaluation, run=run, arguments=arguments)
        if waiting := same.filter(state=Job.State.QUEUED).first():
            return waiting
        job = Job.objects.create(kind=kind, evaluation=evaluation, run=run, asked_by=by, arguments=arguments)
        tasks.ask(job)
    return job
