"""What a number counts and whose it is: a number belongs to its noun and to the nearest name."""

from collections.abc import Iterator, Sequence
from itertools import islice, pairwise, takewhile
from typing import NamedTuple

from evaluations.scoring.facts.currencies import agree
from evaluations.scoring.grounding.alignment import Alignment
from evaluations.scoring.grounding.clauses import NAME, NUMBER, WORD_KIND, Reading, Token
from evaluations.scoring.grounding.findings.finding import Finding
from evaluations.scoring.lexicon.groups import KINDS, exclude
from evaluations.scoring.text.words import stem, word_list

# How far behind a number what it counts may stand, and how many words of it are looked at.
COUNTED, NOUNS = 4, 2
# How far behind a number its time may stand: "14 goals in 31 matches this season".
WHEN = 7
# A number in commas behind a person's name.
# Two numbers no further apart are of one thing: "7.5% or 9%", "four of her six".
PAIR = 3
_AGE, _AGES = "\0age", range(14, 60)
# How much of a sentence the source's must hold for the same noun and name to be the same thing.
SAME_THING = 0.3
# A copy of a source's sentence has its numbers from there, whoever they seem to belong to.
COPIED = 0.8
# The same for two numbers that changed places, and how near what they belong to must stand.
SWAPPED_FROM, BESIDE = 0.5, 4
TIME = stem("time")
_PERIODS = frozenset(map(stem, word_list("season campaign")))
_TIME_UNITS = frozenset(map(stem, word_list("second minute hour day week month year decade")))
# "Four points ahead" counts no points that somebody has.
_APART = frozenset(map(stem, word_list("more fewer less ahead behind clear adrift apart above below short")))
_COUNTS = frozenset(("number", "amount"))
_LEADING = frozenset(("at", "in", "of", "against", "from", "by", "over", "than", "on"))
_ORDINALS = frozenset(word for word, kinds in KINDS.items() if any(kind.startswith("ordinal") for kind in kinds))
_PRONOUNS = frozenset(word_list("he she they it him her them his their its"))
_TIMES = frozenset(("this", "last", "next", "previous"))


class Quantity(NamedTuple):
    """A number with the words that it counts, whose it is (None where nobody is named), when, the noun right behind it
    ("" for none), and the words of its clause behind it."""

    token: Token
    counted: frozenset[str]
    owner: Token | None
    when: str
    noun: str
    behind: frozenset[str]


def quantities(reading: Reading) -> Iterator[Quantity]:
    """The numbers of a sentence, each with its noun and the name that it belongs to."""
    tokens = reading.tokens
    for i, token in enumerate(tokens):
        counts = token.kind == NUMBER and token.key.split(" ", 1)[0] in _COUNTS
        if counts or (token.word in _ORDINALS and token.kind == WORD_KIND):
            counted = _counted_nouns(tokens, i)
            yield Quantity(
                token, counted, _owner(tokens, i), time_word(tokens, i), _noun(tokens, i), _behind(tokens, i)
            )


def _counted_nouns(tokens: Sequence[Token], i: int) -> frozenset[str]:
    if _is_age(tokens, i):
        return frozenset((_AGE,))
    found: list[str] = []
    for token in tokens[i + 1 : i + 1 + COUNTED]:
        if token.clause != tokens[i].clause or token.kind in (NAME, NUMBER) or len(found) == NOUNS:
            break
        if token.kind == WORD_KIND and token.key not in _PERIODS and token.word not in _TIMES:
            found.append(token.key)
    if found == [TIME]:
        found += [token.key for token in tokens[max(0, i - 1) : i] if token.kind == WORD_KIND]
    return frozenset(found) | _verb_before(tokens, i)


def _noun(tokens: Sequence[Token], i: int) -> str:
    """The word right behind a number, "" where none with content stands there."""
    following = tokens[i + 1] if i + 1 < len(tokens) else None
    return following.key if following and following.kind == WORD_KIND and following.clause == tokens[i].clause else ""


def _behind(tokens: Sequence[Token], i: int) -> frozenset[str]:
    """The words behind a number in its clause, up to the next number."""
    clause = takewhile(lambda token: token.kind != NUMBER and token.clause == tokens[i].clause, tokens[i + 1 :])
    return frozenset(token.key for token in clause if token.kind == WORD_KIND)


def _is_age(tokens: Sequence[Token], i: int) -> bool:
    """Whether a number in commas behind a name is an age: "Lund, 22, has signed"."""
    before, behind = tokens[i - 1 : i] if i else (), tokens[i + 1 : i + 2]
    value = tokens[i].key.partition(" ")[2].strip()
    return (
        bool(before and behind)
        and before[0].kind == NAME
        and before[0].clause != tokens[i].clause != behind[0].clause
        and value.isdecimal()
        and int(value) in _AGES
    )


def _verb_before(tokens: Sequence[Token], i: int) -> frozenset[str]:
    """ "won six of his 21 matches", "overspent by £3m": what was done so many times or by so much."""
    place = i - 1 - (i > 1 and tokens[i - 1].word in ("by", "only", "about", "nearly", "over", "just"))
    before = tokens[place] if place >= 0 else None
    return frozenset([before.key] if before and before.kind == WORD_KIND and before.clause == tokens[i].clause else [])


def _owner(tokens: Sequence[Token], i: int) -> Token | None:
    """The nearest name before a number that no preposition leads to, else the next behind it in its clause."""
    for j in range(i - 1, -1, -1):
        if tokens[j].kind == NAME and not (j and tokens[j - 1].word in _LEADING):
            return tokens[j]
    behind = tokens[i + 1 : i + 8]
    return next((token for token in behind if token.kind == NAME and token.clause == tokens[i].clause), None)


def time_word(tokens: Sequence[Token], i: int) -> str:
    """The time that a number is of: "this", "last" or "next", as in "14 goals this season"; "" where none is said."""
    for token in tokens[i + 1 : i + 1 + WHEN]:
        if token.clause != tokens[i].clause:
            return ""
        if token.word in _TIMES:
            return token.word
    return ""


# Of a sentence that lists more numbers the further ones are not bound: each is held against all of the source's.
MOST_QUANTITIES = 40


def miscounts(alignments: Sequence[Alignment]) -> Iterator[Finding]:
    """Numbers of a sentence that a source gives to another noun, name or time, with another in their place."""
    if not alignments:
        return
    theirs = [
        (one, quantity)
        for one in alignments
        if one.coverage >= SAME_THING
        for quantity in islice(quantities(one.source), MOST_QUANTITIES)
    ]
    results = {part for one in alignments for token in one.source.numbers for part in _results(token)}
    wholes = _wholes(alignments[0].said)
    for ours in islice(quantities(alignments[0].said), MOST_QUANTITIES):
        if ours.token in wholes or not results.isdisjoint(ours.token.key.split()[1:2]):
            continue
        row = _other_time(ours, theirs)
        if row is None:
            row = _other_number(ours, theirs)
        if row is not None:
            yield Finding("number", ours.token.start, ours.token.end, row)
    yield from _swaps(alignments)


def _results(token: Token) -> list[str]:
    """The numbers of a result: "412 to 389" counts both."""
    return token.key.split()[1:] if token.key.startswith("score") else []


def _wholes(said: Reading) -> list[Token]:
    """The numbers of which a sentence tells a part: of "seven of the 23 players" a source may name the seven alone."""
    tokens = said.tokens
    return [token for i, token in enumerate(tokens) if token.kind == NUMBER and _has_part(tokens[max(0, i - 4) : i])]


def _has_part(before: Sequence[Token]) -> bool:
    return any(number.kind == NUMBER and lead.word == "of" for number, lead in pairwise(before))


def _swaps(alignments: Sequence[Alignment]) -> Iterator[Finding]:
    """Two numbers that a source has too, each beside what the source puts beside the other."""
    said = alignments[0].said
    for one in alignments:
        shared = {token.key for token in said.numbers} & {token.key for token in one.source.numbers}
        if one.coverage < SWAPPED_FROM or len(shared) != 2 or _is_pair(said, shared) or _keep_leads(one, shared):
            continue
        if "instead" in said.words:
            continue  # "four matches instead of six" for "from six matches to four"
        ours, theirs = _beside(one, said, shared, said), _beside(one, one.source, shared, said)
        turned = [key for key in sorted(ours) if key in theirs and theirs[key] != ours[key]]
        if turned and (_are_verbs_turned(said, one.source, shared) or not any(theirs.get(k) == ours[k] for k in ours)):
            token = next(token for token in said.numbers if token.key in shared)
            yield Finding("number", token.start, token.end, one.row)
            return


def _keep_leads(one: Alignment, shared: set[str]) -> bool:
    """Whether each number keeps the small word before it: "to £65,000 from £40,000"."""
    ours, theirs = (
        {token.key: before.word for before, token in pairwise(reading.tokens) if token.key in shared}
        for reading in (one.said, one.source)
    )
    return ours == theirs and len(set(ours.values())) == len(shared) and set(ours.values()) <= _LEADING | {"to"}


def _are_verbs_turned(said: Reading, source: Reading, shared: set[str]) -> bool:
    """Whether two words stand right before two numbers here, and in the source each before the other's: "bought two and
    sold three" for "sold two and bought three"."""
    ours, theirs = (
        {token.key: before.key for before, token in pairwise(reading.tokens) if token.key in shared}
        for reading in (said, source)
    )
    return len(ours) == len(theirs) == len(shared) and ours != theirs and set(ours.values()) == set(theirs.values())


def _is_pair(said: Reading, shared: set[str]) -> bool:
    """Whether two numbers stand side by side, as of one thing: "7.5% or 9% of the pay"."""
    places = [i for i, token in enumerate(said.tokens) if token.key in shared]
    return max(places) - min(places) <= PAIR


def _beside(one: Alignment, reading: Reading, shared: set[str], said: Reading) -> dict[str, str]:
    """For each word or name that both sentences have, which of two numbers stands nearer to it; ties are left out."""
    places = [(i, token.key) for i, token in enumerate(reading.tokens) if token.kind == NUMBER and token.key in shared]
    if len(places) != 2:
        return {}
    common = {token.key for token in said.tokens if token.kind in (WORD_KIND, NAME)}
    nearest: dict[str, str] = {}
    for i, token in enumerate(reading.tokens):
        key = _common_key(one, token, common, said)
        (first, one_number), (second, other_number) = places
        if key and abs(i - first) != abs(i - second) and min(abs(i - first), abs(i - second)) <= BESIDE:
            nearest[key] = one_number if abs(i - first) < abs(i - second) else other_number
    return nearest


def _common_key(one: Alignment, token: Token, common: set[str], said: Reading) -> str:
    if token.kind == WORD_KIND:
        return token.key if token.key in common else ""
    if token.kind != NAME:
        return ""
    return next((name.key for name in said.names if one.same(name, token)), "")


def _other_time(ours: Quantity, theirs: Sequence[tuple[Alignment, Quantity]]) -> int | None:
    """The row that gives the number for another time ("last season"), None where one gives it for this."""
    equal = [
        (one, other) for one, other in theirs if other.token.key == ours.token.key and _owned_alike(one, ours, other)
    ]
    if not ours.when or any(other.when in ("", ours.when) for _, other in equal):
        return None
    return next((one.row for one, other in equal if exclude(ours.when, other.when)), None)


def _other_number(ours: Quantity, theirs: Sequence[tuple[Alignment, Quantity]]) -> int | None:
    """The row that counts the same of the same name and has another number, None where one has this number."""
    alike = [(one, other) for one, other in theirs if _same_thing(one, ours, other)]
    if any(_equal(ours, other) for _, other in alike):
        return None
    if any(_equal(ours, other) and _may_be(one, ours, other) for one, other in theirs):
        return None
    rows = (
        one.row
        for one, other in alike
        if _comparable(ours, other) and not _has_both(one, ours) and not _tell_both(one, ours, other)
    )
    return next(rows, None)


def _tell_both(one: Alignment, ours: Quantity, other: Quantity) -> bool:
    """Whether both sentences have both numbers: "banned for four matches instead of six" and "from six to four"."""
    return other.token.key in one.said.all_keys and ours.token.key in one.source.all_keys


def _has_both(one: Alignment, ours: Quantity) -> bool:
    """Whether the source's sentence has this number too, and not as another's: of the owner, or of the same noun where
    it does not name the owner."""
    unnamed = not any(one.same(ours.owner, name) for name in one.source.names)
    for other in quantities(one.source):
        same_noun = not ours.counted.isdisjoint(other.counted) or ours.noun in other.behind
        if one.coverage >= COPIED and _equal(ours, other) and (same_noun or not ours.noun):
            return True
        free = ours.owner is not None or same_noun or not (ours.noun and other.noun)
        if _equal(ours, other) and ((free and _owned_alike(one, ours, other)) or (unnamed and same_noun)):
            return True
    return False


def _may_be(one: Alignment, ours: Quantity, other: Quantity) -> bool:
    """Whether an equal number of a source may be this one: it does not say what it counts, or only "her" whose."""
    if not other.counted or ours.noun in other.behind:
        return _owned_alike(one, ours, other)
    return not ours.counted.isdisjoint(other.counted) and not _PRONOUNS.isdisjoint(one.source.words)


def _unit(token: Token) -> str:
    return token.key.rpartition(" ")[2] if token.key.startswith("amount") else ""


def _equal(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities are the same number, in currencies that can be one; in none agrees with any."""
    if one.token.key == other.token.key:
        return True
    units = _unit(one.token), _unit(other.token)
    same = one.token.key.split(" ")[1:2] == other.token.key.split(" ")[1:2]
    return same and ("" in units or agree(*units))


def _comparable(ours: Quantity, other: Quantity) -> bool:
    """Whether both count or both rank; a number beside one of another season says nothing."""
    if ours.counted & _TIME_UNITS != other.counted & _TIME_UNITS:
        return False
    if bool(ours.behind & _APART) != bool(other.behind & _APART):
        return False
    ranked = ours.token.word in _ORDINALS, other.token.word in _ORDINALS
    return ranked[0] == ranked[1] and not (ours.when and other.when and ours.when != other.when)


def _same_thing(one: Alignment, ours: Quantity, other: Quantity) -> bool:
    if _unit(ours.token) != _unit(other.token) or _other_nouns(ours, other):
        return False
    return not ours.counted.isdisjoint(other.counted) and _owned_alike(one, ours, other)


def _other_nouns(ours: Quantity, other: Quantity) -> bool:
    """Whether two numbers count different things that only something behind both is said of: "870 infections have been
    reported" and "457 deaths have been reported"."""
    apart = ours.noun not in other.counted and other.noun not in ours.counted
    return bool(ours.noun and other.noun) and apart


def _owned_alike(one: Alignment, ours: Quantity, other: Quantity) -> bool:
    return ours.owner is None or other.owner is None or one.same(ours.owner, other.owner)
