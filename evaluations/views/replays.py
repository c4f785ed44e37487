"""A run and its replay side by side: what the same material gave then and now."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from evaluations.models import Report
from evaluations.models.blindness import Part
from evaluations.presentation.differences import differences, sides
from evaluations.presentation.rewording import changes
from evaluations.presentation.stories.replays import Comparison, Row, comparison, texts_of

from .access import public_page, public_runs


@public_page
def replay(request: HttpRequest, run: int, replay: int) -> HttpResponse:
    """Old, new, and signed differences; `?model=a` compares that model's two reports sentence by sentence."""
    runs = {one.pk: one for one in public_runs().prefetch_related(None).filter(pk__in=(run, replay)).seen(Part.NAMES)}
    first, second = runs.get(run), runs.get(replay)
    if first is None or second is None or second.replay_of_id != first.pk:
        raise Http404
    compared = comparison(first, second)
    reworded = first.system_message != second.system_message
    facts = {
        "evaluation": second.evaluation,
        "run": second,
        "card": second.pk,
        "original": first,
        "comparison": compared,
        "changes": changes(first.system_message, second.system_message) if reworded else [],
    }
    return render(request, "evaluations/replay.html", facts | sentence_facts(compared, request.GET.get("model", "")))


def sentence_facts(compared: Comparison, model: str) -> dict[str, Any]:
    """What both reports of one model say and what only one says: the asked one, else the first that wrote both."""
    readable = [row for row in compared.rows if row.texts]
    shown = next((row for row in readable if row.slug == model), next(iter(readable), None))
    found = texts_of(shown, stored_texts(shown)) if shown else None
    return {"shown": shown} | sides(differences(*found)) if found else {}


def stored_texts(row: Row) -> dict[int, str]:
    """The texts of a model's two reports, as far as everybody may read them."""
    reports = [one.report for one in (row.old, row.new) if one]
    return dict(Report.objects.readable().filter(pk__in=reports).values_list("pk", "text"))
