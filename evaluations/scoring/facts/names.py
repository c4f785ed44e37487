"""Names and quoted phrases of a text."""

import re
from collections.abc import Iterator

from evaluations.scoring.facts.fact import Fact
from evaluations.scoring.facts.noun_capitals import noun_capital_names
from evaluations.scoring.languages.english import ENGLISH
from evaluations.scoring.languages.pack import LanguagePack
from evaluations.scoring.text.characters import JOINER
from evaluations.scoring.text.words import WORD, fold

_QUOTE = re.compile(r"[\"“„«]([^\"“”„«»\n]{2,400})[\"”»]")
_UNITS = frozenset(("fahrenheit", "celsius", "kelvin"))
# Quarters of a year are numbers.
_QUARTERS = frozenset(("q1", "q2", "q3", "q4"))
# A label before a colon has no more words.
_LABEL = 5
_BLANKS = f" {JOINER}"


def quotes(text: str) -> Iterator[Fact]:
    """Quoted phrases, as the words they hold."""
    for match in _QUOTE.finditer(text):
        words = tuple(fold(word.group()) for word in WORD.finditer(match.group(1)))
        if words:
            yield Fact("quote", words, match.start(1), match.end(1))


def names(text: str, words: list[re.Match[str]], pack: LanguagePack = ENGLISH) -> Iterator[Fact]:
    """Runs of capitalised words among the words of one sentence; never its first word.

    In a line where nearly every word is capitalised (a heading, a table row) capitals say nothing.
    """
    capital = [word.group()[0].isupper() for word in words]
    if not any(capital):
        return
    if _is_heading(words, capital, pack):
        return
    words, capital = words[(skipped := _label_words(text, words, capital)) :], capital[skipped:]
    if pack.nouns_in_capitals:
        opening = [_opens(text, words, i) for i in range(len(words))]
        naming = [_is_name_word(word.group(), pack) and not _is_acronym(words, i) for i, word in enumerate(words)]
        yield from noun_capital_names(text, words, pack, opening, naming)
        return
    run: list[re.Match[str]] = []
    for i, word in enumerate(words):
        goes_on = bool(run) and text[run[-1].end() : word.start()].strip(_BLANKS) in ("", "-", ".")
        if run and not (goes_on and capital[i]):
            yield _name(run)
            run = []
        if (
            capital[i]
            and (run or not _opens(text, words, i))
            and not text[max(0, word.start() - 1)].isdigit()
            and _is_name_word(word.group(), pack)
            and not _is_acronym(words, i)
        ):
            run.append(word)
    if run:
        yield _name(run)


def _is_heading(words: list[re.Match[str]], capital: list[bool], pack: LanguagePack) -> bool:
    """Whether nearly every word of a line has a capital; where every noun has one, small words count too."""
    if pack.nouns_in_capitals:
        return sum(capital[1:]) > 0.85 * (len(words) - 1)
    content = [i for i, word in enumerate(words) if not word.group()[0].isdigit() and pack.stem(fold(word.group()))]
    return sum(capital[i] for i in content) > 0.7 * len(content)


def _label_words(text: str, words: list[re.Match[str]], capital: list[bool]) -> int:
    """How many words a line opens with that only label it, each with a capital: "Market Fluctuations: prices fell."""
    for i, word in enumerate(words[: _LABEL + 1]):
        if not capital[i] and len(word.group()) > 3:
            return 0
        if text[word.end() :].lstrip(_BLANKS)[:1] == ":":
            return i + 1
    return 0


def _opens(text: str, words: list[re.Match[str]], i: int) -> bool:
    """Whether a word has its capital only because it opens a sentence, a quotation or a clause after a
    colon."""
    if i == 0:
        return True
    between = text[words[i - 1].end() : words[i].start()]
    return any(mark in between for mark in ':;"“.!?\n')


def _is_acronym(words: list[re.Match[str]], i: int) -> bool:
    """Whether capitals only abbreviate the words before them: "polycystic ovarian syndrome (PCOS)"."""
    said = words[i].group()
    if not said.isupper() or not 2 < len(said) <= i:
        return False
    initials = "".join(word.group()[0] for word in words[max(0, i - len(said)) : i]).upper()
    return initials == said


def _is_name_word(word: str, pack: LanguagePack) -> bool:
    lower = word.lower() if word.isascii() else fold(word)
    common = lower in pack.stopwords or lower in pack.numbers or lower in pack.ordinals or lower in pack.months
    return len(word) > 1 and not common and lower not in _UNITS and lower not in _QUARTERS


def _name(run: list[re.Match[str]]) -> Fact:
    return Fact("name", tuple(word.group() for word in run), run[0].start(), run[-1].end())
