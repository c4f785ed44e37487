"""Addresses: which evaluation one means and how it says so, and how one becomes absolute."""

from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_script_prefix

from evaluations.models import Evaluation


def default_evaluation(request: HttpRequest) -> Evaluation | None:
    """The first public evaluation: what an address means that names none. Asked for once a request."""
    if not hasattr(request, "default_evaluation"):
        request.default_evaluation = Evaluation.objects.for_the_public().first()  # type: ignore[attr-defined]
    evaluation: Evaluation | None = request.default_evaluation  # type: ignore[attr-defined]
    return evaluation


def query_of(evaluation: Evaluation | None, default: Evaluation | None) -> str:
    """What an address needs to mean this evaluation: "?evaluation=slug", or nothing where it is the default."""
    return "" if evaluation is None or evaluation == default else f"?evaluation={evaluation.slug}"


def absolute(address: str) -> str:
    """An address of this site as everybody reaches it: under SITE_URL, wherever this request found the site.

    Behind a stage or under a path, addresses of this request begin with that, and so may SITE_URL: it is said once.
    """
    return f"{settings.SITE_URL}/{address.removeprefix(get_script_prefix())}"


def prefix_of(request: HttpRequest) -> str:
    """Under which path this request found the site: "" at the root, "/production" behind a stage."""
    return request.path.removesuffix(request.path_info)


def site_prefixes() -> frozenset[str]:
    """Under which paths the site is meant to be found: the root, and the path of SITE_URL."""
    return prefixes_under(settings.SITE_URL)


@lru_cache(maxsize=8)
def prefixes_under(site_url: str) -> frozenset[str]:
    """The same for this SITE_URL."""
    return frozenset(("", urlsplit(site_url).path.rstrip("/")))
