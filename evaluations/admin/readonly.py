"""What happened is shown and never changed: the bases of such pages."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from .pages import PageAdmin


class ReadOnly:
    """What happened is looked at and never changed; a run is cancelled or withdrawn, never deleted."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False


class ReadOnlyAdmin(ReadOnly, PageAdmin):
    """Pages of what happened."""


class ReadOnlyInline(ReadOnly, admin.TabularInline):
    """Rows of what happened, on the page of what they belong to."""

    extra = 0
    show_change_link = True

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """All that are shown, those that fill themselves included."""
        return self.fields
