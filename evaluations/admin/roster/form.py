"""A model of the roster as a form: how it is asked and who serves it, in fields instead of JSON."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluations.models import ModelConfig

QUANTIZATIONS = ("int4", "int8", "fp4", "fp6", "fp8", "fp16", "bf16", "fp32", "unknown")
EFFORTS = ("none", "minimal", "low", "medium", "high")
PLAIN = ("top_p", "seed")
MOST_NAMES = 50


class NamesField(forms.CharField):
    """Names with commas between them, kept as a list."""

    def prepare_value(self, value: Any) -> Any:
        """The list as it is typed."""
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        """The names, in their order."""
        names = value if isinstance(value, list) else re.split(r"[,\n]", str(value or ""))
        return [name.strip() for name in names if name.strip()][:MOST_NAMES]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compared as lists."""
        return self.to_python(data) != self.to_python(initial)

    def validate(self, value: Any) -> None:
        """An empty list is allowed; each name is short."""
        if any(len(name) > 100 for name in value):
            raise forms.ValidationError(_("A name has at most 100 characters."))

    def run_validators(self, value: Any) -> None:
        """Those of texts are not for lists."""


class ModelConfigForm(forms.ModelForm):
    """One entry of the roster."""

    top_p = forms.FloatField(required=False, min_value=0, max_value=1, help_text=gettext_lazy("Empty: not sent."))
    seed = forms.IntegerField(
        required=False, min_value=0, max_value=2**31 - 1, help_text=gettext_lazy("Empty: not sent.")
    )
    reasoning_effort = forms.ChoiceField(
        required=False, choices=[("", gettext_lazy("as the provider likes")), *((word, word) for word in EFFORTS)]
    )
    provider_order = NamesField(
        required=False,
        label=gettext_lazy("Serving providers, in order"),
        help_text=gettext_lazy("Such as groq, fireworks; empty for any."),
    )
    quantizations = forms.MultipleChoiceField(
        required=False,
        choices=[(name, name) for name in QUANTIZATIONS],
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None ticked: any."),
    )

    class Meta:
        model = ModelConfig
        exclude: list[str] = []
        labels = {
            "extra_parameters": gettext_lazy("Other parameters"),
            "allow_fallbacks": gettext_lazy("Others may serve it where these cannot"),
        }
        help_texts = {
            "extra_parameters": 'For what has no field here, as JSON: {"presence_penalty": 0.2}. Sent as it is.',
            "allow_fallbacks": gettext_lazy("Always the same model."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = self.instance.extra_parameters if isinstance(self.instance.extra_parameters, dict) else {}
        if self.instance.pk:
            self.initial.update({name: stored.get(name) for name in PLAIN})
            self.initial.update({"reasoning_effort": effort_in(stored), "extra_parameters": rest_of(stored)})
        unknown = [name for name in self.instance.quantizations or [] if name not in QUANTIZATIONS]
        if unknown and "quantizations" in self.fields:
            self.fields["quantizations"].choices = [(name, name) for name in (*QUANTIZATIONS, *unknown)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The parameters of all fields as one object; what the model refuses is said beside Other parameters."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        rest = cleaned.get("extra_parameters") or {}
        if isinstance(rest, dict) and "extra_parameters" in cleaned:
            provider = cleaned.get("provider")
            cleaned["extra_parameters"] = rest | parameters_in(cleaned, provider.kind if provider else "openai")
        return cleaned


def parameters_in(cleaned: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """What the fields add to a request: OpenRouter has an object for reasoning, others one word."""
    found = {name: cleaned[name] for name in PLAIN if cleaned.get(name) is not None}
    if effort := cleaned.get("reasoning_effort"):
        found |= {"reasoning_effort": effort} if kind == "openai" else {"reasoning": {"effort": effort}}
    return found


def effort_in(stored: Mapping[str, Any]) -> str:
    """The effort that is stored, in either form; empty where the stored object says more than that."""
    reasoning = stored.get("reasoning")
    if isinstance(reasoning, dict) and set(reasoning) == {"effort"} and reasoning["effort"] in EFFORTS:
        return str(reasoning["effort"])
    said = stored.get("reasoning_effort")
    return str(said) if said in EFFORTS else ""


def rest_of(stored: Mapping[str, Any]) -> dict[str, Any]:
    """What no field of the form shows."""
    shown = set(PLAIN) | ({"reasoning", "reasoning_effort"} if effort_in(stored) else set())
    return {name: value for name, value in stored.items() if name not in shown}
