"""What a number is said to count that the sources count by another, and a place in a row said for a number."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from evaluations.scoring.context.index import ContextIndex
from evaluations.scoring.grounding.alignment import Alignment, row_reading
from evaluations.scoring.grounding.binding import around
from evaluations.scoring.grounding.clauses import FUNCTION, NAME, NUMBER, WORD_KIND, Reading, Token
from evaluations.scoring.grounding.findings.finding import Finding
from evaluations.scoring.text.words import ORDINAL_WORDS, stem, word_list

# How much of a sentence the source's must hold to count the same, and how far behind a number what it counts may
# stand: so many words, of which so many carry content.
SAME_MATTER = 0.3
REACH, LOOKED_AT = 7, 3
# A source's number may belong to any of these words around it.
BEFORE, BEHIND = 4, 10
# The sentences with a number that are read for what it counts.
MOST_ROWS = 20
_TIMES = frozenset(map(stem, word_list("second minute hour day week month year decade season time")))
_ORDINAL_ENDS = ("st", "nd", "rd", "th")
_PARTITIVES = frozenset(("of", "out", "the", "his", "her", "their", "its"))
# "Their third defeat in a row" is three defeats.
_IN_A_ROW = frozenset(("row", "straight", "successive", "consecutive", "running"))
_THEM = frozenset(("them", "these", "those"))


_MORE = frozenset(("more", "fewer", "less", "ahead", "behind"))
# How far behind a number "more" may stand.
COMPARED_WITHIN = 5


def other_counts(index: ContextIndex, beside: Sequence[Alignment]) -> Iterator[Finding]:
    """A number that stands in the sources beside other words, before a word that they count by another number: "five
    died" for "five were infected and three died"."""
    tokens = beside[0].said.tokens if beside else ()
    numbers = [i for i, token in enumerate(tokens) if _is_count(token) and not _compares(tokens, i)]
    if not numbers:
        return
    said, near = beside[0].said, [*(one.source for one in beside), *around(index, beside[0].row)]
    for i in numbers:
        number, own = said.tokens[i], _words_beside(near, said.tokens[i])
        others = [key for key in _words_behind(said, i) if own and key not in own]
        row = next((row for key in others if (row := _row_otherwise(beside, key, number)) is not None), None)
        if row is not None and _words_beside(_readings_with(index, number), number).isdisjoint(others):
            yield Finding("number", number.start, number.end, row)


def _compares(tokens: Sequence[Token], i: int) -> bool:
    """Whether a number says by how much one thing is more than another: "two league goals more than"."""
    return any(token.word in _MORE for token in tokens[i + 1 : i + 1 + COMPARED_WITHIN])


def _row_otherwise(beside: Sequence[Alignment], key: str, number: Token) -> int | None:
    """The nearest row that counts the same by another number."""
    near = (one for one in beside if one.coverage >= SAME_MATTER)
    return next((one.row for one in near if _counts_otherwise(one.source, key, number)), None)


def ranks_for_counts(beside: Sequence[Alignment]) -> Iterator[Finding]:
    """A place in a row where all sources have a number: "her fifth daughter" for "all five girls"."""
    tokens = beside[0].said.tokens if beside else ()
    if beside and not _IN_A_ROW.isdisjoint(beside[0].said.words):
        return
    for token, behind in pairwise(tokens):
        if not (_is_count(token) and _is_ordinal(token)) or behind.key in _TIMES:
            continue
        found = [(one, other) for one in beside for other in one.source.tokens if other.key == token.key]
        if found and not any(_is_ordinal(other) for _, other in found):
            yield Finding("number", token.start, token.end, found[0][0].row)


def counts_for_ranks(beside: Sequence[Alignment]) -> Iterator[Finding]:
    """A number where all sources have a place in a row, and the nearest counts the same by another: "a five-year
    contract" for "a four-year contract with the option of a fifth"."""
    said = beside[0].said if beside else None
    for i, token in enumerate(said.tokens if said else ()):
        if said is None or not _is_count(token) or _is_ordinal(token):
            continue
        found = [other for one in beside for other in one.source.tokens if other.key == token.key]
        behind = _first_behind(said, i)
        if not found or not behind or any(not _is_ordinal(other) for other in found):
            continue
        row = next((one.row for one in beside if _counts_by_another(one.source, behind, token)), None)
        if row is not None:
            yield Finding("number", token.start, token.end, row)


def _first_behind(reading: Reading, i: int) -> str:
    """The word right behind a number, units of time too."""
    following = reading.tokens[i + 1] if i + 1 < len(reading.tokens) else None
    return following.key if following is not None and following.kind == WORD_KIND else ""


def _counts_by_another(source: Reading, behind: str, number: Token) -> bool:
    return any(
        _is_count(token) and not _is_ordinal(token) and token.key != number.key and _first_behind(source, j) == behind
        for j, token in enumerate(source.tokens)
    )


def _is_count(token: Token) -> bool:
    return token.kind == NUMBER and token.key.startswith("number ")


def _is_ordinal(token: Token) -> bool:
    return token.word in ORDINAL_WORDS or token.word.endswith(_ORDINAL_ENDS)


def _words_behind(said: Reading, i: int) -> list[str]:
    """The words behind a number in its clause, up to the next number."""
    found: list[str] = []
    for token in said.tokens[i + 1 : i + 1 + REACH]:
        if token.kind == NUMBER or token.clause != said.tokens[i].clause:
            break
        if token.kind == WORD_KIND and token.key not in _TIMES:
            found.append(token.key)
    return found[:LOOKED_AT]


def _readings_with(index: ContextIndex, number: Token) -> Iterator[Reading]:
    """The source sentences that have a number, wherever they stand."""
    for row in index.places_with(number.key.split()[1])[:MOST_ROWS]:
        yield row_reading(index, row)


def _words_beside(readings: Iterable[Reading], number: Token) -> set[str]:
    """All words that an equal number may belong to in some readings; none where no reading has it, or where one leaves
    out what it counts ("17 last season and nine so far"): near a sentence that says nothing against it, and far from it
    nothing for it."""
    found: set[str] = set()
    for reading in readings:
        for j, token in enumerate(reading.tokens):
            if token.key == number.key and token.kind == NUMBER:
                if _is_bare(reading.tokens, j):
                    return set()
                found |= {"", *_belonging(reading, j)}
    return found


def _is_bare(tokens: Sequence[Token], j: int) -> bool:
    """Whether nothing that a number can count stands right behind it."""
    following = tokens[j + 1] if j + 1 < len(tokens) else None
    if following is None or following.clause != tokens[j].clause:
        return True
    return following.kind == FUNCTION and following.word != "of"


def _belonging(reading: Reading, j: int) -> set[str]:
    """The words around a number up to the next one; "eight of them" may be of anything, "ten of which" of what stands
    before, and "nine of the ten" is of what ten counts."""
    tokens = reading.tokens
    found = {token.key for token in tokens[max(0, j - BEFORE) : j]}
    for before, token in zip(tokens[j : j + BEHIND], tokens[j + 1 : j + 1 + BEHIND], strict=False):
        if before.word == "of" and token.word in _THEM:
            return set(reading.all_keys)
        if (token.kind == NUMBER and before.word not in _PARTITIVES) or (before.word, token.word) == ("of", "which"):
            break
        found.add(token.key)
    return found


def _counts_otherwise(source: Reading, key: str, number: Token) -> bool:
    """Whether a word is the first behind another number; a number behind a name is the name's."""
    tokens = source.tokens
    for j in range(1, len(tokens) - 1):
        other = tokens[j]
        if not _is_count(other) or other.key == number.key or tokens[j - 1].kind == NAME:
            continue
        first = next((token.key for token in tokens[j + 1 : j + 3] if token.kind == WORD_KIND), "")
        if first == key and _is_ordinal(other) == _is_ordinal(number):
            return True
    return False
