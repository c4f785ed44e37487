"""One sentence of a report held against a context: what both groundedness and utilization are computed
from."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from evaluations.scoring.index import PREFIX, ContextIndex, Passage, letter_runs, stems_of, word_pairs
from evaluations.scoring.report import Sentence
from evaluations.scoring.words import in_one_spelling

# A stem that only begins like one of the context counts this much.
PREFIX_WEIGHT = 0.7
# The postings visited for one sentence. Stems so common that they would exceed it are looked up only in the
# passages that hold the rarer ones, at most this many.
MOST_POSTINGS = 1_200
MOST_CANDIDATES = 40


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
    matches = []
    for sentence in sentences:
        first = known.get(sentence.words)
        if first is None:
            match = known[sentence.words] = _match(index, sentence)
        else:
            match = replace(first, sentence=sentence)
        matches.append(match)
    return tuple(matches)


def _match(index: ContextIndex, sentence: Sentence) -> Match:
    words = tuple(index.aliases.spell_out(in_one_spelling(sentence.words)))
    stems = tuple(stems_of(words))
    weights = {known: index.rarity(known) for known in dict.fromkeys(stems)}
    total = math.fsum(weights.values())
    numbers = _candidates(index, weights)
    by_source = _best_of_each(index, numbers)
    best = min(by_source.values(), key=lambda number: (-numbers[number], index.places[number]), default=None)
    return Match(
        sentence,
        words,
        stems,
        weights,
        total,
        None if best is None else index.passages[best],
        0.0 if best is None else numbers[best],
        {source: numbers[number] for source, number in by_source.items()},
    )


def _best_of_each(index: ContextIndex, held: dict[int, float]) -> dict[int, int]:
    """The passage of each source that holds most; of equals, the earliest."""
    best: dict[int, int] = {}
    for number, weight in held.items():
        source = index.passages[number].source
        other = best.setdefault(source, number)
        if weight > held[other] or (weight == held[other] and number < other):
            best[source] = number
    return best


def _candidates(index: ContextIndex, weights: dict[str, float]) -> dict[int, float]:
    """The weight of a sentence's stems in the passages that hold most of it; the rarest stems are looked up
    first."""
    postings = [(_postings(index, known), known) for known in weights]
    postings.sort(key=lambda row: (len(row[0]), row[1]))
    held: dict[int, float] = {}
    visited = 0
    for place, (numbers, known) in enumerate(postings):
        visited += len(numbers)
        if visited > MOST_POSTINGS and held:
            return _refined(index, held, [(known, weights[known]) for _, known in postings[place:]])
        worth = weights[known] if known in index.passages_with else PREFIX_WEIGHT * weights[known]
        for number in numbers[:MOST_POSTINGS]:
            held[number] = held.get(number, 0.0) + worth
    return held


def _refined(index: ContextIndex, held: dict[int, float], common: Sequence[tuple[str, float]]) -> dict[int, float]:
    """The best candidates, overall and of each source, with the weight of the common stems that they hold
    too."""
    least = sorted(held.values(), reverse=True)[:MOST_CANDIDATES][-1]
    heavy = sorted((number for number, weight in held.items() if weight >= least), key=index.places.__getitem__)
    kept = dict.fromkeys([*heavy[: 2 * MOST_CANDIDATES], *_best_of_each(index, held).values()])
    return {
        number: held[number] + math.fsum(weight for known, weight in common if known in index.passage_stems[number])
        for number in kept
    }


def _postings(index: ContextIndex, known: str) -> Sequence[int]:
    numbers = index.passages_with.get(known)
    if numbers is not None:
        return numbers
    alike = index.stems_by_prefix.get(known[:PREFIX], ()) if len(known) >= PREFIX else ()
    return sorted({number for other in alike for number in index.passages_with.get(other, ())})


def share(hits: Iterable[float]) -> float | None:
    """The mean of a list of hits; None where there is nothing to look up."""
    listed = list(hits)
    return math.fsum(listed) / len(listed) if listed else None


def words_found(index: ContextIndex, match: Match) -> float | None:
    """Weighted share of the content stems that stand anywhere in the context."""
    if not match.total:
        return None
    return math.fsum(weight * _found(index, known) for known, weight in match.weights.items()) / match.total


def _found(index: ContextIndex, known: str) -> float:
    if known in index.stems:
        return 1.0
    return PREFIX_WEIGHT if len(known) >= PREFIX and known[:PREFIX] in index.prefixes else 0.0


def pairs_found(index: ContextIndex, match: Match) -> float | None:
    """Share of the two-word sequences of content stems that stand anywhere in the context."""
    return share(any(pair in pairs for pairs in index.pairs) for pair in word_pairs(match.stems))


def letters_found(index: ContextIndex, match: Match) -> float | None:
    """Share of the five-letter runs that stand anywhere in the context."""
    return share(run in index.letters for run in letter_runs(match.words))


def passage_shares(index: ContextIndex, match: Match, passage: Passage) -> tuple[float | None, ...]:
    """The same three shares within one passage."""
    words = index.passage_words(passage)
    pairs = set(word_pairs(stems_of(words)))
    runs = set(letter_runs(words))
    return (
        match.held / match.total,
        share(pair in pairs for pair in word_pairs(match.stems)),
        share(run in runs for run in letter_runs(match.words)),
    )
