"""Numbers that a sentence computes from those of a source: a sum, a difference, the years between, the rest, a half."""

from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from itertools import combinations

from evaluations.scoring.context.index import ContextIndex
from evaluations.scoring.facts.facts import Fact
from evaluations.scoring.grounding.alignment import Alignment
from evaluations.scoring.grounding.binding import PLACES, around
from evaluations.scoring.grounding.clauses import Token
from evaluations.scoring.text.words import word_list

# A sentence that computes says so with one of these.
_DIFFERENCE = frozenset(
    word_list("""more fewer less short shorter longer older younger earlier later ahead behind clear gap difference
    between apart adrift margin lead leads led trail trailed further extra remaining rest left cheaper dearer higher
    lower rise rose fall fell increase increased decrease decreased up down since first""")
)
_SUM = frozenset(word_list("total totals combined altogether together both overall aggregate sum whole"))
_SHARE = frozenset(word_list("rest remaining remainder other others cover covers pay pays keep keeps"))
_FACTOR = frozenset(("half", "twice", "double"))
_CUES = _DIFFERENCE | _SUM | _SHARE | _FACTOR
# Of more numbers than this a place can make nearly any.
MOST_NUMBERS = 12
_WHOLE, _HALVES = Decimal(100), (Decimal(2), Decimal(1) / 2)
_YEARS = range(1850, 2100)


def is_computed(index: ContextIndex, fact: Fact, words: Sequence[str], beside: Sequence[Alignment]) -> bool:
    """Whether two numbers of one place of a source make a number, in a sentence that says that it computes."""
    said = frozenset(words)
    if fact.kind not in ("number", "amount") or not (
        said & (_DIFFERENCE | _SUM | _SHARE | {"half", "twice", "double"})
    ):
        return False
    sought = [_decimal(value) for value, *_ in fact.keys]
    return any(value in sought for one in beside[:PLACES] for value in _results(index, one.row, said))


def _results(index: ContextIndex, row: int, said: frozenset[str]) -> Iterator[Decimal]:
    tokens = [token for reading in around(index, row) for token in reading.numbers]
    values = list(dict.fromkeys(filter(None, map(_value, tokens))))[:MOST_NUMBERS]
    for one, other in combinations(values, 2):
        if one[1] == other[1]:
            if said & _DIFFERENCE:
                yield abs(one[0] - other[0])
            if said & _SUM:
                yield one[0] + other[0]
    for value, unit in values:
        if said & _SHARE and unit == "%":
            yield _WHOLE - value
        if said & _FACTOR:
            yield from (value * factor for factor in _HALVES)


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
