"""Telling people what needs them: a run failed, paused, waits for review or met a ceiling.

Sent to NOTIFY_WEBHOOK as JSON and to NOTIFY_EMAIL as mail. A notice that does not arrive is logged and changes
nothing else; it is not sent again.
"""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from urllib.parse import urlsplit

import httpx
from asgiref.sync import async_to_sync
from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from evaluations.errors import RunFailedError, RunHandedOverError, RunPausedError
from evaluations.models import Report, Run, Slot
from evaluations.models.workload import ALONE
from evaluations.wire.failures import Code
from evaluations.wire.secrets import redact

SECONDS = 10.0  # for one webhook, everything included

logger = logging.getLogger(__name__)

HAPPENED = {
    "failed": ("failed", "Read why, mend it, and resume it"),
    "paused": ("is paused", "Read why, and resume it"),
    "awaiting_review": ("waits for review", "Read the reports and publish it"),
    "ceiling": ("met a ceiling, so that some models were not asked", "Raise the ceiling, or take models out"),
    "stuck": ("was handed over and came no further", "Give its worker more time, or its calls a shorter deadline"),
    "left_alone": ("waits, and no worker comes for it", "See whether a worker is there and reads the queue (/healthz)"),
    "not_started": ("could not start", "Mend that; the next tick tries again"),
}


@dataclass(frozen=True)
class Notice:
    """One event, in words that make sense in a list of mails. `url` leads to the admin."""

    event: str
    subject: str
    text: str
    url: str
    evaluation: str
    run: int | None = None


@contextmanager
def outcome_of(run: Run) -> Iterator[None]:
    """Tell people how the work on a run ended, once it has ended; each event once."""
    if not has_recipient():
        yield
        return
    before = ceiling_refusals(run)
    try:
        yield
    except RunHandedOverError as error:
        if run.idle_hand_overs == 1:
            tell(run, "stuck", str(error))
        tell_of_ceilings(run, before)
        raise
    except (RunFailedError, RunPausedError) as error:
        tell(run, "paused" if isinstance(error, RunPausedError) else "failed", str(error))
        tell_of_ceilings(run, before)
        raise
    if run.state == Run.State.AWAITING_REVIEW:
        tell(run, "awaiting_review")
    tell_of_ceilings(run, before)


def has_recipient() -> bool:
    """Whether there is anybody to tell."""
    return bool(settings.NOTIFY_WEBHOOK or settings.NOTIFY_EMAIL)


def ceiling_refusals(run: Run) -> list[str]:
    """The reports that no money was left for, and why."""
    codes = (Code.CEILING_OF_CALL, Code.CEILING_OF_RUN_OR_DAY)
    refused = Report.objects.filter(entry__run=run, error__in=codes).order_by("pk")
    return [f"{slug}: {detail}" for slug, detail in refused.values_list("entry__slug", "error_detail")]


def tell_of_ceilings(run: Run, before: list[str]) -> None:
    """Send one notice for all reports that no money was left for since then."""
    if new := [refusal for refusal in ceiling_refusals(run) if refusal not in before]:
        tell(run, "ceiling", "\n".join(new))


def tell(run: Run, event: str, why: str = "") -> None:
    """Send one notice about a run."""
    if has_recipient():
        url = settings.SITE_URL + reverse("admin:evaluations_run_change", args=[run.pk])
        send(compose(event, f"Run {run.pk} of {run.evaluation}", why, url, str(run.evaluation), run.pk))


def tell_of_slot(slot: Slot, why: str) -> None:
    """Send one notice about a run that was due and could not start."""
    if has_recipient():
        evaluation = slot.evaluation
        url = settings.SITE_URL + reverse("admin:evaluations_evaluation_change", args=[evaluation.pk])
        due = f"The run of {evaluation} that was due at {slot.due_at:%Y-%m-%d %H:%M} UTC"
        send(compose("not_started", due, why, url, str(evaluation)))


def lonely_runs(now: datetime) -> list[Run]:
    """Runs that go on by themselves and that no worker has come for; those that people were told of left out."""
    since = now - ALONE
    left = Q(lease_expires_at__lt=since) | Q(lease_expires_at=None, created_at__lt=since)
    return list(Run.objects.live().filter(left, idle_hand_overs=0).select_related("evaluation"))


def tell_of_lonely_run(run: Run) -> int | None:
    """Tell people of it, once; its number, or None where a worker has come meanwhile."""
    same = Run.objects.filter(pk=run.pk, lease_token=run.lease_token, idle_hand_overs=0)
    if not same.update(idle_hand_overs=1):
        return None
    tell(run, "left_alone", f"Ticks have asked for a worker for {ALONE.seconds // 3600} hours.")
    return int(run.pk)


def compose(event: str, who: str, why: str, url: str, evaluation: str, run: int | None = None) -> Notice:
    """The notice in words, on one line and in full, without any key."""
    happened, to_do = HAPPENED[event]
    subject = " ".join(f"{who} {happened}. {to_do}: {url}".split())
    text = f"{who} {happened}.\n\n{why}\n\n{to_do}: {url}\n" if why else f"{who} {happened}.\n\n{to_do}: {url}\n"
    return Notice(event, redact(subject), redact(text), url, evaluation, run)


def send(notice: Notice) -> None:
    """Post and mail it; what does not arrive is logged without the webhook's address, which is a secret."""
    if settings.NOTIFY_WEBHOOK:
        host = urlsplit(settings.NOTIFY_WEBHOOK).hostname
        try:
            async_to_sync(post)(notice)
        except Exception as error:  # noqa: BLE001 - whatever it is, the run ends as it would, and mail is tried
            problem = f" {error.response.status_code}" if isinstance(error, httpx.HTTPStatusError) else ""
            logger.warning(
                "The notice “%s” did not reach the webhook at %s: %s%s.",
                notice.subject,
                host,
                type(error).__name__,
                problem,
            )
    if settings.NOTIFY_EMAIL:
        try:
            mail(notice)
        except Exception as error:  # noqa: BLE001 - likewise
            logger.warning("The notice “%s” was not mailed: %s.", notice.subject, type(error).__name__)


async def post(notice: Notice) -> None:
    """Post the notice as JSON; all but an answer of 2xx in time is an error. What the answer says is not read."""
    async with (
        asyncio.timeout(SECONDS),
        httpx.AsyncClient(timeout=SECONDS) as client,
        client.stream("POST", settings.NOTIFY_WEBHOOK, json=asdict(notice)) as answer,
    ):
        answer.raise_for_status()
        if answer.is_redirect:
            raise httpx.HTTPStatusError("A redirect is not followed.", request=answer.request, response=answer)


def mail(notice: Notice) -> None:
    """Mail the notice."""
    from django.core.mail import send_mail

    send_mail(notice.subject, notice.text, settings.DEFAULT_FROM_EMAIL, [settings.NOTIFY_EMAIL])
