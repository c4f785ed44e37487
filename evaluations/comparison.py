"""The comparison page's columns, made from what the cache keeps of each report."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString

from evaluations.cache import Shown

# Metric, what a column calls it, and in half a sentence what it says.
CHIPS = (
    ("groundedness", "Grounded", "how much of the report the sources support"),
    ("context_utilization", "Sources", "how much of the material the report draws on"),
    ("format_compliance", "Format", "how many of the format's demands it meets"),
)

FLAGS = {
    "cut_off": "Cut off before its end",
    "injected_instruction": "Contains instructions to the reader",
    "model_mismatch": "Another model answered than was asked",
    "own_identity": "Names its own model",
    "refusal": "Refuses the task",
    "repetition": "Repeats itself",
    "truncated": "Cut off at the token limit",
    "unknown_link": "Links to what is in no source",
}

REASONS = {
    "failed": "This model gave no report",
    "unknown_outcome": "The request left, but no answer came back: whether there is a report is not known",
    "missing": "This model was not asked in this run",
    "waiting": "This model was not asked in this run",
    "answering": "This model had not answered when the run ended",
}


@dataclass(frozen=True)
class Chip:
    """One score as a column shows it."""

    label: str
    meaning: str
    share: float

    @property
    def width(self) -> int:
        """Of a bar that is 100 long."""
        return max(0, min(100, round(100 * self.share)))


@dataclass(frozen=True)
class Column:
    """One model's part of the page: its first report, and what it wrote in further samples."""

    shown: dict[str, Any]
    further: list["Column"] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        """Where links within the page lead; `report-` keeps it apart from the page's own."""
        return f"report-{self.shown['model']}"

    @property
    def html(self) -> SafeString:
        """The report; it was sanitised when it was rendered, and sealed in the cache since."""
        return SafeString(self.shown.get("html", ""))

    @property
    def chips(self) -> list[Chip]:
        """The scores that there are."""
        scores = self.shown["scores"]
        return [
            Chip(label, meaning, scores[metric]) for metric, label, meaning in CHIPS if scores.get(metric) is not None
        ]

    @property
    def words(self) -> float | None:
        """Length of the report."""
        return self.shown["scores"].get("words")  # type: ignore[no-any-return]

    @property
    def flags(self) -> list[str]:
        """What a reader should know before reading, in words."""
        return [FLAGS.get(flag, flag.replace("_", " ").capitalize()) for flag in self.shown.get("flags", [])]

    @property
    def reason(self) -> str:
        """Why there is no report to read, as one sentence."""
        because = self.shown["error"].replace("_", " ")
        return f"{REASONS.get(self.shown['state'], REASONS['failed'])}{f': {because}' if because else ''}."


@dataclass(frozen=True)
class BlindColumn:
    """A report whose author is not told."""

    label: str
    html: SafeString

    @property
    def anchor(self) -> str:
        """Where links within the page lead."""
        return f"report-{self.label.lower()}"


def columns(reports: Iterable[Shown]) -> list[Column]:
    """One column a model, in roster order."""
    by_model: dict[str, Column] = {}
    for shown in reports:
        if shown["model"] in by_model:
            by_model[shown["model"]].further.append(Column(shown))
        else:
            by_model[shown["model"]] = Column(shown)
    return list(by_model.values())


def blind_columns(reports: Iterable[Shown]) -> list[BlindColumn]:
    """The readable first samples in the run's blind order."""
    readable = [shown for shown in reports if shown["sample"] == 1 and shown["readable"]]
    telling = telling_names(readable)
    return [
        BlindColumn(shown["blind_label"], SafeString(masked(shown["html"], telling)))
        for shown in sorted(readable, key=lambda shown: int(shown["blind_position"]))
    ]


# A report that names its own model

MASK = "▒▒▒"
COMMON_WORDS = set("chat code flash instruct large mini model plus preview sandbox turbo".split())  # noqa: SIM905


def telling_names(readable: list[Shown]) -> list[str]:
    """The names of every model whose own report names it, longest first.

    They are masked in all reports: "Brief" masked only where the model of that name wrote it would tell.
    """
    names = {name for shown in readable if "own_identity" in shown["flags"] for name in own_names(shown)}
    return sorted(names, key=lambda name: (-len(name), name))


def own_names(shown: Shown) -> set[str]:
    """The words that would give this model, or its maker, away."""
    spelled = f"{shown['name']} {shown['model_id']}".lower()
    family = re.findall(r"[a-z]{2,}", spelled.rpartition("/")[2])[:1]  # such as gpt, too short for the other rule
    return {*re.findall(r"[a-z]{4,}", spelled), *family} - COMMON_WORDS


def masked(markup: str, names: list[str]) -> str:
    """A report's HTML with these words masked in its text; tags stay as they are."""
    if not names:
        return markup
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b", re.IGNORECASE)
    pieces = re.split(r"(<[^>]*>)", markup)  # every second piece is a tag
    return "".join(piece if odd % 2 else pattern.sub(MASK, piece) for odd, piece in enumerate(pieces))
