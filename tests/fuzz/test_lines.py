"""Whatever stands in a line handed to `score`, it is scored or refused by its number, and the next one is scored."""

import json

from evaluations import contexts
from evaluations.contexts import QueryOutcome
from evaluations.scoring.lines import score_lines
from tests.fuzz.conftest import Border
from tests.fuzz.oddities import Mutant, odd_documents
from tests.fuzz.test_sources import GOOD

REPORT = "# Rovers win\n\nRovers beat City 2-1 on Sunday, said the Echo [1].\n\n- Ilic scored twice."
FORMAT = {
    "title": True,
    "sections": [{"heading": "Rovers win", "style": "prose", "min_words": 2, "max_words": 90, "min_items": 0}],
    "min_words": 5,
    "max_sentences": 9,
    "required_phrases": ["Rovers"],
    "forbidden_phrases": ["City won"],
    "language": "en",
    "ends_with": "twice.",
    "no_preamble": True,
    "no_links": True,
}
LOCKED = contexts.lock("2026-11-23T06:00:00Z", "brave", {}, [QueryOutcome(1, "one", GOOD)]).document
LINES = [
    {"id": 1, "context": "Rovers beat City 2-1 on Sunday, by two goals of Ilic.", "report": REPORT, "format": FORMAT},
    {"id": "b", "context": [{"title": "Echo", "text": "Rovers won 2-1."}], "report": REPORT, "language": "en"},
    {"id": None, "context": LOCKED, "report": REPORT},
]
NEIGHBOUR = json.dumps({"id": "neighbour", "context": "Rovers won.", "report": "Rovers won."})


def test_lines_to_score(border: Border) -> None:
    for mutant in border.take(odd_documents(LINES), 0.03):
        try:
            odd, neighbour = map(json.loads, score_lines([text_of(mutant), NEIGHBOUR]))
        except Exception as error:  # noqa: BLE001 - this is what it is about
            border.escapes.append(f"{mutant}: {type(error).__name__}: {error}"[:300])
            continue
        if neighbour["scores"]["groundedness"]["value"] < 0.9:
            border.lost.append(f"{mutant}: the neighbour")
        if ("error" in odd) == ("scores" in odd) or odd.get("line", 1) != 1:
            border.lost.append(f"{mutant}: {str(odd)[:100]}")
    border.hold()


def text_of(mutant: Mutant) -> str:
    """The line as it is read from a file; none is empty, for that would be no line."""
    return mutant.body.decode().replace("\n", " ") or "x"
