"""Views that are imported when their page is first asked for: a page needs nothing of what the others import."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.module_loading import import_string

type View = Callable[..., HttpResponseBase]


class LateViews:
    """The views of a module by their names, as addresses name them; the module is not imported before one is called.

    What Django reads of a view besides calling it (`csrf_exempt` and its like) must not be needed: ours have none.
    """

    def __init__(self, module: str) -> None:
        self.module = module

    def __getattr__(self, name: str) -> View:
        return late_view(f"{self.module}.{name}")


def late_view(dotted: str) -> View:
    """The view under a dotted name; it says by its own name which one it stands for."""

    def view(request: HttpRequest, **parts: Any) -> HttpResponseBase:
        asked: View = import_string(dotted)
        return asked(request, **parts)

    view.__module__, _, view.__qualname__ = dotted.rpartition(".")
    return view


class HealthCheck:
    """Answers `/healthz` before anybody looks at the host: balancers ask by address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response, self.address = get_response, reverse("healthz")
        self.answer = late_view("evaluations.views.health.healthz")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer what is asked of the site's health, and leave all else to the others."""
        return self.answer(request) if request.path_info == self.address else self.get_response(request)
