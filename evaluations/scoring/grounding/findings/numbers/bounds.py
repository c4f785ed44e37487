"""What leads to a number and what bounds it: "by" or "to", "more than" or "fewer than", "on aggregate"."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from evaluations.scoring.grounding.alignment import Alignment
from evaluations.scoring.grounding.clauses import NUMBER, Reading, Token
from evaluations.scoring.grounding.findings.finding import Finding
from evaluations.scoring.lexicon.groups import KINDS, OPPOSITES, exclude
from evaluations.scoring.text.words import word_list

# How much of a sentence the source's must hold to speak of the same number.
SAME_MATTER, COPIED = 0.5, 0.75
# How far from a number what compares it stands: "five places lower than", "more than half of".
REACH = 3
YEAR_DIGITS = 4
_SUPERLATIVES = frozenset(
    word_list("""most fewest least highest lowest best worst biggest smallest largest longest shortest earliest latest
    oldest youngest""")
)
_LOSING = frozenset(("lost", "lose", "loses", "losing", "defeat", "beaten", "defeated"))
_STEPS = frozenset(("by", "to", "from"))
_FURTHER = frozenset(("more", "less", "fewer"))
_UP = frozenset(word_list("more over above higher longer older larger bigger taller later ahead up rose rise increase"))
_DOWN = frozenset(
    word_list("fewer less under below lower shorter younger smaller earlier behind down fell fall decrease")
)
_COMPARED = _UP | _DOWN
_RANKS = frozenset(("second", "third", "fourth", "fifth"))
_HALF = frozenset(("half", "third", "quarter", "twice"))
_SCOPE = frozenset(("on", "after", "in"))
_PARTS = frozenset(("aggregate", "penalties", "extra"))

_Read = Callable[[Reading, int], str]


def wrong_bounds(beside: Sequence[Alignment]) -> Iterator[Finding]:
    """A number that a source has too, but as a step for an end ("by" for "to"), as a lower bound for an upper one, or
    as the result of another part ("on aggregate")."""
    for one in beside:
        if one.coverage < SAME_MATTER:
            continue
        for token in one.said.tokens:
            if _is_bounded(one, token):
                yield Finding("number", token.start, token.end, one.row)
                return


def superlatives(beside: Sequence[Alignment]) -> Iterator[Finding]:
    """ "The highest" for what a source calls the second-highest."""
    for one in beside:
        ranked = list(_ranked(one.source)) if one.coverage >= SAME_MATTER else []
        token = next((token for token in one.said.tokens if token.word in ranked), None)
        if token is None or token.word in _ranked(one.said):
            continue
        if sum(other.word == token.word for other in one.source.tokens) <= ranked.count(token.word):
            yield Finding("ordinal", token.start, token.end, one.row)
            return


def turned_superlatives(beside: Sequence[Alignment]) -> Iterator[Finding]:
    """ "The most" for what a source calls the fewest."""
    for one in beside:
        if one.coverage < COPIED or one.said.denials or one.source.denials:
            continue
        for token in one.said.tokens:
            if token.word in _SUPERLATIVES and token.word not in one.source.words:
                theirs = [other for other in one.source.tokens if exclude(token.word, other.word) == "opposite"]
                if theirs and not any(other.word in one.said.words for other in theirs):
                    yield Finding("opposite", token.start, token.end, one.row)
                    return


def _ranked(reading: Reading) -> Iterator[str]:
    """The superlatives of a sentence that a place in a row stands before: "second-highest"."""
    for before, token in pairwise(reading.tokens):
        if token.word.endswith("est") and before.word in _RANKS:
            yield token.word
    for token in reading.tokens:
        rank, _, word = token.word.partition("-")
        if rank in _RANKS and word.endswith("est"):
            yield word


def _is_bounded(one: Alignment, token: Token) -> bool:
    year = token.kind == NUMBER and token.end - token.start == YEAR_DIGITS and token.word.isdigit()
    if year or (token.kind != NUMBER and token.word not in _HALF):
        return False
    return any(_differs(one, token, read) for read in (_step, _direction)) or _is_of_other_part(one, token)


def _differs(one: Alignment, number: Token, read: _Read) -> bool:
    """Whether what is read beside a number is one thing here and only others in the source."""
    if read is _direction and "last" in one.said.words and "last" in one.source.words and _change_times(one):
        return False  # "last year it drew 4,000 fewer than now" for "4,000 more than last year"
    if read is _direction and (one.said.denials or one.source.denials or _change_sides(one) or _has_opposites(one)):
        return False
    if read is _step and _LOSING.isdisjoint(one.said.words) != _LOSING.isdisjoint(one.source.words):
        return False  # "lost by 48 votes to 61" for "won by 61 votes to 48"
    ours = read(one.said, one.said.tokens.index(number))
    theirs = {
        read(one.source, place)
        for place, token in enumerate(one.source.tokens)
        if token.key == number.key and token.kind == number.kind
    }
    return bool(ours) and bool(theirs) and not theirs & {ours, ""}


def _change_times(one: Alignment) -> bool:
    """Whether "last" stands before "than" here and behind it in the source."""
    ours, theirs = (
        [token.word for token in reading.tokens if token.word in ("last", "than")] for reading in (one.said, one.source)
    )
    return ours[:2] == ["last", "than"] and theirs[:2] == ["than", "last"]


def _change_sides(one: Alignment) -> bool:
    """Whether two names stand here in one order and in the source in the other: "Velk is older than Prett"."""
    ours = [name for name in one.said.names if any(one.same(name, other) for other in one.source.names)]
    theirs = [name for name in one.source.names if any(one.same(name, other) for other in one.said.names)]
    return len(ours) > 1 and len(theirs) > 1 and not one.same(ours[0], theirs[0])


def _has_opposites(one: Alignment) -> bool:
    """Whether another word is turned round too: "more than half left" is "fewer than half stayed"."""
    ours, theirs = (
        [word for word in reading.words if word not in _COMPARED and (word in OPPOSITES or word in KINDS)]
        for reading in (one.said, one.source)
    )
    return any(exclude(word, other) for word in ours for other in theirs)


def _step(reading: Reading, place: int) -> str:
    """Whether a number is what something comes to, from or by; "" for none."""
    behind = reading.tokens[place + 1].word if place + 1 < len(reading.tokens) else ""
    before = "by" if behind in _FURTHER else reading.tokens[place - 1].word if place else ""
    return before if before in _STEPS and reading.tokens[place].kind == NUMBER else ""


def _direction(reading: Reading, place: int) -> str:
    """ "up" or "down", where a word of comparison and "than" stand beside a number; "" for neither."""
    tokens = reading.tokens
    near = [token.word for token in tokens[max(0, place - 2) : place]]
    if near[-1:] != ["than"]:
        near = [token.word for token in tokens[place + 1 : place + 1 + REACH]]
        if "than" not in [token.word for token in tokens[place + 1 : place + 2 + REACH]]:
            return ""
    return "up" if _UP.intersection(near) else "down" if _DOWN.intersection(near) else ""


def _is_of_other_part(one: Alignment, number: Token) -> bool:
    """Whether a result is said of what the source has only other results for: "3-1 on aggregate" for "4-3 on
    aggregate"."""
    theirs = list(_results(one.source))
    for part, result in _results(one.said):
        others = {other for name, other in theirs if name == part}
        if result == number.key and others and result not in others and result in one.source.keys:
            return True
    return False


def _results(reading: Reading) -> Iterator[tuple[str, str]]:
    """The results of a sentence, each with what it is of: "aggregate" and "penalties"."""
    tokens = reading.tokens
    for token, lead, behind in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if token.key.startswith("score") and lead.word in _SCOPE and behind.word in _PARTS:
            yield behind.word, token.key
