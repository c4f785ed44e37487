"""A context, indexed once and then read by every scorer."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from evaluations.scoring.documents import Document
from evaluations.scoring.facts import FactBook
from evaluations.scoring.markup import without_marks
from evaluations.scoring.sentences import sentence_spans
from evaluations.scoring.words import WORD, fold, stem

PASSAGE_SENTENCES = 3
COPY_WORDS = 8
PREFIX = 5
PREFIX_WEIGHT = 0.7


@dataclass(frozen=True, slots=True)
class Passage:
    """Up to three neighbouring sentences of one source, as offsets into its text."""

    source: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ContextIndex:
    """What a context says, by stem and by stem sequence. Build it with `build_index`; nothing changes it after."""

    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]
    order: tuple[int, ...]
    sentences: int
    frequency: dict[str, int]
    passages_with: dict[str, list[int]]
    stems: dict[str, int]
    prefixes: dict[str, int]
    stems_by_prefix: dict[str, list[str]]
    pairs: dict[tuple[str, str], int]
    triples: dict[tuple[str, str, str], int]
    words: frozenset[str]
    copies: frozenset[tuple[str, ...]]
    facts: FactBook

    def rarity(self, stem: str) -> float:
        """Inverse document frequency of a stem over the context's sentences; the rarest is worth most."""
        known = self.frequency.get(stem, 0)
        return math.log(1 + (self.sentences + 1 - known + 0.5) / (known + 0.5))


class _Builder:
    def __init__(self, documents: tuple[Document, ...]) -> None:
        self.documents = documents
        self.passages: list[Passage] = []
        self.sentences = 0
        self.frequency: dict[str, int] = {}
        self.passages_with: dict[str, list[int]] = {}
        self.stems: dict[str, int] = {}
        self.pairs: dict[tuple[str, str], int] = {}
        self.triples: dict[tuple[str, str, str], int] = {}
        self.words: set[str] = set()
        self.copies: set[tuple[str, ...]] = set()
        self.facts = FactBook()

    def add(self, source: int, text: str, *, evidence: bool) -> None:
        """Take in one text of one source; only the source's own text can be shown as evidence."""
        marked = without_marks(text)
        self.facts.add(marked)
        rows: list[tuple[int, int, set[str]]] = []
        spoken: list[str] = []
        sequence: list[str] = []
        for start, end in sentence_spans(marked):
            found = set()
            for match in WORD.finditer(marked, start, end):
                word = match.group()
                spoken.append(fold(word))
                known = stem(word)
                if known:
                    found.add(known)
                    sequence.append(known)
            rows.append((start, end, found))
        self._count(rows)
        self._sequences(sequence, 1 << source)
        self.words.update(spoken)
        self.copies.update(zip(*(spoken[i:] for i in range(COPY_WORDS)), strict=False))
        if evidence:
            self._passages(source, rows)

    def _count(self, rows: list[tuple[int, int, set[str]]]) -> None:
        self.sentences += len(rows)
        for _, _, found in rows:
            for known in found:
                self.frequency[known] = self.frequency.get(known, 0) + 1

    def _sequences(self, sequence: list[str], bit: int) -> None:
        for known in set(sequence):
            self.stems[known] = self.stems.get(known, 0) | bit
        for pair in set(zip(sequence, sequence[1:], strict=False)):
            self.pairs[pair] = self.pairs.get(pair, 0) | bit
        for triple in set(zip(sequence, sequence[1:], sequence[2:], strict=False)):
            self.triples[triple] = self.triples.get(triple, 0) | bit

    def _passages(self, source: int, rows: list[tuple[int, int, set[str]]]) -> None:
        for i in range(max(1, len(rows) - PASSAGE_SENTENCES + 1) if rows else 0):
            window = rows[i : i + PASSAGE_SENTENCES]
            number = len(self.passages)
            self.passages.append(Passage(source, window[0][0], window[-1][1]))
            for known in set().union(*(found for _, _, found in window)):
                self.passages_with.setdefault(known, []).append(number)


def _by_prefix(stems: Iterable[str]) -> Iterator[tuple[str, str]]:
    return (
        (known[:PREFIX], known) for known in sorted(stems) if len(known) >= PREFIX and not known[0].isdigit()
    )


def build_index(documents: tuple[Document, ...]) -> ContextIndex:
    """Index the documents of a context. Time grows with their length, and only with that."""
    builder = _Builder(documents)
    for source, document in enumerate(documents):
        builder.add(source, document.text, evidence=True)
        builder.add(source, f"{document.title}\n{document.about}", evidence=False)
    prefixes: dict[str, int] = {}
    stems_by_prefix: dict[str, list[str]] = {}
    for prefix, known in _by_prefix(builder.stems):
        prefixes[prefix] = prefixes.get(prefix, 0) | builder.stems[known]
        stems_by_prefix.setdefault(prefix, []).append(known)
    standing = sorted(
        range(len(documents)), key=lambda i: (documents[i].rank, documents[i].text, documents[i].title)
    )
    order = [0] * len(documents)
    for place, source in enumerate(standing):
        order[source] = place
    return ContextIndex(
        documents=documents, passages=tuple(builder.passages), order=tuple(order), sentences=builder.sentences,
        frequency=builder.frequency, passages_with=builder.passages_with, stems=builder.stems, prefixes=prefixes,
        stems_by_prefix=stems_by_prefix, pairs=builder.pairs, triples=builder.triples,
        words=frozenset(builder.words), copies=frozenset(builder.copies), facts=builder.facts,
    )  # fmt: skip
