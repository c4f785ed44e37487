"""Who did it to whom: the one before a verb and the one behind it, with passives and converses turned round."""

from collections.abc import Iterator, Sequence, Set
from itertools import islice, pairwise
from typing import NamedTuple

from evaluations.scoring.grounding.alignment import Alignment
from evaluations.scoring.grounding.clauses import NAME, WORD_KIND, Reading, Token
from evaluations.scoring.grounding.findings.finding import Finding
from evaluations.scoring.lexicon.acts import ACTS, BEAT, JOIN, ONE_AGENT, ONE_PATIENT
from evaluations.scoring.lexicon.governors import SPEECH
from evaluations.scoring.lexicon.posts import POSTS
from evaluations.scoring.text.words import stem, word_list

# A name further away from a verb than this belongs to another.
BEFORE, BEHIND = 12, 10
# How much of a sentence the source's must hold for the same verb to be the same event.
SAME_EVENT = 0.3
SAME_ORIGIN = 0.67
ALIKE = 0.8
# More words between a name and a verb, and the verb may be another's.
CLOSE = 3
_PASSIVE = frozenset(("was", "were", "been", "being", "is", "are", "be"))
_ARTICLES = frozenset(("the", "a", "an"))
_DETERMINERS = _ARTICLES | frozenset(("his", "her", "their", "its", "this", "that"))
# Behind an object these lead to whoever else had a part in it.
_BESIDE = frozenset(("from", "with", "in", "at", "on", "of", "for", "by"))
_AUXILIARIES = frozenset(word_list("has have had will would could may might to"))
# What a thing or a person costs is done by nobody; "ahead" leads nobody by itself.
_NO_VERBS = frozenset(("cost", "costs", "costing", "ahead", "behind"))
_SUBJECTS = frozenset(("he", "she", "they"))
_DRAW = stem("draw")
# So many acts of one sentence are looked at: a list of results has as many as it has lines.
MOST_ACTS = 12
_PREPOSITIONS = frozenset(
    ("through", "by", "to", "of", "over", "against", "from", "for", "with", "on", "at", "in", "than")
)


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
        if token.kind == WORD_KIND and (_is_verb(reading.tokens, i) or _is_form(reading.tokens, i, verbs)):
            act = _act(reading.tokens, i)
            if act.agent or act.patient:
                yield act


def _is_verb(tokens: Sequence[Token], i: int) -> bool:
    """Whether a word is one of the acts, or has a verb's form; who says something is another room's."""
    word = tokens[i].word
    if word in SPEECH or word in POSTS or word in _NO_VERBS:
        return False
    if word == "loan" and i and tokens[i - 1].word == "on":
        return False
    if word.endswith("ing") and i and tokens[i - 1].clause != tokens[i].clause:
        return False
    if tokens[i].key in ACTS:
        return True
    before = tokens[i - 1] if i else None
    if before is None:
        return False
    if before.word in _PASSIVE:
        return word.endswith("ed") and any(token.word == "by" for token in tokens[i + 1 : i + 3])
    return before.word in _AUXILIARIES or (before.kind == NAME and word.endswith("ed"))


def _is_form(tokens: Sequence[Token], i: int, verbs: Set[str]) -> bool:
    """Whether a word is one of these verbs by its form and no noun behind an article."""
    word = tokens[i].word
    return tokens[i].key in verbs and word.endswith("ing") and not (i and tokens[i - 1].word in _DETERMINERS)


def _act(tokens: Sequence[Token], i: int) -> Act:
    before, after = _before(tokens, i), _after(tokens, i)
    name, converse = ACTS.get(tokens[i].key, ("", False))
    preposition = "" if after is None else _preposition(tokens, i, after)
    passive = i > 0 and tokens[i - 1].word in _PASSIVE
    one = None if before is None else tokens[before]
    other = None if after is None else tokens[after]
    if name == BEAT and tokens[i].word in ("defeat", "defeats", "loss", "losses"):
        converse, one = preposition != "of", one if one and one.possessive else None
    elif (
        name == BEAT
        and tokens[i].word in ("win", "victory", "wins", "won", "triumph")
        and preposition not in ("over", "against")
        and not (preposition == "at" and _has_score(tokens, i))
    ):
        one = other = None
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


def _has_object(tokens: Sequence[Token], i: int, name: int | None) -> bool:
    """Whether what was done has an object of its own before a preposition and a name: "saved a penalty from Loy", "put
    the hosts ahead from Prem's corner"."""
    if name is None or i + 2 >= name or tokens[i + 1].word not in _DETERMINERS or tokens[i - 1].word in _PASSIVE:
        return False
    return tokens[i + 2].kind == WORD_KIND


def _has_score(tokens: Sequence[Token], i: int) -> bool:
    """Whether a result stands right behind a verb: "won 3-2 at Rovers" names both sides."""
    return any(token.key.startswith("score") for token in tokens[i + 1 : i + 3])


def _agent_by(tokens: Sequence[Token], i: int) -> Token | None:
    """Who did it by a passive's end: "were knocked out of the cup by Larkfield"."""
    for j in range(i + 1, min(len(tokens), i + 1 + BEFORE)):
        if tokens[j].clause != tokens[i].clause:
            return None
        if tokens[j].word == "by":
            names = (k for k in range(j + 1, min(len(tokens), j + 5)) if tokens[k].kind == NAME)
            return next((tokens[k] for k in names if not _only_employs(tokens, k)), None)
    return None


def _only_employs(tokens: Sequence[Token], j: int) -> bool:
    """Whether a name is only the club of the one behind it: "Rovers goalkeeper Lund"."""
    behind = tokens[j + 1 : j + 3]
    return len(behind) > 1 and behind[0].word in POSTS and behind[1].kind == NAME


def _before(tokens: Sequence[Token], i: int) -> int | None:
    """The nearest name before a verb that no preposition leads to: in its clause or in one of the two before; "they"
    right before it is whom alone the sentence names before."""
    if i and tokens[i - 1].word in _SUBJECTS:
        named = [j for j, token in enumerate(tokens[: i - 1]) if token.kind == NAME]
        return named[0] if len(named) == 1 else None
    for j in range(i - 1, max(-1, i - 1 - BEFORE), -1):
        if tokens[i].clause - tokens[j].clause > 2:
            return None
        if tokens[j].kind != NAME or (tokens[j].possessive and j + 1 < i and tokens[j + 1].kind != WORD_KIND):
            continue
        if tokens[j].possessive and j + 1 < i:
            continue
        lead = j - 1 - (j > 1 and tokens[j - 1].word in _ARTICLES)
        if lead >= 0 and tokens[lead].word in _PREPOSITIONS and tokens[lead].clause == tokens[j].clause:
            continue
        return j
    return None


def _after(tokens: Sequence[Token], i: int) -> int | None:
    """The nearest name behind a verb in its clause; who owns it ("Rovers' Lund") is passed over."""
    for j in range(i + 1, min(len(tokens), i + 1 + BEHIND)):
        if tokens[j].clause != tokens[i].clause:
            return None
        if tokens[j].kind == NAME and not (tokens[j].possessive and j + 1 < len(tokens) and tokens[j + 1].kind == NAME):
            if _only_employs(tokens, j):
                continue
            return j
        if tokens[j].kind == WORD_KIND and tokens[j].key in ACTS and tokens[j].word not in POSTS:
            return None
    return None


def _preposition(tokens: Sequence[Token], verb: int, place: int) -> str:
    """The preposition between a verb and a name that leads to it, past an article and what describes it."""
    return next((tokens[j].word for j in range(place - 1, verb, -1) if tokens[j].word in _PREPOSITIONS), "")


def reversals(alignments: Sequence[Alignment]) -> Iterator[Finding]:
    """Somebody said to have done what a source says was done to them, or was done by another."""
    if not alignments:
        return
    ours = [act for act in acts(alignments[0].said) if _is_close(alignments[0].said.tokens, act)][:MOST_ACTS]
    verbs = frozenset(alignments[0].said.tokens[act.place].key for act in ours)
    theirs = [
        (one, act)
        for one in alignments
        if one.coverage >= SAME_EVENT
        for act in islice(acts(one.source, verbs), MOST_ACTS)
        if not _is_purpose(one.source.tokens, act)
    ]
    for act in ours:
        same = [(one, other) for one, other in theirs if other.name == act.name]
        if any(_confirms(one, act, other) for one, other in same):
            continue
        drawn = _source_of_draw(alignments, act) if act.name == BEAT else None
        if drawn is not None:
            verb = alignments[0].said.tokens[act.place]
            yield Finding("roles", verb.start, verb.end, drawn)
            continue
        for one, other in same:
            wrong = _wrong(one, act, other)
            if wrong:
                yield Finding("roles", wrong.start, wrong.end, one.row)
                break


def _source_of_draw(alignments: Sequence[Alignment], act: Act) -> int | None:
    """The source's sentence by which the two of a win drew, where none has them win or lose."""
    if act.agent is None or act.patient is None:
        return None
    both = [
        one
        for one in alignments
        if all(any(one.same(side, name) for name in one.source.names) for side in (act.agent, act.patient))
    ]
    if any(ACTS.get(token.key, ("",))[0] == BEAT for one in both for token in one.source.tokens):
        return None
    return next((one.row for one in both if _DRAW in one.source.keys and one.source.is_plain), None)


def _is_purpose(tokens: Sequence[Token], act: Act) -> bool:
    """Whether a verb behind "to" may have another subject: "founded by A, B and C, to sell"."""
    before = tokens[act.place - 1] if act.place else None
    if before is None or before.word != "to" or act.agent is None or act.agent.start > before.start:
        return False
    return any(token.word in ("by", "for") for token in tokens[: act.place])


def _is_close(tokens: Sequence[Token], act: Act) -> bool:
    """Whether the one before a verb surely is its subject: in its clause, with no more than two words between."""
    if act.agent is None:
        return False
    between = [token for token in tokens if act.agent.end <= token.start < tokens[act.place].start]
    if act.agent.start > tokens[act.place].start:
        return True
    if act.agent.clause != tokens[act.place].clause:
        return False
    return sum(token.kind == WORD_KIND for token in between) <= CLOSE and all(token.kind != NAME for token in between)


def origins(alignments: Sequence[Alignment]) -> Iterator[Finding]:
    """ "On loan from Rovers" of somebody whom the source has at Rovers from another club, named in both."""
    for one in alignments:
        if one.coverage < SAME_ORIGIN:
            continue
        ours, theirs = _origin(one.said), _origin(one.source)
        if ours is None or theirs is None or one.same(ours, theirs):
            continue
        if any(one.same(theirs, name) for name in one.said.names):
            yield Finding("roles", ours.start, ours.end, one.row)
            return


def _origin(reading: Reading) -> Token | None:
    """The one name that "from" leads to, None where there are more or none."""
    found = [name for before, name in pairwise(reading.tokens) if before.word == "from" and name.kind == NAME]
    return found[0] if len(found) == 1 else None


def _confirms(one: Alignment, act: Act, other: Act) -> bool:
    """Whether a source says the same of the same people, and as a thing done."""
    if one.source.clause_strengths.get(one.source.tokens[other.place].clause):
        return False
    agents = act.agent is None or other.agent is None or one.same(act.agent, other.agent)
    patients = act.patient is None or other.patient is None or one.same(act.patient, other.patient)
    return agents and patients and (one.same(act.agent, other.agent) or one.same(act.patient, other.patient))


def _differ(one: Alignment, ours: Token | None, theirs: Token | None) -> bool:
    return ours is not None and theirs is not None and not one.same(ours, theirs)


def _wrong(one: Alignment, act: Act, other: Act) -> Token | None:
    """The name that stands in the wrong role, None where the two can both be true."""
    if one.same(act.agent, other.patient) and one.same(act.patient, other.agent):
        return act.agent
    known = act.name in _KNOWN
    if known and one.same(act.patient, other.agent) and other.patient is None and _share_number(one):
        return act.agent
    one_agent = act.name in ONE_AGENT or (act.name == BEAT and _share_number(one))
    same_patient = one.same(act.patient, other.patient) or (other.patient is None and _share_number(one))
    if one_agent and same_patient and _differ(one, act.agent, other.agent):
        return act.agent
    one_patient = act.name in ONE_PATIENT or (act.name == BEAT and _share_number(one))
    if one_patient and one.same(act.agent, other.agent) and _differ(one, act.patient, other.patient):
        return act.patient
    if _changed_places(one, act, other) or _swaps_roles(one, act, other):
        return act.agent
    if act.name in _ONE_OF_EACH and one.coverage >= SAME_ORIGIN and _differ(one, act.agent, other.agent):
        return act.agent
    if _differ(one, act.agent, other.agent) and act.patient is None and _named_elsewhere(one, act, other):
        return act.agent
    return None


_KNOWN = frozenset(name for name, _ in ACTS.values())
# What one did, once, for another: "set up the winner", "put them ahead".
_ONE_OF_EACH = frozenset(map(stem, ("assist", "put")))


def _changed_places(one: Alignment, act: Act, other: Act) -> bool:
    """Whether the two of a sentence stand in the source's, each where the other should."""
    return (
        act.patient is not None
        and one.same(act.agent, other.patient)
        and _differ(one, act.patient, other.patient)
        and (other.agent is None and any(one.same(act.patient, name) for name in one.source.names))
    )


def _swaps_roles(one: Alignment, act: Act, other: Act) -> bool:
    """Whether each of two sentences that say nearly the same has the other's agent in another role."""
    if one.coverage < ALIKE or not _differ(one, act.agent, other.agent) or not _is_close(one.source.tokens, other):
        return False
    names = any(one.same(act.agent, name) for name in one.source.names) and any(
        one.same(other.agent, name) for name in one.said.names
    )
    return names and "and" not in _words_between(one, act, other)


def _words_between(one: Alignment, act: Act, other: Act) -> set[str]:
    """The words of the source between the first places of two names that both may be its subject."""
    tokens = one.source.tokens
    places = [
        next((i for i, token in enumerate(tokens) if token.kind == NAME and one.same(token, who)), None)
        for who in (act.agent, other.agent)
    ]
    first, last = sorted(place for place in places if place is not None) if None not in places else (0, 0)
    return {token.word for token in tokens[first:last]}


def _share_number(one: Alignment) -> bool:
    """Whether both tell of one score."""
    return any(token.key.startswith("score") and token.key in one.source.keys for token in one.said.numbers)


def _named_elsewhere(one: Alignment, act: Act, other: Act) -> bool:
    """Whether the sentence names who did it by the source, but has him do something else."""
    return act.name in _KNOWN and any(
        one.same(other.agent, act2.agent) for act2 in acts(one.said) if act2.name != act.name
    )
