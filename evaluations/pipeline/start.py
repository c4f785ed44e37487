"""Starting a run: everything that it will do is frozen in one transaction, and this worker holds it."""

import hashlib
import random
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from evaluations.errors import BadInputError, HeldElsewhereError, NotConfiguredError, RunRefusedError
from evaluations.models import Evaluation, Job, ModelConfig, Prompt, QueryAnswer, Report, Run, Slot

from . import materials, notices
from .lease import Hold, lease_end, lease_is_free, pause_abandoned
from .roster import Candidate, check_models, choose_models, entry_of, require_one


@dataclass(frozen=True)
class Order:
    """What a person or a schedule asks for. `replay` is a run whose locked context is to be read again."""

    kind: Run.Kind = Run.Kind.MANUAL
    slot: Slot | None = None
    models: Sequence[str] = ()
    samples: int = 1
    max_usd: Decimal | None = None
    prompt_version: int | None = None
    replay: Run | None = None
    source: str = ""  # another one than the evaluation's, such as files:PATH
    job: Job | None = None  # that asks for the run, and is claimed with it


MANUAL = Order()
MOST_SAMPLES = 100
ABANDONED = "Its worker stopped before the end."


def start(evaluation: Evaluation, order: Order = MANUAL) -> Hold:
    """Start a run of `evaluation`.

    Raises NotConfiguredError where something is missing, HeldElsewhereError where a run of the same
    evaluation is live or the slot has its run already, RunRefusedError where the material is gone.
    """
    if not 1 <= order.samples <= MOST_SAMPLES:
        raise BadInputError(f"A run has 1 to {MOST_SAMPLES} reports of every model, not {order.samples}.")
    prompt = find_prompt(evaluation, order.prompt_version)
    if order.replay:
        require_material(order.replay)
    elif not evaluation.queries.exists():
        raise NotConfiguredError(f"{evaluation} has no query; add one in admin.")
    roster = choose_models(evaluation, order.models)
    options = None if order.replay else materials.search_options(evaluation, order.source)
    require_keys(roster, options)
    set_aside_abandoned(evaluation)
    refuse_live(evaluation, order.slot)
    candidates = check_models(evaluation, roster)
    require_one(candidates)
    try:
        with transaction.atomic():
            return Hold(freeze(evaluation, order, prompt, candidates, options))
    except IntegrityError as error:
        raise HeldElsewhereError(why_refused(evaluation, order.slot)) from error


def find_prompt(evaluation: Evaluation, version: int | None) -> Prompt:
    """The prompt of that version, else the current one."""
    prompt = evaluation.prompt if version is None else evaluation.prompts.filter(version=version).first()
    if prompt is None:
        versions = ", ".join(map(str, evaluation.prompts.order_by("version").values_list("version", flat=True)))
        asked = "a prompt" if version is None else f"prompt version {version}"
        raise NotConfiguredError(f"{evaluation} has not {asked}; it has: {versions or 'none'}.")
    return prompt


def require_material(run: Run) -> None:
    """Refuse a replay of what is not there. Raises RunRefusedError."""
    if run.context is None:
        raise RunRefusedError(f"{run} was never locked: there is nothing to replay.")
    if run.context.purged_at:
        raise RunRefusedError(f"{run} cannot be replayed: sources purged on {run.context.purged_at:%Y-%m-%d}.")


def require_keys(roster: Sequence[ModelConfig], options: Mapping[str, Any] | None) -> None:
    """Refuse to start without the keys. Raises NotConfiguredError."""
    if missing := materials.missing_keys(roster, options):
        raise NotConfiguredError(
            f"Not set: {', '.join(missing)}. Put it into the environment or .env, or try "
            "`manage.py run_evaluation --sandbox`, which needs no key."
        )
    if problems := materials.key_problems(roster, options):
        raise NotConfiguredError(" ".join(problems))


def set_aside_abandoned(evaluation: Evaluation) -> None:
    """Pause runs whose worker is gone, and tell people: they can be resumed, and do not block a new one."""
    for run in Run.objects.live().filter(lease_is_free(), evaluation=evaluation):
        if pause_abandoned(run, ABANDONED):
            notices.tell(run, "paused", ABANDONED)


def refuse_live(evaluation: Evaluation, slot: Slot | None) -> None:
    """Refuse early what the database would refuse later. Raises HeldElsewhereError."""
    live = Run.objects.live().filter(evaluation=evaluation)
    if live.exists() or (slot and Run.objects.filter(slot=slot).exists()):
        raise HeldElsewhereError(why_refused(evaluation, slot))


def why_refused(evaluation: Evaluation, slot: Slot | None) -> str:
    """Why another run is refused."""
    if slot and (run := Run.objects.filter(slot=slot).first()):
        return f"The slot {slot} has its run: {run}, {run.get_state_display().lower()}."
    run = Run.objects.live().filter(evaluation=evaluation).first()
    return f"{run or 'A run'} is live; a second one was not started. Wait for it, or cancel it in admin."


def freeze(
    evaluation: Evaluation,
    order: Order,
    prompt: Prompt,
    candidates: Sequence[Candidate],
    options: Mapping[str, Any] | None,
) -> Run:
    """The run with its queries, prompt, entries and empty reports; later edits do not touch them."""
    origin = order.replay
    if order.kind != Run.Kind.TRIAL:
        # Overtaken, a paused run goes on only when a person wants it to.
        Run.objects.filter(evaluation=evaluation, state=Run.State.PAUSED).update(paused_until=None)
    run = Run.objects.create(
        evaluation=evaluation,
        kind=kind_of(order),
        slot=order.slot,
        prompt=prompt,
        system_message=prompt.text,
        prompt_sha256=hashlib.sha256(prompt.text.encode()).hexdigest(),
        search_options=origin.search_options if origin else options,
        context=origin.context if origin else None,
        locked_at=origin.locked_at if origin else None,
        replay_of=origin,
        samples=order.samples,
        call_deadline_seconds=evaluation.call_deadline_seconds,
        max_usd_per_call=evaluation.max_usd_per_call,
        max_usd_per_run=run_ceiling(evaluation, order),
        max_usd_per_day=evaluation.max_usd_per_day,
        network_salt=secrets.token_bytes(16),
        lease_token=1,
        lease_expires_at=lease_end(),
    )
    run.refresh_from_db(fields=["lease_expires_at"])
    if order.job and not order.job.claim(run):
        raise HeldElsewhereError(f"Another worker has taken the job: {order.job}.")
    if not origin:
        QueryAnswer.objects.bulk_create(
            QueryAnswer(run=run, position=position, query=query.text)
            for position, query in enumerate(evaluation.queries.all(), 1)
        )
    enter(run, candidates)
    return run


def kind_of(order: Order) -> Run.Kind:
    """What reads locked material again is a replay, unless it is a trial."""
    return Run.Kind.REPLAY if order.replay and order.kind != Run.Kind.TRIAL else order.kind


def run_ceiling(evaluation: Evaluation, order: Order) -> Decimal:
    """The run's ceiling: the evaluation's, or a lower one that was asked for."""
    most: Decimal = evaluation.max_usd_per_run
    if order.max_usd is not None and order.max_usd <= 0:
        raise BadInputError(f"The most that a run may cost must be over 0, not {order.max_usd} USD.")
    return most if order.max_usd is None else min(most, order.max_usd)


def enter(run: Run, candidates: Sequence[Candidate]) -> None:
    """The entries of the run and their empty reports; what the preflight found is written on them."""
    places = list(range(1, len(candidates) + 1))
    random.SystemRandom().shuffle(places)
    entries = run.entries.bulk_create(
        entry_of(run, found, position, place)
        for position, (found, place) in enumerate(zip(candidates, places, strict=True), 1)
    )
    Report.objects.bulk_create(
        Report(
            entry=entry,
            sample=sample,
            state=Report.State.FAILED if found.verdict.error else Report.State.WAITING,
            error=found.verdict.error,
            error_detail=found.verdict.detail,
        )
        for entry, found in zip(entries, candidates, strict=True)
        for sample in range(1, run.samples + 1)
    )
