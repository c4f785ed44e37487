"""One ballot from its making to the stored vote.

A ballot is a signed form field, no row: it says which run, which reports under which letters in which order, for
whom and since when. Letters are the run's blind labels; report ids would tell, because they follow the roster.
"""

import random
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext as _

from evaluations.models import Report, Run
from evaluations.models.blindness import LEAST_REPORTS
from evaluations.presentation.cards import Card
from votes.line_ups import line_up
from votes.models import Vote
from votes.seats import Claim, Offered, has_closed, has_no_seat, has_voted, offer_to, take_seat
from votes.voters import Address, network_under

BALLOTS_A_MINUTE = 120  # to one network, where a whole newsroom may sit
VALID_FOR = timedelta(hours=24)
SALT = "votes.ballot"

# People read four words a second. Who has read the reports on the run's page before needs seconds for a ballot; nobody
# needs less than this.
WORDS_A_SECOND = 50
LONGEST_MINIMUM = 20.0  # seconds

TRIES = 25
LONGEST_PAUSE = 0.02  # seconds between two of them


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
    """What a voter was asked: labels in the voter's order, and how many words there are to read."""

    run: int
    voter: str
    labels: tuple[str, ...]
    issued: float
    words: int = 0

    def sign(self) -> str:
        """As a form field."""
        return signing.dumps(asdict(self), salt=SALT)

    @property
    def issued_at(self) -> datetime:
        """When it was made."""
        return datetime.fromtimestamp(self.issued, UTC)

    @property
    def least_seconds(self) -> float:
        """What passes at least until a vote that counts."""
        return min(self.words / WORDS_A_SECOND, LONGEST_MINIMUM)

    @property
    def is_too_fast(self) -> bool:
        """Whether nobody can have read it by now."""
        return timezone.now().timestamp() - self.issued < self.least_seconds


def make_ballot(run: Run, voter: str, number: int, cards: Iterable[Card]) -> Ballot:
    """The ballot with this number in the run's design: nothing but the number changes it, whoever votes meanwhile."""
    written = [card for card in cards if card.sample == 1 and card.state == Report.State.SUCCEEDED]
    labels = sorted(card.blind_label for card in written)
    readable = {card.blind_label for card in written if card.readable}
    drawn = line_up(run.pk, number, labels, readable)
    words = sum(len(card.blind_text.split()) for card in written if card.blind_label in drawn)
    return Ballot(run.pk, voter, drawn, timezone.now().timestamp(), words)


def read_ballot(field: str, run: int, voter: str) -> Ballot:
    """The ballot in a form field; refuses what this site did not sign, or signed for another run or voter."""
    try:
        content = signing.loads(field, salt=SALT, max_age=VALID_FOR)
    except signing.BadSignature as error:
        raise RefusedError(_("This ballot is not valid any more. Please ask for a new one.")) from error
    ballot = Ballot(
        content["run"], content["voter"], tuple(content["labels"]), content["issued"], content.get("words", 0)
    )
    if (ballot.run, ballot.voter) != (run, voter):
        raise RefusedError(_("This ballot was made for another run or another voter."))
    return ballot


def cast(ballot: Ballot, choice: str, address: Address, *, ticked: Sequence[str] = (), by_staff: bool = False) -> None:
    """Store the vote, counted or in quarantine, or raise a RefusedError.

    `choice` is a label on the ballot or one of the other verdicts, `ticked` what of the grounds decided it.

    Nothing is read that the ballot's signature says: that the run is there to be voted on, and what was offered. Who
    has voted is told so before anything is locked.
    """
    offer = offer_to(ballot.run, ballot.voter)
    if offer.voted:
        raise AlreadyVotedError(_("Your vote is stored already."))
    if not offer.salt:  # closed, by the database's clock
        raise VotingClosedError(_("Voting on this run has closed."))
    verdict, report = decide(ballot, choice, offer.by_label)
    grounds = [] if verdict == Vote.Verdict.LOOKED else [one for one in Vote.Ground.values if one in ticked]
    claim = Claim(
        run=ballot.run,
        salt=offer.salt,
        voter=ballot.voter,
        network=network_under(offer.salt, address),
        verdict=verdict,
        choice=report,
        line_up=[offer.by_label[label].report for label in ballot.labels],
        grounds=",".join(grounds),
        issued_at=ballot.issued_at,
        reason=reason_for(ballot, verdict, by_staff=by_staff),
        counted=offer.counted,
    )
    for _try in range(TRIES):
        if take_seat(claim):
            return
        refuse(claim)
        time.sleep(random.uniform(0, LONGEST_PAUSE))  # noqa: S311 - no secret; others of the network want a seat, too
    raise BusyError(_("Too many votes at once. Please try again in a moment."))


def refuse(claim: Claim) -> None:
    """Raise why no vote was taken; nothing where another one took the seat at the same moment."""
    if has_voted(claim):
        raise AlreadyVotedError(_("Your vote is stored already."))
    if has_closed(claim):
        raise VotingClosedError(_("Voting on this run has closed."))
    if has_no_seat(claim):
        raise TooManyVotesError(_("Too many votes came from your network in this run."))


def reason_for(ballot: Ballot, verdict: str, *, by_staff: bool) -> str:
    """Why a vote does not count, whatever came before it from its network; empty where it may."""
    if by_staff:
        return Vote.Quarantine.STAFF.value
    return Vote.Quarantine.TOO_FAST.value if ballot.is_too_fast and verdict != Vote.Verdict.LOOKED else ""


def decide(ballot: Ballot, choice: str, by_label: Mapping[str, Offered]) -> tuple[str, int | None]:
    """The verdict and the report that a choice means."""
    if choice in (Vote.Verdict.NONE, Vote.Verdict.CANNOT_TELL, Vote.Verdict.LOOKED):
        return choice, None
    if not choice:
        raise RefusedError(_("Nothing was chosen. Please choose a report, or one of the other answers."))
    if choice not in ballot.labels:
        raise RefusedError(_("That report is not on your ballot."))
    if not by_label[choice].readable:
        raise WithheldError(_("That report was withheld meanwhile. Please vote again."))
    if sum(offered.readable for offered in by_label.values()) < LEAST_REPORTS:
        raise WithheldError(_("Reports were withheld meanwhile, and one alone is nothing to choose from."))
    return Vote.Verdict.CHOICE.value, by_label[choice].report
