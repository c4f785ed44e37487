"""Runs against a small reference model: start, crash, resume, cancel, edit, another day. No divergence."""

import functools
import os
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from evaluations.errors import HeldElsewhereError, RunFailedError, RunPausedError, RunRefusedError
from evaluations.models import Attempt, Budget, Report, Run
from evaluations.pipeline import lease, ledger, runs
from evaluations.pipeline.retry import retry
from evaluations.pipeline.start import start
from tests.bookkeeping import settle_books
from tests.faults.conftest import GENERATION_USD, SLUGS, Services, make_roster
from tests.faults.test_models import chosen, good
from tests.pipeline.provider import Answer, response

EXAMPLES = int(os.environ.get("STATEFUL_EXAMPLES", "12"))  # other than 12: others each time
CALL, OF_RUN, OF_DAY = Decimal("0.5"), Decimal(2), Decimal(5)

# What the provider does, the report's end, the attempts it takes, and what it costs.
FATES: dict[str, tuple[str, int, Decimal | None]] = {
    "good": ("succeeded", 1, Decimal("0.001")),
    "dear": ("succeeded", 1, Decimal(1)),
    "empty": ("failed", 1, Decimal("0.001")),
    "refused": ("failed", 1, Decimal(0)),
    "busy once": ("succeeded", 2, Decimal("0.001")),
    "unknown": ("unknown_outcome", 1, None),
    "no credit": ("failed", 1, Decimal(0)),
}
CRASHES = (
    "",
    "",
    "",
    "fetch",
    "lock",
    "infer",
    "score",
    "publish",
    *(f"{s} {w}" for s in SLUGS for w in ("asked", "done")),
)


class CrashError(Exception):
    """The process is gone."""


@dataclass
class Told:
    """A run as the reference model has it."""

    ceilings: tuple[Decimal, Decimal, Decimal]
    state: str = "queued"
    held: bool = True
    reports: dict[str, str] = field(default_factory=dict)
    attempts: dict[str, int] = field(default_factory=dict)
    pending: dict[str, date] = field(default_factory=dict)  # asked, and the worker crashed
    unknown: list[tuple[str, date]] = field(default_factory=list)  # with an id to look it up by
    refused: set[str] = field(default_factory=set)  # by the account: asked again when a person resumes, or asks again
    lost: set[str] = field(default_factory=set)  # looked up, and paid for nothing
    locked: bool = False
    spent: Decimal = Decimal(0)
    reserved: Decimal = Decimal(0)

    @property
    def live(self) -> bool:
        return self.state in Run.LIVE

    def close(self) -> None:
        """Nobody knows what became of what a crashed worker had asked."""
        for slug in self.pending:
            self.reports[slug] = "unknown_outcome"
        self.pending.clear()


@dataclass
class Books:
    """A day's money."""

    spent: Decimal = Decimal(0)
    reserved: Decimal = Decimal(0)


class Runs(RuleBasedStateMachine):
    """One evaluation, and what people and accidents do to it."""

    server: Services

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.told: dict[int, Told] = {}
        self.days: dict[date, Books] = {}
        self.offset = 0
        self.enabled = set(SLUGS)
        self.server.asked.clear()

    def teardown(self) -> None:
        """Take everything back."""
        ledger.datetime = datetime  # type: ignore[attr-defined]
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @initialize()
    def evaluation_there(self) -> None:
        self.evaluation = make_roster(
            self.server.url, max_usd_per_call=CALL, max_usd_per_run=OF_RUN, max_usd_per_day=OF_DAY
        )
        self.evaluation.roster.update(usd_per_million_input=None, usd_per_million_output=None)

    # What happens

    @rule(
        fates=st.fixed_dictionaries({slug: st.sampled_from(sorted(FATES)) for slug in SLUGS}),
        crash=st.sampled_from(CRASHES),
    )
    def start(self, fates: dict[str, str], crash: str) -> None:
        held = [run for run in self.told.values() if run.live and run.held]
        try:
            hold = start(self.evaluation)
        except HeldElsewhereError:
            assert held
            return
        assert not held
        for run in self.told.values():
            if run.live:
                run.state = "paused"
        evaluation = self.evaluation
        told = Told((evaluation.max_usd_per_call, evaluation.max_usd_per_run, evaluation.max_usd_per_day))
        told.reports = {slug: "waiting" for slug in SLUGS if slug in self.enabled}
        self.told[hold.run.pk] = told
        self.work(hold, told, fates, crash)

    @precondition(lambda self: self.told)
    @rule(
        data=st.data(),
        fates=st.fixed_dictionaries({slug: st.sampled_from(sorted(FATES)) for slug in SLUGS}),
        crash=st.sampled_from(CRASHES),
    )
    def resume(self, data: st.DataObject, fates: dict[str, str], crash: str) -> None:
        pk = data.draw(st.sampled_from(sorted(self.told)))
        told = self.told[pk]
        other = any(run.live for key, run in self.told.items() if key != pk)
        free = not (told.held and told.live) and told.state in Run.RESUMABLE
        try:
            hold = runs.resume(Run.objects.get(pk=pk))
        except (HeldElsewhereError, RunRefusedError):
            assert not free or other
            return
        assert free
        assert not other
        told.held = True
        if told.state in ("paused", "failed"):
            told.reports |= dict.fromkeys(told.refused, "waiting")
            told.refused.clear()
        self.work(hold, told, fates, crash)

    @rule()
    def look_up_what_nobody_knows(self) -> None:
        """The provider says what it billed; the answers are lost all the same."""
        found = 0
        for told in self.told.values():
            if not (told.live or told.held):
                told.close()
            for slug, day in [] if told.live else told.unknown:
                found += 1
                if told.reports[slug] == "unknown_outcome":
                    told.reports[slug] = "failed"
                    told.lost.add(slug)
                self.book(told, day, GENERATION_USD, -told.ceilings[0])
            if not told.live:
                told.unknown.clear()
        assert settle_books() == found

    @rule()
    def leases_run_out(self) -> None:
        Run.objects.update(lease_expires_at=timezone.now() - timedelta(days=1))
        for run in self.told.values():
            run.held = False

    @precondition(lambda self: self.told)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        pk = data.draw(st.sampled_from(sorted(self.told)))
        told = self.told[pk]
        try:
            runs.cancel(Run.objects.get(pk=pk))
        except RunRefusedError:
            assert told.state in ("published", "cancelled")
            return
        told.state = "cancelled"
        if not told.held:
            told.close()

    @precondition(lambda self: self.told)
    @rule(data=st.data(), slug=st.sampled_from(SLUGS), fate=st.sampled_from(sorted(FATES)))
    def ask_again(self, data: st.DataObject, slug: str, fate: str) -> None:
        """A person orders a retry of one report."""
        pk = data.draw(st.sampled_from(sorted(self.told)))
        told, today = self.told[pk], datetime.now(UTC).date() + timedelta(days=self.offset)
        if slug not in told.reports:
            return
        rest = not (told.live or told.held) and told.state != "cancelled"
        gone = told.reports[slug] == "unknown_outcome" or slug in told.lost | told.refused
        sent = rest and told.locked and gone and self.affordable(told, today)
        ending, tries, cost = FATES[fate]
        done = self.server.asked.count(f"maker/{slug}")
        self.server.script = lambda _model, number: answer(fate, number - done)
        try:
            retry(Report.objects.get(entry__run=pk, entry__slug=slug))
        except RunRefusedError:
            assert not sent or fate in ("refused", "no credit")
        else:
            assert sent
            told.reports[slug] = ending
            told.lost.discard(slug)
            told.refused.discard(slug)
            if told.state == "failed" and ending == "succeeded":
                told.state = "published"
        if sent:
            told.close()
            told.attempts[slug] += tries
            if cost is None:
                told.unknown.append((slug, today))
            self.book(told, today, spent=cost or Decimal(0), reserved=told.ceilings[0] if cost is None else Decimal(0))

    @rule(slug=st.sampled_from(SLUGS))
    def edit_the_roster(self, slug: str) -> None:
        self.enabled ^= {slug}
        self.enabled = self.enabled or {slug}
        for name in SLUGS:
            self.evaluation.roster.filter(slug=name).update(enabled=name in self.enabled)

    @rule(text=st.sampled_from(["Be brief.", "Be thorough."]))
    def edit_the_prompt(self, text: str) -> None:
        self.evaluation.prompts.create(system_text=text)

    @rule(most=st.sampled_from([Decimal(1), Decimal(2), Decimal(5)]))
    def edit_the_ceilings(self, most: Decimal) -> None:
        self.evaluation.max_usd_per_run = most
        self.evaluation.save()

    @rule()
    def another_day(self) -> None:
        self.offset += 1
        ledger.datetime = later(self.offset)  # type: ignore[attr-defined]

    # What the provider and the accident do

    def work(self, hold: lease.Hold, told: Told, fates: dict[str, str], crash: str) -> None:
        """Let the worker go, and the reference model beside it."""
        asked = {f"maker/{slug}": self.server.asked.count(f"maker/{slug}") for slug in SLUGS}
        self.server.script = lambda model, number: answer(fates[model.split("/")[1]], number - asked[model])
        worker = runs.Worker(functools.partial(crash_at, crash), at_once=1)
        release, lease.Hold.release = lease.Hold.release, lambda hold, **_: None
        try:
            runs.execute(hold, worker)
        except CrashError:
            ended = "crashed"
        except (RunPausedError, RunFailedError):
            ended = "ended"
        else:
            ended = "ended"
        finally:
            lease.Hold.release = release
        if ended == "ended":
            release(hold)
        expected = self.predict(told, fates, crash)
        told.held = expected == "crashed"
        assert ended == expected

    def predict(self, told: Told, fates: dict[str, str], crash: str) -> str:  # noqa: C901
        """What a worker does to the run."""
        today = datetime.now(UTC).date() + timedelta(days=self.offset)
        if not told.locked:
            told.state = "fetching"
            if crash == "fetch":
                return "crashed"
            told.locked, told.state = True, "locked"
            if crash == "lock":
                return "crashed"
        told.state = "inferring"
        told.close()
        if crash == "infer":
            return "crashed"
        tripped = False
        for slug, state in told.reports.items():
            if state in Report.SETTLED or tripped:
                continue
            ending, tries, cost = FATES[fates[slug]]
            if not self.affordable(told, today):
                told.reports[slug] = "failed"
                continue
            told.attempts[slug] = told.attempts.get(slug, 0) + 1
            if crash == f"{slug} asked":
                told.reports[slug], told.pending[slug] = "answering", today
                self.book(told, today, reserved=told.ceilings[0])
                return "crashed"
            told.attempts[slug] += tries - 1
            told.reports[slug] = ending
            if tripped := fates[slug] == "no credit":
                told.refused.add(slug)
            if cost is None:
                told.unknown.append((slug, today))
            self.book(told, today, spent=cost or Decimal(0), reserved=told.ceilings[0] if cost is None else Decimal(0))
            if crash == f"{slug} done":
                return "crashed"
        if any(state not in Report.SETTLED for state in told.reports.values()):
            told.state = "paused"
            return "ended"
        told.state = "scoring"
        if crash == "score":
            return "crashed"
        told.state = "published" if "succeeded" in told.reports.values() else "failed"
        return "crashed" if crash == "publish" and told.state == "published" else "ended"

    def affordable(self, told: Told, today: date) -> bool:
        """Whether a call fits under the ceilings of call, run and day."""
        call, of_run, of_day = told.ceilings
        books = self.days.get(today, Books())
        return told.spent + told.reserved + call <= of_run and books.spent + books.reserved + call <= of_day

    def book(self, told: Told, today: date, spent: Decimal = Decimal(0), reserved: Decimal = Decimal(0)) -> None:
        """Money of a run and its day."""
        books = self.days.setdefault(today, Books())
        for row in (told, books):
            row.spent += spent
            row.reserved += reserved

    # What must agree

    @invariant()
    def runs_and_reports_agree(self) -> None:
        there = {run.pk: run.state for run in Run.objects.all()}
        assert there == {pk: told.state for pk, told in self.told.items()}
        for pk, told in self.told.items():
            reports = dict(Report.objects.filter(entry__run=pk).values_list("entry__slug", "state"))
            assert reports == told.reports
            attempts: dict[str, int] = {}
            for slug in Attempt.objects.filter(report__entry__run=pk).values_list("report__entry__slug", flat=True):
                attempts[slug] = attempts.get(slug, 0) + 1
            assert attempts == told.attempts

    @invariant()
    def nobody_was_asked_without_an_attempt(self) -> None:
        for slug in SLUGS:
            asked = self.server.asked.count(f"maker/{slug}")
            written = sum(told.attempts.get(slug, 0) for told in self.told.values())
            pending = sum(slug in told.reports and told.attempts.get(slug, 0) > 0 for told in self.told.values())
            assert written - pending <= asked <= written

    @invariant()
    def the_books_agree(self) -> None:
        for pk, told in self.told.items():
            budget = Budget.objects.filter(run=pk).first()
            assert (told.spent, told.reserved) == ((budget.spent_usd, budget.reserved_usd) if budget else (0, 0))
        for day, books in self.days.items():
            budget = Budget.objects.get(day=day, sandbox=False)
            assert (books.spent, books.reserved) == (budget.spent_usd, budget.reserved_usd)

    @invariant()
    def only_what_is_finished_is_public(self) -> None:
        for run in Run.objects.published():
            states = set(Report.objects.filter(entry__run=run).values_list("state", flat=True))
            assert states <= set(Report.SETTLED)
            assert run.partial == (states != {"succeeded"})


def answer(fate: str, number: int) -> Answer | None:
    """The provider's n-th answer under a fate."""
    match fate:
        case "dear":
            return good(usage={"cost": 1})
        case "empty":
            return good(choices=[])
        case "refused":
            return response(400)
        case "no credit":
            return response(402)
        case "unknown":
            return response(524, X_Generation_Id=f"gen-{number}")
        case "busy once" if number == 1:
            return response(503, Retry_After="0")
    return chosen()


def crash_at(crash: str, news: Any) -> None:
    """The accident."""
    if not crash:
        return
    if getattr(news, "step", "") == crash:
        raise CrashError
    if hasattr(news, "model"):
        done = news.state in Report.SETTLED and not news.error.startswith("ceiling") and news.error != "worker_stopped"
        moment = {"answering": "asked"}.get(news.state, "done" if done else "")
        if crash == f"{news.model} {moment}":
            raise CrashError


def later(days: int) -> type:
    """A clock that is days ahead."""

    class Later(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + timedelta(days=days)

    return Later


@pytest.mark.django_db
def test_runs_never_diverge_from_the_reference_model(services: Services) -> None:
    Runs.server = services
    run_state_machine_as_test(
        Runs,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=12,
            deadline=None,
            derandomize=EXAMPLES == 12,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.explicit, Phase.generate),
        ),
    )
