"""How much of a report can be found in its context, sentence by sentence."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from evaluations.scoring.facts import Fact
from evaluations.scoring.index import COPY_WORDS, PREFIX, PREFIX_WEIGHT, ContextIndex, Passage
from evaluations.scoring.report import Sentence
from evaluations.scoring.words import fold, stem

PARTLY, NOT_FOUND = 0.5, 0.9


@dataclass(frozen=True, slots=True)
class SentenceGrounding:
    """One sentence's verdict: `unsupported` from 0 to 1, its evidence, and its facts found in no source."""

    start: int
    end: int
    words: int
    unsupported: float
    passage: Passage | None
    missing: tuple[Fact, ...]

    @property
    def band(self) -> str:
        """The word to show: the number between the bands claims more than the data carries."""
        if self.unsupported < PARTLY:
            return "grounded"
        return "partly" if self.unsupported < NOT_FOUND else "not_found"


@dataclass(frozen=True, slots=True)
class Groundedness:
    """Word-weighted mean of 1 - unsupported, and the share of the words that stand in copied runs."""

    value: float
    verbatim: float
    grounded_words: int
    sentences: tuple[SentenceGrounding, ...]


def share(weights: Sequence[float], found: Sequence[float]) -> float:
    """Weighted share found; the order of summation is fixed, so the bytes are too."""
    total = math.fsum(weights)
    return math.fsum(w * f for w, f in zip(weights, found, strict=True)) / total if total else 0.0


def found_weight(index: ContextIndex, known: str) -> float:
    """1 for a stem of the context, less for one that only begins like one, else 0."""
    if known in index.stems:
        return 1.0
    return PREFIX_WEIGHT if len(known) >= PREFIX and known[:PREFIX] in index.prefixes else 0.0


def passage_scores(index: ContextIndex, weights: dict[str, float]) -> dict[int, float]:
    """Weight of a sentence's stems found in each passage that has any of them."""
    scores: dict[int, float] = {}
    for known, weight in weights.items():
        postings = index.passages_with.get(known)
        if postings is None:
            weight *= PREFIX_WEIGHT
            similar = index.stems_by_prefix.get(known[:PREFIX], ()) if len(known) >= PREFIX else ()
            postings = sorted({number for other in similar for number in index.passages_with.get(other, ())})
        for number in postings:
            scores[number] = scores.get(number, 0.0) + weight
    return scores


def missing_facts(index: ContextIndex, sentence: Sentence) -> tuple[Fact, ...]:
    """The facts of a sentence that are nowhere in the context, in any spelling."""
    return tuple(fact for fact in sentence.facts if not _is_found(index, fact))


def _is_found(index: ContextIndex, fact: Fact) -> bool:
    match fact.kind:
        case "name":
            return all(_knows_word(index, word) for word in fact.key)
        case "quote":
            return all(word in index.words for word in fact.key)
        case _:
            return index.facts.holds(fact)


def _knows_word(index: ContextIndex, word: str) -> bool:
    return fold(word) in index.words or stem(word) in index.stems


def ground_sentence(index: ContextIndex, sentence: Sentence) -> SentenceGrounding:
    """unsupported = sigmoid(4.5 - 3 (soft + passage + sequence) + 1.5 fact), see docs on each share."""
    stems = list(dict.fromkeys(sentence.stems))
    weights = {known: index.rarity(known) for known in stems}
    listed = [weights[known] for known in stems]
    soft = share(listed, [found_weight(index, known) for known in stems])
    scores = passage_scores(index, weights)
    best = min(scores, key=lambda n: (-round(scores[n], 9), *_standing(index, n))) if scores else None
    passage = scores[best] / math.fsum(listed) if best is not None else 0.0
    triples = list(zip(sentence.stems, sentence.stems[1:], sentence.stems[2:], strict=False))
    sequence = sum(triple in index.triples for triple in triples) / len(triples) if triples else passage
    missing = missing_facts(index, sentence)
    risk = 4.5 - 3 * (soft + passage + sequence) + 1.5 * bool(missing)
    unsupported = round(1 / (1 + math.exp(-risk)), 4)
    evidence = index.passages[best] if best is not None else None
    return SentenceGrounding(
        sentence.start, sentence.end, len(sentence.words), unsupported, evidence, missing
    )


def _standing(index: ContextIndex, number: int) -> tuple[int, int]:
    return index.order[index.passages[number].source], number


def verbatim_share(index: ContextIndex, sentences: Sequence[Sentence]) -> float:
    """Share of the words that stand in a run of eight or more taken over word for word."""
    words = [word for sentence in sentences for word in sentence.words]
    copied = [False] * len(words)
    for i, run in enumerate(zip(*(words[j:] for j in range(COPY_WORDS)), strict=False)):
        if run in index.copies:
            copied[i : i + COPY_WORDS] = [True] * COPY_WORDS
    return round(sum(copied) / len(words), 4) if words else 0.0


def ground(index: ContextIndex, sentences: Sequence[Sentence]) -> Groundedness:
    """The groundedness of a report. A sentence said twice counts once."""
    verdicts: dict[tuple[str, ...], SentenceGrounding] = {}
    rows = []
    for sentence in sentences:
        first = verdicts.get(sentence.words)
        row = ground_sentence(index, sentence)
        if first is None:
            verdicts[sentence.words] = row
        rows.append(row)
    counted = verdicts.values()
    words = sum(row.words for row in counted)
    value = math.fsum(row.words * (1 - row.unsupported) for row in counted) / words if words else 0.0
    grounded = sum(row.words for row in counted if row.unsupported < PARTLY)
    return Groundedness(round(value, 4), verbatim_share(index, sentences), grounded, tuple(rows))
