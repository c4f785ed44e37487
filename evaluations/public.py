"""What the public may see, and how long anybody may keep it."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_cache_control
from django.views.decorators.http import conditional_page, require_safe

from evaluations.models import Evaluation, Run
from evaluations.models.runs import RunQuerySet

# At most five minutes, so that a withheld report is gone soon.
FRESH_SECONDS = 60
STALE_SECONDS = 240

View = Callable[..., HttpResponse]


def public_page(view: View) -> View:
    """A page that is the same for everybody: read-only, cacheable for a minute, with an ETag."""

    @wraps(view)
    def cacheable(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        patch_cache_control(response, public=True, max_age=FRESH_SECONDS, stale_while_revalidate=STALE_SECONDS)
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        return response

    return require_safe(conditional_page(cacheable))


def chosen_evaluation(request: HttpRequest) -> Evaluation | None:
    """The evaluation that the address names, else the first public one."""
    public = Evaluation.objects.for_the_public()
    slug = request.GET.get("evaluation")
    if slug is None:
        return public.first()
    if not re.fullmatch(r"[-\w]+", slug):
        raise Http404
    return get_object_or_404(public, slug=slug)


def public_runs() -> RunQuerySet:
    """Every run that the public may see, newest first."""
    public = Evaluation.objects.for_the_public()
    return Run.objects.for_comparison().filter(evaluation__in=public)


def public_run(pk: int) -> Run:
    """One of them, or 404."""
    return get_object_or_404(public_runs(), pk=pk)
