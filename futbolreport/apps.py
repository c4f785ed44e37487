"""Django's admin as this site sets it up."""

from django.contrib.admin.apps import SimpleAdminConfig


class NewsroomConfig(SimpleAdminConfig):
    """The admin with our own site. Commands need no admin, so nothing is discovered; futbolreport.urls does it late."""

    default_site = "futbolreport.newsroom.Newsroom"

    def ready(self) -> None:
        """Let `check --deploy` know what a public site needs."""
        super().ready()
        from . import checks  # noqa: F401 - it registers them
