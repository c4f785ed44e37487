"""The site with a bare view that returns a constant: what `benchmarks.pages` compares the product with."""

from functools import cache

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


@cache
def constant_of(size: int) -> bytes:
    """As many bytes."""
    return b"x" * size


def constant(request: HttpRequest, size: int) -> HttpResponse:
    """As many bytes, and nothing else."""
    return HttpResponse(constant_of(size))


urlpatterns = [path("constant/<int:size>/", constant), path("", include("futbolreport.urls"))]
