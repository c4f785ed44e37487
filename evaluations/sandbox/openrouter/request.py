"""Chat requests taken apart: what was asked of which model, each distinct messages array read once."""

import json
from collections import Counter, deque
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from evaluations.sandbox.writing.reading import LOSSLESS, Assignment, read_assignment, text_of

BYTES_PER_TOKEN = 4
REMEMBERED_PAYLOADS = 16


class Messages:
    """One distinct messages array. What follows from it is worked out once, however many models get it."""

    def __init__(self, raw: bytes, parsed: list[Any]) -> None:
        self.raw = raw
        self.parsed = parsed
        self.reports: dict[tuple[str, float, int], str | None] = {}
        self.draws: Counter[str] = Counter()

    @cached_property
    def assignment(self) -> Assignment:
        """What a model reads in it."""
        return read_assignment(self.parsed)

    @cached_property
    def seed(self) -> bytes:
        """The hash of what a model reads in it."""
        return self.assignment.seed

    @cached_property
    def material(self) -> str:
        """All its text."""
        return "\n".join(text_of(message) for message in self.parsed)

    @cached_property
    def tokens(self) -> int:
        """Its length in tokens, by the sandbox's rule of thumb."""
        return tokens_in(self.material) + 4 * len(self.parsed)


@dataclass(frozen=True)
class ChatRequest:
    """One chat request: its messages, and its other fields."""

    fields: dict[str, Any]
    messages: Messages

    @property
    def model(self) -> Any:
        """The model id as sent."""
        return self.fields.get("model")

    @property
    def temperature(self) -> float:
        """How freely the model may choose its words; 1 where nothing was said, as with the real service."""
        found = self.fields.get("temperature")
        return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else 1.0

    @property
    def max_tokens(self) -> int | None:
        """The upper limit of the answer, by its new or its old name."""
        found = self.fields.get("max_completion_tokens", self.fields.get("max_tokens"))
        return found if isinstance(found, int) and not isinstance(found, bool) else None


class RequestReader:
    """Takes request bodies apart. A messages array that was seen before is not parsed again."""

    KEY = b'"messages"'

    def __init__(self) -> None:
        self._known: deque[Messages] = deque(maxlen=REMEMBERED_PAYLOADS)

    def read(self, body: bytes) -> ChatRequest:
        """The request in this body. Raises ValueError when it is not one."""
        return self._find_known(body) or self._parse(body)

    def _find_known(self, body: bytes) -> ChatRequest | None:
        start = body.find(self.KEY)
        for known in self._known:
            end = start + len(known.raw)
            if start < 0 or not body.startswith(known.raw, start) or body[end : end + 1] not in {b",", b"}"}:
                continue
            fields = json.loads(body[:start] + self.KEY + b":null" + body[end:])
            if isinstance(fields, dict) and fields.pop("messages", self) is None:
                return ChatRequest(fields, known)
        return None

    def _parse(self, body: bytes) -> ChatRequest:
        fields = json.loads(body)
        parsed = fields.pop("messages", None) if isinstance(fields, dict) else None
        if not (isinstance(parsed, list) and parsed):
            raise ValueError('Input required: specify "prompt" or "messages"')
        messages = Messages(self._raw(body), parsed)
        self._known.appendleft(messages)
        return ChatRequest(fields, messages)

    def _raw(self, body: bytes) -> bytes:
        """The bytes of the messages with their key, as they stand in the body."""
        text = body.decode("utf-8")
        start = text.find(self.KEY.decode())
        begin = start + len(self.KEY)
        begin += len(text[begin:]) - len(text[begin:].lstrip())
        begin += 1 + len(text[begin + 1 :]) - len(text[begin + 1 :].lstrip())
        try:
            _, end = json.JSONDecoder().raw_decode(text, begin)
        except ValueError:
            return body  # spelled with escapes or nested: the whole body stands for it
        return text[start:end].encode()


def tokens_in(text: str) -> int:
    """About one token for four bytes of UTF-8."""
    return -(-len(text.encode(*LOSSLESS)) // BYTES_PER_TOKEN)


def cut(text: str, max_tokens: int | None) -> tuple[str, bool]:
    """The text within so many tokens, and whether something was cut off."""
    if max_tokens is None or tokens_in(text) <= max_tokens:
        return text, False
    return text.encode(*LOSSLESS)[: max_tokens * BYTES_PER_TOKEN].decode(errors="ignore"), True
