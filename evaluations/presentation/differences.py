"""Two reports sentence by sentence: what both say, what only one says. Pure.

Two sentences say the same when at least half of the content stems of the shorter one, and a third of both together,
are in both. That is a rule about words: it takes a denial for the same statement. Where one of them is short, their
numbers must be the same too, and where it is very short, all their stems.
"""

import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from evaluations.scoring.report import LONGEST_REPORT, read_report
from evaluations.scoring.text.words import in_one_spelling, stem

from .wording.plain_lines import GAP, as_line

SHARED_OF_SHORTER = 0.5
SHARED_OF_BOTH = 0.34
SHORT, VERY_SHORT = 6, 3  # fewer stems of words than this
MOST_SENTENCES = 400

HEADING = re.compile(r"[\s>]*#{1,6}\s")
UNDERLINE = re.compile(r"[\s>]*(?:=+|-+)\s*")
TABLE_RULE = re.compile(r"[\s>|:]*-[\s|:-]*")
LABEL_END = re.compile(r"[:\uff1a][*_`]*$")
LINK = re.compile(
    r"!?\[([^\[\]\n]{0,500})\]"
    r"\(\s{0,9}(?:<[^<>\n]{0,2000}>|[^()\s]{0,2000}(?:\([^()\s]{0,500}\)[^()\s]{0,500})?)"
    r"(?:\s{1,9}(?:\"[^\"\n]{0,500}\"|'[^'\n]{0,500}'))?\s{0,9}\)"
)
PUNCTUATION = ".,;:!?…()[]\"'“”‘’„«»"


@dataclass(frozen=True, slots=True)
class Part:
    """Some words of a sentence, and whether they differ from what its counterpart says there."""

    words: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """A sentence of one report beside its counterpart in the other; one of them may be missing."""

    first: str
    second: str

    @property
    def parts(self) -> tuple[list[Part], list[Part]]:
        """Both sentences, taken apart where they differ; case and punctuation make no difference."""
        mine, theirs = self.first.split(), self.second.split()
        steps = SequenceMatcher(None, [*map(core_of, mine)], [*map(core_of, theirs)], autojunk=False).get_opcodes()
        return (
            [Part(" ".join(mine[start:end]), kind != "equal") for kind, start, end, _, _ in steps if start < end],
            [Part(" ".join(theirs[start:end]), kind != "equal") for kind, _, _, start, end in steps if start < end],
        )


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence as it is shown, the stems of its content words, and its numbers in their order."""

    words: str
    stems: frozenset[str]
    numbers: tuple[str, ...]


def differences(first: str, second: str) -> list[Pair]:
    """Every sentence of the first report in its order with its counterpart, then what only the second says."""
    mine, theirs = statements(first), statements(second)
    pairs: list[Pair] = []
    taken: set[int] = set()
    for statement in mine:
        place = counterpart(statement, theirs, taken)
        if place is not None:
            taken.add(place)
        pairs.append(Pair(statement.words, theirs[place].words if place is not None else ""))
    return pairs + [Pair("", statement.words) for place, statement in enumerate(theirs) if place not in taken]


def sides(pairs: Sequence[Pair]) -> dict[str, list[Any]]:
    """What a page shows of two reports: the pairs that both say, and the sentences that only one says."""
    return {
        "both": [pair for pair in pairs if pair.first and pair.second],
        "only_first": [pair.first for pair in pairs if not pair.second],
        "only_second": [pair.second for pair in pairs if not pair.first],
    }


def core_of(word: str) -> str:
    """A word without its case and the punctuation around it."""
    return word.strip(PUNCTUATION).casefold() or word


def is_cut(text: str) -> bool:
    """Whether a report has more sentences than are compared."""
    return len(text) > LONGEST_REPORT or len(read_report(text)) > MOST_SENTENCES


def statements(text: str) -> list[Statement]:
    """The sentences of a report that state something: all but short headings and labels, and the heads of tables."""
    found = []
    plain = LINK.sub(without_address, LINK.sub(without_address, text.replace(GAP, "\ufffd")))
    starts, kinds = zip(*line_kinds(text), strict=True) if text else ((0,), ("",))
    for sentence in read_report(text)[:MOST_SENTENCES]:
        words = in_one_spelling(sentence.words)
        stems = frozenset(found for found in map(stem, words) if found and not found[0].isdigit())
        kind = kinds[bisect(starts, sentence.start) - 1]
        written = plain[sentence.start : sentence.end]
        label = kind == "heading" or LABEL_END.search(written)
        if kind == "head of a table" or (label and len(stems) < VERY_SHORT):
            continue
        found.append(Statement(as_line(written), stems, tuple(word for word in words if word[0].isdigit())))
    return found


def line_kinds(text: str) -> Iterator[tuple[int, str]]:
    """Where each line begins, and whether it is a heading or the head of a table."""
    lines = text.splitlines(keepends=True)
    position = 0
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        kind = ""
        if "|" in line and "|" in following and TABLE_RULE.fullmatch(following):
            kind = "head of a table"
        elif HEADING.match(line) or UNDERLINE.fullmatch(following):
            kind = "heading"
        yield position, kind
        position += len(line)


def without_address(link: re.Match[str]) -> str:
    """The text of a link in its place."""
    before, after = link.start(1) - link.start(), link.end() - link.end(1)
    return GAP * before + link[1] + GAP * after


def counterpart(statement: Statement, others: list[Statement], taken: set[int]) -> int | None:
    """The sentence among the others that says the same, and most of it; None where none does."""
    best, place = 0.0, None
    for number, other in enumerate(others):
        alike = 0.0 if number in taken else likeness(statement, other)
        if alike > best:
            best, place = alike, number
    return place


def likeness(one: Statement, other: Statement) -> float:
    """The share of their stems and numbers that is in both; 0 for two that do not say the same."""
    fewest = min(len(one.stems), len(other.stems))
    if fewest < SHORT and one.numbers != other.numbers:
        return 0
    if fewest < VERY_SHORT and one.stems != other.stems:
        return 0
    mine, theirs = one.stems.union(one.numbers), other.stems.union(other.numbers)
    if not mine or not theirs:
        return float(one.words == other.words)  # of nothing but "they did" and the like
    shared = len(mine & theirs)
    alike = shared / len(mine | theirs)
    return alike if shared >= SHARED_OF_SHORTER * min(len(mine), len(theirs)) and alike >= SHARED_OF_BOTH else 0
