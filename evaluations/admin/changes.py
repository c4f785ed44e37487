"""Who changed what, from which value to which: Django's own log, in words that tell the values."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext

from evaluations.models import Provider, Run

from .pages import PageAdmin
from .readonly import ReadOnlyAdmin

LONGEST_VALUE = 60


class ChangesInValues(PageAdmin):
    """A page whose history says of each field what it was and what it became."""

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """What the log keeps of one save: a sentence, where Django would name fields alone."""
        if add:
            return super().construct_change_message(request, form, formsets, add)
        changes = [*changes_in(form), *(line for formset in formsets or () for line in changes_in_rows(formset))]
        return "; ".join(changes) or "Saved without a change."

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """With a word on a run that has begun: it keeps what it began with."""
        for live in runs_under_way_with(obj):
            told = gettext("%(run)s is under way and goes on as it began: what you saved is for the next run.")
            self.message_user(request, told % {"run": live}, messages.INFO)
        return super().response_change(request, obj)


def runs_under_way_with(changed: Any) -> QuerySet[Run]:
    """Runs that have begun with an evaluation, a thing of it, or a provider as it was."""
    live = Run.objects.live().select_related("evaluation")
    if isinstance(changed, Provider):
        return live.filter(entries__provider_slug=changed.slug).distinct()
    return live.filter(evaluation=getattr(changed, "evaluation", changed))


def changes_in(form: forms.BaseForm) -> Iterator[str]:
    """Each changed field, with both values."""
    for name in form.changed_data:
        before = value_in_words(form.get_initial_for_field(form.fields[name], name))
        after = value_in_words(form.cleaned_data.get(name))
        label = capfirst(str(form.fields[name].label or name.replace("_", " ")))
        yield f"{label}: {before} → {after}" if max(len(before), len(after)) < LONGEST_VALUE else f"{label} rewritten"


def changes_in_rows(formset: Any) -> Iterator[str]:
    """Rows that were added, changed or taken out."""
    yield from (f"Added {row._meta.verbose_name} “{row}”" for row in formset.new_objects)
    for row, _ in formset.changed_objects:
        form = next(form for form in formset.initial_forms if form.instance.pk == row.pk)
        yield f"{capfirst(row._meta.verbose_name)} “{row}”: {', '.join(changes_in(form))}"
    yield from (f"Deleted {row._meta.verbose_name} “{row}”" for row in formset.deleted_objects)


WORDS = {"None": "empty", "": "empty", "True": "yes", "False": "no", "[]": "empty", "{}": "empty"}


def value_in_words(value: Any) -> str:
    """A value as the log tells it."""
    return WORDS.get(str(value), str(value))


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    """Who changed what, newest first."""

    list_display = ["action_time", "user", "content_type", "object_repr", "what_changed"]
    list_filter = ["action_time", "content_type"]
    list_select_related = ["user", "content_type"]
    search_fields = ["object_repr", "change_message"]
    purpose = "Who changed what, and from which value to which."
    fields = ["action_time", "user", "content_type", "object_repr", "what_changed"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[LogEntry]:
        """What became of accounts is for superusers to read."""
        entries: QuerySet[LogEntry] = super().get_queryset(request)
        return entries if request.user.is_superuser else entries.filter(content_type__app_label="evaluations")

    @admin.display(description="what")
    def what_changed(self, entry: LogEntry) -> str:
        """In words."""
        return str(entry.get_change_message() or entry.get_action_flag_display())
