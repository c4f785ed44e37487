"""Static files under the address at which a request found the site: behind a stage or a path, they are there, too."""

from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import StaticFilesStorage, staticfiles_storage
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.urls import get_script_prefix
from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]
from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]


class UnderPrefix:
    """A storage whose addresses are made for each request, where Django's are made at the start."""

    @property
    def base_url(self) -> str:
        """Before each file's name."""
        return f"{get_script_prefix()}static/"


class PlainStorage(UnderPrefix, StaticFilesStorage):
    """Files as they lie, for development."""


class SealedStorage(UnderPrefix, CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Compressed files whose names change with their content."""


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]
    """WhiteNoise that looks through its folders when the first file is asked for, not at the start.

    A new container answers with a page first: going through two hundred files would be a tenth of its start.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.folders: list[tuple[str, str]] = []
        super().__init__(*arguments, **options)

    def __call__(self, request: HttpRequest) -> Any:
        """The file of that address, else the page."""
        if self.folders and request.path_info.startswith(self.static_prefix):
            for folder in self.folders:
                super().update_files_dictionary(*folder)
            self.folders = []  # only now: a request that comes meanwhile looks for itself
        return super().__call__(request)

    def update_files_dictionary(self, root: str, prefix: str) -> None:
        """Remember the folder."""
        self.folders.append((root, prefix))


def require_collected() -> None:
    """Stop the start of a site that could show no page, because nobody has collected the files that pages name.

    Raises ImproperlyConfigured, saying what to type.
    """
    if isinstance(staticfiles_storage, SealedStorage) and not staticfiles_storage.hashed_files:
        raise ImproperlyConfigured(
            f"With DEBUG=false the site serves collected static files, and there are none in {settings.STATIC_ROOT}. "
            "Run `python manage.py collectstatic --noinput`, or set DEBUG=true on your own machine."
        )
