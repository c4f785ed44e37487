"""The table of `make test-fuzz`: what came of so many mutants at each border."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

import pytest

from tests.faults.conftest import one_authority, services  # noqa: F401 - fixtures
from tests.fuzz.oddities import Mutant, sample

# Over all borders. `make test` takes a seeded sample.
MUTANTS = int(os.environ.get("MUTANTS", "600"))
# A border that takes long is shot at in parts, so that two processes share it.
PARTS = 1 if MUTANTS < 5_000 else 4
FEWEST = 20  # of a border
SEED = int(os.environ.get("SEED", "1"))


@dataclass
class Border:
    """One border under fire. A finding names its mutant."""

    name: str
    mutants: int = 0
    escapes: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    unbooked: list[str] = field(default_factory=list)

    def take(self, mutants: Iterator[Mutant], share: float, part: int = 0) -> list[Mutant]:
        """This border's share of all mutants, or all that there are; of a border in parts, another one for each."""
        count = max(FEWEST, round(MUTANTS * share))
        taken = sample(mutants, count * (part + 1), SEED)[count * part :]
        self.mutants += len(taken)
        return taken

    def hold(self) -> None:
        """Fail with the first findings of each kind."""
        found = {"escapes": self.escapes, "lost": self.lost, "unbooked": self.unbooked}
        assert not any(found.values()), {kind: (len(list_), list_[:5]) for kind, list_ in found.items() if list_}


@pytest.fixture
def border(request: pytest.FixtureRequest) -> Iterator[Border]:
    """A line of the table, under the name of the test; the parts of a test share it."""
    made = Border(request.node.originalname.removeprefix("test_").replace("_", " "))
    yield made
    counts = (made.mutants, len(made.escapes), len(made.lost), len(made.unbooked))
    # What goes from a worker to the process that prints the table.
    request.node.user_properties.append(("border", [made.name, *counts]))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table."""
    table: dict[str, list[int]] = {}
    for report in chain.from_iterable(terminalreporter.stats.values()):
        for kind, row in getattr(report, "user_properties", ()):
            if kind == "border" and report.when == "teardown" and row[1]:
                table[row[0]] = [*map(sum, zip(table.get(row[0], [0] * 4), row[1:], strict=True))]
    if table:
        write = terminalreporter.write_line
        write(f"\n{'border':60} {'mutants':>8} {'escapes':>8} {'lost':>6} {'unbooked':>9}")
        for name, counts in [*sorted(table.items()), ("all", [*map(sum, zip(*table.values(), strict=True))])]:
            write(f"{name[:60]:60} {counts[0]:>8,} {counts[1]:>8} {counts[2]:>6} {counts[3]:>9}")
