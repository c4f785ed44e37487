"""Where models are asked, and which key goes there."""

from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from evaluations.providers.registry import PROVIDERS, provider_of
from evaluations.wire.secrets import is_name_of_key


def name_of_key(value: str) -> None:
    """Refuse what names no key, or one that belongs elsewhere: its value would be sent to the provider."""
    if not is_name_of_key(value):
        raise ValidationError("The NAME of an environment variable that ends in _API_KEY, never the key.")
    if value in settings.KEYS_OF_OTHERS:
        raise ValidationError(f"{value} is read for something else, and goes to no provider.")


def usable_address(value: str) -> None:
    """Refuse an address that no request can be made of, and one with a user, a query or a fragment."""
    try:
        parts = urlsplit(value)
        usable = bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or "@" in parts.netloc or parts.query or parts.fragment:
        raise ValidationError("An address such as https://api.mistral.ai/v1, with no user, key or query in it.")


class ProviderQuerySet(models.QuerySet["Provider"]):
    """Providers. Whoever makes one by a program has the environment's keys anyway: where its key goes is confirmed."""

    def create(self, **fields: Any) -> "Provider":
        """A provider whose key may be used at once."""
        provider = Provider(**fields)
        provider.confirm_key()
        provider.save(force_insert=True, using=self.db)
        return provider


class Provider(models.Model):
    """An OpenAI-compatible endpoint."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    kind = models.CharField(
        max_length=20, choices=[(kind, provider.title) for kind, provider in PROVIDERS.items()], default="openai"
    )
    base_url = models.URLField(
        blank=True, validators=[usable_address], help_text="Up to /v1. Empty for OpenRouter: OPENROUTER_BASE_URL rules."
    )
    api_key_variable = models.CharField(
        max_length=100,
        blank=True,
        validators=[name_of_key],
        help_text="Name of the environment variable that holds the key, such as MISTRAL_API_KEY; empty for a server "
        "without keys.",
    )
    key_confirmed_for = models.CharField(
        max_length=400, blank=True, editable=False, help_text="The key and the host that it may go to."
    )

    objects = ProviderQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a server without an address."""
        if self.kind in PROVIDERS and PROVIDERS[self.kind].needs_address and not self.base_url:
            raise ValidationError({"base_url": "An OpenAI-compatible server needs its address."})

    @property
    def key_host(self) -> str:
        """Where the key goes: a host with its port, or the setting that names it."""
        kind = provider_of(self.kind)
        return urlsplit(self.base_url).netloc.lower() or kind.base_url_setting or kind.base_url

    @property
    def key_is_confirmed(self) -> bool:
        """Whether somebody who may has said that this key goes to this host."""
        return not self.api_key_variable or self.key_confirmed_for == self._key_and_host

    def confirm_key(self) -> None:
        """Say that this key may go to this host, until one of the two changes."""
        self.key_confirmed_for = self._key_and_host

    @property
    def _key_and_host(self) -> str:
        return f"{self.api_key_variable} to {self.key_host}"


class ProviderListing(models.Model):
    """The last list of models that a provider gave, for when it is away."""

    provider = models.OneToOneField(Provider, models.CASCADE, related_name="listing")
    rows = models.JSONField(default=dict, help_text="By id: window, expiry, parameters, prices.")
    complete = models.BooleanField(default=False, help_text="What is not on it is not there.")
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"models of {self.provider}, {self.asked_at:%Y-%m-%d %H:%M} UTC"
