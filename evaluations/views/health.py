"""Whether the site can serve: for balancers, and for whoever watches it."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Whether this process can serve: the database answers and has the tables that this code expects."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        answer, status = {"status": "unavailable", "reason": "the database does not answer"}, 503
    else:
        answer, status = ({"status": "ok"}, 200) if not waiting else ({"status": "unavailable"}, 503)
        if waiting:
            answer["reason"] = f"{len(waiting)} migrations are not applied"
    response = JsonResponse(answer, status=status)
    response["Cache-Control"] = "no-store"
    return response
