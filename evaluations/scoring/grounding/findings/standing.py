"""Whether things stand as a sentence tells: what is still to come, what a source excepts, and of whom it is said."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from evaluations.scoring.grounding.alignment import Alignment
from evaluations.scoring.grounding.clauses import NAME, WORD_KIND, Reading
from evaluations.scoring.grounding.findings.finding import Finding

# How much of a sentence the source's must hold to tell of the same.
SAME_MATTER, NEARLY_ALL = 0.35, 0.6
# How many words of what is excepted or awaited are looked at, and how many rows.
EXCEPTED, ROWS = 2, 3
_UNDERWAY = frozenset(("currently", "underway", "ongoing", "now"))
_TO_COME = frozenset(("will", "expected", "set"))
_HAVE = frozenset(("has", "have", "had"))
_BE = frozenset(("is", "are", "was", "were"))
_PRONOUNS = frozenset(("he", "she", "it", "they", "this", "that"))


def doubtful_standings(beside: Sequence[Alignment]) -> Iterator[Finding]:
    """What a sentence tells as under way, as done, as so or of somebody, where its source has it otherwise."""
    if not beside:
        return
    yield from _early_starts(beside[0])
    yield from _other_subjects(beside[0])
    for one in beside[:ROWS]:
        if one.coverage >= SAME_MATTER:
            yield from _exceptions(one)
            yield from _awaited_acts(one)


def _early_starts(one: Alignment) -> Iterator[Finding]:
    """ "Is currently underway" for "will begin"."""
    said, source = one.said.words, one.source.words
    if one.coverage < NEARLY_ALL or _UNDERWAY.isdisjoint(said) or _BE.isdisjoint(said):
        return
    if _TO_COME.isdisjoint(source) or not _UNDERWAY.isdisjoint(source) or not said.isdisjoint({*_TO_COME, "to"}):
        return
    token = next(token for token in one.said.tokens if token.word in _UNDERWAY)
    yield Finding("modality", token.start, token.end, one.row)


def _exceptions(one: Alignment) -> Iterator[Finding]:
    """What a source excepts from what it says: "convicted of one count, but not of a misdemeanour"."""
    tokens = one.source.tokens
    for before, token, place in zip(tokens, tokens[1:], range(2, len(tokens)), strict=False):
        if (before.word, token.word) != ("but", "not"):
            continue
        keys = [other.key for other in tokens[place : place + 4] if other.kind == WORD_KIND][:EXCEPTED]
        places = [_place_of_affirmed(one.said, key) for key in keys]
        if len(keys) == EXCEPTED and None not in places:
            first = one.said.tokens[places[0] or 0]
            yield Finding("negation", first.start, first.end, one.row)


def _place_of_affirmed(said: Reading, key: str) -> int | None:
    """Where a sentence says a word that nothing in it denies."""
    return next((i for i, token in enumerate(said.tokens) if token.key == key and not said.negations[i]), None)


def _awaited_acts(one: Alignment) -> Iterator[Finding]:
    """ "Has accepted it" for "until she accepts it"; what is told as past was not awaited ("until he moved")."""
    tokens = one.source.tokens
    until = next((j for j, token in enumerate(tokens) if token.word == "until"), None)
    if until is None or one.said.denials:
        return
    awaited = {token.key: token.word for token in tokens[until + 1 : until + 8] if token.kind == WORD_KIND}
    for before, token in pairwise(one.said.tokens):
        if before.word in _HAVE and awaited.get(token.key, token.word) != token.word:
            yield Finding("modality", token.start, token.end, one.row)


def _other_subjects(one: Alignment) -> Iterator[Finding]:
    """ "Somebody is the leading cause" for "attacks were the leading cause": the name that opens a sentence about what
    somebody or something is, and that its nearest source sentence does not have."""
    tokens = one.said.tokens
    if one.coverage < NEARLY_ALL or len(tokens) < 3 or tokens[0].kind != NAME or tokens[1].word not in _BE:
        return
    source = one.source
    if any(one.same(tokens[0], name) for name in source.names) or not _PRONOUNS.isdisjoint(source.words):
        return
    subject = next(iter(source.tokens), None)
    if subject is None or subject.word == "the" or any(one.same(subject, name) for name in one.said.names):
        return
    if not _BE.isdisjoint(source.words) and tokens[0].word not in " ".join(sorted(source.words)):
        yield Finding("roles", tokens[0].start, tokens[0].end, one.row)
