"""Reading a context, in any of its three forms, into documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

MOST_DOCUMENTS = 500
_TEXT_KEYS = ("text", "content", "body", "snippet", "description")


class UnreadableContextError(ValueError):
    """The context is none of: a text, a list of {"title", "text"}, a locked context document. Final."""


@dataclass(frozen=True, slots=True)
class Document:
    """One source as a scorer reads it; passages are offsets into `text`, `day` is its date as it stands."""

    title: str
    text: str
    url: str = ""
    about: str = ""
    rank: int = 0
    publisher: str = ""
    day: str = ""


def read_documents(context: Any) -> tuple[Document, ...]:
    """The documents of a context, in the order in which it lists them."""
    if isinstance(context, str):
        return (Document("", context),)
    if isinstance(context, dict):
        if "sources" not in context and any(key in context for key in _TEXT_KEYS):
            return (_read_document(context, 0),)
        context = context.get("sources")
    if not isinstance(context, list):
        raise UnreadableContextError(
            'a context is a text, a list of {"title", "text"}, or a locked context with a list "sources"'
        )
    if len(context) > MOST_DOCUMENTS:
        raise UnreadableContextError(f"a context holds at most {MOST_DOCUMENTS} sources, not {len(context)}")
    return tuple(_read_document(item, index) for index, item in enumerate(context))


def _read_document(item: Any, index: int) -> Document:
    if isinstance(item, str):
        return Document("", item)
    if not isinstance(item, dict):
        raise UnreadableContextError(f'source {index} is no object with "title" and "text"')
    rank = item.get("rank")
    return Document(
        title=_string(item, "title", index),
        text=_text(item, index),
        url=_string(item, "url", index),
        about=" . ".join(filter(None, (_string(item, key, index) for key in ("publisher", "date", "published")))),
        rank=rank if isinstance(rank, int) else 0,
        publisher=_string(item, "publisher", index),
        day=_string(item, "date", index) or _string(item, "published", index),
    )


def _string(item: dict[str, Any], key: str, index: int) -> str:
    value = item.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise UnreadableContextError(f'"{key}" of source {index} is no text')
    return value


def _text(item: dict[str, Any], index: int) -> str:
    """All that a model could read: the snippets of a locked source, then its text."""
    text = next(filter(None, (_string(item, key, index) for key in _TEXT_KEYS)), "")
    snippets = item.get("snippets")
    pieces = snippets if isinstance(snippets, list) else []
    return "\n".join([*(piece for piece in pieces if isinstance(piece, str)), *([text] if text else [])])


def place_of_number(documents: Sequence[Document], number: int) -> int | None:
    """The place of the source that bears a number in the lock; where none bears any, of the nth."""
    if any(document.rank for document in documents):
        return next((place for place, document in enumerate(documents) if document.rank == number), None)
    return number - 1 if 1 <= number <= len(documents) else None


def cut_evenly(room: int, texts: Sequence[str]) -> list[str]:
    """The texts, cut where they are longer than an even share of what together they may take."""
    shares = dict.fromkeys(range(len(texts)), 0)
    left = room
    for count, place in enumerate(sorted(shares, key=lambda i: (len(texts[i]), texts[i]))):
        shares[place] = min(len(texts[place]), left // (len(texts) - count))
        left -= shares[place]
    return [text[: shares[place]] for place, text in enumerate(texts)]
