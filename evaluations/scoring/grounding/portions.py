"""A part of a whole and a length of time, however they are told: "three quarters" and 75 per cent, four of 24 and a
sixth, half an hour and thirty minutes. English words."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from evaluations.scoring.context.index import ContextIndex
from evaluations.scoring.grounding.alignment import Alignment
from evaluations.scoring.grounding.binding import PLACES, around
from evaluations.scoring.grounding.clauses import NUMBER, Token
from evaluations.scoring.grounding.implied import value_of
from evaluations.scoring.text.words import stem, word_list

_PARTS = {
    word: Fraction(1, n)
    for n, row in (
        (2, "half halves"), (3, "third thirds"), (4, "quarter quarters"), (5, "fifth fifths"), (6, "sixth sixths"),
        (7, "seventh sevenths"), (8, "eighth eighths"), (9, "ninth ninths"), (10, "tenth tenths"),
    )
    for word in word_list(row)
}  # fmt: skip
# "A third" in per cent is rounded.
_ROUNDED = Fraction(1, 100)
# How far behind a number the whole may stand that it is of.
_WHOLE_WITHIN = 4
_ONE = frozenset(("a", "an", "one"))
# In the shortest unit of their kind: minutes, days, months.
_UNITS = {
    stem(word): (kind, Fraction(length))
    for word, kind, length in (
        ("minute", "hour", 1), ("hour", "hour", 60), ("day", "week", 1), ("night", "week", 1), ("week", "week", 7),
        ("fortnight", "week", 14), ("month", "year", 1), ("year", "year", 12), ("decade", "year", 120),
        ("century", "year", 1200),
    )
}  # fmt: skip
_UNIT_WITHIN = 2

Length = tuple[str, Fraction]


def is_portion(index: ContextIndex, place: int, beside: Sequence[Alignment]) -> bool:
    """Whether a number of a sentence tells a part or a length of time that a place of a source tells otherwise."""
    tokens = beside[0].said.tokens
    part, length = _part(tokens, place), _length(tokens, place)
    for one in beside[:PLACES] if part is not None or length is not None else ():
        for reading in around(index, one.row):
            if length is not None and length in _lengths(reading.tokens):
                return True
            if part is not None and any(_is_alike(part, other) for other in _parts(reading.tokens)):
                return True
    return False


def _is_alike(part: Fraction, other: Fraction) -> bool:
    """Whether two parts are one, or of a whole that has no third part: 37 per cent and 63."""
    return any(abs(part - each) < _ROUNDED for each in (other, 1 - other))


def _parts(tokens: Sequence[Token]) -> Iterator[Fraction]:
    for place in range(len(tokens)):
        part = _part(tokens, place)
        if part is not None:
            yield part


def _part(tokens: Sequence[Token], place: int) -> Fraction | None:
    """The part of a whole that a word or a number tells, with what stands beside it; None where it tells none."""
    token, number = tokens[place], _count(tokens[place])
    behind = tokens[place + 1 : place + 1 + _WHOLE_WITHIN]
    if token.key.startswith("amount") and token.key.endswith("%"):
        amount = value_of(token)
        return None if amount is None else Fraction(amount[0]) / 100
    if number is not None and behind:
        return _numbered(number, behind)
    if token.word not in _PARTS or (place and _count(tokens[place - 1]) is not None):
        return None
    led = place and tokens[place - 1].word in _ONE and behind and behind[0].word == "of"
    return _PARTS[token.word] if led or token.word == "half" else None


def _numbered(number: int, behind: Sequence[Token]) -> Fraction | None:
    """The part that a number makes with what follows: "three quarters", "four of the 24"."""
    if behind[0].word in _PARTS:
        return number * _PARTS[behind[0].word]
    whole = next((count for token in behind if (count := _count(token)) is not None), None)
    return Fraction(number, whole) if whole and number < whole and behind[0].word in ("of", "in") else None


def _count(token: Token) -> int | None:
    kind, _, value = token.key.partition(" ")
    return int(value) if token.kind == NUMBER and kind == "number" and value.strip().isdecimal() else None


def _lengths(tokens: Sequence[Token]) -> Iterator[Length]:
    for place in range(len(tokens)):
        length = _length(tokens, place)
        if length is not None:
            yield length


def _length(tokens: Sequence[Token], place: int) -> Length | None:
    """A length of time: "two weeks", "a fortnight", "half an hour", "an hour and a half"."""
    token = tokens[place]
    behind = tokens[place + 1 : place + 1 + _UNIT_WITHIN]
    unit = next((_UNITS[other.key] for other in behind if other.key in _UNITS), None)
    if unit is None:
        return None
    kind, length = unit
    count = _count(token)
    if count is not None:
        return kind, length * count
    if token.word == "half" and behind[0].word in _ONE:
        return kind, length / 2
    if token.word in _ONE and behind[0].key in _UNITS and not (place and tokens[place - 1].word == "half"):
        ends_in_half = [other.word for other in tokens[place + 2 : place + 5]] == ["and", "a", "half"]
        return kind, length + length / 2 * ends_in_half
    return None
