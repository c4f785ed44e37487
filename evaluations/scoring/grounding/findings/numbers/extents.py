"""How much of a thing: "all" for "two of the three", "two" for "all but two"."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from evaluations.scoring.grounding.alignment import Alignment
from evaluations.scoring.grounding.clauses import NUMBER, WORD_KIND, Reading
from evaluations.scoring.grounding.findings.finding import Finding

# How much of a sentence the source's must hold to speak of the same thing.
SAME_MATTER = 0.4
# How far behind "all" what it is all of may stand, and how far behind a number the whole may stand that it is of.
REACH, NEAR = 5, 4
_LEADS = frozenset(("in", "of", "from"))
_WHOLE = frozenset(("all", "every", "both", "each", "whole", "entire", "always", "everyone", "everybody"))
_EXCEPT = frozenset(("but", "except", "bar"))
# A sentence with one of these may leave out whom the source leaves out.
_REST = frozenset(("all", "every", "rest", "other", "others", "remaining", "not")) | _EXCEPT
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
            behind = one.said.tokens[i + 1 : i + 2]
            if token.word == "both" and behind and behind[0].key not in one.source.keys:
                continue  # "both September matches" beside "11 of his 26 matches"
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


def exceptions(beside: Sequence[Alignment]) -> Iterator[Finding]:
    """ "Two of the squad" for "all but two of the squad", and "all but one of the nine" for "all nine"."""
    for one in beside:
        if one.coverage < SAME_MATTER:
            continue
        ours, theirs = set(_excepted(one.said)), set(_excepted(one.source))
        for token in one.said.numbers:
            if token.key not in one.source.all_keys:
                continue
            dropped = token.key in theirs and not ours and _REST.isdisjoint(one.said.words)
            added = ours and not theirs and (token.key in ours or token.key in _all_of(one.source))
            if dropped or added:
                yield Finding("number", token.start, token.end, one.row)
                return


def _all_of(reading: Reading) -> set[str]:
    """The numbers right behind "all"."""
    return {number.key for token, number in pairwise(reading.tokens) if token.word == "all" and number.kind == NUMBER}


def _excepted(reading: Reading) -> Iterator[str]:
    """The numbers behind "all but"."""
    for token, behind, number in zip(reading.tokens, reading.tokens[1:], reading.tokens[2:], strict=False):
        counts = number.kind == NUMBER or number.word == "one"
        if token.word in _WHOLE and behind.word in _EXCEPT and counts:
            yield number.key
