"""How a run's open reports are divided among workers, and what one of them has to tell the others."""

import math
from itertools import batched

from django.conf import settings

from evaluations.errors import RunPausedError
from evaluations.models import Report, Run, Share
from evaluations.pipeline.lease import Hold, lease_is_free


def divide(hold: Hold) -> bool:
    """Divide the run's open reports into shares where they are more than one worker asks for; whether there are any.

    Where not, this worker asks for all. Shares of an earlier worker stay, and what was held back may go on.
    """
    most, shares = settings.REPORTS_PER_WORKER, Share.objects.filter(run=hold.run)
    undivided = hold.reports().exclude(state__in=Report.SETTLED).in_roster_order()
    if not shares.exists() and (not most or undivided.count() <= most):
        return False

    def deal() -> bool:
        shares.update(held_back="", paused_until=None)
        reports = list(undivided.values_list("pk", flat=True))
        parts = math.ceil(len(reports) / most) if most else 1
        for part in batched(reports, math.ceil(len(reports) / parts)) if reports else ():
            Report.objects.filter(pk__in=part).update(share=Share.objects.create(run=hold.run))
        return shares.exists()

    return hold.write(deal)


def free_shares(run: Run) -> int:
    """How many shares no living worker has."""
    return Share.objects.filter(lease_is_free(), run=run).count()


def hold_back_error(run: Run) -> RunPausedError | None:
    """Why a worker has held back calls of its share, if one has."""
    share = Share.objects.filter(run=run).exclude(held_back="").first()
    return RunPausedError(share.held_back, share.paused_until) if share else None
