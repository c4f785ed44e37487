"""Every address of the site. The admin's are looked up late: a public page needs neither them nor what they import."""

from typing import Any

from django.conf import settings
from django.urls import URLResolver, include, path
from django.urls.resolvers import RoutePattern


class LateResolver(URLResolver):
    """Addresses whose module is imported when one of them is asked for or reversed, not when others are.

    Django fills its tables for reversing by asking every resolver for its own (`_populate`); this one gives nothing
    until somebody looks into its namespace.
    """

    asked = False

    def _populate(self) -> None:
        if self.asked:
            super()._populate()

    @property
    def reverse_dict(self) -> Any:
        """Names and their addresses."""
        self.asked = True
        return super().reverse_dict

    @property
    def namespace_dict(self) -> Any:
        """Namespaces inside."""
        self.asked = True
        return super().namespace_dict

    @property
    def app_dict(self) -> Any:
        """Applications inside."""
        self.asked = True
        return super().app_dict


ADMIN = RoutePattern(settings.ADMIN_PATH, is_endpoint=False)

handler400 = "evaluations.views.database.answer_refusal"
handler500 = "evaluations.views.database.answer_failure"

urlpatterns = [
    LateResolver(ADMIN, "futbolreport.admin_urls", app_name="admin", namespace="admin"),
    path("", include("votes.urls")),
    path("", include("evaluations.views.urls")),
]
