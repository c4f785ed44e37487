"""Reads a chat request the way a model would: what the material says, and which form the report must have."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .dice import seed_of
from .forms import Form, read_form
from .material import Source, read_material

LOSSLESS = ("utf-8", "surrogatepass")  # JSON can carry half a character


@dataclass(frozen=True)
class Assignment:
    """Everything a model takes from a request."""

    queries: tuple[str, ...]
    sources: tuple[Source, ...]
    form: Form
    system: str = ""
    user: str = ""
    locked_at: str = ""

    @property
    def seed(self) -> bytes:
        """The hash of what was read; when and how the material was found makes no difference."""
        told = (*self.queries, *(f"{source.title}\n{source.text}" for source in self.sources))
        return seed_of(*(text.encode(*LOSSLESS) for text in (self.system, *(told or (self.user,)))))


def read_assignment(messages: Sequence[Any]) -> Assignment:
    """The assignment in these chat messages: sources from the user's words, the form from the system's."""
    user = "\n".join(text_of(message) for message in messages if role_of(message) == "user")
    system = "\n".join(text_of(message) for message in messages if role_of(message) != "user")
    material = read_material(user)
    return Assignment(material.queries, material.sources, read_form(system), system, user, material.locked_at)


def role_of(message: Any) -> str:
    """Who speaks; anything odd counts as the user."""
    role = message.get("role") if isinstance(message, dict) else None
    return role if isinstance(role, str) else "user"


def text_of(message: Any) -> str:
    """The text of a message whose content is a string or a list of parts."""
    content = message.get("content") if isinstance(message, dict) else None
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    texts = [part.get("text") for part in parts if isinstance(part, dict)]
    return "\n".join(text for text in texts if isinstance(text, str))
