"""Starting a run: everything that it will do is frozen in one transaction, and this worker holds it."""

import hashlib
import random
import secrets
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import F

from evaluations.errors import HeldElsewhereError, NotConfiguredError
from evaluations.models import Evaluation, ModelConfig, QueryAnswer, Report, Run, RunEntry, Slot

from . import services
from .leases import LEASE, DatabaseClock, Hold, unheld


def start(
    evaluation: Evaluation,
    kind: Run.Kind = Run.Kind.MANUAL,
    slot: Slot | None = None,
    models: Sequence[str] = (),
    samples: int = 1,
) -> Hold:
    """Start a run of `evaluation`, with the whole enabled roster or just `models` (slugs or model ids).

    Raises NotConfiguredError where something is missing, HeldElsewhereError where a run of the same
    evaluation is live, or where the slot has its run already.
    """
    roster = chosen(evaluation, models)
    require_keys(evaluation, roster)
    pause_abandoned(evaluation)
    try:
        with transaction.atomic():
            return Hold(freeze(evaluation, kind, slot, roster, samples))
    except IntegrityError as error:
        raise HeldElsewhereError(already_live(evaluation, slot)) from error


def chosen(evaluation: Evaluation, names: Sequence[str]) -> list[ModelConfig]:
    """The models that take part, in roster order."""
    roster = list(evaluation.roster.select_related("provider"))
    known = {name for model in roster for name in (model.slug, model.model_id)}
    if unknown := [name for name in names if name not in known]:
        there = ", ".join(model.slug for model in roster) or "none"
        raise NotConfiguredError(f"{evaluation} has no model {', '.join(unknown)}; it has: {there}.")
    if names:
        return [model for model in roster if {model.slug, model.model_id} & set(names)]
    enabled = [model for model in roster if model.enabled]
    if not enabled:
        raise NotConfiguredError(f"{evaluation} has no enabled model; enable one in admin.")
    return enabled


def require_keys(evaluation: Evaluation, roster: list[ModelConfig]) -> None:
    """Refuse to start without the keys. Raises NotConfiguredError."""
    if missing := services.missing_keys(evaluation, roster):
        raise NotConfiguredError(
            f"Not set: {', '.join(missing)}. Put it into the environment or .env, or try "
            "`manage.py run_evaluation --sandbox`, which needs no key."
        )


def pause_abandoned(evaluation: Evaluation) -> None:
    """Set runs aside whose worker is gone, so that they can be resumed and do not block a new one."""
    abandoned = Run.objects.live().filter(unheld(), evaluation=evaluation)
    # With a new token: a worker that was only slow must not go on beside the new run.
    abandoned.update(
        state=Run.State.PAUSED, failure="Its worker stopped before the end.", lease_token=F("lease_token") + 1
    )


def already_live(evaluation: Evaluation, slot: Slot | None) -> str:
    """Why the database refused another run."""
    if slot and (run := Run.objects.filter(slot=slot).first()):
        return f"The slot {slot} has its run: {run}, {run.get_state_display().lower()}."
    run = Run.objects.live().filter(evaluation=evaluation).first()
    return f"{run or 'A run'} is live; a second one was not started. Wait for it, or cancel it in admin."


def freeze(
    evaluation: Evaluation, kind: Run.Kind, slot: Slot | None, roster: Sequence[ModelConfig], samples: int
) -> Run:
    """The run with its queries, prompt, entries and empty reports; later edits do not touch them."""
    prompt = evaluation.prompt
    queries = [query.text for query in evaluation.queries.all()]
    if prompt is None or not queries:
        raise NotConfiguredError(f"{evaluation} needs a prompt and at least one query; add them in admin.")
    run = Run.objects.create(
        evaluation=evaluation,
        kind=kind,
        slot=slot,
        prompt=prompt,
        system_message=prompt.text,
        prompt_sha256=hashlib.sha256(prompt.text.encode()).hexdigest(),
        search_options=services.search_options(evaluation),
        samples=samples,
        call_deadline_seconds=evaluation.call_deadline_seconds,
        max_usd_per_call=evaluation.max_usd_per_call,
        max_usd_per_run=evaluation.max_usd_per_run,
        max_usd_per_day=evaluation.max_usd_per_day,
        network_salt=secrets.token_bytes(16),
        lease_token=1,
        lease_expires_at=DatabaseClock() + LEASE,
    )
    run.refresh_from_db(fields=["lease_expires_at"])
    QueryAnswer.objects.bulk_create(
        QueryAnswer(run=run, position=position, query=text) for position, text in enumerate(queries, 1)
    )
    places = list(range(1, len(roster) + 1))
    random.SystemRandom().shuffle(places)
    entries = RunEntry.objects.bulk_create(
        snapshot(run, model, position, place)
        for position, (model, place) in enumerate(zip(roster, places, strict=True), 1)
    )
    Report.objects.bulk_create(
        Report(entry=entry, sample=sample) for entry in entries for sample in range(1, samples + 1)
    )
    return run


def snapshot(run: Run, model: ModelConfig, position: int, blind_position: int) -> RunEntry:
    """The model as it takes part in `run`."""
    return RunEntry(
        run=run,
        config=model,
        position=position,
        blind_position=blind_position,
        slug=model.slug,
        name=model.name,
        provider=model.provider,
        provider_slug=model.provider.slug,
        provider_kind=model.provider.kind,
        base_url=services.base_url(model.provider),
        api_key_variable=model.provider.api_key_variable,
        model_id=model.model_id,
        parameters=services.request_parameters(model),
        usd_per_million_input=model.usd_per_million_input,
        usd_per_million_output=model.usd_per_million_output,
    )
