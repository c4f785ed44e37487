"""Numbers that a sentence computes from those of a source: a sum, a difference, the years between, the rest, a half,
the goals of a result."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import combinations
from typing import NamedTuple

from evaluations.scoring.context.index import ContextIndex
from evaluations.scoring.facts.facts import Fact
from evaluations.scoring.grounding.alignment import Alignment
from evaluations.scoring.grounding.binding import PLACES, around
from evaluations.scoring.grounding.clauses import NUMBER, WORD_KIND, Reading, Token
from evaluations.scoring.grounding.clock import is_same_minute
from evaluations.scoring.grounding.customary import is_customary
from evaluations.scoring.grounding.implied import (
    MOST_NUMBERS,
    decimal_of,
    implied_numbers,
    is_rounded,
    of_terms,
    value_of,
)
from evaluations.scoring.grounding.portions import is_portion
from evaluations.scoring.grounding.spans import is_span
from evaluations.scoring.languages.computing import Computing, computing_words
from evaluations.scoring.text.words import word_list

APART_WITHIN = 4
# Numbers from here on may be computed of two places: by chance few of them make a third.
LARGE = 1_000
# "Not for 24 years" counts the years between two.
_YEARS_BETWEEN = frozenset(("years", "year"))
_COMPARING = frozenset(word_list("more fewer less further extra other others ahead behind"))
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
    place = next((place for place, token in enumerate(tokens) if token.start == fact.start), None)
    if place is not None and _is_told_otherwise(index, place, beside):
        return True
    if place is not None and _is_led_by(tokens, place):
        said |= computing.difference
    if not (computing.is_in(said) or said & _YEARS_BETWEEN):
        return False
    noun = "" if place is None else _noun(tokens, place)
    places = [[one for reading in around(index, near.row) for one in counts(reading)] for near in beside[:PLACES]]
    large = [one for numbers in places for one in numbers if one.value >= LARGE]
    return any(value in sought for numbers in (*places, large) for value in _results(numbers, noun, said, computing))


def _is_told_otherwise(index: ContextIndex, place: int, beside: Sequence[Alignment]) -> bool:
    """Whether a number rounds one of the sources, tells a minute, a span, a part or a length of time of theirs in
    another way, or is what everybody knows it to be."""
    return (
        is_rounded(place, beside)
        or is_same_minute(index, place, beside)
        or is_span(index, place, beside)
        or is_portion(index, place, beside)
        or is_customary(index, beside[0].said.tokens, place)
    )


def _is_led_by(tokens: Sequence[Token], place: int) -> bool:
    """Whether "by" leads to a number: "reduced by £3.7m", "won by 13 votes"."""
    return place > 0 and tokens[place - 1].word == "by"


class Count(NamedTuple):
    """A number of a source with its unit ("" for none) and what it counts, "" where that is not said; its token."""

    value: Decimal
    unit: str
    noun: str
    token: Token


def counts(reading: Reading) -> Iterator[Count]:
    """The numbers of a sentence; one that leaves out what it counts counts what the one before does: "had 41 points,
    Union 37"."""
    noun = ""
    for place, token in enumerate(reading.tokens):
        amount = value_of(token) if token.kind == NUMBER else None
        if amount is not None:
            noun = _noun(reading.tokens, place) or noun
            yield Count(*amount, noun, token)
        elif token.key.startswith("score "):
            yield Count(Decimal(-1), "score", "", token)


def _noun(tokens: Sequence[Token], place: int) -> str:
    """What a number counts: the word with content right behind it, past "more" and "fewer"; "" for none."""
    behind = [token for token in tokens[place + 1 : place + 3] if token.clause == tokens[place].clause]
    nouns = [token for token in behind if token.word not in _COMPARING][:1]
    return nouns[0].key if nouns and nouns[0].kind == WORD_KIND else ""


def _results(numbers: Sequence[Count], noun: str, said: frozenset[str], computing: Computing) -> Iterator[Decimal]:
    """What two numbers of a source make that count one thing, and that of the sentence where it names one."""
    yield from _of_results([one.token for one in numbers], said, computing)
    plain = [one for one in numbers if one.unit != "score"]
    for one, other in combinations(list({row[:3]: row for row in plain}.values())[:MOST_NUMBERS], 2):
        if one.unit == other.unit and (one.unit or _count_alike(noun, one.noun, other.noun)):
            if said & computing.difference or (one.unit == "year" and said & _YEARS_BETWEEN):
                yield abs(one.value - other.value)
            if said & computing.sum:
                yield one.value + other.value
    for one in plain:
        if said & computing.share and one.unit == "%":
            yield _WHOLE - one.value
        if said & computing.factor:
            yield from (one.value * factor for factor in _HALVES)


def _count_alike(*nouns: str) -> bool:
    """Whether all that name what they count name one thing."""
    return len({noun for noun in nouns if noun}) <= 1


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


def differences(index: ContextIndex, beside: Sequence[Alignment]) -> frozenset[Token]:
    """The numbers of a sentence that say what is between two things ("four points ahead") and that two numbers of one
    sentence of a source make, and the minutes that it tells from another moment than a source."""
    tokens = beside[0].said.tokens if beside else ()
    return frozenset(
        token
        for place, token in enumerate(tokens)
        if token.kind == NUMBER and (_is_difference(beside, place) or is_same_minute(index, place, beside))
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
    if _is_led_by(tokens, place):
        near |= computing.difference
    noun = _noun(tokens, place)
    return bool(near) and any(
        value[0] in _results(list(counts(one.source)), noun, near, computing) for one in beside[:PLACES]
    )


def numbers_of(facts: Iterable[Fact], beside: Sequence[Alignment]) -> frozenset[Token]:
    """The numbers of a sentence that some of its facts are."""
    starts = {fact.start for fact in facts}
    return frozenset(token for token in beside[0].said.numbers if token.start in starts) if beside else frozenset()
