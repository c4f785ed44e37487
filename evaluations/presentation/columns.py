"""The comparison page's columns, made from what the cache keeps of each report."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evaluations.wire.failures import words

from .cards import NO_CLAIM, Card, CitedSource, Note

# Metric, what a column calls it, and in half a sentence what it says.
CHIPS = (
    ("groundedness", _("Grounded"), _("how much of the report the sources support")),
    ("context_utilization", _("Sources"), _("how much of the material the report draws on")),
    ("format_compliance", _("Format"), _("how many of the format's demands it meets")),
    (
        "quote_accuracy",
        _("Quotations"),
        _("how many of its quotations the sources have word for word, from that speaker"),
    ),
    ("citation_accuracy", _("Citations"), _("how many of its citations lead to a source that says so")),
)

FLAGS = {
    "content_filter": _("Cut short by a content filter"),
    "cut_off": _("Cut off before its end"),
    "injected_instruction": _("Contains instructions to the reader"),
    "model_mismatch": _("Another model answered than was asked"),
    "own_identity": _("Names its own model"),
    "refusal": _("Refuses the task"),
    "repetition": _("Repeats itself"),
    "truncated": _("Cut off at the token limit"),
    "unknown_link": _("Links to what is in no source"),
}

REASONS = {
    "failed": _("This model gave no report"),
    "unknown_outcome": _("The request left, but no answer came back: whether there is a report is not known"),
    "missing": _("This model was not asked in this run"),
    "waiting": _("This model was not asked in this run"),
    "answering": _("This model had not answered when the run ended"),
}


class Chip(NamedTuple):
    """One score as a column shows it."""

    label: Any
    meaning: Any
    share: float | None
    baseline: float | None = None

    @property
    def width(self) -> int:
        """Of a bar that is 100 long."""
        return max(0, min(100, round(100 * (self.share or 0))))

    @property
    def delta(self) -> str:
        """Percentage points above or below the baseline's; "" without a baseline."""
        if self.share is None or self.baseline is None:
            return ""
        return with_sign(100 * (self.share - self.baseline))


def with_sign(difference: float, digits: int = 0) -> str:
    """A difference with its sign, as print has it: "+3", "−2", "±0"."""
    rounded = round(difference, digits)
    return "±0" if not rounded else f"{rounded:+,.{digits}f}".replace("-", "−").replace(",", "\u2009")


class Evidence(NamedTuple):
    """The note of one sentence with its number, and the source that it names."""

    number: int
    note: Note
    source: CitedSource | None


@dataclass(frozen=True)
class Column:
    """One model's part of the page: its first report, and what it wrote in further samples."""

    card: Card
    further: list["Column"] = field(default_factory=list)
    marks: bool = False
    baseline: Card | None = None
    metrics: frozenset[str] = frozenset()

    @property
    def anchor(self) -> str:
        """Where links within the page lead; `report-` keeps it apart from the page's own."""
        sample = f"-{self.card.sample}" if self.card.sample > 1 else ""
        return f"report-{self.card.model}{sample}"

    @property
    def html(self) -> SafeString:
        """The report; it was sanitised when it was rendered, and sealed in the cache since."""
        return SafeString((self.marks and self.card.marked) or self.card.html)

    @property
    def evidence(self) -> list[Evidence]:
        """The evidence of its sentences, where the page shows it."""
        notes = self.card.notes if self.marks else ()
        return [
            Evidence(number, note, None if note.source is None else self.card.sources.get(note.source))
            for number, note in enumerate(notes, 1)
            if note.band != NO_CLAIM
        ]

    @property
    def chips(self) -> list[Chip]:
        """The scores beside the baseline's: those that any report of the page has, so that rows align."""
        mine, others = self.card.scores.values, self._others
        return [
            Chip(label, meaning, mine.get(metric), others.get(metric))
            for metric, label, meaning in CHIPS
            if metric in self.metrics and self.card.readable
        ]

    @property
    def _base(self) -> Card | None:
        """The card to compare with; none for the baseline itself."""
        return self.baseline if self.baseline and self.baseline.model != self.card.model else None

    @property
    def _others(self) -> Mapping[str, float | None]:
        """The baseline's scores; none where another scorer made them."""
        same = self._base and self._base.scores.version == self.card.scores.version
        return self._base.scores.values if self._base and same else {}

    @property
    def samples(self) -> int:
        """How many reports of the model can be read."""
        return sum(sample.card.readable for sample in (self, *self.further))

    @property
    def deltas(self) -> dict[str, str]:
        """Words, seconds and cost beside the baseline's, signed."""
        mine, other = self.card, self._base
        if other is None:
            return {}
        pairs = {
            "words": (self.words, self._others.get("words"), 0),
            "seconds": (mine.seconds, other.seconds, 1),
            "cost": (mine.cost_usd, other.cost_usd, 4),
        }
        return {
            name: with_sign(float(own) - float(base), digits)
            for name, (own, base, digits) in pairs.items()
            if own is not None and base is not None
        }

    @property
    def words(self) -> float | None:
        """Length of the report."""
        return self.card.scores.values.get("words")

    @property
    def flags(self) -> list[str]:
        """What a reader should know before reading, in words."""
        return [str(FLAGS.get(flag, flag.replace("_", " ").capitalize())) for flag in self.card.flags]

    @property
    def reason(self) -> str:
        """Why there is no report to read, as one sentence."""
        code = self.card.error
        what = REASONS.get(self.card.state, REASONS["failed"])
        return f"{what}: {gettext(words(code))}." if code else f"{what}."


class BlindColumn(NamedTuple):
    """A report whose author is not told."""

    label: str
    html: SafeString
    text: str
    opening: str

    @property
    def anchor(self) -> str:
        """Where links within the page lead."""
        return f"report-{self.label.lower()}"


def columns_of(cards: Iterable[Card], *, marks: bool = False, baseline: str = "") -> list[Column]:
    """One column a model, in roster order; beside the model that is the baseline, if one is."""
    cards = list(cards)
    base = next((card for card in cards if card.model == baseline and card.sample == 1), None)
    metrics = frozenset(name for card in cards for name, value in card.scores.values.items() if value is not None)
    by_model: dict[str, Column] = {}
    for card in cards:
        column = Column(card, marks=marks, baseline=base, metrics=metrics)
        if card.model in by_model:
            by_model[card.model].further.append(column)
        else:
            by_model[card.model] = column
    return list(by_model.values())


def blind_columns(cards: Iterable[Card]) -> list[BlindColumn]:
    """What is voted on, in an order of the run's own: page, ballot, JSON and CSV are made of this.

    The order is drawn from run and letter, so that no letter is always first and nothing of the roster shows.
    """
    voted_on = sorted((card for card in cards if card.on_ballots), key=blind_place)
    return [
        BlindColumn(card.blind_label, SafeString(card.blind_html), card.blind_text, card.blind_opening)
        for card in voted_on
    ]


def blind_place(card: Card) -> bytes:
    """By what the reports of an open run are ordered."""
    return sha256(f"{card.run} {card.blind_label}".encode()).digest()
