"""The card: all that pages show of one report, kept by the cache, read by every page. `building` makes it.

What the first page of a new process needs is a NamedTuple: Python makes one in a seventh of the time of a dataclass.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple, Self

from django.utils.translation import gettext_lazy as _

from evaluations.models import Report
from evaluations.wire.failures import may_have_cost

from .versions import FORM, RENDERER_VERSION

NO_CLAIM = "no_claim"
NOTHING: Mapping[Any, Any] = MappingProxyType({})
BANDS = {
    "grounded": _("found in the sources"),
    "mostly": _("found in the sources, but not every fact"),  # grounded as a whole, with a fact that is in no source
    "partly": _("partly found in the sources"),
    "not_found": _("not found in the sources"),
    "contradicted": _("a source says otherwise"),
    NO_CLAIM: _("claims nothing"),
}


class Scores(NamedTuple):
    """The newest scores of a report by metric, all of one version of the scorer."""

    version: str = ""
    values: Mapping[str, float | None] = NOTHING

    @classmethod
    def of(cls, report: Report) -> Self:
        """Of a stored report; none where it has none."""
        found = report.newest_scores()
        return cls(found[0].scorer_version if found else "", {score.metric: score.value for score in found})


class Note(NamedTuple):
    """What is known of one sentence of a report."""

    band: str
    source: int | None  # its number in the documents
    passage: str  # "" where the share of that source is used up
    missing: tuple[str, ...]  # facts that are in no source
    contradicted: tuple[str, ...] = ()  # words that the passage says otherwise


class CitedSource(NamedTuple):
    """A source as a page links to it; an address that must not become a link has no host."""

    title: str
    url: str
    host: str


class Card(NamedTuple):
    """One report as pages show it; a model that took part without any has a card with the state "missing".

    What is withheld has neither words nor scores. `blind_html` and `blind_text` are what everybody reads of it
    while nobody is told who wrote it.
    """

    run: int
    model: str
    sample: int
    report: int | None
    state: str
    withheld: bool
    withheld_note: str
    readable: bool
    purged: bool

    name: str
    model_id: str
    provider: str
    parameters: dict[str, Any]
    blind_label: str
    blind_position: int

    served_model: str
    served_provider: str
    finish_reason: str
    error: str
    input_tokens: int | None
    output_tokens: int | None
    seconds: float | None
    cost_usd: Decimal | None
    answered_at: str | None  # ISO 8601
    scores: Scores = Scores()

    text: str = ""
    html: str = ""
    marked: str = ""  # the same with the marks of its sentences
    masked: bool = False  # whether the two below were made; the cache does not keep a card for a vote without
    blind_text: str = ""
    blind_html: str = ""
    blind_opening: str = ""  # its first statement
    anchor: str = ""  # before the number of a note, in addresses within the page
    notes: tuple[Note, ...] = ()
    sources: Mapping[int, CitedSource] = NOTHING
    flags: tuple[str, ...] = ()

    @property
    def on_ballots(self) -> bool:
        """Whether this is what is voted on: a model's first report, if everybody may read it."""
        return self.sample == 1 and self.readable

    @property
    def cost_is_unknown(self) -> bool:
        """Whether the report may have cost something, and nobody knows what."""
        return self.cost_usd is None and may_have_cost(self.state, self.error)

    def as_json(self) -> dict[str, Any]:
        """As the cache keeps it."""
        return {
            "form": FORM,
            "renderer": RENDERER_VERSION,
            **self._asdict(),
            "cost_usd": None if self.cost_usd is None else str(self.cost_usd),
            "scorer_version": self.scores.version,
            "scores": dict(self.scores.values),
            "notes": [note._asdict() for note in self.notes],
            "sources": {number: source._asdict() for number, source in self.sources.items()},
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """From what `as_json` made, in the same form."""
        values = {name: kept[name] for name in cls._fields}
        values["scores"] = Scores(kept["scorer_version"], kept["scores"])
        values["cost_usd"] = None if kept["cost_usd"] is None else Decimal(kept["cost_usd"])
        values["notes"] = tuple(Note(**note | {"missing": tuple(note["missing"])}) for note in kept["notes"])
        values["sources"] = {int(number): CitedSource(**source) for number, source in kept["sources"].items()}
        return cls(**values | {"flags": tuple(kept["flags"])})


def verdict(band: str, missing: Sequence[str]) -> Any:
    """In words how much of a sentence the sources say; `missing` are its facts that are in none of them."""
    return BANDS["mostly" if band == "grounded" and missing else band]
