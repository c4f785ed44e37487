"""What happened is shown and never changed: the bases of such pages."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

LONGEST_KEY = 18  # digits


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


class ReadOnlyAdmin(ReadOnly, admin.ModelAdmin):
    """Pages of what happened."""


class ReadOnlyInline(ReadOnly, admin.TabularInline):
    """Rows of what happened, on the page of what they belong to."""

    extra = 0
    show_change_link = True

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """All that are shown, those that fill themselves included."""
        return self.fields


def row_of_key[M: Model](rows: QuerySet[M], key: str | None) -> M:
    """The row whose key a form or an address sent, whatever else stands there. Raises Http404."""
    if not key or not key.isdecimal() or len(key) > LONGEST_KEY:
        raise Http404
    return get_object_or_404(rows, pk=key)


def link_to(instance: Any, text: str = "") -> SafeString | str:
    """A link to the admin page of `instance`."""
    if instance is None:
        return "none"
    address = reverse(f"admin:{instance._meta.app_label}_{instance._meta.model_name}_change", args=[instance.pk])
    return format_html('<a href="{}">{}</a>', address, text or str(instance))
