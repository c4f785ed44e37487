"""Results of matches, told from times of day and from ranges."""

import re
from collections.abc import Iterator
from functools import lru_cache

from evaluations.scoring.facts.amounts import COUNTED
from evaluations.scoring.facts.fact import Fact
from evaluations.scoring.facts.number_words import either
from evaluations.scoring.languages.pack import LanguagePack
from evaluations.scoring.text.words import NUMBER_WORDS

# "Arsenal 2 Chelsea 1", as results are listed.
_LISTED = re.compile(r"(?P<home>\d\d?),? (?:[A-Z][\w'’.&-]* ){1,4}(?P<away>\d\d?)(?!\w|[.,:/-]\d)")


class ResultReader:
    """Finds results in texts of one language."""

    def __init__(self, pack: LanguagePack) -> None:
        words = {word: n for word, n in pack.numbers.items() if n <= 12 and " " not in word} or NUMBER_WORDS
        self._words = words | {"nil": 0, "zero": 0, "nought": 0}
        goals = f"(?:{either(self._words)})"
        # Where compounds are hyphenated, two such words are one number: "dix-sept".
        is_compound = any(" " in word and set(word.split()) <= self._words.keys() for word in pack.numbers)
        hyphen = "" if is_compound else "|[-–—‑]"
        to = "|".join(sorted(pack.score_to | {"to"}))
        self.digits = re.compile(
            rf"(?P<home>\d\d?)(?: ?[-–—‑−] ?(?P<away>\d\d?|nil(?!\w))(?!\w|[-–/:]\d|[.,]\d| ?%)"
            rf"|(?: ?: ?)(?P<after>\d)(?![\w:]|[.,]\d| ?%)"
            rf"|(?: goals?)? (?:{to}) (?P<conceded>\d\d?(?!\w|[.,]\d| ?%)|(?:nil|{goals})(?!\w)))"
        )
        self.spelled = re.compile(
            # "From four to six" says how something changes.
            rf"(?<!from )(?P<home>{goals})(?: goals?)?(?: (?:{to}) {hyphen}| (?=nil))"
            rf"(?P<away>(?:{goals}|nil)(?!\w)|\d\d?(?!\w|[.,]\d))(?![ -]{COUNTED})"
        )

    def read_result(self, match: re.Match[str]) -> Fact:
        """The key of a result is its higher number first: "won 2-1" and "lost 1-2" tell of one."""
        home, away = (self._goals(number) for number in match.groups() if number)
        return Fact("score", (str(max(home, away)), str(min(home, away))), match.start(), match.end())

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
            yield reader.read_result(match)
