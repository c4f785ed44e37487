"""Whether the site can serve: what `/healthz` answers to balancers, and to whoever watches the site."""

import queue
import threading
from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils import timezone

from evaluations.models import Run
from evaluations.models.workload import ALONE, workload
from evaluations.presentation.cache import outlives_this_process
from evaluations.presentation.circuit import CIRCUIT

DEADLINE_SECONDS = 2.0

Answer = dict[str, Any]


def healthz(request: HttpRequest) -> HttpResponse:
    """Whether this process can serve: the database answers and has the tables that this code expects.

    Without a cache it serves, too; what runs do is told, and decides nothing.
    """
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    found = within(DEADLINE_SECONDS, database) or {"database": "does not answer"}
    good = found["database"] == "ok"
    answer = {"status": "ok"} if good else {"status": "unavailable", "reason": f"the database {found['database']}"}
    response = JsonResponse(answer | found | {"cache": cache_state()}, status=200 if good else 503)
    response["Cache-Control"] = "no-store"
    return response


def within(seconds: float, ask: Callable[[], Answer]) -> Answer | None:
    """The answer; None where it takes longer, whatever it hangs on."""
    answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
    threading.Thread(target=lambda: answers.put(ask()), daemon=True).start()
    try:
        return answers.get(timeout=seconds)
    except queue.Empty:
        return None


def database() -> Answer:
    """What the database says, over a connection of this thread's own."""
    try:
        executor = MigrationExecutor(connection)
        waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        return {"database": f"lacks {waiting} migrations"} if waiting else {"database": "ok", **runs(), **work()}
    except DatabaseError:
        return {"database": "does not answer"}
    finally:
        connection.close()


def runs() -> Answer:
    """The last run that was begun, and how many lie about: their worker is gone, and no tick went on with them."""
    last = Run.objects.order_by("-pk").values("pk", "state", "created_at").first()
    stuck = Run.objects.live().filter(lease_expires_at__lt=timezone.now() - ALONE)
    return {
        "last_run": last and {"run": last["pk"], "state": last["state"], "created_at": last["created_at"]},
        "stuck_runs": stuck.count(),
    }


def work() -> Answer:
    """How many workers are alive, which runs are under way, how many things wait for a worker, and how long already."""
    load = workload()
    return {
        "workers": len(load.workers),
        "under_way": [
            {"run": run.pk, "state": run.state, "workers": load.at_run.get(run.pk, 1)} for run in load.under_way
        ],
        "waiting": len(load.waiting),
        "waiting_seconds": round((timezone.now() - load.oldest).total_seconds()) if load.oldest else 0,
    }


def cache_state() -> str:
    """What the cache says."""
    if not outlives_this_process():
        return "none"
    return "ok" if CIRCUIT.ask("asking how it is", lambda: (cache.get("healthz"),)) else "does not answer"
