"""Numbers spelled in words, of any length: "two hundred and five thousand", "half a million", "zweiundzwanzig"."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from evaluations.scoring.languages.pack import LanguagePack

# Letters with an accent, each as the one letter that it is without.
_BARE = {
    chr(code): letter
    for code in range(0xC0, 0x250)
    if len(letter := unicodedata.normalize("NFD", chr(code))[0].lower()) == 1 and letter.isascii()
} | {"ø": "o", "ł": "l"}
_LETTER = {"a": "aáàâãä", "e": "eéèêë", "i": "iíì", "o": "oóôõö", "u": "uúûü", "c": "cç", "n": "nñ"}
_ACCENTED = re.compile(f"[{''.join(_BARE)}]")


class NumberWords(NamedTuple):
    """A number in words: what it says, and its place."""

    value: Decimal
    start: int
    end: int
    is_lone_unit: bool


def bare(text: str) -> str:
    """The text in small letters without accents, each character in its place."""
    lower = text.lower()
    lower = lower if len(lower) == len(text) else text
    return lower if lower.isascii() else _ACCENTED.sub(lambda match: _BARE[match.group()], lower)


def accent_pattern(word: str) -> str:
    """A folded word as a pattern that takes its letters with accents too."""
    return "".join(f"[{_LETTER[letter]}]" if letter in _LETTER else re.escape(letter) for letter in word)


def either(words: Iterable[str]) -> str:
    """Any of these words, sorted by first letters: text without them is passed over in fewer steps."""
    rests: dict[str, list[str]] = {}
    for word in sorted(words, key=lambda word: (-len(word), word)):
        rests.setdefault(word[0], []).append(re.escape(word[1:]).replace("ss", "(?:ss|ß)"))
    return "|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in rests.items())


class _Speller:
    """The number words of one language, and how they are put together."""

    def __init__(self, pack: LanguagePack) -> None:
        self.units = {word: number for word, number in pack.numbers.items() if " " not in word}
        self.places = {word: number for word, number in pack.ordinals.items() if " " not in word and number > 2}
        self.nths = {word: number for word, number in pack.ordinals.items() if " " not in word}
        self.compounds = {
            tuple(word.split()): number
            for word, number in (*pack.numbers.items(), *pack.ordinals.items())
            if " " in word
        }
        self.scales = {word: number for word, number in pack.scales.items() if len(word) > 3 or word in ("mil", "cem")}
        if pack.code == "en":
            self.scales.pop("mil", None)
        self.hundreds = pack.hundreds
        self.halves = pack.halves
        self.joins = pack.joins
        self.one = pack.one
        first = [*self.units, *self.places, *self.hundreds, *self.scales, *self.halves]
        word = f"(?:{either(dict.fromkeys([*first, *self.nths]))})"
        joined = f"(?:[ -]|[ -](?:{'|'.join(sorted(self.joins)) or '-'})[ -])"
        articles = "|".join(sorted(pack.one))
        article = f"(?:(?:{articles}) )?" if articles else ""
        self.pattern = re.compile(rf"(?:{either(dict.fromkeys(first))})(?!\w)(?:{joined}{article}{word}(?!\w))*")

    def find_numbers(self, text: str) -> Iterator[NumberWords]:
        """The numbers of a text in small letters without accents."""
        position = 0
        while match := self.pattern.search(text, position):
            before = text[match.start() - 1 : match.start()]
            if before.isalnum() or before in ("_", "'"):
                position = match.start() + 1  # the end of a longer word
                continue
            position = match.end()
            yield from self._split(match)

    def _split(self, match: re.Match[str]) -> Iterator[NumberWords]:
        """A run of number words as one number, or as several where they do not go together: "two three"."""
        words = [
            (m.group().replace("ß", "ss"), match.start() + m.start(), match.start() + m.end())
            for m in re.finditer(r"\w+", match.group())
        ]
        current: Decimal | None = None
        total, start, end, units = Decimal(0), -1, -1, 0
        place = 0
        while place < len(words):
            word, begin, stop = words[place]
            length, value = self._longest(words, place)
            if word in self.halves and place and words[place - 1][0] in self.nths:
                place += 1  # "third quarter": the quarter is what it counts
                continue
            if word in self.one and words[place + 1 : place + 2] and words[place + 1][0] in self.halves:
                place += 1  # "eine halbe Million"
                continue
            if value is not None and current is not None and not self._fits(total, current, value):
                yield NumberWords(total + current, start, end, units == 1 and total + current < 2)
                total, current, start, units = Decimal(0), None, -1, 0
            if value is not None:
                current = Decimal(value) + (current or 0)
                end = words[place + length - 1][2]
            elif word in self.halves:
                joined = place > 0 and words[place - 1][0] in self.joins
                current, end = self._add_half(current, word, joined=joined), stop
            elif word in self.hundreds:
                current, end = (current or Decimal(1)) * self.hundreds[word], stop
            elif word in self.scales:
                total, current, end = (
                    total + (Decimal(1) if current is None else current) * self.scales[word],
                    Decimal(0),
                    stop,
                )
            else:
                place += 1  # "and", "a"
                continue
            start = begin if start < 0 else start
            units += 1
            place += length
        if current is not None and not (units == 1 and self._is_bare_scale(match)):
            yield NumberWords(total + current, start, end, units == 1 and total + current < 2)

    def _is_bare_scale(self, match: re.Match[str]) -> bool:
        """Whether a scale stands alone, and says no number: "thousands of fans", but "a thousand fans"."""
        said = match.group()
        if said not in self.scales and said not in self.hundreds and said not in self.halves:
            return False
        before = match.string[max(0, match.start() - 8) : match.start()].split(" ")
        return len(before) < 2 or before[-1] != "" or before[-2] not in self.one

    def _longest(self, words: list[tuple[str, int, int]], place: int) -> tuple[int, int | None]:
        for length in (4, 3, 2):
            key = tuple(word for word, _, _ in words[place : place + length])
            if len(key) == length and key in self.compounds:
                return length, self.compounds[key]
        word = words[place][0]
        value = self.units.get(word, self.places.get(word))
        return 1, self.nths.get(word) if value is None and place else value

    @staticmethod
    def _fits(total: Decimal, current: Decimal, value: int) -> bool:
        """Whether a number goes on with a smaller one: "hundred" with "five", "thirty" with "two"."""
        if not current:
            return total > 0
        return value > 0 and (
            (current % 100 == 0 and value < 100) or (current % 10 == 0 and current % 100 >= 20 and value < 10)
        )

    def _add_half(self, current: Decimal | None, word: str, *, joined: bool) -> Decimal:
        """A part is added ("two and a half"), a quarter that nothing joins is counted ("drei Viertel")."""
        numerator, denominator = self.halves[word]
        share = Decimal(numerator) / Decimal(denominator)
        if current is None:
            return share
        return current + share if share < 1 and (joined or denominator == 2) else current * share


@lru_cache(maxsize=64)
def _speller(pack: LanguagePack) -> _Speller:
    return _Speller(pack)


def spelled_numbers(text: str, pack: LanguagePack) -> Iterator[NumberWords]:
    """The numbers that a text spells in words, in order; `text` as `bare` gives it."""
    return _speller(pack).find_numbers(text) if pack.numbers else iter(())
