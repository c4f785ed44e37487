"""What a sentence says was done, by whom and to whom: passives and converses read ("lost to", "sold by"). English."""

from collections.abc import Iterator, Sequence, Set
from typing import NamedTuple

from evaluations.scoring.grounding.clauses import NAME, NUMBER, WORD_KIND, Reading, Token
from evaluations.scoring.lexicon.acts import ACTS, BEAT, JOIN
from evaluations.scoring.lexicon.governors import SPEECH
from evaluations.scoring.lexicon.posts import POSTS
from evaluations.scoring.text.words import word_list

# A name further away from a verb than this belongs to another.
BEFORE, BEHIND = 12, 10
PASSIVE = frozenset(("was", "were", "been", "being", "is", "are", "be"))
AUXILIARIES = frozenset(word_list("has have had will would could may might to"))
PREPOSITIONS = frozenset(
    ("through", "by", "to", "of", "over", "against", "from", "for", "with", "on", "at", "in", "than")
)
_ARTICLES = frozenset(("the", "a", "an"))
_DETERMINERS = _ARTICLES | frozenset(("his", "her", "their", "its", "this", "that"))
# Behind an object these lead to whoever else had a part in it.
_BESIDE = frozenset(("from", "with", "in", "at", "on", "of", "for", "by"))
# What a thing or a person costs is done by nobody; "ahead" leads nobody by itself.
_NO_VERBS = frozenset(("cost", "costs", "costing", "ahead", "behind"))
_WINS = frozenset(("win", "victory", "wins", "triumph"))
# Of these only the verbs are acts: "benched", not "on the bench".
_NOUNS = frozenset(("bench", "head", "place", "drop", "start"))
_REMAINING = frozenset(word_list("no any few one two three four five six seven eight nine ten"))
_SUBJECTS, _WHO = frozenset(("he", "she", "they")), frozenset(("who", "which"))


class Act(NamedTuple):
    """One thing done: by whom and to whom, each None where the clause does not say."""

    name: str
    agent: Token | None
    patient: Token | None
    place: int


def acts(reading: Reading, verbs: Set[str] = frozenset()) -> Iterator[Act]:
    """What a sentence says was done, for every verb that it names somebody beside; `verbs` are taken for such in any
    form of a verb ("for elbowing")."""
    for i, token in enumerate(reading.tokens):
        if token.kind == WORD_KIND and (is_verb(reading.tokens, i) or _is_form(reading.tokens, i, verbs)):
            act = _act(reading.tokens, i)
            if act.agent or act.patient:
                yield act


def is_verb(tokens: Sequence[Token], i: int) -> bool:
    """Whether a word is one of the acts, or has a verb's form; who says something is another room's."""
    word = tokens[i].word
    if word in SPEECH or word in POSTS or word in _NO_VERBS:
        return False
    if word == "loan" and i and tokens[i - 1].word == "on":
        return False
    if word in _NOUNS and i and tokens[i - 1].word in _DETERMINERS:
        return False
    if word == "left" and i > 1 and tokens[i - 1].kind == WORD_KIND and tokens[i - 2].word in _REMAINING:
        return False  # "had no substitutions left"
    if word.startswith("replac") and any(token.word == "with" for token in tokens[i + 1 : i + 4]):
        return False  # "replaced him with Lund" names the one who comes last
    if word.endswith("ing") and i and tokens[i - 1].clause != tokens[i].clause:
        return False
    if tokens[i].key in ACTS:
        return True
    before = tokens[i - 1] if i else None
    if before is None:
        return False
    if before.word in PASSIVE:
        return word.endswith("ed") and any(token.word == "by" for token in tokens[i + 1 : i + 3])
    return before.word in AUXILIARIES or (word.endswith("ed") and (before.kind == NAME or before.word in _WHO))


def _is_form(tokens: Sequence[Token], i: int, verbs: Set[str]) -> bool:
    """Whether a word is one of these verbs by its form and no noun behind an article."""
    word = tokens[i].word
    return tokens[i].key in verbs and word.endswith("ing") and not (i and tokens[i - 1].word in _DETERMINERS)


def _act(tokens: Sequence[Token], i: int) -> Act:
    before, after = _before(tokens, i), _after(tokens, i)
    name, converse = ACTS.get(tokens[i].key, ("", False))
    preposition = "" if after is None else _preposition(tokens, i, after)
    passive = i > 0 and tokens[i - 1].word in PASSIVE
    one = None if before is None else tokens[before]
    other = None if after is None else tokens[after]
    if one is not None and one.possessive and name != BEAT:
        one = None  # "Lund's ban" is nothing that Lund did
    if name == BEAT and tokens[i].word in ("defeat", "defeats", "loss", "losses"):
        converse, one = preposition != "of", one if one and one.possessive else None
    elif (
        name == BEAT
        and (tokens[i].word in _WINS or tokens[i].word == "won")
        and preposition not in ("over", "against")
        and not (preposition == "at" and _has_score(tokens, i))
    ):
        one = other = None
    elif before is not None and tokens[i].word in _WINS and _stands_apart(tokens, before, i):
        one = None
    if passive and preposition != "by":
        return Act(name or tokens[i].key, _agent_by(tokens, i), one, i)
    if (preposition == "from" and name == JOIN) or preposition == "through":
        other = None
    if preposition == "through" or (preposition == "for" and not name):
        one = other = None
    if preposition in _BESIDE and _has_object(tokens, i, after):
        other = None
    turned = (preposition == "by" and other is not None) or converse
    return Act(name or tokens[i].key, *((other, one) if turned else (one, other)), i)


def _stands_apart(tokens: Sequence[Token], before: int, i: int) -> bool:
    """Whether somebody only had a part in a win: "Lund scoring both goals in a 2-0 win over", "scored in the win"."""
    between = tokens[before + 1 : i]
    return any(token.word[-3:] == "ing" or token.word in ("in", "during") for token in between)


def _has_object(tokens: Sequence[Token], i: int, name: int | None) -> bool:
    """Whether what was done has an object of its own before a preposition and a name: "saved a penalty from Loy", "put
    the hosts ahead from Prem's corner"."""
    if name is None or i + 2 >= name or tokens[i + 1].word not in _DETERMINERS or tokens[i - 1].word in PASSIVE:
        return False
    return tokens[i + 2].kind == WORD_KIND


def _has_score(tokens: Sequence[Token], i: int) -> bool:
    """Whether a result stands beside a verb or noun: "won 3-2 at Rovers" and "a 3-2 win at Rovers" name both sides."""
    return any(token.key.startswith("score") for token in (*tokens[max(0, i - 1) : i], *tokens[i + 1 : i + 3]))


def _agent_by(tokens: Sequence[Token], i: int) -> Token | None:
    """Who did it by a passive's end: "were knocked out of the cup by Larkfield"."""
    for j in range(i + 1, min(len(tokens), i + 1 + BEFORE)):
        if tokens[j].clause != tokens[i].clause:
            return None
        if tokens[j].word == "by":
            names = (k for k in range(j + 1, min(len(tokens), j + 5)) if tokens[k].kind == NAME)
            return next((tokens[k] for k in names if not only_employs(tokens, k)), None)
    return None


def only_employs(tokens: Sequence[Token], j: int) -> bool:
    """Whether a name is only the club of the one behind it: "Rovers goalkeeper Lund"."""
    behind = tokens[j + 1 : j + 3]
    together = len(behind) > 1 and behind[1].clause == tokens[j].clause
    return together and behind[0].word in POSTS and behind[1].kind == NAME


def _before(tokens: Sequence[Token], i: int) -> int | None:
    """The nearest name before a verb that no preposition leads to: in its clause or in one of the two before; "they"
    right before it is whom alone the sentence names before."""
    if i and tokens[i - 1].word in _SUBJECTS:
        named = [j for j, token in enumerate(tokens[: i - 1]) if token.kind == NAME]
        return named[0] if len(named) == 1 else None
    if i and tokens[i].word.endswith("ing") and tokens[i - 1].clause != tokens[i].clause:
        return _subject_before(tokens, i)
    for j in range(i - 1, max(-1, i - 1 - BEFORE), -1):
        if tokens[i].clause - tokens[j].clause > 2 or (tokens[j].word in SPEECH and "that" in _words(tokens, j, i)):
            return None  # "Lund said that the club had banned them"
        owns = tokens[j].possessive and any(token.kind != NUMBER for token in tokens[j + 1 : i])
        if tokens[j].kind != NAME or owns:
            continue
        lead = j - 1 - (j > 1 and tokens[j - 1].word in _ARTICLES)
        if lead >= 0 and tokens[lead].word in PREPOSITIONS and tokens[lead].clause == tokens[j].clause:
            continue
        return j
    return None


def _words(tokens: Sequence[Token], first: int, last: int) -> set[str]:
    return {token.word for token in tokens[first:last]}


def _subject_before(tokens: Sequence[Token], i: int) -> int | None:
    """Whose doing a participle behind a comma is: "Rovers won the Cup on Sunday, beating City", the first one named in
    the last clause that names anybody; None behind a preposition or a pronoun."""
    named = next((j for j in range(i - 1, -1, -1) if tokens[j].kind == NAME), None)
    if named is None:
        return None
    clause = [j for j in range(i) if tokens[j].clause == tokens[named].clause]
    first = next(j for j in clause if tokens[j].kind == NAME)
    before = {tokens[j].word for j in clause if j < first}
    return None if before & (PREPOSITIONS | _SUBJECTS) else first


def _after(tokens: Sequence[Token], i: int) -> int | None:
    """The nearest name behind a verb in its clause; who owns it ("Rovers' Lund") is passed over."""
    for j in range(i + 1, min(len(tokens), i + 1 + BEHIND)):
        if tokens[j].clause != tokens[i].clause:
            return None
        if tokens[j].kind == NAME and not (tokens[j].possessive and j + 1 < len(tokens) and tokens[j + 1].kind == NAME):
            if only_employs(tokens, j):
                continue
            return j
        if tokens[j].kind == WORD_KIND and tokens[j].key in ACTS and tokens[j].word not in POSTS:
            return None
    return None


def _preposition(tokens: Sequence[Token], verb: int, place: int) -> str:
    """The preposition between a verb and a name that leads to it, past an article and what describes it."""
    return next((tokens[j].word for j in range(place - 1, verb, -1) if tokens[j].word in PREPOSITIONS), "")
