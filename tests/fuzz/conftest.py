"""The table of `make test-fuzz`: what came of so many mutants at each border."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.faults.conftest import one_authority, services  # noqa: F401 - fixtures
from tests.fuzz.oddities import Mutant, sample

# Over all borders. `make test` takes a seeded sample.
MUTANTS = int(os.environ.get("MUTANTS", "1000"))
SEED = int(os.environ.get("SEED", "1"))


@dataclass
class Border:
    """One border under fire. A finding names its mutant."""

    name: str
    mutants: int = 0
    escapes: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    unbooked: list[str] = field(default_factory=list)

    def take(self, mutants: Iterator[Mutant], share: float) -> list[Mutant]:
        """This border's share of all mutants, or all that there are."""
        taken = sample(mutants, max(20, round(MUTANTS * share)), SEED)
        self.mutants += len(taken)
        return taken

    def hold(self) -> None:
        """Fail with the first findings of each kind."""
        found = {"escapes": self.escapes, "lost": self.lost, "unbooked": self.unbooked}
        assert not any(found.values()), {kind: (len(list_), list_[:5]) for kind, list_ in found.items() if list_}


BORDERS: list[Border] = []


@pytest.fixture
def border(request: pytest.FixtureRequest) -> Border:
    """A line of the table, under the name of the test."""
    made = Border(request.node.originalname.removeprefix("test_").replace("_", " "))
    BORDERS.append(made)
    return made


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table."""
    if not BORDERS:
        return
    write = terminalreporter.write_line
    write(f"\n{'border':60} {'mutants':>8} {'escapes':>8} {'lost':>6} {'unbooked':>9}")
    rows = [(b.name, b.mutants, len(b.escapes), len(b.lost), len(b.unbooked)) for b in BORDERS]
    for name, *counts in [*rows, ("all", *(sum(row[n] for row in rows) for n in range(1, 5)))]:
        write(f"{name[:60]:60} {counts[0]:>8,} {counts[1]:>8} {counts[2]:>6} {counts[3]:>9}")
