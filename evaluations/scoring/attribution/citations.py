"""The citation ledger: every reference of a report, whether it leads to a source, and whether that one says so."""

import math
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from evaluations.scoring.attribution.attributions import Attribution, find_attributions
from evaluations.scoring.attribution.publications import Publications
from evaluations.scoring.attribution.quotations import readable
from evaluations.scoring.attribution.references import Reference, find_references, read_notes, without_code
from evaluations.scoring.attribution.wording import Place
from evaluations.scoring.context.factbook import FactBook
from evaluations.scoring.context.index import ContextIndex
from evaluations.scoring.facts.facts import Fact, numeric_facts
from evaluations.scoring.grounding.matching import Match, match_sentences
from evaluations.scoring.languages.pack import LanguagePack
from evaluations.scoring.report import MOST_SENTENCES, Sentence
from evaluations.scoring.text.markup import without_marks
from evaluations.scoring.text.sentences import sentence_spans
from evaluations.scoring.text.words import WORD, fold
from evaluations.scoring.utilization import source_scores

LONGEST_READ = 60_000
# A source supports a claim that it fits at least so well, and nearly as well as the source that fits it best.
SUPPORTED_FROM = 0.3
NEARLY_AS_WELL = 0.8
# A sentence with fewer content words says nothing that could be supported: its reference belongs to the one before.
FEWEST_WORDS = 3
_ADDRESS = re.compile(r"https?://\S+|www\.\S+")


@dataclass(frozen=True, slots=True)
class Citation:
    """One citation's row in the ledger: `target` is the source that it leads to, None where the lock has none.

    `verdict`: supported, wrong_source or outside. `passage`: where a source says it, the target where it does.
    """

    start: int
    end: int
    target: int | None
    verdict: str
    passage: Place | None


@dataclass(frozen=True, slots=True)
class CitationLedger:
    """The citations of a report, and how many of its sentences carry none."""

    citations: tuple[Citation, ...]
    sentences: int
    uncited: int


@dataclass(frozen=True, slots=True)
class _Mark:
    """A citation as found: its place, the sources it leads to, and whether it stands behind what it supports."""

    start: int
    end: int
    sources: frozenset[int]
    is_marker: bool
    anchor: str = ""
    is_link: bool = False
    speaker: tuple[str, ...] = ()


def citation_ledger(index: ContextIndex, report: str, pack: LanguagePack) -> CitationLedger:
    """Every citation of a report, in order."""
    raw = without_code(report[:LONGEST_READ])
    text = readable(raw)
    spans = list(islice(sentence_spans(text), MOST_SENTENCES))
    publications = Publications(index.documents, pack)
    notes = read_notes(raw)
    references = [_resolve(reference, publications) for reference in find_references(raw, notes)]
    named = [
        _Mark(found.start, found.end, found.sources, is_marker=False, speaker=() if found.sources else found.name)
        for found in find_attributions(text, spans, publications, pack)
        if not notes.holds(found.start) and not _overlaps(found, references)
    ]
    marks = sorted([*references, *named], key=lambda mark: (mark.start, mark.end, sorted(mark.sources)))
    running = [span for span in spans if not notes.holds(span[0]) and not notes.lists_at(span[0])]
    judge = _Judge(index, text, running, marks, pack)
    rows = tuple(judge.verdict(mark, listed=notes.lists_at(mark.start)) for mark in marks)
    return CitationLedger(rows, *judge.citation_counts())


def _resolve(reference: Reference, publications: Publications) -> _Mark:
    """Where a reference leads: to the address it gives, to what its note says, or to the source of its number."""
    if reference.address:
        sources = publications.by_address(reference.address)
    elif reference.note:
        addresses = _ADDRESS.findall(reference.note)
        sources = frozenset().union(*(publications.by_address(address) for address in addresses))
        sources = sources or (frozenset() if addresses else publications.by_note(reference.note))
    else:
        sources = publications.by_number(reference.number) if reference.number is not None else frozenset()
    return _Mark(reference.start, reference.end, sources, reference.is_marker, reference.anchor, is_link=True)


def _overlaps(found: Attribution, references: Sequence[_Mark]) -> bool:
    return any(found.start < mark.end and mark.start < found.end for mark in references)


class _Judge:
    def __init__(
        self,
        index: ContextIndex,
        text: str,
        spans: Sequence[tuple[int, int]],
        marks: Sequence[_Mark],
        pack: LanguagePack,
    ) -> None:
        self.index = index
        self.text = text
        self.spans = spans
        self.starts = [start for start, _ in spans]
        self.marks = marks
        self.pack = pack
        self._claims: dict[tuple[int, int], Match] = {}
        self._books: dict[int, FactBook] = {}
        self._cited: set[int] = set()

    def citation_counts(self) -> tuple[int, int]:
        """How many sentences say something, and how many of them carry no citation."""
        said = [number for number, span in enumerate(self.spans) if self._content(*span) >= FEWEST_WORDS]
        return len(said), sum(number not in self._cited for number in said)

    def verdict(self, mark: _Mark, *, listed: bool) -> Citation:
        """The row of one citation."""
        if listed:
            claims = [self._match(start, end) for start, end in self.spans[:200]] if mark.sources else []
        else:
            number = self._sentence_of(mark)
            if number is not None:
                self._cited.add(number)
            claims = [self._match(*span) for span in self._claim_spans(mark, number)]
        claims = [claim for claim in claims if claim.total]
        if mark.speaker and not mark.sources:
            return self._by_speaker(mark, claims)
        if not mark.sources:
            return Citation(mark.start, mark.end, None, "outside", self._passage(claims[0]) if claims else None)
        target = min(mark.sources)
        for claim in claims:
            if (supporting := self._supporting(claim, mark.sources)) is not None:
                return Citation(mark.start, mark.end, supporting, "supported", self._passage(claim, supporting))
        return Citation(mark.start, mark.end, target, "wrong_source", self._passage(claims[0]) if claims else None)

    def _by_speaker(self, mark: _Mark, claims: Sequence[Match]) -> Citation:
        """A name that no source bears: somebody whom a source names where it says so, or nobody of this lock."""
        for claim in claims:
            for source in range(len(self.index.documents)):
                passage = self._passage(claim, source)
                if passage is None or self._supporting(claim, frozenset({source})) is None:
                    continue
                if Publications.names(self.index.documents[source], mark.speaker, passage.start, passage.end):
                    return Citation(mark.start, mark.end, source, "supported", passage)
        named = [i for i in range(len(self.index.documents)) if self._is_named(mark.speaker, i)]
        if not named or self.pack.papers & set(mark.speaker):
            return Citation(mark.start, mark.end, None, "outside", None)
        return Citation(mark.start, mark.end, named[0], "wrong_source", self._passage(claims[0]) if claims else None)

    def _is_named(self, words: Sequence[str], source: int) -> bool:
        """Whether a source names somebody anywhere: in full, or by the last word of a longer name."""
        text = self.index.texts[2 * source]  # of each source its text, then its title
        return f" {' '.join(words)} " in text or (len(words) > 1 and f" {words[-1]} " in text)

    # Claims

    def _sentence_of(self, mark: _Mark) -> int | None:
        """The sentence that a citation stands in, or behind; the one before where it says nothing by itself."""
        number = bisect_right(self.starts, mark.start) - 1
        inside = number >= 0 and mark.start < self.spans[number][1]
        if not inside and number + 1 < len(self.spans) and self.spans[number + 1][0] < mark.end:
            number, inside = number + 1, True
        if inside and self._own_words(mark, *self.spans[number]) < FEWEST_WORDS:
            number = number - 1 if number else number
        while number > 0 and self._content(*self.spans[number]) < FEWEST_WORDS:
            number -= 1
        return number if number >= 0 else (0 if self.spans else None)

    def _claim_spans(self, mark: _Mark, number: int | None) -> Iterator[tuple[int, int]]:
        """What a citation is for: its part of the sentence, where others divide it, then the whole sentence."""
        if number is None:
            return
        start, end = self.spans[number]
        others = [other for other in self.marks if start <= other.start < end and other is not mark]
        before = max((other.end for other in others if other.end < mark.start - 3), default=start)
        after = min((other.start for other in others if other.start > mark.end + 3), default=end)
        part = (before, mark.end) if mark.is_marker or mark.is_link else (before, after)
        if not mark.is_marker and self._own_words(mark, *part) < FEWEST_WORDS:
            part = (mark.start, after)
        if others and start <= mark.start <= end and self._own_words(mark, *part) >= FEWEST_WORDS:
            yield part
            return
        yield start, end

    def _content(self, start: int, end: int) -> int:
        return sum(bool(self.pack.stem(word)) for word in self._words(start, end))

    def _own_words(self, mark: _Mark, start: int, end: int) -> int:
        """How many content words a stretch holds beside those of a citation; the words of a link are the claim's."""
        if mark.anchor and len(mark.anchor.split()) > 4:
            return self._content(start, end)
        return self._content(start, min(end, mark.start)) + self._content(max(start, mark.end), end)

    def _words(self, start: int, end: int) -> tuple[str, ...]:
        return tuple(fold(match.group()) for match in WORD.finditer(self.text, start, max(start, end)))

    def _match(self, start: int, end: int) -> Match:
        """What a stretch says, beside the names of the sources that it cites, held against the context."""
        if (start, end) not in self._claims:
            said = list(self.text[start:end])
            for mark in self.marks:
                if mark.start < end and start < mark.end and not (mark.anchor and len(mark.anchor.split()) > 4):
                    low, high = max(mark.start, start) - start, min(mark.end, end) - start
                    said[low:high] = " " * (high - low)
            text = "".join(said)
            words = tuple(fold(match.group()) for match in WORD.finditer(text))
            facts = tuple(numeric_facts(text, self.pack))
            sentence = Sentence(start, end, text, words, facts, claim=True)
            self._claims[start, end] = match_sentences(self.index, [sentence])[0]
        return self._claims[start, end]

    def _supporting(self, claim: Match, sources: frozenset[int]) -> int | None:
        """The cited source that supports a claim, where one does."""
        scores = source_scores(self.index, claim)
        best = max(scores, default=0.0)
        for source in sorted(sources, key=lambda number: (-scores[number], number)):
            enough = scores[source] >= max(SUPPORTED_FROM, NEARLY_AS_WELL * best)
            if enough and self._holds_facts(claim.sentence.facts, source):
                return source
        return None

    def _holds_facts(self, facts: Sequence[Fact], source: int) -> bool:
        if source not in self._books:
            document = self.index.documents[source]
            book = self._books[source] = FactBook(self.pack)
            marked = without_marks(f"{document.text}\n{document.title}\n{document.about}")
            book.add(marked)
            book.add_words({fold(match.group()) for match in WORD.finditer(marked)})
        return all(self._books[source].holds(fact) for fact in facts)

    def _passage(self, claim: Match, source: int | None = None) -> Place | None:
        """The passage that holds most of a claim, of one source or of all."""
        best = claim.best
        if best is None or (source is not None and source != best.source):
            if source is None or not claim.held_by.get(source):
                return None
            best = self.index.passages[self._fullest(claim, source)]
        return Place(best.source, best.start, best.end)

    def _fullest(self, claim: Match, source: int) -> int:
        stems = self.index.passage_stems
        held = {
            number: math.fsum(weight for known, weight in claim.weights.items() if known in stems[number])
            for number in range(*self.index.bounds[source])
        }
        return max(held, key=lambda number: (held[number], -number))
