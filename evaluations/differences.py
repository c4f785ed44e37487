"""Two reports sentence by sentence: what both say, what only one says. Pure.

Two sentences say the same when at least half of the content stems of the shorter one, and a third of both together,
are in both. That is a rule about words: it takes a denial for the same statement.
"""

import re
from dataclasses import dataclass

from evaluations.scoring.report import Sentence, read_report
from evaluations.scoring.words import stem

SHARED_OF_SHORTER = 0.5
SHARED_OF_BOTH = 0.34
FEWEST_STEMS = 3  # headings and "Transfers:" are no statements
MOST_SENTENCES = 400

MARKUP = re.compile(r"\*{1,3}|`+|~~|(?<!\w)_{1,3}(?=\w)|(?<=[\w.!?])_{1,3}(?!\w)")
CELL_END = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence of one report beside its counterpart in the other; one of them may be missing."""

    first: str
    second: str


def differences(first: str, second: str) -> list[Pair]:
    """Every sentence of the first report in its order with its counterpart, then what only the second says."""
    mine, theirs = statements(first), statements(second)
    pairs: list[Pair] = []
    taken: set[int] = set()
    for sentence, stems in mine:
        place = counterpart(stems, [other for _, other in theirs], taken)
        if place is not None:
            taken.add(place)
        pairs.append(Pair(sentence, theirs[place][0] if place is not None else ""))
    return pairs + [Pair("", sentence) for place, (sentence, _) in enumerate(theirs) if place not in taken]


def statements(text: str) -> list[tuple[str, frozenset[str]]]:
    """The sentences of a report that state something, each with its stems."""
    found = [(shown(text, sentence), stems_of(sentence)) for sentence in read_report(text)[:MOST_SENTENCES]]
    return [(words, stems) for words, stems in found if len(stems) >= FEWEST_STEMS]


def shown(text: str, sentence: Sentence) -> str:
    """A sentence as one line, without the marks of emphasis and tables that stand in it."""
    words = MARKUP.sub("", text[sentence.start : sentence.end])
    cells = filter(None, (cell.strip() for cell in CELL_END.split(words)))
    return " ".join(", ".join(cells).split())


def stems_of(sentence: Sentence) -> frozenset[str]:
    """The stems of its content words."""
    return frozenset(filter(None, map(stem, sentence.words)))


def counterpart(stems: frozenset[str], others: list[frozenset[str]], taken: set[int]) -> int | None:
    """The sentence among the others that says the same, and most of it; None where none does."""
    best, place = 0.0, None
    for number, other in enumerate(others):
        shared = len(stems & other)
        if number in taken or shared < SHARED_OF_SHORTER * min(len(stems), len(other)):
            continue
        alike = shared / len(stems | other)
        if alike >= SHARED_OF_BOTH and alike > best:
            best, place = alike, number
    return place
