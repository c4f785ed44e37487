"""Whether a thing is said to be so: what a source denies, told, and what it tells, denied."""

from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile

from evaluations.scoring.grounding.alignment import Alignment
from evaluations.scoring.grounding.clauses import FUNCTION, NAME, WORD_KIND, Reading, Token
from evaluations.scoring.grounding.findings.finding import Finding
from evaluations.scoring.lexicon.governors import CERTAIN, HINTS, INTENDED

# How much of a sentence the source's must hold to speak of the same thing: with a name, and without.
_DENIED_FROM, _NAMELESS = 0.55, 0.7
# From here on a sentence is a copy, judged by what differs.
_COPIED = 0.75
# "Waited until Monday to sign" is "did not sign until Monday".
_WAITING = frozenset(("wait", "waits", "waited", "waiting", "delayed", "postponed"))
_OPEN = frozenset(("if", "unless", "only"))
_TO = frozenset(("to", "for", "with", "from", "by"))
_ARTICLES = frozenset(("the", "a", "an", "his", "her", "their", "its"))


def denials(alignments: Sequence[Alignment]) -> Iterator[Finding]:
    """A verb, or what it acts on, that is denied on one side while the clause of the other denies nothing."""
    near = [alignment for alignment in alignments if alignment.coverage >= _DENIED_FROM]
    for alignment in near:
        said, source = alignment.said, alignment.source
        if alignment.asks or "if" in said.words or not _same_matter(alignment):
            continue
        for i, j in alignment.matches:
            token = said.tokens[i]
            if token.kind != WORD_KIND or said.negations[i] == source.negations[j]:
                continue
            if _both_deny(alignment, i, j) or _is_condition(source, j) or _agrees(alignment, token.key, said, i):
                continue
            hinted = _denies_before(source, j) if said.negations[i] else _denies_before(said, i)
            if hinted and not all(_denials_around(alignment, i, j)):
                continue
            if _leaves_open(said, i, source, j):
                continue
            if any(_agrees(one, token.key, said, i) for one in near if one is not alignment):
                continue
            if not _says_both(alignment):
                yield Finding("negation", token.start, token.end, alignment.row)
            break


def added_denials(alignments: Sequence[Alignment]) -> Iterator[Finding]:
    """A denial put between two words that a source says one after the other, or taken out from between them: "did [not]
    sign". Where all else is copied, only a word that may deny by itself ("failure to") can stand for it."""
    near = [alignment for alignment in alignments if alignment.coverage >= _COPIED and not alignment.asks]
    for alignment in near:
        said, source = alignment.said, alignment.source
        if bool(said.denials) == bool(source.denials):
            continue
        if not HINTS.isdisjoint((source if said.denials else said).words):
            continue
        followers, partners = dict(pairwise(source.comparable)), dict(alignment.pairs)
        for i, k in pairwise(said.comparable):
            j = partners.get(i)
            if j is None or followers.get(j) != partners.get(k, -1):
                continue
            denial = _denial_between(said, i, k)
            if denial is None and _denial_between(source, j, partners[k]) is None:
                continue
            if _leaves_open(said, k, source, partners[k]) or _is_condition(source, partners[k]):
                continue
            if any(_agrees(one, said.tokens[k].key, said, k) for one in near if one is not alignment):
                continue
            if not _says_both(alignment):
                token = said.tokens[k if denial is None else denial]
                yield Finding("negation", token.start, token.end, alignment.row)
                break


def exchanged_denials(alignments: Sequence[Alignment]) -> Iterator[Finding]:
    """Two people of whom a source denies something of the one and a sentence of the other: "believed Lund, not
    Prys"."""
    for one in alignments:
        if one.coverage < _COPIED or len(one.said.denials) != 1 or len(one.source.denials) != 1:
            continue
        ours, theirs = (_denied_name(reading) for reading in (one.said, one.source))
        if ours is None or theirs is None or one.same(ours, theirs):
            continue
        both = any(one.same(ours, name) for name in one.source.names) and any(
            one.same(name, theirs) for name in one.said.names
        )
        if both:
            token = one.said.tokens[one.said.denials[0]]
            yield Finding("negation", token.start, token.end, one.row)
            return


def _denied_name(reading: Reading) -> Token | None:
    """The name right behind the one denial of a sentence, past what somebody is called; None for none."""
    place = reading.denials[0]
    clause = reading.tokens[place].clause
    behind = takewhile(lambda token: token.clause == clause, reading.tokens[place + 1 : place + 6])
    for count, token in enumerate(behind):
        if token.kind == NAME:
            return token
        if token.kind != WORD_KIND and token.word not in _ARTICLES and (count or token.word not in _TO):
            return None
    return None


def _denial_between(reading: Reading, i: int, k: int) -> int | None:
    """The place of a small word that denies between two places, None for none."""
    return next((place for place in reading.denials if i < place < k and reading.tokens[place].kind == FUNCTION), None)


def _says_both(alignment: Alignment) -> bool:
    """Whether a source has something of a sentence both denied and not: "the trust voted against them; all others voted
    for them"."""
    source = alignment.source
    denied = {token.key for token, turned in zip(source.tokens, source.negations, strict=True) if turned}
    affirmed = {token.key for token, turned in zip(source.tokens, source.negations, strict=True) if not turned}
    verbs = {token.key for place in source.denials for token in source.tokens[max(0, place - 1) : place]}
    return any(
        token.key in alignment.said.keys and token.kind == WORD_KIND and (token.key in denied or token.key in verbs)
        for token in source.tokens
        if token.key in affirmed and sum(other.key == token.key for other in source.tokens) > 1
    )


def _leaves_open(said: Reading, i: int, source: Reading, j: int) -> bool:
    """Whether both can be true: "has yet to" beside "will", "may" or "only if" beside "not unless"."""
    if {"first", "since"} <= source.words or {"first", "since"} <= said.words:
        return True
    if {"no", "than"} <= source.words and "any" in said.words:
        return True
    if "until" in source.words and "until" not in said.words and not said.negations[i]:
        return True
    if "until" in source.words and not _WAITING.isdisjoint(said.words):
        return True
    if said.negations[i]:
        return "yet" in said.words and (source.strengths[j] < CERTAIN or "until" in source.words)
    return "unless" in source.words and (said.weakest_before(i) < INTENDED or not _OPEN.isdisjoint(said.words))


def _denies_before(reading: Reading, i: int) -> bool:
    """Whether something before a token denies, or anything in the sentence may be meant to."""
    return reading.hints or any(place < i for place in reading.denials)


def _same_matter(alignment: Alignment) -> bool:
    """Whether both speak of somebody by name, or of so much the same that no name is needed."""
    if alignment.coverage >= _NAMELESS:
        return True
    source = alignment.source
    return any(alignment.same(ours, theirs) for ours in alignment.said.names for theirs in source.names)


def _agrees(other: Alignment, key: str, said: Reading, i: int) -> bool:
    """Whether a source says the same word with the same polarity."""
    tokens, negated = other.source.tokens, said.negations[i]
    return any(token.key == key and other.source.negations[j] == negated for j, token in enumerate(tokens))


def _both_deny(alignment: Alignment, i: int, j: int) -> bool:
    """Whether both clauses deny something, in a copy as often or twice more ("ruled out" and "did not rule out" do
    not); or the sentence ends in a denial whose verb is left out: "B does not"."""
    said = alignment.said
    last = len(said.tokens) - 1
    if any(place >= last - 1 for place in said.denials):
        return True
    ours, theirs = _denials_around(alignment, i, j)
    return ours > 0 and theirs > 0 and (alignment.coverage < _COPIED or (ours - theirs) % 2 == 0)


def _denials_around(alignment: Alignment, i: int, j: int) -> tuple[int, int]:
    """How many words deny in the clause of a token of the sentence, and in that of one of the source."""
    said, source = alignment.said, alignment.source
    ours = sum(said.tokens[place].clause == said.tokens[i].clause for place in said.denials)
    return ours, sum(source.tokens[place].clause == source.tokens[j].clause for place in source.denials)


def _is_condition(source: Reading, j: int) -> bool:
    """Whether a word stands in a clause that only supposes something."""
    clause = source.tokens[j].clause
    return any(token.word == "if" and token.clause == clause for token in source.tokens[:j])
