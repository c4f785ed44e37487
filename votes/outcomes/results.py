"""What the vote on one run gave, for the head of its page. Pure.

One run's result is a count, not an estimate: it says what these voters preferred. Whether the lead is more than chance
among them is asked of the ballots that offered both the first and the second, by the exact sign test.
"""

import math
from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from votes.outcomes.vote_files import Answer, RunVotes

BOUND = 0.05

Document = dict[str, Any]


def result(run: RunVotes) -> Document:
    """The counts of a run; withheld reports and votes in quarantine are left out.

    `models`: largest share of their ballots first; `leaders`: those that share first place; `decides`: whether the
    lead over the second is more than chance, null where there is no lead.
    """
    counted = [answer for answer in run.answers if not answer.quarantine]
    verdicts: Counter[str] = Counter()
    for answer in counted:
        verdicts[answer.verdict] += answer.votes
    rows = rows_of(run, counted)
    leaders = [row["model"] for row in rows if row["votes"] and row["share"] == rows[0]["share"]]
    return {
        "verdicts": dict(sorted(verdicts.items())),
        "voters": verdicts.total() - verdicts["looked"],
        "quarantined": sum(answer.votes for answer in run.answers if answer.quarantine),
        "grounds": grounds_of(run),
        "models": rows,
        "leaders": leaders,
        "decides": decides(counted, leaders[0], rows[1]["model"]) if len(leaders) == 1 and len(rows) > 1 else None,
    }


def counts(document: Document) -> tuple[dict[str, int], dict[str, int]]:
    """Of a result, how many voters gave which verdict, and how many chose which model."""
    return document["verdicts"], {row["model"]: row["votes"] for row in document["models"]}


def grounds_of(run: RunVotes) -> dict[str, dict[str, int]]:
    """By model or verdict, how many voters ticked what."""
    counted = {said for said in run.grounds if said not in run.reports or not run.reports[said].withheld}
    return {said: dict(sorted(run.grounds[said].items())) for said in sorted(counted)}


def rows_of(run: RunVotes, counted: Iterable[Answer]) -> list[Document]:
    """Each readable report: how often it was chosen, of how many ballots with a choice that offered it."""
    votes: Counter[str] = Counter()
    offered: Counter[str] = Counter()
    for answer in counted:
        if answer.verdict == "choice" and not run.reports[answer.choice].withheld:
            votes[answer.choice] += answer.votes
            for model in answer.line_up:
                offered[model] += answer.votes
    rows = [
        {
            "model": model,
            "name": report.name,
            "votes": votes[model],
            "offered": offered[model],
            "share": votes[model] / offered[model] if offered[model] else None,
        }
        for model, report in run.reports.items()
        if not report.withheld
    ]
    return sorted(rows, key=lambda row: (-(row["share"] or 0), -row["votes"], row["model"]))


def decides(counted: Iterable[Answer], leader: str, second: str) -> bool:
    """Whether the lead is more than chance: the exact two-sided sign test over ballots that offered both."""
    wins: Counter[str] = Counter()
    for answer in counted:
        if {leader, second} <= set(answer.line_up):
            wins[answer.choice] += answer.votes
    return sign_test(wins[leader], wins[second]) < BOUND


def sign_test(one: int, other: int) -> float:
    """The probability of a split at least as uneven, were both equally likely."""
    number = one + other
    tail = sum(math.comb(number, count) for count in range(min(one, other) + 1))
    return min(1.0, float(Fraction(2 * tail, 2**number)))
