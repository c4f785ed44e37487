"""Static files under the address at which a request found the site: behind a stage or a path, they are there, too."""

from django.contrib.staticfiles.storage import StaticFilesStorage
from django.urls import get_script_prefix
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
