"""What the ledger of quotations means for the sentence that quotes: altered, absent, or in another's mouth."""

from collections.abc import Iterator, Sequence

from evaluations.scoring.attribution.quotes import Quote
from evaluations.scoring.context.index import ContextIndex, Passage
from evaluations.scoring.facts.facts import Fact
from evaluations.scoring.grounding.alignment import row_reading
from evaluations.scoring.grounding.clauses import NAME, Reading, Token
from evaluations.scoring.grounding.findings.finding import Contradiction
from evaluations.scoring.lexicon.governors import SPEECH
from evaluations.scoring.text.words import word_list

# Who said something is named in the sentence itself or right beside it.
NEAR = 60
# One word or two may be anybody's.
FEWEST_LETTERS = 16
SAYING = SPEECH | frozenset(
    word_list("""called calling calls call asked ask replied answered wrote described joked complained felt thinks
    thought adding saying telling according insisted remarked noted commented recalled reflected
    declared stressed""")
)


def quotes_within(quotes: Sequence[Quote], start: int, end: int) -> list[Quote]:
    """The rows of the ledger that begin inside a sentence."""
    return [quote for quote in quotes if start <= quote.start < end]


def misquotations(index: ContextIndex, quotes: Sequence[Quote], said: Reading | None) -> Iterator[Contradiction]:
    """Quotations that a source has in other words, or from somebody else. Speech that is only reported may be told in
    other words: what it says is read as any sentence is."""
    for quote in quotes:
        if quote.passage is None:
            continue
        passage = Passage(quote.passage.source, quote.passage.start, quote.passage.end, 0, 0)
        is_speech = _is_speech(index, quote, said)
        if quote.verdict == "altered" and is_speech and not quote.reported:
            first = next((one for one in quote.differences if one.end > one.start), None)
            start, end = (first.start, first.end) if first else (quote.start, quote.end)
            yield Contradiction("quotation", start, end, passage, certain=True)
        if quote.speaker != "other" or said is None or not is_speech:
            continue
        # Where every noun has a capital, names are not told from nouns, and the ledger alone decides.
        speaker = quote if index.pack.nouns_in_capitals else _stranger(index, quote, said)
        if speaker:
            yield Contradiction("speaker", speaker.start, speaker.end, passage, certain=True)


def _saying(index: ContextIndex) -> frozenset[str]:
    """The words by which somebody is quoted: those of English, which every report may use, and of its own language."""
    return SAYING if index.pack.code == "en" else SAYING | index.pack.speech


def _is_speech(index: ContextIndex, quote: Quote, said: Reading | None) -> bool:
    """Whether the sentence has somebody say it: a word in marks alone may be a title, a button or irony."""
    saying = _saying(index)
    return said is not None and any(
        token.word in saying and not quote.start <= token.start < quote.end for token in said.tokens
    )


def _tellers(index: ContextIndex, quote: Quote) -> list[Reading]:
    """The sentence of the source itself, where it names who said it."""
    assert quote.passage is not None
    said_by = set(quote.said_by.split())
    readings = [
        row_reading(index, place)
        for place, row in enumerate(index.rows)
        if row.source == quote.passage.source and row.start < quote.passage.end and row.end > quote.passage.start
    ]
    return readings if said_by and any(said_by & _words(reading) for reading in readings) else []


def _words(reading: Reading) -> set[str]:
    """The words of a sentence, those of its names too."""
    return {word for token in reading.tokens for word in token.word.split()}


def _teller(index: ContextIndex, quote: Quote, said: Reading) -> Token | None:
    """The name right beside a word of saying, outside the quotation."""
    saying = _saying(index)
    for place, token in enumerate(said.tokens):
        if token.word not in saying or quote.start <= token.start < quote.end:
            continue
        for near in said.tokens[max(0, place - 2) : place + 2]:
            if near.kind == NAME and not quote.start <= near.start < quote.end:
                return near
    return None


def _stranger(index: ContextIndex, quote: Quote, said: Reading) -> Token | None:
    """Somebody whom the sentence names beside the quotation, and the source nowhere near it; None where the one who
    said it by the source is named too."""
    if quote.passage is None or not set(quote.said_by.split()).isdisjoint(_words(said)):
        return None
    teller = _teller(index, quote, said)
    readings = [
        row_reading(index, place)
        for place, row in enumerate(index.rows)
        if row.source == quote.passage.source
        and row.start < quote.passage.end + NEAR
        and row.end > quote.passage.start - NEAR
    ]
    if teller is not None and (not quote.reported or _tellers(index, quote)):
        return teller
    near = [name for reading in _tellers(index, quote) or readings for name in reading.names]
    outside = [teller] if teller else [name for name in said.names if not quote.start <= name.start < quote.end]
    if quote.end - quote.start < FEWEST_LETTERS:
        return None
    return next((name for name in outside if not any(index.same_name(name.key, other.key) for other in near)), None)


def invented_quotes(quotes: Sequence[Quote]) -> Iterator[Fact]:
    """Quotations that no source has, as facts that are missing."""
    for quote in quotes:
        if quote.verdict == "absent" and not quote.reported:
            yield Fact("quote", (), quote.start, quote.end)
