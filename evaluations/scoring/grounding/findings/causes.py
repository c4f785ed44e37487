"""Why a thing happened: the reason that a source gives, and whether it was the reason or came in spite of it."""

from collections.abc import Iterator, Sequence

from evaluations.scoring.grounding.alignment import Alignment
from evaluations.scoring.grounding.clauses import FUNCTION, NAME, NUMBER, WORD_KIND, Reading, Token
from evaluations.scoring.grounding.findings.finding import Finding

_CAUSAL = frozenset(("because", "due", "owing", "thanks"))
_CONCESSIVE = frozenset(("despite", "although", "notwithstanding", "spite"))
_CONDITIONS = frozenset(("if", "unless", "provided"))
# In a source these give a reason too.
_GIVES_REASON = _CAUSAL | frozenset(("as", "after", "so", "since", "following"))
# The share of an effect that makes it the same one, and of a reason that makes it the same or another.
SAME_EFFECT, SOME_EFFECT, SAME_REASON, OTHER_REASON = 0.6, 0.3, 0.6, 0.34
# A reason of which so much is the source's only names somebody more.
NEARLY_WHOLE = 0.74
# A reason that was taken from elsewhere in the sources has so much of its words from there.
KNOWN = 0.6

_Parts = tuple[Token, list[Token], list[Token]]


def wrong_reasons(alignments: Sequence[Alignment]) -> Iterator[Finding]:
    """A reason that the source gives another for, and a reason turned into an obstacle or the other way round."""
    if not alignments:
        return
    parts = _split(alignments[0].said)
    if parts is None:
        return
    link, effect, reason = parts
    for one in alignments:
        if _is_only_condition(one, parts):
            yield Finding("modality", link.start, link.end, one.row)
            return
        theirs = _split(one.source, _GIVES_REASON | _CONCESSIVE)
        if theirs is None:
            continue
        if _is_turned(one, parts, theirs):
            yield Finding("cause", link.start, link.end, one.row)
            return
        if link.word in _CAUSAL and theirs[0].word in _CAUSAL and _is_other(one, effect, reason, theirs[1]):
            yield Finding("cause", reason[0].start, reason[-1].end, one.row)
            return


def _is_other_head(one: Alignment, reason: Sequence[Token]) -> bool:
    """Whether a reason begins with a word that the sources have elsewhere only, where the source's begins with another:
    "because of the cost of the roof" for "because of the height of the roof"."""
    theirs = _split(one.source)
    if theirs is None or theirs[0].word not in _CAUSAL:
        return False
    ours, other = (_head(tokens) for tokens in (reason, theirs[2]))
    if ours is None or other is None or ours.key == other.key or ours.key in one.source.keys:
        return False
    return other.key not in one.said.keys and ours.key in one.index.stems


def _head(reason: Sequence[Token]) -> Token | None:
    """The first thing of a reason that is no name and belongs to nobody."""
    return next((token for token in reason if token.kind == WORD_KIND and not token.possessive), None)


def _is_only_condition(one: Alignment, ours: _Parts) -> bool:
    """Whether a reason, or what a thing is said to happen in spite of, is by the source a condition: "if", "unless"."""
    theirs = _split(one.source, _CONDITIONS)
    if theirs is None or not _CONDITIONS.isdisjoint(one.said.words) or one.said.clause_strengths:
        return False
    supposed = [token for token in theirs[2] if token.clause == theirs[2][0].clause]
    return _share(one, ours[2], supposed) >= SAME_REASON


def _split(reading: Reading, links: frozenset[str] = _CAUSAL | _CONCESSIVE) -> _Parts | None:
    """The linking word, what stands before it and what behind; what opens a sentence ends with its first clause."""
    tokens = reading.tokens
    place = next((i for i in range(len(tokens) - 1) if tokens[i].word in links and _links(tokens, i)), None)
    if place is None:
        return None
    behind, before = list(tokens[place + 1 :]), list(tokens[:place])
    if place == 0:
        clause = tokens[1].clause
        before = [token for token in behind if token.clause != clause]
        behind = [token for token in behind if token.clause == clause]
    behind = [token for token in behind if token.word not in ("according", "said", "says")]
    return (tokens[place], before, behind) if _content(before) and _content(behind) else None


def _links(tokens: Sequence[Token], i: int) -> bool:
    """Whether a word links an effect to its reason: "due to", not "due on Friday"."""
    return tokens[i].word not in ("due", "owing", "thanks") or tokens[i + 1].word == "to"


def _content(tokens: Sequence[Token]) -> list[Token]:
    return [token for token in tokens if token.kind != FUNCTION]


def _share(one: Alignment, tokens: Sequence[Token], held: Sequence[Token]) -> float:
    keys = {token.key for token in held}
    content = _content(tokens)
    if not content:
        return 0.0
    found = sum(
        token.key in keys or (token.kind == NAME and any(one.same(token, name) for name in held if name.kind == NAME))
        for token in content
    )
    return found / len(content)


def _is_turned(one: Alignment, ours: _Parts, theirs: _Parts) -> bool:
    link, effect, reason = ours
    concessive = link.word in _CONCESSIVE, theirs[0].word in _CONCESSIVE
    if concessive[0] == concessive[1] or theirs[0].word in ("as", "after", "so", "following"):
        return False
    if _share(one, reason, _behind_own_link(one, link)) >= SAME_REASON:
        return False  # a source with a reason and an obstacle, and this is what the sentence takes it for
    return _share(one, reason, theirs[2]) >= SAME_REASON and _share(one, effect, theirs[1]) >= SOME_EFFECT


def _behind_own_link(one: Alignment, link: Token) -> list[Token]:
    """What follows a link of the same sort in the source, in its clause."""
    tokens = one.source.tokens
    links = _CONCESSIVE if link.word in _CONCESSIVE else _GIVES_REASON
    places = [i for i in range(len(tokens) - 1) if tokens[i].word in links]
    return [token for i in places for token in tokens[i + 1 :] if token.clause == tokens[i + 1].clause]


def _is_other(one: Alignment, effect: Sequence[Token], reason: Sequence[Token], before: Sequence[Token]) -> bool:
    source = one.source.tokens
    words = [token for token in effect if token.kind != NAME]
    if _share(one, words or effect, before) < SAME_EFFECT:
        return False
    known = [token.kind in (NAME, NUMBER) or token.key in one.index.stems for token in _content(reason)]
    if sum(known) < KNOWN * len(known):
        return False  # in words of its own: nothing of the sources was put in its place
    if _is_other_head(one, reason):
        return True
    share = _share(one, reason, source)
    if _content([token for token in reason if token.kind != NAME]) and share >= NEARLY_WHOLE:
        return False
    stranger = any(
        token.kind == NAME and not any(one.same(token, name) for name in one.source.names) for token in reason
    )
    return share < OTHER_REASON or (stranger and share >= SAME_REASON)
