"""Who stands before a verb: "Harbour will not contest" for "Rovers will not contest, while Harbour appeal"."""

from collections.abc import Iterator, Sequence

from evaluations.scoring.grounding.acts import AUXILIARIES, PREPOSITIONS, is_verb
from evaluations.scoring.grounding.alignment import Alignment
from evaluations.scoring.grounding.clauses import NAME, WORD_KIND, Token
from evaluations.scoring.grounding.findings.finding import Finding

# How much of a sentence the source's must hold for the same verb to be the same deed.
SAME_DEED = 0.75
_THEMSELVES = frozenset(("herself", "himself", "themselves"))
_BETWEEN = AUXILIARIES | _THEMSELVES | frozenset(("not", "never", "also", "be"))
# Behind these a name is no subject alone.
_JOINED = PREPOSITIONS | frozenset(("and",))


def other_subjects(beside: Sequence[Alignment]) -> Iterator[Finding]:
    """Another before a verb than the source's, who does something else there."""
    for one in beside:
        if one.coverage < SAME_DEED or any(number.key not in one.source.all_keys for number in one.said.numbers):
            continue
        for i, j in one.pairs:
            ours, theirs = _subject(one.said.tokens, i), _subject(one.source.tokens, j)
            if ours is None or theirs is None or one.same(ours, theirs):
                continue
            alike = one.said.negations[i] == one.source.negations[j]
            if alike and any(one.same(ours, name) for name in one.source.names):
                yield Finding("roles", ours.start, ours.end, one.row)
                return


def _subject(tokens: Sequence[Token], i: int) -> Token | None:
    """The name right before a verb and what helps it: "Rovers will not contest", "Almgren herself equalised"."""
    helped = i > 0 and (tokens[i - 1].word == "not" or tokens[i - 1].word in _THEMSELVES)
    if tokens[i].kind != WORD_KIND or not (helped or is_verb(tokens, i)):
        return None
    j = next((j for j in range(i - 1, -1, -1) if tokens[j].word not in _BETWEEN), -1)
    if j == 1 and tokens[1].kind == WORD_KIND and tokens[0].kind == NAME and tokens[0].possessive:
        return tokens[0]  # "Iceland's women qualified"
    if j < 0 or tokens[j].kind != NAME or tokens[j].possessive or tokens[j].clause != tokens[i].clause:
        return None
    return None if j and tokens[j - 1].word in _JOINED else tokens[j]
