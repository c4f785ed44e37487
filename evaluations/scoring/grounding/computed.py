"""Numbers that a sentence computes from those of a source: a sum, a difference, the years between, the rest, a half,
the goals of a result."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from evaluations.scoring.context.index import ContextIndex
from evaluations.scoring.facts.facts import Fact
from evaluations.scoring.grounding.alignment import Alignment
from evaluations.scoring.grounding.binding import PLACES, around
from evaluations.scoring.grounding.clauses import NUMBER, Token
from evaluations.scoring.grounding.implied import (
    MOST_NUMBERS,
    decimal_of,
    implied_numbers,
    is_rounded,
    of_terms,
    value_of,
)
from evaluations.scoring.languages.computing import Computing, computing_words

APART_WITHIN = 4
# "Not for 24 years" counts the years between two.
_YEARS_BETWEEN = frozenset(("years", "year"))
_WHOLE, _HALVES = Decimal(100), (Decimal(2), Decimal(1) / 2)


def is_computed(index: ContextIndex, fact: Fact, words: Sequence[str], beside: Sequence[Alignment]) -> bool:
    """Whether two numbers of one place of a source make a number, in a sentence that says that it computes or by a
    source that does; or whether it rounds one and says so."""
    said, computing = frozenset(words), computing_words(index.pack.code)
    if fact.kind not in ("number", "amount"):
        return False
    sought = [decimal_of(value) for value, *_ in fact.keys]
    if any(value in sought for one in beside[:PLACES] for value, _ in implied_numbers(one.source)):
        return True
    if any(value in sought for one in beside[:1] for value, _ in of_terms(one.said)):
        return True
    tokens = beside[0].said.tokens if beside else ()
    if any(token.start == fact.start and is_rounded(place, beside) for place, token in enumerate(tokens)):
        return True
    if not (computing.is_in(said) or said & _YEARS_BETWEEN):
        return False
    places = ([token for reading in around(index, one.row) for token in reading.numbers] for one in beside[:PLACES])
    return any(value in sought for tokens in places for value in _results(tokens, said, computing))


def _results(tokens: Sequence[Token], said: frozenset[str], computing: Computing) -> Iterator[Decimal]:
    yield from _of_results(tokens, said, computing)
    values = list(dict.fromkeys(filter(None, map(value_of, tokens))))[:MOST_NUMBERS]
    for one, other in combinations(values, 2):
        if one[1] == other[1]:
            if said & computing.difference or (one[1] == "year" and said & _YEARS_BETWEEN):
                yield abs(one[0] - other[0])
            if said & computing.sum:
                yield one[0] + other[0]
    for value, unit in values:
        if said & computing.share and unit == "%":
            yield _WHOLE - value
        if said & computing.factor:
            yield from (value * factor for factor in _HALVES)


def _of_results(tokens: Sequence[Token], said: frozenset[str], computing: Computing) -> Iterator[Decimal]:
    """The goals of a result added up, and the margin, in a sentence that speaks of goals."""
    for token in tokens:
        kind, *parts = token.key.split()
        if kind == "score" and len(parts) == 2 and all(map(str.isdecimal, parts)):
            one, other = map(Decimal, parts)
            if said & computing.goals and said & (computing.sum | computing.added):
                yield one + other
            if said & computing.margin:
                yield abs(one - other)


def differences(beside: Sequence[Alignment]) -> frozenset[Token]:
    """The numbers of a sentence that say what is between two things ("four points ahead") and that two numbers of one
    sentence of a source make."""
    tokens = beside[0].said.tokens if beside else ()
    return frozenset(
        token for place, token in enumerate(tokens) if token.kind == NUMBER and _is_difference(beside, place)
    )


def _is_difference(beside: Sequence[Alignment], place: int) -> bool:
    tokens, computing = beside[0].said.tokens, computing_words(beside[0].index.pack.code)
    near = computing.apart & {other.word for other in tokens[place + 1 : place + 1 + APART_WITHIN]}
    value = value_of(tokens[place])
    if value is None:
        return False
    if is_rounded(place, beside):
        return True
    if any(value == implied for one in beside[:PLACES] for implied in implied_numbers(one.source)):
        return True
    return bool(near) and any(value[0] in _results(one.source.numbers, near, computing) for one in beside[:PLACES])
