"""One scenario: an evaluation of its own, workers as forked processes, and what must hold afterwards."""

import os
import signal
import sys
import traceback
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections
from django.db.models import Count, Q, Sum
from django.utils import timezone

from evaluations.errors import RunFailedError, RunPausedError
from evaluations.manifests.exports import verify
from evaluations.models import (
    Attempt,
    Budget,
    Evaluation,
    ModelConfig,
    Prompt,
    Provider,
    Report,
    Run,
    SearchQuery,
    Share,
)
from evaluations.pipeline import runs
from evaluations.pipeline.start import start
from evaluations.pipeline.worker import interrupts
from tests.bookkeeping import settle_books
from tests.crash import provider as loopback
from tests.crash.boundaries import LOOK_UP, Boundaries

PUBLISHED, PAUSED, FAILED, BROKEN = 0, 130, 1, 3
SECONDS = 60  # for one worker
LONG_AGO = timezone.now() - timezone.timedelta(days=1)


@dataclass(frozen=True)
class Ended:
    """How a worker ended: its exit code (negative: the signal), and every boundary that it reached."""

    code: int
    trace: list[tuple[str, str]]

    @property
    def killed(self) -> bool:
        """Whether it was killed before it came to an end of its own."""
        return self.code == -signal.SIGKILL


@dataclass
class World:
    """One scenario. `slug` names its evaluation, its provider and the provider's ledger."""

    slug: str
    url: str
    folder: Path
    at_once: int | None = 1
    loaded: bool = False  # write down the modules that a worker has loaded
    context: str = ""

    def __post_init__(self) -> None:
        self.evaluation = Evaluation.objects.create(
            slug=self.slug,
            name=self.slug,
            max_usd_per_day=Decimal(10**6),
            full_text=Evaluation.FullText.FIRECRAWL,
            full_text_pages=2,
        )
        Prompt.objects.create(evaluation=self.evaluation, system_text="Write a report from the sources.")
        for position, text in enumerate(("fixtures", "transfers"), 1):
            SearchQuery.objects.create(evaluation=self.evaluation, position=position, text=text)
        there = Provider.objects.create(
            slug=self.slug,
            name=self.slug,
            kind="openrouter",
            base_url=f"{self.url}/s/{self.slug}/api/v1",
            api_key_variable="OPENROUTER_API_KEY",
        )
        for position, model in enumerate((*loopback.MODELS, loopback.DEAR), 1):
            ModelConfig.objects.create(
                evaluation=self.evaluation,
                provider=there,
                position=position,
                slug=model.split("/")[1],
                name=model,
                model_id=model,
                usd_per_million_input=Decimal(1),
                usd_per_million_output=Decimal(2),
            )

    # Workers

    def work(self, at: int = 0, how: str = "kill") -> Ended:
        """Start the run, or resume it, in a process of its own that something happens to at boundary `at`."""
        connections.close_all()
        reading, writing = os.pipe()
        process = os.fork()
        if not process:
            os.close(reading)
            os._exit(self._be_the_worker(writing, at, how))
        os.close(writing)
        lines = read_all(reading)
        _, status = os.waitpid(process, 0)
        rows = [tuple(line.split("\t")[1:]) for line in lines.decode().splitlines()]
        return Ended(os.waitstatus_to_exitcode(status), rows)  # type: ignore[arg-type]

    def _be_the_worker(self, trace: int, at: int, how: str) -> int:
        signal.alarm(SECONDS)
        boundaries = Boundaries(trace, at, how)
        boundaries.install()
        settings.BRAVE_BASE_URL = settings.FIRECRAWL_BASE_URL = f"{self.url}/s/{self.slug}"
        settings.NOTIFY_WEBHOOK = f"{self.url}/s/{self.slug}/notices"
        try:
            return carry_out(self.evaluation, boundaries, self.at_once)
        except BaseException:  # noqa: BLE001 - a worker's last words
            if how != "raise":
                traceback.print_exc(file=sys.stderr)
            return BROKEN
        finally:
            if self.loaded:
                (self.folder / "modules").write_text("\n".join(sys.modules))

    def let_the_lease_run_out(self) -> None:
        """What half a minute of waiting does after a worker was killed."""
        Run.objects.filter(evaluation=self.evaluation, lease_expires_at__isnull=False).update(lease_expires_at=LONG_AGO)
        Share.objects.filter(run__evaluation=self.evaluation).update(lease_expires_at=LONG_AGO)

    # What must hold

    def books(self) -> loopback.Books:
        """The provider's own ledger."""
        return loopback.books_of(self.folder, self.slug)

    def problems(self, final: bool) -> list[str]:
        """Every invariant that does not hold; `final`: after an undisturbed end."""
        runs_there = list(Run.objects.filter(evaluation=self.evaluation).select_related("context"))
        if len(runs_there) > 1:
            return [f"I2: {len(runs_there)} runs"]
        if not runs_there:
            return ["I6: no run"] if final else []
        return list(self._problems_of(runs_there[0], final))

    def _problems_of(self, run: Run, final: bool) -> Any:
        reports = list(Report.objects.filter(entry__run=run).select_related("entry"))
        attempts = list(Attempt.objects.filter(report__entry__run=run).select_related("report__entry"))
        books = self.books()
        yield from self._money(run, attempts, books, final)
        yield from self._material(run, books)
        # I3: what was committed can be read.
        answers = {row["answer"] for row in books.rows}
        for attempt in attempts:
            looked_up = attempt.state == "paid" and attempt.error in LOST
            if attempt.state == "paid" and not looked_up and loopback.digest(bytes(attempt.body or b"")) not in answers:
                yield f"I3: lost: the committed answer of {attempt} is not what was sent"
        # I5: nothing half-done is public.
        if run.state == Run.State.PUBLISHED:
            if not all(report.state in Report.SETTLED for report in reports):
                yield "I5: public with open reports"
            if run.partial != any(report.state != "succeeded" for report in reports):
                yield "I5: partial flag"
        if final:
            yield from self._final(run, reports, attempts)

    def _money(self, run: Run, attempts: list[Attempt], books: loopback.Books, final: bool) -> Any:
        """I1 and I2: the books, what was sent twice, what was sent without an attempt."""
        for model in loopback.MODELS:
            mine = [attempt for attempt in attempts if attempt.report.entry.model_id == model]
            if books.asked(model) > len(mine):
                yield f"I2: lost: {model} was asked {books.asked(model)} times, {len(mine)} attempts are written"
            if len(books.billed(model)) > 1:
                yield f"I2: paid twice: {model} billed {len(books.billed(model))} times"
            paid = {attempt.generation_id: attempt.cost_usd for attempt in mine if attempt.cost_usd is not None}
            for row in books.billed(model):
                if row["generation"] in paid and paid[row["generation"]] != Decimal(row["usd"]):
                    yield f"I1: {row['generation']} booked at {paid[row['generation']]}, billed {row['usd']}"
        known = sum((attempt.cost_usd or Decimal(0) for attempt in attempts), Decimal(0))
        open_ones = [
            a for a in attempts if a.state in ("sent", "unknown") or (a.state == "paid" and a.cost_usd is None)
        ]
        reserved = sum((attempt.reserved_usd for attempt in open_ones), Decimal(0))
        if final and not known <= books.usd <= known + reserved:
            yield f"I1: known {known}, billed {books.usd}, reserved {reserved}"
        budget = Budget.objects.filter(run=run).first()
        if budget and (budget.spent_usd, budget.reserved_usd) != (known, reserved):
            yield f"I1: budget {budget.spent_usd}/{budget.reserved_usd}, attempts {known}/{reserved}"

    def _material(self, run: Run, books: loopback.Books) -> Any:
        """I4: one context, one prompt, the same for all, and the one that is stored."""
        sha256 = run.context.sha256 if run.context else ""
        if self.context and sha256 != self.context:
            yield "I4: the locked context changed"
        self.context = sha256
        if any(row["user"] != sha256 or row["system"] != run.prompt_sha256 for row in books.rows):
            yield "I4: a model got other words than those that are stored"
        if len({row["messages"] for row in books.rows}) > 1:
            yield "I4: two models got different messages"

    def _final(self, run: Run, reports: list[Report], attempts: list[Attempt]) -> Any:
        """I6: the end is that of an undisturbed run, except for unknown outcomes."""
        # Where every answer was lost there is nothing to publish.
        there = [report for report in reports if report.state == Report.State.SUCCEEDED]
        if run.state != (Run.State.PUBLISHED if there else Run.State.FAILED):
            yield f"I6: ended {run.state} ({run.failure})"
        if run.lease_expires_at and run.lease_expires_at > timezone.now():
            yield "I6: the lease is still held"
        ends = {report.entry.model_id: (report.state, report.error) for report in reports}
        expected = expected_ends(attempts)
        if ends != expected:
            yield f"I6: reports ended {ends}"
        if Share.objects.filter(run=run).exists():
            yield "I6: a share is left"
        if any(attempt.state == "sent" for attempt in attempts):
            yield "I6: an attempt has no outcome"
        if any(attempt.state == "unknown" and attempt.generation_id for attempt in attempts):
            yield "I1: an unknown outcome with an id was not looked up"
        if run.state == Run.State.PUBLISHED:
            yield from (f"I3: its manifest does not verify: {path}" for path in verify(run).differences)
        for report in reports:
            model = report.entry.model_id
            if report.state == "succeeded" and model in loopback.USD and what_it_is(report) != EXPECTED(model):
                yield f"I6: {model} became {what_it_is(report)}, not {EXPECTED(model)}"

    def state(self) -> str:
        """All that a resume can see, ids and times left out: two equal states go on alike."""
        mine = {"report__entry__run__evaluation": self.evaluation}
        run = Run.objects.filter(evaluation=self.evaluation)
        seen = [
            list(run.values_list("state", "partial", "failure")),
            [(row.context_id is None, row.published_at is None) for row in run],
            Share.objects.filter(run__evaluation=self.evaluation).count(),
            list(run.values_list("answers__position", "answers__state").order_by("answers__position")),
            list(run.values_list("pages__url", "pages__text").order_by("pages__url")),
            list(
                Report.objects.filter(entry__run__evaluation=self.evaluation)
                .order_by("entry__position")
                .annotate(scored=Count("scores"))
                .values_list("state", "error", "text", "flags", "renderer_version", "cost_usd", "scored")
            ),
            list(
                Attempt.objects.filter(**mine)
                .order_by("report__entry__position", "number")
                .values_list("report__entry__slug", "number", "state", "error", "cost_usd")
            ),
            list(
                Attempt.objects.filter(**mine, generation_id="")
                .order_by("report__entry__position", "number")
                .values_list("report__entry__slug", "number")
            ),
            list(Budget.objects.filter(run__evaluation=self.evaluation).values_list("spent_usd", "reserved_usd")),
            [(row["model"], row["usd"]) for row in self.books().rows],
        ]
        return loopback.digest(repr(seen).encode())

    def unknown(self) -> int:
        """How many answers were lost, looked up or not."""
        mine = Attempt.objects.filter(report__entry__run__evaluation=self.evaluation)
        return mine.filter(Q(state="unknown") | Q(state="paid", error__in=LOST)).count()


def expected_ends(attempts: list[Attempt]) -> dict[str, tuple[str, str]]:
    """State and error of every model's report, as its attempts say."""
    ends = dict.fromkeys(loopback.MODELS, ("succeeded", "")) | {loopback.DEAR: ("failed", "ceiling_of_call")}
    for attempt in attempts:
        if attempt.report.entry.model_id == loopback.DEAR and attempt.state == "paid":
            # The look at its provider's list was what was disturbed: then the price that an editor gave counts.
            ends[loopback.DEAR] = ("succeeded", "")
        if attempt.state == "unknown":
            ends[attempt.report.entry.model_id] = ("unknown_outcome", attempt.error)
        elif attempt.state == "paid" and attempt.error in LOST:
            ends[attempt.report.entry.model_id] = ("failed", "answer_lost")
    return ends


def what_it_is(report: Report) -> dict[str, Any]:
    """A report, times and ids left out."""
    return {
        "text": report.text,
        "cost": report.cost_usd,
        "tokens": (report.input_tokens, report.output_tokens),
        "served": (report.served_model, report.served_provider, report.finish_reason),
        "flags": report.flags,
        "html": bool(report.html),
        "scores": report.scores.count(),
        "generation": report.attempts.filter(generation_id="", state="paid").count(),
    }


def EXPECTED(model: str) -> dict[str, Any]:  # noqa: N802 - a constant that depends on the model
    """What every succeeded report of a model is."""
    return {
        "text": loopback.TEXT.format(model=model),
        "cost": loopback.USD[model],
        "tokens": (100, 20),
        "served": (model, "Loopback", "stop"),
        "flags": FLAGS,
        "html": True,
        "scores": 7,
        "generation": 0,
    }


FLAGS: list[str] = []
LOST = ("worker_stopped", "connection_lost")  # stays on an attempt whose cost was looked up


def carry_out(evaluation: Evaluation, boundaries: Boundaries, at_once: int | None) -> int:
    """What a worker does: start the run or resume it, to the end. The exit code of the command."""
    run = Run.objects.select_related("evaluation", "context", "prompt").filter(evaluation=evaluation).first()
    stop, code = runs.Stop(), PUBLISHED
    with interrupts(stop):
        boundaries.reach("C01", "before anything")
        if not (run and run.state == Run.State.PUBLISHED):
            try:
                hold = runs.resume(run) if run else start(evaluation)
                execute(hold, boundaries, stop, at_once)
            except RunPausedError:
                code = PAUSED
            except RunFailedError:
                code = FAILED
        boundaries.step = LOOK_UP
        look_up(evaluation)
    return code


def look_up(evaluation: Evaluation) -> None:
    """What the tick does about unknown outcomes, for this scenario's alone: others share the database."""
    settle_books(evaluation)


def execute(hold: Any, boundaries: Boundaries, stop: runs.Stop, at_once: int | None) -> None:
    """The run, watched."""
    runs.execute(hold, runs.Worker(boundaries.watch, stop, at_once))


def read_all(descriptor: int) -> bytes:
    """All that comes until the other side is closed."""
    pieces = []
    while piece := os.read(descriptor, 65_536):
        pieces.append(piece)
    os.close(descriptor)
    return b"".join(pieces)


def budgets_agree() -> bool:
    """Whether the days' budgets are the sum of the runs'."""
    days = Budget.objects.filter(day__isnull=False).aggregate(s=Sum("spent_usd"), r=Sum("reserved_usd"))
    each = Budget.objects.filter(run__isnull=False).aggregate(s=Sum("spent_usd"), r=Sum("reserved_usd"))
    return days == each
