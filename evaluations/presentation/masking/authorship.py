"""How blind a vote was: how often a rule that has read the closed runs names the author of a report. Pure.

The rule is a multinomial naive Bayes with add-one smoothing (Manning, Raghavan and Schütze, Introduction to
Information Retrieval, 2008, section 13.2) over words and marks of form, trained on all runs but one and asked about
that one: what a reader could learn who has read all other reports under their names.
"""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from .folding import fold

MOST_WORDS = 2_000  # of a report
FEWEST_RUNS = 2
FEWEST_AUTHORS = 2  # with one there is nothing to guess

WORD = re.compile(r"[^\W_]+|[^\w\s]")
FORMS = {
    "headings": re.compile(r"^#{1,6} ", re.MULTILINE),
    "bullets": re.compile(r"^\s*[-*+] ", re.MULTILINE),
    "numbers": re.compile(r"^\s*\d+[.)] ", re.MULTILINE),
    "bold": re.compile(r"\*\*|__"),
    "links": re.compile(r"\]\("),
    "tables": re.compile(r"^\s*\|", re.MULTILINE),
    "rules": re.compile(r"^\s*(?:---+|\*\*\*+)\s*$", re.MULTILINE),
    "paragraphs": re.compile(r"\n\s*\n"),
    "dashes": re.compile("[–—]"),
    "curly": re.compile("[“”‘’]"),
}

WEIGHT = 5  # what a mark of form counts beside a word

Features = Counter[str]


@dataclass(frozen=True)
class Sample:
    """One report of a closed run, and who wrote it."""

    run: int
    author: str
    text: str


@dataclass(frozen=True)
class Authorship:
    """How often the rule was right, beside what chance alone would give it."""

    reports: int
    runs: int
    named: int  # reports whose author it named
    chance: float  # the share that guessing among the reports of each run would name

    @property
    def share(self) -> float:
        """The share of the reports whose author it named, from 0 to 1."""
        return self.named / self.reports if self.reports else 0.0


def measure(samples: Iterable[Sample], names: Collection[str] = ()) -> Authorship | None:
    """Leave each run out in turn, and ask the rule who wrote its reports; None for fewer than two runs.

    It chooses among the authors of that run that have written in another one, as a voter would who knows the roster,
    and does not see these names, which are masked for voters.
    """
    read = [(sample, features(sample.text, names)) for sample in samples]
    runs = sorted({sample.run for sample, _ in read})
    if len(runs) < FEWEST_RUNS:
        return None
    whole = totals((sample.author, found) for sample, found in read)
    reports = named = 0
    chance = 0.0
    for run in runs:
        asked = [(sample.author, found) for sample, found in read if sample.run == run]
        rule = Rule(whole, totals(asked))
        among = sorted({author for author, _ in asked} & rule.authors)
        if len(among) < FEWEST_AUTHORS:
            continue
        known = [(author, found) for author, found in asked if author in among]
        reports += len(known)
        named += sum(rule.author_of(found, among) == author for author, found in known)
        chance += len(known) / len(among)
    return Authorship(reports, len(runs), named, chance / reports) if reports else None


class Rule:
    """Names the author of a report by how often each writes its words, one run left out."""

    def __init__(self, whole: Mapping[str, Features], left_out: Mapping[str, Features]) -> None:
        self.whole, self.left_out = whole, left_out
        self.kinds = len(frozenset().union(*whole.values())) + 1
        self.sums = {author: found.total() - self.features_left_out(author).total() for author, found in whole.items()}
        self.authors = {author for author, total in self.sums.items() if total}

    def features_left_out(self, author: str) -> Features:
        """What this author wrote in the run that is left out."""
        return self.left_out.get(author, Counter())

    def author_of(self, found: Features, among: Sequence[str]) -> str:
        """Who of these most likely wrote it; of equals the first."""
        return max(among, key=lambda author: self.likelihood(found, author))

    def likelihood(self, found: Features, author: str) -> float:
        """The logarithm of how likely this author writes these words, all authors being equally likely before."""
        written, left, under = self.whole[author], self.features_left_out(author), self.sums[author] + self.kinds
        return sum(count * math.log((written[word] - left[word] + 1) / under) for word, count in found.items())


def features(text: str, names: Collection[str] = ()) -> Features:
    """The words of a report but these names, and marks of its form, by how often they occur."""
    words = [word for word in WORD.findall(fold(text)) if word not in names]
    found = Counter(words[:MOST_WORDS])
    for name, pattern in FORMS.items():
        found[f"form {name} {grade(len(pattern.findall(text)))}"] += WEIGHT
    found[f"form words {grade(len(words))}"] += WEIGHT
    return found


def grade(count: int) -> int:
    """A count in steps that double: 0, 1, 2 to 3, 4 to 7, …"""
    return count.bit_length()


def totals(samples: Iterable[tuple[str, Features]]) -> dict[str, Features]:
    """What each author wrote in all."""
    found: dict[str, Features] = {}
    for author, counted in samples:
        found.setdefault(author, Counter()).update(counted)
    return found
