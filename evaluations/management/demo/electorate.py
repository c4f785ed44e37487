"""Invented voters for the sandbox: each gets a ballot as everybody does, reads for a while and votes."""

from datetime import timedelta
from ipaddress import IPv4Address
from random import Random

from django.utils import timezone

from evaluations.models import Report, Run, RunEntry
from votes.ballots import Ballot, cast
from votes.line_ups import line_up
from votes.models import Vote
from votes.voters import voter_in

# What readers like is not what keeps to the sources: that is what there is to find.
TASTE = {"thorough": 30, "inventor": 24, "slow": 20, "freeform": 16, "brief": 10}
USUAL_TASTE = 15  # for a model that somebody added
OTHER_ANSWERS = (Vote.Verdict.NONE, Vote.Verdict.CANNOT_TELL, Vote.Verdict.LOOKED)
OTHER_SHARE = 0.15  # of the voters choose no report
HOUSEHOLD = 7  # votes from one network in each run: more than count
NETWORKS = IPv4Address("198.51.100.0")  # reserved for documentation: nobody's (RFC 5737)


def vote(run: Run, number: int, chance: Random) -> None:
    """So many votes on a run whose vote is open, one voter after the other."""
    authors = {entry.blind_label: entry.slug for entry in on_ballots(run)}
    taste = {slug: weight * chance.lognormvariate(0, 0.35) for slug, weight in TASTE.items()}
    for place in range(number):
        ballot = ballot_of(run, place, sorted(authors), chance)
        weights = [taste.get(authors[label], USUAL_TASTE) for label in ballot.labels]
        choice = chance.choices(ballot.labels, weights)[0]
        if chance.random() < OTHER_SHARE:
            choice = chance.choice(OTHER_ANSWERS)
        cast(ballot, choice, NETWORKS + max(0, place - HOUSEHOLD + 1))


def on_ballots(run: Run) -> list[RunEntry]:
    """The models of a run that wrote something."""
    return list(run.entries.filter(reports__sample=1, reports__state=Report.State.SUCCEEDED))


def ballot_of(run: Run, place: int, labels: list[str], chance: Random) -> Ballot:
    """The ballot of one voter, who has had it for some minutes."""
    issued = timezone.now() - timedelta(minutes=chance.uniform(2, 12))
    voter = voter_in(run.pk, f"invented voter {place}")
    return Ballot(run.pk, voter, line_up(run.pk, place, labels, set(labels)), issued.timestamp())


def spread_over(run: Run, hours: float, chance: Random) -> None:
    """Let the votes of a run have come one by one within so many hours of its opening."""
    opened = run.voting_opens_at
    if opened is None:
        return
    votes = list(Vote.objects.filter(run=run).order_by("pk"))
    moments = sorted(chance.uniform(0.2, hours) for _ in votes)
    for one, moment in zip(votes, moments, strict=True):
        read_for = one.cast_at - one.issued_at
        one.cast_at = opened + timedelta(hours=moment)
        one.issued_at = one.cast_at - read_for
    Vote.objects.bulk_update(votes, ["cast_at", "issued_at"])
