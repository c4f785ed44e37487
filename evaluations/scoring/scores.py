"""All scores of one report, and the form in which they are printed and stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from evaluations.scoring.attribution.ledgers import Ledgers, read_ledgers
from evaluations.scoring.context.index import ContextIndex, Passage
from evaluations.scoring.flags import Flag, find_flags
from evaluations.scoring.format.check import FormatCompliance, check_format
from evaluations.scoring.format.structure import count_words
from evaluations.scoring.grounding.groundedness import Groundedness, SentenceGrounding, ground
from evaluations.scoring.grounding.matching import match_sentences
from evaluations.scoring.languages.packs import is_known
from evaluations.scoring.report import given_words, read_report
from evaluations.scoring.text.leaks import without_leaks
from evaluations.scoring.utilization import Utilization, utilization


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of one report against one context. The same input gives the same bytes."""

    groundedness: Groundedness
    context_utilization: Utilization
    format_compliance: FormatCompliance | None
    words: int
    grounded_words: int
    flags: tuple[Flag, ...]
    report: str
    ledgers: Ledgers
    language: str

    def as_dict(self) -> dict[str, Any]:
        """The `scores` object of the `score` command, as DESIGN.md gives it."""
        compliance = self.format_compliance
        return {
            "groundedness": {
                "value": self.groundedness.value,
                "verbatim": self.groundedness.verbatim,
                "sentences": [_sentence(row, self.report) for row in self.groundedness.sentences],
                "quotes": self.ledgers.quote_rows(),
                "citations": self.ledgers.citation_rows(),
            },
            **self.ledgers.metrics(),
            "context_utilization": {
                "value": self.context_utilization.value,
                "sources": [
                    {"index": use.index, "used": use.used, "score": use.score}
                    for use in self.context_utilization.sources
                ],
            },
            "format_compliance": compliance
            and {
                "value": compliance.value,
                "checks": [
                    {"name": check.name, "passed": check.passed, "detail": check.detail} for check in compliance.checks
                ],
            },
            "words": {"value": self.words},
            "language": {"code": self.language, "known": is_known(self.language)},
            "flags": [
                {"name": flag.name, "start": flag.start, "end": flag.end, "text": flag.text} for flag in self.flags
            ],
        }


def _sentence(row: SentenceGrounding, report: str) -> dict[str, Any]:
    return {
        "start": row.start,
        "end": row.end,
        "unsupported": row.unsupported,
        "band": row.band,
        "passage": _passage(row.passage),
        "missing": [
            {"start": fact.start, "end": fact.end, "text": report[fact.start : fact.end]} for fact in row.missing
        ],
        "contradicted": [
            {
                "start": one.start,
                "end": one.end,
                "text": report[one.start : one.end],
                "kind": one.kind,
                "passage": _passage(one.passage),
            }
            for one in row.contradicted
        ],
    }


def _passage(passage: Passage | None) -> dict[str, int] | None:
    return passage and {"source": passage.source, "start": passage.start, "end": passage.end}


def score_report(
    index: ContextIndex,
    report: str,
    output_format: dict[str, Any] | None = None,
    *,
    finish_reason: str = "",
    own_names: Sequence[str] = (),
) -> Scores:
    """Every score of one report; `own_names` are the names by which its model would give itself away.

    Headings and a closing phrase that the format itself dictates are not the writer's words and are not
    scored as such.
    """
    written, report = report, without_leaks(report)
    given = given_words(output_format or {})
    sentences = [sentence for sentence in read_report(report, index.pack) if sentence.words not in given]
    matches = match_sentences(index, sentences)
    ledgers = read_ledgers(index, written, index.pack)
    grounded = ground(index, matches, ledgers.quotes)
    return Scores(
        groundedness=grounded,
        context_utilization=utilization(index, matches),
        format_compliance=check_format(output_format, report) if output_format is not None else None,
        words=count_words(report),
        grounded_words=grounded.grounded_words,
        flags=find_flags(report, sentences, index.documents, finish_reason=finish_reason, own_names=own_names),
        report=report,
        ledgers=ledgers,
        language=index.pack.code,
    )
