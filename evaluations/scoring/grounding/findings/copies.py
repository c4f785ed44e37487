"""Near copies in languages of which only the denying and the hedging words are known: what they deny, and what doubt
they drop."""

from collections.abc import Iterator, Sequence

from evaluations.scoring.grounding.alignment import Alignment
from evaluations.scoring.grounding.clauses import FUNCTION, Reading, Token
from evaluations.scoring.grounding.findings.finding import Finding
from evaluations.scoring.languages.denials import Denials, denial_words
from evaluations.scoring.languages.hedges import hedges

# By its denying words alone: how much of a sentence a source's must hold, and that one of the clause that denies.
_NEAR_COPY, _SAME_CLAUSE, _FEWEST = 0.75, 0.67, 2


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
