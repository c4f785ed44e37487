"""A worker's hold on one share of a run's reports: a lease with a fence of its own, so that nobody waits in line.

What holds for a run holds for a share: one conditional UPDATE takes it, everything that is written renews it, and a
worker that lost it cannot write. A share whose worker was killed is taken by another once its lease has run out; what
was sent by then and has no outcome is unknown from there on.
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from evaluations.models import Report, Run, Share
from evaluations.models.reports import ReportQuerySet
from evaluations.pipeline.lease import Hold, lease_end, lease_is_free, patiently


class ShareHold(Hold):
    """This worker's hold on a share. `holder`: its hold on the run, where it has that, too; both are then renewed."""

    def __init__(self, run: Run, share: Share, holder: Hold | None = None, even_cancelled: bool = False) -> None:
        super().__init__(run, even_cancelled)
        self.share, self.token = share, share.lease_token
        self.holder = holder

    @classmethod
    def take_one(cls, run: Run, holder: Hold | None = None, at_rest: bool = False) -> "ShareHold | None":
        """Take a share that no living worker has, while the run is asked for and nothing is held back; else None.

        `at_rest`: whatever the run's state, to close its books.
        """
        open_runs = Run.objects.filter(pk=run.pk)
        if not at_rest:
            held_back = Share.objects.filter(run=run).exclude(held_back="")
            open_runs = open_runs.filter(state=Run.State.INFERRING).exclude(pk__in=held_back.values("run"))
        free = Share.objects.filter(lease_is_free(), run__in=open_runs)
        candidates = list(free.values_list("pk", flat=True))
        random.shuffle(candidates)  # who comes at the same moment tries another one first
        for candidate in candidates:
            if share := take(candidate, free):
                return cls(run, share, holder, even_cancelled=at_rest)
        return None

    def lease(self, even_cancelled: bool) -> QuerySet[Any]:
        """The share, as long as it is this worker's."""
        mine = Share.objects.filter(pk=self.share.pk, lease_token=self.token)
        going_on = Run.objects.filter(pk=self.run.pk).exclude(state=Run.State.CANCELLED)
        return mine if even_cancelled else mine.filter(run__in=going_on)

    def reports(self) -> ReportQuerySet:
        """The reports of the share."""
        return Report.objects.filter(share=self.share)

    @contextmanager
    def transaction(self, even_cancelled: bool = False) -> Iterator[None]:
        """One short transaction that commits only while this worker holds what it held. Raises LeaseLostError."""
        with (
            self.holder.transaction(even_cancelled) if self.holder else nullcontext(),
            super().transaction(even_cancelled),
        ):
            yield

    def end(self) -> None:
        """Take the share away: its reports have their outcome, or are the run's own again."""

        def once(_again: bool) -> None:
            with transaction.atomic():
                if self.lease(even_cancelled=True).update(lease_expires_at=lease_end()):
                    Share.objects.filter(pk=self.share.pk).delete()

        patiently(once)


def take(share: int, free: QuerySet[Share]) -> Share | None:
    """Take a share by its number if it is still free: one conditional UPDATE; None where another worker was faster."""
    with transaction.atomic():
        taken = free.filter(pk=share).update(lease_token=F("lease_token") + 1, lease_expires_at=lease_end())
        return Share.objects.get(pk=share) if taken else None
