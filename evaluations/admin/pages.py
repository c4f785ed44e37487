"""What our own pages in the admin have in common: their frame, the rows that addresses name, links between them."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

LONGEST_KEY = 18  # digits


class PageAdmin(admin.ModelAdmin):
    """Django's pages of a model, and further ones around it."""

    def page(self, request: HttpRequest, template: str, **facts: Any) -> TemplateResponse:
        """A page of its own in the admin's frame."""
        frame = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, f"admin/evaluations/{template}.html", frame | facts)


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
