"""Results of matches, told from times of day and from ranges."""

import re
from collections.abc import Iterator
from functools import lru_cache

from evaluations.scoring.facts.fact import Fact
from evaluations.scoring.facts.spelled import either
from evaluations.scoring.languages.pack import LanguagePack
from evaluations.scoring.text.words import NUMBER_WORDS

# What is counted between two numbers makes a range of them, and no result: "10-12 days".
_COUNTED = (
    r"(?:days?|weeks?|months?|years?|hours?|minutes?|seconds?|games?|matches|players?|people|fans|per ?cent|percent|%"
    r"|metres?|meters?|miles?|km|kilomet|degrees|pages?|times|points? (?:clear|behind|ahead|adrift)"
    r"|tage|wochen|monate|jahre|stunden|minuten|spiele"
    r"|días|semanas|meses|años|horas|minutos|partidos|jours|semaines|mois|ans|heures|matchs|giorni|settimane|mesi|anni|partite"
    r"|dias|anos|jogos|year-olds?|month|week|day|man\b|million|billion|thousand|bn\b|m\b|k\b|pounds|euros|dollars)"
)
# "Arsenal 2 Chelsea 1", as results are listed.
_LISTED = re.compile(r"(?P<home>\d\d?),? (?:[A-Z][\w'’.&-]* ){1,4}(?P<away>\d\d?)(?!\w|[.,:/-]\d)")
RANGE = "range"


class ResultReader:
    """Finds results in texts of one language."""

    def __init__(self, pack: LanguagePack) -> None:
        words = {word: n for word, n in pack.numbers.items() if n <= 12 and " " not in word} or NUMBER_WORDS
        self._words = words | {"nil": 0, "zero": 0, "nought": 0}
        goals = f"(?:{either(self._words)})"
        to = "|".join(sorted(pack.score_to | {"to"}))
        self.digits = re.compile(
            rf"(?P<home>\d\d?)(?: ?[-–—‑−] ?(?P<away>\d\d?|nil(?!\w))(?!\w|[-–/:]\d|[.,]\d| ?%)"
            rf"|(?: ?: ?)(?P<after>\d)(?![\w:]|[.,]\d| ?%)"
            rf"|(?: goals?)? (?:{to}) (?P<conceded>\d\d?(?!\w|[.,]\d| ?%)|(?:nil|{goals})(?!\w)))"
        )
        self.spelled = re.compile(
            rf"(?P<home>{goals})(?: goals?)?(?: (?:{to}) |[-–—‑]| (?=nil))"
            rf"(?P<away>(?:{goals}|nil)(?!\w)|\d\d?(?!\w|[.,]\d))"
        )
        self._counted = re.compile(rf"[ -]?{_COUNTED}", re.IGNORECASE)

    def read(self, match: re.Match[str]) -> Fact:
        """The key of a result is its higher number first: "won 2-1" and "lost 1-2" tell of one."""
        home, away = (self._goals(number) for number in match.groups() if number)
        kind = RANGE if self._counted.match(match.string, match.end()) else "score"
        return Fact(kind, (str(max(home, away)), str(min(home, away))), match.start(), match.end())

    def _goals(self, text: str) -> int:
        return int(text) if text.isdecimal() else self._words[text.lower()]


@lru_cache(maxsize=64)
def result_reader(pack: LanguagePack) -> ResultReader:
    """The reader for a language, made once."""
    return ResultReader(pack)


def listed_scores(text: str, reader: ResultReader) -> Iterator[Fact]:
    """Results in the form "Arsenal 2 Chelsea 1", which only a list of results can be trusted to mean."""
    for match in _LISTED.finditer(text):
        if re.search(r"[a-z] $", text[max(0, match.start() - 2) : match.start()]):
            yield reader.read(match)
