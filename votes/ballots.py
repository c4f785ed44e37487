"""One ballot from its making to the stored vote.

A ballot is a signed form field, no row: it says which run, which reports under which letters in which order, for
whom and since when. Letters are the run's blind labels; report ids would tell, because they follow the roster.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from django.core import signing
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluations.models import Report, Run
from evaluations.models.runs import letters
from evaluations.presentation.cards import Card
from votes.line_ups import line_up
from votes.models import Vote
from votes.voters import Address, network_in

# What of a run decides whether and how a vote is taken.
DECISIVE = (
    "state", "kind", "imported_at", "withdrawn_at", "voting_opens_at", "voting_closes_at", "network_salt",
    "evaluation__votes_per_network",
)  # fmt: skip
VALID_FOR = timedelta(hours=24)
SALT = "votes.ballot"

QUARANTINED_PER_NETWORK = 50
COUNTED_PER_SITE = 16


class RefusedError(Exception):
    """A vote that is not stored. The message is for the voter."""

    status = 400


class VotingClosedError(RefusedError):
    """The run takes no votes now."""

    status = 409


class WithheldError(RefusedError):
    """The chosen report cannot be read any more."""

    status = 409


class AlreadyVotedError(RefusedError):
    """This voter's vote in this run is stored; the first one stays."""

    status = 303


class BusyError(RefusedError):
    """Others took the seat first. Trying again makes sense."""

    status = 503


class TooManyVotesError(RefusedError):
    """The voter's network has used all its seats."""

    status = 429


@dataclass(frozen=True)
class Ballot:
    """What a voter was asked: labels in the voter's order."""

    run: int
    voter: str
    labels: tuple[str, ...]
    issued: float

    def sign(self) -> str:
        """As a form field."""
        return signing.dumps(asdict(self), salt=SALT)

    @property
    def issued_at(self) -> datetime:
        """When it was made."""
        return datetime.fromtimestamp(self.issued, UTC)


def make_ballot(run: Run, voter: str, number: int, cards: Iterable[Card]) -> Ballot:
    """The ballot with this number in the run's design: nothing but the number changes it, whoever votes meanwhile."""
    written = [card for card in cards if card.sample == 1 and card.state == Report.State.SUCCEEDED]
    labels = sorted(card.blind_label for card in written)
    readable = {card.blind_label for card in written if card.readable}
    return Ballot(run.pk, voter, line_up(run.pk, number, labels, readable), timezone.now().timestamp())


def read_ballot(field: str, run: int, voter: str) -> Ballot:
    """The ballot in a form field; refuses what this site did not sign, or signed for another run or voter."""
    try:
        content = signing.loads(field, salt=SALT, max_age=VALID_FOR)
    except signing.BadSignature as error:
        raise RefusedError(_("This ballot is not valid any more. Please ask for a new one.")) from error
    ballot = Ballot(content["run"], content["voter"], tuple(content["labels"]), content["issued"])
    if (ballot.run, ballot.voter) != (run, voter):
        raise RefusedError(_("This ballot was made for another run or another voter."))
    return ballot


def cast(ballot: Ballot, choice: str, address: Address) -> Vote:
    """Store the vote. `choice` is a label on the ballot or one of the other verdicts.

    Nothing is read that the ballot's signature says: that the run is there to be voted on, and what was offered. The
    lock on the run keeps votes and the closing or withdrawing of the run apart.
    """
    by_label = offered_in(ballot.run)
    said = decision(ballot, choice, by_label)
    try:
        with transaction.atomic():
            run = (
                Run.objects.select_for_update(of=("self",))
                .select_related("evaluation")
                .only(*DECISIVE)
                .get(pk=ballot.run)
            )
            if not run.network_salt:  # closed, by the database's clock
                raise VotingClosedError(_("Voting on this run has closed."))
            network = network_in(run, address)
            vote = Vote(
                run=run,
                voter=ballot.voter,
                issued_at=ballot.issued_at,
                line_up=[by_label[label].report for label in ballot.labels],
                network=network.key,
                site=network.site,
                **said,
            )
            take_seat(vote)
    except IntegrityError as error:
        # The constraints are the truth; the lock only makes it rare to get here.
        if Vote.objects.filter(run=ballot.run, voter=ballot.voter).exists():
            raise AlreadyVotedError(_("Your vote is stored already.")) from error
        raise BusyError(_("Too many votes at once. Please try again in a moment.")) from error
    return vote


@dataclass(frozen=True, slots=True)
class Offered:
    """A report that stands on ballots: its number, and whether everybody may still read it."""

    report: int
    readable: bool


def offered_in(run: int) -> dict[str, Offered]:
    """By their labels, the reports of a run that were ever on its ballots."""
    written = Report.objects.filter(entry__run=run, sample=1, state=Report.State.SUCCEEDED)
    rows = written.values_list("entry__blind_position", "pk", "withheld_at")
    return {letters(place): Offered(report, withheld_at is None) for place, report, withheld_at in rows}


def decision(ballot: Ballot, choice: str, by_label: Mapping[str, Offered]) -> dict[str, object]:
    """What a choice means for the vote."""
    if choice in (Vote.Verdict.NONE, Vote.Verdict.CANNOT_TELL, Vote.Verdict.LOOKED):
        return {"verdict": choice}
    if not choice:
        raise RefusedError(_("Nothing was chosen. Please choose a report, or one of the other answers."))
    if choice not in ballot.labels:
        raise RefusedError(_("That report is not on your ballot."))
    if not by_label[choice].readable:
        raise WithheldError(_("That report was withheld meanwhile. Please vote again."))
    return {"verdict": Vote.Verdict.CHOICE, "choice_id": by_label[choice].report}


def take_seat(vote: Vote) -> None:
    """Count the vote, quarantine it, or refuse it; one vote of a run at a time, whose row is locked."""
    run = vote.run
    if Vote.objects.filter(run=run, voter=vote.voter).exists():
        raise AlreadyVotedError(_("Your vote is stored already."))
    counted = run.evaluation.votes_per_network
    vote.seat = 1 + Vote.objects.filter(run=run, network=vote.network).count()
    vote.quarantined = vote.seat > counted
    refused = vote.seat > counted + QUARANTINED_PER_NETWORK
    if vote.site:
        vote.site_seat = 1 + Vote.objects.filter(run=run, site=vote.site).count()
        vote.quarantined |= vote.site_seat > COUNTED_PER_SITE
        refused |= vote.site_seat > COUNTED_PER_SITE + QUARANTINED_PER_NETWORK
    if refused:
        raise TooManyVotesError(_("Too many votes came from your network in this run."))
    vote.save()
    closes = run.voting_closes_at
    if not run.voting_is_open or run.withdrawn_at or (closes and vote.cast_at >= closes):
        raise VotingClosedError(_("Voting on this run has closed."))
