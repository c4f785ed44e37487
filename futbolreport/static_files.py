"""Static files under the address at which a request found the site: behind a stage or a path, they are there, too."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import StaticFilesStorage, staticfiles_storage
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.urls import get_script_prefix
from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]


class UnderPrefix:
    """A storage whose addresses are made for each request, where Django's are made at the start."""

    @property
    def base_url(self) -> str:
        """Before each file's name."""
        return f"{get_script_prefix().rstrip('/')}{settings.WHITENOISE_STATIC_PREFIX}"


class PlainStorage(UnderPrefix, StaticFilesStorage):
    """Files as they lie, for development."""


class SealedStorage(UnderPrefix, CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Compressed files whose names change with their content."""


class StaticFiles:
    """WhiteNoise that is imported, and looks through its folders, when the first file is asked for, not at the start.

    A new container answers with a page first: going through two hundred files would be a tenth of its start.
    """

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        self.files: Callable[[HttpRequest], Any] | None = None

    def __call__(self, request: HttpRequest) -> Any:
        """The file of that address, else the page."""
        if not request.path_info.startswith(settings.WHITENOISE_STATIC_PREFIX):
            return self.get_response(request)
        if self.files is None:
            from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]

            self.files = WhiteNoiseMiddleware(self.get_response)
        return self.files(request)


def require_collected() -> None:
    """Stop the start of a site that could show no page, because nobody has collected the files that pages name.

    Raises ImproperlyConfigured, saying what to type.
    """
    if isinstance(staticfiles_storage, SealedStorage) and not staticfiles_storage.hashed_files:
        raise ImproperlyConfigured(
            f"With DEBUG=false the site serves collected static files, and there are none in {settings.STATIC_ROOT}. "
            "Run `python manage.py collectstatic --noinput`, or set DEBUG=true on your own machine."
        )
