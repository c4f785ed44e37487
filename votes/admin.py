"""Django admin of the votes and standings: to read. A vote is never changed or deleted, only set apart or released."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluations.admin.readonly import ReadOnlyAdmin
from votes.models import Closing, Computation, Standing, Vote, VotedRun
from votes.review import quarantine, release, signals_of

NO_REASON = gettext_lazy("Nothing was changed. Say why, in the field beside the action: it is kept with each vote.")


class ReasonForm(ActionForm):
    """Beside the choice of what to do: why."""

    note = forms.CharField(max_length=200, required=False, label=gettext_lazy("Reason:"))


@admin.register(Vote)
class VoteAdmin(ReadOnlyAdmin):
    """Votes, without what could tell voters apart."""

    list_display = ["__str__", "choice", "quarantined", "quarantine_reason", "note", "cast_at"]
    list_filter = ["run__evaluation", "verdict", "quarantined", "quarantine_reason"]
    list_select_related = ["run", "choice__entry"]
    date_hierarchy = "cast_at"
    exclude = ["voter", "network", "site"]
    actions = ["set_apart", "let_count"]
    action_form = ReasonForm

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Also by run."""
        return lookup in ("run", "run__id__exact") or super().lookup_allowed(lookup, value, request)

    @admin.action(description=gettext_lazy("Set apart, for the reason given"), permissions=["decide"])
    def set_apart(self, request: HttpRequest, chosen: QuerySet[Vote]) -> None:
        """Quarantine votes."""
        self._decide(request, [vote for vote in chosen if not vote.quarantined], "set apart")

    @admin.action(description=gettext_lazy("Let count again, for the reason given"), permissions=["decide"])
    def let_count(self, request: HttpRequest, chosen: QuerySet[Vote]) -> None:
        """Release votes."""
        self._decide(request, [vote for vote in chosen if vote.quarantined], "released")

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Whoever may change votes; nobody edits their fields."""
        return request.user.has_perm("votes.change_vote")

    def _decide(self, request: HttpRequest, chosen: Sequence[Vote], done: str) -> None:
        """Do it to each vote, and keep who did it and why."""
        note = request.POST.get("note", "").strip()
        if not note:
            self.message_user(request, NO_REASON, messages.ERROR)
            return
        (quarantine if done == "set apart" else release)(chosen, note)
        for vote in chosen:
            self.log_change(request, vote, f"{done.capitalize()}: {note}")
        told = _("%(votes)s votes %(done)s. Standings follow within the hour.")
        self.message_user(request, told % {"votes": len(chosen), "done": _(done)}, messages.SUCCESS)


@admin.register(VotedRun)
class VotedRunAdmin(ReadOnlyAdmin):
    """By run, what of its votes may be no reader's doing."""

    list_display = ["__str__", "voting_closes_at", "stored", "apart"]
    list_filter = ["evaluation"]
    list_select_related = ["evaluation"]
    list_per_page = 25
    fields = ["signals", "votes", "voting_opens_at", "voting_closes_at"]
    readonly_fields = ["signals", "votes"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Runs that were or are voted on."""
        apart = Count("votes", filter=Q(votes__quarantined=True))
        voted_on = VotedRun.objects.filter(voting_opens_at__isnull=False)
        return voted_on.annotate(stored=Count("votes"), apart=apart).order_by("-pk")

    @admin.display(description=gettext_lazy("votes"))
    def stored(self, run: Any) -> int:
        """All that are stored."""
        return int(run.stored)

    @admin.display(description=gettext_lazy("set apart"))
    def apart(self, run: Any) -> int:
        """Those that do not count."""
        return int(run.apart)

    @admin.display
    def signals(self, run: VotedRun) -> SafeString | str:
        """A line for each signal."""
        return format_html_join("", "<div>{}</div>", ((line,) for line in signals_of(run))) or _("No vote yet.")

    @admin.display
    def votes(self, run: VotedRun) -> SafeString:
        """Where they are set apart and released."""
        address = reverse("admin:votes_vote_changelist")
        return format_html('<a href="{}?run__id__exact={}">look at them, set apart, release</a>', address, run.pk)


@admin.register(Closing)
class ClosingAdmin(ReadOnlyAdmin):
    """When votes ended, and what they gave."""

    list_display = ["run", "closed_at"]
    list_filter = ["run__evaluation"]
    list_select_related = ["run__evaluation"]


@admin.register(Computation)
class ComputationAdmin(ReadOnlyAdmin):
    """Standings as they were computed, the newest first."""

    list_display = ["__str__", "method", "votes", "runs", "computed_at"]
    list_filter = ["evaluation"]
    list_select_related = ["evaluation"]


@admin.register(Standing)
class StandingAdmin(ReadOnlyAdmin):
    """Each model's place in each of them."""

    list_display = ["model_name", "computation", "rank", "share", "share_low", "share_high", "votes", "runs"]
    list_filter = ["computation__evaluation", "with_quarantine", "preliminary"]
    list_select_related = ["computation__evaluation"]
