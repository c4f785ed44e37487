"""The worked example on `/about/scores/`: invented material and an invented report, scored by the real scorers.

Pure: no Django. Nothing on the page is written by hand that the scorers compute.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from evaluations.scoring.context.index import index_context
from evaluations.scoring.format.check import Check, instructions
from evaluations.scoring.scores import Scores, score_report
from evaluations.scoring.value import cost_per_1000_grounded_words

SOURCES = [
    {
        "title": "Rovers break their record for Lund",
        "text": "Harbour Rovers have signed the striker Ada Lund from Northgate for a club record £12.5m. "
        "The 24-year-old agreed a contract until 2029 and may play in Saturday's derby.",
    },
    {
        "title": "Northgate coach leaves",
        "text": "Northgate and their coach Iris Vale have parted by mutual consent after five defeats in a row. "
        "Her assistant takes training until a successor is found.",
    },
    {
        "title": "Ground to be rebuilt",
        "text": "The council has approved a new east stand at Millfield Park with room for 6,000 spectators.",
    },
]

REPORT = """\
# Rovers sign the striker Ada Lund

## Transfers

- Harbour Rovers have signed the striker Ada Lund from Northgate for £12.5 million.
- Lund agreed a contract until 2029 and will earn £80,000 a week.
- The 24-year-old will not play in Saturday's derby.
- Chelsea had offered £19m in secret talks last spring.

## Managers

Northgate and coach Iris Vale have parted after five defeats in a row.
Her assistant runs training and hopes for the post.
"""

FORMAT: dict[str, Any] = {
    "title": True,
    "sections": [
        {"heading": "Transfers", "style": "bullets", "min_items": 2},
        {"heading": "Managers", "style": "bullets"},
    ],
    "max_words": 80,
    "no_links": True,
}

COST_USD = Decimal("0.004")

# False by the sources above, each in another way.
FALSE_SENTENCES = (
    "Ada Lund left Harbour Rovers for a club record £12.5m.",
    "Northgate sacked their coach Iris Vale after five defeats in a row.",
    "The council has approved a smaller east stand at Millfield Park with room for 6,000 spectators.",
    "The 24-year-old agreed a contract until 2029 after Saturday's derby.",
)


@dataclass(frozen=True)
class ExampleSentence:
    """One sentence of the report as the scorers judge it."""

    text: str
    band: str
    passage: str
    source: int | None
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Example:
    """The report with everything that was computed about it."""

    scores: Scores
    sentences: tuple[ExampleSentence, ...]
    cost_per_1000: Decimal | None

    @property
    def used(self) -> list[int]:
        """The sources that the report uses, numbered from 1."""
        return [use.index + 1 for use in self.scores.context_utilization.sources if use.used]

    @property
    def failed(self) -> list[Check]:
        """The demands of the format that it does not meet."""
        return [check for check in self.checks if not check.passed]

    @property
    def passed(self) -> int:
        """How many it meets."""
        return len(self.checks) - len(self.failed)

    @property
    def checks(self) -> tuple[Check, ...]:
        """All of them."""
        return self.scores.format_compliance.checks if self.scores.format_compliance else ()


@cache
def example() -> Example:
    """The example, scored."""
    scores = score_report(index_context(SOURCES), REPORT, FORMAT)
    return Example(scores, tuple(example_sentences(scores)), cost_per_1000_grounded_words(scores, COST_USD))


@cache
def false_but_grounded() -> tuple[str, ...]:
    """The false sentences that the scorers of today call grounded: what they cannot see."""
    index = index_context(SOURCES)
    judged = ((text, score_report(index, text).groundedness.sentences) for text in FALSE_SENTENCES)
    return tuple(text for text, sentences in judged if all(row.band == "grounded" for row in sentences))


def demands() -> list[str]:
    """What the format asks, in the words that a prompt has."""
    return [line.removeprefix("- ") for line in instructions(FORMAT).splitlines() if line.startswith("- ")]


def example_sentences(scores: Scores) -> list[ExampleSentence]:
    """Every sentence with its band, its best passage and the facts that are in no source."""
    rows = []
    for row in scores.groundedness.sentences:
        passage = row.passage
        found = SOURCES[passage.source]["text"][passage.start : passage.end] if passage else ""
        rows.append(
            ExampleSentence(
                text=REPORT[row.start : row.end],
                band=row.band,
                passage=found[:240],
                source=passage.source + 1 if passage else None,
                missing=tuple(REPORT[fact.start : fact.end] for fact in row.missing),
            )
        )
    return rows
