"""How firmly a thing is said: what a source only expects, allows or asks is not what happened."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from evaluations.scoring.grounding.alignment import Alignment
from evaluations.scoring.grounding.clauses import FUNCTION, NAME, WORD_KIND, Reading, Token
from evaluations.scoring.grounding.findings.finding import Finding
from evaluations.scoring.lexicon.governors import (
    CERTAIN,
    CONDITIONAL,
    INTENDED,
    OFFERS,
    POSSIBLE,
    STRENGTHS,
    TURNING_DOWN,
)
from evaluations.scoring.text.words import stem, word_list

# How much of a sentence the source's must hold to speak of the same thing.
_MODAL_HALF = 0.5
_COMPLETED = frozenset(
    word_list("""completed agreed confirmed announced secured sealed finalised finalized reached accepted signed
    concluded finished won clinched earned achieved gained""")
)
_BEFORE_VERBS = frozenset(
    word_list("""has have had was were is are be been to he she they it who which will would may might could and also
    already not yet since then finally now being having did does do""")
)
_MUST = frozenset(("had", "has", "have"))
# What can be so may be so: as weak as "may".
_POSSIBLY = frozenset(("can", "could"))
_MAY_BE = frozenset(("may", "might", "could"))
_CONDITIONS = frozenset(("if", "unless", "would", "whether"))
# Concepts of coming, going and being put into a post; any of them may stand for another where they are only possible.
_MOVES = frozenset(
    map(stem, word_list("sign join sell loan appoint replace leave bid offer move deal transfer swap pay"))
)
# An offer is made whatever comes of it.
_MADE = _MOVES - {stem("offer"), stem("bid")}
_OFTEN_NOUNS = frozenset(word_list("cost costs price deal offer bid move transfer signing loan"))
# Names that both must have: somebody and what becomes of him or her.
SHARED_NAMES = 2


def overstatements(alignments: Sequence[Alignment]) -> Iterator[Finding]:
    """What a source only expects, reports or allows, said more firmly; only upwards, and only where no source is as
    firm."""
    near = [alignment for alignment in alignments if alignment.coverage >= _MODAL_HALF]
    if not near or not _CONDITIONS.isdisjoint(near[0].said.words):
        return
    if any(near[0].said.tokens[place].kind == FUNCTION for place in near[0].said.denials):
        return
    for alignment in near:
        said, source = alignment.said, alignment.source
        for i, j in alignment.matches if not source.is_plain else ():
            token = said.tokens[i]
            ours = said.weakest_before(i)
            theirs = source.strengths[j]
            done = _is_completed(said, i) and source.strengths[j] <= INTENDED
            if token.kind != WORD_KIND or not (done or (may_be_verb(said, i) and may_be_verb(source, j))):
                continue
            if _has_other_subject(alignment, i, j):
                continue
            if not _POSSIBLY.isdisjoint(word.word for word in said.tokens[max(0, i - 4) : i]):
                continue
            if not done and not _is_firmer(ours, theirs, token, source.tokens[j], done=_is_done(said, i)):
                continue
            if all(_firmest(other, token.key) < ours for other in near if other.coverage >= alignment.coverage - 0.15):
                yield Finding("modality", token.start, token.end, alignment.row)
                break


def _has_other_subject(alignment: Alignment, i: int, j: int) -> bool:
    """Whether somebody else does it: "Rovers play City" beside "Lund may play"."""
    ours, theirs = (
        next((token for token in reversed(reading.tokens[:place]) if _may_do(token, reading.tokens[place])), None)
        for reading, place in ((alignment.said, i), (alignment.source, j))
    )
    return ours is not None and theirs is not None and not alignment.same(ours, theirs)


def _may_do(name: Token, verb: Token) -> bool:
    return name.kind == NAME and not name.possessive and name.clause == verb.clause


def _is_firmer(ours: int, theirs: int, token: Token, other: Token, *, done: bool) -> bool:
    """Whether the step between two strengths is one; from "will" to "did" only where the verb's form shows it."""
    if theirs == INTENDED:
        if token.word == other.word:
            return ours == CERTAIN and done
        return ours == CERTAIN and (done or token.word[-2:] in ("ed", "en"))
    return ours > theirs and ours >= INTENDED and theirs <= CONDITIONAL


def _is_completed(said: Reading, i: int) -> bool:
    """Whether somebody is said to have brought a thing about: "has completed a loan"."""
    return not _COMPLETED.isdisjoint(token.word for token in said.tokens[max(0, i - 3) : i])


def may_be_verb(reading: Reading, i: int) -> bool:
    """Whether a word can be what somebody does: no article stands before it, and it does not open an instruction."""
    if i == 0 or "you" in reading.words or "so" in reading.words or "like" in reading.words:
        return False
    before = reading.tokens[i - 1]
    led = reading.tokens[i - 2].word if i > 1 else ""
    if before.word == "to" and led and led not in STRENGTHS and led not in _MUST:
        return False
    return before.kind == NAME or before.word in _BEFORE_VERBS or before.word.endswith("ly") or before.word in STRENGTHS


def _is_done(said: Reading, i: int) -> bool:
    """Whether a token stands in a clause with "has", "have" or "had" before it."""
    clause = said.tokens[i].clause
    return any(
        token.word in _MUST and behind.word != "to"
        for token, behind in pairwise(said.tokens[max(0, i - 5) : i + 1])
        if token.clause == clause
    )


def _firmest(other: Alignment, key: str) -> int:
    tokens = other.source.tokens
    return max((other.source.strengths[j] for j, token in enumerate(tokens) if token.key == key), default=0)


def possible_amounts(alignments: Sequence[Alignment]) -> Iterator[Finding]:
    """An amount of money told as paid that the sources have only in what may come: "the fee could rise to £36m"."""
    amounts = [token for token in alignments[0].said.numbers if _is_money(token)] if alignments else []
    for token in amounts if amounts and alignments[0].said.is_plain else ():
        found = [
            (one, other)
            for one in alignments
            for other in one.source.numbers
            if other.key == token.key and one.coverage >= _MODAL_HALF
        ]
        weak = [
            one.row
            for one, other in found
            if one.source.clause_strengths.get(other.clause, CERTAIN) == POSSIBLE and _MAY_BE & one.source.words
        ]
        if weak and len(weak) == len(found):
            yield Finding("modality", token.start, token.end, weak[0])


def _is_money(number: Token) -> bool:
    return number.key.startswith("amount") and not number.key.endswith("%")


def foregone_moves(alignments: Sequence[Alignment]) -> Iterator[Finding]:
    """A move said to be made or certain that all sources which name both call possible, by whatever verb."""
    near = [one for one in alignments if _shared_names(one) >= SHARED_NAMES]
    if not near or near[0].said.denials or not _sure_moves(near[0].said):
        return
    said = near[0].said
    if any(_is_made(one.source) or (one.source.denials and not _weak(one.source)) for one in near):
        return
    for one in near:
        if _weak(one.source):
            i = _sure_moves(said)[0]
            yield Finding("modality", said.tokens[i].start, said.tokens[i].end, one.row)
            return


def _shared_names(one: Alignment) -> int:
    theirs = [name for name in one.source.names if not name.possessive]
    names = sum(any(one.same(ours, name) for name in theirs) for ours in one.said.names)
    return names + sum(token.key.startswith("amount") and token.key in one.source.keys for token in one.said.numbers)


def _sure_moves(said: Reading) -> list[int]:
    """The moves that a sentence tells as made or certain to be."""
    return [
        i
        for i, token in enumerate(said.tokens)
        if token.kind == WORD_KIND
        and token.key in _MADE
        and token.word not in _OFTEN_NOUNS
        and i
        and (said.tokens[i - 1].kind == NAME or said.tokens[i - 1].word in ("have", "has", "had", "will", "been"))
        and said.weakest_before(i) >= INTENDED
    ]


def _weak(source: Reading) -> bool:
    """Whether a source's only moves are possible ones, or offers turned down."""
    if not TURNING_DOWN.isdisjoint(source.words) and not OFFERS.isdisjoint(source.words):
        return True
    levels = [source.clause_strengths.get(token.clause, CERTAIN) for token in source.tokens if token.key in _MOVES]
    return bool(levels) and min(levels) <= CONDITIONAL


def _is_made(source: Reading) -> bool:
    """Whether a source tells of a move as made."""
    return any(
        token.key in _MADE
        and token.word not in _OFTEN_NOUNS
        and not source.negations[i]
        and source.clause_strengths.get(token.clause, CERTAIN) > CONDITIONAL
        for i, token in enumerate(source.tokens)
    )
