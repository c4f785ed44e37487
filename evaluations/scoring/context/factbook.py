"""The numeric facts of a context, kept so that any spelling of the same fact is found."""

from collections.abc import Iterable

from evaluations.scoring.facts.facts import Fact, listed_scores, numeric_facts
from evaluations.scoring.text.words import ORDINAL_WORDS

_ANY_YEAR = "any"
# Words that say a number of goals, of places or of titles.
_SAID_IN_WORDS = {word: str(number) for word, number in ORDINAL_WORDS.items()} | {
    "brace": "2",
    "double": "2",
    "trick": "3",
    "treble": "3",
}


def _readings(one: str, other: str, year: str) -> tuple[tuple[str, str, str], tuple[str, str, str]]:
    """The two days that a date in numbers may mean."""
    return (one, other, year), (other, one, year)


class FactBook:
    """Every numeric fact of a context. Fill it with `add` while indexing; afterwards it is only read."""

    def __init__(self) -> None:
        self._dates: set[tuple[str, ...]] = set()
        self._seasons: set[tuple[str, ...]] = set()
        self._scores: set[tuple[str, ...]] = set()
        self._numbers: dict[str, set[str]] = {}

    def add(self, text: str) -> None:
        """Take in the facts of one source."""
        for fact in numeric_facts(text):
            match fact.kind:
                case "date":
                    self._add_date(*fact.key)
                case "day_or_month":
                    for key in _readings(*fact.key):
                        self._add_date(*key)
                case "season":
                    self._seasons.add(fact.key)
                    self._add_numbers(*fact.key, *(year[2:] for year in fact.key))
                case "score":
                    self._scores.add(fact.key)
                    self._add_numbers(*fact.key)
                case _:
                    value, currency = fact.key
                    self._numbers.setdefault(value, set()).add(currency)
        self._scores |= {fact.key for fact in listed_scores(text)}

    def add_words(self, words: Iterable[str]) -> None:
        """Take in the numbers that single words say: "third", "a brace", "a hat-trick"."""
        self._add_numbers(*(_SAID_IN_WORDS[word] for word in words if word in _SAID_IN_WORDS))

    def _add_date(self, day: str, month: str, year: str) -> None:
        self._dates |= {(day, month, year), (day, month, ""), ("", month, year), ("", month, "")}
        if year:
            self._dates |= {(day, month, _ANY_YEAR), ("", month, _ANY_YEAR)}
        self._add_numbers(*filter(None, (day, year)))

    def _add_numbers(self, *values: str) -> None:
        for value in values:
            self._numbers.setdefault(value, set()).add("")

    def holds(self, fact: Fact) -> bool:
        """Whether a numeric fact agrees with one of the context's, in any spelling.

        An amount agrees with the same number in the same currency, or in none. A number agrees with any
        amount.
        """
        match fact.kind:
            case "date":
                return fact.key in self._dates or self._year_apart(*fact.key)
            case "day_or_month":
                return any(self.holds(Fact("date", key, fact.start, fact.end)) for key in _readings(*fact.key))
            case "season":
                return fact.key in self._seasons or all(year in self._numbers for year in fact.key)
            case "score":
                return fact.key in self._scores
            case _:
                value, currency = fact.key
                known = self._numbers.get(value, set())
                return bool(known) and (not currency or currency in known or "" in known)

    def _year_apart(self, day: str, month: str, year: str) -> bool:
        """A full date agrees with a day that the context never gives a year, if it gives that year
        elsewhere."""
        undated = (day, month, "") in self._dates and (day, month, _ANY_YEAR) not in self._dates
        return undated and year in self._numbers
