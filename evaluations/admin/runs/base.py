"""What every page of runs needs: who may decide, which run an address means, where its page is."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from evaluations.admin.readonly import ReadOnlyAdmin, ReadOnlyInline
from evaluations.models import Run

WHOLE = ("evaluation", "prompt", "context", "budget", "replay_of")


class PartInline(ReadOnlyInline):
    """Rows that are part of what a page shows: whoever may see the page sees them."""

    classes = ["collapse"]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The page has asked already."""
        return True


class RunBase(ReadOnlyAdmin):
    """The base of the pages of runs."""

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Whoever may change runs; nobody edits their fields."""
        return request.user.has_perm("evaluations.change_run")

    def require_decider(self, request: HttpRequest) -> None:
        """Raise PermissionDenied for those who only look."""
        if not self.has_decide_permission(request):
            raise PermissionDenied

    def find(self, request: HttpRequest, number: int, to_change: bool = False) -> Run:
        """The run of an address. Raises Http404 and PermissionDenied."""
        if to_change:
            self.require_decider(request)
        elif not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(Run.objects.select_related(*WHOLE).defer("context__payload"), pk=number)

    def page_of(self, run: Run) -> str:
        """The run's page."""
        return reverse("admin:evaluations_run_change", args=[run.pk])
