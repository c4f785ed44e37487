"""The end of a run's vote: once, under the row's lock, by the database's clock."""

import re

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from evaluations.models import Report, Run
from evaluations.models.blindness import COUNTING
from evaluations.presentation import cache
from votes.counting import run_votes
from votes.models import Closing
from votes.outcomes.results import counts, result

HEADING = re.compile(r"<h[1-6]\b")
LIST_ITEM = re.compile(r"<li\b")


def due_closings() -> QuerySet[Run]:
    """Runs whose time to vote is over, and that nobody closed."""
    return Run.objects.filter(COUNTING, closing=None, voting_closes_at__lte=Now())


def close(run: Run) -> int | None:
    """Take no more votes on a run, forget whose networks they came from, count them; None where another did it.

    A vote that is being cast waits for the lock and then finds no salt, or was there first and is counted.
    """
    with transaction.atomic():
        locked = Run.objects.select_for_update().get(pk=run.pk)
        # Asked when the lock is held: who waited for it would still see what was there before.
        if not due_closings().filter(pk=run.pk).exists():
            return None
        Run.objects.filter(pk=run.pk).update(network_salt=None)
        closing = Closing(run=locked, forms=forms_of(locked))
        closing.closed_at = Run.objects.filter(pk=run.pk).values_list(Now(), flat=True)[0]
        closing.result = result(run_votes(closing))
        closing.save()
    cache.store_tally(locked.pk, *counts(closing.result))
    cache.forget_page(locked)
    cache.store_index()  # replays of the run's material are public now
    return int(run.pk)


def forms_of(run: Run) -> dict[str, list[int]]:
    """By report, its headings and list items: kept, because votes will be compared at equal form for years."""
    reports = Report.objects.filter(entry__run=run, sample=1).values_list("pk", "html")
    return {str(pk): [len(HEADING.findall(html)), len(LIST_ITEM.findall(html))] for pk, html in reports}
