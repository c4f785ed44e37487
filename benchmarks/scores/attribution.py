"""The right source first, for claims whose source people named."""

import random
from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple

from benchmarks.scores.bm25 import Bm25
from benchmarks.scores.data import Result, Row, index_once, rows
from benchmarks.scores.validation import folds
from evaluations.scoring.context.index import ContextIndex, index_context
from evaluations.scoring.grounding.matching import Match, match_sentences
from evaluations.scoring.report import read_report
from evaluations.scoring.scores import score_report
from evaluations.scoring.text.words import STOPWORDS
from evaluations.scoring.utilization import WEIGHTS, Parts, source_parts, weigh

# The weights that are tried beside those that are kept.
GRID = [Parts(*row) for row in product((0.1, 0.2, 0.335, 0.5), (0.0, 0.134, 0.3), (0.1, 0.2, 0.3), (0.2, 0.33, 0.5))]


class Claim(NamedTuple):
    """One claim that people traced: its question, what each source holds of its sentences, which are right, the best
    by BM25 over all words and by BM25 without stop words, and the share of the sources that is right."""

    group: str
    matches: tuple[tuple[Match, list[Parts]], ...]
    right: tuple[bool, ...]
    plain: int
    sparing: int
    chance: float

    def is_right(self, weights: Parts) -> bool:
        """Whether the source with the highest score is a right one; of equals the first counts."""
        scores = [
            max((round(weigh(match, parts[i], weights), 4) for match, parts in self.matches), default=0.0)
            for i in range(len(self.right))
        ]
        return self.right[first_of(scores)]


def first_of(scores: Sequence[float]) -> int:
    """The place of the highest score; of equals the first."""
    return max(range(len(scores)), key=lambda i: (scores[i], -i))


def claims() -> Iterator[Claim]:
    """The claims of the development half for which there is more than one source."""
    known: dict[str, ContextIndex] = {}
    for row in rows("expertqa"):
        names = [source["doc_id"] for source in row["context"]]
        for claim in row["sentences"]:
            if claim["label"] != "supported" or not claim["evidence"] or len(names) < 2:
                continue
            text = row["response"][claim["start"] : claim["end"]]
            index = index_once(row["context"], known)
            texts = [source["text"] for source in row["context"]]
            yield Claim(
                row["group"],
                tuple((match, source_parts(index, match)) for match in match_sentences(index, read_report(text))),
                tuple(name in claim["evidence"] for name in names),
                first_of(Bm25(texts).scores(text)),
                first_of(Bm25(texts, STOPWORDS).scores(text)),
                len(set(claim["evidence"])) / len(names),
            )


def unseen_share(data: Sequence[Claim]) -> float:
    """The share of claims that is right by weights chosen on other questions."""
    verdicts = {weights: [claim.is_right(weights) for claim in data] for weights in (WEIGHTS, *GRID)}
    right = 0
    for out in folds([claim.group for claim in data]):
        inside = [i for i, claim in enumerate(data) if claim.group not in out]
        best = max(verdicts, key=lambda weights: sum(verdicts[weights][i] for i in inside))
        right += sum(verdicts[best][i] for i, claim in enumerate(data) if claim.group in out)
    return right / len(data)


def sources() -> Iterator[Result]:
    """The right source first for claims that people traced; sources of other questions counted as used."""
    data = list(claims())
    right = sum(claim.is_right(WEIGHTS) for claim in data) / len(data)
    beside = sum(claim.right[claim.plain] for claim in data) / len(data)
    sparing = sum(claim.right[claim.sparing] for claim in data) / len(data)
    chance, unseen = sum(claim.chance for claim in data) / len(data), unseen_share(data)
    title = f"ExpertQA: right source first ({len(data)} claims, chance {chance:.2f})"
    yield Result(title, right, 0.87, 0.9, 0.869, beside, unseen)
    for name, other, *bar in (
        ("plain BM25", beside, 0.05, 0.08),
        ("BM25 that passes over stop words", sparing, None, None),
    ):
        yield Result(f"ExpertQA: above {name}", right - other, *bar, 0.869 - other, None, unseen - other)
    strange = distractors(rows("expertqa") + rows("mtrag"))
    yield Result("distractor sources counted as used (lower is better)", strange, 0.01, 0.0, 0.0)


def distractors(data: list[Row]) -> float:
    """The share of another question's sources that count as used when they are put beside the right ones."""
    chance = random.Random(5)
    used = total = 0
    for row in data:
        other = chance.choice(data)
        if other["group"].partition("<")[0] == row["group"].partition("<")[0]:
            continue
        own = {source["text"] for source in row["context"]}
        strange = [source for source in other["context"] if source["text"] not in own]
        uses = score_report(index_context(row["context"] + strange), row["response"]).context_utilization.sources
        used += sum(use.used for use in uses[len(row["context"]) :])
        total += len(strange)
    return used / total
