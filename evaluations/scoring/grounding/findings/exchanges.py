"""From whom to whom: a transfer from one club to another, one player or coach in the place of another, whichever of
them the sentence begins with."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from evaluations.scoring.grounding.alignment import Alignment
from evaluations.scoring.grounding.clauses import NAME, NUMBER, Reading, Token
from evaluations.scoring.grounding.findings.finding import Finding
from evaluations.scoring.text.words import word_list

# How far from its verb a name may stand, and how much of a sentence a source's must hold to tell of the same exchange.
REACH, SAME_EXCHANGE = 10, 0.3
TRANSFER, REPLACEMENT = "transfer", "replacement"
_SELL = frozenset(word_list("sell sells sold selling offload offloads offloaded loan loaned loans ship shipped"))
_BUY = frozenset(
    word_list("""buy buys bought buying sign signs signed signing acquire acquires acquired recruit recruits
    recruited lure lured poach poached prise prised""")
)
_JOIN = frozenset(
    word_list("""join joins joined joining move moves moved switch switches switched transfer
    transferred""")
)
_LEAVE = frozenset(word_list("leave leaves left leaving quit quits swap swaps swapped depart departed ditch ditched"))
# "Rovers pay Albion £6m for Lund."
_PAY = frozenset(word_list("pay pays paid paying"))
_REPLACE = frozenset(word_list("replace replaces replaced replacing succeed succeeds succeeded succeeding"))
# Behind these, who stands before has come for who stands behind; and the other way round.
_COMES_FOR = (("on", "for"), ("over", "from"), ("in", "for"), ("place", "of"))
_GOES_FOR = (("way", "for"), ("way", "to"), ("over", "to"), ("off", "for"))
_COMES, _GOES = (
    frozenset(word_list("came come comes coming went brought took takes taking takes step stepped")),
    frozenset(word_list("made makes make making gave gives giving handed hands came come comes went taken")),
)
_SENT = frozenset(word_list("sent send sends brought bring brings threw put"))
_VERBS = _SENT | _SELL | _BUY | _JOIN | _LEAVE | _PAY | _REPLACE | _COMES | _GOES
_PREPOSITIONS = frozenset(word_list("for to from by of with at in on over after before"))
_PASSIVE = frozenset(word_list("was were been being is are be"))


class Exchange(NamedTuple):
    """Who or what one leaves, who or what comes instead, and who it is that moves."""

    kind: str
    origin: Token
    target: Token
    moved: Token | None


def exchanges(reading: Reading) -> Iterator[Exchange]:
    """What a sentence says went from whom to whom, where it names both."""
    tokens = reading.tokens
    for i, token in enumerate(tokens):
        if token.word not in _VERBS:
            continue
        for kind, origin, target in (_transfer(tokens, i), _replacement(tokens, i)):
            if origin is not None and target is not None and token.kind != NAME:
                yield Exchange(kind, origin, target, _who_moves(tokens, i) if kind == TRANSFER else None)


_Ends = tuple[str, Token | None, Token | None]


def _transfer(tokens: Sequence[Token], i: int) -> _Ends:
    word, passive = tokens[i].word, i > 0 and tokens[i - 1].word in _PASSIVE
    origin, target = _led_by(tokens, i, "from"), _led_by(tokens, i, "to")
    if word in _SELL:
        return TRANSFER, origin or (_led_by(tokens, i, "by") if passive else _subject(tokens, i)), target
    if word in _BUY:
        return TRANSFER, origin, _led_by(tokens, i, "by") if passive else _subject(tokens, i)
    if word in _PAY and not passive and _led_by(tokens, i, "for") is not None:
        return TRANSFER, _object(tokens, i), _subject(tokens, i)
    if word in _JOIN:
        return TRANSFER, origin, target or _object(tokens, i)
    if word in _LEAVE:
        return TRANSFER, origin or _object(tokens, i), target or _led_by(tokens, i, "for")
    return TRANSFER, None, None


def _who_moves(tokens: Sequence[Token], i: int) -> Token | None:
    """Who moves: whom one buys or sells, or who joins or leaves."""
    passive = i > 0 and tokens[i - 1].word in _PASSIVE
    if tokens[i].word in _PAY:
        return _led_by(tokens, i, "for")
    active = tokens[i].word in _BUY or tokens[i].word in _SELL
    return _object(tokens, i) if active and not passive else _subject(tokens, i)


def _replacement(tokens: Sequence[Token], i: int) -> _Ends:
    word, passive = tokens[i].word, i > 0 and tokens[i - 1].word in _PASSIVE
    if word in _REPLACE and not any(token.word == "with" for token in tokens[i + 1 : i + 4]):
        one, other = _subject(tokens, i), _led_by(tokens, i, "by") if passive else _object(tokens, i)
        return (REPLACEMENT, one, other) if passive else (REPLACEMENT, other, one)
    if word in _SENT and i + 1 < len(tokens) and tokens[i + 1].word == "on":
        return REPLACEMENT, _led_by(tokens, i, "for"), _object(tokens, i + 1)
    if word in _COMES and (behind := _behind(tokens, i, _COMES_FOR)) is not None:
        return REPLACEMENT, behind, _subject(tokens, i)
    if word in _GOES and (behind := _behind(tokens, i, _GOES_FOR)) is not None:
        return REPLACEMENT, _subject(tokens, i), behind
    return REPLACEMENT, None, None


def _subject(tokens: Sequence[Token], i: int) -> Token | None:
    """The nearest name before a verb in its clause, or that "who" stands for."""
    for j in range(i - 1, max(-1, i - 1 - REACH), -1):
        token = tokens[j]
        if token.word in ("who", "which"):
            return next((before for before in reversed(tokens[max(0, j - 4) : j]) if before.kind == NAME), None)
        if token.clause != tokens[i].clause:
            return None
        if token.kind == NAME and not token.possessive:
            return token
    return None


def _object(tokens: Sequence[Token], i: int) -> Token | None:
    """The name behind a word, past what describes it, to which no preposition leads."""
    for token in tokens[i + 1 : i + 6]:
        if token.word in _PREPOSITIONS or token.kind == NUMBER:
            return None
        if token.kind == NAME and not token.possessive:
            return token
    return None


def _led_by(tokens: Sequence[Token], i: int, preposition: str) -> Token | None:
    """The name that a preposition behind a verb leads to, past an article and what describes it."""
    for j in range(i + 1, min(len(tokens) - 1, i + 1 + REACH)):
        if tokens[j].clause != tokens[i].clause:
            return None
        if tokens[j].word == preposition:
            return _object(tokens, j)
    return None


def _behind(tokens: Sequence[Token], i: int, phrases: Sequence[tuple[str, str]]) -> Token | None:
    """The name behind one of these pairs of words that follows a verb closely."""
    for j in range(i + 1, min(len(tokens) - 2, i + 4)):
        if (tokens[j].word, tokens[j + 1].word) in phrases:
            return next((token for token in tokens[j + 2 : j + 5] if token.kind == NAME), None)
    return None


def swapped_ends(alignments: Sequence[Alignment]) -> Iterator[Finding]:
    """A sentence that names both ends, each as what a source says the other is, or one of them as another."""
    ours = list(exchanges(alignments[0].said)) if alignments else []
    if not ours:
        return
    theirs = [(one, other) for one in alignments if one.coverage >= SAME_EXCHANGE for other in exchanges(one.source)]
    for said in ours:
        same = [(one, other) for one, other in theirs if other.kind == said.kind]
        if any(one.same(said.origin, other.origin) and one.same(said.target, other.target) for one, other in same):
            continue
        for one, other in same:
            if one.same(said.origin, other.target) and one.same(said.target, other.origin):
                yield Finding("roles", said.origin.start, said.origin.end, one.row)
                return
            wrong = _another_end(one, said, other)
            if wrong is not None:
                yield Finding("roles", wrong.start, wrong.end, one.row)
                return


def _another_end(one: Alignment, said: Exchange, other: Exchange) -> Token | None:
    """The club of a transfer for which a source that has the same person and the other club names another."""
    if not one.same(said.moved, other.moved):
        return None
    if one.same(said.origin, other.origin):
        return said.target
    return said.origin if one.same(said.target, other.target) else None
