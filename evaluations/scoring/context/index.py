"""A context, indexed once and then read by every scorer."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any, NamedTuple

from evaluations.scoring.context.aliases import Aliases, find_aliases
from evaluations.scoring.context.documents import Document, cut_evenly, read_documents
from evaluations.scoring.context.factbook import FactBook
from evaluations.scoring.context.names import full_names, same_name
from evaluations.scoring.context.runs import pair_hashes, stems_of, triple_hashes, word_pairs, word_runs
from evaluations.scoring.context.spread import Spread, spread_of
from evaluations.scoring.facts.weekdays import read_day
from evaluations.scoring.languages.english import ENGLISH
from evaluations.scoring.languages.everyday import everyday_stems
from evaluations.scoring.languages.pack import LanguagePack, digits_of
from evaluations.scoring.languages.packs import pack_for
from evaluations.scoring.lexicon.everyday import WORTH
from evaluations.scoring.text.letters import letter_runs
from evaluations.scoring.text.markup import without_marks
from evaluations.scoring.text.sentences import sentence_spans
from evaluations.scoring.text.words import WORD, fold, in_one_spelling

PASSAGE_SENTENCES = 3
PREFIX = 5
# Lines of fewer words join the next one, so that a passage of table rows or headings still says something.
SHORT_ROW = 6
# A longer context is read up to here: four times the largest that fits the models' windows.
LONGEST_CONTEXT, LONGEST_HEAD = 300_000, 1_000


class Passage(NamedTuple):
    """Up to three neighbouring sentences of one source: offsets into its text, and positions among its words."""

    source: int
    start: int
    end: int
    first: int
    last: int


class Row(NamedTuple):
    """One sentence of a source: offsets into its text, and positions among its words."""

    source: int
    start: int
    end: int
    first: int
    last: int


class Sequences(NamedTuple):
    """What stands in a passage: its stems, and side by side its word pairs and its runs of letters."""

    stems: frozenset[str]
    pairs: frozenset[str]
    letters: frozenset[int | str]


@dataclass(frozen=True, slots=True)
class ContextIndex:
    """What a context says, by stem, by stem sequence and by runs of letters. Nothing that can be asked of it changes
    once it is built; `memory` keeps what was worked out for an earlier sentence.

    The numbers of `stems`, `prefixes` and `pairs` are sets of sources, one bit each. `rows_with` tells in which
    sentences a stem stands, `windows` which passages hold a sentence, `bounds` the first passage of a source and that
    after its last.
    """

    documents: tuple[Document, ...]
    pack: LanguagePack
    words: tuple[tuple[str, ...], ...]
    passages: tuple[Passage, ...]
    bounds: tuple[tuple[int, int], ...]
    source_of: tuple[int, ...]
    counts: tuple[Counter[str], ...]
    lengths: tuple[int, ...]
    places: tuple[int, ...]
    row_places: tuple[int, ...]
    passage_stems: tuple[frozenset[str], ...]
    row_stems: tuple[frozenset[str], ...]
    rows_with: dict[str, list[int]]
    windows: tuple[range, ...]
    sentences: int
    frequency: dict[str, int]
    stems: dict[str, int]
    prefixes: dict[str, int]
    stems_by_prefix: dict[str, list[str]]
    pairs: dict[str, int]
    word_pairs: Set[int]
    triples: Set[int]
    letters: Set[int | str]
    texts: tuple[str, ...]
    vocabulary: Set[str]
    proper: Set[str]
    inner: Set[str]
    full_names: dict[str, tuple[frozenset[str], ...]]
    plain: Set[str]
    marked: tuple[str, ...]
    rows: tuple[Row, ...]
    copies: Set[str]
    aliases: Aliases
    facts: FactBook
    memory: dict[str, list[int]] = field(default_factory=dict)
    readings: dict[int, Any] = field(default_factory=dict)
    spreads: dict[str, Spread] = field(default_factory=dict)
    sequences: dict[Passage, Sequences] = field(default_factory=dict)

    def rarity(self, known: str) -> float:
        """Inverse document frequency of a stem over the sentences; an everyday one that none has is worth less."""
        frequency = self.frequency.get(known, 0)
        if not frequency and known in everyday_stems(self.pack):
            return WORTH * math.log(2 * self.sentences + 4)
        return math.log(1 + (self.sentences + 1.5 - frequency) / (frequency + 0.5))

    def same_name(self, one: str, other: str) -> bool:
        """Whether two names can be one thing's."""
        return same_name(one, other, self.full_names)

    def is_inner_name(self, word: str) -> bool:
        """Whether a source has a folded word with a capital where no sentence begins, and never in small letters."""
        return word in self.inner and word not in self.plain

    def says(self, words: Sequence[str]) -> bool:
        """Whether a source says these folded words, one after the other."""
        phrase = f" {' '.join(words)} "
        return any(phrase in text for text in self.texts)

    def places_with(self, known: str) -> list[int]:
        """The sentences that hold a stem, by their numbers, in an order that does not hang on that of the sources."""
        key = f"row {known}"
        numbers = self.memory.get(key)
        if numbers is None:
            rows = self.rows_with.get(known, [])
            numbers = self.memory[key] = sorted(rows, key=self.row_places.__getitem__)
        return numbers

    def spread(self, known: str) -> Spread:
        """BM25 of a stem over the sources, in sentences that hold it."""
        found = self.spreads.get(known)
        if found is None:
            often = {source: counts[known] for source, counts in enumerate(self.counts) if known in counts}
            found = self.spreads[known] = spread_of(often, self.lengths)
        return found

    def passages_with(self, known: str) -> list[int]:
        """The passages that hold a stem, by their numbers, in order."""
        numbers = self.memory.get(known)
        if numbers is None:
            windows = map(self.windows.__getitem__, self.rows_with.get(known, ()))
            numbers = self.memory[known] = list(dict.fromkeys(chain.from_iterable(windows)))
        return numbers

    def passage_sequences(self, passage: Passage) -> Sequences:
        """The stems, word pairs and letter runs of a passage, kept for later sentences."""
        found = self.sequences.get(passage)
        if found is None:
            stems = stems_of(words := self.passage_words(passage), self.pack)
            letters = frozenset(letter_runs(words))
            found = self.sequences[passage] = Sequences(frozenset(stems), frozenset(word_pairs(stems)), letters)
        return found

    def passage_words(self, passage: Passage) -> tuple[str, ...]:
        """The words of a passage, in one spelling."""
        return self.words[passage.source][passage.first : passage.last]


class _Builder:
    def __init__(self, aliases: Aliases, pack: LanguagePack) -> None:
        self.aliases = aliases
        self.pack = pack
        self.digits = digits_of(pack)
        self.words: list[tuple[str, ...]] = []
        self.passages: list[Passage] = []
        self.bounds: list[tuple[int, int]] = []
        self.passage_stems: list[frozenset[str]] = []
        self.rows_with: defaultdict[str, list[int]] = defaultdict(list)
        self.windows: list[range] = []
        self.rows: list[Row] = []
        self.row_stems: list[frozenset[str]] = []
        self.sentences = 0
        self.frequency: Counter[str] = Counter()
        self.stems: dict[str, int] = {}
        self.pairs: dict[str, int] = {}
        self.word_pairs: set[int] = set()
        self.triples: set[int] = set()
        self.counts: list[Counter[str]] = []
        self.letters: set[int | str] = set()
        self.texts: list[str] = []
        self.vocabulary: set[str] = set()
        self.spellings: set[str] = set()
        self.inner: set[str] = set()
        self.copies: set[str] = set()
        self.facts = FactBook(pack)

    def add(self, source: int, marked: str, day: date | None, *, evidence: bool) -> None:
        """Take in one text of one source of a day; only the source's own text can be shown as evidence."""
        if len(self.counts) == source:
            self.counts.append(Counter())
        self.facts.add(marked)
        spoken: list[str] = []
        written: list[str] = []
        rows: list[Row] = []
        for start, end in sentence_spans(marked):
            said = WORD.findall(marked, start, end)
            self.spellings.update(said)
            self.inner.update(said[1 + bool(said and said[0].isdigit()) :])
            words = list(map(fold, said))
            if not words:
                continue
            spoken += words
            first = len(written)
            written += self.aliases.spell_out(in_one_spelling(words, self.digits))
            if rows and rows[-1].last - rows[-1].first < SHORT_ROW:
                rows[-1] = Row(source, rows[-1].start, end, rows[-1].first, len(written))
            else:
                rows.append(Row(source, start, end, first, len(written)))
        stems = list(map(self.pack.stem, written))
        found = [frozenset(filter(None, stems[row.first : row.last])) for row in rows]
        self._count(found)
        self._sequences([known for known in stems if known], source)
        self.word_pairs.update(pair_hashes(written))
        self.letters.update(letter_runs([*written, ""]))
        self.texts.append(f" {' '.join(spoken)} ")
        self.vocabulary.update(spoken)
        self.facts.add_days(spoken, day)
        self.copies.update(word_runs(spoken))
        if evidence:
            self.words.append(tuple(written))
            self._passages(source, rows, found)

    def _count(self, found: list[frozenset[str]]) -> None:
        self.sentences += len(found)
        self.frequency.update(chain.from_iterable(found))

    def _sequences(self, sequence: list[str], source: int) -> None:
        self.counts[source].update(sequence)
        self.triples.update(triple_hashes(sequence))
        bit = 1 << source
        for known in set(sequence):
            self.stems[known] = self.stems.get(known, 0) | bit
        for pair in word_pairs(sequence):
            self.pairs[pair] = self.pairs.get(pair, 0) | bit

    def _passages(self, source: int, rows: list[Row], found: list[frozenset[str]]) -> None:
        base, count = len(self.passages), max(1, len(rows) - PASSAGE_SENTENCES + 1) if rows else 0
        for i in range(count):
            window = rows[i : i + PASSAGE_SENTENCES]
            self.passages.append(Passage(source, window[0].start, window[-1].end, window[0].first, window[-1].last))
            self.passage_stems.append(frozenset().union(*found[i : i + PASSAGE_SENTENCES]))
        self.bounds.append((base, base + count))
        self.rows += rows
        self.row_stems += found
        rows_with = self.rows_with
        for row, stems in enumerate(found, len(self.windows)):
            for known in stems:
                rows_with[known].append(row)
        self.windows += [
            range(base + max(0, row - PASSAGE_SENTENCES + 1), base + min(row + 1, count)) for row in range(len(found))
        ]


def _by_prefix(stems: Mapping[str, int]) -> tuple[dict[str, int], dict[str, list[str]]]:
    """For each beginning the passages and the stems that have it."""
    passages: dict[str, int] = {}
    alike: dict[str, list[str]] = {}
    for known in sorted(known for known in stems if len(known) >= PREFIX and not known[0].isdigit()):
        passages[known[:PREFIX]] = passages.get(known[:PREFIX], 0) | stems[known]
        alike.setdefault(known[:PREFIX], []).append(known)
    return passages, alike


def _places(documents: Sequence[Document], passages: Sequence[Passage] | Sequence[Row]) -> tuple[int, ...]:
    """The place of each passage by its source's rank, then by what the source says, then by where it stands.

    Of equal passages the first in place is shown: that does not hang on the order in which sources are listed.
    """
    ranked = sorted(range(len(documents)), key=lambda i: (documents[i].rank, documents[i].text, documents[i].title))
    standing = {source: place for place, source in enumerate(ranked)}
    order = sorted(range(len(passages)), key=lambda number: (standing[passages[number].source], number))
    places = [0] * len(passages)
    for place, number in enumerate(order):
        places[number] = place
    return tuple(places)


def index_context(document: str | list[dict[str, str]] | dict[str, Any], language: str = "en") -> ContextIndex:
    """Index a text, a list of {"title", "text"}, or a locked context document, once for all reports, in a language."""
    return build_index(read_documents(document), pack_for(language))


def build_index(documents: tuple[Document, ...], pack: LanguagePack = ENGLISH) -> ContextIndex:
    """Index the documents of a context. Time grows with their length, and only with that."""
    texts = [without_marks(text) for text in cut_evenly(LONGEST_CONTEXT, [d.text for d in documents])]
    heads = [without_marks(f"{document.title}\n{document.about}"[:LONGEST_HEAD]) for document in documents]
    builder = _Builder(find_aliases([*texts, *heads]), pack)
    for source, (text, head) in enumerate(zip(texts, heads, strict=True)):
        day = read_day(documents[source].day)
        builder.add(source, text, day, evidence=True)
        builder.add(source, head, day, evidence=False)
    builder.facts.add_words(builder.vocabulary)
    prefixes, stems_by_prefix = _by_prefix(builder.stems)
    plain = {fold(word) for word in builder.spellings if word[0].islower()}
    return ContextIndex(
        documents=documents,
        pack=pack,
        words=tuple(builder.words),
        passages=tuple(builder.passages),
        bounds=tuple(builder.bounds),
        counts=tuple(builder.counts),
        lengths=tuple(counts.total() for counts in builder.counts),
        source_of=tuple(passage.source for passage in builder.passages),
        places=_places(documents, builder.passages),
        row_places=_places(documents, builder.rows),
        passage_stems=tuple(builder.passage_stems),
        row_stems=tuple(builder.row_stems),
        rows_with=dict(builder.rows_with),
        windows=tuple(builder.windows),
        sentences=builder.sentences,
        frequency=dict(builder.frequency),
        stems=builder.stems,
        prefixes=prefixes,
        stems_by_prefix=stems_by_prefix,
        pairs=builder.pairs,
        word_pairs=builder.word_pairs,
        triples=builder.triples,
        letters=builder.letters,
        texts=tuple(builder.texts),
        vocabulary=builder.vocabulary,
        inner={fold(word) for word in builder.inner if word[0].isupper()},
        proper={fold(word) for word in builder.spellings if word[0].isupper()} - plain,
        full_names=full_names([*texts, *heads]),
        plain=plain,
        marked=tuple(texts),
        rows=tuple(builder.rows),
        copies=builder.copies,
        aliases=builder.aliases,
        facts=builder.facts,
    )
