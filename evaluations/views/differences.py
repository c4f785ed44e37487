"""Two reports beside each other, sentence by sentence."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from evaluations.presentation import cache
from evaluations.presentation.differences import MOST_SENTENCES, differences, is_cut, sides

from .access import public_page, public_run


@public_page
def difference(request: HttpRequest, run: int) -> HttpResponse:
    """Two reports of a closed run, sentence by sentence: `?a=` and `?b=` name the models."""
    shown_run = public_run(run)
    if shown_run.is_blind:
        raise Http404
    reports = {card.model: card for card in cache.reports(shown_run) if card.on_ballots}
    asked = [reports.get(request.GET.get(name, "")) for name in ("a", "b")]
    first, second = asked
    if first is None or second is None:
        raise Http404
    facts = {
        "evaluation": shown_run.evaluation,
        "run": shown_run,
        "first": first,
        "second": second,
        **sides(differences(first.text, second.text)),
        "cut": [card.name for card in (first, second) if is_cut(card.text)],
        "most": MOST_SENTENCES,
    }
    return render(request, "evaluations/difference.html", facts)
