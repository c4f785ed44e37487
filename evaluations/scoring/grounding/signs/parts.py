"""The parts of a sentence, each held against the sources by itself: a sentence is wrong where one of its parts is."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from evaluations.scoring.context.index import PREFIX, ContextIndex
from evaluations.scoring.context.runs import stems_of
from evaluations.scoring.grounding.matching import PREFIX_WEIGHT, Match
from evaluations.scoring.languages.pack import digits_of
from evaluations.scoring.text.words import WORD, fold, in_one_spelling

# A part of fewer content words belongs to the one before it.
FEWEST_STEMS = 2
_BREAK = re.compile(
    r"[,;:–—()]| (?:and|but|which|who|while|despite|although|because|where|when|after|before|including|such as|that) ",
    re.IGNORECASE,
)


def weakest_share(index: ContextIndex, match: Match, held: Sequence[Mapping[str, float]]) -> float:
    """The share of its weight that one source sentence holds of a part of a sentence, where that is least; `held` is
    the weight of each stem that each source sentence holds."""
    shares = []
    for stems in _part_stems(index, match.sentence.text):
        whole = math.fsum(match.weights.get(known, 0.0) for known in stems)
        own = [known for known in stems if known in match.weights]
        best = max((math.fsum(map(row.__getitem__, own)) for row in held), default=0.0)
        shares.append(best / whole if whole else 0.0)
    return min(shares, default=0.0)


def _part_stems(index: ContextIndex, text: str) -> Iterator[list[str]]:
    """The content stems of each part of a sentence, each stem once."""
    last: list[str] = []
    for part in _BREAK.split(text):
        words = in_one_spelling(list(map(fold, WORD.findall(part))), digits_of(index.pack))
        stems = list(dict.fromkeys(stems_of(index.aliases.spell_out(words), index.pack)))
        if last and len(stems) >= FEWEST_STEMS:
            yield last
            last = stems
        else:
            last = list(dict.fromkeys([*last, *stems]))
    if last:
        yield last


def held_weights(index: ContextIndex, match: Match, rows: Iterable[int]) -> list[dict[str, float]]:
    """For each of some source sentences and each stem of a sentence, the weight of it that the source's holds; less
    where it has one that only begins alike."""
    weights = [(known, weight, _alike(index, known)) for known, weight in match.weights.items()]
    return [
        {
            known: weight if known in stems else 0.0 if stems.isdisjoint(alike) else PREFIX_WEIGHT * weight
            for known, weight, alike in weights
        }
        for stems in map(index.row_stems.__getitem__, rows)
    ]


def begins_alike(index: ContextIndex, known: str, stems: frozenset[str]) -> bool:
    """Whether one of some stems begins like this one."""
    return not stems.isdisjoint(_alike(index, known))


def _alike(index: ContextIndex, known: str) -> Sequence[str]:
    """The stems of the context that begin like one."""
    return index.stems_by_prefix.get(known[:PREFIX], ()) if len(known) >= PREFIX else ()
