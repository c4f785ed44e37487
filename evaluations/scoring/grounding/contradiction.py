"""What the sources say otherwise: every hard finding of one sentence, from the rooms that look for one kind each."""

from collections.abc import Iterator

from evaluations.scoring.context.index import ContextIndex, Passage
from evaluations.scoring.grounding.alignment import Alignment, align, nearest_rows
from evaluations.scoring.grounding.clauses import read_clauses
from evaluations.scoring.grounding.findings.bounds import superlatives, wrong_bounds
from evaluations.scoring.grounding.findings.causes import wrong_reasons
from evaluations.scoring.grounding.findings.comparisons import wrong_comparisons
from evaluations.scoring.grounding.findings.copies import flat_denials, flat_overstatements
from evaluations.scoring.grounding.findings.counts import counts_for_ranks, other_counts, ranks_for_counts
from evaluations.scoring.grounding.findings.denials import added_denials, denials, exchanged_denials
from evaluations.scoring.grounding.findings.exchanges import swapped_ends
from evaluations.scoring.grounding.findings.extents import exaggerations, other_kinds, other_parts
from evaluations.scoring.grounding.findings.finding import Contradiction, Finding
from evaluations.scoring.grounding.findings.links import wrong_links
from evaluations.scoring.grounding.findings.modality import foregone_moves, overstatements, possible_amounts
from evaluations.scoring.grounding.findings.offices import unnamed_offices, wrong_offices
from evaluations.scoring.grounding.findings.quantities import miscounts
from evaluations.scoring.grounding.findings.roles import origins, reversals
from evaluations.scoring.grounding.findings.standing import doubtful_standings
from evaluations.scoring.grounding.findings.substitution import doubtful_names, other_times, substitutions
from evaluations.scoring.grounding.findings.tellers import other_tellers
from evaluations.scoring.grounding.matching import Match

# A source's sentence that holds less of a sentence than this may speak of something else: a doubt, no contradiction.
CERTAIN_FROM = 0.67
# Kinds that say so also where less of the two sentences agrees.
_PLAIN = frozenset(("date", "club", "post", "cause"))


def alignments(index: ContextIndex, match: Match) -> tuple[Alignment, ...]:
    """A sentence beside those of the sources that hold most of it, the nearest first."""
    sentence = match.sentence
    said = read_clauses(index, sentence.text, sentence.start, sentence.facts)
    return tuple(align(index, said, row) for row in nearest_rows(index, match))


def contradictions(index: ContextIndex, beside: tuple[Alignment, ...]) -> tuple[Contradiction, ...]:
    """Everything of a sentence that a source says otherwise, by place; the first of each place and kind."""
    if any(_is_copied(one) for one in beside):
        return ()
    found: dict[tuple[int, int], Contradiction] = {}
    coverage = {alignment.row: alignment.coverage for alignment in beside}
    for finding in _findings(index, beside):
        certain = finding.kind in _PLAIN or coverage.get(finding.row, 0.0) >= CERTAIN_FROM
        found.setdefault((finding.start, finding.end), _contradiction(index, finding, certain=certain))
    for finding in _doubts(index, beside):
        found.setdefault((finding.start, finding.end), _contradiction(index, finding, certain=False))
    return tuple(sorted(found.values(), key=lambda one: (one.start, one.end)))


def _is_copied(one: Alignment) -> bool:
    """Whether a source's sentence begins with the same words: whatever another one says, a source says so."""
    said, source = ([token.word for token in reading.tokens] for reading in (one.said, one.source))
    return one.coverage == 1 and source[: len(said)] == said


def _findings(index: ContextIndex, beside: tuple[Alignment, ...]) -> Iterator[Finding]:
    if not beside:
        return
    yield from wrong_offices(index, beside[0].said)
    yield from substitutions(beside)
    yield from other_times(beside)
    if index.pack.code == "en":
        yield from denials(beside)
        yield from added_denials(beside)
        yield from exchanged_denials(beside)
        yield from overstatements(beside)
    else:
        yield from flat_denials(beside)
        yield from flat_overstatements(beside)
    yield from foregone_moves(beside)
    yield from reversals(beside)
    yield from origins(beside)
    yield from swapped_ends(beside)
    yield from miscounts(beside)
    yield from wrong_comparisons(beside)
    yield from wrong_reasons(beside)
    yield from other_tellers(beside)
    yield from wrong_bounds(beside)
    yield from superlatives(beside)


def _doubts(index: ContextIndex, beside: tuple[Alignment, ...]) -> Iterator[Finding]:
    """What is more often wrong than not, and no more than doubted."""
    if beside:
        yield from unnamed_offices(index, beside[0].said)
        yield from other_counts(index, beside)
        yield from ranks_for_counts(beside)
        yield from doubtful_standings(beside)
        yield from doubtful_names(beside)
        yield from exaggerations(beside)
        yield from other_parts(beside)
        yield from counts_for_ranks(beside)
        yield from possible_amounts(beside)
        yield from wrong_links(beside)
        yield from other_kinds(index, beside)


def _contradiction(index: ContextIndex, finding: Finding, *, certain: bool) -> Contradiction:
    return Contradiction(finding.kind, finding.start, finding.end, _passage(index, finding.row), certain)


def _passage(index: ContextIndex, row: int) -> Passage:
    """One sentence of a source as a passage."""
    place = index.rows[row]
    return Passage(place.source, place.start, place.end, place.first, place.last)
