"""Whom a word leads to: "a corner taken by Amador" for one taken by another, "a lawyer for Rovers"."""

from collections.abc import Iterator, Sequence

from evaluations.scoring.grounding.alignment import Alignment
from evaluations.scoring.grounding.binding import around
from evaluations.scoring.grounding.clauses import NAME, WORD_KIND, Reading, Token
from evaluations.scoring.grounding.findings.finding import Finding
from evaluations.scoring.lexicon.posts import POSTS
from evaluations.scoring.text.words import word_list

# How much of a sentence the source's must hold to speak of the same thing.
SAME_MATTER = 0.67
_LEADING = frozenset(word_list("by from for at to with of against"))
_PASSED = frozenset(("the", "a", "an", "his", "her", "their"))

Link = tuple[str, str, Token]


def wrong_links(beside: Sequence[Alignment]) -> Iterator[Finding]:
    """A name behind a word and its preposition where the source has only another name behind both."""
    for one in beside:
        if one.coverage < SAME_MATTER:
            continue
        ours, theirs = list(_links(one.said)), list(_links(one.source))
        for word, lead, name in ours:
            others = [other for key, by, other in theirs if (key, by) == (word, lead)]
            if not others or any(one.same(name, other) for other in others):
                continue
            if any(one.same(other, mine) for other in others for mine in one.said.names):
                continue
            if not _is_linked_near(one, word, name):
                yield Finding("roles", name.start, name.end, one.row)
                return


def _links(reading: Reading) -> Iterator[Link]:
    """Every word with content that a preposition leads on to a name from, past articles and posts."""
    tokens = reading.tokens
    for i, token in enumerate(tokens[:-2]):
        if token.kind != WORD_KIND or tokens[i + 1].word not in _LEADING:
            continue
        place = i + 2
        while place < len(tokens) - 1 and (tokens[place].word in _PASSED or tokens[place].word in POSTS):
            place += 1
        if tokens[place].kind == NAME and tokens[place].clause == token.clause and not tokens[place].possessive:
            yield token.key, tokens[i + 1].word, tokens[place]


def _is_linked_near(one: Alignment, word: str, name: Token) -> bool:
    """Whether a sentence near has both the word and the name."""
    return any(
        word in reading.keys and any(one.same(name, other) for other in reading.names)
        for reading in around(one.index, one.row)
    )
