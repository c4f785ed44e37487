"""From a vote file to every figure that the standings show, as one document. Pure: the same file, the same figures.

The document is what is stored with a computation, what `/api/standings/` gives and what `compute_standings --from`
prints; docs/api.md describes its fields.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from statistics import fmean
from typing import Any

from evaluations.statistics.intervals import Interval
from votes.outcomes import results
from votes.outcomes.vote_files import Answer, RunVotes, VoteFile
from votes.ranking import METHOD, EqualTable, Row, Standings, Table, rank, standings
from votes.statistics.flips import Flips
from votes.statistics.lengths import Form, Forms
from votes.statistics.places import PlaceEffect
from votes.statistics.tallies import Ballot, without_reports

Document = dict[str, Any]


def figures(file: VoteFile) -> Document | None:
    """Every figure; None where no vote counts."""
    runs = [run for run in file.runs if not run.withdrawn]
    withheld = {(run.run, model) for run in runs for model, report in run.reports.items() if report.withheld}
    found = standings(without_reports(ballots(runs, quarantined=False), withheld), forms_of(runs))
    if found is None:
        return None
    with_quarantine = rank(without_reports(ballots(runs, quarantined=True), withheld))
    with_withheld = rank(ballots(runs, quarantined=False)) if withheld else None
    return {
        "method": METHOD,
        "inputs_sha256": file.sha256,
        "verdicts": verdicts(runs),
        "exclusions": exclusions(file.runs, withheld),
        "grounds": grounds_of(runs),
        **table_of(found.table),
        **effects_of(found),
        "models": rows_of(found.table, runs, withheld),
        "with_quarantine": rows_of(with_quarantine, runs, withheld),
        "with_withheld": rows_of(with_withheld, runs, set()) if with_withheld else None,
        "ranks_changed_by_withholding": other_ranks(found.table, with_withheld) if with_withheld else [],
    }


# What counts


def ballots(runs: Iterable[RunVotes], *, quarantined: bool) -> Iterator[Ballot]:
    """The choices; with those in quarantine, or without."""
    for run in runs:
        for answer in run.answers:
            if answer.verdict == "choice" and (quarantined or not answer.quarantine):
                yield Ballot(run.run, answer.line_up, answer.choice, answer.votes)


def forms_of(runs: Iterable[RunVotes]) -> Forms:
    """The outward form of every report."""
    return {
        (run.run, model): Form(report.words, report.headings, report.items)
        for run in runs
        for model, report in run.reports.items()
    }


def verdicts(runs: Iterable[RunVotes]) -> dict[str, int]:
    """How many counted votes gave which verdict."""
    found: Counter[str] = Counter()
    for run in runs:
        for answer in run.answers:
            if not answer.quarantine:
                found[answer.verdict] += answer.votes
    return dict(sorted(found.items()))


def grounds_of(runs: Iterable[RunVotes]) -> dict[str, dict[str, int]]:
    """By model or verdict, how many voters ticked what; of withheld reports nothing counts."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for run in runs:
        for said, ticked in results.grounds_of(run).items():
            found[said].update(ticked)
    return {said: dict(sorted(ticked.items())) for said, ticked in sorted(found.items())}


def exclusions(runs: Iterable[RunVotes], withheld: set[tuple[int, str]]) -> dict[str, int]:
    """How many votes of any verdict do not count, by the reason; each vote under the first that it has."""
    found: Counter[str] = Counter()
    for run in runs:
        for answer in run.answers:
            if reason := reason_of(run, answer, withheld):
                found[reason] += answer.votes
    return dict(sorted(found.items()))


def reason_of(run: RunVotes, answer: Answer, withheld: set[tuple[int, str]]) -> str:
    """Why an answer does not count; empty where it does."""
    if run.withdrawn:
        return "withdrawn_run"
    if answer.quarantine:
        return answer.quarantine
    return "withheld_report" if (run.run, answer.choice) in withheld else ""


def other_ranks(table: Table, other: Table) -> list[str]:
    """The models whose rank is another one in the other table, or that stand in that one only."""
    ranks = {row.model: row.rank for row in table.rows}
    return [row.model for row in other.rows if ranks.get(row.model, 0) != row.rank]


# As a document


def table_of(table: Table) -> Document:
    """What is known of the table as a whole."""
    return {
        "votes": table.votes,
        "runs": table.runs,
        "ballot_size": table.ballot_size,
        "equal_line_ups": table.equal_line_ups,
        "leaders": list(table.leaders),
        "groups": [list(group) for group in table.groups],
        "preferences": [flatten(one, "model", "other", "probability") for one in table.preferences],
    }


def effects_of(found: Standings) -> Document:
    """What else the votes say."""
    return {
        "first_place": flips_of(found.flips) if found.flips else None,
        "places": places_of(found.places),
        "equal_length": equal_of(found.equal) if found.equal else None,
    }


def rows_of(table: Table | None, runs: Sequence[RunVotes], withheld: set[tuple[int, str]]) -> list[Document]:
    """The models of a table, with how grounded their reports were, and how many votes for them do not count."""
    names = {model: report.name for run in runs for model, report in run.reports.items()}
    grounded, excluded = groundedness(runs), excluded_votes(runs, withheld)
    return [
        row_of(row)
        | {"name": names[row.model], "groundedness": grounded.get(row.model), "excluded": excluded[row.model]}
        for row in (table.rows if table else ())
    ]


def groundedness(runs: Iterable[RunVotes]) -> dict[str, float]:
    """By model, the mean of its reports that everybody may read."""
    values: dict[str, list[float]] = defaultdict(list)
    for run in runs:
        for model, report in run.reports.items():
            if report.groundedness is not None and not report.withheld:
                values[model].append(report.groundedness)
    return {model: fmean(found) for model, found in values.items()}


def excluded_votes(runs: Iterable[RunVotes], withheld: set[tuple[int, str]]) -> Counter[str]:
    """By model, the votes for it that do not count."""
    found: Counter[str] = Counter()
    for run in runs:
        for answer in run.answers:
            if answer.choice and reason_of(run, answer, withheld):
                found[answer.choice] += answer.votes
    return found


def row_of(row: Row) -> Document:
    """One model."""
    share = {"share": row.share.value, **bounds(row.share.interval, "share_")}
    return flatten(row, "model", "rank", "strength", "votes", "offered", "runs", "preliminary") | share


def flatten(record: Any, *names: str) -> Document:
    """These fields of a record, and the ends of its interval."""
    return {name: getattr(record, name) for name in names} | bounds(record.interval)


def bounds(interval: Interval | None, prefix: str = "") -> dict[str, float | None]:
    """The ends of an interval; null where there is none."""
    return {f"{prefix}low": interval.low if interval else None, f"{prefix}high": interval.high if interval else None}


def flips_of(flips: Flips) -> Document:
    """What first place hangs on."""
    changes = [
        {"run": run, "from": loser, "to": winner, "votes": votes} for (run, loser, winner), votes in flips.changes
    ]
    return {"leader": flips.leader, "challenger": flips.challenger, "votes": flips.votes, "changes": changes}


def places_of(places: PlaceEffect) -> Document:
    """The effect of the place on the ballot."""
    shares = [{"share": share.value, **bounds(share.interval)} for share in places.shares]
    return {"chance": places.chance, "seen": places.seen, "shares": shares}


def equal_of(equal: EqualTable) -> Document:
    """The table at equal length."""
    effects = [flatten(effect, "feature", "value", "seen") for effect in equal.effects]
    return {"effects": effects, "models": [flatten(row, "model", "rank", "strength") for row in equal.rows]}
