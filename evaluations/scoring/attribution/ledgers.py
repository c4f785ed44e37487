"""Both ledgers of a report, the two metrics made of them, and the form in which they are printed and stored."""

from dataclasses import dataclass
from typing import Any

from evaluations.scoring.attribution.citations import CitationLedger, citation_ledger
from evaluations.scoring.attribution.quotes import Quote, quote_ledger
from evaluations.scoring.attribution.wording import Place
from evaluations.scoring.context.index import ContextIndex
from evaluations.scoring.languages.pack import LanguagePack


@dataclass(frozen=True, slots=True)
class Ledgers:
    """What a report quotes and cites, row by row."""

    quotes: tuple[Quote, ...]
    citing: CitationLedger

    @property
    def quote_accuracy(self) -> float | None:
        """Quotations that are word for word and not in another's mouth / all quotations; None where there is none."""
        return _share([quote.is_accurate for quote in self.quotes])

    @property
    def citation_accuracy(self) -> float | None:
        """Citations that lead to a source that says so / all citations; None where there is none."""
        return _share([citation.verdict == "supported" for citation in self.citing.citations])

    def quote_rows(self) -> list[dict[str, Any]]:
        """The quotation ledger in JSON; offsets of `differences` are in the report, `instead` is the source's."""
        return [
            {
                "start": quote.start,
                "end": quote.end,
                "verdict": quote.verdict,
                "speaker": quote.speaker,
                "passage": _passage(quote.passage),
                "said_by": quote.said_by or None,
                "reported": quote.reported,
                "differences": [
                    {"start": changed.start, "end": changed.end, "instead": changed.instead}
                    for changed in quote.differences
                ],
            }
            for quote in self.quotes
        ]

    def citation_rows(self) -> list[dict[str, Any]]:
        """The citation ledger in JSON; `target` is the index of a source of the lock."""
        return [
            {
                "start": citation.start,
                "end": citation.end,
                "target": citation.target,
                "verdict": citation.verdict,
                "passage": _passage(citation.passage),
            }
            for citation in self.citing.citations
        ]

    def metrics(self) -> dict[str, dict[str, Any]]:
        """The two metrics, each with its counts."""
        quotes, citations = self.quotes, self.citing.citations
        return {
            "quote_accuracy": {
                "value": self.quote_accuracy,
                **{name: sum(row.verdict == name for row in quotes) for name in ("verbatim", "altered", "absent")},
                "other_speaker": sum(row.speaker == "other" for row in quotes),
            },
            "citation_accuracy": {
                "value": self.citation_accuracy,
                **{
                    name: sum(row.verdict == name for row in citations)
                    for name in ("supported", "wrong_source", "outside")
                },
                "cited": self.citing.sentences - self.citing.uncited,
                "uncited": self.citing.uncited,
            },
        }


def read_ledgers(index: ContextIndex, report: str, pack: LanguagePack) -> Ledgers:
    """What a report quotes and cites, held against its context."""
    return Ledgers(quote_ledger(index, report, pack), citation_ledger(index, report, pack))


def _share(accurate: list[bool]) -> float | None:
    return round(sum(accurate) / len(accurate), 4) if accurate else None


def _passage(place: Place | None) -> dict[str, int] | None:
    return None if place is None else {"source": place.source, "start": place.start, "end": place.end}
