"""No answer of the admin holds a key, whatever put it there: a row from before it was known, a traceback, an export."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from evaluations.wire.secrets import has_key, redact_bytes


class KeysStayInside:
    """Takes every known key out of what the admin answers. What comes from outside was redacted when it came."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.admin = f"/{settings.ADMIN_PATH}"

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look for keys as they are, which costs next to nothing; only where one is found, for every spelling."""
        response = self.get_response(request)
        if request.path_info.startswith(self.admin) and not response.streaming and has_key(response.content):
            response.content = redact_bytes(response.content)
        return response
