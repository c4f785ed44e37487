"""Django admin of the votes and standings: to read. A vote is never changed or deleted by hand."""

from django.contrib import admin

from evaluations.admin.readonly import ReadOnlyAdmin

from .models import Standing, Vote


@admin.register(Vote)
class VoteAdmin(ReadOnlyAdmin):
    """Votes, without what could tell voters apart."""

    list_display = ["__str__", "choice", "quarantined", "cast_at"]
    list_filter = ["run__evaluation", "verdict", "quarantined"]
    list_select_related = ["run", "choice__entry"]
    exclude = ["voter", "network", "site"]


@admin.register(Standing)
class StandingAdmin(ReadOnlyAdmin):
    """Standings as last computed."""

    list_display = ["model_name", "evaluation", "rank", "strength", "low", "high", "votes", "runs", "preliminary"]
    list_filter = ["evaluation", "with_quarantine", "preliminary"]
    list_select_related = ["evaluation"]
