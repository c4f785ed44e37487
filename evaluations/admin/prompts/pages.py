"""The versions of the prompts: written, compared, previewed, tried, published, and taken back."""

import difflib
from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from evaluations.admin.changes import ChangesInValues
from evaluations.admin.orders import order_trial
from evaluations.admin.pages import row_of_key
from evaluations.models import Evaluation, Prompt, Run
from evaluations.scoring.format import schema
from evaluations.scoring.format.check import instructions

from .form import LIMITS, PHRASES, PromptForm, format_from
from .preview import Preview, preview_of, runs_with_material
from .trials import trials_of

STOP_POLLING = 286  # htmx: the last answer

FORMAT = [
    ("title", "no_preamble", "no_links"),
    "sections",
    ("ordered", "extra_sections"),
    *((f"min_{what}", f"max_{what}") for what in LIMITS),
    PHRASES,
    ("ends_with", "language"),
]


@admin.register(Prompt)
class PromptAdmin(ChangesInValues):
    """Versions of the prompts. Every save makes the next one; runs use the one that was published last."""

    form = PromptForm
    list_display = ["__str__", "standing", "note", "author", "created_at", "published_at", "published_by", "used_in"]
    list_filter = ["evaluation"]
    list_select_related = ["evaluation", "author", "published_by"]
    actions = None
    purpose = gettext_lazy(
        "What models are told. A save makes the next version; runs use the version that was published last."
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Prompt]:
        """With the number of runs that used each version, and which one is in force."""
        prompts: QuerySet[Prompt] = super().get_queryset(request)
        newest = Prompt.objects.published().filter(evaluation=OuterRef("evaluation")).values("pk")[:1]
        counted = prompts.annotate(run_count=Count("runs"), in_force=Subquery(newest))
        return counted.select_related(*self.list_select_related)

    def get_fieldsets(self, request: HttpRequest, obj: Prompt | None = None) -> Any:
        """The words, the format as rows; of a stored version also who wrote it and when it was in force."""
        told = [("Version", {"fields": ["standing", ("author", "created_at"), ("published_by", "published_at")]})]
        return [
            (None, {"fields": ["evaluation", "note", "system_text", "based_on"]}),
            (
                gettext_lazy("Output format: each row writes an instruction, and is checked in every report"),
                {"fields": FORMAT},
            ),
            *(told if obj else []),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Prompt | None = None) -> list[str]:
        """The next version belongs to the same evaluation."""
        told = ["standing", "author", "created_at", "published_by", "published_at"]
        return ["evaluation", *told] if obj else []

    def save_model(self, request: HttpRequest, obj: Prompt, form: Any, change: bool) -> None:
        """Save the next version and leave the stored one as it was; a draft, unless it is to be published at once."""
        # Two editors who save at once get two versions, one after the other.
        Evaluation.objects.select_for_update().get(pk=obj.evaluation_id)
        obj.output_format = form.cleaned_data["output_format"]
        obj.pk, obj._state.adding = None, True
        author: Any = request.user
        at_once = "_publish" in request.POST or not obj.evaluation.prompts.exists()
        obj.author, obj.published_at, obj.published_by = author, None, None
        obj.save()
        if at_once:
            obj.publish(author)
        self.warn_of_others(request, obj, form.cleaned_data.get("based_on"))

    def warn_of_others(self, request: HttpRequest, saved: Prompt, opened_at: int | None) -> None:
        """Say what was saved by others while this form was open."""
        if opened_at is None or saved.version - 1 <= opened_at:
            return
        between = saved.evaluation.prompts.filter(version__gt=opened_at, version__lt=saved.version)
        named = ", ".join(f"version {other.version} by {other.author or 'a command'}" for other in between)
        words = _("While you wrote, somebody else saved %s. Both are kept; compare them before you publish.") % named
        self.message_user(request, words, messages.WARNING)

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        """A new version, and its note."""
        return f"Version {form.instance.version}: {form.instance.note or 'no note'}"

    def response_change(self, request: HttpRequest, obj: Prompt) -> HttpResponse:
        """On to the new version."""
        state = _("in force from the next run on") if obj.published_at else _("a draft: preview it, try it, publish it")
        self.message_user(
            request,
            _("Saved as version %(version)s, %(state)s.") % {"version": obj.version, "state": state},
            messages.SUCCESS,
        )
        return HttpResponseRedirect(reverse("admin:evaluations_prompt_change", args=[obj.pk]))

    response_add = response_change  # type: ignore[assignment]

    @admin.display(description=gettext_lazy("in use"))
    def standing(self, prompt: Any) -> SafeString | str:
        """Whether runs use it."""
        if prompt.imported:
            return _("came with an imported run")
        if prompt.published_at is None:
            return "draft"
        return mark_safe("<b>in force</b>") if prompt.pk == prompt.in_force else "earlier"

    @admin.display(description=gettext_lazy("runs"), ordering="run_count")
    def used_in(self, prompt: Any) -> int:
        """How many runs used this version."""
        return int(prompt.run_count)

    # What a version can do besides being written

    def get_urls(self) -> list[URLPattern]:
        """The pages around one version."""
        wrap, name = self.admin_site.admin_view, "evaluations_prompt_{}".format
        return [
            path("instructions/", wrap(self.instructions), name=name("instructions")),
            path("<int:pk>/difference/", wrap(self.difference), name=name("difference")),
            path("<int:pk>/preview/", wrap(self.preview), name=name("preview")),
            path("<int:pk>/trials/", wrap(self.trials), name=name("trials")),
            path("<int:pk>/publish/", wrap(require_POST(self.publish)), name=name("publish")),
            path("<int:pk>/try/", wrap(require_POST(self.order_trial)), name=name("try")),
            *super().get_urls(),
        ]

    def version(self, request: HttpRequest, pk: int, *, to_change: bool = False) -> Prompt:
        """The version of an address, for somebody who may see it, or work with it."""
        prompt = get_object_or_404(Prompt.objects.select_related("evaluation", "author"), pk=pk)
        if not (self.has_change_permission(request) if to_change else self.has_view_permission(request)):
            raise PermissionDenied
        return prompt

    def instructions(self, request: HttpRequest) -> HttpResponse:
        """What the rows of the form, as they stand, would ask of a model; the form asks while it is filled in."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = PromptForm(request.POST)
        form.is_valid()
        try:
            asked = instructions(format_from(form.cleaned_data, {}))
        except (schema.FormatError, KeyError) as error:
            asked = _("Not yet a format that can be checked: %s") % error
        return HttpResponse(format_html("<pre>{}</pre>", asked or _("Nothing is asked.")))

    def difference(self, request: HttpRequest, pk: int) -> HttpResponse:
        """This version beside another: the one in force, else the one before."""
        prompt = self.version(request, pk)
        others = list(prompt.evaluation.prompts.exclude(pk=pk).order_by("-version"))
        wanted = request.GET.get("with", "")
        chosen = next((other for other in others if str(other.version) == wanted), None)
        other = chosen or self.natural_counterpart(prompt, others)
        lines = list(lines_of_difference(other, prompt)) if other else []
        facts = {"prompt": prompt, "original": prompt, "other": other, "others": others, "lines": lines}
        return self.page(request, "prompt/difference", title=_("What is new in version %s") % prompt.version, **facts)

    def natural_counterpart(self, prompt: Prompt, others: list[Prompt]) -> Prompt | None:
        """What a version is compared with unless another is named."""
        in_force = prompt.evaluation.prompt
        earlier = next((other for other in others if other.version < prompt.version), None)
        return in_force if in_force and in_force != prompt else earlier

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Exactly what would be sent on a past lock, and what each model would take for it."""
        prompt = self.version(request, pk)
        runs = runs_with_material(prompt.evaluation)
        run = next((run for run in runs if str(run.pk) == request.GET.get("run")), runs[0] if runs else None)
        found: Preview | None = preview_of(prompt, run) if run else None
        facts = {"prompt": prompt, "original": prompt, "runs": runs, "preview": found}
        facts |= {"may_try": self.has_change_permission(request), **(facts_of_trials(prompt, run) if run else {})}
        return self.page(request, "prompt/preview", title=_("What version %s sends") % prompt.version, **facts)

    def trials(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What the trials have come to: the page asks every two seconds, until all have ended."""
        prompt = self.version(request, pk)
        run = row_of_key(prompt.evaluation.runs.all(), request.GET.get("run"))
        facts = facts_of_trials(prompt, run) | {"prompt": prompt}
        status = 200 if facts["under_way"] else STOP_POLLING
        return TemplateResponse(request, "admin/evaluations/prompt/_trials.html", facts, status=status)

    def order_trial(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Have one model try a version on a past lock: in private, under the ceilings."""
        prompt = self.version(request, pk, to_change=True)
        run = row_of_key(prompt.evaluation.runs.all(), request.POST.get("run"))
        model = get_object_or_404(prompt.evaluation.roster, slug=request.POST.get("model"), retired_at=None)
        order_trial(run, request.user, models=[model.slug], prompt_version=prompt.version)
        self.message_user(
            request,
            _("%(model)s tries version %(version)s on the material of %(run)s, in private.")
            % {"model": model, "version": prompt.version, "run": run},
        )
        preview = reverse("admin:evaluations_prompt_preview", args=[pk])
        return HttpResponseRedirect(f"{preview}?run={run.pk}#trials")

    def publish(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put a version in force; of an older one, that is a roll-back."""
        prompt = self.version(request, pk, to_change=True)
        if prompt.imported:
            raise PermissionDenied
        before = prompt.evaluation.prompt
        prompt.publish(request.user)
        back = before is not None and before.version > prompt.version
        words = f"Rolled back to version {prompt.version}" if back else f"Published version {prompt.version}"
        self.log_change(request, prompt, f"{words}; before: {f'version {before.version}' if before else 'none'}.")
        self.message_user(request, f"{words}: in force from the next run on.", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:evaluations_prompt_change", args=[pk]))

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        """With what can be done with the version."""
        prompt = self.get_object(request, object_id)
        facts = {"may_publish": prompt and self.may_be_published(request, prompt)}
        return super().change_view(request, object_id, form_url, {**facts, **(extra_context or {})})

    def may_be_published(self, request: HttpRequest, prompt: Prompt) -> bool:
        """Whether it is not in force, and whoever asks may put it there."""
        return self.has_change_permission(request) and not prompt.imported and prompt != prompt.evaluation.prompt


def facts_of_trials(prompt: Prompt, run: Run) -> dict[str, Any]:
    """The trials of a version on the material of a run, and whether more is to come."""
    trials = trials_of(prompt, run)
    return {"run": run, "trials": trials, "under_way": any(trial.under_way for trial in trials)}


def lines_of_difference(before: Prompt, after: Prompt) -> Iterator[tuple[str, str]]:
    """What models get, line by line: `same`, `gone` or `new`, and the line."""
    kinds = {" ": "same", "-": "gone", "+": "new"}
    for line in difflib.ndiff(before.text.splitlines(), after.text.splitlines()):
        if line[0] in kinds:
            yield kinds[line[0]], line[2:]
