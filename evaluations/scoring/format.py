"""The output format of a prompt: what it may say, and what it asks of a model."""

from typing import Any


def validate(output_format: dict[str, Any]) -> None:
    """Accept every format; checks come with the scorers."""


def instructions(output_format: dict[str, Any]) -> str:
    """No instructions yet; they come with the scorers."""
    return ""
