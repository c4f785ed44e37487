"""Fetching knows how much of its worker's time is left: it starts nothing that cannot end, and hands over the rest."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from evaluations.errors import RunHandedOverError
from evaluations.models import Attempt, Evaluation, Page, QueryAnswer, Run
from evaluations.pipeline import fetch as step
from evaluations.pipeline import materials, runs
from evaluations.pipeline.start import start
from evaluations.sources import search
from evaluations.sources.search import Hits, Result
from evaluations.wire.failures import Failure

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_sandbox")]


class Slow:
    """A search that takes its time, one query after another."""

    at_once = 1

    def __init__(self, clock: list[float], seconds: float, hangs: bool = False) -> None:
        self.clock, self.seconds, self.hangs, self.asked = clock, seconds, hangs, list[str]()

    async def ask(self, query: str) -> Hits | Failure:
        self.asked.append(query)
        if self.hangs:
            await asyncio.sleep(60)
        self.clock[0] -= self.seconds
        return Hits((Result("web", f"On {query}", f"https://e.example/{len(self.asked)}"),))

    async def aclose(self) -> None:
        """Nothing is open."""


@pytest.fixture
def evaluation() -> Evaluation:
    """The sandbox's evaluation with one model and four queries."""
    evaluation = Evaluation.objects.get(slug="sandbox")
    evaluation.roster.exclude(slug="brief").delete()
    evaluation.queries.all().delete()
    for position in range(1, 5):
        evaluation.queries.create(position=position, text=f"query {position}")
    return evaluation


def searching(monkeypatch: pytest.MonkeyPatch, source: Slow) -> Slow:
    async def open_search(_run: Run) -> Slow:
        return source

    monkeypatch.setattr(materials, "open_search", open_search)
    return source


def worker(clock: list[float]) -> runs.Worker:
    return runs.Worker(seconds_left=lambda: clock[0], hands_over=True)


def test_queries_that_could_not_end_are_left_to_the_next_worker(
    evaluation: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [30.0]
    source = searching(monkeypatch, Slow(clock, 8))
    with pytest.raises(RunHandedOverError, match="No time was left for 2 of 4 queries"):
        runs.execute(start(evaluation), worker(clock))
    run = Run.objects.get()
    assert source.asked == ["query 1", "query 2"]
    assert (run.state, run.lease_expires_at, Attempt.objects.exists()) == ("fetching", None, False)
    clock[0] = 900
    runs.execute(runs.resume(run), worker(clock))
    assert source.asked == ["query 1", "query 2", "query 3", "query 4"]
    assert Run.objects.get().state == "published"


@pytest.mark.parametrize("seconds", [0.0, 8.0, 14.9])
def test_with_too_little_time_no_query_is_sent(
    evaluation: Evaluation, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    source = searching(monkeypatch, Slow([0], 0))
    with pytest.raises(RunHandedOverError):
        runs.execute(start(evaluation), worker([seconds]))
    assert source.asked == []


def test_a_query_under_way_at_the_end_is_cut_off_kept_as_such_and_asked_again(
    evaluation: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "LEAST_SECONDS", 0.01)
    monkeypatch.setattr(step, "LAST_SECONDS", 1.0)
    source = searching(monkeypatch, Slow([0], 0, hangs=True))
    loop_end = 1.2
    with pytest.raises(RunHandedOverError):
        runs.execute(start(evaluation), ticking(loop_end))
    assert source.asked == ["query 1"]
    assert set(QueryAnswer.objects.values_list("state", "failure")) == {("failed", "no_time"), ("waiting", "")}
    source.hangs = False
    runs.execute(runs.resume(Run.objects.get()))
    assert sorted(source.asked) == ["query 1", "query 1", "query 2", "query 3", "query 4"]
    assert not QueryAnswer.objects.exclude(failure="").exists()


def ticking(seconds: float) -> runs.Worker:
    """A worker with so many real seconds."""
    import time

    end = time.monotonic() + seconds
    return runs.Worker(seconds_left=lambda: end - time.monotonic(), hands_over=True)


class Reader:
    """A reader of pages, of which some never come."""

    at_once = 8

    def __init__(self, hangs: Callable[[str], bool]) -> None:
        self.hangs, self.opened = hangs, list[str]()

    async def read(self, url: str) -> str:
        self.opened.append(url)
        if self.hangs(url):
            await asyncio.sleep(60)
        return f"The page at {url}."

    async def aclose(self) -> None:
        """Nothing is open."""


def test_pages_for_which_only_this_worker_had_no_time_are_read_by_the_next(
    evaluation: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluation.full_text, evaluation.full_text_pages = Evaluation.FullText.FIRECRAWL, 1
    evaluation.search_source = Evaluation.SearchSource.SANDBOX
    evaluation.save()
    monkeypatch.setenv("FIRECRAWL_API_KEY", "test-key")
    source = searching(monkeypatch, Slow([0], 0))
    reader = Reader(lambda url: url.endswith("/2"))
    monkeypatch.setattr(materials, "open_reader", lambda _run: reader)
    monkeypatch.setattr(search, "LEAST_SECONDS", 0.01)
    hold = start(evaluation)
    runs.fetch(hold, runs.Worker())
    with pytest.raises(RunHandedOverError, match="No time was left for every page"):
        runs.read_pages(hold, runs.Worker(seconds_left=lambda: step.LAST_SECONDS + 0.4, hands_over=True))
    assert (len(source.asked), Page.objects.count(), Page.objects.exclude(failure="").exists()) == (4, 3, False)
    with pytest.raises(RunHandedOverError):
        runs.read_pages(hold, runs.Worker(seconds_left=lambda: 3.0, hands_over=True))
    assert len(reader.opened) == 4
    reader.hangs = lambda _url: False
    runs.read_pages(hold, runs.Worker())
    assert Page.objects.count() == 4


def test_a_source_that_gives_nothing_to_lock_fails_before_a_cent(
    evaluation: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Empty(Slow):
        async def ask(self, query: str) -> Hits | Failure:
            return Hits((Result("web", "No address", "  "), Result("web", "Long", "https://e.example/" + "x" * 3_000)))

    searching(monkeypatch, Empty([0], 0))
    with pytest.raises(runs.RunFailedError, match="nothing was spent"):
        runs.execute(start(evaluation))
    run = Run.objects.get()
    assert (run.state, run.context, Attempt.objects.exists()) == ("failed", None, False)


@pytest.mark.parametrize("title", ["A headline", "T" * 100_000])
def test_a_size_into_which_no_source_fits_fails_before_a_cent(
    evaluation: Evaluation, monkeypatch: pytest.MonkeyPatch, title: str
) -> None:
    class Titled(Slow):
        async def ask(self, query: str) -> Hits | Failure:
            return Hits((Result("web", title, "https://e.example/1", snippets=("Rovers won.",)),))

    searching(monkeypatch, Titled([0], 0))
    Evaluation.objects.filter(pk=evaluation.pk).update(context_tokens=200)
    evaluation.refresh_from_db()
    with pytest.raises(runs.RunFailedError, match=r"fits into the size that the evaluation allows.*nothing was spent"):
        runs.execute(start(evaluation))
    assert (Run.objects.get().state, Attempt.objects.exists()) == ("failed", False)


def test_one_enormous_title_takes_nobody_s_place(evaluation: Evaluation, monkeypatch: pytest.MonkeyPatch) -> None:
    class Enormous(Slow):
        async def ask(self, query: str) -> Hits | Failure:
            big: dict[str, Any] = {"title": "T" * 100_000, "publisher": "P" * 100_000, "published": "D" * 100_000}
            good = Result("web", "A good one", "https://e.example/good", snippets=("Rovers won.",))
            return Hits((Result("web", url="https://e.example/big", **big), good))

    searching(monkeypatch, Enormous([0], 0))
    runs.execute(start(evaluation))
    run = Run.objects.get()
    assert run.context
    assert [len(source.title) for source in run.context.sources.all()] == [500, 10]
