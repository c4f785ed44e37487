"""How much of a thing, and which of its kind: "all" for "two of the three", the second half for the first."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from evaluations.scoring.context.index import ContextIndex
from evaluations.scoring.grounding.alignment import Alignment, row_reading
from evaluations.scoring.grounding.clauses import NAME, NUMBER, WORD_KIND, Reading, Token
from evaluations.scoring.grounding.findings.finding import Finding
from evaluations.scoring.lexicon.groups import COMPARING, KINDS, OPPOSITES, exclude

# How much of a sentence the source's must hold to speak of the same thing.
SAME_MATTER = 0.4
# How far behind "all" what it is all of may stand, and how far before a thing the word that says which.
REACH, BEFORE = 5, 2
# How far behind a number the whole may stand that it is of, and how many words behind two parts must be the same.
NEAR, ALIKE = 4, 1
_LEADS = frozenset(("in", "of", "from"))
# The source sentences with a thing that are read for its kinds.
MOST_ROWS = 40
_WHOLE = frozenset(("all", "every", "both", "each", "whole", "entire", "always", "everyone", "everybody"))
_THEM = frozenset(("them", "whom", "which", "these", "those"))
_PARTS = frozenset(("half", "most", "some", "several", "few", "one", "part", "majority", "none", "neither", "either"))


def exaggerations(beside: Sequence[Alignment]) -> Iterator[Finding]:
    """ "All" or "both" of what a source says only of a part: "two of her three midfielders", "half of the fine"."""
    for one in beside:
        if one.coverage < SAME_MATTER or not _WHOLE.isdisjoint(one.source.words):
            continue
        for i, token in enumerate(one.said.tokens):
            if token.word not in _WHOLE or one.said.negations[i]:
                continue
            of = {other.key for other in one.said.tokens[i + 1 : i + 1 + REACH] if other.kind == WORD_KIND}
            if any(
                _is_part_of(one.source, j, of, one.said) or _is_share(one, j) for j in range(len(one.source.tokens))
            ):
                yield Finding("number", token.start, token.end, one.row)
                return


def _is_part_of(source: Reading, j: int, keys: set[str], said: Reading) -> bool:
    """Whether a source has a part of one of these things here, and the sentence does not: "one of the three ties"."""
    tokens = source.tokens
    if not (tokens[j].word in _PARTS or tokens[j].kind == NUMBER) or tokens[j].key in said.all_keys:
        return False
    if j + 2 >= len(tokens) or tokens[j + 1].word != "of":
        return False
    if tokens[j + 2].word in _THEM:
        return any(token.key in keys for token in tokens[max(0, j - 2 * REACH) : j])
    return any(token.key in keys for token in tokens[j + 2 : j + 2 + REACH])


def _is_share(one: Alignment, j: int) -> bool:
    """Whether a source has some of a number here that the sentence has too: "six wins in 21 matches"."""
    tokens = one.source.tokens
    if tokens[j].kind != NUMBER or tokens[j].key in one.said.all_keys:
        return False
    near = tokens[j + 1 : j + 1 + NEAR]
    return any(
        lead.word in _LEADS and number.key in one.said.all_keys
        for lead, number in pairwise(near)
        if number.kind == NUMBER
    )


def other_parts(beside: Sequence[Alignment]) -> Iterator[Finding]:
    """A part of a number of which the source has another: "four of her 14 games as a substitute" for "14 games, ten of
    them as a substitute"."""
    for one in beside:
        if one.coverage < SAME_MATTER:
            continue
        ours, theirs = list(_parts(one.said)), list(_parts(one.source))
        for token, behind in ours:
            alike = [number for number, others in theirs if len(behind & others) >= ALIKE]
            whole = any(number.key in one.source.all_keys for number in one.said.numbers if number.start > token.start)
            if alike and whole and token.key not in one.source.all_keys:
                yield Finding("number", token.start, token.end, one.row)
                return


def _parts(reading: Reading) -> Iterator[tuple[Token, set[str]]]:
    """The numbers that "of" stands behind, each with the words behind it."""
    tokens = reading.tokens
    for i, token in enumerate(tokens[:-1]):
        if token.kind == NUMBER and tokens[i + 1].word == "of":
            yield token, {other.key for other in tokens[i + 2 : i + 2 + 2 * REACH] if other.kind == WORD_KIND}


def other_kinds(index: ContextIndex, beside: Sequence[Alignment]) -> Iterator[Finding]:
    """A thing said to be of another kind than the sources have it: "the second leg" for "the first leg", "a red
    card" for "a yellow card"."""
    if not beside:
        return
    near = [one for one in beside if one.coverage >= SAME_MATTER]
    words = beside[0].said.words
    for which, thing in pairwise(beside[0].said.tokens):
        if which.word not in KINDS and which.word not in OPPOSITES:
            continue
        if thing.kind != WORD_KIND or which.clause != thing.clause or which.kind == NAME or which.word in COMPARING:
            continue
        for one in near:
            others = [token for token in _kinds_of(one.source, thing) if exclude(which.word, token.word)]
            if not others or any(token.word in words for token in others) or which.word in one.source.words:
                continue
            if _share_number(one) or not any(which.word == token.word for token in _all_kinds(index, thing)):
                yield Finding("opposite", which.start, which.end, one.row)
                break


def _share_number(one: Alignment) -> bool:
    """Whether both tell of one result."""
    return any(token.key.startswith("score") and token.key in one.source.keys for token in one.said.numbers)


def _all_kinds(index: ContextIndex, thing: Token) -> Iterator[Token]:
    for row in index.places_with(thing.key)[:MOST_ROWS]:
        yield from _kinds_of(row_reading(index, row), thing)


def _kinds_of(reading: Reading, thing: Token) -> Iterator[Token]:
    """The words that say which of its kind a thing is, wherever a sentence names it."""
    for place, token in enumerate(reading.tokens):
        if token.key == thing.key:
            yield from reading.tokens[max(0, place - BEFORE) : place]
