"""Numbers that need no source: ninety minutes of a match, twelve months of a year, the last eight of a cup. English."""

from collections.abc import Sequence

from evaluations.scoring.context.index import ContextIndex
from evaluations.scoring.facts.fact import Fact
from evaluations.scoring.grounding.clauses import NUMBER, Token
from evaluations.scoring.text.words import stem, word_list

# So many of these need no source.
_MEASURES = {stem("minute"): frozenset(("45", "90", "120")), stem("month"): frozenset(("12",))}
_MEASURED_WITHIN = 3
# The round in which so many teams are left.
_ROUNDS = {
    "4": frozenset(word_list("semi semifinal semifinals")),
    "8": frozenset(word_list("quarter quarterfinal quarterfinals")),
}
_LEFT = frozenset(("last", "final"))
_MILLION = 1_000_000


def is_customary(index: ContextIndex, tokens: Sequence[Token], place: int) -> bool:
    """Whether a number is what everybody knows it to be, or stands for millions that the sources have."""
    kind, _, value = tokens[place].key.partition(" ")
    value = value.split(" ")[0]
    if kind != "number":
        return False
    behind = [token.key for token in tokens[place + 1 : place + 1 + _MEASURED_WITHIN]]
    if any(value in _MEASURES.get(key, ()) for key in behind):
        return True
    if place and tokens[place - 1].word in _LEFT and not _ROUNDS.get(value, frozenset()).isdisjoint(index.vocabulary):
        return True
    return _is_short_for_millions(index, tokens, place, value)


def _is_short_for_millions(index: ContextIndex, tokens: Sequence[Token], place: int, value: str) -> bool:
    """Whether "35 million euros but settled for 31" has 31 for a source's €31m."""
    if not value.isdecimal() or (place + 1 < len(tokens) and tokens[place + 1].clause == tokens[place].clause):
        return False
    millions = str(int(value) * _MILLION)
    others = (token for i, token in enumerate(tokens) if token.kind == NUMBER and i != place)
    return index.facts.holds(Fact("number", (millions, ""), 0, 0)) and any(
        part.isdecimal() and int(part) >= _MILLION for other in others for part in other.key.split()[1:2]
    )
