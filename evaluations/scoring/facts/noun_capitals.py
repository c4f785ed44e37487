"""Names in a language whose nouns have capitals: told from common nouns by vocabulary, by shape and by what stands
beside."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from evaluations.scoring.facts.fact import Fact
from evaluations.scoring.languages.everyday import everyday_stems
from evaluations.scoring.languages.pack import LanguagePack
from evaluations.scoring.text.characters import JOINER
from evaluations.scoring.text.words import fold

_BLANKS = f" {JOINER}"
# Small words within a name, behind a given one: "Virgil van Dijk", "Ursula von der Leyen".
_PARTICLES = frozenset("van von der den de di da del della dos ter ten el al la".split())  # noqa: SIM905
MOST_PARTICLES = 2
# How a name ends and a common noun seldom does.
_FOREIGN = re.compile(r"[a-z]{2,}(?:[^aei]a|[^e]o|[^e]i|[^ae]u|[^e]y|ic|vic|ez)")
_INFLECTED = ("e", "en", "er", "es", "em")
# No surname ends so.
_ABSTRACT = ("ung", "heit", "keit", "schaft", "tion", "tat")
_DECLINED = ("s", "es", "n", "en", "e", "in", "innen")
# The second part of a compound has so many letters, at least and at most, and so many stand before it.
HEAD, LONGEST_HEAD, BEFORE = 4, 20, 3
# Surnames have fewer letters.
LONG = 14


class _Unit(NamedTuple):
    """Words that hyphens couple, as one: the places of the first and of the last, and what the last one is."""

    first: int
    last: int
    noun: bool
    given: bool
    title: bool


class _Sentence(NamedTuple):
    text: str
    words: Sequence[re.Match[str]]
    pack: LanguagePack

    def between(self, place: int) -> str:
        """What stands between a word and the one before it."""
        return self.text[self.words[place - 1].end() : self.words[place].start()] if place else ""

    def folded(self, place: int) -> str:
        return fold(self.words[place].group())

    def small_word_before(self, place: int) -> str:
        """The word right before one, where it has no capital."""
        if not place or self.between(place).strip(_BLANKS):
            return ""
        word = self.words[place - 1].group()
        return word if word.islower() else ""

    def is_capital(self, place: int) -> bool:
        return place < len(self.words) and self.words[place].group()[0].isupper()


def noun_capital_names(
    text: str, words: Sequence[re.Match[str]], pack: LanguagePack, opening: Sequence[bool], naming: Sequence[bool]
) -> Iterator[Fact]:
    """Stretches of capitals that are no common nouns; a single one only where it is a given name, or where what stands
    beside it, or its shape, tells a name.

    `opening` says of each word whether it opens a sentence or a clause, `naming` whether it can be part of a name.
    """
    sentence = _Sentence(text, words, pack)
    units = [unit for unit in _units(sentence, naming) if not opening[unit.first] or unit.given or unit.title]
    for run in _runs(sentence, units):
        for start, end in _stretches(run):
            if end - start == 2 and _is_genitive(sentence, run[start]):
                end -= 1  # "Korvelas Rauswurf"
            before = run[start - 1] if start else None
            after = run[end] if end < len(run) else None
            if end - start > 1 or _is_lone_name(sentence, run[start], before, after):
                yield _name(sentence, run[start:end])


def may_name(word: str, pack: LanguagePack) -> bool:
    """Whether a word with a capital is no common noun, as far as the language's vocabulary tells."""
    folded = fold(word)
    common = folded in pack.stopwords or folded in pack.numbers or folded in pack.ordinals or folded in pack.months
    return len(word) > 2 and word[0].isupper() and not common and not _is_noun(folded, pack)


def _units(sentence: _Sentence, naming: Sequence[bool]) -> Iterator[_Unit]:
    """The capitals of a sentence that may be names or nouns."""
    place = surname = 0
    while place < len(sentence.words):
        first = place
        place += 1
        if not sentence.is_capital(first):
            continue
        while sentence.is_capital(place) and sentence.between(place) == "-":
            place += 1
        if not naming[place - 1] or (place < len(sentence.words) and sentence.between(place) == "-"):
            continue
        word = sentence.folded(place - 1)
        introduced = first == surname and not sentence.between(first).strip(_BLANKS)
        unit = _read_unit(first, place - 1, word, sentence.pack, introduced=introduced)
        surname = place if unit.given or word in sentence.pack.clubs else 0
        yield unit


def _read_unit(first: int, last: int, word: str, pack: LanguagePack, *, introduced: bool) -> _Unit:
    """What a word is; behind a given name or the kind of a club a surname, unless only a noun is spelled like it."""
    given = word in pack.given_names
    forms = (word, *_without_endings(word))
    title = any(_ends_with(form, pack.titles) or _ends_with(form, pack.roles) for form in forms)
    if introduced and len(word) < LONG:
        noun = word in pack.nouns or word.endswith(_ABSTRACT)
    else:
        noun = title or _is_noun(word, pack)
    return _Unit(first, last, noun and not given, given, title and noun)


def _runs(sentence: _Sentence, units: Sequence[_Unit]) -> Iterator[list[_Unit]]:
    """The units that only blanks part, or the small words of a name."""
    run: list[_Unit] = []
    for unit in units:
        if run and not _goes_on(sentence, run[-1], unit):
            yield run
            run = []
        run.append(unit)
    if run:
        yield run


def _goes_on(sentence: _Sentence, one: _Unit, other: _Unit) -> bool:
    places = range(one.last + 1, other.first + 1)
    if any(sentence.between(place).strip(_BLANKS) not in ("", ".") for place in places):
        return False
    small = [sentence.words[place].group() for place in places[:-1]]
    return not small or (one.given and len(small) <= MOST_PARTICLES and _PARTICLES.issuperset(small))


def _stretches(run: Sequence[_Unit]) -> Iterator[tuple[int, int]]:
    """From where to where no unit of a run is a common noun."""
    start = 0
    for place in range(len(run) + 1):
        if place == len(run) or run[place].noun:
            if place > start:
                yield start, place
            start = place + 1


def _is_lone_name(sentence: _Sentence, unit: _Unit, before: _Unit | None, after: _Unit | None) -> bool:
    """Whether a capital that stands by itself among common nouns and small words is a name."""
    if unit.given or (before is not None and before.title):
        return True
    word = sentence.words[unit.last].group()
    if before is not None or word.isupper():
        return False
    if after is not None:
        return _is_genitive(sentence, unit) and not _has_genitive_article(sentence, unit.first)  # "Korvelas Vertrag"
    if _is_said_by(sentence, unit.first):
        return True
    return bool(_FOREIGN.fullmatch(fold(word))) and not _has_adjective(sentence, unit.first)


def _is_genitive(sentence: _Sentence, unit: _Unit) -> bool:
    """Whether a word ends as a name does whose thing is named next."""
    word = sentence.words[unit.last].group()
    return not unit.given and len(word) > HEAD and word.endswith("s") and not word.endswith("ss")


def _has_genitive_article(sentence: _Sentence, place: int) -> bool:
    """Whether a word is the genitive of a noun: "(des) neuen Rasens", "eines Rasens"."""
    before = sentence.small_word_before(place)
    return fold(before) in sentence.pack.articles or before.endswith("en")


def _has_adjective(sentence: _Sentence, place: int) -> bool:
    """Whether an article, or what ends as an adjective does, stands before a word."""
    before = sentence.small_word_before(place)
    return fold(before) in sentence.pack.articles or before.endswith(_INFLECTED)


def _is_said_by(sentence: _Sentence, place: int) -> bool:
    """Whether a word stands behind a verb of speech that follows what was said: "…, sagte Korvela"."""
    if place < 2 or sentence.between(place).strip(_BLANKS):
        return False
    verb = fold(sentence.words[place - 1].group())
    return verb in sentence.pack.telling and any(mark in sentence.between(place - 1) for mark in ',"“”«»')


def _name(sentence: _Sentence, units: Sequence[_Unit]) -> Fact:
    """A name, under its words without the kind of a club."""
    words = [sentence.words[place] for unit in units for place in range(unit.first, unit.last + 1)]
    said = [word.group() for word in words]
    key = [word for word in said if fold(word) not in sentence.pack.clubs] or said
    return Fact("name", tuple(key), words[0].start(), words[-1].end())


@lru_cache(maxsize=1 << 14)
def _is_noun(word: str, pack: LanguagePack) -> bool:
    """Whether a folded word is a common noun, as far as its ending or a word that it ends with tells."""
    return (
        pack.stem(word) in everyday_stems(pack)
        or (len(word) > HEAD + 1 and word.endswith(pack.noun_endings))
        or any(_ends_with(form, pack.nouns) for form in (word, *_without_endings(word)))
    )


def _without_endings(word: str) -> Iterator[str]:
    """What a word may be a case, a plural or a feminine of: "Trainers", "Trainerinnen"."""
    return (
        word.removesuffix(ending) for ending in _DECLINED if word.endswith(ending) and len(word) > HEAD + len(ending)
    )


def _ends_with(word: str, known: frozenset[str]) -> bool:
    """Whether a word, or what a compound ends with, is among those known."""
    first = max(BEFORE, len(word) - LONGEST_HEAD)
    return word in known or any(word[start:] in known for start in range(first, len(word) - HEAD + 1))
