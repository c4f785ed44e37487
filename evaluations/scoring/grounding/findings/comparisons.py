"""More or less, higher or lower, before or after: who or what leads in a comparison, by words and by numbers."""

from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from itertools import takewhile
from typing import NamedTuple

from evaluations.scoring.grounding.alignment import Alignment, row_reading
from evaluations.scoring.grounding.clauses import FUNCTION, NAME, NUMBER, Reading, Token
from evaluations.scoring.grounding.findings.finding import Finding
from evaluations.scoring.grounding.implied import YEARS
from evaluations.scoring.lexicon.groups import OPPOSITES
from evaluations.scoring.text.words import word_list

_UP = frozenset(
    word_list("more higher bigger larger greater longer older heavier faster better earlier stronger above ahead")
)
_DOWN = frozenset(word_list("fewer less lower smaller shorter younger lighter slower worse later weaker below behind"))
# Only these are read off numbers: what is better, earlier or above depends on what is counted.
_COUNTED_UP = frozenset(word_list("more higher bigger larger greater longer older heavier"))
_COUNTED_DOWN = frozenset(word_list("fewer less lower smaller shorter younger lighter"))
_PRONOUNS = frozenset(("they", "he", "she", "it"))
# Who stands above is ahead.
_AHEAD = {"above": "ahead", "below": "behind"}
_PLACES = frozenset((*_AHEAD, *_AHEAD.values()))
# Who stands behind these is compared with, or only stands by.
_BESIDE = frozenset(("as", "than", "behind", "with"))
_AMOUNTS = frozenset(("more", "fewer", "less"))
_PARTS = frozenset(word_list("half left right part corner end back body leg arm lip level deck floor house left-hand"))
SAME_MATTER, HALF, COPIED = 0.3, 0.5, 0.8


class Comparison(NamedTuple):
    """A word that compares, its noun, the one that leads or trails, and the one beside it (None where not said)."""

    word: Token
    noun: str
    subject: Token | None
    other: Token | None


def comparisons(reading: Reading) -> Iterator[Comparison]:
    """The comparisons of a sentence."""
    tokens = reading.tokens
    for i, token in enumerate(tokens):
        if (token.word in _UP or token.word in _DOWN) and not _is_part(tokens, i):
            behind = takewhile(lambda one: one.word != "than", tokens[i + 1 : i + 3])
            nouns = [one.key for one in behind if one.kind not in (FUNCTION, NAME, NUMBER)]
            yield Comparison(token, nouns[0] if nouns else "", _subject(tokens, i), _other(tokens, i))


def _is_part(tokens: Sequence[Token], i: int) -> bool:
    """Whether a word only tells two parts of a thing apart: "the lower half", "the lower left corner"."""
    return tokens[i].word == "lower" and any(token.word in _PARTS for token in tokens[i + 1 : i + 2])


def _subject(tokens: Sequence[Token], i: int) -> Token | None:
    """The nearest name before, but for one that others stand beside: "as many as Lund and two fewer than Prys"."""
    names = [j for j in range(i - 1, -1, -1) if tokens[j].kind == NAME]
    names = [j for j in names if not (j and tokens[j - 1].word in _BESIDE) and not _is_beside(tokens, j)]
    return tokens[names[0]] if names else None


def _is_beside(tokens: Sequence[Token], j: int) -> bool:
    """Whether "with" leads to a name past what describes it: "level with third-placed Penwith"."""
    return any(token.word == "with" and token.clause == tokens[j].clause for token in tokens[max(0, j - 3) : j])


def _other(tokens: Sequence[Token], i: int) -> Token | None:
    """Whom the comparison is with: the first name behind "than", or behind a word of place."""
    than = next((j for j in range(i + 1, min(len(tokens), i + 8)) if tokens[j].word == "than"), None)
    if than is None and tokens[i].word not in ("above", "below", "ahead", "behind"):
        return None
    first = i + 1 if than is None else than + 1
    return next((token for token in tokens[first : first + 5] if token.kind == NAME), None)


def wrong_comparisons(alignments: Sequence[Alignment]) -> Iterator[Finding]:
    """Comparisons that a source makes the other way round, in words or by the numbers of both sides."""
    if not alignments:
        return
    ours = list(comparisons(alignments[0].said))
    for mine in ours:
        near = [one for one in alignments if one.coverage >= SAME_MATTER]
        if _is_denied(alignments[0].said, mine):
            continue
        if any(_agrees(one, mine, theirs) for one in near for theirs in comparisons(one.source)):
            continue
        for one in near:
            if "only" in one.said.words - one.source.words:
                continue  # "only Rovers spent more" and "more than any but Rovers"
            both = list(comparisons(one.source))
            if {theirs.word.word in _UP for theirs in both if _is_related(one, mine, theirs)} == {True, False}:
                continue  # "£15 less than last season at Borough and £10 more than at Saints"
            if any(_opposes(one, mine, theirs) for theirs in both) or _denied_by_numbers(one, mine):
                yield Finding("comparison", mine.word.start, mine.word.end, one.row)
                break


def turned_comparisons(beside: Sequence[Alignment]) -> Iterator[Finding]:
    """A copy whose one comparison is turned round, whatever it compares: "selling slower than" for "faster than"."""
    for one in beside:
        if one.coverage < COPIED or "than" not in one.said.words or one.said.denials or one.source.denials:
            continue
        ours, theirs = list(comparisons(one.said)), list(comparisons(one.source))
        if len(ours) != 1 or len(theirs) != 1:
            continue
        mine, other = ours[0], theirs[0]
        both_than = _has_than(one.said, mine) and _has_than(one.source, other)
        if both_than and other.word.word in OPPOSITES.get(mine.word.word, ()) and _keeps_order(one, mine, other):
            yield Finding("comparison", mine.word.start, mine.word.end, one.row)
            return


def _keeps_order(one: Alignment, mine: Comparison, theirs: Comparison) -> bool:
    """Whether what stands before and behind the comparison does so in the source too."""
    (before, behind), (their_before, their_behind) = _around(one.said, mine), _around(one.source, theirs)
    return bool(before & their_before and behind & their_behind) and not before & their_behind - their_before


def _around(reading: Reading, comparison: Comparison) -> tuple[set[str], set[str]]:
    """What carries content before a comparison, and behind it."""
    place = reading.tokens.index(comparison.word)
    before, behind = (
        {token.key for token in part if token.kind != FUNCTION}
        for part in (reading.tokens[:place], reading.tokens[place + 1 :])
    )
    return before, behind


def _is_denied(reading: Reading, comparison: Comparison) -> bool:
    """Whether nobody leads: "no team had conceded fewer than"."""
    place = reading.tokens.index(comparison.word)
    return any(before < place for before in reading.denials)


def _is_turned(one: Comparison, other: Comparison) -> bool:
    return (one.word.word in _UP) != (other.word.word in _UP)


def _has_than(reading: Reading, comparison: Comparison) -> bool:
    place = reading.tokens.index(comparison.word)
    return any(token.word == "than" for token in reading.tokens[place + 1 : place + 4])


def _is_related(one: Alignment, mine: Comparison, theirs: Comparison) -> bool:
    ours, other = (_AHEAD.get(side.word.word, side.word.word) for side in (mine, theirs))
    same = ours == other or other in OPPOSITES.get(ours, ())
    bare = not theirs.noun and (theirs.word.word not in _AMOUNTS or _has_than(one.source, theirs))
    return same and (mine.noun == theirs.noun or bare or mine.word.word in _PLACES)


def _has_swapped_sides(one: Alignment, mine: Comparison, theirs: Comparison) -> bool | None:
    """Whether the source has the sides the other way round; None where that cannot be told."""
    subject = theirs.subject or (_whom_it_means(one) if theirs.other is not None else None)
    if mine.subject is None or subject is None:
        return None
    if _are_crossed(one, mine, theirs):
        return True
    if one.same(mine.subject, subject) and _measure(one.source, theirs) & _keys_before(one.said, mine):
        return True  # "last year they trained less than now" for "they train more than last year"
    if one.same(mine.subject, subject) and not one.same(mine.other, subject):
        return False
    if mine.other is None and theirs.other is None and _same_measure(one, mine, theirs):
        return False
    if one.same(mine.other, subject) or one.same(mine.subject, theirs.other):
        return True
    return True if _only_one(one.said, mine) and _only_one(one.source, theirs) else None


def _whom_it_means(one: Alignment) -> Token | None:
    """The first name of the sentence before one that begins with "They", "He" or "It"."""
    if one.source.tokens[0].word not in _PRONOUNS or not one.row:
        return None
    if one.index.rows[one.row - 1].source != one.index.rows[one.row].source:
        return None
    return next(iter(row_reading(one.index, one.row - 1).names), None)


def _same_measure(one: Alignment, mine: Comparison, theirs: Comparison) -> bool:
    """Whether both compare somebody of both sentences with one and the same time or thing: "than last season"."""
    measures = _measure(one.said, mine) & _measure(one.source, theirs)
    return bool(measures) and any(one.same(mine.subject, name) for name in one.source.names)


def _measure(reading: Reading, comparison: Comparison) -> set[str]:
    tokens = reading.tokens
    place = tokens.index(comparison.word)
    than = next((j for j in range(place, min(len(tokens), place + 5)) if tokens[j].word == "than"), None)
    return set() if than is None else {token.key for token in tokens[than + 1 : than + 4] if token.kind != FUNCTION}


def _are_crossed(one: Alignment, mine: Comparison, theirs: Comparison) -> bool:
    """Whether what one has behind "than" the other has before it, and the other way round: "fewer in October than in
    January" and "more in January than in October"."""
    ours, other = _sides_of_than(one.said, mine), _sides_of_than(one.source, theirs)
    if ours is None or other is None:
        return False
    (before, behind), (_, their_behind) = ours, other
    return bool((before - behind) & their_behind) and not behind & their_behind


def _sides_of_than(reading: Reading, comparison: Comparison) -> tuple[set[str], set[str]] | None:
    tokens = reading.tokens
    place = tokens.index(comparison.word)
    than = next((j for j in range(place, min(len(tokens), place + 8)) if tokens[j].word == "than"), None)
    if than is None:
        return None
    before, behind = (
        {token.key for token in part if token.kind not in (FUNCTION, NAME)}
        for part in ((*tokens[:place], *tokens[place + 1 : than]), tokens[than + 1 : than + 5])
    )
    return before, behind


def _keys_before(reading: Reading, comparison: Comparison) -> set[str]:
    """What carries content before a comparison and no name."""
    before = reading.tokens[: reading.tokens.index(comparison.word)]
    return {token.key for token in before if token.kind not in (FUNCTION, NAME)}


def _only_one(reading: Reading, comparison: Comparison) -> bool:
    """Whether a comparison holds of one side only: "the better goal difference"."""
    place = reading.tokens.index(comparison.word)
    return place > 0 and reading.tokens[place - 1].word == "the" and bool(comparison.noun)


def _agrees(one: Alignment, mine: Comparison, theirs: Comparison) -> bool:
    swapped = _has_swapped_sides(one, mine, theirs)
    return _is_related(one, mine, theirs) and swapped is not None and swapped == _is_turned(mine, theirs)


def _opposes(one: Alignment, mine: Comparison, theirs: Comparison) -> bool:
    swapped = _has_swapped_sides(one, mine, theirs)
    return _is_related(one, mine, theirs) and swapped is not None and swapped != _is_turned(mine, theirs)


def _denied_by_numbers(one: Alignment, mine: Comparison) -> bool:
    """Whether the source gives both sides a number, and they stand the other way round."""
    word = mine.word.word
    if word in _COUNTED_DOWN and "record" in one.said.words and "record" in one.source.words and one.coverage >= HALF:
        return True
    if word not in _COUNTED_UP and word not in _COUNTED_DOWN:
        return False
    sides = _sides(one, mine)
    if sides is None:
        return False
    first, second = sides
    return first != second and (first > second) != (word in _COUNTED_UP)


def _sides(one: Alignment, mine: Comparison) -> tuple[Decimal, Decimal] | None:
    """The numbers of both sides in the source, where it has two of one kind and at least one side stands by it."""
    tokens = one.source.tokens
    counted = _two(tokens, "amount") or _two(tokens, "number")
    if not counted:
        return None
    said = one.said.tokens
    place = said.index(mine.word)
    than = next((j for j in range(place, len(said)) if said[j].word == "than"), None)
    if than is None:
        return None
    before, behind = said[:place], said[than + 1 : than + 6]
    if all(token.kind == FUNCTION for token in behind):
        return None  # "less than before" tells of one side alone
    shared = {token.key for token in before} & {token.key for token in behind}
    first = _nearest(one, [token for token in before if token.key not in shared], counted)
    second = _nearest(one, [token for token in behind if token.key not in shared], counted)
    if (first is None and second is None) or not _counts_alike(one, mine, counted):
        return None
    first = first if second is None else 1 - second
    assert first is not None
    return counted[first][1], counted[1 - first][1]


def _two(tokens: Sequence[Token], kind: str) -> list[tuple[int, Decimal]]:
    """The two numbers of a kind, none where there are more or fewer."""
    found = [
        (i, value)
        for i, token in enumerate(tokens)
        if token.key.startswith(kind) and (value := _value(token)) is not None and value not in YEARS
    ]
    return found if len(found) == 2 else []


def _counts_alike(one: Alignment, mine: Comparison, counted: Sequence[tuple[int, Decimal]]) -> bool:
    """Whether the source counts what is compared, once at least; money needs no noun."""
    tokens = one.source.tokens
    nouns = {token.key for i, _ in counted for token in tokens[i + 1 : i + 3]}
    return tokens[counted[0][0]].key.startswith("amount") or (bool(mine.noun) and mine.noun in nouns)


def _nearest(one: Alignment, side: Sequence[Token], counted: Sequence[tuple[int, Decimal]]) -> int | None:
    """Which of two numbers of the source stands nearer to something of one side; None where it has nothing of it."""
    tokens = one.source.tokens
    places = [
        j
        for j, token in enumerate(tokens)
        for ours in side
        if token.kind not in (FUNCTION, NUMBER)
        and (token.key == ours.key or (token.kind == NAME == ours.kind and one.same(ours, token)))
    ]
    found = {
        min((tokens[place].clause != tokens[i].clause, abs(place - i), n) for n, (i, _) in enumerate(counted))[2]
        for place in places
    }
    return found.pop() if len(found) == 1 else None


def _value(token: Token) -> Decimal | None:
    kind, _, rest = token.key.partition(" ")
    if token.kind != NUMBER or kind not in ("number", "amount"):
        return None
    try:
        return Decimal(rest.split(" ")[0])
    except (InvalidOperation, IndexError):
        return None
