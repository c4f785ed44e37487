"""Which keys an output format may have, and which values they may take."""

from collections.abc import Mapping
from typing import Any

from evaluations.scoring.text.language import NAMES

STYLES = ("prose", "bullets", "any")
_FLAGS = ("title", "ordered", "extra_sections", "no_preamble", "no_links")
_LIMITS = ("words", "sentences", "paragraphs", "bullets")
_SECTION_LIMITS = ("words", "items")
_PHRASES = ("required_phrases", "forbidden_phrases")
_KEYS = frozenset(
    ["sections", "language", "ends_with", "paragraph_divider", *_FLAGS, *_PHRASES]
    + [f"{side}_{what}" for what in _LIMITS for side in ("min", "max")]
)
_SECTION_KEYS = frozenset(
    ["heading", "style"] + [f"{side}_{what}" for what in _SECTION_LIMITS for side in ("min", "max")]
)


class FormatError(ValueError):
    """An output format that cannot be asked for or checked. The message names the key and what it may
    hold."""


def validate(output_format: Any) -> None:
    """Raise FormatError naming the first key or value that is wrong; return None for a good format."""
    if not isinstance(output_format, Mapping):
        raise FormatError(f"The output format must be a JSON object, not {_kind(output_format)}.")
    _known_keys(output_format, _KEYS, "")
    for key in _FLAGS:
        if key in output_format and not isinstance(output_format[key], bool):
            raise FormatError(f'"{key}" must be true or false, not {output_format[key]!r}.')
    _limits(output_format, _LIMITS, "")
    for key in _PHRASES:
        _phrases(output_format, key)
    _contradictions(output_format)
    if "ends_with" in output_format:
        _filled_text(output_format["ends_with"], '"ends_with"')
    divider = output_format.get("paragraph_divider", "")
    if not isinstance(divider, str) or divider != divider.strip() or "\n" in divider or '"' in divider:
        raise FormatError(
            f'"paragraph_divider" must be one text, such as "***", or "" for blank lines; not {divider!r}.'
        )
    language = output_format.get("language", "en")
    if not isinstance(language, str) or language not in NAMES:
        known = ", ".join(sorted(NAMES))
        raise FormatError(f'"language" must be one of {known}; not {language!r}.')
    _sections(output_format)


def _kind(value: Any) -> str:
    return {list: "a list", str: "a text", bool: "true or false", type(None): "null"}.get(type(value), "a number")


def _known_keys(mapping: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    for key in mapping:
        if key not in known:
            raise FormatError(f'Unknown key "{key}"{where}. Known keys: {", ".join(sorted(known))}.')


def _limits(mapping: Mapping[str, Any], what: tuple[str, ...], where: str) -> None:
    for name in what:
        for key in (f"min_{name}", f"max_{name}"):
            value = mapping.get(key, 0)
            if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 1_000_000:
                raise FormatError(f'"{key}"{where} must be a whole number of 0 or more, not {value!r}.')
        if f"max_{name}" in mapping and mapping.get(f"min_{name}", 0) > mapping[f"max_{name}"]:
            raise FormatError(f'"min_{name}"{where} is greater than "max_{name}".')


def _filled_text(value: Any, what: str) -> None:
    if not isinstance(value, str) or not value.strip():
        raise FormatError(f"{what} must be a text that is not empty, not {value!r}.")


def _phrases(output_format: Mapping[str, Any], key: str) -> None:
    value = output_format.get(key, [])
    if not isinstance(value, list):
        raise FormatError(f'"{key}" must be a list of texts, not {_kind(value)}.')
    for phrase in value:
        _filled_text(phrase, f'Each of "{key}"')


def _contradictions(output_format: Mapping[str, Any]) -> None:
    wanted = {phrase.casefold().strip() for phrase in output_format.get("required_phrases", [])}
    for phrase in output_format.get("forbidden_phrases", []):
        if phrase.casefold().strip() in wanted:
            raise FormatError(f'"{phrase}" stands in both "required_phrases" and "forbidden_phrases".')


def _sections(output_format: Mapping[str, Any]) -> None:
    sections = output_format.get("sections", [])
    if not isinstance(sections, list):
        raise FormatError(f'"sections" must be a list of objects, not {_kind(sections)}.')
    seen: set[str] = set()
    for number, section in enumerate(sections, start=1):
        where = f" of section {number}"
        if not isinstance(section, Mapping):
            raise FormatError(f"Section {number} must be an object, not {_kind(section)}.")
        _known_keys(section, _SECTION_KEYS, where)
        if "heading" not in section:
            raise FormatError(f'Section {number} has no "heading".')
        _filled_text(section["heading"], f'"heading"{where}')
        style = section.get("style", "any")
        if not isinstance(style, str) or style not in STYLES:
            raise FormatError(f'"style"{where} must be one of {", ".join(STYLES)}; not {style!r}.')
        _limits(section, _SECTION_LIMITS, where)
        if (name := section["heading"].casefold().strip()) in seen:
            raise FormatError(f'The heading "{section["heading"]}" stands twice.')
        seen.add(name)
