"""Two of a sort that changed places: "third place is worth twice as much as second" for the other way round."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from evaluations.scoring.grounding.alignment import Alignment
from evaluations.scoring.grounding.clauses import FUNCTION, NAME, NUMBER, Reading, Token
from evaluations.scoring.grounding.findings.finding import Finding
from evaluations.scoring.grounding.findings.numbers.places import Beside, word_beside
from evaluations.scoring.lexicon.groups import COMPARING, KINDS
from evaluations.scoring.lexicon.posts import POSTS, QUALIFYING

# How much of a sentence the source's must hold for what changed places to be all that differs, and for a list of names
# with their numbers.
COPIED, LISTED = 0.8, 0.75
# Beside these two names may stand in either order.
_TURNING = COMPARING | {"through"}


def exchanged_names(beside: Sequence[Alignment]) -> Iterator[Finding]:
    """Two names, dates or places in a row, each beside the word that a source has beside the other."""
    for one in beside:
        if one.coverage < COPIED:
            continue
        theirs = list(_around(one.source))
        moved = [(mine, other) for mine in _around(one.said) for other in theirs if _is_moved(one, mine, other, theirs)]
        for mine, other in moved:
            if any(_same(one, mine.token, back.token) and _same(one, that.token, other.token) for that, back in moved):
                yield Finding("roles", mine.token.start, mine.token.end, one.row)
                return


def _around(reading: Reading) -> Iterator[Beside]:
    """Every name, date, month and ordinal with the word on either side of it."""
    for i, token in enumerate(reading.tokens):
        if _sort(token):
            for side in (-1, 1):
                yield from word_beside(reading, i, side, lambda other: bool(_sort(other)))


def _sort(token: Token) -> str:
    """What may change places with another of its sort; "" for other words."""
    if token.kind == NAME:
        return "name"
    if token.key.startswith("date") or any(kind.startswith("month") for kind in KINDS.get(token.word, ())):
        return "date"
    return "ordinal" if any(kind.startswith("ordinal") for kind in KINDS.get(token.word, ())) else ""


def _same(one: Alignment, ours: Token, theirs: Token) -> bool:
    return ours.key == theirs.key or (ours.kind == theirs.kind == NAME and one.same(ours, theirs))


def _is_moved(one: Alignment, mine: Beside, other: Beside, theirs: Sequence[Beside]) -> bool:
    """Whether a source has another where the sentence has this one, and this one elsewhere only."""
    if mine.other.key != other.other.key or mine.side != other.side or _sort(mine.token) != _sort(other.token):
        return False
    if _same(one, mine.token, other.token):
        return False
    own = [place for place in theirs if _same(one, mine.token, place.token)]
    return bool(own) and all(place.other.key != mine.other.key for place in own)


def turned_names(beside: Sequence[Alignment]) -> Iterator[Finding]:
    """Two names in the other order than a source's, the first beside the word that a source has beside the second:
    "Rovers are suing Lund" for "Lund is suing Rovers"."""
    for one in beside:
        if one.coverage < COPIED:
            continue
        ours, theirs = _shared_names(one)
        if len(ours) != 2 or len(theirs) != 2 or one.same(ours[0], theirs[0]) or _are_listed(one.said, ours):
            continue
        if any(name.kind == NAME and number.kind == NUMBER for name, number in pairwise(one.source.tokens)):
            continue  # "Borough owed £700,000 and Saints £1.2m"
        if not _TURNING.isdisjoint(one.said.words | one.source.words):
            continue  # "Rovers equalised through Lund", "Lund is older than Prys"
        there = [place for place in _around(one.source) if place.token in theirs]
        for mine in (place for place in _around(one.said) if place.token in ours):
            other = [place for place in there if _stands_alike(one, mine, place)]
            if other and not any(one.same(mine.token, place.token) for place in other):
                yield Finding("roles", mine.token.start, mine.token.end, one.row)
                return


def _stands_alike(one: Alignment, mine: Beside, theirs: Beside) -> bool:
    """Whether both stand on the same side of the same word, behind the same small word or none."""
    word = mine.other.word
    if word != theirs.other.word or word in POSTS or word in QUALIFYING or mine.side != theirs.side:
        return False
    owns = mine.token.possessive or theirs.token.possessive
    if owns or _is_denied(one.said, mine.other) != _is_denied(one.source, theirs.other):
        return False
    return _lead(one.said, mine.token) == _lead(one.source, theirs.token)


def _is_denied(reading: Reading, token: Token) -> bool:
    return reading.negations[reading.tokens.index(token)]


def _lead(reading: Reading, token: Token) -> str:
    """The small word right before a token, "" for none."""
    before = reading.tokens[max(0, reading.tokens.index(token) - 1) : reading.tokens.index(token)]
    return before[0].word if before and before[0].kind == FUNCTION else ""


def _shared_names(one: Alignment) -> tuple[list[Token], list[Token]]:
    """The names of both sentences that the other has too, in order."""
    ours = [name for name in one.said.names if any(one.same(name, other) for other in one.source.names)]
    theirs = [name for name in one.source.names if any(one.same(other, name) for other in one.said.names)]
    return ours, theirs


def _are_listed(reading: Reading, names: Sequence[Token]) -> bool:
    """Whether "and" or "or" alone stands between two names."""
    between = [token for token in reading.tokens if names[0].end <= token.start < names[1].start]
    return all(token.word in ("and", "or") for token in between)


def listed_numbers(beside: Sequence[Alignment]) -> Iterator[Finding]:
    """Two names each with a number behind it, one of them another than a source's: "played 33 times and Quenby 29"."""
    for one in beside:
        if one.coverage < LISTED:
            continue
        ours, theirs = list(_numbered(one.said)), list(_numbered(one.source))
        both = [
            (number, other)
            for name, number in ours
            for owner, other in theirs
            if one.same(name, owner) and number.key.split()[0] == other.key.split()[0]
        ]
        if not len(ours) == len(theirs) == len(both) == 2:
            continue
        wrong = next((number for number, other in both if number.key != other.key), None)
        if wrong is not None and wrong.key.startswith(("number", "amount")):
            yield Finding("number", wrong.start, wrong.end, one.row)
            return


def _numbered(reading: Reading) -> Iterator[tuple[Token, Token]]:
    """Names with the first number behind them, before another name."""
    tokens = reading.tokens
    for i, name in enumerate(tokens):
        if name.kind == NAME:
            behind = next((token for token in tokens[i + 1 :] if token.kind in (NAME, NUMBER)), None)
            if behind is not None and behind.kind == NUMBER:
                yield name, behind
