"""Milliseconds on one core of this machine."""

import random
import time
from collections.abc import Callable, Iterator
from functools import partial

from benchmarks.scores.data import Result
from evaluations.scoring.context.index import index_context
from evaluations.scoring.scores import score_report

HOSTILE = (
    "Goal. [a](# **", "- a\n", "# a\n", "**a\n", "> a\n", "a\n===\n", "1. ", "1. a 2. b ", "[a](", "“a", "A B ",
    "Jan 1 ", "won 2-1 on 14 July. ",
)  # fmt: skip
# Every check that there is.
FULL_FORMAT = {
    "title": True,
    "sections": [
        {"heading": "Transfers", "min_items": 1, "max_items": 9, "min_words": 5, "max_words": 500},
        {"heading": "Managers", "style": "prose"},
    ],
    "ordered": True,
    "extra_sections": False,
    "min_words": 10,
    "max_words": 1000,
    "min_sentences": 3,
    "max_sentences": 50,
    "min_paragraphs": 2,
    "max_paragraphs": 9,
    "min_bullets": 1,
    "max_bullets": 9,
    "required_phrases": ["transfer"],
    "forbidden_phrases": ["rumour"],
    "language": "en",
    "ends_with": "The end.",
    "no_preamble": True,
    "no_links": True,
}


def made_up_material(chance: random.Random) -> tuple[list[dict[str, str]], str]:
    """Twenty sources of 1,500 words and a report of 1,000, from a made-up vocabulary with a natural
    spread."""
    letters = "aeioulnrstdmcpb"
    words = ["".join(chance.choices(letters, k=chance.randint(2, 10))) for _ in range(8000)]
    weights = [1 / (rank + 2) for rank in range(len(words))]

    def prose(count: int) -> str:
        picked = chance.choices(words, weights, k=count)
        for i in range(0, count, 17):
            picked[i] = picked[i].capitalize()
            picked[i - 1] += "."
        for i in range(5, count, 23):
            picked[i] = chance.choice(["2-1", "£50m", "14 July", "Man Utd", "three", "1,250"])
        return " ".join(picked)

    context = [{"title": f"Source {i}", "text": prose(1500)} for i in range(20)]
    pieces = [source["text"][start : start + 300] for source in context for start in (0, 4000)]
    return context, " ".join([*pieces[:11], prose(500)])


def best_time(action: Callable[[], object], times: int = 7) -> float:
    """The shortest of several times of one core, in milliseconds."""
    taken = []
    for _ in range(times):
        start = time.process_time()
        action()
        taken.append((time.process_time() - start) * 1000)
    return min(taken)


def speed() -> Iterator[Result]:
    """Milliseconds on one core of this machine."""
    context, report = made_up_material(random.Random(1))
    index = index_context(context)
    yield Result(
        "ms to index 20 sources of 1,500 words (lower is better)", best_time(lambda: index_context(context)), 300, 150
    )
    words = score_report(index, report).words
    taken = best_time(lambda: score_report(index, report)) * 1000 / words
    yield Result("ms to score a report, per 1,000 words (lower is better)", taken, 60, 25)
    hostile = [piece * (1_000_000 // len(piece)) for piece in HOSTILE]
    yield Result(
        "ms to index 1 MB of hostile text, the worst kind (lower is better)",
        max(best_time(partial(index_context, text), 2) for text in hostile),
        1000,
        1000,
    )
    yield Result(
        "ms to score 1 MB of hostile text, the worst kind (lower is better)",
        max(best_time(partial(score_report, index, text, FULL_FORMAT), 2) for text in hostile),
        1000,
        1000,
    )
