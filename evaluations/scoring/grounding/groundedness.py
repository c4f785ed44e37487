"""How much of a report can be found in its context, sentence by sentence."""

import math
import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from evaluations.scoring.attribution.pointers import points_elsewhere
from evaluations.scoring.attribution.quotes import Quote
from evaluations.scoring.context.index import ContextIndex, Passage
from evaluations.scoring.context.runs import COPY_WORDS, word_runs
from evaluations.scoring.facts.facts import Fact
from evaluations.scoring.grounding.binding import bind
from evaluations.scoring.grounding.clauses import Token
from evaluations.scoring.grounding.computed import differences, is_computed, numbers_of
from evaluations.scoring.grounding.contradiction import alignments, contradictions
from evaluations.scoring.grounding.findings.finding import Contradiction
from evaluations.scoring.grounding.findings.quoting import invented_quotes, misquotations, quotes_within
from evaluations.scoring.grounding.matching import Match
from evaluations.scoring.grounding.nearness import copied_pairs, distance
from evaluations.scoring.grounding.signs.course import Step, returning_words
from evaluations.scoring.grounding.signs.signs import read_signs
from evaluations.scoring.grounding.verdict import NOT_FOUND, PARTLY, Case, loss, unsupported
from evaluations.scoring.lexicon.posts import same_country
from evaluations.scoring.report import Sentence
from evaluations.scoring.text.words import fold

# A passage that holds less of a sentence than this is no evidence, and is not shown as such.
EVIDENCE_FROM = 0.2
_WORD_BEFORE = re.compile(r"(\w+) +$")


@dataclass(frozen=True, slots=True)
class SentenceGrounding:
    """One sentence's verdict: `unsupported` from 0 to 1, its evidence, and its facts found in no source; `loss` is what
    it takes from its report."""

    start: int
    end: int
    words: int
    unsupported: float
    passage: Passage | None
    missing: tuple[Fact, ...]
    contradicted: tuple[Contradiction, ...] = ()
    claim: bool = True
    loss: float = 0.0

    @property
    def band(self) -> str:
        """The word to show: the number between the bands claims more than the data carries."""
        if not self.claim:
            return "no_claim"
        if self.contradicted:
            return "contradicted"
        if self.unsupported < PARTLY:
            return "grounded"
        return "partly" if self.unsupported < NOT_FOUND else "not_found"


@dataclass(frozen=True, slots=True)
class Groundedness:
    """Word-weighted mean of 1 - loss over what claims something, None where nothing does; and the share of the words
    that stand in copied runs."""

    value: float | None
    verbatim: float
    grounded_words: int
    sentences: tuple[SentenceGrounding, ...]


def unknown_facts(index: ContextIndex, sentence: Sentence) -> list[Fact]:
    """The facts of a sentence that are nowhere in the context, in any spelling; of quotations their ledger decides."""
    pointing = index.pack.pointing
    facts = [fact for fact in sentence.facts if fact.kind != "quote" and not _only_refers(sentence, fact, pointing)]
    return [fact for fact in facts if not _is_found(index, fact)]


def _only_refers(sentence: Sentence, fact: Fact, pointing: Container[str]) -> bool:
    """Whether a "two" only points at what was named: "the two sides"."""
    if fact.kind != "number" or fact.key[:1] != ("2",):
        return False
    before = _WORD_BEFORE.search(sentence.text, 0, fact.start - sentence.start)
    return before is not None and fold(before.group(1)) in pointing


def _is_found(index: ContextIndex, fact: Fact) -> bool:
    match fact.kind:
        case "name":
            return all(_knows_word(index, word) for word in fact.key)
        case _:
            return index.facts.holds(fact)


def _knows_word(index: ContextIndex, word: str) -> bool:
    folded = fold(word)
    if folded in index.vocabulary or index.facts.knows_weekday(folded) or index.pack.stem(folded) in index.stems:
        return True
    if index.pack.nouns_in_capitals and folded.removesuffix("s") in index.vocabulary:  # a genitive, without apostrophe
        return True
    return any(other in index.vocabulary for other in same_country(folded))


class Reading(NamedTuple):
    """A sentence as read beside the sources: what decides, its facts in no source, what a source says otherwise, and
    the source sentences nearest to it."""

    case: Case
    missing: tuple[Fact, ...]
    contradicted: tuple[Contradiction, ...]
    rows: tuple[int, ...]

    def move(self, by: int) -> "Reading":
        """The same of a sentence in the same characters that stands so much further on."""
        return self._replace(
            missing=tuple(replace(fact, start=fact.start + by, end=fact.end + by) for fact in self.missing),
            contradicted=tuple(one._replace(start=one.start + by, end=one.end + by) for one in self.contradicted),
        )


def read_cases(
    index: ContextIndex, matches: Sequence[Match], quotes: Sequence[Quote] = ()
) -> tuple[Reading | None, ...]:
    """Everything that decides of each sentence of a report, None where one claims nothing."""
    readings = tuple(_read_each(index, matches, quotes))
    steps = (
        Step(match.sentence.words, reading.rows, unsupported(reading.case) < PARTLY)
        for match, reading in zip(matches, readings, strict=True)
        if reading is not None
    )
    back = returning_words(index, steps)
    return tuple(
        reading and (_as_returning(reading) if match.sentence.words in back else reading)
        for match, reading in zip(matches, readings, strict=True)
    )


def _as_returning(reading: Reading) -> Reading:
    signs = reading.case.signs._replace(returning=1.0)
    return reading._replace(case=reading.case._replace(signs=signs))


def _read_each(index: ContextIndex, matches: Sequence[Match], quotes: Sequence[Quote]) -> Iterator[Reading | None]:
    """Every sentence by itself; one said again in the same characters is not read again."""
    known: dict[str, tuple[int, Reading]] = {}
    for match in matches:
        sentence = match.sentence
        if not sentence.claim:
            yield None
            continue
        start, reading = known.get(sentence.text, (sentence.start, None))
        if reading is None:
            reading = _read_case(index, match, quotes)
            if not quotes_within(quotes, sentence.start, sentence.end):
                known[sentence.text] = sentence.start, reading
        yield reading.move(sentence.start - start) if sentence.start > start else reading


def _read_case(index: ContextIndex, match: Match, quotes: Sequence[Quote]) -> Reading:
    sentence = match.sentence
    quoted = quotes_within(quotes, sentence.start, sentence.end)
    beside = alignments(index, match)
    unknown = unknown_facts(index, sentence)
    computed_facts = [fact for fact in unknown if is_computed(index, fact, sentence.words, beside)]
    missing = _by_place(*(fact for fact in unknown if fact not in computed_facts), *invented_quotes(quoted))
    computed = differences(index, beside) | numbers_of(computed_facts, beside)
    binding = bind(index, beside, computed)
    said = beside[0].said if beside else None
    verbatim = [quote for quote in quoted if quote.verdict == "verbatim" and not quote.reported]
    otherwise = [one for one in contradictions(index, beside) if not _is_of(one, (*computed, *verbatim))]
    against = (*otherwise, *misquotations(index, quoted, said))
    certain = tuple(one for one in against if one.certain)
    signs = read_signs(index, match, beside, binding, len(missing))
    pairs = copied_pairs(index, match)
    case = Case(
        signs,
        binding.named,
        binding.apart,
        binding.words,
        binding.loose,
        contradicted=bool(certain),
        doubted=len(against) > len(certain) or points_elsewhere(index, match),
        distance=distance(index, match, beside, signs.similarity, pairs, len(missing)),
        pairs=pairs,
    )
    return Reading(case, missing, certain, tuple(one.row for one in beside))


def _by_place(*facts: Fact) -> tuple[Fact, ...]:
    return tuple(sorted(facts, key=lambda fact: (fact.start, fact.end)))


def _is_of(one: Contradiction, places: Iterable[Token | Quote]) -> bool:
    """Whether a difference is found in one of these numbers and quotations."""
    return any(one.start < place.end and place.start < one.end for place in places)


def _ground_sentence(match: Match, reading: Reading | None) -> SentenceGrounding:
    """The verdict on one sentence: a sigmoid of its weighted signs, moved where facts or findings decide."""
    sentence = match.sentence
    if reading is None:
        return SentenceGrounding(sentence.start, sentence.end, len(sentence.words), 0.0, None, (), claim=False)
    return SentenceGrounding(
        sentence.start,
        sentence.end,
        len(sentence.words),
        unsupported(reading.case),
        match.best if match.held >= EVIDENCE_FROM * match.total else None,
        reading.missing,
        reading.contradicted,
        loss=loss(reading.case),
    )


def verbatim_share(index: ContextIndex, sentences: Sequence[Sentence]) -> float:
    """Share of the words that stand in a run of eight or more taken over word for word."""
    words = [word for sentence in sentences for word in sentence.words]
    copied = [False] * len(words)
    for i, run in enumerate(word_runs(words)):
        if run in index.copies:
            copied[i : i + COPY_WORDS] = [True] * COPY_WORDS
    return round(sum(copied) / len(words), 4) if words else 0.0


def ground(index: ContextIndex, matches: Sequence[Match], quotes: Sequence[Quote] = ()) -> Groundedness:
    """The groundedness of a report. A sentence said twice counts once."""
    rows = tuple(map(_ground_sentence, matches, read_cases(index, matches, quotes)))
    counted: dict[tuple[str, ...], SentenceGrounding] = {}
    for match, row in zip(matches, rows, strict=True):
        if row.claim:
            counted.setdefault(match.sentence.words, row)
    words = sum(row.words for row in counted.values())
    value = math.fsum(row.words * (1 - row.loss) for row in counted.values()) / words if words else None
    grounded = sum(row.words for row in counted.values() if row.unsupported < PARTLY)
    verbatim = verbatim_share(index, [match.sentence for match in matches])
    return Groundedness(None if value is None else round(value, 4), verbatim, grounded, rows)
