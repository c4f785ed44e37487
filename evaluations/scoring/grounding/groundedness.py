"""How much of a report can be found in its context, sentence by sentence."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from evaluations.scoring.attribution.quotes import Quote
from evaluations.scoring.context.index import COPY_WORDS, ContextIndex, Passage, word_runs
from evaluations.scoring.facts.facts import Fact
from evaluations.scoring.grounding.binding import bind
from evaluations.scoring.grounding.contradiction import alignments, contradictions
from evaluations.scoring.grounding.finding import Contradiction
from evaluations.scoring.grounding.matching import Match, sequence_shares, words_found
from evaluations.scoring.grounding.quoting import invented_quotes, misquotations, quotes_within
from evaluations.scoring.report import Sentence
from evaluations.scoring.text.words import fold

PARTLY, NOT_FOUND = 0.5, 0.9
BIAS, SLOPE, MISSING_FACT = 4.3, 10.0, 1.5
# Few shared words alone do not push a sentence over PARTLY whose names and numbers stand together.
BOUND, BOUND_WORDS = 0.49, 0.2
# What names and numbers add that stand apart from the rest of the sentence: the first, and each of two more.
APART, FURTHER = 0.6, 0.8
# A passage that holds less of a sentence than this is no evidence, and is not shown as such.
EVIDENCE_FROM = 0.2


@dataclass(frozen=True, slots=True)
class SentenceGrounding:
    """One sentence's verdict: `unsupported` from 0 to 1, its evidence, and its facts found in no source."""

    start: int
    end: int
    words: int
    unsupported: float
    passage: Passage | None
    missing: tuple[Fact, ...]
    contradicted: tuple[Contradiction, ...] = ()
    claim: bool = True

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
    """Word-weighted mean of 1 - unsupported over what claims something, None where nothing does; and the share of the
    words that stand in copied runs."""

    value: float | None
    verbatim: float
    grounded_words: int
    sentences: tuple[SentenceGrounding, ...]


def missing_facts(index: ContextIndex, sentence: Sentence, quotes: Sequence[Quote] = ()) -> tuple[Fact, ...]:
    """The facts of a sentence that are nowhere in the context, in any spelling; of quotations its ledger decides."""
    missing = [fact for fact in sentence.facts if fact.kind != "quote" and not _is_found(index, fact)]
    return tuple(sorted([*missing, *invented_quotes(quotes)], key=lambda fact: (fact.start, fact.end)))


def _is_found(index: ContextIndex, fact: Fact) -> bool:
    match fact.kind:
        case "name":
            return all(_knows_word(index, word) for word in fact.key)
        case _:
            return index.facts.holds(fact)


def _knows_word(index: ContextIndex, word: str) -> bool:
    folded = fold(word)
    return folded in index.vocabulary or index.pack.stem(folded) in index.stems


def similarity(index: ContextIndex, match: Match, passage: Passage | None) -> float:
    """Mean of six shares: words, word pairs and letter runs, each found anywhere and in the best passage.

    A sentence too short for pairs is judged by its words; one without content words by its letters.
    """
    shares = [
        share for share in (words_found(index, match), *sequence_shares(index, match, passage)) if share is not None
    ]
    if match.total:
        shares += [0.0, 0.0, 0.0] if passage is None else [match.held / match.total]
    return math.fsum(shares) / len(shares) if shares else 0.0


def _scatter_risk(apart: int) -> float:
    """What names and numbers add that stand in another place; those that stand nowhere are counted as missing."""
    return APART + FURTHER * min(2, apart - 1) if apart > 0 else 0.0


def ground_sentence(index: ContextIndex, match: Match, quotes: Sequence[Quote] = ()) -> SentenceGrounding:
    """unsupported = sigmoid(BIAS - SLOPE x similarity + MISSING_FACT if a fact is in no source)."""
    sentence = match.sentence
    if not sentence.claim:
        return SentenceGrounding(sentence.start, sentence.end, len(sentence.words), 0.0, None, (), claim=False)
    passage = match.best
    quoted = quotes_within(quotes, sentence.start, sentence.end)
    missing = missing_facts(index, sentence, quoted)
    beside = alignments(index, match)
    binding = bind(index, beside)
    risk = BIAS - SLOPE * similarity(index, match, passage) + MISSING_FACT * bool(missing)
    risk += _scatter_risk(binding.apart - len(missing))
    unsupported = 1 / (1 + math.exp(-risk))
    against = (*contradictions(index, beside), *misquotations(index, quoted, beside[0].said if beside else None))
    if missing:
        unsupported = max(unsupported, PARTLY + unsupported / 2)
    elif not against and binding.named and not binding.apart and binding.words >= BOUND_WORDS:
        unsupported *= BOUND
    if against:
        certain = any(one.certain for one in against)
        unsupported = max(unsupported, (NOT_FOUND if certain else PARTLY) + (0.1 if certain else 0.4) * unsupported)
    unsupported = round(unsupported, 4)
    evidence = passage if match.held >= EVIDENCE_FROM * match.total else None
    return SentenceGrounding(
        sentence.start,
        sentence.end,
        len(sentence.words),
        unsupported,
        evidence,
        missing,
        tuple(one for one in against if one.certain),
    )


def verbatim_share(index: ContextIndex, sentences: Sequence[Sentence]) -> float:
    """Share of the words that stand in a run of eight or more taken over word for word."""
    words = [word for sentence in sentences for word in sentence.words]
    copied = [False] * len(words)
    for i, run in enumerate(word_runs(words)):
        if run in index.copies:
            copied[i : i + COPY_WORDS] = [True] * COPY_WORDS
    return round(sum(copied) / len(words), 4) if words else 0.0


def _ground_each(index: ContextIndex, matches: Sequence[Match], quotes: Sequence[Quote]) -> Iterator[SentenceGrounding]:
    """Every sentence's verdict; one said again in the same characters has the same, in its own place."""
    known: dict[str, SentenceGrounding] = {}
    for match in matches:
        sentence = match.sentence
        row = known.get(sentence.text)
        if row is not None:
            yield _shift(row, sentence.start - row.start)
            continue
        row = ground_sentence(index, match, quotes)
        if not quotes_within(quotes, sentence.start, sentence.end):
            known[sentence.text] = row
        yield row


def _shift(row: SentenceGrounding, by: int) -> SentenceGrounding:
    return replace(
        row,
        start=row.start + by,
        end=row.end + by,
        missing=tuple(replace(fact, start=fact.start + by, end=fact.end + by) for fact in row.missing),
        contradicted=tuple(one._replace(start=one.start + by, end=one.end + by) for one in row.contradicted),
    )


def ground(index: ContextIndex, matches: Sequence[Match], quotes: Sequence[Quote] = ()) -> Groundedness:
    """The groundedness of a report. A sentence said twice counts once."""
    rows = tuple(_ground_each(index, matches, quotes))
    counted: dict[tuple[str, ...], SentenceGrounding] = {}
    for match, row in zip(matches, rows, strict=True):
        if row.claim:
            counted.setdefault(match.sentence.words, row)
    words = sum(row.words for row in counted.values())
    value = math.fsum(row.words * (1 - row.unsupported) for row in counted.values()) / words if words else None
    grounded = sum(row.words for row in counted.values() if row.unsupported < PARTLY)
    verbatim = verbatim_share(index, [match.sentence for match in matches])
    return Groundedness(None if value is None else round(value, 4), verbatim, grounded, rows)
