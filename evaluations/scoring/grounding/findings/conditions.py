"""What a source only supposes, wants or almost has: "even if they fail" for "if they succeed", "has two defenders" for
"wants two defenders", "turned it down" for "almost turned it down"."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from evaluations.scoring.grounding.alignment import Alignment
from evaluations.scoring.grounding.clauses import FUNCTION, NAME, WORD_KIND, Reading, Token
from evaluations.scoring.grounding.findings.finding import Finding
from evaluations.scoring.grounding.findings.modality import may_be_verb
from evaluations.scoring.lexicon.governors import REPORTED

# How much of a sentence the source's must hold to speak of the same thing, for what was missed, and to be its copy.
SAME_MATTER, SAME_DEED, COPIED = 0.5, 0.6, 0.75
# How far behind "if" what it supposes is looked for, and how far before a thing "has" may stand.
REACH, HAD_WITHIN = 8, 4
_IFS = frozenset(("if", "unless", "provided", "providing"))
# Behind these "if" is a question.
_ASKING = frozenset(("asked", "ask", "asking", "asks", "see", "know", "wonder", "wondered", "as", "even"))
# What is so, or makes no difference.
_GIVEN = frozenset(("because", "since"))
_WHATEVER = frozenset(("regardless", "irrespective", "whatever"))
_ANYWAY = frozenset((("even", "if"), ("whether", "or"), ("no", "matter"), ("or", "not"), ("now", "that")))
# Without any of these a sentence supposes nothing.
_SUPPOSING = _IFS | _GIVEN | _WHATEVER | {word for pair in _ANYWAY for word in pair}
_HAS = frozenset(("has", "have", "received", "receives", "got", "gets"))
_NOT = frozenset(("not", "never", "no", "nobody"))
_ALMOST = frozenset(("almost", "nearly"))
_WOULD_HAVE = (("would", "have"), ("could", "have"), ("might", "have"))
# A source without any of these has all of it done.
_MISSED = _ALMOST | {"have"}
# A sentence with one of these does not say that it was done.
_OPEN = _ALMOST | frozenset(("would", "could", "might", "should", "close", "if"))


def dropped_conditions(beside: Sequence[Alignment]) -> Iterator[Finding]:
    """ "Even if" or "because" for what a source makes a condition, a condition for what holds anyway, "if" for
    "unless"."""
    for one in beside:
        if one.coverage < SAME_MATTER or _SUPPOSING.isdisjoint(one.said.words):
            continue
        given = _WHATEVER if one.said.denials else _WHATEVER | _GIVEN
        theirs = _supposed(one.source, _WHATEVER)
        for place, anyway in _supposed(one.said, given).items():
            supposed = _keys_behind(one.said, place)
            same = {j: other for j, other in theirs.items() if supposed & _keys_behind(one.source, j)}
            denied = _is_denied(one.said, place) and any(_is_denied(one.source, j) for j in same)
            turned = any(_is_turned(one, place, j) for j in same)
            excepted = one.said.tokens[place].word == "even" and _is_anyway(one.source)
            if same and (anyway not in same.values() or turned) and not denied and not excepted:
                token = one.said.tokens[place]
                yield Finding("modality", token.start, token.end, one.row)
                return


def _supposed(reading: Reading, anyway: frozenset[str]) -> dict[int, bool]:
    """Where a condition begins, and whether it is one that changes nothing ("even if", "whether or not")."""
    words = [token.word for token in reading.tokens]
    found = {}
    for i, (before, word, behind) in enumerate(zip(["", *words], words, [*words[1:], ""], strict=False)):
        if word in anyway or (word, behind) in _ANYWAY:
            found[i] = True
        elif word in _IFS and before not in _ASKING:
            found[i] = False
    return found


def _is_anyway(reading: Reading) -> bool:
    """Whether something holds without a condition: "is possible even without that"."""
    return ("even", "without") in pairwise(token.word for token in reading.tokens)


def _keys_behind(reading: Reading, place: int) -> set[str]:
    """What carries content in what is supposed: behind "if", before "or not"."""
    tokens = reading.tokens
    before, behind = tokens[max(0, place - REACH) : place], tokens[place + 1 : place + 1 + REACH]
    near = before if tokens[place].word == "or" else behind
    return {token.key for token in near if token.kind not in (FUNCTION, NAME)}


def _is_denied(reading: Reading, place: int) -> bool:
    """Whether what is supposed is that a thing is not so."""
    tokens = reading.tokens
    denials = (i for i in reading.denials if tokens[i].kind == FUNCTION and tokens[i - 1].word != "or")
    return any(i > place and tokens[i].clause == tokens[place].clause for i in denials)


def _is_turned(one: Alignment, place: int, j: int) -> bool:
    """Whether one makes a condition of what the other excepts: "if they pay" for "unless they pay"."""
    words = {one.said.tokens[place].word, one.source.tokens[j].word}
    copied = one.coverage >= COPIED and "only" not in one.said.words | one.source.words
    return copied and words == {"if", "unless"} and len(one.said.denials) == len(one.source.denials)


def wishes(beside: Sequence[Alignment]) -> Iterator[Finding]:
    """Had by a sentence what a source only wants: "has two new defenders" for "wants two new defenders"."""
    for one in beside:
        if one.coverage < SAME_MATTER or _HAS.isdisjoint(one.said.words):
            continue
        if not one.said.is_plain or one.said.denials:
            continue
        for i, j in one.matches:
            token = one.said.tokens[i]
            wished = token.kind == WORD_KIND and one.source.strengths[j] <= REPORTED and _is_had(one.said.tokens, i)
            if wished and all(_is_wished(other.source, token.key) for other in beside):
                yield Finding("modality", token.start, token.end, one.row)
                return


def _is_had(tokens: Sequence[Token], i: int) -> bool:
    """Whether somebody has a thing: "has" stands before it, with no more than what describes it between."""
    before = tokens[max(0, i - HAD_WITHIN) : i]
    place = max((k for k, token in enumerate(before) if token.word in _HAS), default=None)
    if place is None or tokens[i].word.endswith("ed"):
        return False
    return all(token.kind != NAME and token.word != "been" and token.word[-2:] != "ed" for token in before[place + 1 :])


def _is_wished(source: Reading, key: str) -> bool:
    """Whether a source has a thing nowhere but as a wish."""
    levels = zip(source.tokens, source.strengths, strict=True)
    return all(level <= REPORTED for token, level in levels if token.key == key)


def near_misses(beside: Sequence[Alignment]) -> Iterator[Finding]:
    """Done by a sentence what a source has almost done, or would have: "almost turned down", "would have faced"."""
    for one in beside:
        denied = not _NOT.isdisjoint(one.said.words)
        if one.coverage < SAME_DEED or not _OPEN.isdisjoint(one.said.words) or denied:
            continue
        if _MISSED.isdisjoint(one.source.words):
            continue
        near = [other.source for other in beside if other.coverage >= SAME_MATTER]
        for i, j in one.pairs:
            token = one.said.tokens[i]
            missed = token.kind == WORD_KIND and may_be_verb(one.said, i) and _is_missed(one.source.tokens, j)
            if missed and not any(_is_done(source, token.key) for source in near):
                yield Finding("modality", token.start, token.end, one.row)
                return


def _is_missed(tokens: Sequence[Token], j: int) -> bool:
    """Whether "almost" or "would have" stands right before a verb."""
    before = tuple(token.word for token in tokens[max(0, j - 2) : j])
    return before in _WOULD_HAVE or not _ALMOST.isdisjoint(before[-1:])


def _is_done(source: Reading, key: str) -> bool:
    """Whether a source has somebody do a thing without "almost"."""
    return any(token.key == key and not _is_missed(source.tokens, j) for j, token in enumerate(source.tokens))
