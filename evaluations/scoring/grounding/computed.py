"""Numbers that a sentence computes from those of a source: a sum, a difference, the years between, the rest, a half,
the goals of a result."""

from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from itertools import combinations

from evaluations.scoring.context.index import ContextIndex
from evaluations.scoring.facts.facts import Fact
from evaluations.scoring.grounding.alignment import Alignment
from evaluations.scoring.grounding.binding import PLACES, around
from evaluations.scoring.grounding.clauses import NUMBER, Token
from evaluations.scoring.languages.computing import Computing, computing_words

APART_WITHIN = 4
# Of more numbers than this a place can make nearly any.
MOST_NUMBERS = 12
_WHOLE, _HALVES = Decimal(100), (Decimal(2), Decimal(1) / 2)
_YEARS = range(1850, 2100)


def is_computed(index: ContextIndex, fact: Fact, words: Sequence[str], beside: Sequence[Alignment]) -> bool:
    """Whether two numbers of one place of a source make a number, in a sentence that says that it computes."""
    said, computing = frozenset(words), computing_words(index.pack.code)
    if fact.kind not in ("number", "amount") or not computing.is_in(said):
        return False
    sought = [_decimal(value) for value, *_ in fact.keys]
    places = ([token for reading in around(index, one.row) for token in reading.numbers] for one in beside[:PLACES])
    return any(value in sought for tokens in places for value in _results(tokens, said, computing))


def _results(tokens: Sequence[Token], said: frozenset[str], computing: Computing) -> Iterator[Decimal]:
    yield from _of_results(tokens, said, computing)
    values = list(dict.fromkeys(filter(None, map(_value, tokens))))[:MOST_NUMBERS]
    for one, other in combinations(values, 2):
        if one[1] == other[1]:
            if said & computing.difference:
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
    value = _value(tokens[place])
    if value is None or not near:
        return False
    return any(value[0] in _results(one.source.numbers, near, computing) for one in beside[:PLACES])


def _value(token: Token) -> tuple[Decimal, str] | None:
    """What a number says and in which unit: a currency, %, "year", or none."""
    kind, _, rest = token.key.partition(" ")
    if kind == "date":
        year = next((part for part in rest.split() if part.isdecimal() and int(part) in _YEARS), "")
        return (Decimal(year), "year") if year else None
    number, _, unit = rest.partition(" ")
    value = _decimal(number) if kind in ("number", "amount") else None
    if value is None:
        return None
    return value, "year" if value in _YEARS and not unit.strip() else unit.strip()


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
