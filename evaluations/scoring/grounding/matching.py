"""One sentence of a report held against a context: what both groundedness and utilization are computed
from."""

import math
from collections import defaultdict
from collections.abc import Collection, Container, Sequence
from dataclasses import dataclass, replace
from heapq import nlargest
from typing import NamedTuple

from evaluations.scoring.context.index import PREFIX, ContextIndex, Passage
from evaluations.scoring.context.runs import stems_of, word_pairs
from evaluations.scoring.languages.pack import digits_of
from evaluations.scoring.report import Sentence
from evaluations.scoring.text.letters import letter_runs
from evaluations.scoring.text.words import in_one_spelling

# A stem that only begins like one of the context counts this much.
PREFIX_WEIGHT = 0.7
# The postings visited for one sentence. Stems so common that they would exceed it are looked up only in the
# passages that hold the rarer ones, at most this many.
MOST_POSTINGS = 350
MOST_CANDIDATES = 30


@dataclass(frozen=True, slots=True)
class Match:
    """A sentence in the context's spelling, the weight of its stems, and where most of them stand together.

    `held` is the weight in the best passage, `held_by` that in the best passage of each source that has any.
    """

    sentence: Sentence
    words: tuple[str, ...]
    stems: tuple[str, ...]
    weights: dict[str, float]
    total: float
    best: Passage | None
    held: float
    held_by: dict[int, float]


def match_sentences(index: ContextIndex, sentences: Sequence[Sentence]) -> tuple[Match, ...]:
    """Every sentence of a report held against the context; a sentence said again is not looked up again."""
    known: dict[tuple[str, ...], Match] = {}
    finder = _Finder(index)
    matches = []
    for sentence in sentences:
        first = known.get(sentence.words)
        if first is None:
            match = known[sentence.words] = _match(finder, sentence)
        else:
            match = replace(first, sentence=sentence)
        matches.append(match)
    return tuple(matches)


def _match(finder: "_Finder", sentence: Sentence) -> Match:
    index = finder.index
    words = tuple(index.aliases.spell_out(in_one_spelling(sentence.words, digits_of(index.pack))))
    stems = tuple(stems_of(words, index.pack))
    weights = {known: index.rarity(known) for known in dict.fromkeys(stems)}
    total = math.fsum(weights.values())
    by_source = finder.best_of_each(weights)
    best = min(by_source.values(), key=lambda found: (-found.held, index.places[found.number]), default=None)
    return Match(
        sentence,
        words,
        stems,
        weights,
        total,
        None if best is None else index.passages[best.number],
        0.0 if best is None else best.held,
        {source: found.held for source, found in by_source.items()},
    )


class _Hit(NamedTuple):
    """A passage, by its number, and the weight of the stems of a sentence that it holds."""

    number: int
    held: float


class _Finder:
    """Finds the passages of a context that hold most of a sentence; made anew for each report."""

    def __init__(self, index: ContextIndex) -> None:
        self.index = index
        self._postings: dict[str, Sequence[int]] = {}

    def best_of_each(self, weights: dict[str, float]) -> dict[int, _Hit]:
        """The passage of each source that holds most of these stems; of equals, the earliest. The rarest
        stems are looked up first."""
        postings = [(self._posting(known), known) for known in weights]
        postings.sort(key=lambda row: (len(row[0]), row[1]))
        held: defaultdict[int, float] = defaultdict(float)
        visited = filled = 0
        for place, (numbers, known) in enumerate(postings):
            visited += len(numbers)
            if visited > MOST_POSTINGS and filled:
                return self._refine(held, {known: weights[known] for _, known in postings[place:]})
            filled += len(numbers)
            worth = weights[known] if known in self.index.rows_with else PREFIX_WEIGHT * weights[known]
            if len(numbers) > MOST_POSTINGS:
                numbers = sorted(numbers, key=self.index.places.__getitem__)[:MOST_POSTINGS]
            for number in numbers:
                held[number] += worth
        return self._heaviest(held)

    def _posting(self, known: str) -> Sequence[int]:
        numbers = self._postings.get(known)
        if numbers is None:
            numbers = self._postings[known] = self._look_up(known)
        return numbers

    def _look_up(self, known: str) -> Sequence[int]:
        index = self.index
        if known in index.rows_with:
            return index.passages_with(known)
        alike = index.stems_by_prefix.get(known[:PREFIX], ()) if len(known) >= PREFIX else ()
        return sorted({number for other in alike for number in index.passages_with(other)})

    def _heaviest(self, held: dict[int, float]) -> dict[int, _Hit]:
        best: dict[int, int] = {}
        source_of = self.index.source_of
        for number, weight in held.items():
            first = best.setdefault(source_of[number], number)
            if weight > held[first] or (weight == held[first] and number < first):
                best[source_of[number]] = number
        return {source: _Hit(number, held[number]) for source, number in sorted(best.items())}

    def _refine(self, held: dict[int, float], common: dict[str, float]) -> dict[int, _Hit]:
        """The best of the best candidates, overall and of each source, by the weight of the common stems
        that they hold too."""
        possible, worth, sought = math.fsum(common.values()), common.__getitem__, frozenset(common)
        source_of, stems = self.index.source_of, self.index.passage_stems

        def whole(number: int) -> float:
            return held[number] + math.fsum(map(worth, sought & stems[number]))

        best = {source: _Hit(found.number, whole(found.number)) for source, found in self._heaviest(held).items()}
        for number in self._heavy(held):
            first = best[source_of[number]]
            if number == first.number or held[number] + possible < first.held:
                continue
            weight = whole(number)
            if weight > first.held or (weight == first.held and number < first.number):
                best[source_of[number]] = _Hit(number, weight)
        return best

    def _heavy(self, held: dict[int, float]) -> list[int]:
        """The passages that hold most, whatever their source."""
        least = nlargest(MOST_CANDIDATES, held.values())[-1]
        heavy = [number for number, weight in held.items() if weight >= least]
        if len(heavy) > 2 * MOST_CANDIDATES:
            heavy = sorted(heavy, key=self.index.places.__getitem__)[: 2 * MOST_CANDIDATES]
        return heavy


def share(sought: Collection[object], held: Container[object]) -> float | None:
    """The share of what is sought that is held; None where there is nothing to look up."""
    return 1 - len([one for one in sought if one not in held]) / len(sought) if sought else None


def found_share(index: ContextIndex, match: Match) -> float | None:
    """Weighted share of the content stems that stand anywhere in the context."""
    if not match.total:
        return None
    return math.fsum(weight * share_of_stem(index, known) for known, weight in match.weights.items()) / match.total


def share_of_stem(index: ContextIndex, known: str) -> float:
    """1 for a stem that the context has, less for one that only begins alike, 0 for any other."""
    if known in index.stems:
        return 1.0
    return PREFIX_WEIGHT if len(known) >= PREFIX and known[:PREFIX] in index.prefixes else 0.0


def sequence_shares(index: ContextIndex, match: Match, passage: Passage | None) -> tuple[float | None, ...]:
    """The shares of the two-word sequences of content stems and of the five-letter runs that stand anywhere in
    the context, and then of both in one passage."""
    pairs, runs = list(word_pairs(match.stems)), letter_runs(match.words)
    shares = share(pairs, index.pairs), share(runs, index.letters)
    if passage is None:
        return shares
    sequences = index.passage_sequences(passage)
    return *shares, share(pairs, sequences.pairs), share(runs, sequences.letters)
