"""JSON as both databases, UTF-8 and every later step can hold it, and the form field that says what cannot be held.

Django's own takes what Python's parser takes: NaN, halves of characters, NUL, depth without end. One database refuses
that with an error in the middle of saving, the other one when the value is read again.
"""

import json
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.fields import InvalidJSONInput, JSONString

from evaluations.wire import documents
from evaluations.wire.text import SURROGATE

DEEPEST = 50  # objects and lists within each other; SQLite reads 1,000
LONGEST_JSON = 200_000  # characters as typed
LARGEST = 2**63 - 1  # of a number on either side of 0: what other readers of JSON keep exact


def flaws_of(value: Any) -> Iterator[str]:
    """What of a value cannot be held, in words for who typed it."""
    waiting: list[tuple[Any, int]] = [(value, 1)]
    while waiting:
        found, depth = waiting.pop()
        if depth > DEEPEST:
            yield f"It is nested deeper than {DEEPEST} levels."
            return
        match found:
            case dict():
                waiting += [(one, depth + 1) for pair in found.items() for one in pair]
            case list() | tuple():
                waiting += [(one, depth + 1) for one in found]
            case str() if flaw := flaw_of_text(found):
                yield flaw
            case int() | float() if not -LARGEST <= found <= LARGEST:  # neither is NaN
                yield f"It holds a number that is none or is beyond {LARGEST}."
            case None | bool() | int() | float() | str():
                pass
            case _:
                yield f"It holds a value of another kind than JSON has: {type(found).__name__}."


def flaw_of_text(text: str) -> str:
    """Why a text cannot be held; "" where it can."""
    if "\0" in text:
        return "It holds a text with the character NUL (\\u0000)."
    return "It holds half of a character (a lone \\ud800 to \\udfff)." if SURROGATE.search(text) else ""


def valid_document(value: Any) -> None:
    """Refuse what some database or reader could not hold. Raises ValidationError."""
    if flaw := next(flaws_of(value), ""):
        raise ValidationError(flaw)


def document_in(text: str) -> Any:
    """The value that was typed. Raises ValidationError, in words that say what is wrong with it."""
    if len(text) > LONGEST_JSON:
        raise ValidationError(f"It has more than {LONGEST_JSON:,} characters.")
    try:
        value = documents.load(
            text, parse_int=number_in, parse_constant=documents.refuse, object_pairs_hook=documents.refuse_twins
        )
    except documents.UnreadableError as error:
        raise ValidationError(f"Enter a valid JSON. ({str(error).removeprefix('not JSON: ')})") from error
    valid_document(value)
    return value


def number_in(digits: str) -> int | float:
    """A whole number; one of more digits than anybody means is beyond every bound."""
    return int(digits) if len(digits) <= documents.MOST_DIGITS else float("inf")


class JSONFormField(forms.JSONField):
    """JSON to type: refused in words and kept as typed where it cannot be held; nothing typed is the empty value."""

    def __init__(self, *, empty: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.empty = empty

    def to_python(self, value: Any) -> Any:
        """The value."""
        if self.disabled or isinstance(value, JSONString):
            return value
        if isinstance(value, str):
            value = document_in(value) if value.strip() else None
        if value in self.empty_values:
            return self.empty() if callable(self.empty) else self.empty
        return JSONString(value) if isinstance(value, str) else value

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What the form shows again: what was typed, as it was typed."""
        return initial if self.disabled or data is None else InvalidJSONInput(data)

    def prepare_value(self, value: Any) -> str:
        """As text to edit, one line for each value."""
        if isinstance(value, InvalidJSONInput):
            return value
        return json.dumps(value, indent=2, ensure_ascii=False)


class JSONField(models.JSONField):
    """A document that people may edit. In the database it is Django's own, and needs no migration to become this."""

    default_validators = [valid_document]

    def deconstruct(self) -> Any:
        """As Django's field."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs

    def formfield(self, **kwargs: Any) -> Any:
        """A form field that takes what the column can hold."""
        empty = self.default if self.has_default() else None
        return super().formfield(**{"form_class": JSONFormField, "empty": empty, **kwargs})
