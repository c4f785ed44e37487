"""What the public may see, and how long anybody may keep it."""

import gzip
import re
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_cache_control, patch_vary_headers, set_response_etag
from django.views.decorators.http import conditional_page, require_safe

from evaluations.models import Evaluation, Run
from evaluations.models.runs import RunQuerySet
from evaluations.presentation.links import default_evaluation

# A ready-made page is at most a minute old when it is sent, fresh for one more, and may be shown for three while
# it is asked for again: five minutes in all, so that a withheld report is gone soon.
READY_MADE_SECONDS = 60
FRESH_SECONDS = 60
STALE_SECONDS = 180

WORTH_COMPRESSING = 600  # bytes

TAKES_GZIP = re.compile(r"(?i)\b(?:x-)?gzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))")

View = Callable[..., HttpResponse]


def public_page(view: View) -> View:
    """A page that is the same for everybody: read-only, cacheable for a minute, with an ETag."""

    @wraps(view)
    def cacheable(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        patch_cache_control(response, public=True, max_age=FRESH_SECONDS, stale_while_revalidate=STALE_SECONDS)
        patch_vary_headers(response, ["Accept-Encoding"])  # of every form, also one that is not compressed
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.holds_no_secret = True  # type: ignore[attr-defined]
        if request.method == "HEAD":  # which `conditional_page` leaves alone
            set_response_etag(response)
        return response

    return require_safe(conditional_page(cacheable))


def accepts_gzip(request: HttpRequest) -> bool:
    """Whether the browser unpacks gzip: says so, and not with a weight of zero."""
    return TAKES_GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", "")) is not None


def compress(response: HttpResponse, small: bytes | None = None) -> HttpResponse:
    """The answer compressed, where that is worth it; `small` is its body where that is compressed already."""
    if response.status_code != HTTPStatus.OK or len(response.content) < WORTH_COMPRESSING:
        return response
    response.content = small or gzip.compress(response.content, 6, mtime=0)
    response["Content-Encoding"] = "gzip"
    response["Content-Length"] = str(len(response.content))
    if "ETag" in response and not response["ETag"].startswith("W/"):
        response["ETag"] = f"W/{response['ETag']}"
    return response


def chosen_evaluation(request: HttpRequest) -> Evaluation | None:
    """The evaluation that the address names, else the first public one."""
    slug = request.GET.get("evaluation")
    if slug is None:
        return default_evaluation(request)
    if not re.fullmatch(r"[-\w]+", slug):
        raise Http404
    return get_object_or_404(Evaluation.objects.for_the_public(), slug=slug)


def asked_models(request: HttpRequest) -> list[str]:
    """The slugs of the models that an address names: `models=a,b`, or once for each."""
    return [slug for value in request.GET.getlist("models") for slug in value.split(",") if slug]


def public_runs() -> RunQuerySet:
    """Every run that the public may see, newest first."""
    public = Evaluation.objects.for_the_public()
    return Run.objects.for_comparison().defer("context__payload").filter(evaluation__in=public)


def public_run(pk: int) -> Run:
    """One of them, or 404."""
    return get_object_or_404(public_runs(), pk=pk)
