"""Numeric facts that can be looked up: dates, seasons, times, results, amounts and numbers, however written."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache, partial
from itertools import islice

from evaluations.scoring.facts.amounts import amount_reader, stands_free
from evaluations.scoring.facts.dates import date_readers
from evaluations.scoring.facts.fact import Fact
from evaluations.scoring.facts.names import names, quotes
from evaluations.scoring.facts.number_words import bare
from evaluations.scoring.facts.results import listed_scores, result_reader
from evaluations.scoring.facts.times import times
from evaluations.scoring.languages.english import ENGLISH
from evaluations.scoring.languages.pack import LanguagePack
from evaluations.scoring.text.characters import JOINER

__all__ = ["Fact", "listed_scores", "names", "numeric_facts", "quotes"]

_GAP = re.compile(rf" [ {JOINER}]+|{JOINER}[ {JOINER}]*")
_SPACES = re.compile("  +")
_DIGIT = re.compile(r"\d")
# No more than this of each kind is read from one text.
MOST_FACTS = 10_000

Finder = Callable[[str], Iterator[Fact]]


def numeric_facts(text: str, pack: LanguagePack = ENGLISH, *, lone_units: bool = False) -> list[Fact]:
    """Dates, seasons, times, results, amounts and numbers, by place, in a text whose marks are blanked.

    `lone_units`: "one" and "zero" alone are numbers too, as in a source that may say so of what a report counts.
    """
    squeezed, places, moved = _squeeze(text)

    def there(position: int) -> int:
        return position + moved[bisect_right(places, position)]

    return [
        replace(fact, start=there(fact.start), end=there(fact.end - 1) + 1)
        for fact in _numeric_facts(squeezed, pack, lone_units=lone_units)
    ]


def _squeeze(text: str) -> tuple[str, list[int], list[int]]:
    """The text with single spaces, so that a blanked mark parts no fact; and the way back to the offsets.

    From the n-th place of the squeezed text on, offsets are moved by the n-th number.
    """
    pieces, places, moved = [], [], [0]
    position = length = 0
    for match in (_GAP if JOINER in text else _SPACES).finditer(text):
        piece = text[position : match.start()] + (" " if " " in match.group() else "")
        pieces.append(piece)
        length += len(piece)
        position = match.end()
        places.append(length)
        moved.append(position - length)
    return "".join([*pieces, text[position:]]), places, moved


def _numeric_facts(text: str, pack: LanguagePack, *, lone_units: bool) -> list[Fact]:
    """What one finder claims, no later one claims again."""
    found: list[Fact] = []
    finders = _finders(pack, small=text.islower()) if _DIGIT.search(text) else _spelled_finders(pack)
    in_words: Finder = partial(amount_reader(pack).in_words, lone_units=lone_units)
    for finder in (*finders, in_words):
        facts = list(islice(finder(text), MOST_FACTS))
        if facts:
            found += facts
            text = _without(text, facts)
    return sorted(found, key=lambda fact: fact.start)


@lru_cache(maxsize=64)
def _finders(pack: LanguagePack, *, small: bool) -> tuple[Finder, ...]:
    """What finds the numeric facts of a language, in the order in which text is claimed; see `date_readers`."""
    results, amounts = result_reader(pack), amount_reader(pack)
    return (
        *(partial(_matches, pattern, read) for pattern, read in date_readers(pack, small=small)),
        times,
        amounts.ranges,
        partial(_matches, results.digits, results.read_result),
        _spelled_finders(pack)[0],
        partial(_matches, amounts.digits, amounts.in_digits),
    )


@lru_cache(maxsize=64)
def _spelled_finders(pack: LanguagePack) -> tuple[Finder, ...]:
    """Results and times in words, which text without a digit may hold too."""
    results = result_reader(pack)

    def spelled_results(text: str) -> Iterator[Fact]:
        return _matches(results.spelled, results.read_result, bare(text))

    return spelled_results, times


def _matches(pattern: re.Pattern[str], read: Callable[[re.Match[str]], Fact | None], text: str) -> Iterator[Fact]:
    for match in pattern.finditer(text):
        if stands_free(text, match.start()) and (fact := read(match)) is not None:
            yield fact


def _without(text: str, facts: Iterable[Fact]) -> str:
    pieces, position = [], 0
    for fact in facts:
        if fact.start >= position:
            pieces += [text[position : fact.start], "\n" * (fact.end - fact.start)]
            position = fact.end
    return "".join([*pieces, text[position:]])
