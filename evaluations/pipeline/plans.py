"""What a run would do: to whom, with what, at which price. Reads only; never searches, never asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from evaluations.errors import NotConfiguredError
from evaluations.models import Evaluation, LockedContext

from . import services
from .contexts import BYTES_PER_TOKEN
from .inference import Messages
from .prices import ceiling
from .starts import chosen


@dataclass(frozen=True)
class PlannedCall:
    """One model as it would be asked."""

    model: str
    url: str
    parameters: dict[str, Any]
    worst_usd: Decimal


@dataclass(frozen=True)
class Plan:
    """A run before it starts. `obstacles` are the reasons why it would be refused."""

    evaluation: str
    queries: list[str]
    message_bytes: int
    material: str
    calls: list[PlannedCall]
    obstacles: list[str]

    @property
    def worst_usd(self) -> Decimal:
        """The most that the run could cost."""
        return sum((call.worst_usd for call in self.calls), Decimal(0))


def plan(evaluation: Evaluation, models: Sequence[str] = (), samples: int = 1) -> Plan:
    """The run that would start now, sized by the evaluation's last lock, else by its size budget."""
    prompt = evaluation.prompt
    if prompt is None:
        raise NotConfiguredError(f"{evaluation} needs a prompt; add one in admin.")
    roster = chosen(evaluation, models)
    last = LockedContext.objects.filter(runs__evaluation=evaluation, purged_at=None).order_by("-pk").first()
    user = last.text if last else " " * (evaluation.context_tokens * BYTES_PER_TOKEN)
    size = len(Messages(prompt.text, user).serialised)
    calls = []
    for model in roster:
        parameters = services.request_parameters(model)
        worst = ceiling(model, parameters, size, evaluation.max_usd_per_call)
        url = f"{services.base_url(model.provider)}/chat/completions"
        calls += [PlannedCall(model.slug, url, parameters, worst)] * samples
    return Plan(
        evaluation=str(evaluation),
        queries=[query.text for query in evaluation.queries.all()],
        message_bytes=size,
        material=f"as large as the last lock, {last.sha256[:12]}" if last else "at its size budget",
        calls=calls,
        obstacles=obstacles(evaluation, calls, services.missing_keys(evaluation, roster)),
    )


def obstacles(evaluation: Evaluation, calls: Sequence[PlannedCall], missing: Sequence[str]) -> list[str]:
    """Why the run would be refused, or lose models."""
    found = [f"{name} is not set." for name in missing]
    found += [
        f"{call.model} may cost {call.worst_usd:.4f} USD, over the ceiling of {evaluation.max_usd_per_call:f} per call."
        for call in calls
        if call.worst_usd > evaluation.max_usd_per_call
    ]
    worst = sum((call.worst_usd for call in calls), Decimal(0))
    ceilings = {"run": evaluation.max_usd_per_run, "day": evaluation.max_usd_per_day}
    found += [
        f"All calls together may cost {worst:.4f} USD, over the ceiling of {most:f} per {name}."
        for name, most in ceilings.items()
        if worst > most
    ]
    return found
