"""The roster: models added from their providers' own lists, watched, asked a test question, retired."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Length
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from evaluations.admin.changes import ChangesInValues
from evaluations.admin.orders import order_trial
from evaluations.admin.prompts.preview import quote_of, runs_with_material
from evaluations.contexts import BYTES_PER_TOKEN
from evaluations.models import Evaluation, LockedContext, ModelConfig, Provider, ProviderListing
from evaluations.pipeline.roster import candidate
from evaluations.providers.batch import Messages
from evaluations.providers.offers import ListedModel, Offer

from .form import ModelConfigForm
from .lists import kept_listing, models_of, offer_in, offer_kept, text_of
from .warnings import warnings_of

MOST_SHOWN = 100


class Standing(admin.SimpleListFilter):
    """Retired models are out of the way unless they are asked for."""

    title = "standing"
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Beside those that are not retired."""
        return [("retired", "retired"), ("all", "all")]

    def choices(self, changelist: Any) -> Any:
        """The first choice is the roster itself."""
        for number, choice in enumerate(super().choices(changelist)):
            yield choice if number else choice | {"display": _("in the roster")}

    def queryset(self, request: HttpRequest, queryset: QuerySet[ModelConfig]) -> QuerySet[ModelConfig]:
        """The models of the choice."""
        if self.value() == "all":
            return queryset
        return queryset.filter(retired_at__isnull=self.value() != "retired")


class RosterList(ChangeList):
    """The page of the roster, with what speaks against each model of it."""

    def get_results(self, request: HttpRequest) -> None:
        """The models of this page; each provider's kept list is read once."""
        super().get_results(request)
        models: list[Any] = list(self.result_list)
        listings = ProviderListing.objects.filter(provider__in={model.provider_id for model in models})
        offers = {listing.provider_id: offer_in(listing) for listing in listings}
        today = timezone.now().date()
        for model in models:
            model.warnings = list(warnings_of(model, offers.get(model.provider_id, Offer()), model.lock_bytes, today))


@admin.register(ModelConfig)
class ModelConfigAdmin(ChangesInValues):
    """The roster."""

    form = ModelConfigForm
    list_display = ["name", "against", "enabled", "position", "evaluation", "asked_as", "price"]
    ordering = ["evaluation", "position", "pk"]
    list_editable = ["position", "enabled"]
    list_filter = [Standing, "evaluation", "enabled", "provider"]
    list_select_related = ["evaluation", "provider"]
    search_fields = ["name", "slug", "model_id"]
    actions = ["retire", "bring_back"]
    prepopulated_fields = {"slug": ["name"]}
    purpose = gettext_lazy(
        "Who writes: each run asks all models that are switched on, at once and with the same messages."
    )
    first_step = gettext_lazy("No model yet. Choose one from a provider's own list, or type its id with “Add”.")
    fieldsets = [
        (None, {"fields": ["evaluation", ("position", "enabled"), "name", "slug", "provider", "model_id"]}),
        (
            gettext_lazy("How it is asked"),
            {"fields": ["temperature", "max_tokens", "top_p", "seed", "reasoning_effort", "extra_parameters"]},
        ),
        (
            gettext_lazy("Its window, and its price in USD per million tokens, where the provider does not say"),
            {"fields": ["context_window", ("usd_per_million_input", "usd_per_million_output")]},
        ),
        (
            gettext_lazy("Who serves it (OpenRouter)"),
            {"fields": ["provider_order", "quantizations", "allow_fallbacks"]},
        ),
    ]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """The list that knows what speaks against a model."""
        return RosterList

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """In the list, columns' headings are no labels for those who cannot see them."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name in self.list_editable:
            field.widget.attrs["aria-label"] = str(field.label)
        return field

    def get_queryset(self, request: HttpRequest) -> QuerySet[ModelConfig]:
        """With the size of the last lock of their evaluation."""
        locks = LockedContext.objects.filter(runs__evaluation=OuterRef("evaluation"), purged_at=None)
        newest = locks.order_by("-pk").annotate(size=Length("payload")).values("size")[:1]
        models: QuerySet[ModelConfig] = super().get_queryset(request)
        return models.annotate(lock_bytes=Subquery(newest))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only what never took part is deleted; the others are retired."""
        unused = obj is None or not obj.entries.exists()
        return unused and super().has_delete_permission(request, obj)

    @admin.display(description=gettext_lazy("asked as"), ordering="model_id")
    def asked_as(self, model: ModelConfig) -> SafeString:
        """Its id, and where it is asked."""
        return format_html("{} <span class=quiet-words>{}</span>", model.model_id, model.provider)

    @admin.display(description=gettext_lazy("USD/M, in / out"))
    def price(self, model: ModelConfig) -> str:
        """As an editor gave it."""
        given = (model.usd_per_million_input, model.usd_per_million_output)
        return " / ".join(text_of(usd) or "?" for usd in given)

    @admin.display(description=gettext_lazy("warnings"))
    def against(self, model: Any) -> SafeString | str:
        """What speaks against it."""
        if model.retired_at:
            return _("retired on %s") % f"{model.retired_at:%Y-%m-%d}"
        return format_html_join("", '<div class="trouble">{}</div>', ((words,) for words in model.warnings))

    @admin.action(description=gettext_lazy("Retire: takes part no more, its past runs stay"), permissions=["change"])
    def retire(self, request: HttpRequest, chosen: QuerySet[ModelConfig]) -> None:
        """Take models out of the roster for good, or until they are brought back."""
        for model in chosen.filter(retired_at=None):
            ModelConfig.objects.filter(pk=model.pk).update(retired_at=timezone.now(), enabled=False)
            self.log_change(request, model, "Retired.")
            self.message_user(request, _("%s is retired. Its past runs stay as they are.") % model, messages.SUCCESS)

    @admin.action(description=gettext_lazy("Bring back what was retired"), permissions=["change"])
    def bring_back(self, request: HttpRequest, chosen: QuerySet[ModelConfig]) -> None:
        """Put retired models back, switched off."""
        for model in chosen.exclude(retired_at=None):
            ModelConfig.objects.filter(pk=model.pk).update(retired_at=None)
            self.log_change(request, model, "Brought back.")
            self.message_user(request, _("%s is back, switched off.") % model, messages.SUCCESS)

    # From a provider's list

    def get_urls(self) -> list[URLPattern]:
        """The pages around one model, and the choice of a new one."""
        wrap, name = self.admin_site.admin_view, "evaluations_modelconfig_{}".format
        return [
            path("choose/", wrap(self.choose), name=name("choose")),
            path("<int:pk>/ask/", wrap(require_POST(self.ask_test_question)), name=name("ask")),
            path("<int:pk>/standing/", wrap(require_POST(self.change_standing)), name=name("standing")),
            *super().get_urls(),
        ]

    def choose(self, request: HttpRequest) -> HttpResponse:
        """A provider's list of models, to pick one from; the last copy where the provider is away."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        evaluations, providers = list(Evaluation.objects.all()), list(Provider.objects.select_related("listing"))
        evaluation = by_key(evaluations, request.GET.get("evaluation")) or next(iter(evaluations), None)
        provider = by_key(providers, request.GET.get("provider")) or natural_provider(evaluation, providers)
        words, anew = request.GET.get("q", ""), "anew" in request.GET
        found = models_of(provider, evaluation, anew=anew) if provider and evaluation else None
        rows = found.rows(words) if found else []
        return self.page(
            request,
            "modelconfig/choose",
            title=_("Choose a model from a provider's list"),
            evaluations=evaluations,
            providers=providers,
            evaluation=evaluation,
            provider=provider,
            words=words,
            found=found,
            count=len(rows),
            rows=[row_to_choose(evaluation, provider, *row) for row in rows[:MOST_SHOWN]],
            taken=set(evaluation.roster.values_list("model_id", flat=True)) if evaluation else (),
        )

    # One model

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        """With what its provider lists, what speaks against it, and the price of a test question."""
        model: Any = self.get_object(request, object_id)
        return super().change_view(request, object_id, form_url, {**facts_of(model), **(extra_context or {})})

    def ask_test_question(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Have the model write one report in private, on the newest material with the prompt in force."""
        model = get_object_or_404(ModelConfig.objects.select_related("evaluation"), pk=pk, retired_at=None)
        if not self.has_change_permission(request, model):
            raise PermissionDenied
        runs = runs_with_material(model.evaluation)
        if not runs:
            self.message_user(request, _("There is no material yet: start a first run."), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:evaluations_modelconfig_change", args=[pk]))
        run = runs[0]
        run.evaluation = model.evaluation
        job = order_trial(run, request.user, models=[model.slug])
        self.message_user(
            request, _("%s is asked in private; what it writes is linked here.") % model, messages.SUCCESS
        )
        return HttpResponseRedirect(reverse("admin:evaluations_job_change", args=[job.pk]))

    def change_standing(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Retire one model, or bring it back."""
        model = get_object_or_404(ModelConfig, pk=pk)
        if not self.has_change_permission(request, model):
            raise PermissionDenied
        chosen = ModelConfig.objects.filter(pk=pk)
        (self.bring_back if model.retired_at else self.retire)(request, chosen)
        return HttpResponseRedirect(reverse("admin:evaluations_modelconfig_change", args=[pk]))


def by_key(rows: list[Any], key: str | None) -> Any:
    """The row with this key; None where there is none."""
    return next((row for row in rows if str(row.pk) == key), None)


def natural_provider(evaluation: Evaluation | None, providers: list[Provider]) -> Provider | None:
    """The first provider that an evaluation can use: the sandbox's models are for sandbox evaluations alone."""
    inside = evaluation is not None and evaluation.sandbox
    return next((provider for provider in providers if (provider.kind == "sandbox") == inside), None)


def row_to_choose(evaluation: Any, provider: Any, model_id: str, listed: ListedModel) -> dict[str, Any]:
    """One model of a list, and the address of the form with all that the list says of it filled in."""
    name = model_id.rpartition("/")[2].replace("-", " ").replace(":", " ").strip().title() or model_id
    filled = {
        "evaluation": evaluation.pk,
        "provider": provider.pk,
        "model_id": model_id,
        "name": name[:100],
        "slug": slugify(model_id.rpartition("/")[2].replace(".", "-"))[:50],
        "usd_per_million_input": listed.usd_per_million_input,
        "usd_per_million_output": listed.usd_per_million_output,
    }
    if listed.parameters is not None and "temperature" not in listed.parameters:
        filled["temperature"] = ""
    query = urlencode({key: value for key, value in filled.items() if value is not None})
    address = f"{reverse('admin:evaluations_modelconfig_add')}?{query}"
    return {"id": model_id, "listed": listed, "parameters": sorted(listed.parameters or ()), "address": address}


def facts_of(model: Any) -> dict[str, Any]:
    """What the page of one model shows beside its form."""
    if model is None:
        return {}
    kept, offer = kept_listing(model.provider), offer_kept(model.provider)
    runs = runs_with_material(model.evaluation)
    prompt = model.evaluation.prompt
    size = len(Messages(prompt.text, runs[0].context.text).serialised) if runs and prompt and runs[0].context else 0
    listed = offer.find(model.model_id)
    return {
        "listed": listed,
        "parameters": sorted(listed.parameters or ()) if listed else [],
        "listed_at": kept and kept.asked_at,
        "warnings": list(warnings_of(model, offer, model.lock_bytes, timezone.now().date())),
        "test_usd": quote_of(candidate(model, offer), size, BYTES_PER_TOKEN).worst_usd if size else None,
    }


@admin.register(Provider)
class ProviderAdmin(ChangesInValues):
    """Endpoints. Keys stay in the environment; only the name of their variable is kept here."""

    list_display = ["name", "kind", "base_url", "api_key_variable", "key_goes_to"]
    prepopulated_fields = {"slug": ["name"]}
    readonly_fields = ["key_goes_to"]
    purpose = gettext_lazy(
        "Where models are asked. Keys stay in the environment: here stands only the name of their variable."
    )

    @admin.display(description=gettext_lazy("Key goes to"))
    def key_goes_to(self, provider: Provider) -> str:
        """The host, and whether that is confirmed."""
        if not provider.api_key_variable:
            return "-"
        return provider.key_host if provider.key_is_confirmed else _("%s: not confirmed, not sent") % provider.key_host

    def save_model(self, request: HttpRequest, provider: Provider, form: Any, change: bool) -> None:
        """Where a key goes is for superusers to say: what they save is confirmed, what others change waits."""
        if request.user.is_superuser:
            provider.confirm_key()
        super().save_model(request, provider, form, change)
        if not provider.key_is_confirmed:
            where = f"{provider.api_key_variable} would go to {provider.key_host}"
            self.message_user(request, f"{where}: no run starts before a superuser saves this.", messages.WARNING)
