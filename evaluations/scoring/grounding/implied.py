"""Numbers that a source gives without writing them: by others ("£10,000 more than"), or more exactly ("over 200" for
212). English words."""

from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from itertools import pairwise

from evaluations.scoring.facts.currencies import agree
from evaluations.scoring.grounding.alignment import Alignment
from evaluations.scoring.grounding.binding import PLACES
from evaluations.scoring.grounding.clauses import Reading, Token
from evaluations.scoring.text.words import word_list

# What a number says, and its unit: a currency, %, "year" or "".
Amount = tuple[Decimal, str]
# Of more numbers than this a place can make nearly any.
MOST_NUMBERS = 12
YEARS = range(1850, 2100)
_HALF = frozenset(("half", "halved", "halving"))
# By what a number is divided that something came to: "doubled to £11m".
_MULTIPLIED = {"doubled": Decimal(2), "doubling": Decimal(2), "trebled": Decimal(3), "tripled": Decimal(3)}
_WHOLE = frozenset(("it", "which", "that", "them"))
# Without any of these no number is given by others.
_IMPLYING = _HALF | frozenset(_MULTIPLIED) | frozenset(("than", "by", "year", "years", "year-old"))
_MORE = frozenset(("more", "higher", "older", "longer"))
_LESS = frozenset(("fewer", "less", "lower", "younger", "shorter"))
# What says that a number is rounded, and from which share of it to which the number that it stands for lies.
_ROUNDING = (
    (frozenset(("nearly", "almost", "under", "close", "fewer", "less")), (Decimal("0.85"), Decimal(1))),
    (frozenset(("over", "more", "least", "exceeding", "topped")), (Decimal(1), Decimal("1.2"))),
    (frozenset(word_list("about around some roughly approximately")), (Decimal("0.93"), Decimal("1.07"))),
)
ROUND_DIGITS = 2


def is_rounded(place: int, beside: Sequence[Alignment]) -> bool:
    """Whether a number only rounds one of the source's and says so: "over 200" for 212, "nearly ten thousand" for
    9,870; a number with more than two digits that are not 0 rounds nothing."""
    tokens = beside[0].said.tokens
    amount = value_of(tokens[place])
    if amount is None or not amount[0] or len(amount[0].normalize().as_tuple().digits) > ROUND_DIGITS:
        return False
    before = {token.word for token in tokens[max(0, place - 3) : place]}
    reach = next((reach for words, reach in _ROUNDING if not words.isdisjoint(before)), None)
    if reach is None:
        return False
    low, high = (amount[0] * share for share in reach)
    others = filter(None, (value_of(token) for one in beside[:PLACES] for token in one.source.numbers))
    return any(low <= value <= high and unit != "year" and agree(amount[1], unit) for value, unit in others)


def implied_numbers(source: Reading) -> Iterator[Amount]:
    """The numbers that a source gives by others: "£45,000, £10,000 more than" implies £35,000; "half of his £20,000",
    "half as much as", "rises by £20 to £420", "a three-year contract" beside a year; each with its unit."""
    if not source.numbers or source.words.isdisjoint(_IMPLYING):
        return
    numbers = [(place, value) for place, token in enumerate(source.tokens) if (value := value_of(token)) is not None]
    numbers = numbers[:MOST_NUMBERS]
    yield from _of_comparisons(source, numbers)
    yield from _of_halves(source, numbers)
    for place, (end, unit) in numbers:
        yield from ((end / factor, unit) for factor in _factors(source, place))
        steps = [step for step, other in _steps(source, place) if other in ("", unit)]
        yield from ((end + sign * step, unit) for step in steps for sign in (1, -1))
    yield from of_terms(source)


def of_terms(reading: Reading) -> Iterator[Amount]:
    """The years at the ends of a term of which one end is named: "a five-year contract, signed in 2041"."""
    numbers = [(place, value) for place, token in enumerate(reading.tokens) if (value := value_of(token)) is not None]
    years = [year for _, (year, unit) in numbers[:MOST_NUMBERS] if unit == "year"]
    lengths = [term for place, (term, unit) in numbers if unit != "year" and _counts_years(reading, place)]
    yield from ((year + sign * term, "year") for year in years for term in lengths for sign in (1, -1))


def _of_comparisons(source: Reading, numbers: Sequence[tuple[int, Amount]]) -> Iterator[Amount]:
    """What "£10,000 more than" or "four fewer than" is said of, by one of the two numbers before it."""
    for n, (place, (step, step_unit)) in enumerate(numbers):
        if sign := _comparison(source, place):
            before = (value for _, value in numbers[max(0, n - 2) : n])
            yield from ((value - sign * step, unit) for value, unit in before if step_unit in ("", unit))


def _of_halves(source: Reading, numbers: Sequence[tuple[int, Amount]]) -> Iterator[Amount]:
    """Halves and what is twice as much, in a sentence that speaks of a half."""
    if _HALF.isdisjoint(source.words):
        return
    yield Decimal(50), "%"
    said = [token.word for token in source.tokens]
    for place, (value, unit) in numbers:
        before = said[max(0, place - 4) : place]
        if "half" in before and "of" in before:
            yield value / 2, unit
        behind = said[place + 1 : place + 5]
        if ("half", "of") in pairwise(behind) and _WHOLE.intersection(behind):
            yield value / 2, unit
        if ("half", "as") in pairwise(said):
            yield value * 2, unit


def _factors(source: Reading, place: int) -> Iterator[Decimal]:
    """By what something was multiplied that comes "to" a number: "doubled to £11m", "halved to £5m"."""
    if place and source.tokens[place - 1].word == "to":
        near = [token.word for token in source.tokens[max(0, place - 3) : place]]
        yield from (_MULTIPLIED[word] for word in near if word in _MULTIPLIED)
        yield from (1 / Decimal(2) for word in near if word in ("halved", "halving"))


def _steps(source: Reading, place: int) -> Iterator[Amount]:
    """By how much something comes "to" a number: "rises by £20 to £420"."""
    if not place or source.tokens[place - 1].word != "to":
        return iter(())
    near = source.tokens[max(0, place - 4) : place]
    return (step for by, token in pairwise(near) if by.word == "by" and (step := value_of(token)) is not None)


def _comparison(source: Reading, place: int) -> int:
    """1 where a number says by how much the one before is more than a third, -1 where by how much less, else 0."""
    behind = [token.word for token in source.tokens[place + 1 : place + 4]]
    if "than" not in behind:
        return 0
    return 1 if _MORE & set(behind) else -1 if _LESS & set(behind) else 0


def _counts_years(source: Reading, place: int) -> bool:
    return any(token.word in ("year", "years", "year-old") for token in source.tokens[place + 1 : place + 3])


def value_of(token: Token) -> Amount | None:
    """What a number says and in which unit: a currency, %, "year", or none."""
    kind, _, rest = token.key.partition(" ")
    if kind == "date":
        year = next((part for part in rest.split() if part.isdecimal() and int(part) in YEARS), "")
        return (Decimal(year), "year") if year else None
    number, _, unit = rest.partition(" ")
    value = decimal_of(number) if kind in ("number", "amount") else None
    if value is None:
        return None
    return value, "year" if value in YEARS and not unit.strip() else unit.strip()


def decimal_of(text: str) -> Decimal | None:
    """A number as written in a key, None for anything else."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
