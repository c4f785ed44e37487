"""The site with a bare view that stores one row: what `benchmarks.votes` compares a vote with."""

import os
from itertools import count

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import include, path
from django.utils import timezone

from votes.models import Vote

NUMBERS = count(10**9)


def bare(request: HttpRequest, run: int) -> HttpResponse:
    """One row of the same table, and an answer of the same kind; nothing is asked or looked at."""
    number = f"{os.getpid()} {next(NUMBERS)}"  # of any worker
    Vote.objects.create(
        run_id=run, verdict="none", line_up=[1, 2, 3, 4], voter=number, network=number, seat=1, issued_at=timezone.now()
    )
    return HttpResponseRedirect("/", status=303)


urlpatterns = [path("bare/<int:run>/", bare), path("", include("futbolreport.urls"))]
