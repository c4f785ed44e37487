"""Closing the books: what a worker left open, and what a provider says, for a day, that a generation cost.

Nothing is ever sent again from here. What is found settles the books; an answer that never arrived stays lost.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import httpx
from asgiref.sync import async_to_sync
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from evaluations.models import Attempt, Report, Run
from evaluations.presentation import cache
from evaluations.providers.batch import Endpoint, Messages
from evaluations.providers.registry import PROVIDERS
from evaluations.wire import connections, documents
from evaluations.wire.failures import Code, Failure

from . import endpoints
from .budgets import settle
from .lease import Hold, lease_is_free
from .ledger import Ledger
from .score import rescore_cost
from .shares.hold import ShareHold
from .worker import no_watch

LOOKED_FOR = timedelta(hours=24)
SECONDS = 10.0
MAX_BODY = 1_000_000

logger = logging.getLogger(__name__)


def runs_left_open() -> list[Run]:
    """Runs that no worker will take up by itself and whose worker has left requests without an outcome."""
    left = Attempt.objects.filter(
        Q(state=Attempt.State.SENT) | Q(state=Attempt.State.PAID, report__state__in=Report.UNSETTLED)
    )
    waiting = Run.objects.filter(lease_is_free(), imported_at=None).exclude(state__in=Run.LIVE)
    return list(waiting.filter(pk__in=left.values("report__entry__run")))


def close_books(run: Run) -> None:
    """Read what was paid and mark what is unknown, whatever became of the run. Raises HeldElsewhereError."""
    with Hold.on(run, even_cancelled=True) as hold:
        Ledger(hold, Messages("", ""), no_watch).recover()
        close_books_of_shares(run)


def close_books_of_shares(run: Run) -> None:
    """The same for each share of a run that no living worker has; it ends, and its reports are the run's again."""
    while share := ShareHold.take_one(run, at_rest=True):
        Ledger(share, Messages("", ""), no_watch).recover()
        share.end()


def known_costs(attempts: Sequence[Attempt]) -> list[tuple[Attempt, Decimal | BaseException]]:
    """Those of the attempts whose provider says what they cost, with it; or with why one could not be looked up."""
    costs = async_to_sync(look_up)([(generation_endpoint(attempt), attempt.generation_id) for attempt in attempts])
    return [(attempt, cost) for attempt, cost in zip(attempts, costs, strict=True) if cost is not None]


def unsettled_attempts() -> list[Attempt]:
    """Attempts of the last day whose cost nobody knows, with an id to ask for; live runs mend themselves."""
    unknown = Q(state=Attempt.State.UNKNOWN)
    unreadable = Q(state=Attempt.State.PAID, cost_usd=None) & ~Q(report__state__in=Report.UNSETTLED)
    return list(
        Attempt.objects.filter(unknown | unreadable, written_at__gt=timezone.now() - LOOKED_FOR)
        .exclude(generation_id="")
        .filter(report__entry__provider_kind__in=[kind for kind, each in PROVIDERS.items() if each.keeps_generations])
        .exclude(report__entry__run__state__in=Run.LIVE)
        .filter(report__entry__run__imported_at=None)
        .select_related("report__entry__run__evaluation", "report__entry__run__context", "report__entry__run__prompt")
    )


def generation_endpoint(attempt: Attempt) -> Endpoint:
    """Where the attempt's provider is asked."""
    entry = attempt.report.entry
    return endpoints.endpoint_of(entry, endpoints.sandbox_transport(entry.run.evaluation))


async def look_up(questions: Sequence[tuple[Endpoint, str]]) -> list[Decimal | BaseException | None]:
    """The cost of every generation in USD; None where its provider does not know it, or not yet."""
    lookups = (cost_at(endpoint, generation) for endpoint, generation in questions)
    return list(await asyncio.gather(*lookups, return_exceptions=True))


async def cost_at(endpoint: Endpoint, generation_id: str) -> Decimal | None:
    """One `GET /generation`. It may answer 404 for a while after the call."""
    async with httpx.AsyncClient(transport=endpoint.transport, timeout=SECONDS) as client:
        request = client.stream(
            "GET", f"{endpoint.base_url}/generation", params={"id": generation_id}, headers=dict(endpoint.headers)
        )
        found = await connections.ask(request, SECONDS, MAX_BODY)
    if isinstance(found, Failure):
        logger.info("Generation %s could not be looked up: %s", generation_id, found)
        return None
    response, body = found
    if response.status_code != 200:
        return None
    try:
        return endpoint.provider.generation_cost(documents.read(body))
    except documents.UnreadableError:
        return None


def settle_cost(attempt: Attempt, cost: Decimal | BaseException) -> int:
    """Book what the attempt cost, and say of a report without an answer that it was lost; 1, or 0 the second time.

    Raises HeldElsewhereError where a worker is at the run and its scores would change, and `cost` itself where it
    is why nobody could look it up.
    """
    if isinstance(cost, BaseException):
        raise cost
    run, report = attempt.report.entry.run, attempt.report
    with transaction.atomic():
        unknown = Attempt.objects.filter(pk=attempt.pk, state=attempt.state, cost_usd=None)
        if not unknown.update(state=Attempt.State.PAID, cost_usd=cost, settled_at=timezone.now()):
            return 0
        attempt.cost_usd = cost
        settle(run, [attempt])
        mine = Report.objects.filter(pk=report.pk, cost_usd=None)
        mine.filter(state=Report.State.UNKNOWN_OUTCOME).update(
            state=Report.State.FAILED,
            error=Code.ANSWER_LOST,
            error_detail=f"The provider billed {cost:f} USD; its answer never arrived whole.",
        )
        if mine.update(cost_usd=cost) and report.state == Report.State.SUCCEEDED and run.has_material:
            with Hold.on(run) as hold:
                rescore_cost(hold, report)
    cache.refresh(run)
    return 1
