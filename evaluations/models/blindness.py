"""Who may see what of a run, in one table: every list, page, feed and rule asks here.

A run is in one stage at a time. The conditions of the stages are written once, as `Q`: the database is asked with
them for many runs, and `holds` reads them for one that is in memory.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from enum import IntEnum, StrEnum
from functools import reduce
from typing import Any, cast

from django.apps import apps
from django.db.models import Exists, Model, OuterRef, Q
from django.utils import timezone


class Audience(IntEnum):
    """Who looks: each also sees what those before see."""

    ANYBODY = 1
    VOTER = 2  # who voted in this run, or chose to look
    STAFF = 3


class Part(StrEnum):
    """What there is to see of a run, or to do with it."""

    LISTS = "archive, search, API, map of the site"
    FEED = "feed"
    PAGE = "page"
    FRONT_PAGE = "front page"
    NAMES = "who wrote what"
    SCORES = "scores, costs, seconds"
    VOTE = "ballot"
    FINDINGS = "means of the models"


class Stage(StrEnum):
    """What a run is to those who may read it."""

    UNFINISHED = "being made, paused, failed or cancelled"
    IN_REVIEW = "waits for an editor"
    WITHDRAWN = "taken back"
    HELD_BACK = "would tell who wrote what in the open vote on its material"
    TRIAL = "made to try something: for staff alone, for ever"
    EXHIBIT = "an imported run, or a replay that an editor put into the lists: shown as that, and counts nowhere"
    BY_LINK = "a replay: a page for whoever has its address or comes from the run that it replays"
    BEFORE_VOTE = "published, and its vote is about to open"
    VOTING = "its vote is open"
    CLOSED = "nobody votes on it any more, or nobody ever did"


ALL, VOTER, STAFF = Audience.ANYBODY, Audience.VOTER, Audience.STAFF
PARTS = (
    Part.LISTS, Part.FEED, Part.PAGE, Part.FRONT_PAGE, Part.NAMES, Part.SCORES, Part.VOTE, Part.FINDINGS
)  # fmt: skip
# From whom on each part may be seen; None: by nobody.
TABLE: dict[Stage, tuple[Audience | None, ...]] = {
    #                   lists feed  page  front names  scores vote  findings
    Stage.UNFINISHED:  (None, None, None, None, STAFF, STAFF, None, None),
    Stage.IN_REVIEW:   (None, None, None, None, STAFF, STAFF, None, None),
    Stage.WITHDRAWN:   (None, None, None, None, STAFF, STAFF, None, None),
    Stage.HELD_BACK:   (None, None, None, None, STAFF, STAFF, None, None),
    Stage.TRIAL:       (None, None, None, None, STAFF, STAFF, None, None),
    Stage.EXHIBIT:     (ALL,  ALL,  ALL,  None, ALL,   ALL,   None, None),
    Stage.BY_LINK:     (None, None, ALL,  None, ALL,   ALL,   None, None),
    Stage.BEFORE_VOTE: (ALL,  ALL,  ALL,  ALL,  STAFF, STAFF, None, None),
    Stage.VOTING:      (ALL,  ALL,  ALL,  ALL,  VOTER, VOTER, ALL,  None),
    Stage.CLOSED:      (ALL,  ALL,  ALL,  ALL,  ALL,   ALL,   None, ALL),
}  # fmt: skip

READABLE = Q(state="succeeded", withheld_at=None)  # of a report: there is a text that everybody may read
FETCHING = Q(kind__in=("scheduled", "manual"))  # replays and trials read what another run fetched
COUNTING = FETCHING & Q(imported_at=None)
SHOWABLE = Q(kind__in=("scheduled", "manual", "replay"))  # a trial is for those who made it
LISTED = ~Q(kind="replay") | Q(listed=True)  # replays stand in lists where an editor put them
RELEASED = SHOWABLE & Q(state="published", withdrawn_at=None)  # held back or not
LEAST_REPORTS = 2  # of a vote: one alone is nothing to choose from


def seen_by(audience: Audience, part: Part) -> Q:
    """The condition under which this audience may see this part of a run now."""
    now = timezone.now()
    shown = any_of(holds_in for stage, holds_in in conditions(now).items() if allows(stage, part, audience))
    if allows(Stage.HELD_BACK, part, audience):
        return shown
    same_material = apps.get_model("evaluations", "Run").objects.filter(
        undecided_runs(now), context__sha256=OuterRef("context__sha256")
    )
    return shown & (COUNTING | ~Q(Exists(same_material)))


def allows(stage: Stage, part: Part, audience: Audience) -> bool:
    """What the table says."""
    least = TABLE[stage][PARTS.index(part)]
    return least is not None and audience >= least


def stage_of(run: Model) -> Stage:
    """The stage of a run now; whether an exhibit is held back, other runs decide (`Run.hidden_by`)."""
    found = conditions(timezone.now()).items()
    return next(stage for stage, holds_in in found if stage is not Stage.HELD_BACK and holds(holds_in, run))


def conditions(now: datetime) -> dict[Stage, Q]:
    """Which runs are in which stage; those that are held back are exhibits here, because other runs decide that.

    A vote that has not opened is only met where the clock of this host is behind that of the one that published.
    """
    counts, undecided_yet = RELEASED & COUNTING, Q(voting_closes_at__gt=now)
    opened = Q(voting_opens_at__lte=now)
    return {
        Stage.UNFINISHED: ~Q(state__in=("published", "awaiting_review")),
        Stage.IN_REVIEW: Q(state="awaiting_review"),
        Stage.WITHDRAWN: Q(state="published", withdrawn_at__isnull=False),
        Stage.TRIAL: Q(state="published", withdrawn_at=None) & ~SHOWABLE,
        Stage.HELD_BACK: RELEASED & ~COUNTING,
        Stage.EXHIBIT: RELEASED & ~COUNTING & LISTED,
        Stage.BY_LINK: RELEASED & ~COUNTING & ~LISTED,
        Stage.BEFORE_VOTE: counts & undecided_yet & ~opened,
        Stage.VOTING: counts & undecided_yet & opened,
        Stage.CLOSED: counts & ~undecided_yet,
    }


def undecided_runs(now: datetime) -> Q:
    """Runs whose vote has not closed, so that nothing may tell who wrote what.

    A withdrawn one may be brought back, and one that waits for review is going to have its vote.
    """
    published = Q(state="published", voting_closes_at__gt=now)
    return COUNTING & (published | Q(state="awaiting_review", evaluation__voting_hours__gt=0))


# Reading a condition

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "exact": lambda mine, other: mine == other,
    "in": lambda mine, others: mine in others,
    "isnull": lambda mine, is_null: (mine is None) is is_null,
    "gt": lambda mine, other: mine is not None and mine > other,
    "lte": lambda mine, other: mine is not None and mine <= other,
}


def any_of(conditions: Iterable[Q]) -> Q:
    """The condition that one of these holds; one that never holds where there is none."""
    return reduce(lambda one, other: one | other, conditions, Q(pk__in=()))


def through(path: str, condition: Q) -> Q:
    """The same condition of what a relation leads to, such as `runs` of an evaluation."""
    parts = [
        through(path, part) if isinstance(part, Q) else (f"{path}__{part[0]}", part[1]) for part in parts_of(condition)
    ]
    return Q(*parts, _connector=condition.connector, _negated=condition.negated)


def parts_of(condition: Q) -> list[Q | tuple[str, Any]]:
    """What a condition is made of: further conditions, and lookups with their values."""
    return cast("list[Q | tuple[str, Any]]", condition.children)


def holds(condition: Q, row: Model) -> bool:
    """Whether a condition holds of a row in memory, as the database would say."""
    each = (holds(part, row) if isinstance(part, Q) else compares(row, *part) for part in parts_of(condition))
    return (all(each) if condition.connector == Q.AND else any(each)) != condition.negated


def compares(row: Model, lookup: str, value: Any) -> bool:
    """Whether one lookup of a condition holds of a row."""
    field, _, comparison = lookup.partition("__")
    return COMPARISONS[comparison or "exact"](getattr(row, field), value)
