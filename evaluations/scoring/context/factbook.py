"""The numeric facts of a context, kept so that any spelling of the same fact is found."""

from collections.abc import Iterable
from datetime import date

from evaluations.scoring.facts.currencies import agree
from evaluations.scoring.facts.fact import Fact
from evaluations.scoring.facts.facts import numeric_facts
from evaluations.scoring.facts.results import listed_scores, result_reader
from evaluations.scoring.facts.weekdays import WEEKDAYS, days_meant, read_day
from evaluations.scoring.languages.english import ENGLISH
from evaluations.scoring.languages.pack import LanguagePack
from evaluations.scoring.text.words import ORDINAL_WORDS

_ANY_YEAR = "any"
# Words that say a number of goals, of places or of titles.
_SAID_IN_WORDS = {word: str(number) for word, number in ORDINAL_WORDS.items()} | {
    "single": "1",
    "lone": "1",
    "sole": "1",
    "solitary": "1",
    "once": "1",
    "goalless": "0",
    "scoreless": "0",
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

    def __init__(self, pack: LanguagePack = ENGLISH) -> None:
        self._pack = pack
        self._dates: set[tuple[str, ...]] = set()
        self._seasons: set[tuple[str, ...]] = set()
        self._scores: set[tuple[str, ...]] = set()
        self._times: set[str] = set()
        self._weekdays: set[int] = set()
        self._numbers: dict[str, set[str]] = {}

    def add(self, text: str) -> None:
        """Take in the facts of one source."""
        for fact in numeric_facts(text, self._pack, lone_units=True):
            self._add(fact)
        if self._scores or "-" in text or any(map(str.isdigit, text)):
            self._scores |= {fact.key for fact in listed_scores(text, result_reader(self._pack))}

    def _add(self, fact: Fact) -> None:
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
            case "time":
                self._times.update(minutes for (minutes,) in fact.keys)
            case _:
                for value, currency in fact.keys:
                    self._numbers.setdefault(value, set()).add(currency)

    def add_days(self, words: Iterable[str], day: date | None) -> None:
        """Take in the days that a source of a known day tells by their names, and what weekdays its dates are."""
        if day is not None:
            for meant in days_meant(words, day):
                self._add_date(str(meant.day), str(meant.month), str(meant.year))

    def knows_weekday(self, word: str) -> bool:
        """Whether a word is the name of a weekday on which a date of the sources lies."""
        return WEEKDAYS.get(word, -1) in self._weekdays

    def add_words(self, words: Iterable[str]) -> None:
        """Take in the numbers that single words say: "third", "a brace", "a hat-trick"."""
        self._add_numbers(*(_SAID_IN_WORDS[word] for word in words if word in _SAID_IN_WORDS))

    def _add_date(self, day: str, month: str, year: str) -> None:
        self._dates |= {(day, month, year), (day, month, ""), ("", month, year), ("", month, "")}
        if year:
            self._dates |= {(day, month, _ANY_YEAR), ("", month, _ANY_YEAR)}
        if day and year and (full := read_day(f"{year}-{month:0>2}-{day:0>2}")):
            self._weekdays.add(full.weekday())
        self._add_numbers(*filter(None, (day, year)))

    def _add_numbers(self, *values: str) -> None:
        for value in values:
            self._numbers.setdefault(value, set()).add("")

    def holds(self, fact: Fact) -> bool:
        """Whether a numeric fact agrees with one of the context's, in any spelling.

        An amount agrees with the same number in the same currency, or in none. A number agrees with any
        amount. A time of day agrees with times only, a result with results.
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
            case "time":
                return any(minutes in self._times for (minutes,) in fact.keys)
            case _:
                return any(self._holds_amount(*key) for key in fact.keys)

    def _holds_amount(self, value: str, currency: str) -> bool:
        unsigned = value.removeprefix("-")
        known = self._numbers.get(value) or self._numbers.get(unsigned)
        if value == unsigned and known is None:
            known = self._numbers.get(f"-{value}")
        if not known:
            return False
        return not currency or "" in known or any(agree(currency, other) for other in known)

    def _year_apart(self, day: str, month: str, year: str) -> bool:
        """A full date agrees with a day that the context never gives a year, if it gives that year
        elsewhere."""
        undated = (day, month, "") in self._dates and (day, month, _ANY_YEAR) not in self._dates
        return undated and year in self._numbers
