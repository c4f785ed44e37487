"""What a million stored votes cost: closing a run and computing its evaluation's standings, the page, a ballot.

`make bench-closing` runs it on a PostgreSQL of its own: 12 models, 60 closed runs, one of them just over. Times are
of this process and its database together.
"""

import json
import os
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests import servers

RUNS, MODELS, VOTES = 60, 12, 1_000_000

# Each voter's four reports in an order of their own; the earlier models of the roster are liked more.
INSERT = """
INSERT INTO votes_vote
    (run_id, verdict, choice_id, line_up, voter, network, seat, site, quarantined, issued_at, cast_at)
SELECT %(run)s, 'choice', picked.reports[1 + (floor(4 * random() * random()))::int],
       to_jsonb(shuffled.reports), 'v' || n, 'n' || n, 1, '', n %% 50 = 0, now(), now()
FROM generate_series(1, %(votes)s) AS n
CROSS JOIN LATERAL (
    SELECT array_agg(id ORDER BY id) AS reports
    FROM (SELECT id FROM unnest(%(reports)s::bigint[]) AS id ORDER BY random() + n * 0 LIMIT 4) AS drawn
) AS picked
CROSS JOIN LATERAL (SELECT array_agg(id ORDER BY random()) AS reports FROM unnest(picked.reports) AS id) AS shuffled
"""


def main() -> None:
    """Print the figures."""
    with servers.postgresql() as url:
        os.environ |= {
            "DATABASE_URL": url,
            "SECRET_KEY": "test-only",
            "DJANGO_SETTINGS_MODULE": "futbolreport.settings",
        }
        import django

        django.setup()
        from django.test.utils import setup_databases, setup_test_environment, teardown_databases

        setup_test_environment()
        databases = setup_databases(verbosity=0, interactive=False)
        try:
            measure()
        finally:
            teardown_databases(databases, verbosity=0)


def measure() -> None:
    """Fill the database, and take the times."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from evaluations.models import Report, Run
    from tests.factories import make_evaluation, make_run
    from votes.closing import close, due_closings
    from votes.computation import compute

    evaluation = make_evaluation()
    names = [f"m{number}" for number in range(MODELS)]
    still_open = make_run(evaluation, models=names, open_for_voting=True)
    empty = make_run(evaluation, models=names, open_for_voting=True)
    closed = [make_run(evaluation, models=names) for _ in range(RUNS - 1)]
    with connection.cursor() as cursor:
        for run in (*closed, still_open):
            reports = list(Report.objects.filter(entry__run=run).values_list("pk", flat=True))
            cursor.execute(INSERT, {"run": run.pk, "votes": VOTES // RUNS, "reports": reports})
        cursor.execute("VACUUM ANALYZE votes_vote")
    for run in due_closings():
        close(run)

    def ballot(run: Run) -> Callable[[], Any]:
        return lambda: Client().get(f"/runs/{run.pk}/ballot/", REMOTE_ADDR="203.0.113.9")

    none, many = median(ballot(empty)), median(ballot(still_open))
    print(f"a ballot: {1000 * none:.1f} ms without votes, {1000 * many:.1f} ms with {VOTES // RUNS}")
    print(f"that is {many / none:.2f} times as long")
    Run.objects.filter(pk=still_open.pk).update(voting_closes_at=timezone.now() - timedelta(seconds=1))
    print(f"closing a run: {seconds(lambda: close(still_open)):.1f} s")
    print(f"computing {VOTES} votes in {RUNS} runs: {seconds(lambda: compute(evaluation)):.1f} s")
    with CaptureQueriesContext(connection) as asked:
        page = Client().get("/standings/")
    print(json.dumps({"queries of /standings/": len(asked), "status": page.status_code, "bytes": len(page.content)}))


def seconds(act: Callable[[], Any]) -> float:
    """How long it takes once."""
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def median(act: Callable[[], Any]) -> float:
    """How long it takes usually; the first time is not counted."""
    act()
    return sorted(seconds(act) for _ in range(21))[10]


if __name__ == "__main__":
    main()
