"""Who did it to whom: the one before a verb and the one behind it, with passives and converses turned round."""

from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from evaluations.scoring.grounding.acts import Act, acts
from evaluations.scoring.grounding.alignment import Alignment
from evaluations.scoring.grounding.clauses import NAME, NUMBER, WORD_KIND, Reading, Token
from evaluations.scoring.grounding.findings.finding import Finding
from evaluations.scoring.lexicon.acts import ACTS, BEAT, ONE_AGENT, ONE_PATIENT
from evaluations.scoring.lexicon.governors import CERTAIN, REPORTED
from evaluations.scoring.lexicon.posts import POSTS
from evaluations.scoring.text.words import stem, word_list

# How much of a sentence the source's must hold for the same verb to be the same event.
SAME_EVENT = 0.3
SAME_ORIGIN = 0.67
ALIKE = 0.8
# More words between a name and a verb, and the verb may be another's.
CLOSE = 3
_LEADERS = frozenset(word_list("owner chairman chairwoman chair president director manager coach boss"))
_DRAW = stem("draw")
# So many acts of one sentence are looked at: a list of results has as many as it has lines.
MOST_ACTS = 12


def reversals(alignments: Sequence[Alignment]) -> Iterator[Finding]:
    """Somebody said to have done what a source says was done to them, or was done by another."""
    if not alignments or "if" in alignments[0].said.words:
        return
    ours = [act for act in acts(alignments[0].said) if _is_close(alignments[0].said.tokens, act)][:MOST_ACTS]
    verbs = frozenset(alignments[0].said.tokens[act.place].key for act in ours)
    theirs = [
        (one, act)
        for one in alignments
        if one.coverage >= SAME_EVENT
        for act in islice(acts(one.source, verbs), MOST_ACTS)
        if not _is_purpose(one.source.tokens, act) and not _is_open(one.source, act)
    ]
    for act in ours:
        same = [(one, other) for one, other in theirs if other.name == act.name and not _leads_it(one, act, other)]
        if any(_is_left_out(one, act) for one, _ in same):
            continue
        if act.name == BEAT and any(_share_number(one) for one, _ in same):
            same = [(one, other) for one, other in same if _share_number(one)]  # of two legs the one with this result
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


def _is_left_out(one: Alignment, act: Act) -> bool:
    """Whether a source leaves out what somebody did, for he did the same: "Borough owed £700,000 and Saints £1.2m"."""
    tokens = one.source.tokens
    return any(
        before.word == "and" and name.kind == NAME and number.kind == NUMBER and one.same(act.agent, name)
        for before, name, number in zip(tokens, tokens[1:], tokens[2:], strict=False)
    )


def _leads_it(one: Alignment, act: Act, other: Act) -> bool:
    """Whether the source names who did it as one with a post where it has his club do it: "Rovers sacked Lund; owner
    Prys said that she had done it"."""
    return (
        act.agent is not None
        and other.agent is not None
        and other.agent.word.split()[-1] not in POSTS
        and any(
            before.word in _LEADERS and one.same(act.agent, name)
            for before, name in pairwise(one.source.tokens)
            if name.kind == NAME and name.clause > one.source.tokens[other.place].clause
        )
    )


def _source_of_draw(alignments: Sequence[Alignment], act: Act) -> int | None:
    """The source's sentence by which the two of a win drew, where none has them win or lose."""
    if act.agent is None or act.patient is None or any(_share_number(one) and one.said.numbers for one in alignments):
        return None
    both = [
        one
        for one in alignments
        if all(any(one.same(side, name) for name in one.source.names) for side in (act.agent, act.patient))
    ]
    if any(ACTS.get(token.key, ("",))[0] == BEAT for one in both for token in one.source.tokens):
        return None
    return next((one.row for one in both if _DRAW in one.source.keys and one.source.is_plain), None)


def _is_open(source: Reading, act: Act) -> bool:
    """Whether a source only thinks a thing possible or likely."""
    return source.clause_strengths.get(source.tokens[act.place].clause, CERTAIN) <= REPORTED


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
