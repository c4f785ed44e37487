"""What the scorers must know of a language, as one record."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from evaluations.scoring.text.words import fold


def word_set(words: str) -> frozenset[str]:
    """The words of a text, each without case and accents."""
    return frozenset(map(fold, words.split()))


def phrases(rows: str) -> tuple[tuple[str, ...], ...]:
    """The phrases of a text, one between commas, as folded words; longer ones first."""
    found = (tuple(map(fold, row.split())) for row in rows.split(","))
    return tuple(sorted(filter(None, found), key=lambda words: (-len(words), words)))


@dataclass(frozen=True, slots=True, eq=False)
class LanguagePack:
    """The words of one language that scoring goes by, all of them folded.

    `numbers` and `ordinals` hold every number below a hundred as it is spelled, a compound with single spaces; `scales`
    what a number is multiplied by from a thousand on, `hundreds` what it is below, `halves` parts and dozens as
    fractions, `joins` what stands within a number ("and"), `one` what stands for it before a scale ("a million"),
    `score_to` what stands within a result ("two to one"). `speech` holds the verbs by which somebody is quoted,
    `telling` those few of them that make somebody the source of a fact, `unsure` words by which something is only
    possible or likely, `reporting` the verbs by which a paper is quoted, `according` the phrases that stand before a
    source, `papers` words that name one. `articles`, `pronouns`, `prepositions`, `by` and `roles` tell a speaker's name
    from what stands around it.
    `accented` are words of `unsure` and `telling` that without their accents would be others, and keep them.
    `openers` are words that often open a sentence and are no names, `opening_ends` how further ones end.
    `decimal_comma`: 1.500,5 is one and a half thousand. `nouns_in_capitals`: capitals alone make no name; `nouns` and
    `noun_endings` tell a common noun, which a longer word may end with, `given_names` a person, `titles` and `clubs`
    what stands before a name. `verbs_last`: verbs stand behind what they act on. `pointing` are articles and the like:
    behind them "two" only refers, "los dos".
    """

    code: str
    stem: Callable[[str], str]
    stopwords: frozenset[str]
    numbers: Mapping[str, int] = field(default_factory=dict)
    ordinals: Mapping[str, int] = field(default_factory=dict)
    scales: Mapping[str, int] = field(default_factory=dict)
    hundreds: Mapping[str, int] = field(default_factory=dict)
    halves: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    joins: frozenset[str] = frozenset()
    one: frozenset[str] = frozenset()
    score_to: frozenset[str] = frozenset()
    months: Mapping[str, int] = field(default_factory=dict)
    negations: frozenset[str] = frozenset()
    speech: frozenset[str] = frozenset()
    telling: frozenset[str] = frozenset()
    unsure: frozenset[str] = frozenset()
    accented: frozenset[str] = frozenset()
    reporting: frozenset[str] = frozenset()
    according: tuple[tuple[str, ...], ...] = ()
    papers: frozenset[str] = frozenset()
    articles: frozenset[str] = frozenset()
    pronouns: frozenset[str] = frozenset()
    prepositions: frozenset[str] = frozenset()
    by: frozenset[str] = frozenset()
    that: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    pointing: frozenset[str] = frozenset()
    decimal_comma: bool = False
    nouns_in_capitals: bool = False
    verbs_last: bool = False
    nouns: frozenset[str] = frozenset()
    noun_endings: tuple[str, ...] = ("\0",)
    given_names: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()
    clubs: frozenset[str] = frozenset()
    openers: frozenset[str] = frozenset()
    opening_ends: tuple[str, ...] = ("\0",)


@lru_cache(maxsize=64)
def digits_of(pack: LanguagePack) -> Mapping[str, str]:
    """The number words of a language as digits, those of one word; and its scales in one spelling each."""
    numbers = {word: str(number) for word, number in (*pack.numbers.items(), *pack.ordinals.items()) if " " not in word}
    longest = {number: word for word, number in sorted(pack.scales.items(), key=lambda row: (len(row[0]), row[0]))}
    scales = {word: longest[number] for word, number in pack.scales.items() if len(word) > 2 and word != "mil"}
    return numbers if pack.code == "en" else scales | numbers


def stemmer(stopwords: Iterable[str], reduce: Callable[[str], str], elided: str = "") -> Callable[[str], str]:
    """The stem of a folded word by a language's own rule; "" for a word that carries no content. `elided` are small
    words that lose their vowel and cling to the next: "l'équipe"."""
    empty = frozenset(stopwords)
    clings = re.compile(rf"(?:{'|'.join(elided.split())})'(?=\w)") if elided else None

    @lru_cache(maxsize=1 << 16)
    def stem(word: str) -> str:
        if clings and "'" in word:
            word = clings.sub("", word, count=1)
        if word in empty or (len(word) == 1 and not word.isdigit()):
            return ""
        return word if word[0].isdigit() else reduce(word)

    return stem
