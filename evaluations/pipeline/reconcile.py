"""Closing the books: what a worker left open, and what a provider says, for a day, that a generation cost.

Nothing is ever sent again from here. What is found settles the books; an answer that never arrived stays lost.
"""

import asyncio
import json
import logging
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal, InvalidOperation

import httpx
from asgiref.sync import async_to_sync
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from evaluations.errors import FutbolReportError, HeldElsewhereError
from evaluations.models import Attempt, Provider, Report, Run
from evaluations.presentation import cache
from evaluations.providers.batch import Endpoint, Messages
from evaluations.wire.bodies import BodyTooLargeError, read_capped

from . import services
from .lease import Hold, unheld
from .ledger import Ledger, settle
from .progress import nobody
from .score import holding, price_again

LOOKED_FOR = timedelta(hours=24)
SECONDS = 10.0
MAX_BODY = 1_000_000

logger = logging.getLogger(__name__)


def reconcile() -> int:
    """Close what was left open and settle every attempt whose provider says what it cost; how many there were."""
    for run in runs_left_open():
        try:
            close_books(run)
        except FutbolReportError as error:
            logger.info("%s", error)
    return settle_known(unsettled_attempts())


def runs_left_open() -> list[Run]:
    """Runs that no worker will take up by itself and whose worker has left requests without an outcome."""
    left = Attempt.objects.filter(
        Q(state=Attempt.State.SENT) | Q(state=Attempt.State.PAID, report__state__in=Report.UNSETTLED)
    )
    waiting = Run.objects.filter(unheld(), imported_at=None).exclude(state__in=Run.LIVE)
    return list(waiting.filter(pk__in=left.values("report__entry__run")))


def close_books(run: Run) -> None:
    """Read what was paid and mark what is unknown, whatever became of the run. Raises HeldElsewhereError."""
    hold = Hold.take(run, even_cancelled=True)
    try:
        Ledger(hold, Messages("", ""), nobody).recover()
    finally:
        hold.release()


def settle_known(open_attempts: Sequence[Attempt]) -> int:
    """Settle those of the attempts whose provider says what they cost; how many there were."""
    costs = async_to_sync(look_up)([(generation_endpoint(attempt), attempt.generation_id) for attempt in open_attempts])
    settled = 0
    for attempt, cost in zip(open_attempts, costs, strict=True):
        if cost is not None:
            try:
                close(attempt, cost)
            except HeldElsewhereError as error:
                logger.info("%s", error)
            else:
                settled += 1
    return settled


def unsettled_attempts() -> list[Attempt]:
    """Attempts of the last day whose cost nobody knows, with an id to ask for; live runs mend themselves."""
    unknown = Q(state=Attempt.State.UNKNOWN)
    unreadable = Q(state=Attempt.State.PAID, cost_usd=None) & ~Q(report__state__in=Report.UNSETTLED)
    return list(
        Attempt.objects.filter(unknown | unreadable, written_at__gt=timezone.now() - LOOKED_FOR)
        .exclude(generation_id="")
        .exclude(report__entry__provider_kind=Provider.Kind.OPENAI)
        .exclude(report__entry__run__state__in=Run.LIVE)
        .filter(report__entry__run__imported_at=None)
        .select_related("report__entry__run__evaluation", "report__entry__run__context", "report__entry__run__prompt")
    )


def generation_endpoint(attempt: Attempt) -> Endpoint:
    """Where the attempt's provider is asked."""
    entry = attempt.report.entry
    return services.endpoint_of(entry, services.sandbox_transport(entry.run.evaluation))


async def look_up(questions: Sequence[tuple[Endpoint, str]]) -> list[Decimal | None]:
    """The cost of every generation in USD; None where its provider does not know it, or not yet."""
    return list(await asyncio.gather(*(cost_at(endpoint, generation) for endpoint, generation in questions)))


async def cost_at(endpoint: Endpoint, generation_id: str) -> Decimal | None:
    """One `GET /generation`. It may answer 404 for a while after the call."""
    async with httpx.AsyncClient(transport=endpoint.transport, timeout=SECONDS) as client:
        request = client.stream(
            "GET", f"{endpoint.base_url}/generation", params={"id": generation_id}, headers=dict(endpoint.headers)
        )
        try:
            async with asyncio.timeout(SECONDS), request as response:
                body = await read_capped(response, MAX_BODY)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, BodyTooLargeError, OSError) as error:
            logger.info("Generation %s could not be looked up: %s", generation_id, error)
            return None
    return cost_in(body) if response.status_code == 200 else None


def cost_in(body: bytes) -> Decimal | None:
    """`data.total_cost` of a body; None where it is missing or makes no sense."""
    try:
        cost = Decimal(str(json.loads(body, parse_float=Decimal)["data"]["total_cost"]))
    except (ValueError, KeyError, TypeError, RecursionError, InvalidOperation):
        return None
    return cost if cost.is_finite() and cost >= 0 else None


def close(attempt: Attempt, cost: Decimal) -> None:
    """Book what the attempt cost, and say of a report without an answer that it was lost. Twice changes nothing.

    Raises HeldElsewhereError where a worker is at the run and its scores would change.
    """
    run, report = attempt.report.entry.run, attempt.report
    with transaction.atomic():
        unknown = Attempt.objects.filter(pk=attempt.pk, state=attempt.state, cost_usd=None)
        if not unknown.update(state=Attempt.State.PAID, cost_usd=cost, settled_at=timezone.now()):
            return
        settle(run, attempt.day, attempt.reserved_usd, cost)
        mine = Report.objects.filter(pk=report.pk, cost_usd=None)
        mine.filter(state=Report.State.UNKNOWN_OUTCOME).update(
            state=Report.State.FAILED,
            error="answer_lost",
            error_detail=f"The provider billed {cost:f} USD; its answer never arrived whole.",
        )
        material = run.context is not None and run.context.purged_at is None
        if mine.update(cost_usd=cost) and report.state == Report.State.SUCCEEDED and material:
            holding(run, lambda hold: price_again(hold, report))
    if run.state == Run.State.PUBLISHED:
        cache.store_reports(run)
