"""What this site is, how its scores are made, and how far to trust them."""

import json
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from evaluations.presentation import example
from evaluations.presentation.wording.numbers import out_of, percent
from evaluations.scoring.version import SCORER_VERSION

from .access import chosen_evaluation, public_page

# Measured by `make bench-scores`, kept by `make agreement`.
AGREEMENT = json.loads(Path(__file__).with_name("agreement.json").read_text())


@public_page
def about(request: HttpRequest) -> HttpResponse:
    """What this is, and how far to trust it."""
    return render(request, "evaluations/about.html", {"evaluation": chosen_evaluation(request)})


def promises() -> list[dict[str, str]]:
    """Of the sentences marked found, how many carry no error that people found, with the lower bound of that share,
    beside how many sentences and words were found: a report that says less must not win by it."""
    people = {
        "summaries": _("People who marked what is wrong in summaries of articles (RAGTruth)"),
        "answers": _("The same, in answers to questions"),
    }
    return [
        {
            "who": who,
            "share": out_of(AGREEMENT[f"found_{kind}"]["share"], 1000),
            "least": out_of(AGREEMENT[f"found_{kind}_bound"]["share"], 1000),
            "found": percent(AGREEMENT[f"found_{kind}_rate"]["share"]),
            "words": percent(AGREEMENT[f"found_{kind}_words"]["share"]),
        }
        for kind, who in people.items()
    ]


@public_page
def about_scores(request: HttpRequest) -> HttpResponse:
    """What each score says, by a worked example; how far people agree with it; what it cannot see."""
    facts = {
        "evaluation": chosen_evaluation(request),
        "example": example.example(),
        "demands": example.demands(),
        "unseen": example.false_but_grounded(),
        "promises": promises(),
        "pairs": {
            "passed": out_of(AGREEMENT["false_passed"]["share"], 100),
            "passed_unseen": out_of(AGREEMENT["false_passed_unseen"]["share"], 100),
            "alarmed": out_of(AGREEMENT["paraphrases_alarmed"]["share"], 100),
        },
        "report": example.REPORT,
        "sources": example.SOURCES,
        "cost_usd": example.COST_USD,
        "agreement": AGREEMENT,
        "scorer_version": SCORER_VERSION,
    }
    return render(request, "evaluations/about_scores.html", facts)
