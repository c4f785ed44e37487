"""Whether sources hold the words of a quotation: word for word, with differences, or not at all."""

import math
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import Match, SequenceMatcher
from functools import lru_cache
from itertools import accumulate

from evaluations.scoring.attribution.quotations import Quotation, find_quotations, readable
from evaluations.scoring.context.documents import Document
from evaluations.scoring.languages.pack import LanguagePack
from evaluations.scoring.text.words import WORD, fold

# "We were asleep … and then magnificent" leaves out no more than so many words at a time.
LONGEST_OMISSION = 80
# A word that carries no content counts this much when wordings are compared.
EMPTY_WORD = 0.35
# Of an altered quotation at least this share stands in the source, in its order; of less nothing is left of it.
ALTERED_FROM = 0.5
SHORT = 6
MOST_PLACES = 12
MOST_POSTINGS = 3_000
MOST_WINDOWS = 4
LONGEST_ALIGNED = 150
_OMITTED = re.compile(r"\[[^\[\]\n]{0,60}\]|\((?:\.\.\.|…|sic)\)|…|\.{3,}|\. \. \.")
# What has no words of the quotation in between is one stretch of speech, its speaker named or not.
LONGEST_BREAK = 160

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a quotation: folded, with numbers as digits, and where it stands."""

    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Stream:
    """Words that follow one another, in a source's text or in what it quotes: each with its place in the text."""

    tokens: tuple[Token, ...]
    joined: str
    places: tuple[int, ...]
    postings: Mapping[str, Sequence[int]] = field(repr=False)

    def occurrences(self, words: Sequence[str], after: int = 0) -> Iterator[int]:
        """Where these words stand one after the other, as positions among the tokens."""
        phrase = f" {' '.join(words)} "
        at = self.joined.find(phrase, self.places[after] if after < len(self.places) else len(self.joined))
        while at >= 0:
            yield bisect_right(self.places, at) - 1
            at = self.joined.find(phrase, at + 1)


def stream(tokens: Sequence[Token]) -> Stream:
    """The stream of some tokens; `places` are where each begins in the joined text, `postings` where each word is."""
    lengths = accumulate((len(token.word) + 1 for token in tokens), initial=0)
    postings = defaultdict(list)
    for position, token in enumerate(tokens):
        postings[token.word].append(position)
    joined = f" {' '.join(token.word for token in tokens)} "
    return Stream(tuple(tokens), joined, tuple(lengths)[: len(tokens)], postings)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a source says something: offsets into its text."""

    source: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Difference:
    """A stretch of a quotation (offsets into the report; empty where words were left out) and what the source has
    in its stead."""

    start: int
    end: int
    instead: str


@dataclass(frozen=True, slots=True)
class Wording:
    """What became of a quotation's words: its verdict, where the sources have it, and what differs."""

    verdict: str
    places: tuple[Place, ...] = ()
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceText:
    """One source as the ledgers read it: its readable text, what it quotes, and both as streams of words."""

    text: str
    quotations: tuple[Quotation, ...]
    written: Stream
    quoted: Stream


def tokens_of(text: str, start: int, end: int, pack: LanguagePack) -> list[Token]:
    """The words of a stretch of a readable text."""
    return [
        Token(spelling(fold(match.group()), pack), match.start(), match.end())
        for match in WORD.finditer(text, start, end)
    ]


def spelling(word: str, pack: LanguagePack) -> str:
    """A folded word, a number as digits: "twenty" and "20" are one word."""
    number = pack.numbers.get(word)
    return word if number is None else str(number)


@lru_cache(maxsize=4)
def read_sources(documents: tuple[Document, ...], pack: LanguagePack, longest: int) -> tuple[SourceText, ...]:
    """The sources of a context; where together they are longer than `longest`, each up to an even share of it."""
    whole = sum(len(document.text) for document in documents) <= longest
    share = longest if whole else longest // max(1, len(documents))
    return tuple(_read_source(document.text[:share], pack) for document in documents)


def _read_source(text: str, pack: LanguagePack) -> SourceText:
    text = readable(text)
    quotations = tuple(find_quotations(text))
    written = tokens_of(text, 0, len(text), pack)
    quoted: list[Token] = []
    last = 0
    for quotation in quotations:
        for start, end in quotation.parts:
            if quoted and start - last > LONGEST_BREAK:
                quoted.append(Token("\n", last, last))
            quoted += tokens_of(text, start, end, pack)
            last = end
    return SourceText(text, quotations, stream(written), stream(quoted))


def segments(text: str, quotation: Quotation, pack: LanguagePack) -> list[list[Token]]:
    """The words of a quotation, parted where it says that it leaves some out: "…", "[the team]"."""
    found: list[list[Token]] = [[]]
    for start, end in quotation.parts:
        position = start
        for gap in _OMITTED.finditer(text, start, end):
            found[-1] += tokens_of(text, position, gap.start(), pack)
            found.append([])
            position = gap.end()
        found[-1] += tokens_of(text, position, end, pack)
    return [segment for segment in found if segment]


def verbatim_places(sources: Sequence[SourceText], parts: Sequence[Sequence[Token]]) -> list[Place]:
    """Every place where sources have these words, a stretch left out only where the quotation says so."""
    wanted = [[token.word for token in part] for part in parts]
    found: list[Place] = []
    for number, source in enumerate(sources):
        for words in (source.written, source.quoted):
            for first, last in _runs(words, wanted):
                place = Place(number, words.tokens[first].start, words.tokens[last].end)
                if place not in found:
                    found.append(place)
                if len(found) == MOST_PLACES:
                    return found
    return found


def _runs(words: Stream, wanted: Sequence[Sequence[str]]) -> Iterator[tuple[int, int]]:
    """First and last positions of the segments, each no further behind the one before than an omission is long."""
    if not wanted or not words.tokens:
        return
    for count, first in enumerate(words.occurrences(wanted[0])):
        if count == MOST_PLACES:
            return
        last = first + len(wanted[0]) - 1
        for part in wanted[1:]:
            following = next(words.occurrences(part, last + 1), None)
            if following is None or following - last > LONGEST_OMISSION:
                break
            last = following + len(part) - 1
        else:
            yield first, last


def judge(sources: Sequence[SourceText], parts: Sequence[Sequence[Token]], pack: LanguagePack) -> Wording:
    """The verdict on the words of a quotation."""
    if places := verbatim_places(sources, parts):
        return Wording("verbatim", tuple(places))
    tokens = [token for part in parts for token in part][:LONGEST_ALIGNED]
    best: tuple[float, Place, tuple[Difference, ...]] | None = None
    for number, source in enumerate(sources):
        for words in (source.quoted, source.written):
            for start, end in _windows(words, tokens):
                share, place, differences = _align(source.text, words.tokens[start:end], number, tokens, pack)
                if best is None or share > best[0]:
                    best = share, place, differences
    if best is None or best[0] < ALTERED_FROM:
        return Wording("absent")
    return Wording("altered", (best[1],), best[2])


def _windows(source: Stream, tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """Stretches of a source in which most words of a quotation stand at about their distance, best first."""
    if len(tokens) < 2:
        return []
    room = max(4, len(tokens) // 3)
    votes: Counter[int] = Counter()
    visited = 0
    rows = [(len(source.postings.get(token.word, ())), offset, token.word) for offset, token in enumerate(tokens)]
    for count, offset, word in sorted(rows):
        visited += count
        if not count or (visited > MOST_POSTINGS and votes):
            continue
        for position in source.postings[word][:MOST_POSTINGS]:
            votes[max(0, position - offset) // room] += 1
    near = {key: votes[key] + votes[key + 1] for key in votes}
    top = sorted(near, key=lambda key: (-near[key], key))[:MOST_WINDOWS]
    last = len(source.tokens)
    return [(max(0, (key - 1) * room), min(last, (key + 3) * room + len(tokens))) for key in top if near[key] > 1]


def _align(
    text: str, said: Sequence[Token], number: int, tokens: Sequence[Token], pack: LanguagePack
) -> tuple[float, Place, tuple[Difference, ...]]:
    """How much of a quotation a stretch of a source holds in its order, from where to where, and what differs."""
    blocks = _blocks(said, tokens)
    if not blocks:
        return 0.0, Place(number, 0, 0), ()
    weights = [EMPTY_WORD if token.word in pack.stopwords else 1.0 for token in tokens]
    held = math.fsum(math.fsum(weights[block.b : block.b + block.size]) for block in blocks)
    behind = len(tokens) - blocks[-1].b - blocks[-1].size
    first = max(0, blocks[0].a - blocks[0].b)
    last = min(len(said), blocks[-1].a + blocks[-1].size + behind)
    span = blocks[-1].a + blocks[-1].size - blocks[0].a
    place = Place(number, said[first].start, said[last - 1].end)
    # Words that stand far apart in the source are not its sentence.
    closeness = min(1.0, (1.5 * len(tokens) + 4) / span)
    if 2 * sum(block.size for block in blocks) <= len(tokens) and len(tokens) <= SHORT:
        closeness = 0.0  # half of a few words is found anywhere
    return closeness * held / math.fsum(weights), place, _differences(text, said[first:last], tokens)


def _blocks(said: Sequence[Token], tokens: Sequence[Token]) -> list[Match]:
    """The stretches that both have, in order; without a word at either end that stands far from the others."""
    matcher = SequenceMatcher(None, [t.word for t in said], [t.word for t in tokens], autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    while len(blocks) > 1 and _is_astray(blocks[0], blocks[0], blocks[1]):
        del blocks[0]
    while len(blocks) > 1 and _is_astray(blocks[-1], blocks[-2], blocks[-1]):
        del blocks[-1]
    return blocks


def _is_astray(block: Match, one: Match, other: Match) -> bool:
    gap, quoted = other.a - one.a - one.size, other.b - one.b - one.size
    return block.size <= 2 and gap > quoted + 3 * block.size + 1


def _differences(text: str, said: Sequence[Token], tokens: Sequence[Token]) -> tuple[Difference, ...]:
    matcher = SequenceMatcher(None, [t.word for t in said], [t.word for t in tokens], autojunk=False)
    found = []
    for tag, a, a_end, b, b_end in matcher.get_opcodes():
        if tag == "equal":
            continue
        start = tokens[b].start if b < len(tokens) else tokens[-1].end
        end = tokens[b_end - 1].end if b_end > b else start
        found.append(Difference(start, end, text[said[a].start : said[a_end - 1].end] if a < a_end else ""))
    return tuple(found)
