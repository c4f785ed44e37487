"""The comparison page's columns, made from what the cache keeps of each report."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from .cards import Shown, verdict
from .masking import Author, Mask

# Metric, what a column calls it, and in half a sentence what it says.
CHIPS = (
    ("groundedness", _("Grounded"), _("how much of the report the sources support")),
    ("context_utilization", _("Sources"), _("how much of the material the report draws on")),
    ("format_compliance", _("Format"), _("how many of the format's demands it meets")),
)

FLAGS = {
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

# Reason codes of reports in a reader's words; a code that is not here is shown as it is.
WHY = {
    "answer_lost": _("its answer was lost"),
    "answer_too_large": _("its answer was too large to keep"),
    "bad_address": _("the address of its provider is wrong"),
    "bad_key": _("its provider did not accept our key"),
    "bad_request": _("its provider did not accept the request"),
    "ceiling_of_call": _("asking it could have cost more than one request may"),
    "ceiling_of_run_or_day": _("asking it could have cost more than the run or the day may"),
    "certificate": _("its provider could not prove who it is"),
    "connect": _("its provider could not be reached"),
    "connection_lost": _("the connection was lost"),
    "deadline": _("it took longer than it may"),
    "empty": _("its answer was empty"),
    "expired_model": _("its provider no longer offers it"),
    "forbidden": _("its provider did not allow the request"),
    "in_flight_budget": _("too many requests were under way"),
    "no_credit": _("the account with its provider is used up"),
    "no_provider": _("no provider had room for it"),
    "overloaded": _("its provider was overloaded"),
    "protocol": _("its answer could not be read"),
    "provider_error": _("its provider reported an error"),
    "rate_limited": _("its provider asked for fewer requests"),
    "refused": _("its provider refused the request"),
    "timeout": _("its provider ran out of time"),
    "too_large": _("the material was too large for it"),
    "unknown_model": _("its provider does not know it"),
    "upstream": _("its provider failed"),
    "window_too_small": _("the material was too large for it"),
}


@dataclass(frozen=True)
class Chip:
    """One score as a column shows it."""

    label: Any
    meaning: Any
    share: float
    baseline: float | None = None

    @property
    def width(self) -> int:
        """Of a bar that is 100 long."""
        return max(0, min(100, round(100 * self.share)))

    @property
    def delta(self) -> str:
        """Percentage points above or below the baseline's; "" without a baseline."""
        return "" if self.baseline is None else signed(100 * (self.share - self.baseline))


def signed(difference: float, digits: int = 0) -> str:
    """A difference with its sign, as print has it: "+3", "−2", "±0"."""
    rounded = round(difference, digits)
    return "±0" if not rounded else f"{rounded:+,.{digits}f}".replace("-", "−").replace(",", "\u2009")


@dataclass(frozen=True)
class Note:
    """What is known of one sentence."""

    number: int
    shown: dict[str, Any]
    source: dict[str, Any] | None

    @property
    def band(self) -> Any:
        """In words how much of it the sources say."""
        return capfirst(verdict(self.shown["band"], self.shown["missing"]))


@dataclass(frozen=True)
class Column:
    """One model's part of the page: its first report, and what it wrote in further samples."""

    shown: dict[str, Any]
    further: list["Column"] = field(default_factory=list)
    marks: bool = False
    baseline: dict[str, Any] | None = None

    @property
    def anchor(self) -> str:
        """Where links within the page lead; `report-` keeps it apart from the page's own."""
        sample = f"-{self.shown['sample']}" if self.shown["sample"] > 1 else ""
        return f"report-{self.shown['model']}{sample}"

    @property
    def html(self) -> SafeString:
        """The report; it was sanitised when it was rendered, and sealed in the cache since."""
        marked = self.shown.get("marked", "") if self.marks else ""
        return SafeString(marked or self.shown.get("html", ""))

    @property
    def notes(self) -> list[Note]:
        """The evidence of its sentences, where the page shows it."""
        notes = self.shown.get("notes", []) if self.marks else []
        sources = self.shown.get("sources", {})
        return [Note(number, note, sources.get(str(note["source"]))) for number, note in enumerate(notes, 1)]

    @property
    def chips(self) -> list[Chip]:
        """The scores that there are, beside the baseline's."""
        scores, others = self.shown["scores"], self._others
        return [
            Chip(label, meaning, scores[metric], others.get(metric))
            for metric, label, meaning in CHIPS
            if scores.get(metric) is not None
        ]

    @property
    def _others(self) -> dict[str, Any]:
        """The baseline's scores; none for the baseline itself, or where another scorer made them."""
        other = self.baseline
        if other is None or other["model"] == self.shown["model"]:
            return {}
        same = other["scorer_version"] == self.shown["scorer_version"]
        return other["scores"] if same else {}

    @property
    def deltas(self) -> dict[str, str]:
        """Words, seconds and cost beside the baseline's, signed."""
        mine, other = self.shown, self.baseline
        if other is None or other["model"] == mine["model"]:
            return {}
        pairs = {
            "words": (self.words, self._others.get("words"), 0),
            "seconds": (mine["seconds"], other["seconds"], 1),
            "cost": (mine["cost_usd"], other["cost_usd"], 4),
        }
        return {
            name: signed(float(own) - float(base), digits)
            for name, (own, base, digits) in pairs.items()
            if own is not None and base is not None
        }

    @property
    def words(self) -> float | None:
        """Length of the report."""
        return self.shown["scores"].get("words")  # type: ignore[no-any-return]

    @property
    def flags(self) -> list[str]:
        """What a reader should know before reading, in words."""
        return [str(FLAGS.get(flag, flag.replace("_", " ").capitalize())) for flag in self.shown.get("flags", [])]

    @property
    def reason(self) -> str:
        """Why there is no report to read, as one sentence."""
        code = self.shown["error"]
        what = REASONS.get(self.shown["state"], REASONS["failed"])
        return f"{what}: {WHY.get(code, code.replace('_', ' '))}." if code else f"{what}."


@dataclass(frozen=True)
class BlindColumn:
    """A report whose author is not told."""

    label: str
    html: SafeString

    @property
    def anchor(self) -> str:
        """Where links within the page lead."""
        return f"report-{self.label.lower()}"


def columns_of(reports: Iterable[Shown], *, marks: bool = False, baseline: str = "") -> list[Column]:
    """One column a model, in roster order; beside the model that is the baseline, if one is."""
    reports = list(reports)
    base = next((shown for shown in reports if shown["model"] == baseline and shown["sample"] == 1), None)
    by_model: dict[str, Column] = {}
    for shown in reports:
        column = Column(shown, marks=marks, baseline=base)
        if shown["model"] in by_model:
            by_model[shown["model"]].further.append(column)
        else:
            by_model[shown["model"]] = column
    return list(by_model.values())


def blind_columns(reports: Iterable[Shown]) -> list[BlindColumn]:
    """The readable first samples in the run's blind order."""
    readable = [shown for shown in reports if shown["sample"] == 1 and shown["readable"]]
    mask = mask_for(readable)
    return [
        BlindColumn(shown["blind_label"], SafeString(mask.in_html(shown["html"])))
        for shown in sorted(readable, key=lambda shown: int(shown["blind_position"]))
    ]


def blind_texts(reports: Iterable[Shown]) -> list[tuple[str, str]]:
    """The same as their letters and texts."""
    readable = [shown for shown in reports if shown["sample"] == 1 and shown["readable"]]
    mask = mask_for(readable)
    ordered = sorted(readable, key=lambda shown: int(shown["blind_position"]))
    return [(shown["blind_label"], mask.in_text(shown["text"])) for shown in ordered]


def mask_for(readable: Iterable[Shown]) -> Mask:
    """What these reports must not say while nobody is told who wrote them."""
    return Mask(
        Author(shown["name"], shown["model_id"], shown["text"], "own_identity" in shown["flags"]) for shown in readable
    )
