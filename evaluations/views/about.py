"""What this site is, how its scores are made, and how far to trust them."""

import json
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from evaluations.presentation import example
from evaluations.scoring.version import SCORER_VERSION

from .access import chosen_evaluation, public_page

# Measured by `make bench-scores`, kept by `make agreement`.
AGREEMENT = json.loads(Path(__file__).with_name("agreement.json").read_text())


@public_page
def about(request: HttpRequest) -> HttpResponse:
    """What this is, and how far to trust it."""
    return render(request, "evaluations/about.html", {"evaluation": chosen_evaluation(request)})


@public_page
def about_scores(request: HttpRequest) -> HttpResponse:
    """What each score says, by a worked example; how far people agree with it; what it cannot see."""
    facts = {
        "evaluation": chosen_evaluation(request),
        "example": example.example(),
        "demands": example.demands(),
        "report": example.REPORT,
        "sources": example.SOURCES,
        "cost_usd": example.COST_USD,
        "agreement": AGREEMENT,
        "scorer_version": SCORER_VERSION,
    }
    return render(request, "evaluations/about_scores.html", facts)
