"""What is in Redis, under which key, for how long.

`report:{run}:{model}` (further samples `:{n}`)   all that pages show of one report, for REPORT_TTL_DAYS
`reports:{run}:built`                             who builds what is missing of them now, for ten seconds
`runs:index`                                      the ids of the published runs, newest first, without expiry
`tally:{run}`                                     how many voters answered what, as last counted, without expiry
`page:{run}`                                      the side-by-side page of a closed run as bytes, for a minute
`page:{run}:made`                                 who makes that page now, for ten seconds
`ballots:{network}`                               how many ballots a network asked for, for a minute
`ballots:{run}:{network}`                         the number by which its ballots of a run are drawn, for 30 days
`ballots:{run}:next`                              the number drawn last, for 30 days

The database is the truth. Nothing here fails because Redis is slow, full, read-only, gone, or holds something
that we did not put there: what cannot be read is built again from the database.
"""

import json
import logging
import time
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.cache import cache, caches
from django.core.cache.backends.locmem import LocMemCache
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from evaluations.models import Run, RunEntry

from .cards import Card
from .circuit import CIRCUIT
from .links import site_prefixes
from .seals import seal_of
from .versions import FORM, RENDERER_VERSION

INDEX = "runs:index"
SALT = "evaluations.cache"
DAY = 86_400
KEEP_NUMBERS = 30 * DAY  # longer than any vote is open
LONGEST_BUILD = 10  # seconds after which somebody else builds what is missing
LONGEST_WAIT = 2.0
LOOK_AGAIN_SECONDS = 0.03

# What the serializer lets through: JSONDecodeError and UnicodeDecodeError are ValueErrors, and JSON nested too
# deep is a RecursionError.
UNREADABLE = (ValueError, RecursionError)

Value = dict[str, Any]  # a card as JSON

logger = logging.getLogger(__name__)


def page_key(run: int, prefix: str = "") -> str:
    """The key of a ready-made page (`evaluations.views.page_cache`): its links begin with the prefix."""
    return f"page:{run}:{prefix}" if prefix else f"page:{run}"


def lock_key(run: int) -> str:
    """The key by which one reader at a time makes that page."""
    return f"page:{run}:made"


def refresh(run: Run) -> None:
    """Make the cache say of a run what the database says: its reports where they may be read, else nothing.

    Called whenever a run or a report of it changes. Its ready-made page is taken away in any case. A cache that ends
    with this process is only emptied: what a command puts there, nobody reads.
    """
    readable = Run.objects.released().filter(pk=run.pk, context__purged_at=None).exists()
    if readable and outlives_this_process():
        cards = {key_of(card): seal(card) for card in build_cards(run)}
        if not CIRCUIT.ask(f"storing run {run.pk}", lambda: store(cards) and forget_page(run)):
            return
    else:
        keys = list(wanted_reports(run))
        CIRCUIT.ask(f"forgetting run {run.pk}", lambda: cache.delete_many(keys))
        CIRCUIT.ask(f"forgetting the page of run {run.pk}", lambda: forget_page(run))
    store_index()


def reports(run: Run) -> list[Card]:
    """All that pages show of each report of a run, in roster order, samples in theirs.

    One read from the cache. What is missing there, out of date, or not ours is built from the database and
    stored again: once, however many ask at the same time. A model that took part without any report has a card with
    the state "missing".
    """
    wanted = wanted_reports(run)
    good = read_good(run, wanted)
    if good is None:  # a cache that could not be read is not asked again
        return build_cards(run)
    lock = building_key(run)
    if len(good) < len(wanted) and not CIRCUIT.ask("taking turns", lambda: cache.add(lock, 1, LONGEST_BUILD)):
        good = wait_for(run, wanted) or {}
    if len(good) == len(wanted):
        return [Card.from_json(good[key]) for key in wanted]
    cards = build_cards(run)
    repaired = {key_of(card): seal(card) for card in cards if key_of(card) not in good}
    CIRCUIT.ask(f"storing run {run.pk} again", lambda: store(repaired) and cache.delete(lock))
    return cards


def build_cards(run: Run) -> list[Card]:
    """The cards from the database. Who only reads them needs neither Markdown nor scoring: imported late."""
    from . import building

    return building.build_cards(run)


def read_good(run: Run, wanted: dict[str, Value]) -> dict[str, Value] | None:
    """What the cache has of these reports, if it is ours and up to date; None where it does not answer."""
    found = CIRCUIT.ask(f"reading run {run.pk}", lambda: read(list(wanted)))
    if found is None:
        return None
    return {key: value for key, value in found.items() if is_current(value, wanted[key]) and is_ours(value)}


def wait_for(run: Run, wanted: dict[str, Value]) -> dict[str, Value] | None:
    """What somebody else builds now; None where it does not come in time."""
    end = time.monotonic() + LONGEST_WAIT
    while time.monotonic() < end:
        time.sleep(LOOK_AGAIN_SECONDS)
        good = read_good(run, wanted)
        if good is None or len(good) == len(wanted):
            return good
    return None


def forget_page(run: Run) -> bool:
    """Take the ready-made page of a run away, and from whoever makes it now the right to keep it."""
    cache.delete_many([lock_key(run.pk), *(page_key(run.pk, prefix) for prefix in site_prefixes())])
    return True


def count_ballot(network: str) -> int:
    """How many ballots this network has asked for within a minute, this one included; 0 where nobody counts."""
    key = f"ballots:{network}"

    def count() -> int:
        cache.add(key, 0, timeout=60)
        return int(cache.incr(key))

    try:
        return CIRCUIT.ask("counting a ballot", count) or 0
    except ValueError:  # it expired between the two
        return 1


def draw_number(run: int, network: str, kept: int | None) -> int | None:
    """The number by which a network's ballots of a run are drawn: the one its voter has kept, or the next one.

    Remembered, so that a voter without the cookie gets the same ballot again. None where nobody counts.
    """
    key = f"ballots:{run}:{network}"

    def draw() -> int:
        known = cache.get(key) if network else None
        if isinstance(known, int):
            return known
        number = next_number(run) if kept is None else kept
        if network and not cache.add(key, number, timeout=KEEP_NUMBERS):
            return int(cache.get(key, number))  # another request of the network was faster
        return number

    try:
        return CIRCUIT.ask("numbering a ballot", draw)
    except UNREADABLE:
        return None


def next_number(run: int) -> int:
    """The number of the next ballot of a run, from 0 on."""
    key = f"ballots:{run}:next"
    cache.add(key, -1, timeout=KEEP_NUMBERS)
    return int(cache.incr(key))


def store_tally(run: int, verdicts: Mapping[str, int], models: Mapping[str, int]) -> None:
    """Write how many voters gave which verdict and chose which model: what the database says, as last counted."""
    tally = {"verdicts": dict(verdicts), "models": dict(models), "counted_at": timezone.now().isoformat()}
    CIRCUIT.ask(f"storing the tally of run {run}", lambda: cache.set(f"tally:{run}", tally, timeout=None))


def outlives_this_process() -> bool:
    """Whether what is stored is there for others, and later."""
    return not isinstance(caches["default"], LocMemCache)


# Keys and values


def report_key(run: int, model: str, sample: int = 1) -> str:
    """The key of one report."""
    return f"report:{run}:{model}" if sample == 1 else f"report:{run}:{model}:{sample}"


def building_key(run: Run) -> str:
    """The key by which one reader at a time builds what is missing of a run."""
    return f"reports:{run.pk}:built"


def key_of(card: Card) -> str:
    """The key under which this card belongs."""
    return report_key(card.run, card.model, card.sample)


def wanted_reports(run: Run) -> dict[str, Value]:
    """Every key of a run in roster order, each with what its value has to say to be up to date."""
    purged = bool(run.context and run.context.purged_at)
    rows = (
        RunEntry.objects.filter(run=run)
        .annotate(sample=F("reports__sample"), state=F("reports__state"), withheld_at=F("reports__withheld_at"))
        .order_by("position", "pk", "sample")
        .values_list("slug", "sample", "state", "withheld_at")
    )
    masked = {"masked": True} if run.is_blind else {}
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
            **masked,
        }
        for slug, sample, state, withheld_at in rows
    }


# The seal: only this site's own values become part of a page


def content_of(value: Value) -> bytes:
    """What the seal of a value is made of: all but the seal."""
    return json.dumps({key: part for key, part in value.items() if key != "seal"}, sort_keys=True).encode()


def seal(card: Card) -> Value:
    """The card as it is kept, with its seal."""
    # By way of JSON, because the seal is asked again of what comes out of it: keys of texts, no Decimal.
    value: Value = json.loads(json.dumps(card.as_json()))
    return value | {"seal": seal_of(SALT, content_of(value))}


def is_ours(value: Value) -> bool:
    """Whether this value was put there by this site, unchanged since."""
    return constant_time_compare(str(value.get("seal", "")), seal_of(SALT, content_of(value)))


def is_current(value: Any, wanted: Value) -> bool:
    """Whether this is a report at all, of the right form, and says what the database says."""
    return isinstance(value, dict) and wanted.items() <= value.items()


# How anything is read and written


def read(keys: list[str]) -> Value:
    """What the cache has under these keys; nothing where one value is not even JSON."""
    try:
        return dict(cache.get_many(keys))
    except UNREADABLE as error:
        logger.warning("Cache: something unreadable under one of %s (%s).", keys, error)
        return {}


def store(values: dict[str, Value]) -> bool:
    """Write reports, each for as long as REPORT_TTL_DAYS says."""
    if values:
        cache.set_many(values, timeout=(settings.REPORT_TTL_DAYS or 0) * DAY)
    return True


def store_index() -> None:
    """Write the index of published runs."""
    ids = list(Run.objects.published().values_list("pk", flat=True))
    CIRCUIT.ask("storing the index of runs", lambda: cache.set(INDEX, ids, timeout=None))
