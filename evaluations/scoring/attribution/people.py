"""Names and roles of people in running text, told from the clubs and places around them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evaluations.scoring.languages.pack import LanguagePack, word_set
from evaluations.scoring.text.words import fold

TOKEN = re.compile(r"[^\W_][\w\u0300-\u036f]*(?:[’'\-‑.](?=[^\W\d_])[\w\u0300-\u036f]+)*|[^\w\s\u2060]")
_POSSESSIVE = re.compile(r"['’](?:s)?$")
# Particles within a name: "Virgil van Dijk", "Ángel Di María".
_PARTICLES = word_set("de da do dos das del della di du van von der den ten ter el al bin ibn la le los af av zu y e")
_TITLES = word_set(
    """
    mr mrs ms miss dr sir dame lord lady prof professor rev sgt capt lt col gen gov sen rep hon herr frau signor signora
    señor señora don doña monsieur madame m mme senhor senhora
    """
)
_ENDS = '.!?:…"“”»*'
_BLANK = " \t\u2060"
# Names, though words that carry no content in a text that is about money.
_SURNAMES = word_set("dollar pound euro sterling")


@dataclass(frozen=True, slots=True)
class Word:
    """A word or a mark of running text: as it stands, folded, where, and whether it opens a sentence."""

    text: str
    folded: str
    start: int
    end: int
    opens: bool = False

    @property
    def is_capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[0].isupper()

    @property
    def is_word(self) -> bool:
        """Whether it is no mark."""
        return self.text[0].isalnum()


@dataclass(frozen=True, slots=True)
class Mention:
    """A run of capitalised words: its words, folded, its place among the words around it, and whether it is only
    whom or what somebody belongs to ("Oxmoor's", "of Oxmoor", "Oxmoor captain")."""

    words: tuple[str, ...]
    first: int
    last: int
    belongs: bool


def words_of(text: str, start: int, end: int) -> list[Word]:
    """The words and marks of a stretch of text."""
    found: list[Word] = []
    start = max(0, start)
    before = text[max(0, start - 40) : start].rstrip(_BLANK)[-1:]
    for match in TOKEN.finditer(text, start, end):
        opens = not before or before in _ENDS or "\n" in text[max(0, match.start() - 3) : match.start()]
        found.append(Word(match.group(), fold(match.group()), match.start(), match.end(), opens))
        before = match.group()
    return found


def mentions(words: Sequence[Word], pack: LanguagePack) -> list[Mention]:
    """The names among some words, in order."""
    found, position = [], 0
    while position < len(words):
        run = _run(words, position, pack)
        if run is None:
            position += 1
            continue
        if mention := _mention(words, *run, pack):
            found.append(mention)
        position = run[1] + 1
    return found


def opening_mention(words: Sequence[Word], pack: LanguagePack) -> Mention | None:
    """The name with which some words begin."""
    run = _run(words, 0, pack) if words else None
    return None if run is None or run[0] else _mention(words, *run, pack)


def _mention(words: Sequence[Word], first: int, last: int, pack: LanguagePack) -> Mention | None:
    """A run of words as a name, without titles; None where it is only those."""
    name = tuple(word.folded for word in words[first : last + 1] if word.is_word and word.folded not in _TITLES)
    return Mention(name, first, last, _belongs(words, first, last, pack)) if name else None


def _run(words: Sequence[Word], first: int, pack: LanguagePack) -> tuple[int, int] | None:
    """The capitalised words that begin here: first and last; None where no name begins."""
    if (
        not _is_name_word(words[first], pack)
        or _only_opens(words, first, pack)
        or (first + 1 < len(words) and not words[first].text[1:] and words[first + 1].text != ".")
    ):
        return None
    last = first
    while not _POSSESSIVE.search(words[last].text):
        following = last + 1
        if (
            following < len(words)
            and words[following].text in ".-"
            and len(words[last].text) < 4
            and words[last].text != "I"
        ):
            following += 1  # an initial or a title: "J. Smith", "Mr. Smith"
        particles = following
        while following < len(words) and words[following].folded in _PARTICLES and following - particles < 3:
            following += 1
        if following >= len(words) or not _is_name_word(words[following], pack, words[last]):
            break
        last = following
    while first < last and words[first].folded in pack.roles:
        first += 1  # "Manager Helen Arkright" where a sentence begins
    if first == last and words[first].folded in pack.roles and (pack.nouns_in_capitals or first == 0):
        return None
    return first, last


def _is_name_word(word: Word, pack: LanguagePack, after: Word | None = None) -> bool:
    """Whether a word may be of a name: in capitals, and no small word; a month only behind a first name."""
    if not word.is_word or not word.is_capital or (word.folded in pack.stopwords and word.folded not in _SURNAMES):
        return False
    return word.folded not in pack.pronouns | pack.articles and (after is not None or word.folded not in pack.months)


def _only_opens(words: Sequence[Word], first: int, pack: LanguagePack) -> bool:
    """Whether a word has its capital only because it opens a sentence: "Later Loftus said", "Reacting, he said"."""
    word, following = words[first], words[first + 1] if first + 1 < len(words) else None
    if not word.opens or following is None or following.folded in pack.speech:
        return False
    return word.folded in pack.openers or (word.folded.endswith(pack.opening_ends) and not following.is_capital)


def _belongs(words: Sequence[Word], first: int, last: int, pack: LanguagePack) -> bool:
    if re.search(r"['’]s?$", words[last].text):
        return True
    before = words[first - 1].folded if first else ""
    if before in pack.articles and first > 1 and words[first - 2].folded in pack.prepositions:
        return True
    if before in pack.prepositions and before not in pack.by:
        return True
    return last + 1 < len(words) and words[last + 1].folded in pack.roles


def same_person(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two names, as folded words, may be one person's: the same last word and no other first name, or one
    word of the other name."""
    if not one or not other:
        return False
    if one[-1] == other[-1]:
        firsts = set(one[:-1]), set(other[:-1])
        return not all(firsts) or bool(firsts[0] & firsts[1]) or one[0][0] == other[0][0]
    return (len(one) == 1 and one[0] in other) or (len(other) == 1 and other[0] in one)


def roles_beside(words: Sequence[Word], mention: Mention, pack: LanguagePack) -> Iterator[str]:
    """What the words next to a name say that somebody is: "manager Aidan Loftus", "Loftus, the manager of"."""
    before = words[max(0, mention.first - 4) : mention.first]
    for side in (reversed(before), words[mention.last + 1 : mention.last + 8]):
        for word in side:
            if word.text in '.;:!?”"»':
                break
            if word.folded in pack.roles:
                yield word.folded


def clubs_beside(
    words: Sequence[Word], mention: Mention, named: Sequence[Mention], pack: LanguagePack
) -> Iterator[str]:
    """The words of the clubs or bodies that a name's post is of: "Rovers manager Aidan Loftus", "Loftus, the manager of
    Rovers"."""
    for other in named:
        first, last = min(other.last, mention.last), max(other.first, mention.first)
        between = [word for word in words[first + 1 : last] if word.text != ","]
        linked = all(word.folded in pack.roles | pack.articles or word.folded in pack.prepositions for word in between)
        if other.belongs and linked and any(word.folded in pack.roles for word in between):
            yield from other.words
