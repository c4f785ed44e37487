"""Editors' review of votes: the signals of a run in words, and what is decided on them.

None is deleted, and the standings follow by themselves. A vote that was set apart for another reason keeps that one
until it is released.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from evaluations.models import Run
from votes.models import Vote
from votes.statistics.anomalies import WINDOW, Anomalies, Cast, anomalies

RARE = 0.001
MOST_VOTES = 50_000  # the newest; a page is not to take longer than a few seconds


def signals_of(run: Run) -> list[str]:
    """A sentence for each signal; none without votes."""
    names = dict(run.entries.filter(reports__sample=1).values_list("reports", "name"))
    found = anomalies([cast_of(row, names) for row in rows_of(run)])
    return list(sentences(found)) if found else []


Row = tuple[datetime, datetime, str, str, int | None, list[int]]


def rows_of(run: Run) -> list[Row]:
    """The votes of a run, the newest first; looks are none."""
    votes = Vote.objects.filter(run=run, seat__isnull=False).order_by("-pk")
    return list(votes.values_list("cast_at", "issued_at", "network", "verdict", "choice_id", "line_up")[:MOST_VOTES])


def cast_of(row: Row, names: dict[int, str]) -> Cast:
    """A stored vote as the signals take it."""
    cast_at, issued_at, network, verdict, choice, line_up = row
    return Cast(
        moment=cast_at.timestamp(),
        reading=(cast_at - issued_at).total_seconds(),
        network=network,
        choice=names.get(choice, str(choice)) if choice else verdict,
        place=line_up.index(choice) if choice in line_up else None,
        offered=len(line_up),
    )


def sentences(found: Anomalies) -> Iterator[str]:
    """The signals in words."""
    burst = found.burst
    begins = datetime.fromtimestamp(burst.begins, UTC)
    yield (
        f"Burst: {burst.votes} votes within {WINDOW:.0f} seconds from {begins:%d %b %H:%M} UTC, where "
        f"{burst.expected:.1f} were to be expected ({chance(burst.probability)}); {burst.agreeing} of them for "
        f"{burst.choice}."
    )
    yield f"One network: the busiest sent {', '.join(map(str, found.networks))} of {found.votes} votes."
    yield f"Times: half of the votes came within {found.reading:.0f} s of their ballot, {found.alike} in one second."
    places = ", ".join(map(str, found.places)) or "never"
    yield f"Places: chosen {places}, first to last ({chance(found.place_probability)})."


def chance(probability: float) -> str:
    """How probable it is among honest votes."""
    share = "less than 0.1%" if probability < RARE else f"{probability:.1%}"
    return f"as odd by chance in {share} of runs"


def quarantine(votes: Iterable[Vote], note: str) -> None:
    """Let votes count no more, in the editor's own words."""
    ids = [vote.pk for vote in votes]
    Vote.objects.filter(pk__in=ids, quarantined=False).update(
        quarantined=True, quarantine_reason=Vote.Quarantine.EDITOR, note=note
    )


def release(votes: Iterable[Vote], note: str) -> None:
    """Let votes count that were set apart, whatever for."""
    ids = [vote.pk for vote in votes]
    Vote.objects.filter(pk__in=ids, quarantined=True).update(quarantined=False, quarantine_reason="", note=note)
