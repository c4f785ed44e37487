"""When an evaluation is due: slots at `start + k × every_hours`, UTC. The arithmetic is pure."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from evaluations.models import Evaluation, Run, Slot
from evaluations.models.roster import YEAR_HOURS

MOST_SKIPPED = 1_000


def step_of(every_hours: int) -> timedelta:
    """The time from slot to slot: at least an hour, at most a year, whatever is stored."""
    return timedelta(hours=max(1, min(every_hours, YEAR_HOURS)))


def latest_slot(start: datetime, every_hours: int, now: datetime) -> datetime | None:
    """The last slot that is due at `now`; None before the first."""
    if now < start:
        return None
    step = step_of(every_hours)
    return start + (now - start) // step * step


def slots_between(start: datetime, every_hours: int, after: datetime, before: datetime) -> list[datetime]:
    """Slots later than `after` and earlier than `before`, at most 1,000, the latest ones."""
    step = step_of(every_hours)
    slots: list[datetime] = []
    moment = before - step
    while moment > after and moment >= start and len(slots) < MOST_SKIPPED:
        slots.append(moment)
        moment -= step
    return slots[::-1]


def due_slot(evaluation: Evaluation) -> Slot | None:
    """The slot that is due now and has no run yet; older ones that were missed are recorded as skipped."""
    if not (evaluation.scheduled and evaluation.schedule_start):
        return None
    start, every = evaluation.schedule_start, evaluation.every_hours
    due = latest_slot(start, every, timezone.now())
    if due is None:
        return None
    with transaction.atomic():
        slot, new = Slot.objects.get_or_create(evaluation=evaluation, due_at=due)
        before = evaluation.slots.filter(due_at__lt=due).order_by("-due_at").first()
        if new and before:
            missed = slots_between(start, every, before.due_at, due)
            Slot.objects.bulk_create(
                (Slot(evaluation=evaluation, due_at=at, skipped_because="nothing ran at the time") for at in missed),
                ignore_conflicts=True,
            )
    return None if Run.objects.filter(slot=slot).exists() else slot
