"""Security headers that Django does not set by itself: the admin's own policy, and who may load what from us."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class SecurityHeaders:
    """Gives the admin a policy of its own, and every answer a resource policy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.admin = f"/{settings.ADMIN_PATH}"

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add what is missing."""
        response = self.get_response(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        if request.path_info.startswith(self.admin):
            response._csp_config = settings.ADMIN_CSP  # type: ignore[attr-defined] # Django's middleware reads it
            response.headers.setdefault("Referrer-Policy", "same-origin")
            response.headers.setdefault("X-Robots-Tag", "noindex")
        return response
