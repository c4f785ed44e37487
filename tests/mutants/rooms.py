"""The rooms whose tests are put to the test, what tests them, and the changes that no test can see."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Room:
    """Modules, and the tests that should notice any change of them, in any order.

    `judged`: changes that leave the behaviour as it is, by `module: what | the line`, with the reason.
    """

    modules: tuple[str, ...]
    tests: tuple[str, ...]
    judged: dict[str, str] = field(default_factory=dict)


ROOMS = {
    "guard": Room(
        ("evaluations.sources.guard", "evaluations.sources.addresses"),
        ("tests/sources/test_guard.py", "tests/pipeline/test_addresses.py"),
    ),
    "ledger": Room(
        ("evaluations.pipeline.ledger", "evaluations.pipeline.budgets"),
        ("tests/pipeline/test_ledger.py", "tests/faults/test_money.py", "tests/faults/test_aftermath.py"),
    ),
    "ballots": Room(
        ("votes.ballots", "votes.seats"),
        (
            "tests/votes/test_ballot.py",
            "tests/votes/test_ballot_age.py",
            "tests/votes/test_seats.py",
            "tests/votes/test_haste.py",
            "tests/votes/test_networks.py",
            "tests/votes/test_races.py",
        ),
        {
            'votes.seats: 0 plus one | return votes.aggregate(last=Max(seat))["last"] or 0': (
                "where there is no vote, neither 0 nor 1 reaches the number of seats, of which there are 51 at least"
            ),
            "votes.seats: 0 plus one | salt, counted, voted = rows[0][:3] if rows else (None, 0, False)": (
                "without a salt no vote is taken, so nobody asks how many would count"
            ),
        },
    ),
    "markdown": Room(
        ("evaluations.presentation.markdown",), ("tests/pages/test_rendering.py", "tests/pages/test_evidence.py")
    ),
    "blindness": Room(
        ("evaluations.models.blindness",), ("tests/pages/test_blindness.py", "tests/pages/test_held_back.py")
    ),
}
