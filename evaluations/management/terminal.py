"""What a person at a terminal, or the next program in a pipe, sees of a run."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TextIO

from evaluations.pipeline.budgets import RunCost
from evaluations.pipeline.worker import News, ReportNews, StepNews, Watch
from evaluations.wire.failures import Fate, fate_of

if TYPE_CHECKING:
    from rich.console import RenderableType

MARKS = {"answering": "…", "succeeded": "✓", "failed": "✗", "unknown_outcome": "?", "waiting": "·"}
WORDS = {"succeeded": "done", "unknown_outcome": "unknown"}
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


def dollars(amount: Decimal | float | None) -> str:
    """An amount in US dollars, with as many decimals as small costs need."""
    return "" if amount is None else f"${amount:.4f}"


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

    def __rich__(self) -> "RenderableType":
        from rich.console import Group
        from rich.table import Table
        from rich.text import Text

        table = Table.grid(padding=(0, 2))
        for report, news in self.reports.items():
            table.add_row(*self.row(report, news))
        return Group(*(Text(step) for step in self.steps), table)

    def row(self, report: int, news: ReportNews) -> list[Any]:
        """One model's line."""
        from rich.text import Text

        seconds, tokens, cost = figures(news)
        if news.state == "answering":
            seconds = f"{time.monotonic() - self.since[report]:.1f} s"
        colour = {"succeeded": "green", "failed": "red", "unknown_outcome": "yellow"}.get(news.state, "dim")
        state = f"{MARKS.get(news.state, ' ')} {WORDS.get(news.state, news.state)}"
        return [f"  {news.model}", Text(state, colour), seconds, tokens, cost, Text(news.error, "red")]


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


def outcome_words(status: str, error: str | None) -> str:
    """How a report ended: why it failed, or that nobody knows, and why."""
    word = WORDS.get(status, status)
    return f"{word}: {error}" if error and status == "unknown_outcome" else error or word


COLUMNS: list[tuple[str, Callable[[dict[str, Any]], str]]] = [
    ("Model", lambda row: row["model"] if row["sample"] == 1 else f"{row['model']} ({row['sample']})"),
    ("Report", lambda row: outcome_words(row["status"], row["error"])),
    ("Grounded", lambda row: percent(row["scores"].get("groundedness"))),
    ("Sources used", lambda row: percent(row["scores"].get("context_utilization"))),
    ("Format kept", lambda row: percent(row["scores"].get("format_compliance"))),
    ("Words", lambda row: integer(row["scores"].get("words"))),
    ("Seconds", lambda row: "" if row["seconds"] is None else f"{row['seconds']:.1f}"),
    ("Cost", lambda row: "unknown" if has_unknown_cost(row) else dollars(row["cost_usd"])),
]


def sample_ranges(summary: dict[str, Any]) -> list[str]:
    """One line for every model with several samples: the range of its scores, not one lucky draw."""
    samples: dict[str, list[dict[str, Any]]] = {}
    for row in summary["reports"]:
        samples.setdefault(row["model"], []).append(row)
    return [
        f"{model}, {len(rows)} samples: {ranges(rows)}"
        for model, rows in samples.items()
        if len(rows) > 1 and any(row["status"] == "succeeded" for row in rows)
    ]


def ranges(rows: list[dict[str, Any]]) -> str:
    """Smallest and largest value of each score over the samples that succeeded."""
    done = [row["scores"] for row in rows if row["status"] == "succeeded"]
    shown = []
    for name, word, form in (
        ("groundedness", "grounded", percent),
        ("context_utilization", "sources used", percent),
        ("format_compliance", "format kept", percent),
        ("words", "words", integer),
    ):
        values = sorted(score[name] for score in done if score.get(name) is not None)
        if values:
            low, high = form(values[0]), form(values[-1])
            shown.append(f"{word} {low}" if low == high else f"{word} {low} to {high}")
    return ", ".join(shown)


def has_unknown_cost(row: dict[str, Any]) -> bool:
    """Whether the report may have cost something that nobody knows."""
    asked = row["status"] in ("succeeded", "unknown_outcome") or fate_of(row["error"] or "") in (
        Fate.PAID,
        Fate.UNKNOWN,
    )
    return asked and row["cost_usd"] is None


def total(cost: RunCost) -> str:
    """What a run has cost, in words."""
    if not cost.unknown_calls:
        return dollars(cost.known)
    return f"not known: at least {dollars(cost.known)}, and {cost.unknown_calls} calls of unknown cost"


def percent(share: float | None) -> str:
    """A share from 0 to 1 in whole percent."""
    return "" if share is None else f"{share:.0%}"


def integer(number: float | None) -> str:
    """A whole number."""
    return "" if number is None else f"{number:,.0f}"


def print_table(out: TextIO, summary: dict[str, Any]) -> None:
    """The run's reports as a table."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title, _ in COLUMNS:
        table.add_column(title, justify="left" if title in ("Model", "Report") else "right", no_wrap=True)
    for row in summary["reports"]:
        table.add_row(*(cell(row) for _, cell in COLUMNS))
    # In a pipe there is no width: give the table what it needs.
    width = None if out.isatty() else 120
    Console(file=out, width=width, highlight=False).print(table)
