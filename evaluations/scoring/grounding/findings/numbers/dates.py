"""Days, months and weekdays: another than a source's, wherever the sentence has it."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from evaluations.scoring.grounding.alignment import Alignment
from evaluations.scoring.grounding.clauses import NAME, NUMBER, Token
from evaluations.scoring.grounding.findings.finding import Finding
from evaluations.scoring.lexicon.groups import KINDS

# How much of a sentence the source's must hold to be copied but for its day, and another one's to say the same.
COPIED, SAME_MATTER = 0.8, 0.5
# Day, month and year.
DATE_PARTS = 3
# What these stand before bounds a time: there is one such bound.
_BOUNDS = frozenset(("until", "till", "since", "by", "from"))


def other_times(alignments: Sequence[Alignment]) -> Iterator[Finding]:
    """ "until October" of somebody whom a source has out until December, where no source near has October at all."""
    said = alignments[0].said.tokens if alignments else ()
    for before, token in pairwise(said):
        if before.word not in _BOUNDS or not calendar_part(token) or any(holds(one, token) for one in alignments):
            continue
        for one in alignments:
            if any(one.same(name, other) for name in one.said.names for other in one.source.names) and any(
                near.word == before.word and calendar_part(other) == calendar_part(token) and other.key != token.key
                for near, other in pairwise(one.source.tokens)
            ):
                yield Finding("date", token.start, token.end, one.row)
                break


def moved_dates(alignments: Sequence[Alignment]) -> Iterator[Finding]:
    """Another day than the one of a source that a sentence copies, wherever in the sentence it stands."""
    for one in alignments:
        if one.coverage < COPIED or one.said.denials or one.source.denials:
            continue
        ours, theirs = (
            [token for token in reading.tokens if calendar_part(token)] for reading in (one.said, one.source)
        )
        if len(ours) != 1 or len(theirs) != 1:
            continue
        token, other = ours[0], theirs[0]
        if calendar_part(token) != calendar_part(other) or token.key == other.key or _are_within(token, other):
            continue
        if not any(holds(near, token) for near in alignments if near.coverage >= SAME_MATTER):
            yield Finding("date", token.start, token.end, one.row)
            return


def _are_within(one: Token, other: Token) -> bool:
    ours, theirs = one.key.partition(" ")[2], other.key.partition(" ")[2]
    return is_within(ours, theirs) or is_within(theirs, ours)


def calendar_part(token: Token) -> str:
    """Which part of the calendar a word or a number names, "" for none."""
    if token.kind == NUMBER:
        return "date" if token.key.startswith("date") else ""
    return next((kind for kind in sorted(KINDS.get(token.word, ())) if kind.startswith(("month", "weekday"))), "")


def holds(other: Alignment, token: Token) -> bool:
    if token.kind == NAME:
        return any(other.same(token, name) for name in other.source.names)
    return token.key in other.source.keys or token.word in other.source.words


def is_within(one: str, other: str) -> bool:
    """Whether two dates can be one of which less is said: "June 2028" and "30 June 2028"."""
    parts = list(zip(one.split(" "), other.split(" "), strict=False))
    return len(parts) == DATE_PARTS and all(not a or not b or a == b for a, b in parts)
