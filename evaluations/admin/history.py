"""What happened: entries, attempts, money, material, slots and jobs. It can only be read."""

from django.contrib import admin

from evaluations.models import Attempt, Budget, Job, LockedContext, Report, RunEntry, Slot, Source

from .readonly import ReadOnlyAdmin, ReadOnlyInline


class ReportInline(ReadOnlyInline):
    """What one entry wrote."""

    model = Report
    fields = ["sample", "state", "error", "cost_usd", "latency_seconds", "answered_at"]


@admin.register(RunEntry)
class RunEntryAdmin(ReadOnlyAdmin):
    """One model in one run: the snapshot of its configuration."""

    list_display = ["__str__", "run", "model_id", "provider_slug"]
    list_select_related = ["run__evaluation"]
    inlines = [ReportInline]


@admin.register(Attempt)
class AttemptAdmin(ReadOnlyAdmin):
    """The ledger."""

    list_display = ["__str__", "state", "status_code", "error", "cost_usd", "written_at", "settled_at"]
    list_filter = ["state", "day"]
    list_select_related = ["report__entry"]
    exclude = ["body"]


@admin.register(Budget)
class BudgetAdmin(ReadOnlyAdmin):
    """Money reserved and spent, by day and by run."""

    list_display = ["__str__", "sandbox", "reserved_usd", "spent_usd"]
    list_filter = ["sandbox"]


class SourceInline(ReadOnlyInline):
    """The results in the context."""

    model = Source
    fields = ["rank", "title", "publisher", "published", "url", "has_text", "text_failure"]
    show_change_link = False


@admin.register(LockedContext)
class LockedContextAdmin(ReadOnlyAdmin):
    """The frozen material."""

    list_display = ["__str__", "created_at", "purged_at"]
    inlines = [SourceInline]


@admin.register(Slot)
class SlotAdmin(ReadOnlyAdmin):
    """The schedule as it went: which slots ran, which were skipped and why."""

    list_display = ["__str__", "run", "skipped_because"]
    list_filter = ["evaluation"]
    list_select_related = ["evaluation", "run__evaluation"]


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """What people asked for, and what came of it."""

    list_display = ["__str__", "evaluation", "run", "asked_by", "asked_at", "finished_at", "outcome"]
    list_filter = ["kind", "state"]
    list_select_related = ["evaluation", "run__evaluation", "asked_by"]
