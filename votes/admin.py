"""Django admin of the votes and standings: to read. A vote is never changed or deleted by hand."""

from django.contrib import admin

from evaluations.admin.readonly import ReadOnlyAdmin

from .models import Closing, Computation, Standing, Vote


@admin.register(Vote)
class VoteAdmin(ReadOnlyAdmin):
    """Votes, without what could tell voters apart."""

    list_display = ["__str__", "choice", "quarantined", "cast_at"]
    list_filter = ["run__evaluation", "verdict", "quarantined"]
    list_select_related = ["run", "choice__entry"]
    exclude = ["voter", "network", "site"]


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
