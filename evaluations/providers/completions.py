"""Reading a finished answer of the chat completions form. Pure; what is wrong becomes a label, no error."""

import json
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from evaluations.wire.text import clean

MAX_BODY = 8_000_000  # bytes, decoded; of a longer one no more is read
KNOWN_FINISHES = frozenset({"stop", "length", "content_filter", "tool_calls", "error"})
MOST_TOKENS = 10**9
MOST_USD = 10**4


@dataclass(frozen=True, slots=True)
class Answer:
    """What a paid answer says. `error` is empty where it carries a report; text may be there all the same."""

    text: str = ""
    error: str = ""
    detail: str = ""
    flags: tuple[str, ...] = ()
    finish_reason: str = ""
    native_finish_reason: str = ""
    served_model: str = ""
    served_provider: str = ""
    generation_id: str = ""
    system_fingerprint: str = ""
    input_tokens: int | None = None
    output_tokens: int | None = None
    reasoning_tokens: int | None = None
    cost_usd: Decimal | None = None


@dataclass
class Reader:
    """Takes values of an expected kind out of a document and remembers what it had to reject."""

    flags: list[str] = field(default_factory=list)

    def tokens(self, usage: dict[str, Any], name: str) -> int | None:
        """A token count; anything but a sensible whole number is rejected and flagged."""
        value = usage.get(name)
        if value is None or (type(value) is int and 0 <= value <= MOST_TOKENS):
            return value
        self._reject()
        return None

    def usd(self, usage: dict[str, Any], name: str) -> Decimal | None:
        """An amount in US dollars, exact as written."""
        value = usage.get(name)
        if value is None:
            return None
        try:
            amount = Decimal(str(value)) if not isinstance(value, bool | str) else Decimal("NaN")
        except InvalidOperation:
            amount = Decimal("NaN")
        if amount.is_finite() and 0 <= amount <= MOST_USD:
            return amount
        self._reject()
        return None

    def _reject(self) -> None:
        if "usage_rejected" not in self.flags:
            self.flags.append("usage_rejected")


def read_answer(body: bytes, asked_model: str) -> Answer:
    """Read the raw body of a 200 answer to a question put to `asked_model`."""
    if len(body) > MAX_BODY:
        return Answer(error="answer_too_large", detail=f"over {MAX_BODY:,} bytes; the rest was not read")
    try:
        document = json.loads(body.decode("utf-8-sig"), parse_float=Decimal)
    except (UnicodeDecodeError, ValueError, RecursionError) as problem:
        return Answer(error="protocol", detail=f"not JSON: {problem}"[:300])
    if not isinstance(document, dict):
        return Answer(error="protocol", detail="not a JSON object")
    reader = Reader()
    usage = part(document, "usage")
    choices = document.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}
    text = text_of(part(choice, "message").get("content"))
    finish = word(choice.get("finish_reason"))
    error, detail = error_in(document, choice, text, finish)
    served = word(document.get("model"))
    return Answer(
        text=text,
        error=error,
        detail=detail,
        finish_reason=finish,
        native_finish_reason=word(choice.get("native_finish_reason")),
        served_model=served,
        served_provider=word(document.get("provider")) or selected_provider(part(document, "openrouter_metadata")),
        generation_id=word(document.get("id")),
        system_fingerprint=word(document.get("system_fingerprint")),
        input_tokens=reader.tokens(usage, "prompt_tokens"),
        output_tokens=reader.tokens(usage, "completion_tokens"),
        reasoning_tokens=reader.tokens(part(usage, "completion_tokens_details"), "reasoning_tokens"),
        cost_usd=reader.usd(usage, "cost"),
        flags=(
            *labels(finish, served, asked_model, bool(choice)),
            *(["context_compressed"] if was_compressed(part(document, "openrouter_metadata")) else []),
            *reader.flags,
        ),
    )


def part(document: dict[str, Any], name: str) -> dict[str, Any]:
    """A nested object; empty where it is missing or something else."""
    value = document.get(name)
    return value if isinstance(value, dict) else {}


def word(value: Any) -> str:
    """A short text field; empty where it is missing or something else."""
    return clean(value)[:100] if isinstance(value, str) else ""


def text_of(content: Any) -> str:
    """The report: a text, or the text parts of a list, joined."""
    if isinstance(content, list):
        parts = [item.get("text") for item in content if isinstance(item, dict)]
        content = "".join(text for text in parts if isinstance(text, str))
    return clean(content).strip() if isinstance(content, str) else ""


def selected_provider(metadata: dict[str, Any]) -> str:
    """The serving provider by OpenRouter's own account of its routing."""
    available = part(metadata, "endpoints").get("available")
    rows = [row for row in available if isinstance(row, dict)] if isinstance(available, list) else []
    return next((word(row.get("provider")) for row in rows if row.get("selected")), "")


def was_compressed(metadata: dict[str, Any]) -> bool:
    """Whether a step of OpenRouter's pipeline says that it compressed the context, although told not to."""
    pipeline = metadata.get("pipeline")
    steps = pipeline if isinstance(pipeline, list) else []
    taken = [step for step in steps if not (isinstance(step, dict) and step.get("enabled") is False)]
    return any("compress" in str(step).lower() for step in taken)


def error_in(document: dict[str, Any], choice: dict[str, Any], text: str, finish: str) -> tuple[str, str]:
    """Reason code and the provider's words, where a 200 answer carries no report."""
    for holder in (document, choice):
        if error := holder.get("error"):
            words = error.get("message", "") if isinstance(error, dict) else error
            return "provider_error", clean(str(words))[:500]
    if finish == "error":
        return "provider_error", "the provider broke off"
    if not choice:
        return "empty", "the answer has no choices"
    refusal = word(part(choice, "message").get("refusal"))
    return ("", "") if text else ("empty", refusal or "the answer has no text")


def labels(finish: str, served: str, asked: str, has_choice: bool) -> list[str]:
    """Flags that a reader should see beside the report."""
    found = []
    if finish == "length":
        found.append("truncated")
    elif has_choice and not finish:
        found.append("no_finish_reason")
    elif finish and finish not in KNOWN_FINISHES:
        found.append("unknown_finish_reason")
    if served and not same_model(served, asked):
        found.append("model_mismatch")
    return found


def same_model(served: str, asked: str) -> bool:
    """Whether the served id is the asked one, perhaps with a date (`name-20260528`) or OpenRouter's `:variant`.

    Ids without a slash are other servers': there, what follows a colon names another model (`gemma3:12b`).
    """
    served, asked = served.lower(), asked.lower()
    if "/" in asked:
        served, asked = served.split(":")[0], asked.split(":")[0]
    rest = served.removeprefix(asked)
    return served == asked or (rest != served and rest.startswith("-") and rest[1:].replace("-", "").isdigit())
