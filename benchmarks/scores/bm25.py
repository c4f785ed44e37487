"""Plain BM25, the yardstick that every figure stands beside."""

import json
import math
from collections import Counter
from collections.abc import Sequence, Set
from typing import Any

from evaluations.scoring.context.documents import read_documents
from evaluations.scoring.text.sentences import sentence_spans
from evaluations.scoring.text.words import WORD, fold

K1, B = 1.2, 0.75


def words(text: str, without: Set[str] = frozenset()) -> list[str]:
    """The words of a text without case; no stems, nothing of our own."""
    return [word for word in map(fold, WORD.findall(text)) if word not in without]


class Bm25:
    """BM25 over some texts, with the usual constants; over every word of them, or without some."""

    def __init__(self, texts: Sequence[str], without: Set[str] = frozenset()) -> None:
        self.without = without
        self.counts = [Counter(words(text, without)) for text in texts]
        self.lengths = [sum(counts.values()) for counts in self.counts]
        self.mean = sum(self.lengths) / len(self.lengths) if sum(self.lengths) else 1.0
        self.frequency = Counter(known for counts in self.counts for known in counts)

    def _weight(self, known: str) -> float:
        frequency = self.frequency[known]
        return math.log(1 + (len(self.counts) - frequency + 0.5) / (frequency + 0.5))

    def scores(self, text: str) -> list[float]:
        """The score of each text for a query."""
        sought = set(words(text, self.without))
        return [
            math.fsum(
                self._weight(known) * counts[known] * (K1 + 1) / (counts[known] + K1 * (1 - B + B * length / self.mean))
                for known in sorted(sought)
                if counts[known]
            )
            for counts, length in zip(self.counts, self.lengths, strict=True)
        ]

    def own(self, text: str) -> float:
        """What a text of mean length would score that holds the whole query once."""
        return math.fsum(self._weight(known) for known in sorted(set(words(text, self.without))))


_KNOWN: dict[str, Bm25] = {}


def sentence_unsupported(context: Any, sentence: str) -> float:
    """1 - the score of the best source sentence / that of a sentence which holds all of it."""
    key = json.dumps(context)
    if key not in _KNOWN:
        texts = [
            document.text[start:end]
            for document in read_documents(context)
            for start, end in sentence_spans(document.text)
        ]
        _KNOWN[key] = Bm25(texts or [""])
    bm25 = _KNOWN[key]
    own = bm25.own(sentence)
    return 1 - min(1.0, max(bm25.scores(sentence)) / own) if own else 0.0


def report_unsupported(context: Any, report: str) -> float:
    """The same for a report: the mean over its sentences, by their words."""
    rows = [(end - start, sentence_unsupported(context, report[start:end])) for start, end in sentence_spans(report)]
    return math.fsum(length * value for length, value in rows) / sum(length for length, _ in rows) if rows else 0.0
