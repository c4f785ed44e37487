"""What a report says that is in no source: one statement of a run, quoted for its front page and its card."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from evaluations.models import Score
from evaluations.presentation.findings import Result
from evaluations.presentation.wording.plain_lines import as_line, shorten

from .stories import Story

MOST_REPORTS = 3  # those that kept least to the sources are looked through
SHORTEST, LONGEST = 40, 220  # characters of a sentence that is quoted


class Invention(NamedTuple):
    """A sentence of a report, taken apart around a fact of it that is in no source."""

    slug: str
    name: str
    before: str
    fact: str
    after: str

    @property
    def sentence(self) -> str:
        """The sentence, whole."""
        return f"{self.before}{self.fact}{self.after}"


def invention_of(story: Story) -> Invention | None:
    """The plainest statement of the run that is in no source, from the reports that kept least to them."""
    farthest = {result.report: result for result in reversed(story.ranking_of("groundedness")[-MOST_REPORTS:])}
    scores = (
        Score.objects.filter(report__in=farthest, metric="groundedness").select_related("report").defer("report__html")
    )
    by_report = {score.report_id: score for score in scores.order_by("computed_at", "pk")}
    found = (
        statement
        for pk, result in farthest.items()
        if pk in by_report
        for statement in statements(by_report[pk], result)
    )
    return next((invention for _, invention in sorted(found, key=lambda one: one[0])), None)


def statements(score: Score, result: Result) -> Iterator[tuple[tuple[bool, bool], Invention]]:
    """The sentences of a report with a fact that is in no source, each with how little fit it is to be quoted."""
    for row in score.evidence.get("sentences", ()):
        sentence = as_line(score.report.text[row["start"] : row["end"]])
        fact = plainest_fact(row.get("missing", ()), sentence)
        if fact:
            before, _, after = sentence.partition(fact)
            unfit = not SHORTEST <= len(sentence) <= LONGEST
            yield (
                (unfit, row["band"] != "not_found"),
                Invention(result.slug, result.name, before, fact, shorten(after, LONGEST)),
            )


def plainest_fact(missing: Iterable[dict[str, Any]], sentence: str) -> str:
    """Of the missing facts that the sentence has word for word: a figure rather than a name, and the longest."""
    found = [fact["text"] for fact in missing if fact["text"] in sentence]
    return max(found, key=lambda fact: (any(map(str.isdigit, fact)), len(fact)), default="")
