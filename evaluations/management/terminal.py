"""What a person at a terminal, or the next program in a pipe, sees of a run."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO

from evaluations.pipeline.worker import News, ReportNews, StepNews, Watch

from .figures import WORDS, dollars
from .tables import fit

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult
    from rich.table import Table

MARKS = {"answering": "…", "succeeded": "✓", "failed": "✗", "unknown_outcome": "?", "waiting": "·"}
STEPS = {
    "fetch": "Fetching",
    "read": "Reading",
    "lock": "Locked",
    "infer": "Asking every model",
    "score": "Scoring",
    "publish": "Published",
}


def step_line(news: StepNews) -> str:
    """One step in words."""
    return f"{STEPS.get(news.step, news.step)}: {news.detail}"


def figures(news: ReportNews) -> tuple[str, str, str]:
    """Seconds, tokens and cost of a report, each empty where there is none."""
    return (
        f"{news.seconds:.1f} s" if news.seconds is not None else "",
        f"{news.output_tokens:,} tokens" if news.output_tokens is not None else "",
        dollars(news.cost_usd),
    )


def line_watcher(out: TextIO) -> Watch:
    """A watcher that prints one line for each piece of news."""

    def watch(news: News) -> None:
        if isinstance(news, StepNews):
            line = step_line(news)
        else:
            parts = [f"  {news.model}: {WORDS.get(news.state, news.state)}", news.error, *figures(news)]
            line = ", ".join(part for part in parts if part)
        out.write(line + "\n")
        out.flush()

    return watch


class LiveView:
    """Steps, and below them every model with its state and the seconds ticking."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.reports: dict[int, ReportNews] = {}
        self.since: dict[int, float] = {}

    def watch(self, news: News) -> None:
        """Take in one piece of news."""
        if isinstance(news, StepNews):
            self.steps.append(step_line(news))
        else:
            self.since.setdefault(news.report, time.monotonic())
            self.reports[news.report] = news

    def __rich_console__(self, console: "Console", options: "ConsoleOptions") -> "RenderResult":
        from rich.text import Text

        rows = [self.row(report, news) for report, news in self.reports.items()]
        yield from (Text(step) for step in self.steps)
        yield fit(console, RANKS, lambda kept: grid([[row[place] for place in kept] for row in rows]))

    def row(self, report: int, news: ReportNews) -> list[Any]:
        """One model's line: what RANKS ranks."""
        from rich.text import Text

        seconds, tokens, cost = figures(news)
        if news.state == "answering":
            seconds = f"{time.monotonic() - self.since[report]:.1f} s"
        colour = {"succeeded": "green", "failed": "red", "unknown_outcome": "yellow"}.get(news.state, "dim")
        state = f"{MARKS.get(news.state, ' ')} {WORDS.get(news.state, news.state)}"
        return [f"  {news.model}", Text(state, colour), seconds, tokens, cost, Text(news.error, "red")]


RANKS = (0, 0, 0, 2, 0, 1)  # of a model's line: the number of tokens gives way first, then why it failed


def grid(rows: Sequence[Sequence[Any]]) -> "Table":
    """Cells in columns, without lines between them."""
    from rich.table import Table

    table = Table.grid(padding=(0, 2))
    for place in range(len(rows[0]) if rows else 0):
        table.add_column(no_wrap=bool(place), overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table


@contextmanager
def watcher(out: TextIO, progress: bool) -> Iterator[Watch]:
    """The watcher that fits: a live view at a terminal, plain lines in a pipe, silence where none is wanted."""
    if not progress:
        yield lambda _news: None
    elif not out.isatty():
        yield line_watcher(out)
    else:
        from rich.console import Console
        from rich.live import Live

        view = LiveView()
        with Live(view, console=Console(file=out), refresh_per_second=8):
            yield view.watch
