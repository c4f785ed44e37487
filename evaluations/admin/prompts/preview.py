"""Exactly what would be sent: a version of a prompt on the material of a past run, and what each model would take."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from evaluations.admin.roster.lists import offer_kept
from evaluations.models import Evaluation, LockedContext, ModelConfig, Prompt, Run
from evaluations.models.calibration import bytes_per_token
from evaluations.pipeline.roster import Candidate, candidate
from evaluations.providers.batch import Messages
from evaluations.providers.prices import exceeds_window, price, worst_case

LISTED_RUNS = 30


@dataclass(frozen=True)
class Quote:
    """One model: how many tokens it would read, what that and the longest answer cost in USD, what is against it."""

    model: ModelConfig
    tokens_in: int
    read_usd: Decimal | None
    worst_usd: Decimal
    obstacle: str
    parameters: dict[str, Any]

    @property
    def request(self) -> str:
        """What goes beside the messages, as it stands in the request."""
        return json.dumps(self.parameters, ensure_ascii=False)


@dataclass(frozen=True)
class Preview:
    """What every model would get, byte for byte, and what it would cost."""

    run: Run
    messages: Messages
    bytes_per_token: float
    quotes: Sequence[Quote]

    @property
    def size(self) -> int:
        """Bytes of the serialised messages."""
        return len(self.messages.serialised)

    @property
    def tokens(self) -> int:
        """As many as past runs were billed for text of this size, at most."""
        return int(self.size / self.bytes_per_token)

    @property
    def worst_usd(self) -> Decimal:
        """The most that all models that take part could cost together."""
        return sum((quote.worst_usd for quote in self.quotes if quote.model.enabled), Decimal(0))


def runs_with_material(evaluation: Evaluation) -> list[Run]:
    """Runs whose material is there, newest first: what a preview or a trial can be of."""
    locked = Run.objects.filter(evaluation=evaluation, context__isnull=False, context__purged_at=None)
    return list(locked.exclude(kind=Run.Kind.TRIAL).order_by("-pk").only("pk", "locked_at", "context_id")[:LISTED_RUNS])


def preview_of(prompt: Prompt, run: Run) -> Preview:
    """A prompt on the material of a run."""
    context: LockedContext = run.context  # type: ignore[assignment]
    messages = Messages(prompt.text, context.text)
    ratio = bytes_per_token(prompt.evaluation)
    quotes = [quote_of(found, len(messages.serialised), ratio) for found in candidates_of(prompt.evaluation)]
    return Preview(run, messages, ratio, quotes)


def candidates_of(evaluation: Evaluation) -> list[Candidate]:
    """The roster beside what its providers listed last; nobody is asked."""
    roster = evaluation.roster.filter(retired_at=None).select_related("provider__listing")
    return [candidate(model, offer_kept(model.provider)) for model in roster]


def quote_of(found: Candidate, size: int, ratio: float) -> Quote:
    """What one model would take."""
    tokens = int(size / ratio)
    most = found.model.evaluation.max_usd_per_call
    narrow = exceeds_window(found.context_window, size, found.parameters, ratio)
    window = f"its window of {found.context_window:,} tokens is too small" if narrow else ""
    return Quote(
        model=found.model,
        tokens_in=tokens,
        read_usd=price(found, tokens, 0),
        worst_usd=worst_case(found, found.parameters, size, most),
        obstacle=found.verdict.detail or window,
        parameters=dict(found.parameters),
    )
