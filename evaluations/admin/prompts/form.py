"""A prompt as a form: the words, and the output format as rows that write its instructions."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluations.models import Prompt
from evaluations.scoring.format import schema
from evaluations.scoring.text.language import NAMES

YES_OR_NO = ("title", "ordered", "extra_sections", "no_preamble", "no_links")
LIMITS = ("words", "sentences", "paragraphs", "bullets")
PHRASES = ("required_phrases", "forbidden_phrases")
SECTION_LIMITS = ("min_words", "max_words", "min_items", "max_items")
SECTION_KEYS = ("heading", "style", *SECTION_LIMITS)
EMPTY_ROWS = 2
MOST_ROWS = 60


class SectionRows(forms.Widget):
    """One row a section; rows without a heading are left out."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The rows that there are, and some empty ones."""
        rows = [*(value or []), *([{}] * EMPTY_ROWS)]
        facts = {"rows": rows, "styles": schema.STYLES, "name": name}
        return render_to_string("admin/evaluations/prompt/sections.html", facts)

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[dict[str, Any]]:
        """The rows in the order of the page, each with what was filled in."""
        columns = {key: data.getlist(f"{name}-{key}") for key in SECTION_KEYS}  # type: ignore[attr-defined]
        count = min(MOST_ROWS, len(columns["heading"]))
        rows = [{key: values[n].strip() for key, values in columns.items() if n < len(values)} for n in range(count)]
        return [row for row in rows if any(value for key, value in row.items() if key != "style")]

    def id_for_label(self, id_: str) -> str:
        """No single field of the rows is labelled by the whole."""
        return ""


class SectionsField(forms.Field):
    """The sections of a format; empty fields of a row ask nothing."""

    widget = SectionRows

    def to_python(self, value: Any) -> list[dict[str, Any]]:
        """Numbers as numbers, and without what asks nothing."""
        return [self.section(number, row) for number, row in enumerate(value or [], 1)]

    def section(self, number: int, row: Mapping[str, str]) -> dict[str, Any]:
        """One section; raises ValidationError where a limit is no number."""
        found: dict[str, Any] = {"heading": row["heading"]}
        if row.get("style", "any") != "any":
            found["style"] = row["style"]
        for key in SECTION_LIMITS:
            if not (value := str(row.get(key, ""))):
                continue
            if not value.isdecimal():
                words = f"Section {number}: {key.replace('_', ' ')} must be a whole number, not “{value}”."
                raise forms.ValidationError(words)
            found[key] = int(value)
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compared as formats, not as texts."""
        try:
            return bool(self.to_python(data) != (initial or []))
        except forms.ValidationError:
            return True


def yes_or_no(label: Any) -> Any:
    """A thing that is asked for or not."""
    return forms.BooleanField(required=False, label=label)


def limit(label: Any) -> Any:
    """A limit that may be empty."""
    widget = forms.NumberInput(attrs={"class": "limit"})
    return forms.IntegerField(required=False, min_value=0, max_value=1_000_000, label=label, widget=widget)


def phrases(label: Any) -> Any:
    """Phrases, one a line."""
    widget = forms.Textarea(attrs={"rows": 3, "cols": 60})
    return forms.CharField(required=False, label=label, widget=widget, help_text=gettext_lazy("One a line."))


class PromptForm(forms.ModelForm):
    """A version of a prompt. Saving it never changes a stored one: it makes the next."""

    sections = SectionsField(required=False)
    title = yes_or_no(gettext_lazy("A title on the first line"))
    no_preamble = yes_or_no(gettext_lazy("Nothing before the report begins"))
    ordered = yes_or_no(gettext_lazy("The sections in this order"))
    extra_sections = yes_or_no(gettext_lazy("Further sections are allowed"))
    no_links = yes_or_no(gettext_lazy("No links"))
    min_words, max_words = limit(gettext_lazy("Words, at least")), limit(gettext_lazy("at most"))
    min_sentences, max_sentences = limit(gettext_lazy("Sentences, at least")), limit(gettext_lazy("at most"))
    min_paragraphs, max_paragraphs = limit(gettext_lazy("Paragraphs, at least")), limit(gettext_lazy("at most"))
    min_bullets, max_bullets = limit(gettext_lazy("Bullets, at least")), limit(gettext_lazy("at most"))
    required_phrases = phrases(gettext_lazy("Phrases that must stand in it"))
    forbidden_phrases = phrases(gettext_lazy("Phrases that must not"))
    language = forms.ChoiceField(
        choices=sorted(NAMES.items(), key=lambda pair: str(pair[1])),
        help_text=gettext_lazy("Of the report; English is not asked for."),
    )
    ends_with = forms.CharField(required=False, help_text=gettext_lazy("The report ends with exactly these words."))
    based_on = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Prompt
        fields = ["evaluation", "note", "system_text"]
        widgets = {
            "system_text": forms.Textarea(attrs={"rows": 18, "cols": 100}),
            "note": forms.TextInput(attrs={"size": 100}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = self.instance.output_format or {}
        self.initial.update({"sections": stored.get("sections", []), "language": stored.get("language", "en")})
        self.initial.update({"ends_with": stored.get("ends_with", ""), "based_on": self.newest_version(), "note": ""})
        self.initial.update({key: bool(stored.get(key, key == "extra_sections")) for key in YES_OR_NO})
        self.initial.update({key: stored.get(key) for key in limit_keys()})
        self.initial.update({key: "\n".join(stored.get(key, [])) for key in PHRASES})

    def newest_version(self) -> int | None:
        """The newest version when the form was opened: whoever saves later is told what came between."""
        if not self.instance.evaluation_id:
            return None
        newest: int | None = self.instance.evaluation.prompts.order_by("-version").values_list("version", flat=True)[0]
        return newest

    def clean_system_text(self) -> str:
        """The text with plain line feeds; browsers send two characters for each."""
        return str(self.cleaned_data["system_text"]).replace("\r\n", "\n")

    def clean(self) -> dict[str, Any]:
        """The format that the rows make; refuse one that cannot be checked, and a version that is the stored one."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        output_format = format_from(cleaned, self.instance.output_format or {})
        try:
            schema.validate(output_format)
        except schema.FormatError as error:
            raise forms.ValidationError(str(error)) from error
        same = (cleaned["system_text"], output_format) == (self.instance.system_text, self.instance.output_format)
        if self.instance.pk and same:
            raise forms.ValidationError(_("Nothing was changed, so there is no new version."))
        cleaned["output_format"] = output_format
        return cleaned


def limit_keys() -> list[str]:
    """The limits of the whole report."""
    return [f"{side}_{what}" for what in LIMITS for side in ("min", "max")]


def format_from(cleaned: Mapping[str, Any], stored: Mapping[str, Any]) -> dict[str, Any]:
    """The output format: what was filled in, in the order of the stored one, and what the form has no field for."""
    wanted: dict[str, Any] = {key: value for key in limit_keys() if (value := cleaned.get(key)) is not None}
    wanted |= {key: lines for key in PHRASES if (lines := lines_of(cleaned.get(key, "")))}
    wanted |= {"sections": cleaned["sections"]} if cleaned.get("sections") else {}
    wanted |= {"ends_with": cleaned["ends_with"]} if cleaned.get("ends_with") else {}
    wanted |= {"language": cleaned["language"]} if cleaned["language"] != stored.get("language", "en") else {}
    wanted |= {key: cleaned[key] for key in YES_OR_NO if cleaned[key] != (key == "extra_sections")}
    rest = rest_of_format(stored, cleaned)
    kept = {key: value for key, value in stored.items() if wanted.get(key) == value or key in rest}
    return kept | {key: value for key, value in wanted.items() if key not in kept}


def rest_of_format(stored: Mapping[str, Any], cleaned: Mapping[str, Any]) -> set[str]:
    """Keys that stand in a stored format and say what is so anyway, or that the form does not know."""
    known = {*limit_keys(), *PHRASES, "sections", "ends_with", "language", *YES_OR_NO}
    idle = {key for key in YES_OR_NO if key in stored and stored[key] == cleaned[key]}
    idle |= {"language"} if stored.get("language") == cleaned["language"] else set()
    return idle | (set(stored) - known)


def lines_of(text: str) -> list[str]:
    """The lines of a text that are not empty."""
    return [line.strip() for line in text.splitlines() if line.strip()]
