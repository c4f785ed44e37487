"""What the sources say otherwise: every hard finding of one sentence, from the rooms that look for one kind each."""

from collections.abc import Callable, Iterator, Sequence

from evaluations.scoring.context.index import ContextIndex, Passage
from evaluations.scoring.grounding.alignment import Alignment, align, nearest_rows
from evaluations.scoring.grounding.clauses import read_clauses
from evaluations.scoring.grounding.findings.causes import wrong_reasons
from evaluations.scoring.grounding.findings.comparisons import turned_comparisons, wrong_comparisons
from evaluations.scoring.grounding.findings.conditions import dropped_conditions, near_misses, wishes
from evaluations.scoring.grounding.findings.copies import flat_denials, flat_overstatements
from evaluations.scoring.grounding.findings.denials import added_denials, denials, undone
from evaluations.scoring.grounding.findings.exchanges import swapped_ends
from evaluations.scoring.grounding.findings.finding import Contradiction, Finding
from evaluations.scoring.grounding.findings.kinds import other_kinds
from evaluations.scoring.grounding.findings.links import wrong_links
from evaluations.scoring.grounding.findings.modality import foregone_moves, overstatements, possible_amounts
from evaluations.scoring.grounding.findings.numbers.bounds import superlatives, turned_superlatives, wrong_bounds
from evaluations.scoring.grounding.findings.numbers.counts import counts_for_ranks, other_counts, ranks_for_counts
from evaluations.scoring.grounding.findings.numbers.dates import moved_dates, other_times
from evaluations.scoring.grounding.findings.numbers.extents import exaggerations, exceptions
from evaluations.scoring.grounding.findings.numbers.parts import (
    margins,
    other_parts,
    other_rates,
    other_wholes,
    shares_for_wholes,
)
from evaluations.scoring.grounding.findings.numbers.places import (
    misplaced_values,
    other_clauses,
    other_scopes,
    values_behind,
)
from evaluations.scoring.grounding.findings.numbers.quantities import miscounts
from evaluations.scoring.grounding.findings.offices import other_holders, unnamed_offices, wrong_offices
from evaluations.scoring.grounding.findings.orders import exchanged_names, listed_numbers, turned_names
from evaluations.scoring.grounding.findings.roles import origins, reversals
from evaluations.scoring.grounding.findings.sides import exchanged_denials, short_denials, turned_denials
from evaluations.scoring.grounding.findings.standing import doubtful_standings
from evaluations.scoring.grounding.findings.subjects import other_subjects
from evaluations.scoring.grounding.findings.substitution import doubtful_names, substitutions
from evaluations.scoring.grounding.findings.tellers import other_tellers
from evaluations.scoring.grounding.matching import Match

# A source's sentence that holds less of a sentence than this may speak of something else: a doubt, no contradiction.
CERTAIN_FROM = 0.67
Rule = Callable[[Sequence[Alignment]], Iterator[Finding]]
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


# Each reads a sentence beside those of the sources; what it finds is certain where they hold enough of it.
_RULES: tuple[Rule, ...] = (
    substitutions, other_times, moved_dates, foregone_moves, dropped_conditions, wishes, near_misses, reversals,
    origins, other_subjects, exchanged_names, turned_names, listed_numbers, swapped_ends, miscounts,
    misplaced_values, values_behind, other_scopes, other_clauses, shares_for_wholes, other_wholes, margins,
    other_rates, exceptions, wrong_comparisons, turned_comparisons, wrong_reasons, other_tellers, wrong_bounds,
    superlatives, turned_superlatives,
)  # fmt: skip
_DENIALS: tuple[Rule, ...] = (
    denials, added_denials, undone, exchanged_denials, turned_denials, short_denials, overstatements,
)  # fmt: skip
# The same where the words of a language that govern a verb are known, and not how far they do.
_FLAT_DENIALS: tuple[Rule, ...] = (flat_denials, flat_overstatements)
# What these find is more often wrong than not, and no more than doubted.
_DOUBTS: tuple[Rule, ...] = (
    ranks_for_counts, doubtful_standings, doubtful_names, exaggerations, other_parts, counts_for_ranks,
    possible_amounts, wrong_links,
)  # fmt: skip


def _findings(index: ContextIndex, beside: tuple[Alignment, ...]) -> Iterator[Finding]:
    if beside:
        yield from wrong_offices(index, beside[0].said)
        yield from other_holders(index, beside)
        for rule in (*(_DENIALS if index.pack.code == "en" else _FLAT_DENIALS), *_RULES):
            yield from rule(beside)


def _doubts(index: ContextIndex, beside: tuple[Alignment, ...]) -> Iterator[Finding]:
    if beside:
        yield from unnamed_offices(index, beside[0].said)
        yield from other_counts(index, beside)
        yield from other_kinds(index, beside)
        for rule in _DOUBTS:
            yield from rule(beside)


def _contradiction(index: ContextIndex, finding: Finding, *, certain: bool) -> Contradiction:
    return Contradiction(finding.kind, finding.start, finding.end, _passage(index, finding.row), certain)


def _passage(index: ContextIndex, row: int) -> Passage:
    """One sentence of a source as a passage."""
    place = index.rows[row]
    return Passage(place.source, place.start, place.end, place.first, place.last)
