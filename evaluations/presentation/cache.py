"""What is in Redis, under which key, for how long.

`report:{run}:{model}` (further samples `:{n}`)   all that pages show of one report, for REPORT_TTL_DAYS
`runs:index`                                      the ids of the published runs, newest first, without expiry
`page:{run}`                                      the side-by-side page of a closed run as bytes, for a minute
`ballots:{network}`                               how many ballots a network asked for, for a minute

The database is the truth. Nothing here fails because Redis is slow, full, read-only, gone, or holds something
that we did not put there: what cannot be read is built again from the database.
"""

import json
import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import cache, caches
from django.core.cache.backends.locmem import LocMemCache
from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac

from evaluations.models import Run, RunEntry

from .cards import FORM, Shown, built
from .markdown import RENDERER_VERSION

INDEX = "runs:index"
DAY = 86_400

# What the serializer lets through: JSONDecodeError and UnicodeDecodeError are ValueErrors, and JSON nested too
# deep is a RecursionError.
UNREADABLE = (ValueError, RecursionError)

logger = logging.getLogger(__name__)


def page_key(run: int) -> str:
    """The key of a ready-made page (`evaluations.views.page_cache`)."""
    return f"page:{run}"


def store_reports(run: Run) -> None:
    """Put every report of a run into the cache, a published run on the index, and take its ready-made page away.

    Called when a run is published, and again whenever a report of it changes: rescored, withheld, settled. A cache
    that ends with this process is only emptied: what a command puts there, nobody reads.
    """
    if not outlives_this_process():
        forget(run)
        return
    fresh = {key_of(shown): sealed(shown) for shown in built(run)}
    if ignoring_failures(f"storing run {run.pk}", lambda: store(fresh) and forget_page(run)):
        store_index()


def reports(run: Run) -> list[Shown]:
    """All that pages show of each report of a run, in roster order, samples in theirs.

    One read from the cache. What is missing there, out of date, or not ours is built from the database and
    stored again. A model that took part without any report has an entry with the state "missing".
    """
    wanted = wanted_reports(run)
    found = ignoring_failures(f"reading run {run.pk}", lambda: read(list(wanted)))
    good = {key: value for key, value in (found or {}).items() if is_current(value, wanted[key]) and is_ours(value)}
    if len(good) == len(wanted):
        return [good[key] for key in wanted]
    fresh = {key_of(shown): sealed(shown) for shown in built(run)}
    if found is not None:  # a cache that could not be read is not asked again
        repaired = {key: shown for key, shown in fresh.items() if key not in good}
        ignoring_failures(f"storing run {run.pk} again", lambda: store(repaired))
    return list(fresh.values())


def forget(run: Run) -> None:
    """Take a run out of the cache, because it is withdrawn or purged."""
    keys = list(wanted_reports(run))
    ignoring_failures(f"forgetting run {run.pk}", lambda: cache.delete_many(keys))
    ignoring_failures(f"forgetting the page of run {run.pk}", lambda: forget_page(run))
    store_index()


def forget_page(run: Run) -> bool:
    """Take the ready-made page of a run away: the next reader gets a new one."""
    cache.delete(page_key(run.pk))
    return True


def count_ballot(network: str) -> int:
    """How many ballots this network has asked for within a minute, this one included; 0 where nobody counts."""
    key = f"ballots:{network}"

    def counted() -> int:
        cache.add(key, 0, timeout=60)
        return int(cache.incr(key))

    try:
        return ignoring_failures("counting a ballot", counted) or 0
    except ValueError:  # it expired between the two
        return 1


def outlives_this_process() -> bool:
    """Whether what is stored is there for others, and later."""
    return not isinstance(caches["default"], LocMemCache)


# Keys and values


def report_key(run: int, model: str, sample: int = 1) -> str:
    """The key of one report."""
    return f"report:{run}:{model}" if sample == 1 else f"report:{run}:{model}:{sample}"


def key_of(shown: Shown) -> str:
    """The key under which this value belongs."""
    return report_key(shown["run"], shown["model"], shown["sample"])


def wanted_reports(run: Run) -> dict[str, Shown]:
    """Every key of a run in roster order, each with what its value has to say to be up to date."""
    purged = bool(run.context and run.context.purged_at)
    rows = (
        RunEntry.objects.filter(run=run)
        .annotate(sample=F("reports__sample"), state=F("reports__state"), withheld_at=F("reports__withheld_at"))
        .order_by("position", "pk", "sample")
        .values_list("slug", "sample", "state", "withheld_at")
    )
    return {
        report_key(run.pk, slug, sample or 1): {
            "form": FORM,
            "renderer": RENDERER_VERSION,
            "run": run.pk,
            "model": slug,
            "sample": sample or 1,
            "state": state or "missing",
            "withheld": withheld_at is not None,
            "purged": purged,
        }
        for slug, sample, state, withheld_at in rows
    }


# The seal: only this site's own values become part of a page


def seal_of(shown: Shown) -> str:
    """A signature of the value under the site's key."""
    content = json.dumps({key: value for key, value in shown.items() if key != "seal"}, sort_keys=True)
    return salted_hmac("evaluations.cache", content, algorithm="sha256").hexdigest()


def sealed(shown: Shown) -> Shown:
    """The value with its signature."""
    return shown | {"seal": seal_of(shown)}


def is_ours(value: Shown) -> bool:
    """Whether this value was put there by this site, unchanged since."""
    return constant_time_compare(str(value.get("seal", "")), seal_of(value))


def is_current(value: Any, wanted: Shown) -> bool:
    """Whether this is a report at all, of the right form, and says what the database says."""
    return isinstance(value, dict) and wanted.items() <= value.items()


# How anything is read and written


def read(keys: list[str]) -> Shown:
    """What the cache has under these keys; nothing where one value is not even JSON."""
    try:
        return dict(cache.get_many(keys))
    except UNREADABLE as error:
        logger.warning("Cache: something unreadable under one of %s (%s).", keys, error)
        return {}


def store(values: dict[str, Shown]) -> bool:
    """Write reports, each for as long as REPORT_TTL_DAYS says."""
    if values:
        cache.set_many(values, timeout=(settings.REPORT_TTL_DAYS or 0) * DAY)
    return True


def store_index() -> None:
    """Write the index of published runs."""
    ids = list(Run.objects.published().values_list("pk", flat=True))
    ignoring_failures("storing the index of runs", lambda: cache.set(INDEX, ids, timeout=None))


def server_errors() -> tuple[type[Exception], ...]:
    """What django-redis lets through: errors of the server, the connection, the socket.

    Asked for when something failed: redis takes a tenth of a command's start to import, and most never need it.
    """
    from redis.exceptions import RedisError

    return (RedisError, OSError)


def ignoring_failures[T](doing: str, ask: Callable[[], T]) -> T | None:
    """What the cache answers; None, and one line in the log, where it does not."""
    try:
        return ask()
    except server_errors() as error:
        logger.warning("Cache: %s failed (%s: %s).", doing, type(error).__name__, error)
        return None
