"""Whether a thing is said to be so, and how firmly: what a source denies or only expects is not what happened."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from evaluations.scoring.grounding.alignment import Alignment
from evaluations.scoring.grounding.clauses import FUNCTION, NAME, WORD_KIND, Reading, Token
from evaluations.scoring.grounding.finding import Finding
from evaluations.scoring.languages.denials import Denials, denial_words
from evaluations.scoring.languages.hedges import hedges
from evaluations.scoring.lexicon.governors import (
    CERTAIN,
    CONDITIONAL,
    HINTS,
    INTENDED,
    OFFERS,
    POSSIBLE,
    STRENGTHS,
    TURNING_DOWN,
)
from evaluations.scoring.text.words import stem, word_list

_MODAL_HALF = 0.5
_DENIED_FROM, _NAMELESS = 0.55, 0.7
# By its denying words alone: how much of a sentence a source's must hold, and that one of the clause that denies.
_NEAR_COPY, _SAME_CLAUSE, _FEWEST = 0.75, 0.67, 2
# From here on a sentence is a copy, judged by what differs.
_COPIED = 0.75
_COMPLETED = frozenset(
    word_list("""completed agreed confirmed announced secured sealed finalised finalized reached accepted signed
    concluded finished won clinched earned achieved gained""")
)
_OPEN = frozenset(("if", "unless", "only"))
_BEFORE_VERBS = frozenset(
    word_list("""has have had was were is are be been to he she they it who which will would may might could and also
    already not yet since then finally now being having""")
)
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
_OFTEN_NOUNS = frozenset(word_list("deal offer bid move transfer signing loan"))
# Names that both must have: somebody and what becomes of him or her.
SHARED_NAMES = 2


def denials(alignments: Sequence[Alignment]) -> Iterator[Finding]:
    """A verb, or what it acts on, that is denied on one side while the clause of the other denies nothing."""
    near = [alignment for alignment in alignments if alignment.coverage >= _DENIED_FROM]
    for alignment in near:
        said, source = alignment.said, alignment.source
        if alignment.asks or "if" in said.words or not _same_matter(alignment) or _says_both(alignment):
            continue
        for i, j in alignment.matches:
            token = said.tokens[i]
            if token.kind != WORD_KIND or said.negations[i] == source.negations[j]:
                continue
            if _both_deny(said, i, source, j) or _is_condition(source, j) or _agrees(alignment, token.key, said, i):
                continue
            if _denies_before(source, j) if said.negations[i] else _denies_before(said, i):
                continue
            if _leaves_open(said, i, source, j):
                continue
            if not any(_agrees(one, token.key, said, i) for one in near if one is not alignment):
                yield Finding("negation", token.start, token.end, alignment.row)
                break


def flat_denials(alignments: Sequence[Alignment]) -> Iterator[Finding]:
    """In a language of which only the denying words are known: a near copy that denies what its source tells, or tells
    what that denies, where no other source near it does the same."""
    words = denial_words(alignments[0].index.pack.code) if alignments else None
    if words is None or not words.denying:
        return
    near = [one for one in alignments if one.coverage >= _NEAR_COPY]
    for one in near:
        place = _place_of_denial(one, words)
        if place is None:
            continue
        denied = bool(_denying_places(one.said, words))
        if not any(bool(_denying_places(other.source, words)) == denied for other in near):
            yield Finding("negation", place.start, place.end, one.row)
            return


def _place_of_denial(one: Alignment, words: Denials) -> Token | None:
    """Where a sentence denies what its source does not, or tells what that denies; None where both do the same."""
    said, source = one.said, one.source
    ours, theirs = _denying_places(said, words), _denying_places(source, words)
    if bool(ours) == bool(theirs) or one.asks or not words.opening.isdisjoint(said.words | source.words):
        return None
    denying, other, place = (said, source, ours[0]) if ours else (source, said, theirs[0])
    governed = _denied_content(denying, place, words)
    if len(governed) < _FEWEST or governed[0].key not in other.keys or (theirs and _is_parted(one, place, governed[0])):
        return None
    if sum(token.key in other.keys for token in governed) < _SAME_CLAUSE * len(governed):
        return None
    return said.tokens[place] if ours else next(token for token in said.tokens if token.key == governed[0].key)


def _denied_content(reading: Reading, place: int, words: Denials) -> list[Token]:
    """What a clause says that denies: first what the denying word stands before, or behind where that word may close
    it."""
    clause = reading.tokens[place].clause
    content = [i for i, token in enumerate(reading.tokens) if token.clause == clause and token.kind != FUNCTION]
    behind = [reading.tokens[i] for i in content if i > place]
    before = [reading.tokens[i] for i in reversed(content) if i < place]
    return [*behind, *before] if behind or reading.tokens[place].word in words.closing else []


def _is_parted(one: Alignment, place: int, governed: Token) -> bool:
    """Whether a full stop without a blank parts a source's denying word from what follows: "but B does not.The cup"."""
    row, word = one.index.rows[one.row], one.source.tokens[place]
    return "." in one.index.marked[row.source][word.end : governed.start]


def _denying_places(reading: Reading, words: Denials) -> list[int]:
    tokens = reading.tokens
    return [
        i
        for i, token in enumerate(tokens)
        if token.word in words.denying and not (i + 1 < len(tokens) and tokens[i + 1].word in words.sparing)
    ]


def added_denials(alignments: Sequence[Alignment]) -> Iterator[Finding]:
    """A denial put between two words that a source says one after the other, or taken out from between them: "did [not]
    sign". Where all else is copied, only a word that may deny by itself ("failure to") can stand for it."""
    near = [alignment for alignment in alignments if alignment.coverage >= _COPIED and not alignment.asks]
    for alignment in near:
        said, source = alignment.said, alignment.source
        if bool(said.denials) == bool(source.denials) or _says_both(alignment):
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
            if not any(_agrees(one, said.tokens[k].key, said, k) for one in near if one is not alignment):
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
    behind = [token for token in reading.tokens[place + 1 : place + 5] if token.clause == reading.tokens[place].clause]
    return next((token for token in behind if token.kind == NAME), None)


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
    if {"first", "since"} <= source.words or ("until" in source.words and "until" in said.words):
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


def _both_deny(said: Reading, i: int, source: Reading, j: int) -> bool:
    """Whether both clauses deny something, or the sentence ends in a denial whose verb is left out: "B does not"."""
    last = len(said.tokens) - 1
    if any(place >= last - 1 for place in said.denials):
        return True
    return all(
        any(reading.tokens[place].clause == reading.tokens[at].clause for place in reading.denials)
        for reading, at in ((said, i), (source, j))
    )


def _is_condition(source: Reading, j: int) -> bool:
    """Whether a word stands in a clause that only supposes something."""
    clause = source.tokens[j].clause
    return any(token.word == "if" and token.clause == clause for token in source.tokens[:j])


def overstatements(alignments: Sequence[Alignment]) -> Iterator[Finding]:
    """What a source only expects, reports or allows, said more firmly; only upwards, and only where no source is as
    firm."""
    near = [alignment for alignment in alignments if alignment.coverage >= _MODAL_HALF]
    if not near or not _CONDITIONS.isdisjoint(near[0].said.words) or near[0].said.denials:
        return
    for alignment in near:
        said, source = alignment.said, alignment.source
        for i, j in alignment.matches if not source.is_plain else ():
            token = said.tokens[i]
            ours = said.weakest_before(i)
            theirs = source.strengths[j]
            done = _is_completed(said, i) and source.strengths[j] <= INTENDED
            if token.kind != WORD_KIND or not (done or (_may_be_verb(said, i) and _may_be_verb(source, j))):
                continue
            if not _POSSIBLY.isdisjoint(word.word for word in said.tokens[max(0, i - 4) : i]):
                continue
            if not done and not _is_firmer(ours, theirs, token, source.tokens[j], done=_is_done(said, i)):
                continue
            if all(_firmest(other, token.key) < ours for other in near if other.coverage >= alignment.coverage - 0.15):
                yield Finding("modality", token.start, token.end, alignment.row)
                break


def flat_overstatements(alignments: Sequence[Alignment]) -> Iterator[Finding]:
    """In a language of which only the hedging words are known: a near copy without one of what every source near it
    hedges."""
    hedging = hedges(alignments[0].index.pack.code) if alignments else frozenset[str]()
    near = [one for one in alignments if one.coverage >= _NEAR_COPY and not one.asks] if hedging else []
    if not near or any(hedging.isdisjoint(one.source.words) for one in near):
        return
    said = near[0].said
    if not said.words.isdisjoint(hedging | near[0].index.pack.unsure):
        return
    for one in near:
        clause = _hedged_content(one.source, hedging)
        held = [key for key in clause if key in said.keys]
        if len(clause) >= _FEWEST and len(held) >= _SAME_CLAUSE * len(clause):
            token = next(token for token in said.tokens if token.key in held)
            yield Finding("modality", token.start, token.end, one.row)
            return


def _hedged_content(source: Reading, hedging: frozenset[str]) -> list[str]:
    """What the first clause with a hedging word says beside it."""
    clause = next(token.clause for token in source.tokens if token.word in hedging)
    said = (token for token in source.tokens if token.clause == clause and token.kind != FUNCTION)
    return [token.key for token in said if token.word not in hedging]


def _is_firmer(ours: int, theirs: int, token: Token, other: Token, *, done: bool) -> bool:
    """Whether the step between two strengths is one; from "will" to "did" only where the verb's form shows it."""
    if theirs == INTENDED:
        return ours == CERTAIN and token.word != other.word and (done or token.word[-2:] in ("ed", "en"))
    return ours > theirs and ours >= INTENDED and theirs <= CONDITIONAL


def _is_completed(said: Reading, i: int) -> bool:
    """Whether somebody is said to have brought a thing about: "has completed a loan"."""
    return not _COMPLETED.isdisjoint(token.word for token in said.tokens[max(0, i - 3) : i])


def _may_be_verb(reading: Reading, i: int) -> bool:
    """Whether a word can be what somebody does: no article stands before it, and it does not open an instruction."""
    if i == 0 or "you" in reading.words or "so" in reading.words or "like" in reading.words:
        return False
    before = reading.tokens[i - 1]
    if before.word == "to" and i > 1 and reading.tokens[i - 2].word not in STRENGTHS:
        return False
    return before.kind == NAME or before.word in _BEFORE_VERBS or before.word.endswith("ly") or before.word in STRENGTHS


def _is_done(said: Reading, i: int) -> bool:
    """Whether a token stands in a clause with "has", "have" or "had" before it."""
    clause = said.tokens[i].clause
    return any(
        token.word in ("has", "have", "had") for token in said.tokens[max(0, i - 5) : i] if token.clause == clause
    )


def _firmest(other: Alignment, key: str) -> int:
    tokens = other.source.tokens
    return max((other.source.strengths[j] for j, token in enumerate(tokens) if token.key == key), default=0)


def possible_amounts(alignments: Sequence[Alignment]) -> Iterator[Finding]:
    """An amount of money told as paid that the sources have only in what may come: "the fee could rise to £36m"."""
    if not alignments or not alignments[0].said.is_plain:
        return
    for token in alignments[0].said.numbers:
        if not token.key.startswith("amount") or token.key.endswith("%"):
            continue
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
