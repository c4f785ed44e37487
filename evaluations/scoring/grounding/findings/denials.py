"""Whether a thing is said to be so: what a source denies, told, and what it tells, denied."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from evaluations.scoring.facts.weekdays import WEEKDAYS
from evaluations.scoring.grounding.acts import PREPOSITIONS
from evaluations.scoring.grounding.alignment import Alignment
from evaluations.scoring.grounding.clauses import FUNCTION, NAME, NUMBER, WORD_KIND, Reading, Token
from evaluations.scoring.grounding.findings.finding import Finding
from evaluations.scoring.lexicon.governors import CERTAIN, HINTS, INTENDED, SPEECH, STRENGTHS

# How much of a sentence the source's must hold to speak of the same thing: with a name, and without.
_DENIED_FROM, _NAMELESS = 0.55, 0.7
# From here on a sentence is a copy, judged by what differs.
_COPIED = 0.75
# "Waited until Monday to sign" is "did not sign until Monday".
_WAITING = frozenset(("wait", "waits", "waited", "waiting", "delayed", "postponed"))
_OPEN = frozenset(("if", "unless", "only"))
STANDS_FOR_VERBS = frozenset(("does", "did", "do", "will", "would", "is", "was", "has", "have", "had", "can"))
# "Ruled out" and "turned down" deny what stands so near before them.
_PARTICLES, _UNDONE_WITHIN = frozenset(("out", "down")), 5
_HELPING = frozenset(("has", "have", "had", "was", "were", "been", "be", "is", "are"))
_BEFORE_DEEDS = frozenset(("not", "never", "to", "will", "would", "could", "cannot", "who", "has", "had", "have"))
# How far behind a denied word the source may deny what it leads to.
_FOLLOWS = 5
_THINKING = frozenset(("thought", "believed", "assumed", "suspected", "feared"))
_TIMES = frozenset(("once", "twice"))
_SUBJECTS = frozenset(("he", "she", "they", "it", "who"))
_NOBODY = frozenset(("nobody", "no", "none", "never"))
_ARTICLES = frozenset(("the", "a", "an", "his", "her", "their", "its"))


def denials(alignments: Sequence[Alignment]) -> Iterator[Finding]:
    """A verb, or what it acts on, that is denied on one side while the clause of the other denies nothing."""
    near = [alignment for alignment in alignments if alignment.coverage >= _DENIED_FROM]
    for alignment in near:
        said, source = alignment.said, alignment.source
        if alignment.asks or "if" in said.words or not _same_matter(alignment):
            continue
        for i, j in alignment.matches:
            token = said.tokens[i]
            if token.kind != WORD_KIND or said.negations[i] == source.negations[j] or _can_both_be(alignment, i, j):
                continue
            others = (one for one in near if one is not alignment and _tells(one, alignment))
            if any(_agrees(one, token.key, said, i) for one in others):
                continue
            if not _says_both(alignment):
                yield Finding("negation", token.start, token.end, alignment.row)
            break


def _can_both_be(alignment: Alignment, i: int, j: int) -> bool:
    """Whether a word that one sentence denies and the other does not says no other thing for that."""
    said, source = alignment.said, alignment.source
    if said.tokens[i].word in WEEKDAYS or _is_aside(said, i) or _is_thought(source, j):
        return True
    if _both_deny(alignment, i, j) or _is_condition(source, j) or _agrees(alignment, said.tokens[i].key, said, i):
        return True
    hinted = _denies_before(source, j) if said.negations[i] else _denies_before(said, i)
    if hinted and not all(_denials_around(alignment, i, j)):
        return True
    if _leaves_open(said, i, source, j) or _denies_some(alignment, i):
        return True
    return _has_other_subject(alignment, i, j) or _is_thing_and_deed(said, i, source, j)


def _is_aside(said: Reading, i: int) -> bool:
    """Whether a word stands in a clause that only says who it is not: "Rovers, not the favourites United, won"."""
    return next(token for token in said.tokens if token.clause == said.tokens[i].clause).word == "not"


def _is_thought(source: Reading, j: int) -> bool:
    """Whether somebody only thought so: "thought that he had left it in a taxi"."""
    return any(token.word in _THINKING for token in source.tokens[max(0, j - 5) : j])


def added_denials(alignments: Sequence[Alignment]) -> Iterator[Finding]:
    """A denial put between two words that a source says one after the other, or taken out from between them: "did [not]
    sign". Where all else is copied, only a word that may deny by itself ("failure to") can stand for it."""
    near = [alignment for alignment in alignments if alignment.coverage >= _COPIED and not alignment.asks]
    for alignment in near:
        said, source = alignment.said, alignment.source
        if bool(said.denials) == bool(source.denials):
            continue
        if not HINTS.isdisjoint((source if said.denials else said).words):
            continue
        followers, partners = dict(pairwise(source.comparable)), dict(alignment.pairs)
        for i, k in pairwise(said.comparable):
            j = partners.get(i)
            if j is None or followers.get(j) != partners.get(k, -1):
                continue
            denial = _denial_between(said, i, k)
            if denial is None and _denial_between(source, j, partners[k]) is None:
                continue
            if _leaves_open(said, k, source, partners[k]) or _is_condition(source, partners[k]):
                continue
            if any(_agrees(one, said.tokens[k].key, said, k) for one in near if one is not alignment):
                continue
            if not _says_both(alignment):
                token = said.tokens[k if denial is None else denial]
                yield Finding("negation", token.start, token.end, alignment.row)
                break


def undone(alignments: Sequence[Alignment]) -> Iterator[Finding]:
    """Told as standing what a source has ruled out, thrown out or turned down: "the second effort did count"."""
    for one in alignments:
        if one.coverage < _COPIED or one.said.denials or not HINTS.isdisjoint(one.said.words):
            continue
        tokens = one.source.tokens
        for place in (place for place in one.source.denials if tokens[place].word in _PARTICLES):
            things = {other.key for other in _ruled_on(tokens, place - 1)}
            if things and things <= one.said.all_keys:
                first = next(token for token in one.said.tokens if token.key in things)
                yield Finding("negation", first.start, first.end, one.row)
                return


def _ruled_on(tokens: Sequence[Token], verb: int) -> list[Token]:
    """What is ruled out or turned down, where it stands before the verb: "saw his second effort ruled out", "the claim
    was thrown out"."""
    end = verb
    while end and tokens[end - 1].word in _HELPING:
        end -= 1
    first = next((j for j in range(end - 1, -1, -1) if tokens[j].word in _ARTICLES or tokens[j].possessive), end)
    thing = tokens[first + 1 : end]
    alike = all(token.kind == WORD_KIND and token.clause == tokens[verb].clause for token in thing)
    return list(thing) if alike and len(thing) < _UNDONE_WITHIN else []


def _denial_between(reading: Reading, i: int, k: int) -> int | None:
    """The place of a small word that denies between two places, None for none."""
    return next((place for place in reading.denials if i < place < k and reading.tokens[place].kind == FUNCTION), None)


def _says_both(alignment: Alignment) -> bool:
    """Whether a source has something of a sentence both denied and not: "the trust voted against them; all others voted
    for them"."""
    source = alignment.source
    denied = {token.key for token, turned in zip(source.tokens, source.negations, strict=True) if turned}
    affirmed = {token.key for token, turned in zip(source.tokens, source.negations, strict=True) if not turned}
    verbs = {token.key for place in source.denials for token in source.tokens[max(0, place - 1) : place]}
    return any(
        token.key in alignment.said.keys and token.kind == WORD_KIND and (token.key in denied or token.key in verbs)
        for token in source.tokens
        if token.key in affirmed and sum(other.key == token.key for other in source.tokens) > 1
    )


def _leaves_open(said: Reading, i: int, source: Reading, j: int) -> bool:
    """Whether both can be true: "has yet to" beside "will", "may" or "only if" beside "not unless"."""
    if {"first", "since"} <= source.words or {"first", "since"} <= said.words:
        return True
    if {"no", "than"} <= source.words and "any" in said.words:
        return True
    if said.words & {"than", "as"} and not _NOBODY.isdisjoint(said.words):
        return True
    if {"never", "before"} <= said.words or ("before" in said.words and _dates(source)):
        return True
    until = any(token.word == "until" and token.clause == source.tokens[j].clause for token in source.tokens)
    if until and "until" not in said.words and not said.negations[i]:
        return True
    if "until" in source.words and not _WAITING.isdisjoint(said.words):
        return True
    if said.negations[i] and (_was_only_meant(source, j) or "too" in source.words):
        return True
    if said.negations[i]:
        return "yet" in said.words and (source.strengths[j] < CERTAIN or "until" in source.words)
    return "unless" in source.words and (said.weakest_before(i) < INTENDED or not _OPEN.isdisjoint(said.words))


def _dates(source: Reading) -> bool:
    """Whether "from" or "in" leads to a date: "play from 9 August" is "not play before"."""
    led = ((lead.word, date.key) for lead, date in pairwise(source.tokens))
    return any(lead in ("from", "in", "on") and date.startswith("date") for lead, date in led)


def _denies_some(alignment: Alignment, i: int) -> bool:
    """Whether the source denies something of a sentence that denies: "not promised to give" beside "promised to meet
    them, though not to give"."""
    said, source = alignment.said, alignment.source
    denied = {token.key for token, turned in zip(source.tokens, source.negations, strict=True) if turned}
    follows = (token.key for token in said.tokens[i + 1 : i + 1 + _FOLLOWS] if token.kind == WORD_KIND)
    denied_by = [place for place in source.denials if source.tokens[place].kind == FUNCTION]
    named = [name for place in denied_by if (name := _led_to(source.tokens[place + 1 : place + 3])) is not None]
    if any(alignment.same(ours, theirs) for ours in said.names for theirs in named):
        return True
    acted_on = next((name for name in said.names if said.tokens[i].end < name.start), None)
    if said.negations[i] and acted_on and not any(alignment.same(acted_on, name) for name in source.names):
        return True  # "did not take off Dray" beside "took off Noor"
    return said.negations[i] and any(key in denied for key in follows)


def _led_to(behind: Sequence[Token]) -> Token | None:
    """The name that a denial leads to, past one small word: "not Dray", "not to Renner"."""
    place = 1 if behind and behind[0].word in PREPOSITIONS else 0
    return next((token for token in behind[place : place + 1] if token.kind == NAME), None)


def _has_other_subject(alignment: Alignment, i: int, j: int) -> bool:
    """Whether each sentence names somebody before a verb, and not the same: "Rovers have not qualified" beside "United
    qualified with a win over Rovers"."""
    ours, theirs = _named_before(alignment.said, i), _named_before(alignment.source, j)
    if ours is not None and theirs is None and _is_only_behind(alignment, ours, j):
        return True  # "Lund was not hurt" beside "the winger was hurt when she collided with Lund"
    return ours is not None and theirs is not None and not alignment.same(ours, theirs)


def _is_only_behind(alignment: Alignment, name: Token, j: int) -> bool:
    """Whether a source names somebody only behind a place and in another clause."""
    tokens = alignment.source.tokens
    places = [k for k, token in enumerate(tokens) if token.kind == NAME and alignment.same(name, token)]
    speaks = any(token.word in SPEECH for k in places for token in tokens[max(0, k - 1) : k + 2])
    clause = tokens[j].clause
    pronoun = any(token.word in _SUBJECTS and token.clause == clause for token in tokens[:j])
    behind = bool(places) and all(k > j and tokens[k].clause != clause for k in places)
    return behind and not speaks and not pronoun


def _named_before(reading: Reading, i: int) -> Token | None:
    """The one name before a token in its clause, None where there is none or more."""
    clause = reading.tokens[i].clause
    names = [
        token
        for before, token in pairwise((None, *reading.tokens[:i]))
        if token is not None and token.kind == NAME and token.clause == clause and not token.possessive
        if before is None or before.word not in PREPOSITIONS
    ]
    return names[0] if len(names) == 1 else None


def _is_thing_and_deed(said: Reading, i: int, source: Reading, j: int) -> bool:
    """Whether a word is a noun here and a verb there: "a match" beside "does not match"."""
    before = [reading.tokens[place - 1] if place else None for reading, place in ((said, i), (source, j))]
    return any(
        one is not None and other is not None and _is_counted(one) and other.word in _BEFORE_DEEDS
        for one, other in (before, before[::-1])
    )


def _is_counted(before: Token) -> bool:
    """Whether what follows a token is a thing."""
    return before.word in _ARTICLES or (before.kind == NUMBER and before.word not in _TIMES)


def _was_only_meant(source: Reading, j: int) -> bool:
    """Whether something had only been thought of or hoped for: "had thought of releasing him"."""
    clause = [token.word for token in source.tokens[:j] if token.clause == source.tokens[j].clause]
    return "had" in clause and any(STRENGTHS.get(word, CERTAIN) < CERTAIN for word in clause[clause.index("had") :])


def _denies_before(reading: Reading, i: int) -> bool:
    """Whether something before a token denies, or anything in the sentence may be meant to."""
    return reading.hints or any(place < i for place in reading.denials)


def _same_matter(alignment: Alignment) -> bool:
    """Whether both speak of somebody by name, or of so much the same that no name is needed."""
    if alignment.coverage >= _NAMELESS:
        return True
    source = alignment.source
    return any(alignment.same(ours, theirs) for ours in alignment.said.names for theirs in source.names)


def _agrees(other: Alignment, key: str, said: Reading, i: int) -> bool:
    """Whether a source says the same word with the same polarity."""
    tokens, negated = other.source.tokens, said.negations[i]
    return any(token.key == key and other.source.negations[j] == negated for j, token in enumerate(tokens))


def _tells(other: Alignment, alignment: Alignment) -> bool:
    """Whether another source has the numbers and dates too that both share."""
    shared = {token.key for token in alignment.said.numbers} & alignment.source.all_keys
    return shared <= other.source.all_keys


def _both_deny(alignment: Alignment, i: int, j: int) -> bool:
    """Whether both clauses deny something, in a copy as often or twice more ("ruled out" and "did not rule out" do
    not); or the sentence ends in a denial whose verb is left out: "B does not"."""
    if any(place >= len(alignment.said.tokens) - 2 for place in alignment.said.denials):
        return True
    if len(alignment.source.tokens) - 1 in alignment.source.denials or _leaves_verb_out(alignment.source):
        return True
    ours, theirs = _denials_around(alignment, i, j)
    return ours > 0 and theirs > 0 and (alignment.coverage < _COPIED or (ours - theirs) % 2 == 0)


def _leaves_verb_out(source: Reading) -> bool:
    """Whether a clause ends in what only stands for a verb: "the goal does not count, but the card does"."""
    ends = (one for one, other in pairwise(source.tokens) if one.clause != other.clause)
    return any(token.word in STANDS_FOR_VERBS for token in (*ends, source.tokens[-1]))


def _denials_around(alignment: Alignment, i: int, j: int) -> tuple[int, int]:
    """How many words deny in the clause of a token of the sentence, and in that of one of the source."""
    said, source = alignment.said, alignment.source
    ours = sum(said.tokens[place].clause == said.tokens[i].clause for place in said.denials)
    return ours, sum(source.tokens[place].clause == source.tokens[j].clause for place in source.denials)


def _is_condition(source: Reading, j: int) -> bool:
    """Whether a word stands in a clause that only supposes something."""
    clause = source.tokens[j].clause
    return any(token.word == "if" and token.clause == clause for token in source.tokens[:j])
