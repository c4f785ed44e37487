"""Runs and reports as tables at a terminal: as many columns as there is room for, and no figure is ever cut."""

import shutil
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, TextIO

from evaluations.wire.failures import may_have_cost

from .figures import WORDS, change, dollars, integer, low_to_high, one_to_other, percent

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

type Row = Mapping[str, Any]

ANY_WIDTH = 500  # in a pipe: there every column finds room
LONGEST_REASON = 22  # characters; a longer one goes on in the next line


@dataclass(frozen=True)
class Column:
    """One column. `rank`: 0 is always there; else the column with the highest gives way first, where it is narrow.

    `text`: words, to the left, which may go on in the next line; else a figure, which never does.
    """

    title: str
    cell: Callable[[Row], str]
    rank: int = 0
    text: bool = False


def score(name: str, form: Callable[[float | None], str] = percent) -> Callable[[Row], str]:
    """The cell of one score of a report."""
    return lambda row: form(row["scores"].get(name))


def outcome_words(row: Row) -> str:
    """How a report ended: why it failed, or that nobody knows, and why."""
    status, error = str(row["status"]), str(row["error"] or "")
    word = WORDS.get(status, status)
    return f"{word}: {error}" if error and status == "unknown_outcome" else error or word


def cost_words(row: Row) -> str:
    """What a report cost, or that nobody knows what."""
    unknown = row["cost_usd"] is None and may_have_cost(row["status"], row["error"] or "")
    return "unknown" if unknown else dollars(row["cost_usd"])


REPORTS = (
    Column("Model", lambda row: row["model"] if row["sample"] == 1 else f"{row['model']} ({row['sample']})", text=True),
    Column("Report", outcome_words, rank=1, text=True),
    Column("Grounded", score("groundedness")),
    Column("Sources\nused", score("context_utilization"), rank=3),
    Column("Format\nkept", score("format_compliance"), rank=2),
    Column("Words", score("words", integer), rank=5),
    Column("Seconds", lambda row: "" if row["seconds"] is None else f"{row['seconds']:.1f}", rank=4),
    Column("Cost", cost_words),
)


def print_table(out: TextIO, summary: Row) -> None:
    """The run's reports as a table."""
    print_rows(out, REPORTS, summary["reports"])


# Several samples of a model: their spread, not one lucky draw


def spread(name: str, form: Callable[[float | None], str] = percent) -> Callable[[Row], str]:
    """The cell that says how far the samples of a model lie apart in one score."""
    return lambda row: low_to_high([found["scores"].get(name) for found in row["done"]], form)


SPREADS = (
    Column("Model", lambda row: row["model"], text=True),
    Column("Samples", lambda row: f"{len(row['done'])} of {row['asked']}", rank=1),
    Column("Grounded", spread("groundedness")),
    Column("Sources\nused", spread("context_utilization"), rank=3),
    Column("Format\nkept", spread("format_compliance"), rank=2),
    Column("Words", spread("words", integer), rank=5),
    Column("Seconds", lambda row: low_to_high([found["seconds"] for found in row["done"]], "{:.1f}".format), rank=4),
    Column("Cost", lambda row: low_to_high([found["cost_usd"] for found in row["done"]], dollars)),
)


def print_spreads(out: TextIO, summary: Row) -> None:
    """From the least to the most of every score over the samples of each model; nothing where each has only one."""
    rows = by_model(summary)
    if any(row["asked"] > 1 for row in rows):
        say(out, "The samples of each model, from the least to the most:")
        print_rows(out, SPREADS, rows)


def by_model(summary: Row) -> list[dict[str, Any]]:
    """The reports of a run, model by model: how many were asked for, and those that succeeded."""
    groups = groupby(summary["reports"], key=lambda row: str(row["model"]))
    listed = [(model, list(rows)) for model, rows in groups]
    return [
        {"model": model, "asked": len(rows), "done": [row for row in rows if row["status"] == "succeeded"]}
        for model, rows in listed
    ]


# Replays beside the runs whose material they read again


def pair(name: str, form: Callable[[float | None], str] = percent) -> Callable[[Row], str]:
    """The cell with a score before and now."""
    return lambda row: one_to_other(row["before"].get(name), row["now"].get(name), form)


REPLAYS = (
    Column("Model", lambda row: row["model"], text=True),
    Column("Runs", lambda row: str(row["runs"]), rank=5),
    Column("Grounded", pair("groundedness")),
    Column("Change", lambda row: change(row["differences"]), rank=1),
    Column("Format\nkept", pair("format_compliance"), rank=2),
    Column("Sources\nused", pair("context_utilization"), rank=3),
    Column("Words", pair("words", integer), rank=4),
    Column("Cost", pair("cost_usd", dollars)),
)


def print_replays(out: TextIO, pairs: Sequence[tuple[Row, Row]]) -> None:
    """One table for all replays: each model's means before and now, over the runs where it wrote both times."""
    rows = [row for model in models_of(pairs) if (row := joint_row(model, pairs))["runs"]]
    numbers = ", ".join(f"{origin['run']} → {replay['run']}" for origin, replay in pairs)
    if not rows:
        say(out, f"No model wrote a report both before and now ({numbers}).")
        return
    say(out, f"Before → now, on the same material ({numbers}); change in percentage points:")
    print_rows(out, REPLAYS, rows)


def models_of(pairs: Sequence[tuple[Row, Row]]) -> list[str]:
    """The models of all replays, in the order of the last one."""
    return list(dict.fromkeys(row["model"] for _, replay in reversed(pairs) for row in replay["reports"]))


def joint_row(model: str, pairs: Sequence[tuple[Row, Row]]) -> dict[str, Any]:
    """One model over all pairs."""
    found = [(figures_of(model, origin), figures_of(model, replay)) for origin, replay in pairs]
    both = [(before, now) for before, now in found if before and now]
    measured = [(before.get("groundedness"), now.get("groundedness")) for before, now in both]
    return {
        "model": model,
        "runs": len(both),
        "before": means([before for before, _ in both]),
        "now": means([now for _, now in both]),
        "differences": [now - before for before, now in measured if before is not None and now is not None],
    }


def figures_of(model: str, summary: Row) -> dict[str, float | None]:
    """What a model scored and cost in a run, as means over its samples; nothing where it wrote no report."""
    done = [row for row in summary["reports"] if row["model"] == model and row["status"] == "succeeded"]
    return means([row["scores"] | {"cost_usd": row["cost_usd"]} for row in done])


def means(rows: Sequence[Mapping[str, float | None]]) -> dict[str, float | None]:
    """The mean of each figure over the rows that have it."""
    found: dict[str, float | None] = {}
    for name in {name for row in rows for name in row}:
        values = [value for row in rows if (value := row.get(name)) is not None]
        found[name] = sum(values) / len(values) if values else None
    return found


# The list of runs

RUNS = (
    Column("Run", lambda row: str(row["run"])),
    Column("When", lambda row: row["when"]),
    Column("Evaluation", lambda row: row["evaluation"], rank=3, text=True),
    Column("Kind", lambda row: row["what"], rank=2, text=True),
    Column("State", lambda row: row["status"].replace("_", " "), rank=0, text=True),
    Column("Vote", lambda row: row["vote"], rank=4, text=True),
    Column("Reports", lambda row: f"{row['succeeded']} of {row['reports']}"),
    Column("Cost", lambda row: "unknown" if row["cost_usd"] is None else dollars(row["cost_usd"])),
)


# Laying out


def say(out: TextIO, line: str) -> None:
    """One line, which a terminal goes on with between two words; commands and addresses are left to be copied whole."""
    if "`" in line or "://" in line or not out.isatty():
        out.write(f"{line}\n")
    else:
        room = shutil.get_terminal_size().columns
        out.write(textwrap.fill(line, room, break_long_words=False, break_on_hyphens=False) + "\n")


def print_rows(out: TextIO, columns: Sequence[Column], rows: Sequence[Row]) -> None:
    """Rows under as many of the columns as fit into the terminal; in a pipe, under all."""
    from rich.console import Console

    console = Console(file=out, width=None if out.isatty() else ANY_WIDTH, highlight=False, markup=False)
    ranks = [column.rank for column in columns]
    console.print(fit(console, ranks, lambda kept: rich_table([columns[place] for place in kept], rows, console)))


def fit(console: "Console", ranks: Sequence[int], build: Callable[[Sequence[int]], "Table"]) -> "Table":
    """The table with as many of its columns as the console has room for."""

    def width_of(table: "Table") -> int:
        return console.measure(table, options=unbounded).maximum

    kept, unbounded = list(range(len(ranks))), console.options.update(width=ANY_WIDTH)
    while width_of(table := build(kept)) > console.width and any(ranks[place] for place in kept):
        kept.remove(max(kept, key=ranks.__getitem__))
    return table


def rich_table(columns: Sequence[Column], rows: Sequence[Row], console: "Console") -> "Table":
    """The columns as a table of Rich; in a pipe each row is one line."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for place, column in enumerate(columns):
        most = LONGEST_REASON if column.text and place and console.width < ANY_WIDTH else None
        table.add_column(
            column.title,
            justify="left" if column.text else "right",
            no_wrap=not column.text,
            overflow="fold",
            max_width=most,
        )
    for row in rows:
        table.add_row(*(Text(column.cell(row)) for column in columns))
    return table
