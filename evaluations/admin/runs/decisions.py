"""What editors decide of a run at no cost: when it can be decided, what follows of it, how it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluations.admin import orders
from evaluations.models import Report, Run
from evaluations.models.blindness import RELEASED, holds
from evaluations.pipeline import publish, runs
from evaluations.pipeline.score import UNSETTLED, unscored_reports
from votes.models import Vote

type Words = Any  # a text that is translated when it is shown


@dataclass(frozen=True)
class Decision:
    """One decision. `asks`: a page says first what follows of it. `done`: what it is called afterwards."""

    name: str
    label: Words
    done: Words
    says: Words
    can: Callable[[Run], bool]
    act: Callable[[Run, Any, str], object]
    consequences: Callable[[Run], list[str]] = lambda _run: []
    asks: bool = True
    note: Words = ""  # what a note says that may come with it
    harms: bool = False


def can_publish(run: Run) -> bool:
    """Whether it waits for an editor."""
    return run.state == Run.State.AWAITING_REVIEW and run.kind != Run.Kind.TRIAL


def can_withdraw(run: Run) -> bool:
    """Whether it is shown, or is once the vote on its material is over."""
    return holds(RELEASED, run)


def can_bring_back(run: Run) -> bool:
    """Whether it was taken back."""
    return run.state == Run.State.PUBLISHED and run.withdrawn_at is not None


def can_cancel(run: Run) -> bool:
    """Whether it is not at its end."""
    return run.state in Run.RESUMABLE and run.imported_at is None


def can_be_listed(run: Run) -> bool:
    """Whether it is a replay that everybody may read."""
    return run.kind == Run.Kind.REPLAY and can_withdraw(run)


def can_rescore(run: Run) -> bool:
    """Whether there are reports that today's scorers have not seen, and their material."""
    settled = run.has_material and run.state not in UNSETTLED
    return settled and unscored_reports(Report.objects.filter(entry__run=run)).exists()


def after_publishing(run: Run) -> list[str]:
    """What readers get, and what they do not."""
    reports = Report.objects.filter(entry__run=run)
    read = reports.readable().count()
    told = [_("%(read)s of %(all)s reports can be read by everybody.") % {"read": read, "all": reports.count()}]
    if run.evaluation.voting_hours and run.counts:
        told.append(_("The vote opens at once, for %s hours; until it closes, nobody is told who wrote what.")
                    % run.evaluation.voting_hours)  # fmt: skip
    if not run.evaluation.public:
        told.append(_("The evaluation is not public: only staff see the run until it is."))
    return [*told, _("You can take it back at any time.")]


def after_withdrawal(run: Run) -> list[str]:
    """What is gone, and what stays."""
    told = [_("It is gone from pages, feed, downloads and JSON at once.")]
    if votes := Vote.objects.filter(run=run).count():
        told.append(_("Its %s votes are kept; they do not count while it is withdrawn.") % votes)
    if run.voting_is_open:
        told.append(_("The time of its vote goes on meanwhile."))
    return [*told, _("You can show it again at any time.")]


def after_cancelling(run: Run) -> list[str]:
    """What is lost for good."""
    reports = Report.objects.filter(entry__run=run)
    left = reports.exclude(state__in=Report.SETTLED).count()
    told = [_("For good: a cancelled run cannot be resumed, and none of it is published.")]
    if left:
        told.append(_("%s reports are not written.") % left)
    if succeeded := reports.filter(state=Report.State.SUCCEEDED).count():
        told.append(_("%s reports that are there and paid stay in the books, and nobody reads them.") % succeeded)
    if run.state in Run.LIVE:
        told.append(_("Requests that are under way may still be billed."))
    return told


DECISIONS = {
    decision.name: decision
    for decision in (
        Decision(
            "publish",
            gettext_lazy("Publish…"),
            gettext_lazy("published"),
            gettext_lazy("Shows it to everybody and opens its vote."),
            can_publish,
            lambda run, _user, _note: publish.publish_reviewed(run),
            after_publishing,
        ),
        Decision(
            "withdraw",
            gettext_lazy("Unpublish…"),
            gettext_lazy("withdrawn"),
            gettext_lazy("Takes it back from the public."),
            can_withdraw,
            lambda run, _user, note: publish.withdraw(run, note),
            after_withdrawal,
            note=gettext_lazy("Why, on the page of corrections for everybody to read (may be left empty)"),
            harms=True,
        ),
        Decision(
            "bring-back",
            gettext_lazy("Undo: show it again"),
            gettext_lazy("shown again"),
            gettext_lazy("As it was before it was withdrawn."),
            can_bring_back,
            lambda run, _user, _note: publish.bring_back(run),
            asks=False,
        ),
        Decision(
            "put-in-lists",
            gettext_lazy("Put into lists"),
            gettext_lazy("in archive and feed"),
            gettext_lazy("Readers find the replay in archive and feed, not by its address alone."),
            lambda run: can_be_listed(run) and not run.listed,
            lambda run, _user, _note: publish.list_replay(run, listed=True),
            asks=False,
        ),
        Decision(
            "take-out-of-lists",
            gettext_lazy("Take out of lists"),
            gettext_lazy("in no list any more"),
            gettext_lazy("The replay stays, for those who have its address."),
            lambda run: can_be_listed(run) and run.listed,
            lambda run, _user, _note: publish.list_replay(run, listed=False),
            asks=False,
        ),
        Decision(
            "rescore",
            gettext_lazy("Score again"),
            gettext_lazy("to be scored with today's scorers"),
            gettext_lazy("With today's scorers; older scores are kept. Costs nothing."),
            can_rescore,
            lambda run, user, _note: orders.order_rescore(run, user),
            asks=False,
        ),
        Decision(
            "cancel",
            gettext_lazy("Cancel…"),
            gettext_lazy("cancelled"),
            gettext_lazy("Ends it for good."),
            can_cancel,
            lambda run, _user, _note: runs.cancel(run),
            after_cancelling,
            harms=True,
        ),
    )
}
