"""The minute of a match, told from whatever moment: "the 78th minute" is twelve minutes from time. English words."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from evaluations.scoring.context.index import ContextIndex
from evaluations.scoring.grounding.alignment import Alignment
from evaluations.scoring.grounding.binding import PLACES, around
from evaluations.scoring.grounding.clauses import NUMBER, Token
from evaluations.scoring.text.words import stem, word_list

HALF_TIME, FULL_TIME, EXTRA_TIME = 45, 90, 120
# How far behind a number its minutes stand, and how far behind those the moment that they are told from.
UNIT_WITHIN, MOMENT_WITHIN = 2, 5
_MINUTE = stem("minute")
_TO_THE_END = frozenset(word_list("time end go play left remaining remained final"))
_HALVES = frozenset(word_list("restart break interval half-time halftime half"))
_AFTER, _BEFORE = frozenset(word_list("after into")), frozenset(word_list("before from short"))


def is_same_minute(index: ContextIndex, place: int, beside: Sequence[Alignment]) -> bool:
    """Whether a number of a sentence tells a minute of the sources from another moment than they do."""
    ours = _told(beside[0].said.tokens, place)
    if ours is None:
        return False
    readings = (reading for one in beside[:PLACES] for reading in around(index, one.row))
    found = (_told(reading.tokens, other) for reading in readings for other in range(len(reading.tokens)))
    return any(_is_one_minute(ours, theirs) for theirs in found if theirs is not None)


class _Told(NamedTuple):
    """So many minutes, and the minutes of the match that they are from the moment that is named; none of the latter
    where it is the match's beginning."""

    told: int
    minutes: frozenset[int]


def _is_one_minute(one: _Told, other: _Told) -> bool:
    if one.minutes and other.minutes:
        return not one.minutes.isdisjoint(other.minutes)
    return one.told in other.minutes or other.told in one.minutes


def _told(tokens: Sequence[Token], place: int) -> _Told | None:
    """What a number says of minutes, None where it counts none."""
    kind, _, value = tokens[place].key.partition(" ")
    behind = tokens[place + 1 : place + 1 + UNIT_WITHIN]
    unit = next((i for i, token in enumerate(behind, place + 1) if token.key == _MINUTE), None)
    if tokens[place].kind != NUMBER or kind != "number" or not value.strip().isdecimal() or unit is None:
        return None
    moment = frozenset(token.word for token in tokens[unit + 1 : unit + 1 + MOMENT_WITHIN])
    return _Told(int(value), frozenset(_from_moment(int(value), moment)))


def _from_moment(count: int, moment: frozenset[str]) -> Iterator[int]:
    """The minutes that "twelve minutes from time" or "three minutes after the break" can be."""
    if _HALVES & moment and _AFTER & moment:
        yield HALF_TIME + count
    elif _HALVES & moment and _BEFORE & moment:
        yield HALF_TIME - count
    elif _TO_THE_END & moment:
        yield from (FULL_TIME - count, EXTRA_TIME - count)
