"""One thing in another's place: a number, date, name, currency or opposite that differs where all else aligns."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from rapidfuzz.distance import Indel

from evaluations.scoring.context.aliases import abbreviates
from evaluations.scoring.context.index import PREFIX
from evaluations.scoring.facts.currencies import agree
from evaluations.scoring.grounding.acts import only_employs
from evaluations.scoring.grounding.alignment import Alignment, Block
from evaluations.scoring.grounding.clauses import NAME, NUMBER, WORD_KIND, Reading, Token
from evaluations.scoring.grounding.findings.finding import Finding
from evaluations.scoring.grounding.findings.numbers.dates import calendar_part, holds, is_within
from evaluations.scoring.grounding.findings.numbers.quantities import time_word
from evaluations.scoring.lexicon.governors import SPEECH
from evaluations.scoring.lexicon.groups import COMPARING, exclude
from evaluations.scoring.phrasing.phrasings import Phrases, phrases_of
from evaluations.scoring.text.words import stem, word_list

# Below this share two sentences speak of different things, and what differs says nothing.
HALF = 0.5
# A name in another's place is another's only where this much agrees: else one is called by what he is.
SURE, VERY_SURE = 0.6, 0.75
# In stretches longer than this only what stands beside an aligned word stands in one place.
SHORT_BLOCK = 3
SHORT_NAMES = 3
# Where a source has more than this in place of a name, it speaks of somebody at length: "the actor, one of …".
LONGEST_PLACE = 9
# Longer names that share this much of their letters are one, spelled otherwise.
LONG_NAME, SPELLED_ALIKE = 8, 0.9
# Single words that share this much of their letters may be one, misspelled.
MISSPELLED = 0.8
# A source that fits nearly as well may say it in another sentence.
NEARLY = 0.15
_PREPOSITIONS = frozenset(word_list("by to of over against from for with on at in than into about after before"))
_TIME_UNITS = frozenset(map(stem, word_list("second minute hour day week month year decade")))
# Minutes between "4:00" and "4:00 p.m.".
HALF_A_DAY = 12 * 60
_SHORTEST_NAME = 3
# Somebody who is called by whose relative he is has a name of his own elsewhere.
_KIN = frozenset(word_list("father mother brother sister son daughter wife husband cousin uncle twin partner"))
# "Eleven points more" counts no points that somebody has.
_MORE = frozenset(("more", "fewer", "less"))
_LABELLED = frozenset(word_list("step passage page chapter section part figure number no source note"))
_CONVERSES = ({"won", "lost"}, {"win", "lose"}, {"beat", "lost"}, {"bought", "sold"}, {"wins", "loses"})
_NUMERIC = {
    "number": "number", "amount": "number", "score": "score", "date": "date", "season": "date", "day_or_month": "date",
    "time": "time",
}  # fmt: skip


def substitutions(alignments: Sequence[Alignment]) -> Iterator[Finding]:
    """What differs between a sentence and the source sentence that it nearly copies, unless another one says so."""
    near = [alignment for alignment in alignments if alignment.coverage >= HALF]
    for alignment in near:
        others = [
            other
            for other in alignments
            if other is not alignment
            and other.coverage >= alignment.coverage - NEARLY
            and not (other.coverage <= alignment.coverage and _is_older(other, alignment))
        ]
        for token, kind in _different(alignment):
            if not any(holds(other, token) for other in others):
                yield Finding(kind, token.start, token.end, alignment.row)


def _is_older(one: Alignment, other: Alignment) -> bool:
    """Whether a source is of an earlier day than another: where they disagree the newer one holds."""
    days = [place.index.documents[place.index.rows[place.row].source].day[:10] for place in (one, other)]
    return all(days) and days[0] < days[1]


def doubtful_names(alignments: Sequence[Alignment]) -> Iterator[Finding]:
    """Where every noun has a capital: what may be a name, in the place of another in a near copy, unless a source near
    it has it too."""
    near = [one for one in alignments if one.coverage >= SURE and one.said.proper and one.source.proper]
    for one in near:
        said, source = one.said.tokens, one.source.tokens
        for block in one.blocks:
            for i, j in _places(block):
                if _is_other_proper(one, said[i], source[j]) and not any(holds(other, said[i]) for other in near):
                    yield Finding("name", said[i].start, said[i].end, one.row)
                    return


def _is_other_proper(one: Alignment, ours: Token, theirs: Token) -> bool:
    """Whether two words that may be names are two things', of which each sentence names only its own."""
    if ours.start not in one.said.proper or theirs.start not in one.source.proper:
        return False
    if ours.word in one.source.words or theirs.word in one.said.words or ours.word[:PREFIX] == theirs.word[:PREFIX]:
        return False
    alike = Indel.normalized_similarity(ours.word, theirs.word) >= MISSPELLED
    return not alike and not one.index.same_name(ours.word, theirs.word)


def _different(alignment: Alignment) -> Iterator[tuple[Token, str]]:
    said, source = alignment.said.tokens, alignment.source.tokens
    for block in alignment.blocks:
        taken: set[int] = set()
        short = max(len(block.said), len(block.source)) <= SHORT_NAMES
        for i, j in (*_places(block), *_calendar_places(block, said, source)):
            if (
                said[i].kind == NAME
                and not short
                and (alignment.coverage < VERY_SURE or len(block.source) > LONGEST_PLACE)
            ):
                continue
            kind = "" if i in taken or j in taken else _conflict(said[i], source[j], alignment)
            if kind:
                taken |= {i, j}
                yield said[i], kind


def _places(block: Block) -> Iterator[tuple[int, int]]:
    """What may stand in one place: in a short stretch anything, in a long one the outermost of both."""
    if max(len(block.said), len(block.source)) <= SHORT_BLOCK:
        yield from ((i, j) for i in block.said for j in block.source)
    elif block.said and block.source:
        yield block.said[0], block.source[0]
        yield block.said[-1], block.source[-1]


def _calendar_places(block: Block, said: Sequence[Token], source: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """The months or weekdays of a stretch of both, where each has one."""
    for kind in ("month", "weekday", "date"):
        ours = [i for i in block.said if calendar_part(said[i]).startswith(kind)]
        theirs = [j for j in block.source if calendar_part(source[j]).startswith(kind)]
        if len(ours) == len(theirs) == 1:
            yield ours[0], theirs[0]


def _conflict(ours: Token, theirs: Token, alignment: Alignment) -> str:
    """The kind in which two tokens in one place exclude each other, "" where they do not."""
    if ours.kind == NAME and theirs.kind == NAME:
        return "name" if _is_other_name(ours, theirs, alignment) else ""
    if ours.kind == NUMBER and theirs.kind == NUMBER:
        return _numeric_conflict(ours, theirs, alignment)
    if NAME in (ours.kind, theirs.kind) or ours.key == theirs.key:
        return ""
    return _opposite(ours, theirs, alignment)


def _opposite(ours: Token, theirs: Token, alignment: Alignment) -> str:
    """The kind in which two words exclude each other, where neither sentence has or denies both."""
    if ours.word in alignment.source.words or theirs.word in alignment.said.words:
        return ""
    if _is_denied(alignment.said, ours) or _is_denied(alignment.source, theirs):
        return ""
    if ours.word in COMPARING or theirs.word in COMPARING:
        return ""
    if theirs.word == "with" and "no" in alignment.source.words:
        return ""
    if _turn_sides(alignment) and {ours.word, theirs.word} in _CONVERSES:
        return ""
    if "neither" in (ours.word, theirs.word) and (alignment.said.denials or "both" not in (ours.word, theirs.word)):
        return ""
    if "red" in (ours.word, theirs.word) and "second" in alignment.said.words | alignment.source.words:
        return ""
    return exclude(ours.word, theirs.word)


def _turn_sides(alignment: Alignment) -> bool:
    """Whether the first of two shared names here comes second in the source: "Rovers lost to City" for "City won"."""
    said, source = alignment.said.names, alignment.source.names
    ours = [name for name in said if any(alignment.same(name, other) for other in source)]
    theirs = [name for name in source if any(alignment.same(other, name) for other in said)]
    return len(ours) > 1 and not alignment.same(ours[0], theirs[0])


def _is_other_name(ours: Token, theirs: Token, alignment: Alignment) -> bool:
    """Whether two names in one place are two things', of which each sentence names only its own."""
    if alignment.coverage < SURE or abbreviates(tuple(ours.key.split()), tuple(theirs.key.split())):
        return False
    if not (_is_name(ours, alignment.said, alignment) and _is_name(theirs, alignment.source, alignment)):
        return False
    place = alignment.source.tokens.index(theirs) + 1
    if any(
        token.word in SPEECH and token.word not in alignment.said.words
        for token in alignment.source.tokens[place : place + 1]
    ):
        return False
    if only_employs(alignment.source.tokens, place - 1):
        return False  # "Rovers coach Lund" for "Lund"
    if not _KIN.isdisjoint(alignment.source.words) and " " in ours.key:
        return False
    if (
        _describes(alignment.source, theirs)
        or _is_called(ours, alignment.source)
        or any(_is_spelling(ours, name) for name in alignment.source.names)
    ):
        return False
    if ours.possessive != theirs.possessive or _lead(alignment.said, ours) != _lead(alignment.source, theirs):
        return False
    return not (_named_anyway(ours, alignment) or _said_anyway(theirs, alignment))


def _is_name(token: Token, reading: Reading, alignment: Alignment) -> bool:
    """Whether capitals are a name's: not where they only open a sentence whose first word the sources have in small
    letters, not behind "of" as the end of a longer name ("College of Medicine"), and no initials ("U.S.")."""
    place = reading.tokens.index(token)
    if len(token.key) < _SHORTEST_NAME:
        return False
    if place == 0 and " " not in token.key:
        return alignment.index.is_inner_name(token.word)
    before = reading.tokens[max(0, place - 2) : place]
    return not (len(before) == 2 and before[1].word == "of" and before[0].kind == NAME)


def _is_spelling(ours: Token, theirs: Token) -> bool:
    """Whether two names are one in two spellings: "Ph.D." and "PhD", "Boxers" and "the Boxer", "Organisation" and
    "Organization"."""
    one, other = (re.sub(r"\W", "", token.key) for token in (ours, theirs))
    if one.removesuffix("s") == other.removesuffix("s"):
        return True
    return min(len(one), len(other)) >= LONG_NAME and Indel.normalized_similarity(one, other) >= SPELLED_ALIKE


def _is_called(ours: Token, source: Reading) -> bool:
    """Whether a source calls a thing by the last word of its name: "the clinic" for "the Larkfield Clinic"."""
    last = ours.key.split()[-1]
    return " " in ours.key and any(
        before.word in ("the", "this", "that", "its", "their", "his", "her") and token.word == last
        for before, token in pairwise(source.tokens)
    )


def _describes(reading: Reading, name: Token) -> bool:
    """Whether a name only describes the noun behind it: "a U.S. citizen", "the Harbour Hearts star"."""
    place = reading.tokens.index(name)
    articles = reading.tokens[max(0, place - 2) : place]
    following = reading.tokens[place + 1 : place + 2]
    return (
        any(token.word in ("a", "an", "the") for token in articles)
        and bool(following)
        and following[0].kind == WORD_KIND
        and following[0].clause == name.clause
        and not following[0].word.endswith(("ed", "s"))
    )


def _lead(reading: Reading, name: Token) -> str:
    """The preposition right before a name, "" where there is none."""
    place = reading.tokens.index(name)
    before = reading.tokens[place - 1].word if place else ""
    return before if before in _PREPOSITIONS else ""


def _named_anyway(ours: Token, alignment: Alignment) -> bool:
    return any(alignment.same(ours, name) for name in alignment.source.names)


def _said_anyway(theirs: Token, alignment: Alignment) -> bool:
    return any(alignment.same(theirs, name) for name in alignment.said.names)


def _is_denied(reading: Reading, token: Token) -> bool:
    """Whether a word is denied: right before it, or by "not" anywhere before it in its clause."""
    place = reading.tokens.index(token)
    before = [other.word for other in reading.tokens[:place] if other.clause == token.clause]
    return reading.negations[place] or "not" in before


def _unit(token: Token) -> str:
    """The currency of an amount or its %, "" of a plain number."""
    return token.key.rpartition(" ")[2] if token.key.startswith("amount") else ""


def _is_label(reading: Reading, number: Token, phrases: Phrases | None) -> bool:
    """Whether a number only names a step, a passage or a page."""
    place = reading.tokens.index(number)
    if not place or reading.tokens[place - 1].word in _LABELLED:
        return place > 0
    return phrases is not None and bool(phrases.label.fullmatch(reading.tokens[place - 1].word))


def _is_item(alignment: Alignment, number: Token) -> bool:
    """Whether a number of a source only counts its lines or steps: "4  Pour out the water." """
    place = alignment.index.rows[alignment.row]
    text = alignment.index.marked[place.source]
    before, behind = text[: number.start].rstrip(), text[number.end :].lstrip(" .)")
    return number.start == place.start or (before[-1:] in (".", "!", "?", ":") and behind[:1].isupper())


def _other_season(alignment: Alignment, ours: Token, theirs: Token) -> bool:
    """Whether two numbers are of two times, each of which may have its own."""
    times = [
        time_word(reading.tokens, reading.tokens.index(token))
        for reading, token in ((alignment.said, ours), (alignment.source, theirs))
    ]
    return "" not in times and times[0] != times[1]


def _behind(reading: Reading, number: Token) -> set[str]:
    """The words right behind a number."""
    place = reading.tokens.index(number)
    return {token.word for token in reading.tokens[place + 1 : place + 4]}


def _time_unit(reading: Reading, number: Token) -> str:
    """The unit of time that a number counts ("64 months"), "" for none."""
    place = reading.tokens.index(number)
    return next((token.key for token in reading.tokens[place + 1 : place + 2] if token.key in _TIME_UNITS), "")


def _is_year(value: str) -> bool:
    return len(value.strip()) == 4 and value.strip()[:2] in ("19", "20")


def _numeric_conflict(ours: Token, theirs: Token, alignment: Alignment) -> str:
    if ours.key in alignment.source.keys or theirs.key in alignment.said.keys:
        return ""
    kind, value = ours.key.split(" ", 1)
    other_kind, other_value = theirs.key.split(" ", 1)
    if (
        _NUMERIC.get(kind, kind) != _NUMERIC.get(other_kind, other_kind)
        or value == other_value
        or _is_year(value) != _is_year(other_value)
        or (kind == other_kind == "date" and is_within(value, other_value))
        or (kind == "time" and abs(int(value) - int(other_value)) == HALF_A_DAY)
    ):
        return ""
    same_number, units = value.split(" ")[0] == other_value.split(" ")[0], (_unit(ours), _unit(theirs))
    if (units[0] != units[1] and not same_number) or (same_number and ("" in units or agree(*units))):
        return ""
    if _MORE & _behind(alignment.said, ours) and not _MORE & _behind(alignment.source, theirs):
        return ""
    if _is_label(alignment.said, ours, phrases_of(alignment.index.pack.code)) or _is_item(alignment, theirs):
        return ""
    if _time_unit(alignment.said, ours) != _time_unit(alignment.source, theirs) or _other_season(
        alignment, ours, theirs
    ):
        return ""
    return _NUMERIC.get(kind, kind)
