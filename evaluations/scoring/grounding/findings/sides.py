"""Which of two is denied: "believed Lund, not Prys" for the other way round, "not to the height but to the lorries",
"Aberg was not"."""

from collections.abc import Iterator, Sequence
from itertools import takewhile

from evaluations.scoring.grounding.alignment import Alignment
from evaluations.scoring.grounding.clauses import FUNCTION, NAME, WORD_KIND, Reading, Token
from evaluations.scoring.grounding.findings.denials import STANDS_FOR_VERBS
from evaluations.scoring.grounding.findings.finding import Finding

# From here on a sentence is a copy, judged by what differs; and how much of it is of the same matter.
COPIED, ONE_MATTER = 0.75, 0.6
# How far behind a denial what it denies may stand.
REACH = 5
_TO = frozenset(("to", "for", "with", "from", "by"))
_ARTICLES = frozenset(("the", "a", "an", "his", "her", "their", "its"))


def exchanged_denials(alignments: Sequence[Alignment]) -> Iterator[Finding]:
    """Two people of whom a source denies something of the one and a sentence of the other: "believed Lund, not
    Prys"."""
    for one in alignments:
        if one.coverage < COPIED or len(one.said.denials) != 1 or len(one.source.denials) != 1:
            continue
        ours, theirs = (_denied_name(reading) for reading in (one.said, one.source))
        if any(reading.tokens[reading.denials[0]].kind != FUNCTION for reading in (one.said, one.source)):
            continue  # "Prys rejected Lund's claim" and "the claim was rejected by Prys"
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
    behind = takewhile(lambda token: token.clause == clause, reading.tokens[place + 1 : place + 1 + REACH])
    for count, token in enumerate(behind):
        if token.kind == NAME:
            return token
        if token.kind != WORD_KIND and token.word not in _ARTICLES and (count or token.word not in _TO):
            return None
    return None


def turned_denials(alignments: Sequence[Alignment]) -> Iterator[Finding]:
    """Of two things a source denies the one and a sentence the other: "object not to the height but to the lorries"."""
    for one in alignments:
        if one.coverage < ONE_MATTER or not one.said.denials or not one.source.denials:
            continue
        ours, theirs = _denied_thing(one.said), _denied_thing(one.source)
        if (ours and _is_turned(ours, one.said, one.source)) or (theirs and _is_turned(theirs, one.source, one.said)):
            token = one.said.tokens[one.said.denials[0]]
            yield Finding("negation", token.start, token.end, one.row)
            return


def _denied_thing(reading: Reading) -> Token | None:
    """The thing that the first denial leads to past small words: "not to the lorries"; None where it denies a verb."""
    tokens, place = reading.tokens, reading.denials[0]
    led = list(takewhile(lambda token: token.word in _TO or token.word in _ARTICLES, tokens[place + 1 : place + REACH]))
    thing = tokens[place + 1 + len(led) : place + 2 + len(led)]
    leads = tokens[place].word == "not" and led and led[-1].word not in ("a", "an")
    return thing[0] if leads and thing and thing[0].kind == WORD_KIND else None


def _is_turned(thing: Token, reading: Reading, other: Reading) -> bool:
    """Whether the other sentence has what one denies where it denies nothing, and denies what this one affirms."""
    denied = {other.tokens[place].clause for place in other.denials}
    clauses = {token.clause for token in other.tokens if token.key == thing.key}
    if not clauses or clauses & denied:
        return False
    first = reading.tokens[reading.denials[0]]
    affirmed = {
        token.key
        for token in reading.tokens
        if token.kind == WORD_KIND and (token.start < first.start or token.clause != first.clause)
    }
    behind = other.tokens[other.denials[0] + 1 :]
    return any(token.clause in denied and token.key in affirmed and token.kind == WORD_KIND for token in behind)


def short_denials(alignments: Sequence[Alignment]) -> Iterator[Finding]:
    """Affirmed of whom a source denies it in short: "Aberg was fined" for "Cass was fined, Aberg was not"."""
    for one in alignments:
        if one.coverage < ONE_MATTER or one.said.denials or not one.said.names:
            continue
        first = one.said.names[0]
        if any(one.same(first, name) for name in _denied_in_short(one.source)):
            yield Finding("negation", first.start, first.end, one.row)
            return


def _denied_in_short(reading: Reading) -> Iterator[Token]:
    """The names before "was not" or "did not" at the end of a clause."""
    tokens = reading.tokens
    for place in reading.denials:
        ends = place + 1 == len(tokens) or tokens[place + 1].clause != tokens[place].clause
        if ends and place > 1 and tokens[place - 1].word in STANDS_FOR_VERBS and tokens[place - 2].kind == NAME:
            yield tokens[place - 2]
