"""A sentence as a reader takes it in: words that carry content, names, numbers and dates, each with what governs it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from evaluations.scoring.context.index import ContextIndex
from evaluations.scoring.facts.currencies import MAIN_CURRENCY
from evaluations.scoring.facts.facts import Fact, numeric_facts
from evaluations.scoring.facts.noun_capitals import may_name
from evaluations.scoring.facts.weekdays import WEEKDAYS
from evaluations.scoring.lexicon.governors import (
    BEHIND_BE,
    CERTAIN,
    HINTS,
    INTENDED,
    NEGATORS,
    NEGATORS_BESIDE,
    NOT_DENYING,
    OFFERS,
    ONE_DENIAL,
    SPEECH,
    STRENGTHS,
    TURNING_DOWN,
)
from evaluations.scoring.lexicon.groups import KINDS, OPPOSITES
from evaluations.scoring.lexicon.openers import CLAUSE_OPENERS, OPENERS
from evaluations.scoring.lexicon.posts import DEMONYMS, POSTS, QUALIFYING
from evaluations.scoring.text.words import MONTH_NUMBERS, NUMBER_WORDS, ORDINAL_WORDS, STOPWORDS, WORD, fold, word_list

NAME, NUMBER, WORD_KIND, FUNCTION = "name", "number", "word", "function"
# A full stop parts clauses where two sentences were joined into a row; "U.S." and "Gov." part none.
_BREAK = re.compile(r"[,;:()\"“”‘\n]|(?<!\w)['’]|['’](?!\w)| [–—-] |(?<=[a-z'’]{4})[.!?](?=\s)")
# Words that carry no content of their own beside those that are no content anywhere.
_LIGHT = frozenset(
    word_list("already since another every even still ever one ones yet per via like just among amid per")
)
# "Would" is less than "will" only where something else must come first.
_CONDITIONAL = frozenset(("if", "unless", "asked", "offered", "provided"))
_IS = frozenset(("is", "are", "was", "were"))
_BE = frozenset(("is", "are", "was", "were", "be", "been"))
# "Unpaid" and "uninjured" may deny; "under", "united", "universe" and "uncle" do not.
_UNDOING = re.compile(r"un(?!der|til|cle|anim|i(?:[otqvfcl]|on|ty|so))\w{4,}")
# What the word "May" is within a sentence: it says nothing of how likely a thing is.
_MONTH_OF_MAY = "month of may"
_DENYING = frozenset(("deny", "denies", "denied", "denying"))
# A word governs no further than this.
GOVERNS, GOVERNS_CLAUSE = 5, 9
_JOINS_NAMES = re.compile(r"(?:[ \u2060]*-?|\. | & )\Z")


class Token(NamedTuple):
    """One word, name or number: its key is equal for whatever says the same."""

    kind: str
    key: str
    word: str
    start: int
    end: int
    clause: int
    possessive: bool


@dataclass(frozen=True)
class Reading:
    """The tokens of one sentence, in order; function words stand among them. `negators` are the words of its language
    that deny, `proper` where words begin that may be names, of a language whose nouns have capitals too."""

    tokens: tuple[Token, ...]
    negators: frozenset[str] = NEGATORS
    proper: frozenset[int] = frozenset()

    @cached_property
    def content(self) -> tuple[int, ...]:
        """The positions of what carries content."""
        return tuple(i for i, token in enumerate(self.tokens) if token.kind != FUNCTION)

    @cached_property
    def comparable(self) -> tuple[int, ...]:
        """The positions of what is laid beside another sentence: content, and words that exclude others."""
        return tuple(
            i
            for i, token in enumerate(self.tokens)
            if token.kind != FUNCTION or token.word in OPPOSITES or token.word in KINDS
        )

    @cached_property
    def comparable_keys(self) -> tuple[str, ...]:
        """The keys of these, in order."""
        return tuple(self.tokens[i].key for i in self.comparable)

    @cached_property
    def keys(self) -> frozenset[str]:
        """What the sentence speaks of."""
        return frozenset(self.tokens[i].key for i in self.content)

    @cached_property
    def all_keys(self) -> frozenset[str]:
        """All its keys, those of function words too."""
        return frozenset(token.key for token in self.tokens)

    @cached_property
    def words(self) -> frozenset[str]:
        """Its words as they stand, folded."""
        return frozenset(token.word for token in self.tokens)

    @cached_property
    def names(self) -> tuple[Token, ...]:
        """Its names, in order."""
        return tuple(token for token in self.tokens if token.kind == NAME)

    @cached_property
    def numbers(self) -> tuple[Token, ...]:
        """Its numbers and dates, in order."""
        return tuple(token for token in self.tokens if token.kind == NUMBER)

    @cached_property
    def negations(self) -> tuple[bool, ...]:
        """For each token, whether what governs it in its clause denies it."""
        turned = [False] * len(self.tokens)
        for place in range(len(self.tokens)):
            # "Did not rule out" rules nothing out: what is denied itself denies no more.
            if self._denies(place) and not (place and turned[place - 1] and self.tokens[place].word in NEGATORS_BESIDE):
                for i in self._governed_tokens(place):
                    turned[i] = not turned[i]
        return tuple(turned)

    @cached_property
    def denials(self) -> tuple[int, ...]:
        """The places of the words that deny."""
        return tuple(place for place in range(len(self.tokens)) if self._denies(place))

    @cached_property
    def hints(self) -> bool:
        """Whether some word may be meant to deny."""
        return any(word in HINTS or _UNDOING.match(word) for word in self.words)

    def weakest_before(self, i: int) -> int:
        """The strength of the weakest word before a token in its clause."""
        clause = self.tokens[i].clause
        levels = [
            self._strength(self.tokens[j].word, j) for j in range(max(0, i - 12), i) if self.tokens[j].clause == clause
        ]
        return min(levels, default=CERTAIN)

    @cached_property
    def is_plain(self) -> bool:
        """Whether everything in the sentence is said as it is."""
        return all(level == CERTAIN for level in self.strengths)

    @cached_property
    def strengths(self) -> tuple[int, ...]:
        """For each token, how firmly it is said to be so: see `governors`."""
        levels = [CERTAIN] * len(self.tokens)
        for place, token in enumerate(self.tokens):
            level = self._strength(token.word, place)
            if level < CERTAIN:
                for i in self._governed_tokens(place):
                    levels[i] = min(levels[i], level)
        return tuple(levels)

    @cached_property
    def clause_strengths(self) -> dict[int, int]:
        """The strength of the weakest governing word of each clause that has one."""
        weakest: dict[int, int] = {}
        for place, token in enumerate(self.tokens):
            level = self._strength(token.word, place)
            if level < CERTAIN:
                weakest[token.clause] = min(level, weakest.get(token.clause, CERTAIN))
        return weakest

    def _denies(self, place: int) -> bool:
        word = self.tokens[place].word
        if word == "nor" and any(token.word == "neither" for token in self.tokens[max(0, place - 6) : place]):
            return False
        if word in _DENYING and self.tokens[place + 1 : place + 2] and self.tokens[place + 1].kind == NAME:
            return False  # a keeper denies a striker
        if word in self.negators or word.endswith("n't"):
            following = self.tokens[place + 1].word if place + 1 < len(self.tokens) else ""
            return following not in ONE_DENIAL and following not in NOT_DENYING
        beside = NEGATORS_BESIDE.get(word)
        return beside is not None and not beside.isdisjoint(
            token.word for token in self.tokens[max(0, place - 1) : place + 2]
        )

    def _strength(self, word: str, place: int) -> int:
        if word == "until" and any(token.word.endswith("ed") for token in self.tokens[place + 1 : place + 4]):
            return CERTAIN  # "until he moved"
        if word == "to" and place and self.tokens[place - 1].word in _IS:
            return INTENDED  # "is to be sold"
        level = STRENGTHS.get(word, CERTAIN)
        if word in BEHIND_BE and not (place and self.tokens[place - 1].word in _BE):
            return CERTAIN
        if word == "would" and self.words.isdisjoint(_CONDITIONAL):
            level = CERTAIN
        if word == "would" and not SPEECH.isdisjoint(token.word for token in self.tokens[max(0, place - 8) : place]):
            return INTENDED
        return level

    def _governed_tokens(self, place: int) -> Iterator[int]:
        """The next two tokens with content in the clause of a governing word; who somebody is ("coach Rolf Steen") is
        passed over, and "that" leads further."""
        tokens, clause, left = self.tokens, self.tokens[place].clause, 1
        reach = GOVERNS_CLAUSE if place + 1 < len(tokens) and tokens[place + 1].word == "that" else GOVERNS
        for i in range(place + 1, min(len(tokens), place + 1 + reach)):
            token = tokens[i]
            if token.clause != clause or not left:
                return
            if token.word in self.negators and token.kind == FUNCTION:
                if (tokens[place].word, token.word) != ("neither", "nor"):
                    return
                continue
            if token.word in ("and", "but") and i > place + 1:
                return
            if token.word in POSTS and i + 1 < len(tokens) and tokens[i + 1].kind == NAME:
                continue
            if token.kind not in (FUNCTION, NAME) and not token.possessive and not token.word.endswith("ly"):
                left -= token.word not in STRENGTHS and token.kind != NUMBER
                if token.word in OFFERS and tokens[place].word in TURNING_DOWN:
                    return
                yield i


def read_clauses(index: ContextIndex, text: str, offset: int = 0, facts: Sequence[Fact] | None = None) -> Reading:
    """The reading of one sentence whose marks are blanked; `offset` is where it begins, for the places of its tokens
    and of its numeric facts."""
    if facts is None:
        facts = numeric_facts(text, index.pack)
        base = 0
    else:
        base = offset
    numbers = [fact for fact in facts if fact.kind not in ("name", "quote")]
    words = list(WORD.finditer(text))
    tokens: list[Token] = []
    clause = at = position = 0
    i = 0
    while i < len(words):
        word = words[i]
        if _parts(text, position, word.start()) or word.group().lower() in CLAUSE_OPENERS:
            clause += 1 + 2 * ("\n" in text[position : word.start()])
        while at < len(numbers) and numbers[at].end - base <= word.start():
            at += 1
        if at < len(numbers) and numbers[at].start - base <= word.start():
            fact = numbers[at]
            end = fact.end - base
            tokens.append(_number(fact, text[fact.start - base : end], offset - base, clause))
            while i < len(words) and words[i].start() < end:
                i += 1
            position = end
            continue
        taken = _name_length(index, text, words, i)
        if taken:
            tokens.append(_name(index, words[i : i + taken], offset, clause))
            position = words[i + taken - 1].end()
            i += taken
            continue
        tokens.append(_word(index, word, offset, clause))
        position = word.end()
        i += 1
    negators = NEGATORS if index.pack.code == "en" else index.pack.negations
    return Reading(tuple(tokens), negators, _proper_places(index, words, offset))


def _proper_places(index: ContextIndex, words: Sequence[re.Match[str]], offset: int) -> frozenset[int]:
    if not index.pack.nouns_in_capitals:
        return frozenset()
    return frozenset(word.start() + offset for word in words if may_name(word.group(), index.pack))


def _parts(text: str, end: int, start: int) -> bool:
    """Whether what stands between the end of a word and the start of the next parts clauses; a blank does not."""
    return text[end:start] != " " and _BREAK.search(text, end, start + 1) is not None


def _number(fact: Fact, said: str, offset: int, clause: int) -> Token:
    key = f"{fact.kind} {' '.join(MAIN_CURRENCY.get(part, part) for part in fact.key)}"
    return Token(NUMBER, key, fold(said), fact.start + offset, fact.end + offset, clause, possessive=False)


def _word(index: ContextIndex, match: re.Match[str], offset: int, clause: int) -> Token:
    word = _MONTH_OF_MAY if match.start() and match.group() == "May" else fold(match.group())
    known = "" if word in _LIGHT else index.pack.stem(word)
    kind = WORD_KIND if known else FUNCTION
    if (spelled := match.group().lower()) in index.pack.accented:
        word = spelled
    return Token(kind, known or word, word, match.start() + offset, match.end() + offset, clause, _possessive(match))


def _possessive(match: re.Match[str]) -> bool:
    text = match.group()
    if not text.endswith("s"):
        return False
    following = match.string[match.end() : match.end() + 1]
    return text.endswith(("'s", "’s")) or following in ("'", "’")


def _name(index: ContextIndex, words: Sequence[re.Match[str]], offset: int, clause: int) -> Token:
    key = " ".join(index.aliases.spell_out([fold(word.group()) for word in words]))
    said = " ".join(fold(word.group()) for word in words)
    return Token(NAME, key, said, words[0].start() + offset, words[-1].end() + offset, clause, _possessive(words[-1]))


def _name_length(index: ContextIndex, text: str, words: Sequence[re.Match[str]], i: int) -> int:
    """How many words from here make one name, 0 where none begins, or where every noun has a capital."""
    if index.pack.nouns_in_capitals or not _may_name(index, text, words, i):
        return 0
    length = 1
    while i + length < len(words) and not _possessive(words[i + length - 1]):
        between = text[words[i + length - 1].end() : words[i + length].start()]
        if not _JOINS_NAMES.match(between) or not _is_capital(words[i + length]) or _is_common(words[i + length]):
            break
        length += 1
    return length


def _is_capital(word: re.Match[str]) -> bool:
    return word.group()[0].isupper()


def _is_common(word: re.Match[str]) -> bool:
    lower = fold(word.group())
    return (
        lower in STOPWORDS or lower in MONTH_NUMBERS or lower.removesuffix("s") in WEEKDAYS or lower in NUMBER_WORDS
        or lower in ORDINAL_WORDS or lower in POSTS or lower in DEMONYMS or lower in STRENGTHS
        or lower in OPENERS or (lower.endswith("ly") and len(lower) > 5)
    )  # fmt: skip


def _may_name(index: ContextIndex, text: str, words: Sequence[re.Match[str]], i: int) -> bool:
    word = words[i]
    if not _is_capital(word) or _is_common(word) or (len(word.group()) == 1 and not _next_is_capital(words, i)):
        return False
    if fold(word.group()) in QUALIFYING and i + 1 < len(words) and fold(words[i + 1].group()) in POSTS:
        return False  # "Chief executive Prys", at the head of a sentence
    before = text[words[i - 1].end() : word.start()] if i else ""
    if i and not any(mark in before for mark in ':"“‘.!?\n'):
        return True
    folded = fold(word.group())
    if folded in index.proper:
        return True
    return folded not in index.plain and _next_is_capital(words, i) and not _is_common(words[i + 1])


def _next_is_capital(words: Sequence[re.Match[str]], i: int) -> bool:
    return i + 1 < len(words) and _is_capital(words[i + 1])
