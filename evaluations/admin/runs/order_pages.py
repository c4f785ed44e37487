"""Pages of what costs money: the price first, then the order. What was confirmed is what is done."""

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from evaluations.admin import orders
from evaluations.models import Evaluation, Job, Prompt, Run
from evaluations.pipeline.lease import is_held
from evaluations.pipeline.start import MOST_SAMPLES, Order

from .base import RunBase
from .quotes import Quote, quote_rest, quote_run
from .signs import Standing


class ChoiceForm(forms.Form):
    """Which models, with which prompt, how often."""

    models = forms.MultipleChoiceField(label=gettext_lazy("Models"), widget=forms.CheckboxSelectMultiple)
    prompt = forms.TypedChoiceField(label=gettext_lazy("Prompt"), coerce=int)
    samples = forms.IntegerField(
        label=gettext_lazy("Reports of every model"), min_value=1, max_value=MOST_SAMPLES, initial=1
    )

    def __init__(self, evaluation: Evaluation, *args: Any, drafts: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roster = evaluation.roster.filter(retired_at=None).order_by("position", "pk")
        versions = evaluation.prompts.filter(imported=False).order_by("-version")
        if not drafts:  # what is public is written with what was published
            versions = versions.exclude(published_at=None)
        self.fields["models"].choices = [(model.slug, name_in_roster(model)) for model in roster]  # type: ignore[attr-defined]
        self.fields["prompt"].choices = [(prompt.version, name_of_version(prompt)) for prompt in versions]  # type: ignore[attr-defined]


def name_of_version(prompt: Prompt) -> str:
    """A version with what its author noted, and whether it is a draft."""
    told = [str(prompt.version), prompt.note or f"{prompt.created_at:%Y-%m-%d %H:%M}"]
    return ", ".join(told if prompt.published_at else [*told, _("draft")])


def name_in_roster(model: Any) -> str:
    """The model's name, and whether it does not take part by itself."""
    return str(model.name) if model.enabled else _("%s (not in scheduled runs)") % model.name


def asked_for(choice: Mapping[str, Any]) -> dict[str, Any]:
    """What was chosen, as an order and the arguments of a job name it."""
    return {"models": choice["models"], "samples": choice["samples"], "prompt_version": choice["prompt"] or None}


class OrderPages(RunBase):
    """The pages of runs, replays, trials and resumes, and the page that waits for a worker."""

    def order_urls(self) -> list[URLPattern]:
        """Their addresses."""
        wrap = self.admin_site.admin_view
        return [
            path("start/<int:evaluation>/", wrap(self.start), name="evaluations_run_start"),
            path("<int:run>/replay/", wrap(self.replay), name="evaluations_run_replay"),
            path("<int:run>/trial/", wrap(self.trial), name="evaluations_run_trial"),
            path("<int:run>/resume/", wrap(self.resume), name="evaluations_run_resume"),
            path("job/<int:job>/", wrap(never_cache(self.wait)), name="evaluations_run_job"),
            path("job/<int:job>/now/", wrap(never_cache(self.wait_now)), name="evaluations_run_job_now"),
        ]

    def start(self, request: HttpRequest, evaluation: int) -> HttpResponse:
        """Run an evaluation now."""
        self.require_decider(request)
        chosen = get_object_or_404(Evaluation, pk=evaluation)
        enabled = chosen.roster.filter(enabled=True, retired_at=None).order_by("position", "pk")
        initial = {"models": [model.slug for model in enabled], "samples": 1, "prompt": current_version(chosen)}
        facts = {
            "title": _("Run %s now") % chosen,
            "says": _("Searches, locks what it finds, and asks these models. It is public and voted on like a "
                      "scheduled run.") if not chosen.review_before_publishing else
                    _("Searches, locks what it finds, and asks these models. You read the reports before anybody "
                      "else does."),
            "submit": _("Run now"),
            "back": reverse("admin:evaluations_evaluation_change", args=[chosen.pk]),
        }  # fmt: skip
        return self.choose(
            request, chosen, initial, facts, lambda asked: orders.order_run(chosen, request.user, **asked)
        )

    def replay(self, request: HttpRequest, run: int) -> HttpResponse:
        """Read the material of a run again."""
        says = _("The same material, asked anew. It is shown as a replay, once the vote on that material is over, and "
                 "is never voted on.")  # fmt: skip
        return self.read_again(request, run, _("Replay %s"), says, _("Replay"), trial=False)

    def trial(self, request: HttpRequest, run: int) -> HttpResponse:
        """The same in private."""
        says = _("The same material, asked anew, for staff alone: never public, never voted on. It counts in the "
                 "ceilings like any other run.")  # fmt: skip
        return self.read_again(request, run, _("Try something on %s"), says, _("Try"), trial=True)

    def read_again(
        self, request: HttpRequest, number: int, title: str, says: str, submit: str, trial: bool
    ) -> HttpResponse:
        """A replay or a trial."""
        run = self.find(request, number, to_change=True)
        taking_part = set(run.entries.values_list("slug", flat=True))
        there = [model.slug for model in run.evaluation.roster.filter(retired_at=None).order_by("position", "pk")]
        models = [slug for slug in there if slug in taking_part]
        version = None if run.prompt.imported else run.prompt.version
        initial = {
            "models": models[:1] if trial else models,
            "samples": 1,
            "prompt": version or current_version(run.evaluation),
        }
        facts = {
            "title": title % run,
            "says": says,
            "submit": submit,
            "run": run,
            "drafts": trial,
            "back": self.page_of(run),
        }
        order = orders.order_trial if trial else orders.order_replay
        return self.choose(
            request, run.evaluation, initial, facts, lambda asked: order(run, request.user, **asked), run
        )

    def choose(
        self,
        request: HttpRequest,
        evaluation: Evaluation,
        initial: dict[str, Any],
        facts: dict[str, Any],
        give: Any,
        replay: Run | None = None,
    ) -> HttpResponse:
        """The choice with its price; given once that very choice was shown with its price."""
        choice: dict[str, Any] | None = initial
        drafts = bool(facts.pop("drafts", False))
        form = ChoiceForm(evaluation, initial=initial, drafts=drafts)
        if request.method == "POST":
            form = ChoiceForm(evaluation, request.POST, drafts=drafts)
            choice = form.cleaned_data if form.is_valid() else None
            if choice and key_of(choice) == request.POST.get("priced"):
                return self.follow(request, give(asked_for(choice)))
            if choice:
                facts["changed"] = _("You chose otherwise: this is the price now.")
        if choice and choice["models"]:
            quote = quote_run(evaluation, Order(replay=replay, **asked_for(choice)))
            facts |= {"quote": with_live_run(quote, evaluation), "priced": key_of(choice)}
        return self.page(request, "confirm", form=form, evaluation=evaluation, **facts)

    def resume(self, request: HttpRequest, run: int) -> HttpResponse:
        """Finish what is missing of a run."""
        shown = self.find(request, run, to_change=True)
        if request.method == "POST":
            return self.follow(request, orders.order_resume(shown, request.user))
        facts = {
            "title": _("Resume %s") % shown,
            "says": shown.failure or _("Its worker left it."),
            "submit": _("Resume"),
            "run": shown,
            "back": self.page_of(shown),
            "quote": quote_rest(shown),
        }
        if shown.state not in Run.RESUMABLE or is_held(shown):
            facts["refused"] = _("There is nothing to resume: %s.") % Standing.of(shown).words
        return self.page(request, "confirm", **facts)

    def follow(self, request: HttpRequest, job: Job) -> HttpResponse:
        """To the run that a job is about, or to where it is waited for."""
        about: Model = job.run or job.evaluation  # type: ignore[assignment]
        self.log_change(request, about, f"Ordered: {job.get_kind_display()}. {json.dumps(job.arguments)}")
        if job.run:
            return HttpResponseRedirect(self.page_of(job.run))
        return HttpResponseRedirect(reverse("admin:evaluations_run_job", args=[job.pk]))

    def wait(self, request: HttpRequest, job: int) -> HttpResponse:
        """A page that waits until a worker has taken a job; from then on, the page of its run."""
        shown = self.find_job(request, job)
        if shown.run:
            return HttpResponseRedirect(self.page_of(shown.run))
        follow = reverse("admin:evaluations_run_job_now", args=[shown.pk])
        return self.page(request, "job", job=shown, title=shown.get_kind_display(), follow=follow)

    def wait_now(self, request: HttpRequest, job: int) -> HttpResponse:
        """Where the job stands, for the page's script."""
        shown = self.find_job(request, job)
        there = reverse("admin:evaluations_run_job", args=[shown.pk])
        go_to = "" if shown.is_open and not shown.run_id else there
        return JsonResponse({"seen": shown.state, "goes_on": shown.is_open, "go_to": go_to})

    def find_job(self, request: HttpRequest, number: int) -> Job:
        """The job of an address."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(Job.objects.select_related("run", "evaluation", "asked_by"), pk=number)


def current_version(evaluation: Evaluation) -> int | None:
    """The version of the prompt in force."""
    return evaluation.prompt.version if evaluation.prompt else None


def key_of(choice: Mapping[str, Any]) -> str:
    """What tells one choice from another."""
    return json.dumps([sorted(choice["models"]), choice["samples"], choice["prompt"]])


def with_live_run(quote: Quote, evaluation: Evaluation) -> Quote:
    """The quote, with the run that is under way: a second one is refused."""
    live = Run.objects.live().filter(evaluation=evaluation).first()
    if live is None:
        return quote
    told = _("%s is under way; a second one is refused until it has ended.") % live
    return Quote(quote.models, [told, *quote.obstacles], quote.basis, quote.refused)
