"""Which of its kind a thing is: "the second leg" for "the first leg", "a red card" for "a yellow card"."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from evaluations.scoring.context.index import ContextIndex
from evaluations.scoring.grounding.alignment import Alignment, row_reading
from evaluations.scoring.grounding.clauses import NAME, WORD_KIND, Reading, Token
from evaluations.scoring.grounding.findings.finding import Finding
from evaluations.scoring.lexicon.groups import COMPARING, KINDS, OPPOSITES, exclude

# How much of a sentence the source's must hold to speak of the same thing.
SAME_MATTER = 0.4
# How far before a thing the word stands that says which.
BEFORE = 2
# The source sentences with a thing that are read for its kinds.
MOST_ROWS = 40


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
