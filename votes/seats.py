"""How a vote is stored: one statement, in which the constraints of the database are the truth.

The vote shares the lock on its run's row with other votes, so none waits for another; closing and withdrawing the
run take it alone, and a vote that waited for them finds the run as they left it. Votes of one network take their
seats one after the other: of two that want the same seat at once, one finds it taken and asks again.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Max, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from evaluations.models import Run
from evaluations.models.blindness import COUNTING, RELEASED
from evaluations.models.runs import letters
from votes.models import Vote
from votes.voters import Network

QUARANTINED_PER_NETWORK = 50
COUNTED_PER_SITE = 16
LOOKS_PER_NETWORK = 500

# What a vote needs to know, at once; a run is known by its reports.
OFFER = """
SELECT run.network_salt, evaluation.votes_per_network,
    EXISTS (SELECT 1 FROM votes_vote WHERE run_id = %(run)s AND voter = %(voter)s),
    entry.blind_position, report.id, report.withheld_at IS NULL
FROM evaluations_report report
JOIN evaluations_runentry entry ON entry.id = report.entry_id
JOIN evaluations_run run ON run.id = entry.run_id
JOIN evaluations_evaluation evaluation ON evaluation.id = run.evaluation_id
WHERE entry.run_id = %(run)s AND report.sample = 1 AND report.state = 'succeeded'
"""
# The conditions are those of an open vote in `models.blindness`, asked again because a ballot is valid for hours; the
# moment is asked for when the lock is held. Seats and looks are those of committed votes. A look takes no seat.
STATEMENT = """
WITH locked AS (
    SELECT voting_opens_at, voting_closes_at FROM evaluations_run
    WHERE id = %(run)s AND network_salt = %(salt)s AND state = 'published' AND withdrawn_at IS NULL
        AND kind IN ('scheduled', 'manual') AND imported_at IS NULL {lock}
),
found AS (
    SELECT voting_opens_at, voting_closes_at, {moment} AS moment, %(verdict)s = 'looked' AS looks,
        (SELECT COALESCE(MAX(seat), 0) + 1 FROM votes_vote WHERE run_id = %(run)s AND network = %(network)s) AS seat,
        (SELECT COALESCE(MAX(site_seat), 0) + 1 FROM votes_vote WHERE run_id = %(run)s AND site = %(site)s)
            AS site_seat,
        (
            SELECT COUNT(*) FROM votes_vote WHERE run_id = %(run)s AND network = %(network)s AND seat IS NULL
        ) AS looked
    FROM locked
),
judged AS (
    SELECT moment, looks, seat, site_seat,
        CASE WHEN %(reason)s <> '' OR looks THEN %(reason)s
            WHEN looked > 0 THEN 'after_look'
            WHEN seat > %(counted)s OR (%(site)s <> '' AND site_seat > %(counted_of_site)s) THEN 'seats'
            ELSE '' END AS reason
    FROM found
    WHERE voting_opens_at <= moment AND moment < voting_closes_at AND CASE
        WHEN looks THEN looked < %(looks)s
        ELSE seat <= %(counted)s + %(kept)s AND (%(site)s = '' OR site_seat <= %(counted_of_site)s + %(kept)s) END
)
INSERT INTO votes_vote (
    run_id, verdict, choice_id, line_up, grounds, voter, network, seat, site, site_seat,
    quarantined, quarantine_reason, note, issued_at, cast_at
)
SELECT %(run)s, %(verdict)s, {choice}, {line_up}, %(grounds)s, %(voter)s, %(network)s,
    CASE WHEN NOT looks THEN seat END, %(site)s, CASE WHEN NOT looks AND %(site)s <> '' THEN site_seat END,
    reason <> '', reason, '', {issued}, moment
FROM judged WHERE TRUE
ON CONFLICT DO NOTHING
RETURNING id
"""
DIALECTS = {
    "postgresql": {
        "lock": "FOR SHARE",
        "moment": "clock_timestamp()",
        "choice": "%(choice)s::bigint",
        "line_up": "%(line_up)s::jsonb",
        "issued": "%(issued)s::timestamptz",
    },
    "sqlite": {
        "lock": "",
        "moment": "%(moment)s",
        "choice": "%(choice)s",
        "line_up": "%(line_up)s",
        "issued": "%(issued)s",
    },
}


@dataclass(frozen=True, slots=True)
class Offered:
    """A report that stands on ballots: its number, and whether everybody may still read it."""

    report: int
    readable: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """What a voter may answer in a run. `salt`: empty where its vote is over; `voted`: this voter has answered."""

    salt: bytes
    counted: int
    voted: bool
    by_label: Mapping[str, Offered]


def offer_to(run: int, voter: str) -> Offer:
    """What a voter may answer."""
    with connection.cursor() as cursor:
        cursor.execute(OFFER, {"run": run, "voter": voter})
        rows = cursor.fetchall()
    by_label = {letters(place): Offered(report, bool(readable)) for *_, place, report, readable in rows}
    salt, counted, voted = rows[0][:3] if rows else (None, 0, False)
    return Offer(bytes(salt or b""), counted, bool(voted), by_label)


@dataclass(frozen=True, slots=True)
class Claim:
    """A vote before it has a seat. `reason`: why it does not count, whatever seat it gets; `counted`: seats that do."""

    run: int
    salt: bytes
    voter: str
    network: Network
    verdict: str
    choice: int | None
    line_up: Sequence[int]
    grounds: str
    issued_at: datetime
    reason: str
    counted: int


def take_seat(claim: Claim) -> bool:
    """Store the vote, counted or in quarantine; False where the database took none."""
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT.format(**DIALECTS[connection.vendor]), parameters_of(claim))
        # Not by the count of rows: SQLite's driver counts none for a statement that begins with WITH.
        return cursor.fetchone() is not None


def parameters_of(claim: Claim) -> dict[str, Any]:
    """What stands in the statement, in the database's own forms."""
    moment = connection.ops.adapt_datetimefield_value
    return {
        "run": claim.run,
        "salt": claim.salt,
        "voter": claim.voter,
        "network": claim.network.key,
        "site": claim.network.site,
        "verdict": claim.verdict,
        "choice": claim.choice,
        "line_up": json.dumps(claim.line_up),
        "grounds": claim.grounds,
        "issued": moment(claim.issued_at),
        "moment": moment(timezone.now()),
        "reason": claim.reason,
        "counted": claim.counted,
        "counted_of_site": COUNTED_PER_SITE,
        "kept": QUARANTINED_PER_NETWORK,
        "looks": LOOKS_PER_NETWORK,
    }


def has_voted(claim: Claim) -> bool:
    """Whether this voter's answer is stored."""
    return Vote.objects.filter(run=claim.run, voter=claim.voter).exists()


def has_closed(claim: Claim) -> bool:
    """Whether the run takes no votes, by the database's clock."""
    taking = Run.objects.filter(RELEASED & COUNTING, pk=claim.run, network_salt=claim.salt)
    return not taking.filter(voting_opens_at__lte=Now(), voting_closes_at__gt=Now()).exists()


def has_no_seat(claim: Claim) -> bool:
    """Whether the voter's network, or the site that it is part of, has used all that it may."""
    mine = Vote.objects.filter(run=claim.run, network=claim.network.key)
    if claim.verdict == Vote.Verdict.LOOKED:
        return mine.filter(seat=None).count() >= LOOKS_PER_NETWORK
    if last_of(mine, "seat") >= claim.counted + QUARANTINED_PER_NETWORK:
        return True
    its = Vote.objects.filter(run=claim.run, site=claim.network.site)
    return bool(claim.network.site) and last_of(its, "site_seat") >= COUNTED_PER_SITE + QUARANTINED_PER_NETWORK


def last_of(votes: QuerySet[Vote], seat: str) -> int:
    """The highest number of a seat that is taken."""
    return votes.aggregate(last=Max(seat))["last"] or 0
