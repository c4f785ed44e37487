"""What a run would do: to whom, with what, at which price. It never searches and spends nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from evaluations.contexts import BYTES_PER_TOKEN, SizeLimit
from evaluations.models import Evaluation, LockedContext, Report, Run
from evaluations.providers.batch import Messages
from evaluations.providers.offers import Offer
from evaluations.providers.prices import exceeds_window, worst_case

from . import endpoints, materials
from .roster import Candidate, candidate, check_models, choose_models
from .start import MANUAL, Order, find_prompt, require_material, run_ceiling


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
    samples: int
    calls: list[PlannedCall]
    obstacles: list[str]

    @property
    def worst_usd(self) -> Decimal:
        """The most that the run could cost."""
        return sum((call.worst_usd for call in self.calls), Decimal(0))


def plan(evaluation: Evaluation, order: Order = MANUAL) -> Plan:
    """The run that would start now, sized by the evaluation's last lock, else by its size budget."""
    if order.replay:
        require_material(order.replay)
    prompt = find_prompt(evaluation, order.prompt_version)
    roster = choose_models(evaluation, order.models)
    options = order.replay.search_options if order.replay else materials.search_options(evaluation, order.source)
    missing = materials.missing_keys(roster, None if order.replay else options)
    # A provider is only asked with its key.
    problems = materials.key_problems(roster, None if order.replay else options)
    asked = [] if problems else [model for model in roster if model.provider.api_key_variable not in missing]
    candidates = check_models(evaluation, asked) if asked else []
    candidates += [candidate(model, Offer()) for model in roster if model not in asked]
    last = last_lock(evaluation, order)
    ratio = options.get("bytes_per_token", BYTES_PER_TOKEN)
    user = last.text if last else " " * SizeLimit(evaluation.context_tokens, ratio).bytes
    size = len(Messages(prompt.text, user).serialised)
    calls = [planned_call(found, size, evaluation.max_usd_per_call) for found in candidates]
    return Plan(
        evaluation=str(evaluation),
        queries=[] if order.replay else [query.text for query in evaluation.queries.all()],
        message_bytes=size,
        material=material_basis(order, last),
        samples=order.samples,
        calls=calls * order.samples,
        obstacles=[
            *problems,
            *(f"{name} is not set." for name in missing),
            *refusals(candidates),
            *narrow_windows(candidates, size, ratio),
            *ceilings_met(evaluation, order, calls * order.samples),
        ],
    )


def last_lock(evaluation: Evaluation, order: Order) -> LockedContext | None:
    """The material that tells the size: the replayed run's, else the newest."""
    if order.replay:
        return order.replay.context
    return LockedContext.objects.filter(runs__evaluation=evaluation, purged_at=None).order_by("-pk").first()


def material_basis(order: Order, last: LockedContext | None) -> str:
    """Where the size comes from."""
    if order.replay:
        return f"the locked context of run {order.replay.pk}"
    return f"as large as the last lock, {last.sha256[:12]}" if last else "at its size budget"


def planned_call(found: Candidate, size: int, most: Decimal) -> PlannedCall:
    """One call of the plan."""
    worst = worst_case(found, found.parameters, size, most)
    url = f"{endpoints.base_url(found.model.provider)}/chat/completions"
    return PlannedCall(found.model.slug, url, dict(found.parameters), worst)


def refusals(candidates: Sequence[Candidate]) -> list[str]:
    """What the providers' own lists say against the roster."""
    return [f"{c.model.slug}: {c.verdict.error} ({c.verdict.detail})" for c in candidates if c.verdict.error]


def narrow_windows(candidates: Sequence[Candidate], size: int, ratio: float) -> list[str]:
    """Models whose context window is too small for the material and their answer."""
    return [
        f"{c.model.slug}: its window of {c.context_window:,} tokens is too small for the material."
        for c in candidates
        if exceeds_window(c.context_window, size, c.parameters, ratio)
    ]


def ceilings_met(evaluation: Evaluation, order: Order, calls: Sequence[PlannedCall]) -> list[str]:
    """Which ceilings the run could meet."""
    found = [
        f"{call.model} may cost {call.worst_usd:.4f} USD, over the ceiling of {evaluation.max_usd_per_call:f} per call."
        for call in calls
        if call.worst_usd > evaluation.max_usd_per_call
    ]
    worst = sum((call.worst_usd for call in calls), Decimal(0))
    most_of = {"run": run_ceiling(evaluation, order), "day": evaluation.max_usd_per_day}
    return found + [
        f"All calls together may cost {worst:.4f} USD, over the ceiling of {most:f} per {name}."
        for name, most in most_of.items()
        if worst > most
    ]


def plan_rest(run: Run) -> list[PlannedCall]:
    """The calls that a resume of the run would make, those among them that an account had refused."""
    size = message_bytes(run)
    reports = Report.objects.left_to_ask().filter(entry__run=run).in_roster_order()
    return [
        PlannedCall(
            report.entry.slug,
            f"{report.entry.base_url}/chat/completions",
            dict(report.entry.parameters),
            worst_case(report.entry, report.entry.parameters, size, run.max_usd_per_call),
        )
        for report in reports
    ]


def message_bytes(run: Run) -> int:
    """The size of a run's messages; of one that is not locked, at its size budget."""
    if run.context and run.has_material:
        return len(Messages(run.system_message, run.context.text).serialised)
    options = run.search_options
    tokens, ratio = options.get("context_tokens", 0), options.get("bytes_per_token", BYTES_PER_TOKEN)
    return len(Messages(run.system_message, " " * SizeLimit(tokens, ratio).bytes).serialised)
