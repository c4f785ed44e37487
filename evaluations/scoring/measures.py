"""What is stored of a report's scores: a value and its evidence for every metric, and the flags."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from evaluations.scoring.context.index import ContextIndex
from evaluations.scoring.scores import score_report
from evaluations.scoring.value import cost_per_1000_grounded_words

METRICS = ("groundedness", "context_utilization", "format_compliance", "quote_accuracy", "citation_accuracy", "words")
# The flags that scorers give; what else flags a report was seen in the network.
FLAGS = frozenset(
    "cut_off injected_instruction own_identity refusal repetition too_long unknown_link".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Measure:
    """One metric of one report; the value is None where the metric says nothing about it."""

    value: float | None
    evidence: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Measures:
    """Every metric by its name, and the names of the flags."""

    metrics: dict[str, Measure]
    flags: frozenset[str]


def measure(
    index: ContextIndex,
    text: str,
    output_format: Mapping[str, Any],
    *,
    finish_reason: str,
    own_names: Sequence[str],
    cost_usd: Decimal | None,
) -> Measures:
    """Score one report the way stored reports are scored, now and whenever they are checked again."""
    scores = score_report(index, text, dict(output_format), finish_reason=finish_reason, own_names=own_names)
    evidence = scores.as_dict()
    found = {name: evidence[name] or {} for name in METRICS}
    metrics = {name: Measure(proof.get("value"), proof) for name, proof in found.items()}
    per_thousand = cost_per_1000_grounded_words(scores, cost_usd)
    metrics["cost_per_1000_grounded_words"] = Measure(None if per_thousand is None else float(per_thousand), {})
    return Measures(metrics, frozenset(flag.name for flag in scores.flags))


def language_of(output_format: Mapping[str, Any]) -> str:
    """The language in which reports of a format are scored, and with them their sources: that which it asks for."""
    return str(output_format.get("language") or "en")


def own_names(name: str, model_id: str) -> list[str]:
    """Names by which a report could give its author away; a bare word such as "brief" says nothing."""
    short = model_id.split("/")[-1]
    return [name, model_id, *([short] if "-" in short else [])]
