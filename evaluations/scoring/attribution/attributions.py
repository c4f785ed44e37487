"""Where a text names its source in words: "according to X", "X reported", "(X)"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from evaluations.scoring.attribution.people import Word, opening_mention, words_of
from evaluations.scoring.attribution.publications import Name, Publications
from evaluations.scoring.facts.number_words import bare
from evaluations.scoring.languages.pack import LanguagePack, word_set

MOST_ATTRIBUTIONS = 200
_SPLIT = re.compile(r"[^\w']+")
# Small words that may stand between "according to" and a name: "a report published by the".
_BETWEEN = word_set(
    """a an the report reports article story piece in by from of on published coverage statement latest new recent that
    website site newspaper paper magazine agency news outlet broadcaster author authors what its their his her
    un une der die das dem den des el la los las le les o os il lo gli
    l bericht berichts artikel informe articulo article rapport relatorio artigo rapporto articolo von vom de del du di
    da do dos zeitung diario quotidien journal jornal quotidiano giornale"""
)
_MOST_BETWEEN = 7
# What may stand between a name and its verb: "has also reported", "correctly noted".
_AUXILIARY = word_set(
    """has have had also later first then now today yesterday since is was were further additionally recently previously
    ha han a hat haben hatte aussi anche también também s website newspaper site article report coverage reporting story
    correspondent journalist reporter piece"""
)
_QUOTES = "\"“”„«»‘’'*_`"
# What a numbered source is called stands for no publication.
_NUMBERED = word_set("source passage document article result sources passages quelle fuente fonte")


@dataclass(frozen=True, slots=True)
class Attribution:
    """A source named in words: its place, the sources that bear the name, and the name as folded words.

    `sources` is empty where no source of the lock is called so; `is_paper`: the name is a paper's all the same, or
    stands where only a source stands.
    """

    start: int
    end: int
    sources: frozenset[int]
    name: tuple[str, ...]


def find_attributions(
    text: str, sentences: Sequence[tuple[int, int]], publications: Publications, pack: LanguagePack
) -> Iterator[Attribution]:
    """The sources that the sentences of a readable text name in words, in order."""
    count = 0
    triggers = publications.first_words | pack.papers | {phrase[0] for phrase in pack.according}
    lower = bare(text)
    for start, end in sentences:
        if triggers.isdisjoint(_SPLIT.split(lower[start:end])):
            continue
        words = words_of(text, start, min(end, start + 1_000))
        position = 0
        while position < len(words) and count < MOST_ATTRIBUTIONS:
            found = _at(words, position, publications, pack)
            if found is None:
                position += 1
                continue
            first, last, sources, name = found
            yield Attribution(words[first].start, words[last].end, sources, name)
            count += 1
            position = last + 1


_Found = tuple[int, int, frozenset[int], tuple[str, ...]]


def _at(words: Sequence[Word], place: int, publications: Publications, pack: LanguagePack) -> _Found | None:
    opening = _opening(words, place, pack)
    if opening:
        return _name_behind(words, place, place + opening, publications, pack)
    if not words[place].is_word:
        return None
    name = publications.named_at(words, place)
    if name is not None:
        return _citing(words, place, name, pack)
    return _unknown_paper(words, place, pack)


def _opening(words: Sequence[Word], place: int, pack: LanguagePack) -> int:
    """How many words of "according to" begin here."""
    for phrase in _phrases_by_first(pack).get(words[place].folded, ()):
        ahead = words[place : place + len(phrase)]
        if tuple(word.folded for word in ahead) == phrase:
            return len(phrase)
    return 0


@lru_cache(maxsize=16)
def _phrases_by_first(pack: LanguagePack) -> dict[str, tuple[tuple[str, ...], ...]]:
    """The phrases of "according to" by their first words, the longer ones first."""
    firsts = dict.fromkeys(phrase[0] for phrase in pack.according)
    return {first: tuple(phrase for phrase in pack.according if phrase[0] == first) for first in firsts}


def _name_behind(
    words: Sequence[Word], first: int, place: int, publications: Publications, pack: LanguagePack
) -> _Found | None:
    """The name behind "according to": a source's, or any other in capitals."""
    for skipped in range(_MOST_BETWEEN):
        at = place + skipped
        if at >= len(words):
            return None
        if name := publications.named_at(words, at):
            return first, _end(words, at, name), name.sources, name.words
        if words[at].folded in pack.articles or words[at].folded in _BETWEEN or words[at].text in _QUOTES + ":":
            continue
        break
    else:
        return None
    if words[at].folded in _NUMBERED:
        return None
    run = opening_mention(words[at : at + 12], pack)
    if run is None:
        return None
    return first, at + run.last, frozenset(), run.words


def _end(words: Sequence[Word], place: int, name: Name) -> int:
    """The last word of a name that begins here."""
    left, at = "".join(name.words), place
    while at < len(words):
        if words[at].is_word:
            said = words[at].folded.replace("'", "").replace("-", "").replace(".", "")
            if not left.startswith(said):
                break
            left = left[len(said) :]
        if not left:
            return at
        at += 1
    return max(place, at - 1)


def _citing(words: Sequence[Word], place: int, name: Name, pack: LanguagePack) -> _Found | None:
    """Whether a source's name is said here as a source: before or behind a verb of reporting, or in brackets."""
    last = _end(words, place, name)
    ahead = place - 1 - (place > 1 and words[place - 1].folded in pack.articles)
    before = words[ahead].text if place else ""
    after = words[last + 1].text if last + 1 < len(words) else ""
    if _stands_apart(words, ahead, last) or (before in ("–", "—") and not after):
        return place, last, name.sources, name.words
    if _is_behind_verb(words, ahead, pack):
        return ahead, last, name.sources, name.words
    if name.is_title and len(name.words) < 3:
        return None
    verb = _verb_behind(words, last, pack)
    return None if verb is None else (place, verb, name.sources, name.words)


def _stands_apart(words: Sequence[Word], ahead: int, last: int) -> bool:
    """Whether a name stands in brackets, alone or before a date: "(Harbour Post, 9 March)"."""
    if ahead < 0 or words[ahead].text not in "([" or last + 1 >= len(words):
        return False
    return words[last + 1].text in ")]" or (
        words[last + 1].text in ",;" and any(word.text in ")]" for word in words[last + 2 : last + 10])
    )


def _is_behind_verb(words: Sequence[Word], ahead: int, pack: LanguagePack) -> bool:
    """Whether a name stands behind its verb: ", reported the Harbour Post"."""
    return ahead > 0 and words[ahead].folded in pack.reporting and words[ahead - 1].text in f",–—{_QUOTES}"


def _verb_behind(words: Sequence[Word], last: int, pack: LanguagePack) -> int | None:
    """The verb of reporting behind a name, small words and closing marks in between."""
    for at in range(last + 1, min(len(words), last + 5)):
        word = words[at]
        if word.folded in pack.reporting and not word.is_capital:
            return at
        if word.folded not in _AUXILIARY and word.text not in _QUOTES and not word.folded.endswith("ly"):
            return None
    return None


def _unknown_paper(words: Sequence[Word], place: int, pack: LanguagePack) -> _Found | None:
    """A paper that the lock does not hold: a name with a paper's word in it, and a verb of reporting behind it."""
    if not words[place].is_capital or (
        place and words[place - 1].is_capital and words[place - 1].folded not in pack.stopwords
    ):
        return None
    run = opening_mention(words[place : place + 10], pack)
    if run is None or not pack.papers & set(run.words):
        return None
    last = place + run.last
    ahead = place - 1 - (place > 1 and words[place - 1].folded in pack.articles)
    if _stands_apart(words, ahead, last) or _is_behind_verb(words, ahead, pack):
        return place, last, frozenset(), run.words
    verb = _verb_behind(words, last, pack)
    return None if verb is None else (place, verb, frozenset(), run.words)
