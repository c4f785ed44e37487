"""The scorer of one run: it takes reports as they arrive, and has them scored where no answer waits for it.

On a machine with a processor to spare that is a process of its own, from the first answer on; elsewhere this
process, one report at a time, when nothing has come for a moment. Whatever is left over, or lost, is done by the
step that follows the last answer.
"""

import asyncio
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cached_property
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Self

from asgiref.sync import sync_to_async
from django.conf import settings

from evaluations.models import Report, Score
from evaluations.models.bulk import update_rows
from evaluations.pipeline.lease import Hold
from evaluations.scoring import version
from evaluations.scoring.measures import FLAGS, own_names

from .assessment import Assessment, Material, Paper, assess
from .process import Papers, ScoringProcess

WORTH_A_PROCESS = 10  # reports; fewer are scored sooner than a process has read its libraries
MANY = 8  # papers that wait; then this process helps, and reads the material for it
GAP = 0.1  # seconds in which nothing came
LOOK = 0.05  # seconds from look to look
# What comes from a socket or a pipe waits so long at most for a thread that scores; Python's own 5 ms, for every piece,
# would leave a process idle for a third of its time.
SWITCH_SECONDS = 0.0005
KEPT_AT_ONCE = 16  # assessments in one transaction


class Scorer:
    """Takes reports, and keeps what comes of them. A context: its process ends with it."""

    def __init__(self, hold: Hold) -> None:
        self.hold = hold
        self._pending: dict[int, Report] = {}
        self._papers: Papers = SimpleQueue()
        self._lost: deque[Paper] = deque()  # that only this process can score, or fail at
        self._results: SimpleQueue[tuple[Paper, Assessment | None] | None] = SimpleQueue()
        self._process: ScoringProcess | None = None
        self._last = time.monotonic()

    def __enter__(self) -> Self:
        self._switch_interval = sys.getswitchinterval()
        sys.setswitchinterval(SWITCH_SECONDS)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        sys.setswitchinterval(self._switch_interval)
        if self._process is not None:
            self._process.close()

    @cached_property
    def material(self) -> Material:
        """What the run's reports are held against. Raises RunRefusedError where it was purged."""
        run = self.hold.run
        return Material(run.require_material().text, run.prompt.output_format)

    def expect(self, reports: int) -> None:
        """Start a process for so many reports, where there is a processor for it and they are worth it."""
        if self._process is None and settings.PROCESSORS > 1 and reports >= WORTH_A_PROCESS:
            self._process = ScoringProcess(self.material, self._papers, self._results.put)

    def take(self, reports: Sequence[Report]) -> None:
        """Take what has arrived, which may be no report at all; it is not quiet then."""
        self._last = time.monotonic()
        for report in reports:
            if report.state == Report.State.SUCCEEDED and report.pk not in self._pending:
                self._pending[report.pk] = report
                self._papers.put(paper_of(report))

    async def accompany(self, ending: asyncio.Event) -> None:
        """Use the time while the models write, until `ending`."""
        while not ending.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(ending.wait(), LOOK)
            if self._results.qsize() or self._is_quiet():
                await sync_to_async(self.use_gap)()

    def use_gap(self) -> None:
        """Keep what is done, and do one where no process does it. One that breaks its scorer is left to the end."""
        found = self._results_now()
        if self._is_quiet() and (paper := self._next_paper()):
            try:
                found.append(assess(self.material, paper))
            except Exception:  # noqa: BLE001 - raised by `finish`, when all answers are there
                self._lost.append(paper)
        self._keep(found)

    def finish(self, may_go_on: Callable[[], bool] = lambda: True) -> bool:
        """Score all that was taken, here and beside; whether that came to an end before `may_go_on` said no."""
        found: list[Assessment] = []
        while self._pending and may_go_on():
            if (paper := self._next_paper_here()) is not None:
                found.append(assess(self.material, paper))
            else:
                found += self._result(self._results.get())
            found += self._results_now()
            if len(found) >= KEPT_AT_ONCE or not self._papers.qsize():
                self._keep(found)
                found = []
        self._keep(found)
        return not self._pending

    def _is_quiet(self) -> bool:
        return not self._has_process and bool(self._papers.qsize()) and time.monotonic() - self._last > GAP

    @property
    def _has_process(self) -> bool:
        return self._process is not None and not self._process.ended

    def _next_paper_here(self) -> Paper | None:
        """What this process has to score itself, when it has nothing else to do."""
        if self._lost:
            return self._lost.popleft()
        return None if self._has_process and self._papers.qsize() <= MANY else self._next_paper()

    def _next_paper(self) -> Paper | None:
        try:
            return self._papers.get_nowait()
        except Empty:
            return None

    def _results_now(self) -> list[Assessment]:
        return [one for _ in range(self._results.qsize()) for one in self._result(self._results.get())]

    def _result(self, result: tuple[Paper, Assessment | None] | None) -> list[Assessment]:
        """What the process has made; what it could not make is lost to it."""
        if result is None:
            return []
        paper, found = result
        if found is None:
            self._lost.append(paper)
        return [found] if found else []

    def _keep(self, found: Sequence[Assessment]) -> None:
        """Keep assessments in one transaction."""
        if found:
            reports = [self._pending[one.report] for one in found]
            self.hold.write(lambda: keep(reports, found))
            for one in found:
                del self._pending[one.report]


def paper_of(report: Report) -> Paper:
    """A report as it is scored."""
    entry, cost = report.entry, report.cost_usd
    names = own_names(entry.name, entry.model_id)
    return Paper(report.pk, report.text, report.finish_reason, names, None if cost is None else str(cost))


def keep(reports: Sequence[Report], found: Sequence[Assessment]) -> None:
    """Store every metric with its evidence, under today's scorer version, and each report as pages show it."""
    rows = [
        Score(
            report=report,
            metric=metric,
            value=measure.value,
            evidence=measure.evidence,
            scorer_version=version.SCORER_VERSION,
        )
        for report, one in zip(reports, found, strict=True)
        for metric, measure in one.measured.metrics.items()
    ]
    # The same scorers find the same: what a commit of unknown end has written may stay.
    Score.objects.bulk_create(rows, ignore_conflicts=True)
    for report, one in zip(reports, found, strict=True):
        report.html, report.renderer_version = one.html, one.renderer
        report.flags = sorted(one.measured.flags.union(set(report.flags) - FLAGS))
    update_rows(reports, ["html", "renderer_version", "flags"])
