"""A sentence laid beside one sentence of a source: what they share, and what stands in the same places instead."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz.distance import Indel

from evaluations.scoring.context.index import ContextIndex
from evaluations.scoring.grounding.clauses import NAME, Reading, Token, read_clauses
from evaluations.scoring.grounding.matching import Match

# The source sentences that a sentence is held against, and the postings visited to find them.
MOST_ROWS = 5
# A sentence that holds less than this share of what the best one holds says something else.
WORTH_LOOKING = 0.3
# Below this share nothing that differs is looked at.
COMPARED_FROM = 0.3
# A source's sentence of which a sentence tells everything is the same event, whatever else that one tells.
FEWEST_TOLD, WHOLLY_TOLD = 2, 0.7
MOST_VISITS = 250


class Block(NamedTuple):
    """What stands in one place of both: tokens of the sentence, tokens of the source; either may be none."""

    said: tuple[int, ...]
    source: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Alignment:
    """A sentence beside a source's: pairs of equal tokens in order, and the blocks between them.

    `coverage` is the share of the sentence's content that the source's sentence holds, in any order.
    """

    index: ContextIndex
    row: int
    said: Reading
    source: Reading
    pairs: tuple[tuple[int, int], ...]
    blocks: tuple[Block, ...]
    coverage: float

    @property
    def asks(self) -> bool:
        """Whether the source only asks."""
        place = self.index.rows[self.row]
        return self.index.marked[place.source][place.start : place.end].rstrip().endswith("?")

    @property
    def matches(self) -> Iterator[tuple[int, int]]:
        """Pairs of equal tokens in whatever order: those of the alignment, then what stands elsewhere."""
        yield from self.pairs
        ours, theirs = {i for i, _ in self.pairs}, {j for _, j in self.pairs}
        left = {self.source.tokens[j].key: j for j in reversed(self.source.content) if j not in theirs}
        for i in self.said.content:
            j = None if i in ours else left.get(self.said.tokens[i].key)
            if j is not None:
                yield i, j

    def same(self, one: Token | None, other: Token | None) -> bool:
        """Whether both are there and can be one name."""
        return one is not None and other is not None and self.index.same_name(one.key, other.key)


def nearest_rows(index: ContextIndex, match: Match) -> list[int]:
    """The source sentences that hold most of a sentence, the rarest stems looked up first; of equals, the first."""
    postings = sorted((len(index.rows_with[known]), known) for known in match.weights if known in index.rows_with)
    held: defaultdict[int, float] = defaultdict(float)
    visited = 0
    for count, known in postings:
        visited += count
        if visited > MOST_VISITS and held:
            break
        weight = match.weights[known]
        for row in index.places_with(known)[:MOST_VISITS]:
            held[row] += weight
    heaviest = sorted(held.values(), reverse=True)[:MOST_ROWS]
    least = max(WORTH_LOOKING * heaviest[0], heaviest[-1]) if heaviest else 0.0
    heavy = [row for row, weight in held.items() if weight >= least]
    return sorted(heavy, key=lambda row: (-held[row], index.row_places[row]))[:MOST_ROWS]


def row_reading(index: ContextIndex, row: int) -> Reading:
    """The reading of one sentence of a source, kept for later sentences."""
    known = index.readings.get(row)
    if known is None:
        place = index.rows[row]
        known = read_clauses(index, index.marked[place.source][place.start : place.end], place.start)
        index.readings[row] = known
    return known


def align(index: ContextIndex, said: Reading, row: int) -> Alignment:
    """Lay a sentence beside one of a source; a shorter form of a name is that name."""
    source = row_reading(index, row)
    ours, theirs = said.comparable, source.comparable
    names = {token.key for token in said.names}
    keys = said.comparable_keys
    others = list(source.comparable_keys)
    if names and source.names:
        others = [_as_named(index, source.tokens[i], names) for i in theirs]
    coverage = _coverage(said, source, set(others))
    pairs, blocks = [], []
    for ours_part, theirs_part, equal in _opcodes(keys, others) if coverage >= COMPARED_FROM else ():
        if equal:
            pairs += [(ours[i], theirs[j]) for i, j in zip(ours_part, theirs_part, strict=True)]
        else:
            blocks.append(Block(tuple(ours[i] for i in ours_part), tuple(theirs[j] for j in theirs_part)))
    return Alignment(index, row, said, source, tuple(pairs), tuple(blocks), coverage)


def _coverage(said: Reading, source: Reading, held: set[str]) -> float:
    """The share of a sentence's content that the source's sentence holds; a short one told wholly counts as near."""
    content = [said.tokens[i].key for i in said.content]
    coverage = sum(key in held for key in content) / len(content) if content else 0.0
    if coverage < WHOLLY_TOLD and FEWEST_TOLD <= len(source.content) <= len(content) and held <= said.all_keys:
        return WHOLLY_TOLD
    return coverage


def _as_named(index: ContextIndex, token: Token, names: set[str]) -> str:
    if token.kind != NAME or token.key in names:
        return token.key
    return next((name for name in sorted(names) if index.same_name(name, token.key)), token.key)


def _opcodes(keys: Sequence[str], others: Sequence[str]) -> Iterator[tuple[range, range, bool]]:
    """Stretches of both, equal ones and those between them: a deletion beside an insertion is one stretch."""
    i = j = 0
    for code in Indel.opcodes(keys, others):
        if code.tag == "equal":
            if i < code.src_start or j < code.dest_start:
                yield range(i, code.src_start), range(j, code.dest_start), False
            yield range(code.src_start, code.src_end), range(code.dest_start, code.dest_end), True
            i, j = code.src_end, code.dest_end
    if i < len(keys) or j < len(others):
        yield range(i, len(keys)), range(j, len(others)), False
