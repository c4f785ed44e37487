"""A lived-in sandbox: aged runs with votes, a failure, a withheld report, a replay and repeats, and an open vote.

Made by the pipeline, the ballots and the closing as they are; only the times are moved back afterwards.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from evaluations.models import Evaluation, Prompt, Report, Run
from evaluations.models.blindness import Part
from evaluations.pipeline import publish, runs
from evaluations.pipeline.start import Order, start
from evaluations.presentation import cache
from votes import closing, computation

from . import ageing, electorate

CADENCE = 72  # hours from run to run
OPEN_SINCE = 26  # hours
CLOSED_LEAST = 7  # so many closed votes are a history, whoever made it


@dataclass(frozen=True)
class Act:
    """One run of the history. `news`: the days of the library that it could find; `hours`: how long ago it was.

    `replays` is the place in the history of the run whose material it reads again; `withheld` the model whose report
    an editor took back.
    """

    news: str
    hours: float
    voters: int = 0
    samples: int = 1
    prompt: int = 1
    replays: int | None = None
    withheld: str = ""


# The days were chosen so that the sandbox's unreliable model fails once, in the third run.
HISTORY = (
    Act("2026-11-01to2026-11-12", OPEN_SINCE + 7 * CADENCE, 31),
    Act("2026-11-01to2026-11-15", OPEN_SINCE + 6 * CADENCE, 26, withheld="inventor"),
    Act("2026-11-01to2026-11-16", OPEN_SINCE + 5 * CADENCE, 34),
    Act("2026-11-09to2026-11-17", OPEN_SINCE + 4 * CADENCE, 29, samples=3),
    Act("2026-11-09to2026-11-18", OPEN_SINCE + 3 * CADENCE, 38),
    Act("2026-11-09to2026-11-20", OPEN_SINCE + 2 * CADENCE, 33),
    Act("", OPEN_SINCE + 2 * CADENCE - 20, prompt=2, replays=4),
    Act("2026-11-09to2026-11-22", OPEN_SINCE + CADENCE, 41, prompt=2),
)
NOW = Act("2026-11-01to2026-11-23", OPEN_SINCE, 12, prompt=2)
SECOND_PROMPT = "\n\nWrite for readers who know the league: begin each item with what is new."
NOTE = "It named a transfer that no source has, as if it were certain; the club asked for a correction."


def add_history(evaluation: Evaluation, tell: Callable[[str], object]) -> int:
    """Make what is missing of a lived-in site; the number of runs that were made. All of it, or nothing."""
    made: list[Run] = []
    with transaction.atomic(), answers_at_once(), searching(evaluation):
        if not has_history(evaluation):
            add_prompt(evaluation)
            for act in HISTORY:
                made.append(perform(evaluation, act, made))
                tell(f"{made[-1]}, {act.hours / 24:.0f} days ago.")
            computation.compute(evaluation)
        if not Run.objects.filter(evaluation=evaluation).seen(Part.VOTE).exists():
            made.append(perform(evaluation, NOW, made))
            tell(f"{made[-1]}, whose vote is open.")
    for run in made:
        cache.refresh(Run.objects.get(pk=run.pk))
    return len(made)


def has_history(evaluation: Evaluation) -> bool:
    """Whether enough votes were closed here."""
    return Run.objects.filter(evaluation=evaluation, closing__isnull=False).count() >= CLOSED_LEAST


@contextmanager
def answers_at_once() -> Iterator[None]:
    """The sandbox without its natural pace, in this process: nine runs at that take half a minute."""
    before, settings.SANDBOX_ANSWER_SECONDS = settings.SANDBOX_ANSWER_SECONDS, 0
    try:
        yield
    finally:
        settings.SANDBOX_ANSWER_SECONDS = before


@contextmanager
def searching(evaluation: Evaluation) -> Iterator[None]:
    """Whatever is done to the evaluation's search meanwhile, in the end it searches as before."""
    before = evaluation.freshness
    try:
        yield
    finally:
        evaluation.freshness = before
        evaluation.save(update_fields=["freshness"])


def add_prompt(evaluation: Evaluation) -> None:
    """A second version of the prompt, made when an editor tried it in the replay."""
    first = evaluation.prompt
    if first is None or evaluation.prompts.count() > 1:
        return
    second = Prompt.objects.create(
        evaluation=evaluation,
        system_text=first.system_text + SECOND_PROMPT,
        output_format=first.output_format | {"max_words": 450},
    )
    times = {first.pk: OPEN_SINCE + 8 * CADENCE, second.pk: OPEN_SINCE + 2 * CADENCE - 19}
    for pk, hours in times.items():
        Prompt.objects.filter(pk=pk).update(created_at=timezone.now() - timedelta(hours=hours))


def perform(evaluation: Evaluation, act: Act, earlier: list[Run]) -> Run:
    """One run from its start to what became of it."""
    chance = Random(f"{act}")  # noqa: S311 - an invented world, no secret
    age = timedelta(hours=act.hours)
    evaluation.freshness = act.news
    evaluation.save(update_fields=["freshness"])
    hold = start(evaluation, order_of(evaluation, act, earlier))
    worker = runs.Worker()
    if hold.run.context is None:
        runs.fetch(hold, worker)
        runs.lock(hold, worker, timezone.now() - age)
    run = runs.execute(hold, worker)
    electorate.vote(run, act.voters, chance)
    ageing.move_back(run, age)
    ageing.take_usual_time(run, chance)
    decide(run, act, chance)
    return run


def order_of(evaluation: Evaluation, act: Act, earlier: list[Run]) -> Order:
    """What a person would have asked for."""
    version = min(act.prompt, evaluation.prompts.count())
    origin = None if act.replays is None else Run.objects.get(pk=earlier[act.replays].pk)
    return Order(samples=act.samples, prompt_version=version, replay=origin)


def decide(run: Run, act: Act, chance: Random) -> None:
    """What came after the run: its votes came one by one, the vote was closed, an editor took a report back."""
    closes = run.voting_closes_at
    electorate.spread_over(run, min(act.hours, CADENCE) - 1, chance)
    if closes is None or closing.close(run) is None:
        return
    run.closing.closed_at = closes + timedelta(seconds=20)
    run.closing.save(update_fields=["closed_at"])
    if act.withheld:
        report = Report.objects.get(entry__run=run, entry__slug=act.withheld, sample=1)
        publish.withhold(report, NOTE)
        Report.objects.filter(pk=report.pk).update(withheld_at=closes + timedelta(hours=6))
