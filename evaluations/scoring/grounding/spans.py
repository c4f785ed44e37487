"""Time between two days that the sources name, or since one: "eight days earlier", "his first win in seven years"."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations, islice

from evaluations.scoring.context.index import ContextIndex
from evaluations.scoring.facts.weekdays import days_meant, read_day
from evaluations.scoring.grounding.alignment import Alignment
from evaluations.scoring.grounding.binding import PLACES, around
from evaluations.scoring.grounding.clauses import NUMBER, Reading, Token
from evaluations.scoring.grounding.implied import YEARS
from evaluations.scoring.text.words import stem

# How far behind a number its unit may stand, and how many days of one place of a source are held against one another.
UNIT_WITHIN, MOST_DAYS = 2, 8
_DAYS = {stem("day"): 1, stem("night"): 1, stem("week"): 7}
_MONTH, _YEAR = stem("month"), stem("year")
_UNITS = frozenset((*_DAYS, _MONTH, _YEAR))
_MONTHS_OF_YEAR = 12
_DATE_PARTS = 3


def is_span(index: ContextIndex, place: int, beside: Sequence[Alignment]) -> bool:
    """Whether a number of a sentence counts the time between two days near one of its places, or from one to the day
    of the source."""
    tokens = beside[0].said.tokens
    kind, _, value = tokens[place].key.partition(" ")
    if kind != "number" or not value.strip().isdecimal():
        return False
    own = [day for day in (read_day(document.day) for document in index.documents[:MOST_DAYS]) if day]
    said = [day for token in tokens if (day := _read_date(token, own[0] if own else None))]
    unit = next((token.key for token in tokens[place + 1 : place + 1 + UNIT_WITHIN] if token.key in _UNITS), "")
    return bool(unit) and any(
        int(value) == _between(unit, one, other)
        for near in beside[:PLACES]
        for one, other in combinations({*said, *own, *islice(_days(index, near.row), MOST_DAYS)}, 2)
    )


def _between(unit: str, one: date, other: date) -> int:
    """How many of these units lie between two days, -1 where they do not come out even."""
    if unit == _YEAR:
        return abs(one.year - other.year)
    if unit == _MONTH:
        return abs((one.year - other.year) * _MONTHS_OF_YEAR + one.month - other.month)
    whole, rest = divmod(abs((one - other).days), _DAYS[unit])
    return -1 if rest else whole


def _days(index: ContextIndex, row: int) -> Iterator[date]:
    """The days that a place of a source names, and its own."""
    own = read_day(index.documents[index.rows[row].source].day)
    found = dict.fromkeys([own] if own else [])
    for reading in around(index, row):
        found |= dict.fromkeys(_named(reading, own))
    return iter(found)


def _named(reading: Reading, own: date | None) -> Iterator[date]:
    for token in reading.tokens:
        if token.kind == NUMBER and (day := _read_date(token, own)):
            yield day
    if own:
        yield from days_meant(reading.words, own)


def _read_date(token: Token, own: date | None) -> date | None:
    """The day of a date, of a year alone its first; one without a year is in that of its source."""
    kind, _, rest = token.key.partition(" ")
    parts = rest.split(" ")
    if kind == "number" and rest.strip().isdecimal() and int(rest) in YEARS:
        return date(int(rest), 1, 1)
    if kind != "date" or len(parts) != _DATE_PARTS:
        return None
    day, month, year = parts
    if not year:
        year = "" if own is None else str(own.year)
    return read_day(f"{year:0>4}-{month or 1:0>2}-{day or 1:0>2}") if year else None
