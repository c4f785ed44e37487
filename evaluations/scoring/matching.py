"""One sentence of a report held against a context: what both groundedness and utilization are computed from."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from evaluations.scoring.index import PREFIX, ContextIndex, Passage, letter_runs, stems_of
from evaluations.scoring.report import Sentence
from evaluations.scoring.words import in_one_spelling

# A stem that only begins like one of the context counts this much.
PREFIX_WEIGHT = 0.7
# Looking up one report visits at most this many postings, so that no text can make it slow.
MOST_POSTINGS = 2_000_000


@dataclass(frozen=True, slots=True)
class Match:
    """A sentence's words and stems in the context's spelling, the weight of each stem, and what each passage holds."""

    sentence: Sentence
    words: tuple[str, ...]
    stems: tuple[str, ...]
    weights: dict[str, float]
    total: float
    passages: dict[int, float]

    def best_passage(self, index: ContextIndex) -> Passage | None:
        """The passage that holds most of the sentence; of equals, that of the source that stands first."""
        if not self.passages:
            return None
        most = max(self.passages.values()) - 1e-9
        ties = [number for number, held in self.passages.items() if held >= most]
        number = min(ties, key=lambda n: (index.standing[index.passages[n].source], n))
        return index.passages[number]


def match_sentences(index: ContextIndex, sentences: Sequence[Sentence]) -> tuple[Match, ...]:
    """Every sentence of a report held against the context; a sentence said again is not looked up again."""
    known: dict[tuple[str, ...], Match] = {}
    budget = MOST_POSTINGS // max(100, len(sentences))
    matches = []
    for sentence in sentences:
        first = known.get(sentence.words)
        if first is None:
            match = known[sentence.words] = _match(index, sentence, budget)
        else:
            match = Match(sentence, first.words, first.stems, first.weights, first.total, first.passages)
        matches.append(match)
    return tuple(matches)


def _match(index: ContextIndex, sentence: Sentence, budget: int) -> Match:
    words = tuple(index.aliases.spell_out(in_one_spelling(sentence.words)))
    stems = tuple(stems_of(words))
    weights = {known: index.rarity(known) for known in dict.fromkeys(stems)}
    total = math.fsum(weights.values())
    return Match(sentence, words, stems, weights, total, _passages(index, weights, budget))


def _passages(index: ContextIndex, weights: dict[str, float], budget: int) -> dict[int, float]:
    """The weight of a sentence's stems in each passage that has any; the rarest stems are looked up first."""
    postings = [(_postings(index, known), weight, known) for known, weight in weights.items()]
    postings.sort(key=lambda row: (len(row[0]), row[2]))
    held: dict[int, float] = {}
    for numbers, weight, known in postings:
        budget -= len(numbers)
        if budget < 0 and held:
            break
        worth = weight if known in index.passages_with else PREFIX_WEIGHT * weight
        for number in numbers[: MOST_POSTINGS // 100]:
            held[number] = held.get(number, 0.0) + worth
    return held


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
    return share(pair in index.pairs for pair in pairwise(match.stems))


def letters_found(index: ContextIndex, match: Match) -> float | None:
    """Share of the five-letter runs that stand anywhere in the context."""
    return share(run in index.letters for run in letter_runs(match.words))


def passage_shares(index: ContextIndex, match: Match, passage: Passage) -> tuple[float | None, ...]:
    """The same three shares within one passage."""
    words = index.passage_words(passage)
    pairs = set(pairwise(stems_of(words)))
    runs = set(letter_runs(words))
    return (
        max(match.passages.values()) / match.total,
        share(pair in pairs for pair in pairwise(match.stems)),
        share(run in runs for run in letter_runs(match.words)),
    )
