"""How much of a report stands word for word in others: texts that were shown under names tell who wrote them again."""

import re
from collections.abc import Iterable

from .masking.folding import fold

RUN_OF_WORDS = 8  # long enough that two writers who read the same sources seldom share one
BOUND = 0.5  # of a report, from which on a reader would know it again

WORD = re.compile(r"[^\W_]+")
GLYPH = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\u0e00-\u0eff]")  # scripts without spaces: every sign is a word

Runs = frozenset[tuple[str, ...]]


def runs_of_words(text: str) -> Runs:
    """Every run of eight words of a text, folded; all of its words where it has fewer."""
    words = WORD.findall(GLYPH.sub(r" \g<0> ", fold(text)))
    if len(words) <= RUN_OF_WORDS:
        return frozenset([tuple(words)] if words else [])
    return frozenset(zip(*(words[start:] for start in range(RUN_OF_WORDS)), strict=False))


def shared_part(report: Runs, other: Runs) -> float:
    """The share of a report's runs of words that stand in another text, too; from 0 to 1."""
    return len(report & other) / len(report) if report else 0.0


def most_shared(reports: Iterable[str], shown: Iterable[str]) -> float:
    """The largest share that one of these reports has with one of the texts that were shown before. Linear time."""
    wanted = [runs_of_words(report) for report in reports]
    every = frozenset().union(*wanted)
    found = 0.0
    for text in shown:
        known = runs_of_words(text) & every
        found = max([found, *(shared_part(report, known) for report in wanted)]) if known else found
    return found
